//! One child: sheet and departure.

use super::Asking;
use super::board::{Seen, look, tile};
use super::faces::{Guardian, child_face, child_names, guardians, person_face, short_name};
use crate::attendance::{Announced, Announcement, Channel, Collector, Punch, PunchSort, PunchSource};
use crate::clock::{service_day, time_on};
use crate::core::{Code, Fault, Meta, Proof, Refusal, Scan, collect, get};
use crate::ids::{ChildId, FacilityId};
use crate::people::{AuthorizedPickup, CareNote, HouseholdMember, Person, Placement};
use crate::rules::{Site, Today, Where, barred, barred_entry, progress, protected_from};
use crate::view::{
    AwayNow, Caller, Candidate, CareNotesView, ChildSheetView, CollectingView, DepartureView, PickupChange,
    ProtectedNote, Sibling, State, TimelineItem, TimelineWhat,
};
use records::{Day, DeviceTime, PersonId, RecordId, TimeOfDay};

/// A child of the site with its facts; not found if the site has nothing to do with it.
fn seen(asking: &Asking<'_>, site: &Site, today: Today, child: ChildId) -> Result<Seen, Refusal> {
    let placement = placement(asking, site, child)?;
    let seen = look(asking, site, today, child, placement)?;
    let visits = seen.facts.visits.iter().any(|v| v.host == site.id && v.holds_on(today.day));
    if seen.facts.id() != child || (seen.facts.placement.is_none() && !visits) {
        return Err(Code::NotFound.into());
    }
    Ok(seen)
}

fn placement(asking: &Asking<'_>, site: &Site, child: ChildId) -> Result<Option<Placement>, Fault> {
    let all = collect::<Placement>(asking.r, &Scan::of::<Placement>().key(0, child))?;
    Ok(all.into_iter().find(|p| p.facility == site.id && p.holds_on(site.day)))
}

pub(super) fn sheet(
    asking: &Asking<'_>,
    facility: FacilityId,
    child: ChildId,
    day: Option<Day>,
) -> Result<ChildSheetView, Refusal> {
    let (site, on_today) = asking.staff_site(facility)?;
    let (site, today) = asking.on(site, on_today, day)?;
    let seen = seen(asking, &site, today, child)?;
    let (kana, kanji) = child_names(&seen.facts.child);
    let notes = collect::<CareNote>(asking.r, &Scan::of::<CareNote>().key(0, child))?;
    let tile = tile(&seen, &site, today, false, &Default::default());
    let facts = &seen.facts;
    Ok(ChildSheetView {
        child,
        facility,
        face: child_face(&facts.child),
        kana,
        kanji,
        full_kana: facts.child.names.as_ref().map(|n| n.kana.clone()).unwrap_or_default(),
        class_name: facts.placement.as_ref().map(|p| site.class_name(p.class)).unwrap_or_default(),
        birth: facts.child.birth,
        state: seen.state,
        since: tile.time,
        away: away_now(&seen, today),
        expected: tile.expected,
        timeline: timeline(asking, &site, today, &seen)?,
        contradictions: seen.contradictions.clone(),
        allergies: facts.safety.allergies.clone().unwrap_or_default(),
        carries: facts.safety.carries.clone().unwrap_or_default(),
        contacts: guardians(asking, child, today.day)?.iter().map(|g| g.callee(true)).collect(),
        protected_notes: !notes.is_empty(),
        collectors: candidates(asking, child, today.day, None)?,
        day: today.day,
        today: today.day == on_today.day,
        now: time_on(today.day, today.now),
    })
}

fn away_now(seen: &Seen, today: Today) -> Option<AwayNow> {
    let Where::Away { place, reason, with, expected_back, .. } = &seen.place else { return None };
    Some(AwayNow {
        reason: reason.clone(),
        place: place.clone(),
        with: with.clone(),
        expected_back: *expected_back,
        overdue: expected_back.is_some_and(|back| time_on(today.day, today.now) > back),
    })
}

