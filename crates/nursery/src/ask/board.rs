//! The class grid, and what other screens take from it.

use super::Asking;
use super::calls::calls;
use super::counts::{waiting_counts, walk_places};
use super::faces::{child_face, child_names, family_names, staff_face};
use crate::attendance::{Announced, Announcement, Presence, RoomSession, Sighting};
use crate::calendar::Span;
use crate::clock::{DOUBTFUL_MS, date_is_doubtful, time_on, whole_minutes};
use crate::core::{Fault, Refusal, Scan, collect};
use crate::ids::{ChildId, FacilityId, RoomId};
use crate::people::Placement;
use crate::rules::{ChildDay, Expectation, Site, Today, Where, class_age, due, hearing, staff_guide};
use crate::view::{
    Badge, BoardView, CareItem, ClassLine, ClockNotice, Contradiction, Counts, PlaceRef, RoomLine, RoomState,
    StaffFace, State, Tile,
};
use records::{PersonId, TimeOfDay};
use std::collections::{BTreeMap, BTreeSet};

/// A child's facts with what the tile says.
pub(super) struct Seen {
    pub(super) facts: ChildDay,
    pub(super) state: State,
    pub(super) place: Where,
    pub(super) contradictions: Vec<Contradiction>,
    pub(super) due: Option<TimeOfDay>,
    /// On 1 April: as the placement says, else (children from other facilities) by the day of birth.
    pub(super) age: Option<u8>,
}

pub(super) fn board(asking: &Asking<'_>, place: PlaceRef) -> Result<BoardView, Refusal> {
    let (site, today) = asking.place_site(place)?;
    let all = children(asking, &site, today, place)?;
    let joint = matches!(place, PlaceRef::Room { .. });
    let families = family_names(all.iter().map(|s| &s.facts.child));
    let tiles: Vec<Tile> = all.iter().map(|seen| tile(seen, &site, today, joint, &families)).collect();
    let hearing = hearing(&asking.clock, today.day, today.now, site.facility.day_ends());
    let staff = staff_in(asking, &site, room_of(&site, place))?;
    let unread = super::messages::unread(asking, &all, &site)?;
    // in joint care every child of the site is looked for anyway, and the list behind the number is the site's
    let everybody = match place {
        PlaceRef::Room { facility, .. } => Some(children(asking, &site, today, PlaceRef::Facility { facility })?),
        _ => None,
    };
    let whole = everybody.as_deref().unwrap_or(&all);
    Ok(BoardView {
        place,
        title: title(&site, place),
        facility_name: site.name(),
        joint,
        ages: ages(&all),
        day: today.day,
        weekday: today.day.weekday(),
        now: time_on(today.day, today.now),
        day_type: site.day_type(),
        day_name: site.day_name(),
        counts: counts(&all),
        calls: calls(asking, &site, today, &all, hearing.fresh)?,
        care: care(&all, &site),
        room_line: room_line(&all, room_of(&site, place), place, staff.len()),
        rooms: if joint { rooms(asking, &site, today, place, whole)? } else { vec![] },
        unread,
        open_ends: number(super::open_ends::ends(asking, &site, today, whole, false)?.len()),
        hearing,
        clock: clock_notice(asking, &site, today),
        waiting_counts: waiting_counts(asking, &site, today)?,
        walk_places: walk_places(asking, &site, today)?,
        staff,
        tiles,
    })
}

/// The children of a place with their facts, in roster order.
pub(super) fn children(asking: &Asking<'_>, site: &Site, today: Today, place: PlaceRef) -> Result<Vec<Seen>, Fault> {
    let class = match place {
        PlaceRef::Class { class, .. } => Some(class),
        _ => None,
    };
    let mut all: Vec<Seen> = vec![];
    let mut taken = BTreeSet::new();
    for placement in site.placements(asking.r, class)? {
        if taken.insert(placement.child) {
            all.push(look(asking, site, today, placement.child, Some(placement))?);
        }
    }
    if !matches!(place, PlaceRef::Class { .. }) {
        for visit in collect::<crate::calendar::Visit>(asking.r, &Scan::of::<crate::calendar::Visit>().key(1, site.id))?
        {
            if visit.holds_on(today.day) && taken.insert(visit.child) {
                all.push(look(asking, site, today, visit.child, None)?);
            }
        }
    }
    if let PlaceRef::Room { room, .. } = place {
        let classes = session_classes(asking, site, today, room)?;
        all.retain(|seen| belongs(seen, site, room, classes.as_ref()));
    }
    // a guest of then whom this place may not know any more has no name to show and nothing that could be done here
    all.retain(|seen| seen.facts.id() != ChildId::default());
    all.retain(|seen| seen.state != State::NotExpected || !seen.contradictions.is_empty());
    Ok(all)
}

