//! Announcements and their confirmation.

use super::act::Acting;
use crate::attendance::{Acknowledgement, Announced, Announcement, Channel, LONGEST_DAYS, ToldByPhone};
use crate::clock::time_on;
use crate::core::{Code, Refusal, Scan, collect, get};
use crate::ids::{ChildId, FacilityId};
use crate::people::{Guardianship, Person, Placement, SightRight};
use crate::rules::{Site, against_days, against_time, known_to, may_collect, may_speak, named, progress};
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
    let by_staff = by_staff(a, child, site.id, said);
    if said.day < site.day && !by_staff {
        return Err(Code::DayNotOffered.into());
    }
    if let Some(code) = against_days(a.r, site.id, (said.day, said.until), site.day)? {
        return Err(code.into());
    }
    let new = announcement(a, &site, child, said, by_staff)?;
    if said_before(a, &site, said, &new)? {
        return Ok(());
    }
    if let Some(old) = said.replaces {
        super::punch::void(a, old, "replaced".to_owned(), String::new())?;
    }
    let keys = vec![child.0];
    let id = a.out.make(site.id.into(), child.into(), Some(said.day), new, keys)?;
    if by_staff {
        // who takes a call has read it: a person's act
        confirm(a, &site, child, id)?;
    }
    Ok(())
}

fn announcement(
    a: &Acting<'_, '_>,
    site: &Site,
    child: ChildId,
    said: &Said,
    by_staff: bool,
) -> Result<Announcement, Refusal> {
    let (channel, by_name) = if by_staff {
        let channel = if said.channel == Channel::App { Channel::Phone } else { said.channel };
        (channel, Some(a.author_name()?))
    } else {
        (Channel::App, None)
    };
    let now = a.now();
    let late = said.day == site.day && site.facility.cut_off.is_some_and(|cut_off| time_on(site.day, now) > cut_off);
    let (caller_relation, caller_name) = caller(a, site, child, said, by_staff)?;
    Ok(Announcement {
        announced: Some(derived(a, site, child, said, by_staff)?),
        until: said.until.filter(|until| *until != said.day),
        temperature: said.temperature,
        note: Some(said.note.clone()).filter(|n| !n.is_empty()),
        channel: Some(channel),
        caller: said.caller.filter(|_| by_staff),
        caller_relation: Some(caller_relation),
        caller_name: Some(caller_name),
        by_name,
        at: Some(now),
        late: Some(late),
        child,
        replaces: said.replaces.map(|r| r.0),
        ..Announcement::default()
    })
}

/// Who works at the site records what others said; who is a guardian too and uses the app speaks for the family.
fn by_staff(a: &Acting<'_, '_>, child: ChildId, facility: FacilityId, said: &Said) -> bool {
    let full = a.who.standing.family.get(&child).is_some_and(|right| right.sight == SightRight::Full);
    a.who.standing.staff_at(facility) && !(full && said.channel == Channel::App)
}

/// What is announced, with name and 続柄 of who collects read from the records: only the choice is the caller's.
fn derived(a: &Acting<'_, '_>, site: &Site, child: ChildId, said: &Said, by_staff: bool) -> Result<Announced, Refusal> {
    if !by_staff {
        let then = Site::read(a.r, site.id, said.day)?.ok_or(Code::NotFound)?;
        if let Some(code) = against_time(&then, &said.announced) {
            return Err(code.into());
        }
    }
    let Announced::Pickup { person, pickup, relation, name, at } = &said.announced else {
        return Ok(said.announced.clone());
    };
    if by_staff && person.is_none() && pickup.is_none() {
        // as the caller on the telephone said; at the door a name on no list asks for voice and PIN
        let fits = |text: &str| text.chars().count() <= 60;
        if name.trim().is_empty() || !fits(name) || !fits(relation) {
            return Err(Code::BadInput.into());
        }
        return Ok(said.announced.clone());
    }
    let mut list = match by_staff {
        true => may_collect(a.r, child, said.day)?,
        false => known_to(a.r, a.author, child, said.day)?,
    };
    list.retain(|one| one.holds_on(said.day));
    let one = named(&list, *person, *pickup).ok_or(Code::NotCollector)?;
    let (relation, name) = (one.relation.clone(), one.name.clone());
    Ok(Announced::Pickup { person: *person, pickup: *pickup, relation, name, at: *at })
}

/// True if the last word of this sort about this child and these days is the very same, of the same person. An earlier
/// one is no reason: who corrects a correction means what was said first again.
fn said_before(a: &Acting<'_, '_>, site: &Site, said: &Said, new: &Announcement) -> Result<bool, Refusal> {
    if let Some(old) = said.replaces
        && get::<Announcement>(a.r, old.0)?.is_some_and(|old| old.meta.counts())
    {
        return Ok(false); // what is to be replaced still stands
    }
    let sort = |one: &Announcement| one.announced.as_ref().map(std::mem::discriminant);
    let mut all =
        collect::<Announcement>(a.r, &Scan::of::<Announcement>().feed(site.id).key(0, new.child).day(said.day))?;
    all.retain(|old| old.meta.counts() && old.until == new.until && sort(old) == sort(new));
    let Some(last) = all.into_iter().max_by_key(|old| (old.at, old.meta.id)) else { return Ok(false) };
    let by_same = new.channel != Some(Channel::App) || last.meta.author == a.author;
    let of = |one: &Announcement| {
        let said_by = (one.channel, one.caller, one.caller_name.clone());
        (one.announced.clone(), one.temperature, one.note.clone(), said_by)
    };
    Ok(by_same && of(&last) == of(new))
}

/// The facility to which a child's announcement goes.
fn site_of(a: &Acting<'_, '_>, child: ChildId, said: &Said) -> Result<Site, Refusal> {
    if let Some(facility) = said.facility.filter(|f| by_staff(a, child, *f, said)) {
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
fn caller(
    a: &Acting<'_, '_>,
    site: &Site,
    child: ChildId,
    said: &Said,
    by_staff: bool,
) -> Result<(String, String), Refusal> {
    let caller = if by_staff { said.caller } else { Some(a.author) };
    let Some(person) = caller else { return Ok((String::new(), said.caller_name.clone())) };
    let all = match by_staff {
        true => may_speak(a.r, child, site.day)?,
        false => collect::<Guardianship>(a.r, &Scan::of::<Guardianship>().key(0, child))?,
    };
    let tie = all.into_iter().find(|g| g.person == person.0);
    if by_staff && tie.is_none() {
        return Err(Code::BadInput.into()); // nobody who speaks for this child
    }
    let relation = tie.and_then(|g| g.relation).unwrap_or_default();
    let names = get::<Person>(a.r, person.0)?.and_then(|p| p.names).unwrap_or_default();
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
