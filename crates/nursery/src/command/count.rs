//! 人数確認: two people, one number, the second blind.

use super::act::{Acting, back};
use super::punch::once;
use crate::attendance::{Away, CountState, Gap, HeadCount, Movement, Transition};
use crate::core::{Code, Kind, Proof, Refusal, get};
use crate::ids::{ChildId, FacilityId, RoomId, facility_year};
use crate::rules::{Site, Where};
use records::{Record, RecordId, Seen, Value, Write};
use serde::Serialize;

pub(super) fn start(
    a: &mut Acting<'_, '_>,
    facility: FacilityId,
    transition: Transition,
    room: Option<RoomId>,
    place: String,
    children: Vec<ChildId>,
) -> Result<(), Refusal> {
    let site = a.staff_site(facility)?;
    let nowhere = room.is_some_and(|room| !site.has_room(room));
    if nowhere || children.is_empty() || children.len() > 200 || place.chars().count() > 60 {
        return Err(Code::BadInput.into());
    }
    let children: Vec<ChildId> = once(&children).copied().collect();
    for child in &children {
        may_go(a, &site, transition, *child)?;
    }
    let new = HeadCount {
        transition: Some(transition),
        place: Some(place).filter(|p| !p.is_empty()),
        children: Some(children),
        first_by: Some(a.author),
        first_at: Some(a.now()),
        state: Some(CountState::Waiting),
        room: room.unwrap_or_default(),
        ..HeadCount::default()
    };
    let keys = new.key_ids();
    a.out.make(site.id.into(), facility_year(site.id.into(), site.day), Some(site.day), new, keys)?;
    Ok(())
}

pub(super) fn second(a: &mut Acting<'_, '_>, id: RecordId, counted: u16) -> Result<(), Refusal> {
    let (count, site, record) = as_second(a, id)?;
    let children = count.children.clone().unwrap_or_default();
    let agreed = usize::from(counted) == children.len();
    let state = if agreed { CountState::Agreed } else { CountState::Differed };
    let writes = vec![
        write(&record, "state", &state)?,
        write(&record, "second_by", &a.author)?,
        write(&record, "second_count", &counted)?,
        write(&record, "second_at", &a.now())?,
    ];
    a.out.write(record.head.clone(), writes);
    if agreed { go_all(a, &site, &count, &[]) } else { Ok(()) }
}

pub(super) fn explain(a: &mut Acting<'_, '_>, id: RecordId, gaps: Vec<Gap>) -> Result<(), Refusal> {
    let (count, site, record) = as_second(a, id)?;
    if count.state != Some(CountState::Differed) {
        return Err(Code::Changed.into());
    }
    let writes = vec![
        write(&record, "state", &CountState::Agreed)?,
        write(&record, "second_by", &a.author)?,
        write(&record, "gaps", &gaps)?,
    ];
    // the kind's own check, which the server asks again: as many gaps as were counted too few, each with a reason
    let after = HeadCount {
        state: Some(CountState::Agreed),
        second_by: Some(a.author),
        gaps: Some(gaps.clone()),
        ..count.clone()
    };
    HeadCount::check(Some(&count), &after)?;
    a.out.write(record.head.clone(), writes);
    go_all(a, &site, &count, &gaps)
}

/// An open count and the right to be its second person: an own PIN, and not who chose.
fn as_second(a: &Acting<'_, '_>, id: RecordId) -> Result<(HeadCount, Site, Record), Refusal> {
    let found = open(a, id)?;
    if a.who.proof < Proof::Pin {
        return Err(Code::PinNeeded.into());
    }
    if found.0.first_by == Some(a.author) {
        return Err(Code::NotAllowed.into()); // two people
    }
    Ok(found)
}

/// A child can go only from where it is: whoever has gone home, or out with another group, is none of this one.
fn may_go(a: &Acting<'_, '_>, site: &Site, transition: Transition, child: ChildId) -> Result<(), Refusal> {
    let fits = match (transition, a.child(site, child)?.whereabouts(site.id).place) {
        (Transition::WalkIn, Where::Away { facility, .. }) => facility == site.id,
        (Transition::WalkOut | Transition::RoomChange, Where::Here { facility, .. }) => facility == site.id,
        _ => false,
    };
    if fits { Ok(()) } else { Err(Code::Changed.into()) }
}

/// Everybody goes who was counted; whoever is missing stays where it was. Asked again where each of them is: between the
/// first count and the second one may have been handed over, and then the two numbers must not agree.
fn go_all(a: &mut Acting<'_, '_>, site: &Site, count: &HeadCount, gaps: &[Gap]) -> Result<(), Refusal> {
    let going = || count.children.iter().flatten().filter(|child| gaps.iter().all(|gap| gap.child != **child));
    for child in going() {
        may_go(a, site, count.transition.unwrap_or_default(), *child)?;
    }
    for child in going() {
        a.out.next_act();
        go(a, site, count, *child)?;
    }
    Ok(())
}

/// One child goes where the counted group goes.
fn go(a: &mut Acting<'_, '_>, site: &Site, count: &HeadCount, child: ChildId) -> Result<(), Refusal> {
    match count.transition.unwrap_or_default() {
        Transition::WalkOut => {
            let new = Away {
                at: Some(a.now()),
                reason: Some("walk".to_owned()),
                place: count.place.clone(),
                child,
                head_count: count.meta.id.0,
                ..Away::default()
            };
            let keys = new.key_ids();
            a.make_for(site, child, new, keys)?;
        }
        Transition::WalkIn => back(a, site, child)?,
        Transition::RoomChange => {
            let new = Movement { at: Some(a.now()), room: Some(count.room), child, ..Movement::default() };
            let keys = new.key_ids();
            a.make_for(site, child, new, keys)?;
        }
    }
    Ok(())
}

pub(super) fn cancel(a: &mut Acting<'_, '_>, id: RecordId) -> Result<(), Refusal> {
    let (_, _, record) = open(a, id)?;
    let state = write(&record, "state", &CountState::Cancelled)?;
    a.out.write(record.head.clone(), vec![state]);
    Ok(())
}

fn open(a: &Acting<'_, '_>, id: RecordId) -> Result<(HeadCount, Site, Record), Refusal> {
    let record = a.record(id)?;
    let count = get::<HeadCount>(a.r, id.0)?.ok_or(Code::NotFound)?;
    let site = a.staff_site(count.meta.feed.into())?;
    match count.state.unwrap_or_default() {
        CountState::Waiting | CountState::Differed => Ok((count, site, record)),
        CountState::Agreed | CountState::Cancelled => Err(Code::AlreadyDone.into()),
    }
}

/// A count is decided by whoever types: what the record shows now is what was seen.
fn write<T: Serialize>(record: &Record, field: &str, value: &T) -> Result<Write, Refusal> {
    let value: Value = serde_json::to_value(value).map_err(|e| Refusal::new(Code::BadInput, e.to_string()))?;
    let over: Seen = record.seen(field);
    Ok(Write { field: field.to_owned(), value: Some(value), over })
}
