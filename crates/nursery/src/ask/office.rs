//! Who am I, today's overview, joining.

use super::Asking;
use super::board::{Seen, children, counts, open_ends, room_line, staff_in};
use super::calls::calls;
use super::faces::{child_face, child_names, colleagues, staff_face};
use super::messages::unread;
use crate::clock::time_on;
use crate::core::{Code, Fault, Refusal, Scan, collect, get};
use crate::devices::{Device, Invitation, Purpose};
use crate::ids::{ChildId, ClassId, FacilityId};
use crate::people::{Child, Guardianship, Joining, Person, Placement};
use crate::place::Municipality;
use crate::rules::{Site, Today, Where, hearing};
use crate::view::{ClassRow, JoinItem, JoinsView, MeView, PlaceChoice, PlaceRef, RollItem, Side, SiteTodayView, State};
use std::collections::BTreeSet;

pub(super) fn me(asking: &Asking<'_>) -> Result<MeView, Refusal> {
    let standing = &asking.who.standing;
    let side = if !standing.places.is_empty() || standing.city {
        Side::Staff
    } else if standing.family.is_empty() {
        Side::Nobody
    } else {
        Side::Family
    };
    let device = get::<Device>(asking.r, asking.who.device.0)?;
    let today = asking.today(crate::clock::DEFAULT_BOUNDARY);
    let mut places = vec![];
    let mut people = vec![];
    let mut sandbox = false;
    for facility in standing.places.keys() {
        let (site, today) = asking.site(*facility)?;
        sandbox |= site.facility.sandbox.unwrap_or(false);
        places.extend(choices(&site));
        people.extend(colleagues(asking, *facility, today.day)?);
    }
    people.sort_by(|a, b| (&a.name, a.person).cmp(&(&b.name, b.person)));
    people.dedup_by_key(|p| p.person);
    let municipality = get::<Municipality>(asking.r, standing.municipality)?;
    Ok(MeView {
        side,
        purpose: device.and_then(|d| d.purpose).unwrap_or(Purpose::Personal),
        person: match asking.who.person {
            Some(person) => staff_face(asking, person)?,
            None => None,
        },
        municipality: municipality.and_then(|m| m.name).unwrap_or_default(),
        home: home(asking, &places),
        places,
        colleagues: people,
        office_of: standing.places.iter().filter(|(_, p)| p.office()).map(|(f, _)| *f).collect(),
        sandbox,
        day: today.day,
    })
}

fn choices(site: &Site) -> Vec<PlaceChoice> {
    let facility = site.id;
    let choice = |place, title: Option<String>, age| PlaceChoice {
        place,
        title: title.unwrap_or_default(),
        facility_name: site.name(),
        age,
    };
    let classes = site
        .classes
        .iter()
        .map(|c| choice(PlaceRef::Class { facility, class: c.meta.id.into() }, c.name.clone(), c.age));
    // the own room of a class is opened through its class
    let rooms = site
        .rooms
        .iter()
        .filter(|r| r.home_of.is_none())
        .map(|r| choice(PlaceRef::Room { facility, room: r.meta.id.into() }, r.name.clone(), None));
    classes.chain(rooms).chain([choice(PlaceRef::Facility { facility }, site.facility.name.clone(), None)]).collect()
}

/// The place to open first: the class that a tablet is named after, the person's first class, the whole facility for
/// an office without classes, else the first place.
fn home(asking: &Asking<'_>, places: &[PlaceChoice]) -> Option<PlaceRef> {
    let standing = &asking.who.standing;
    let device = get::<Device>(asking.r, asking.who.device.0).ok().flatten().and_then(|d| d.name);
    let named = device.and_then(|name| places.iter().find(|p| !p.title.is_empty() && name.starts_with(&p.title)));
    let classes: BTreeSet<ClassId> = standing.places.values().flat_map(|p| p.classes.iter().copied()).collect();
    let own = places.iter().find(|p| matches!(p.place, PlaceRef::Class { class, .. } if classes.contains(&class)));
    let office = standing.places.iter().find(|(_, p)| !standing.shared && p.office() && p.classes.is_empty());
    let whole = office.map(|(facility, _)| PlaceRef::Facility { facility: *facility });
    named.or(own).map(|p| p.place).or(whole).or(places.first().map(|p| p.place))
}