pub(super) fn care_notes(asking: &Asking<'_>, facility: FacilityId, child: ChildId) -> Result<CareNotesView, Refusal> {
    let (site, today) = asking.staff_site(facility)?;
    seen(asking, &site, today, child)?;
    asking.who.person()?;
    if asking.who.proof < Proof::Pin {
        return Err(Code::PinNeeded.into());
    }
    let mut notes = vec![];
    for note in collect::<CareNote>(asking.r, &Scan::of::<CareNote>().key(0, child))? {
        asking.looked(note.meta.id);
        notes.extend(protected_note(asking, note.meta.id)?);
    }
    let standing = &asking.who.standing;
    Ok(CareNotesView { child, notes, may_write: standing.city || standing.placed.contains(&child) })
}

fn protected_note(asking: &Asking<'_>, id: RecordId) -> Result<Option<ProtectedNote>, Fault> {
    let Some(record) = asking.r.get(id)? else { return Ok(None) };
    let entries = record.fields.get("text").map(|register| register.entries.as_slice()).unwrap_or_default();
    let texts = entries.iter().filter_map(|e| e.value.as_ref()?.as_str().map(str::to_owned)).collect();
    Ok(Some(ProtectedNote { record: id, texts, seen: entries.iter().map(|e| e.change).collect() }))
}

/// Lines of the timeline while they are gathered: with the full time to sort by.
struct Lines<'a> {
    asking: &'a Asking<'a>,
    site: &'a Site,
    day: Day,
    all: Vec<(DeviceTime, TimelineItem)>,
}

impl Lines<'_> {
    fn add(&mut self, meta: &Meta, at: DeviceTime, what: TimelineWhat, by: String) -> Result<&mut TimelineItem, Fault> {
        let here = FacilityId::from(meta.feed) == self.site.id;
        let facility =
            if here { None } else { get::<crate::place::Facility>(self.asking.r, meta.feed.0)?.and_then(|f| f.name) };
        let day = service_day(at, self.site.facility.day_ends());
        let item = TimelineItem {
            record: meta.id,
            at: time_on(day, at),
            at_day: (day != self.day).then_some(day),
            doubtful: false,
            what,
            by,
            by_relation: None,
            facility,
            void: meta.void.clone(),
            correction: None,
            can_void: here && meta.counts(),
            unsent: meta.seq.is_none(),
        };
        self.all.push((at, item));
        let last = self.all.len() - 1;
        self.all.get_mut(last).map(|(_, item)| item).ok_or_else(|| Fault("timeline".into()))
    }

    fn author(&self, meta: &Meta) -> Result<String, Fault> {
        let person = get::<Person>(self.asking.r, meta.author.0)?;
        Ok(person.and_then(|p| p.names).map(|n| short_name(&n)).unwrap_or_default())
    }
}

fn timeline(asking: &Asking<'_>, site: &Site, today: Today, seen: &Seen) -> Result<Vec<TimelineItem>, Fault> {
    let mut lines = Lines { asking, site, day: today.day, all: vec![] };
    let facts = &seen.facts;
    for punch in &facts.punches {
        let by = punch.by_name.clone().unwrap_or_default();
        let item = lines.add(&punch.meta, punch.true_at(), punch_what(punch), by)?;
        item.doubtful = punch.doubtful();
        item.correction = punch.reason.clone().filter(|_| punch.source == Some(PunchSource::Correction));
    }
    for s in &facts.sightings {
        let by = lines.author(&s.meta)?;
        lines.add(&s.meta, s.at.unwrap_or_default(), TimelineWhat::Sighting { seen: s.seen.unwrap_or(true) }, by)?;
    }
    for m in &facts.movements {
        let by = lines.author(&m.meta)?;
        let room = m.room.map(|room| site.room_name(room)).unwrap_or_default();
        lines.add(&m.meta, m.at.unwrap_or_default(), TimelineWhat::Movement { room }, by)?;
    }
    for a in &facts.aways {
        let by = lines.author(&a.meta)?;
        let what = TimelineWhat::Away {
            reason: a.reason.clone().unwrap_or_default(),
            place: a.place.clone().unwrap_or_default(),
            with: a.with.clone().unwrap_or_default(),
            expected_back: a.expected_back,
        };
        lines.add(&a.meta, a.at.unwrap_or_default(), what, by)?;
    }
    for b in &facts.backs {
        let by = lines.author(&b.meta)?;
        lines.add(&b.meta, b.at.unwrap_or_default(), TimelineWhat::Back, by)?;
    }
    for call in &facts.calls {
        let by = call.by_name.clone().unwrap_or_default();
        lines.add(&call.meta, call.at.unwrap_or_default(), TimelineWhat::Call { outcome: call.outcome }, by)?;
    }
    for announcement in &facts.announcements {
        announcement_line(&mut lines, announcement)?;
    }
    let mut all = lines.all;
    all.sort_by_key(|(at, item)| (*at, item.record));
    Ok(all.into_iter().map(|(_, item)| item).collect())
}

