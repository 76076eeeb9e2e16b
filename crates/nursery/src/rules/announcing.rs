//! What a family may announce: days and times with which a nursery can do something, and people whom it knows.

use super::Site;
use super::collectors::{may_be_named_by, named};
use crate::attendance::{Announced, Announcement, LONGEST_DAYS};
use crate::calendar::DayType;
use crate::core::{Code, Fault, Records, same_name};
use crate::ids::FacilityId;
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
/// device could not have known when it was written without network is no reason: days that have passed since.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn against_family(
    r: &dyn Records,
    author: PersonId,
    announcement: &Announcement,
    today: Day,
) -> Result<Option<Code>, Fault> {
    let facility = FacilityId::from(announcement.meta.feed);
    let (Some(from), Some(announced)) = (announcement.meta.day, &announcement.announced) else {
        return Ok(Some(Code::Incomplete));
    };
    if let Some(code) = against_days(r, facility, (from, announcement.until), today)? {
        return Ok(Some(code));
    }
    let Some(then) = Site::read(r, facility, from)? else { return Ok(Some(Code::NotFound)) };
    if let Some(code) = against_time(&then, announced) {
        return Ok(Some(code));
    }
    let Announced::Pickup { person, pickup, relation, name, .. } = announced else { return Ok(None) };
    let known = may_be_named_by(r, author, announcement.child, from)?;
    let same = named(&known, *person, *pickup).is_some_and(|one| {
        // the name of somebody who is called otherwise since is still that person's
        one.relation == *relation && (one.name == *name || same_name(&one.name, name))
    });
    Ok((!same).then_some(Code::NotCollector))
}