/// In joint care: who is in this room, who is expected there now, and who of them is absent.
fn belongs(seen: &Seen, site: &Site, room: RoomId, classes: Option<&BTreeSet<crate::ids::ClassId>>) -> bool {
    let class = seen.facts.placement.as_ref().map(|p| p.class);
    let in_session = classes.is_some_and(|c| c.is_empty() || class.is_some_and(|class| c.contains(&class)));
    match &seen.place {
        Where::Here { facility, room: at, .. } => *facility == site.id && *at == Some(room),
        Where::Expected(span) => in_session && span.from <= TimeOfDay::hm(8, 30),
        Where::Absent(_) => in_session,
        _ => false,
    }
}

fn session_classes(
    asking: &Asking<'_>,
    site: &Site,
    today: Today,
    room: RoomId,
) -> Result<Option<BTreeSet<crate::ids::ClassId>>, Fault> {
    let now = time_on(today.day, today.now);
    let sessions = collect::<RoomSession>(asking.r, &Scan::of::<RoomSession>().feed(site.id).day(today.day))?;
    Ok(sessions
        .into_iter()
        .filter(|s| s.meta.counts() && s.room == room && s.to.is_none_or(|to| now <= to))
        .map(|s| s.classes.unwrap_or_default().into_iter().collect::<BTreeSet<_>>())
        .reduce(|mut a, b| {
            a.extend(b);
            a
        }))
}

/// Gathers one child and says its state.
pub(super) fn look(
    asking: &Asking<'_>,
    site: &Site,
    today: Today,
    child: ChildId,
    placement: Option<Placement>,
) -> Result<Seen, Fault> {
    let facts = ChildDay::read(asking.r, site, child, placement)?;
    let mut found = facts.whereabouts(site.id);
    if let (Where::Left { facility, .. }, Some(left)) = (&found.place, facts.left(site.id))
        && *facility != site.id
    {
        // was here and left; that it later left another place too is no reason to expect it back
        found.place = Where::Left { facility: site.id, at: left.true_at() };
    }
    let due = due(site, &facts);
    let now = time_on(today.day, today.now);
    let heard = hearing(&asking.clock, today.day, today.now, site.facility.day_ends()).fresh;
    // the last look counts: seen once and looked for in vain later is not seen
    let here = |s: &&Sighting| s.meta.counts() && FacilityId::from(s.meta.feed) == site.id;
    let seen_last = facts.sightings.iter().rev().find(here).and_then(|s| s.seen);
    // a tablet that may stand on another day asks for the date first, and rings for nobody by a day that is not today
    let day_is_sure = !date_is_doubtful(asking.at, &asking.clock, site.facility.day_ends());
    let nothing_known = day_is_sure && due.is_some_and(|due| now >= due) && seen_last != Some(true);
    let waits = match (nothing_known, heard) {
        (false, _) => State::Yet,
        (true, true) => State::Unreported,
        (true, false) => State::Unknown,
    };
    let state = match &found.place {
        Where::NotExpected => State::NotExpected,
        Where::Expected(_) => waits,
        Where::Here { facility, .. } if *facility != site.id => State::Elsewhere,
        Where::Here { .. } => State::Here,
        Where::Away { .. } => State::Away,
        Where::Left { facility, .. }
            if *facility != site.id && matches!(facts.expectation, Some(Expectation::Expected(_))) =>
        {
            waits
        }
        Where::Left { .. } => State::Left,
        Where::Absent(_) => State::Absent,
    };
    let mut contradictions = found.contradictions;
    name_facilities(asking, &mut contradictions, &found.two_places)?;
    let placed = facts.placement.as_ref().and_then(|p| p.class_age);
    let age = placed.or_else(|| facts.child.birth.map(|birth| class_age(birth, today.day)));
    Ok(Seen { facts, state, place: found.place, contradictions, due, age })
}

fn name_facilities(asking: &Asking<'_>, contradictions: &mut [Contradiction], two: &[FacilityId]) -> Result<(), Fault> {
    for contradiction in contradictions {
        if let Contradiction::TwoPlaces { facilities } = contradiction {
            let mut names = vec![];
            for id in two {
                let facility = crate::core::get::<crate::place::Facility>(asking.r, *id)?;
                names.push(facility.and_then(|f| f.name).unwrap_or_default());
            }
            *facilities = names;
        }
    }
    Ok(())
}

fn title(site: &Site, place: PlaceRef) -> String {
    match place {
        PlaceRef::Class { class, .. } => site.class_name(class),
        PlaceRef::Room { room, .. } => site.room_name(room),
        PlaceRef::Facility { .. } => site.name(),
    }
}

