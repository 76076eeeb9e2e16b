//! 登園・降園 and their corrections.

use super::act::Acting;
use crate::attendance::{Away, Collector, OtherCollector, Punch, PunchSort, PunchSource};
use crate::clock::{corrected, moment, service_day};
use crate::core::{Code, Proof, Refusal, Scan, Void, collect, get};
use crate::ids::{ChildId, FacilityId, RoomId};
use crate::people::{AuthorizedPickup, Guardianship, Person};
use crate::registry;
use crate::rules::{ChildDay, Site, Where, barred, barred_entry, may_speak, protected_from};
use records::{Day, DeviceTime, PersonId, RecordId, TimeOfDay};

pub(super) fn arrive(
    a: &mut Acting<'_, '_>,
    facility: FacilityId,
    children: &[ChildId],
    room: Option<RoomId>,
) -> Result<(), Refusal> {
    let site = a.staff_site(facility)?;
    if room.is_some_and(|room| !site.has_room(room)) {
        return Err(Code::BadInput.into());
    }
    let by_name = Some(a.author_name()?);
    for child in once(children) {
        let facts = a.child(&site, *child)?;
        if matches!(facts.whereabouts(site.id).place, Where::Here { facility, .. } | Where::Away { facility, .. } if facility == site.id)
        {
            continue; // a second tap is no second arrival
        }
        a.out.next_act();
        let own = facts.placement.as_ref().and_then(|p| site.home_room(p.class));
        let new = Punch {
            sort: Some(PunchSort::Arrival),
            at: Some(a.at),
            error_ms: a.clock.error_ms,
            source: Some(PunchSource::Staff),
            room: room.or(own),
            by_name: by_name.clone(),
            child: *child,
            ..Punch::default()
        };
        let keys = new.key_ids();
        a.make_for(&site, *child, new, keys)?;
    }
    Ok(())
}

pub(super) fn depart(
    a: &mut Acting<'_, '_>,
    facility: FacilityId,
    children: &[ChildId],
    collector: &Collector,
) -> Result<(), Refusal> {
    let site = a.staff_site(facility)?;
    let by_name = Some(a.author_name()?);
    for child in once(children) {
        let facts = a.child(&site, *child)?;
        match facts.whereabouts(site.id).place {
            Where::Here { facility, .. } | Where::Away { facility, .. } if facility == site.id => {}
            Where::Left { .. } => continue,
            _ => return Err(Code::Changed.into()),
        }
        let (relation, name) = collector_name(a, &site, *child, collector)?;
        a.out.next_act();
        super::act::back(a, &site, *child)?;
        let new = Punch {
            sort: Some(PunchSort::Departure),
            at: Some(a.at),
            error_ms: a.clock.error_ms,
            source: Some(PunchSource::Staff),
            collector: Some(collector.clone()),
            collector_relation: Some(relation),
            collector_name: Some(name),
            by_name: by_name.clone(),
            child: *child,
            ..Punch::default()
        };
        let keys = new.key_ids();
        a.make_for(&site, *child, new, keys)?;
    }
    Ok(())
}

/// Each child once, in the order given.
pub(super) fn once(children: &[ChildId]) -> impl Iterator<Item = &ChildId> {
    let mut met = std::collections::BTreeSet::new();
    children.iter().filter(move |child| met.insert(**child))
}

