//! What a family may announce: days and times with which a nursery can do something, and people whom it knows.

use super::Site;
use super::protection::{barred_entry, protected_from};
use crate::attendance::{Announced, Announcement, LONGEST_DAYS};
use crate::calendar::DayType;
use crate::clock::service_day;
use crate::core::{Code, Fault, Records, Scan, collect, get};
use crate::ids::{ChildId, FacilityId, PickupId};
use crate::people::{AuthorizedPickup, Guardianship};
use records::{Day, PersonId};

/// Days ahead for which something may be announced.
pub const DAYS_AHEAD: i32 = LONGEST_DAYS;

/// What speaks against announcing about these days: further ahead than is offered, or closed on every one of them.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn against_days(
    r: &dyn Records,
    facility: FacilityId,
    (from, until): (Day, Option<Day>),
    today: Day,
) -> Result<Option<Code>, Fault> {
    let last = until.unwrap_or(from);
    if today.plus(DAYS_AHEAD) < last {
        return Ok(Some(Code::DayNotOffered));
    }
    for ahead in 0..=(last.number() - from.number()).clamp(0, LONGEST_DAYS) {
        match Site::read(r, facility, from.plus(ahead))? {
            Some(then) if then.day_type() != DayType::Closed => return Ok(None),
            Some(_) => {}
            None => return Ok(Some(Code::NotFound)),
        }
    }
    Ok(Some(Code::DayClosed))
}

/// What speaks against the time in an announcement: the site is not open then. `then` is the site on the first day.
#[must_use]
pub fn against_time(then: &Site, announced: &Announced) -> Option<Code> {
    let at = match announced {
        Announced::Absence { .. } => None,
        Announced::Late { at, .. } | Announced::Early { at } => Some(*at),
        Announced::Pickup { at, .. } => *at,
    };
    let hours = then.hours();
    at.filter(|at| *at < hours.from || hours.to < *at).map(|_| Code::OutsideHours)
}

/// What speaks against an announcement that a guardian wrote, judged over all records on the server's day. What a
/// device could not have known when it was written without network is no reason: days that have passed since or are
/// closed now, hours that have become shorter, other words for who collects, an entry that has ended. Nor is a protection
/// that begins later, which nobody is to learn of before. The door asks again before it hands over a child.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn against_family(r: &dyn Records, announcement: &Announcement, today: Day) -> Result<Option<Code>, Fault> {
    let facility = FacilityId::from(announcement.meta.feed);
    let (Some(from), Some(announced)) = (announcement.meta.day, &announcement.announced) else {
        return Ok(Some(Code::Incomplete));
    };
    if today.plus(DAYS_AHEAD) < announcement.until.unwrap_or(from) {
        return Ok(Some(Code::DayNotOffered));
    }
    let Some(then) = Site::read(r, facility, from)? else { return Ok(Some(Code::NotFound)) };
    let Announced::Pickup { person, pickup, .. } = announced else { return Ok(None) };
    let written = service_day(announcement.meta.at, then.facility.day_ends()).min(from);
    let (span, barred_on) = ((written, from), today.min(from));
    let known = match (*person, *pickup) {
        (Some(person), None) => guardian_known(r, announcement.child, person, span, barred_on)?,
        (None, Some(pickup)) => entry_known(r, announcement.child, pickup, span, barred_on)?,
        _ => false,
    };
    Ok((!known).then_some(Code::NotCollector))
}

/// True if this is a guardian of the child at any time from the day of writing to the day meant, and the child is not
/// protected from that person on the day `barred_on`.
fn guardian_known(
    r: &dyn Records,
    child: ChildId,
    person: PersonId,
    span: (Day, Day),
    barred_on: Day,
) -> Result<bool, Fault> {
    let ties = collect::<Guardianship>(r, &Scan::of::<Guardianship>().key(0, child))?;
    let tied = ties.iter().any(|g| g.person == person.0 && touches((g.from, g.until), span));
    Ok(tied && !protected_from(r, child, barred_on)?.contains(&person))
}

/// As [`guardian_known`], of an entry of the pick-up list, also one that was renewed by another since.
fn entry_known(
    r: &dyn Records,
    child: ChildId,
    pickup: PickupId,
    span: (Day, Day),
    barred_on: Day,
) -> Result<bool, Fault> {
    let Some(entry) = get::<AuthorizedPickup>(r, pickup)?.filter(|entry| entry.child == child) else {
        return Ok(false);
    };
    let names = entry.names.unwrap_or_default();
    Ok(touches((entry.from, entry.until), span) && barred_entry(r, child, barred_on, &names)?.is_none())
}

fn touches((from, until): (Option<Day>, Option<Day>), (first, last): (Day, Day)) -> bool {
    from.is_none_or(|from| from <= last) && until.is_none_or(|until| first <= until)
}