pub(super) fn place_title(site: &Site, place: PlaceRef) -> String {
    title(site, place)
}

fn room_of(site: &Site, place: PlaceRef) -> Option<RoomId> {
    match place {
        PlaceRef::Room { room, .. } => Some(room),
        PlaceRef::Class { class, .. } => site.home_room(class),
        PlaceRef::Facility { .. } => None,
    }
}

fn ages(all: &[Seen]) -> Option<(u8, u8)> {
    let ages: Vec<u8> = all.iter().filter_map(|s| s.age).collect();
    Some((ages.iter().copied().min()?, ages.iter().copied().max()?))
}

pub(super) fn tile(seen: &Seen, site: &Site, today: Today, joint: bool, families: &BTreeMap<ChildId, String>) -> Tile {
    let facts = &seen.facts;
    let (kana, kanji) = child_names(&facts.child);
    let (since, place) = since_and_place(seen);
    let expected = expected_span(seen);
    Tile {
        child: facts.id(),
        face: child_face(&facts.child),
        kana,
        kanji,
        family_kana: families.get(&facts.id()).cloned(),
        class_line: joint.then(|| ClassLine {
            class: facts.placement.as_ref().map(|p| site.class_name(p.class)).unwrap_or_default(),
            age: seen.age,
        }),
        state: seen.state,
        time: since.map(|at| time_on(today.day, at)),
        reason: match &seen.place {
            Where::Absent(reason) => Some(*reason),
            _ => None,
        },
        place,
        badges: badges(seen, site, joint),
        contradictions: seen.contradictions.clone(),
        unsent: facts.punches.iter().any(|p| p.meta.seq.is_none()) || facts.aways.iter().any(|a| a.meta.seq.is_none()),
        expected,
    }
}

fn since_and_place(seen: &Seen) -> (Option<records::DeviceTime>, Option<String>) {
    match &seen.place {
        Where::Here { since, .. } => (Some(*since), None),
        Where::Away { since, place, .. } => (Some(*since), Some(place.clone())),
        Where::Left { at, .. } => (Some(*at), None),
        _ => (None, None),
    }
}

pub(super) fn expected_span(seen: &Seen) -> Option<Span> {
    match seen.facts.expectation {
        Some(Expectation::Expected(span)) => Some(span),
        _ => None,
    }
}

fn badges(seen: &Seen, site: &Site, joint: bool) -> Vec<Badge> {
    let facts = &seen.facts;
    let mut badges: Vec<Badge> =
        facts.safety.allergies.iter().flatten().map(|word| Badge::Allergy { word: word.clone() }).collect();
    let waits = matches!(seen.state, State::Yet | State::Unreported | State::Unknown);
    let mut late = false;
    for announcement in facts.counting(site.id) {
        match &announcement.announced {
            Some(Announced::Late { at, why }) if waits => {
                late = true;
                badges.push(Badge::Late { at: *at, why: why.clone() });
            }
            Some(Announced::Early { at }) if seen.state != State::Left => badges.push(Badge::Early { at: *at }),
            Some(Announced::Pickup { relation, name, .. }) if seen.state != State::Left => {
                badges.push(Badge::Pickup { relation: relation.clone(), name: name.clone() });
            }
            _ => {}
        }
    }
    if let Some(celsius) = facts.counting(site.id).filter_map(|a| a.temperature).next_back()
        && matches!(seen.state, State::Here | State::Away)
    {
        badges.push(Badge::Temperature { celsius });
    }
    if joint
        && waits
        && !late
        && let Some(span) = expected_span(seen)
    {
        badges.push(Badge::Expected { at: span.from });
    }
    badges
}

pub(super) fn counts(all: &[Seen]) -> Counts {
    let mut counts = Counts::default();
    for seen in all {
        counts.all += 1;
        match seen.state {
            State::Yet | State::Unreported | State::Unknown => counts.yet += 1,
            State::Here => counts.here += 1,
            State::Away => {
                counts.here += 1;
                counts.away += 1;
            }
            State::Left => counts.left += 1,
            State::Absent => counts.absent += 1,
            State::Elsewhere | State::NotExpected => {}
        }
    }
    counts
}

fn care(all: &[Seen], site: &Site) -> Vec<CareItem> {
    let mut items = vec![];
    for seen in all.iter().filter(|s| matches!(s.state, State::Here | State::Away)) {
        for announcement in seen.facts.counting(site.id) {
            if let Some(badge) = care_badge(announcement) {
                items.push(CareItem {
                    child: seen.facts.id(),
                    kana: child_names(&seen.facts.child).0,
                    badge,
                    note: care_note(announcement, &seen.facts),
                });
            }
        }
    }
    items
}