/// The collector as families read it, if that person may collect this child now.
fn collector_name(
    a: &Acting<'_, '_>,
    site: &Site,
    child: ChildId,
    collector: &Collector,
) -> Result<(String, String), Refusal> {
    match collector {
        Collector::Guardian { person } => {
            let blocked = protected_from(a.r, child, site.day)?.contains(person);
            let all = collect::<Guardianship>(a.r, &Scan::of::<Guardianship>().key(0, child))?;
            let right = all.into_iter().find(|g| g.person == person.0 && g.may_collect_on(site.day));
            let Some(right) = right.filter(|_| !blocked) else {
                return Err(Code::CallDirector.into());
            };
            let names = get::<Person>(a.r, person.0)?.and_then(|p| p.names).unwrap_or_default();
            Ok((right.relation.unwrap_or_default(), names.legal))
        }
        Collector::Registered { pickup } => {
            let found = get::<AuthorizedPickup>(a.r, *pickup)?.filter(|p| p.child == child && p.meta.counts());
            let dated =
                |p: &AuthorizedPickup| p.from.is_none_or(|f| f <= site.day) && p.until.is_none_or(|u| site.day <= u);
            let found = found.filter(dated).ok_or(Code::NotAllowed)?;
            let names = found.names.clone().unwrap_or_default();
            if barred_entry(a.r, child, site.day, &names)?.is_some() {
                return Err(Code::CallDirector.into());
            }
            Ok((found.relation.unwrap_or_default(), found.names.unwrap_or_default().legal))
        }
        Collector::Other(other) => {
            if other.name.trim().is_empty() || other.agreed_by == PersonId::default() {
                return Err(Code::BadInput.into());
            }
            if barred(a.r, child, site.day, &other.name)?.is_some() {
                return Err(Code::CallDirector.into());
            }
            // a guardian of this child has agreed; nobody else's word counts
            let speak = may_speak(a.r, child, site.day)?;
            if !speak.iter().any(|g| g.person == other.agreed_by.0) {
                return Err(Code::NotAllowed.into());
            }
            // the PIN itself, typed for this: whoever is signed in may have left the screen open
            if a.who.proof != Proof::Pin {
                return Err(Code::PinNeeded.into());
            }
            agreed_today(a, site, other)?;
            Ok((other.relation.clone(), other.name.clone()))
        }
    }
}

/// An agreement of another day is none: whoever left the form open calls again, and so does who enters today whom a child
/// went home with yesterday.
fn agreed_today(a: &Acting<'_, '_>, site: &Site, other: &OtherCollector) -> Result<(), Refusal> {
    let called = corrected(a.at, a.clock.error_ms).plus_ms(-i64::from(other.called_before_ms));
    let day = |at| service_day(at, site.facility.day_ends());
    if day(called) == day(a.now()) { Ok(()) } else { Err(Code::BadInput.into()) }
}

pub(super) fn undo(a: &mut Acting<'_, '_>, records: &[RecordId]) -> Result<(), Refusal> {
    let mut left = 0;
    for id in records {
        if built_upon(a, *id, records)? {
            left += 1;
            continue;
        }
        a.out.next_act();
        void(a, *id, "undo".to_owned(), String::new())?;
    }
    // nothing is taken back from under somebody else's record; what is wrong then is corrected, with a reason
    if left > 0 && left == records.len() { Err(Code::Changed.into()) } else { Ok(()) }
}

/// True if a later record of the child, which is not taken back with it, stands on this punch.
fn built_upon(a: &Acting<'_, '_>, id: RecordId, together: &[RecordId]) -> Result<bool, Refusal> {
    let Some(punch) = get::<Punch>(a.r, id.0)?.filter(|punch| punch.meta.counts()) else { return Ok(false) };
    let Some(day) = punch.meta.day else { return Ok(false) };
    let since = punch.true_at();
    let of_child = |scan: Scan| scan.feed(punch.meta.feed).key(0, punch.child).day(day);
    let stands = |counts: bool, at: DeviceTime, id: RecordId| counts && since < at && !together.contains(&id);
    let punches = collect::<Punch>(a.r, &of_child(Scan::of::<Punch>()))?;
    let aways = collect::<Away>(a.r, &of_child(Scan::of::<Away>()))?;
    Ok(punches.iter().any(|later| stands(later.meta.counts(), later.true_at(), later.meta.id))
        || aways.iter().any(|later| stands(later.meta.counts(), later.at.unwrap_or_default(), later.meta.id)))
}