fn punch_what(punch: &Punch) -> TimelineWhat {
    match punch.sort.unwrap_or_default() {
        PunchSort::Arrival => TimelineWhat::Arrival,
        PunchSort::Departure => TimelineWhat::Departure {
            relation: punch.collector_relation.clone().unwrap_or_default(),
            name: punch.collector_name.clone().unwrap_or_default(),
        },
    }
}

fn announcement_line(lines: &mut Lines<'_>, announcement: &Announcement) -> Result<(), Fault> {
    let Some(announced) = announcement.announced.clone() else { return Ok(()) };
    let acknowledged = progress(lines.asking.r, announcement)?.acknowledged.is_some();
    let channel = announcement.channel.unwrap_or_default();
    let what = TimelineWhat::Announcement { announced, channel, acknowledged };
    let by = said_by(announcement);
    let item = lines.add(&announcement.meta, announcement.at.unwrap_or_default(), what, by.name)?;
    item.by_relation = Some(by.relation);
    Ok(())
}

/// Who said it: the guardian's 続柄 and name as written then.
pub(super) fn said_by(announcement: &Announcement) -> Caller {
    let by_staff = announcement.channel.unwrap_or_default() != Channel::App;
    Caller {
        person: if by_staff { announcement.caller } else { Some(announcement.meta.author) },
        relation: announcement.caller_relation.clone().unwrap_or_default(),
        name: announcement.caller_name.clone().unwrap_or_default(),
    }
}

pub(super) fn departure(asking: &Asking<'_>, facility: FacilityId, child: ChildId) -> Result<DepartureView, Refusal> {
    let (site, today) = asking.staff_site(facility)?;
    let seen = seen(asking, &site, today, child)?;
    let (kana, kanji) = child_names(&seen.facts.child);
    let mut changes = pickup_changes(asking, &seen, &site, today)?;
    let planned = seen.facts.counting(site.id).rev().find_map(|a| match &a.announced {
        Some(Announced::Pickup { person, pickup, at, .. }) => Some((*person, *pickup, *at)),
        _ => None,
    });
    let change = changes.pop();
    Ok(DepartureView {
        child,
        facility,
        face: child_face(&seen.facts.child),
        kana,
        kanji,
        state: seen.state,
        arrived: seen.facts.arrived(site.id).map(|p| time_on(today.day, p.true_at())),
        now: time_on(today.day, today.now),
        change,
        other_changes: changes,
        candidates: candidates(asking, child, today.day, planned)?,
        callees: guardians(asking, child, today.day)?
            .iter()
            .filter(|g| g.guardianship.may_speak())
            .map(|g| g.callee(true))
            .collect(),
        siblings: siblings(asking, &site, today, child)?,
    })
}

pub(super) fn collecting(
    asking: &Asking<'_>,
    facility: FacilityId,
    child: ChildId,
    name: &str,
) -> Result<CollectingView, Refusal> {
    let (site, today) = asking.staff_site(facility)?;
    seen(asking, &site, today, child)?;
    let found = barred(asking.r, child, today.day, name)?;
    if let Some(protection) = found {
        asking.looked(protection);
    }
    Ok(CollectingView { child, call_director: found.is_some() })
}

fn pickup_changes(asking: &Asking<'_>, seen: &Seen, site: &Site, today: Today) -> Result<Vec<PickupChange>, Fault> {
    let mut changes = vec![];
    let protected = protected_from(asking.r, seen.facts.id(), today.day)?;
    for announcement in seen.facts.counting(site.id) {
        let Some(Announced::Pickup { person, relation, name, .. }) = &announcement.announced else { continue };
        let day = today.day;
        let call_director = match person {
            Some(person) => protected.contains(person),
            None => barred(asking.r, seen.facts.id(), day, name)?.is_some(),
        };
        let progress = progress(asking.r, announcement)?;
        let acknowledged = progress.acknowledged;
        changes.push(PickupChange {
            to: Caller { person: *person, relation: relation.clone(), name: name.clone() },
            by: said_by(announcement),
            at: time_on(today.day, announcement.at.unwrap_or_default()),
            acknowledged_at: acknowledged.as_ref().and_then(|a| a.at).map(|at| time_on(today.day, at)),
            acknowledged_by: acknowledged.and_then(|a| a.by_name),
            announcement: announcement.meta.id,
            call_director,
        });
    }
    Ok(changes)
}

