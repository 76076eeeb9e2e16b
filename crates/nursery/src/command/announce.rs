//! Announcements and their confirmation.

use super::act::Acting;
use crate::attendance::{Acknowledgement, Announced, Announcement, Channel, LONGEST_DAYS, ToldByPhone};
use crate::clock::time_on;
use crate::core::{Code, Refusal, Scan, collect, get};
use crate::ids::{ChildId, FacilityId};
use crate::people::{Guardianship, Person, Placement, SightRight};
use crate::rules::{Site, progress};
use records::{Day, PersonId, RecordId};

/// What was said, about one or several children.
pub(super) struct Said {
    pub(super) facility: Option<FacilityId>,
    pub(super) day: Day,
    pub(super) until: Option<Day>,
    pub(super) announced: Announced,
    pub(super) temperature: Option<f32>,
    pub(super) note: String,
    pub(super) channel: Channel,
    pub(super) caller: Option<PersonId>,
    pub(super) caller_name: String,
    pub(super) replaces: Option<RecordId>,
}

pub(super) fn announce(a: &mut Acting<'_, '_>, children: &[ChildId], said: &Said) -> Result<(), Refusal> {
    if children.is_empty() || said.note.chars().count() > 1_000 || said.caller_name.chars().count() > 60 {
        return Err(Code::BadInput.into());
    }
    if said.until.is_some_and(|until| until < said.day || until.number() - said.day.number() > LONGEST_DAYS) {
        return Err(Code::BadInput.into());
    }
    for child in children {
        a.out.next_act();
        announce_one(a, *child, said)?;
    }
    Ok(())
}

fn announce_one(a: &mut Acting<'_, '_>, child: ChildId, said: &Said) -> Result<(), Refusal> {
    let site = site_of(a, child, said)?;
    let by_staff = a.who.standing.staff_at(site.id);
    let (channel, by_name) = if by_staff {
        let channel = if said.channel == Channel::App { Channel::Phone } else { said.channel };
        (channel, Some(a.author_name()?))
    } else {
        (Channel::App, None)
    };
    if said.day < site.day && !by_staff {
        return Err(Code::BadInput.into());
    }
    if let Some(old) = said.replaces {
        super::punch::void(a, old, "replaced".to_owned(), String::new())?;
    }
    let now = a.now();
    let late = said.day == site.day && site.facility.cut_off.is_some_and(|cut_off| time_on(site.day, now) > cut_off);
    let (caller_relation, caller_name) = caller(a, child, said, by_staff)?;
    let new = Announcement {
        announced: Some(said.announced.clone()),
        until: said.until.filter(|until| *until != said.day),
        temperature: said.temperature,
        note: Some(said.note.clone()).filter(|n| !n.is_empty()),
        channel: Some(channel),
        caller: said.caller.filter(|_| by_staff),
        caller_relation: Some(caller_relation),
        caller_name: Some(caller_name),
        by_name,
        at: Some(a.now()),
        late: Some(late),
        child,
        replaces: said.replaces.map(|r| r.0),
        ..Announcement::default()
    };
    let keys = vec![child.0];
    let id = a.out.make(site.id.into(), child.into(), Some(said.day), new, keys)?;
    if by_staff {
        // who takes a call has read it: a person's act
        confirm(a, &site, child, id)?;
    }
    Ok(())
}

/// The facility to which a child's announcement goes.
fn site_of(a: &Acting<'_, '_>, child: ChildId, said: &Said) -> Result<Site, Refusal> {
    if let Some(facility) = said.facility.filter(|f| a.who.standing.staff_at(*f)) {
        let site = a.staff_site(facility)?;
        a.child(&site, child)?;
        return Ok(site);
    }
    let right = a.who.standing.family.get(&child).filter(|f| f.sight == SightRight::Full).ok_or(Code::NotFound)?;
    let placements = collect::<Placement>(a.r, &Scan::of::<Placement>().key(0, child))?;
    let mut places = right
        .places
        .iter()
        .map(|(facility, _, _)| *facility)
        .filter(|facility| placements.iter().any(|p| p.facility == *facility && p.holds_on(said.day)));
    let facility = match said.facility {
        Some(asked) => places.find(|f| *f == asked),
        None => places.next(),
    };
    a.site(facility.ok_or(Code::NotFound)?)
}

/// 続柄 and given name of who said it, as they were then.
fn caller(a: &Acting<'_, '_>, child: ChildId, said: &Said, by_staff: bool) -> Result<(String, String), Refusal> {
    let caller = if by_staff { said.caller } else { Some(a.author) };
    let Some(person) = caller else { return Ok((String::new(), said.caller_name.clone())) };
    let all = collect::<Guardianship>(a.r, &Scan::of::<Guardianship>().key(0, child))?;
    let relation = all.into_iter().find(|g| g.person == person.0).and_then(|g| g.relation).unwrap_or_default();
    let known = get::<Person>(a.r, person.0)?.ok_or(Code::BadInput)?; // nobody who is not known here has called
    let names = known.names.unwrap_or_default();
    let given = names.legal.split_once([' ', '\u{3000}']).map_or(names.legal.as_str(), |(_, given)| given.trim());
    Ok((relation, given.to_owned()))
}

fn confirm(a: &mut Acting<'_, '_>, site: &Site, child: ChildId, announcement: RecordId) -> Result<(), Refusal> {
    let by_name = Some(a.author_name()?);
    let new = Acknowledgement {
        at: Some(a.now()),
        by_name,
        child,
        announcement: announcement.0,
        ..Acknowledgement::default()
    };
    let keys = new.key_ids();
    a.out.make(site.id.into(), child.into(), Some(site.day), new, keys)?;
    Ok(())
}

pub(super) fn acknowledge(a: &mut Acting<'_, '_>, announcements: &[RecordId]) -> Result<(), Refusal> {
    for id in announcements {
        let announcement = get::<Announcement>(a.r, id.0)?.ok_or(Code::NotFound)?;
        let site = a.staff_site(announcement.meta.feed.into())?;
        if progress(a.r, &announcement)?.acknowledged.is_some() {
            continue;
        }
        a.out.next_act();
        confirm(a, &site, announcement.child, *id)?;
    }
    Ok(())
}

pub(super) fn told_by_phone(a: &mut Acting<'_, '_>, id: RecordId) -> Result<(), Refusal> {
    let announcement = get::<Announcement>(a.r, id.0)?.ok_or(Code::NotFound)?;
    let child = announcement.child;
    if !a.who.standing.family.contains_key(&child) {
        return Err(Code::NotAllowed.into());
    }
    let new = ToldByPhone { at: Some(a.now()), child, announcement: id.0, ..ToldByPhone::default() };
    let keys = new.key_ids();
    a.out.make(announcement.meta.feed, child.into(), announcement.meta.day, new, keys)?;
    Ok(())
}