pub(super) fn void(a: &mut Acting<'_, '_>, id: RecordId, reason: String, note: String) -> Result<(), Refusal> {
    let record = a.record(id)?;
    let known = registry::by_name(record.head.kind.as_str()).is_some_and(|k| k.shape == crate::core::Shape::Fact);
    if !known || reason.is_empty() || reason.len() > 40 || note.chars().count() > 500 {
        return Err(Code::BadInput.into());
    }
    crate::access::may(&a.who.standing, crate::access::Doing::Write, &record.head).map_err(|_| Code::NotAllowed)?;
    let staff = a.who.standing.staff_at(record.head.feed.into());
    if !staff && record.origin().is_none_or(|entry| entry.author != a.author) {
        return Err(Code::NotAllowed.into()); // a family takes back only what it wrote itself
    }
    if record.read::<Void>("void").ok().is_some() {
        return Ok(()); // somebody was quicker
    }
    a.out.void(&record, &Void { reason, note });
    Ok(())
}

/// An arrival or departure entered later.
pub(super) struct Correction {
    pub(super) child: ChildId,
    pub(super) day: Day,
    pub(super) sort: PunchSort,
    pub(super) at: TimeOfDay,
    pub(super) instead_of: Option<RecordId>,
    pub(super) reason: String,
    pub(super) collector: Option<Collector>,
}

/// Two people work through the same list: what the other has entered is not entered again, and what the other has
/// corrected is looked at first.
fn entered_before(facts: &ChildDay, site: &Site, c: &Correction, at: DeviceTime) -> Option<Code> {
    let minute = |at: DeviceTime| at.0.div_euclid(60_000);
    let here = |punch: &&Punch| FacilityId::from(punch.meta.feed) == site.id && Some(punch.meta.id) != c.instead_of;
    let same =
        |punch: &Punch| punch.meta.counts() && punch.sort == Some(c.sort) && minute(punch.true_at()) == minute(at);
    if facts.punches.iter().filter(here).any(same) {
        return Some(Code::AlreadyDone);
    }
    let gone = |punch: &Punch| Some(punch.meta.id) == c.instead_of && !punch.meta.counts();
    facts.punches.iter().any(gone).then_some(Code::Changed)
}

pub(super) fn correct(a: &mut Acting<'_, '_>, facility: FacilityId, c: &Correction) -> Result<(), Refusal> {
    let today = a.staff_site(facility)?;
    if c.day > today.day || c.reason.is_empty() || c.reason.len() > 40 {
        return Err(Code::BadInput.into());
    }
    let site = Site::read(a.r, facility, c.day)?.ok_or(Code::NotFound)?;
    // 00:20 of this service day is twenty past the midnight that it runs over
    let over_midnight = if c.at < site.facility.day_ends() { 24 * 60 } else { 0 };
    let at = moment(c.day, TimeOfDay(c.at.0 + over_midnight));
    if at > a.now() {
        return Err(Code::BadInput.into()); // the future cannot be corrected
    }
    let facts = a.child(&site, c.child)?;
    if let Some(code) = entered_before(&facts, &site, c, at) {
        return Err(code.into());
    }
    if let Some(wrong) = c.instead_of {
        void(a, wrong, c.reason.clone(), String::new())?;
    }
    let kept = match c.instead_of {
        Some(wrong) => get::<Punch>(a.r, wrong.0)?.filter(|p| p.child == c.child && p.sort == Some(c.sort)),
        None => None,
    };
    let (collector_relation, collector_name) = match &c.collector {
        Some(collector) => {
            let (relation, name) = collector_name(a, &site, c.child, collector)?;
            (Some(relation), Some(name))
        }
        // only the time was wrong: who collected stays as it was recorded
        None => kept.as_ref().map_or((None, None), |p| (p.collector_relation.clone(), p.collector_name.clone())),
    };
    let new = Punch {
        sort: Some(c.sort),
        at: Some(at),
        source: Some(PunchSource::Correction),
        reason: Some(c.reason.clone()),
        corrects: c.instead_of,
        collector: c.collector.clone().or_else(|| kept.and_then(|p| p.collector)),
        collector_relation,
        collector_name,
        by_name: Some(a.author_name()?),
        child: c.child,
        ..Punch::default()
    };
    let keys = new.key_ids();
    a.make_for(&site, c.child, new, keys)?;
    Ok(())
}