pub(super) fn site_today(asking: &Asking<'_>, facility: FacilityId) -> Result<SiteTodayView, Refusal> {
    let (site, today) = asking.staff_site(facility)?;
    let all = children(asking, &site, today, PlaceRef::Facility { facility })?;
    let hearing = hearing(&asking.clock, today.day, today.now, site.facility.day_ends());
    let mut classes = vec![];
    for class in &site.classes {
        classes.push(class_row(asking, &site, class, &all)?);
    }
    let mut roll: Vec<RollItem> = all.iter().map(|seen| roll_item(&site, today, seen)).collect();
    roll.sort_by(|a, b| (&a.kana, a.child).cmp(&(&b.kana, b.child)));
    Ok(SiteTodayView {
        facility,
        facility_name: site.name(),
        day: today.day,
        weekday: today.day.weekday(),
        now: time_on(today.day, today.now),
        day_type: site.day_type(),
        day_name: site.day_name(),
        counts: counts(&all),
        staff_in_building: u16::try_from(staff_in(asking, &site, None)?.len()).unwrap_or(u16::MAX),
        calls: calls(asking, &site, today, &all, hearing.fresh)?,
        unread: unread(asking, &all, &site)?,
        open_ends: open_ends(&all, today),
        pending_joins: u16::try_from(pending(asking, &site)?.len()).unwrap_or(u16::MAX),
        classes,
        roll,
        hearing,
        arrivals: arrivals(&all, &site, today),
    })
}

fn class_row(
    asking: &Asking<'_>,
    site: &Site,
    class: &crate::place::ClassGroup,
    all: &[Seen],
) -> Result<ClassRow, Fault> {
    let id = ClassId::from(class.meta.id);
    let mut numbers = crate::view::Counts::default();
    let mut unread = 0;
    let mut unreported = 0;
    let mut ages = vec![];
    for seen in all.iter().filter(|s| s.facts.placement.as_ref().is_some_and(|p| p.class == id)) {
        let one = counts(std::slice::from_ref(seen));
        numbers.all += one.all;
        numbers.yet += one.yet;
        numbers.here += one.here;
        numbers.away += one.away;
        numbers.left += one.left;
        numbers.absent += one.absent;
        unreported += u16::from(matches!(seen.state, State::Unreported | State::Unknown));
        unread += super::messages::unread(asking, std::slice::from_ref(seen), site)?;
        if seen.state == State::Here {
            ages.extend(seen.facts.placement.as_ref().and_then(|p| p.class_age));
        }
    }
    let staff = staff_in(asking, site, site.home_room(id))?.len();
    let mut line = room_line(&[], PlaceRef::Class { facility: site.id, class: id }, staff);
    line.here = numbers.here - numbers.away;
    line.away = numbers.away;
    line.guide = crate::rules::staff_guide(ages.into_iter());
    Ok(ClassRow {
        class: id,
        name: class.name.clone().unwrap_or_default(),
        age: class.age,
        counts: numbers,
        unreported,
        unread,
        room_line: line,
    })
}

fn roll_item(site: &Site, today: Today, seen: &Seen) -> RollItem {
    let facts = &seen.facts;
    RollItem {
        child: facts.id(),
        face: child_face(&facts.child),
        kana: facts.child.names.as_ref().map(|n| n.kana.clone()).unwrap_or_default(),
        kanji: child_names(&facts.child).1,
        class_name: facts.placement.as_ref().map(|p| site.class_name(p.class)).unwrap_or_default(),
        state: seen.state,
        arrived: facts.arrived(site.id).map(|p| time_on(today.day, p.true_at())),
        left: facts.left(site.id).filter(|_| seen.state == State::Left).map(|p| time_on(today.day, p.true_at())),
        reason: match seen.place {
            Where::Absent(reason) => Some(reason),
            _ => None,
        },
        place: match &seen.place {
            Where::Away { place, .. } => Some(place.clone()),
            _ => None,
        },
        allergies: facts.safety.allergies.clone().unwrap_or_default(),
        contradictions: seen.contradictions.clone(),
    }
}