/// The announced person, the registered one, and the time.
type Planned = (Option<PersonId>, Option<crate::ids::PickupId>, Option<TimeOfDay>);

/// Who may collect a child on a day: planned first, then guardians, then registered ones.
pub(super) fn candidates(
    asking: &Asking<'_>,
    child: ChildId,
    day: Day,
    planned: Option<Planned>,
) -> Result<Vec<Candidate>, Fault> {
    candidates_among(asking, child, day, guardians(asking, child, day)?, planned)
}

/// As [`candidates`], where the child's guardians are known already.
pub(super) fn candidates_among(
    asking: &Asking<'_>,
    child: ChildId,
    day: Day,
    guardians: Vec<Guardian>,
    planned: Option<Planned>,
) -> Result<Vec<Candidate>, Fault> {
    let mut all = vec![];
    for g in guardians {
        if !g.guardianship.may_collect_on(day) {
            continue;
        }
        let person = PersonId(g.guardianship.person);
        all.push(Candidate {
            collector: Collector::Guardian { person },
            face: person_face(person.0, &g.names),
            name: g.names.legal,
            relation: g.guardianship.relation.unwrap_or_default(),
            planned: planned.is_some_and(|(p, _, _)| p == Some(person)),
            planned_at: None,
        });
    }
    for pickup in collect::<AuthorizedPickup>(asking.r, &Scan::of::<AuthorizedPickup>().key(0, child))? {
        let dated = pickup.from.is_none_or(|f| f <= day) && pickup.until.is_none_or(|u| day <= u);
        if !pickup.meta.counts() || !dated {
            continue;
        }
        let names = pickup.names.clone().unwrap_or_default();
        if barred_entry(asking.r, child, day, &names)?.is_some() {
            continue; // registered under another entry: offered to nobody, as a guardian would not be
        }
        let id = pickup.meta.id.into();
        all.push(Candidate {
            collector: Collector::Registered { pickup: id },
            face: person_face(pickup.meta.id.0, &names),
            name: names.legal,
            relation: pickup.relation.unwrap_or_default(),
            planned: planned.is_some_and(|(_, p, _)| p == Some(id)),
            planned_at: None,
        });
    }
    for candidate in &mut all {
        candidate.planned_at = planned.filter(|_| candidate.planned).and_then(|(_, _, at)| at);
    }
    all.sort_by_key(|c| !c.planned);
    Ok(all)
}

/// Children of the same household at this facility today.
fn siblings(asking: &Asking<'_>, site: &Site, today: Today, child: ChildId) -> Result<Vec<Sibling>, Fault> {
    let mut found: Vec<Sibling> = vec![];
    for member in collect::<HouseholdMember>(asking.r, &Scan::of::<HouseholdMember>().key(1, child))? {
        for other in collect::<HouseholdMember>(asking.r, &Scan::of::<HouseholdMember>().key(0, member.household))? {
            if other.child == child || found.iter().any(|s| s.child == other.child) {
                continue;
            }
            let Some(placement) = placement(asking, site, other.child)? else { continue };
            let seen = look(asking, site, today, other.child, Some(placement))?;
            if matches!(seen.state, State::Here | State::Away) {
                found.push(sibling(site, &seen));
            }
        }
    }
    Ok(found)
}

fn sibling(site: &Site, seen: &Seen) -> Sibling {
    let placement = seen.facts.placement.as_ref();
    Sibling {
        child: seen.facts.id(),
        face: child_face(&seen.facts.child),
        name: child_names(&seen.facts.child).1,
        class_name: placement.map(|p| site.class_name(p.class)).unwrap_or_default(),
        age: placement.and_then(|p| p.class_age),
        state: seen.state,
    }
}