/// In the guardian's words, after the time at which a changed collector is awaited: as said, else as on other days.
fn care_note(announcement: &Announcement, facts: &ChildDay) -> String {
    let planned = match (&announcement.announced, facts.expectation) {
        (Some(Announced::Pickup { at: Some(at), .. }), _) => Some(*at),
        (Some(Announced::Pickup { .. }), Some(Expectation::Expected(span))) => Some(span.to),
        _ => None,
    };
    let words = announcement.note.clone().filter(|note| !note.is_empty());
    planned.map(|at| at.to_string()).into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

fn care_badge(announcement: &Announcement) -> Option<Badge> {
    match &announcement.announced {
        Some(Announced::Pickup { relation, name, .. }) => {
            Some(Badge::Pickup { relation: relation.clone(), name: name.clone() })
        }
        Some(Announced::Early { at }) => Some(Badge::Early { at: *at }),
        _ => announcement.temperature.map(|celsius| Badge::Temperature { celsius }),
    }
}

pub(super) fn number(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn room_line(all: &[Seen], room: Option<RoomId>, place: PlaceRef, staff: usize) -> RoomLine {
    let in_room = |seen: &&Seen| match (&seen.place, place) {
        (Where::Here { room: at, .. }, PlaceRef::Room { .. }) => *at == room,
        (Where::Here { room: at, .. }, _) => {
            seen.state == State::Here && (room.is_none() || at.is_none() || *at == room)
        }
        _ => false,
    };
    let here = all.iter().filter(in_room).count();
    let of_class = matches!(place, PlaceRef::Class { .. });
    RoomLine {
        here: number(here),
        elsewhere: if of_class { number(all.iter().filter(|s| s.state == State::Here).count() - here) } else { 0 },
        away: number(all.iter().filter(|s| s.state == State::Away).count()),
        staff: number(staff),
        guide: staff_guide(all.iter().filter(in_room).filter_map(|s| s.age)),
    }
}

/// Staff whose last fact of the day says that they are in this room (or, without a room, in the building).
pub(super) fn staff_in(asking: &Asking<'_>, site: &Site, room: Option<RoomId>) -> Result<Vec<StaffFace>, Fault> {
    let mut faces = vec![];
    for (person, at) in staff_rooms(asking, site)? {
        if room.is_none_or(|room| at == room) {
            faces.extend(staff_face(asking, person)?);
        }
    }
    Ok(faces)
}

/// Staff in the building, each with the room that the last fact of the day names.
pub(super) fn staff_rooms(asking: &Asking<'_>, site: &Site) -> Result<BTreeMap<PersonId, RoomId>, Fault> {
    let mut facts = collect::<Presence>(asking.r, &Scan::of::<Presence>().feed(site.id).day(site.day))?;
    facts.retain(|f| f.meta.counts());
    facts.sort_by_key(|f| (f.at, f.meta.id));
    let mut last: BTreeMap<PersonId, RoomId> = facts.iter().map(|f| (PersonId(f.person), f.room)).collect();
    last.retain(|_, room| *room != RoomId::default());
    Ok(last)
}

fn rooms(
    asking: &Asking<'_>,
    site: &Site,
    today: Today,
    place: PlaceRef,
    everybody: &[Seen],
) -> Result<Vec<RoomState>, Fault> {
    let sessions = collect::<RoomSession>(asking.r, &Scan::of::<RoomSession>().feed(site.id).day(today.day))?;
    let now = time_on(today.day, today.now);
    let mut states = vec![];
    for room in &site.rooms {
        let id = RoomId::from(room.meta.id);
        let here =
            everybody.iter().filter(|s| matches!(&s.place, Where::Here { room, .. } if *room == Some(id))).count();
        let opens = sessions.iter().filter(|s| s.room == id).filter_map(|s| s.from).filter(|from| *from > now).min();
        states.push(RoomState {
            room: id,
            name: room.name.clone().unwrap_or_default(),
            here: number(here),
            staff: staff_in(asking, site, Some(id))?,
            opens,
            current: matches!(place, PlaceRef::Room { room, .. } if room == id),
        });
    }
    states.sort_by_key(|s| !s.current);
    Ok(states)
}

fn clock_notice(asking: &Asking<'_>, site: &Site, today: Today) -> ClockNotice {
    let error = asking.clock.error_ms;
    ClockNotice {
        off_minutes: error.filter(|e| e.abs() > DOUBTFUL_MS).map(whole_minutes),
        unknown: error.is_none(),
        confirm: date_is_doubtful(asking.at, &asking.clock, site.facility.day_ends()).then_some(today.day),
    }
}