/// Arrivals per ten minutes from 07:00 to 10:00.
fn arrivals(all: &[Seen], site: &Site, today: Today) -> Vec<u16> {
    let mut bins = vec![0u16; 18];
    for punch in all.iter().filter_map(|s| s.facts.arrived(site.id)) {
        let minutes = time_on(today.day, punch.true_at()).0.saturating_sub(7 * 60);
        let last = bins.len() - 1;
        if let Some(bin) = bins.get_mut(usize::from(minutes / 10).min(last)) {
            *bin += 1;
        }
    }
    bins
}

fn pending(asking: &Asking<'_>, site: &Site) -> Result<Vec<JoinItem>, Fault> {
    let mut items = vec![];
    for placement in site.placements(asking.r, None)? {
        for g in collect::<Guardianship>(asking.r, &Scan::of::<Guardianship>().key(0, placement.child))? {
            if g.joining != Some(Joining::Pending) || !g.meta.counts() {
                continue;
            }
            items.push(join_item(asking, site, &placement, &g)?);
        }
    }
    items.sort_by_key(|i| (i.at, i.guardianship));
    Ok(items)
}

fn join_item(asking: &Asking<'_>, site: &Site, placement: &Placement, g: &Guardianship) -> Result<JoinItem, Fault> {
    let child = get::<Child>(asking.r, placement.child)?.unwrap_or_default();
    let person = get::<Person>(asking.r, g.person)?.unwrap_or_default();
    let used = collect::<Invitation>(asking.r, &Scan::of::<Invitation>().key(0, placement.child))?
        .into_iter()
        .find(|i| i.used_by.is_some_and(|by| by.0 == g.person))
        .and_then(|i| i.used);
    Ok(JoinItem {
        guardianship: g.meta.id,
        child: placement.child,
        child_name: child_names(&child).1,
        class_name: site.class_name(placement.class),
        person_name: person.names.map(|n| n.legal).unwrap_or_default(),
        relation: g.relation.clone().unwrap_or_default(),
        at: used,
    })
}

pub(super) fn joins(asking: &Asking<'_>, facility: FacilityId) -> Result<JoinsView, Refusal> {
    let (site, today) = asking.staff_site(facility)?;
    if !asking.who.standing.office_at(facility) && !invites(asking, facility) {
        return Err(Code::NotFound.into());
    }
    let all = children(asking, &site, today, PlaceRef::Facility { facility })?;
    let mut roll: Vec<RollItem> = all.iter().map(|seen| roll_item(&site, today, seen)).collect();
    roll.sort_by(|a, b| (&a.class_name, &a.kana, a.child).cmp(&(&b.class_name, &b.kana, b.child)));
    let mut nobody = vec![];
    for item in &roll {
        if !anybody_joined(asking, item.child)? {
            nobody.push(item.clone());
        }
    }
    Ok(JoinsView { facility, facility_name: site.name(), pending: pending(asking, &site)?, nobody, children: roll })
}

fn invites(asking: &Asking<'_>, facility: FacilityId) -> bool {
    let place = asking.who.standing.places.get(&facility);
    place.is_some_and(|p| p.roles.contains(&crate::people::Role::IctContact))
}

fn anybody_joined(asking: &Asking<'_>, child: ChildId) -> Result<bool, Fault> {
    let all = collect::<Guardianship>(asking.r, &Scan::of::<Guardianship>().key(0, child))?;
    Ok(all.iter().any(|g| matches!(g.joining, Some(Joining::Confirmed | Joining::Pending))))
}
