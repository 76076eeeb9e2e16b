//! Who am I, today's overview, joining.

use super::Asking;
use super::board::{Seen, children, counts, number};
use super::calls::calls;
use super::crowd::Crowd;
use super::faces::{child_face, child_names, colleagues, search_keys, staff_face};
use super::messages::unread;
use super::open_ends::ends;
use super::waiting::undecided;
use crate::clock::time_on;
use crate::core::{Code, Fault, Refusal, Scan, collect, get, text_key};
use crate::devices::{Device, Invitation, Purpose};
use crate::ids::{ClassId, FacilityId};
use crate::people::{Child, Guardianship, Joining, Person, Placement};
use crate::place::{Facility, Municipality};
use crate::rules::{ChildDay, Site, Today, Where, hearing};
use crate::view::{
    InviteChild, JoinItem, JoinsView, MeView, PlaceChoice, PlaceRef, RollItem, Side, SiteTodayView, State,
};
use records::RecordId;
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
        let (site, _) = asking.site(*facility)?;
        sandbox |= site.facility.sandbox.unwrap_or(false);
        places.extend(choices(&site));
        people.extend(colleagues(asking, &site)?);
    }
    people.sort_by_cached_key(|(_, post)| (text_key(&post.kana), post.kana.clone(), post.person));
    people.dedup_by_key(|(_, post)| post.person);
    let (people, posts): (Vec<_>, Vec<_>) = people.into_iter().unzip();
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
        posts,
        city: standing.city,
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
    let crowd = Crowd::of(asking, &site, &all)?;
    let mut roll = vec![];
    for seen in &all {
        roll.push(roll_item(asking, &site, today, seen)?);
    }
    roll.sort_by_cached_key(|item| (text_key(&item.kana), item.kana.clone(), item.child));
    Ok(SiteTodayView {
        facility,
        facility_name: site.name(),
        day: today.day,
        weekday: today.day.weekday(),
        now: time_on(today.day, today.now),
        day_type: site.day_type(),
        day_name: site.day_name(),
        counts: counts(&all),
        staff_in_building: crowd.staff(),
        calls: calls(asking, &site, today, &all, hearing.fresh)?,
        unread: unread(asking, &all, &site)?,
        open_ends: number(ends(asking, &site, today, &all, false)?.len()),
        pending_joins: number(waiting(asking, &site)?.len()),
        undecided: number(undecided(asking, facility)?),
        classes: crowd.rows(asking)?,
        joint: crowd.joint_rooms(),
        roll,
        hearing,
        arrivals: arrivals(&all, &site, today),
    })
}

fn roll_item(asking: &Asking<'_>, site: &Site, today: Today, seen: &Seen) -> Result<RollItem, Fault> {
    let facts = &seen.facts;
    Ok(RollItem {
        child: facts.id(),
        face: child_face(&facts.child),
        kana: facts.child.names.as_ref().map(|n| n.kana.clone()).unwrap_or_default(),
        kanji: child_names(&facts.child).1,
        search: search_keys(&facts.child),
        class_name: facts.placement.as_ref().map(|p| site.class_name(p.class)).unwrap_or_default(),
        home: if facts.placement.is_none() { home_of(asking, site, facts)? } else { None },
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
    })
}

/// Name of the facility that a visiting child comes from.
fn home_of(asking: &Asking<'_>, site: &Site, facts: &ChildDay) -> Result<Option<String>, Fault> {
    let Some(visit) = facts.visits.iter().find(|v| v.host == site.id && v.holds_on(site.day)) else { return Ok(None) };
    Ok(get::<Facility>(asking.r, visit.home)?.and_then(|f| f.name))
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

/// A child of the site and its guardianships.
struct Tied {
    placement: Placement,
    ties: Vec<Guardianship>,
}

impl Tied {
    fn pending(&self) -> impl Iterator<Item = &Guardianship> {
        self.ties.iter().filter(|g| g.joining == Some(Joining::Pending) && g.meta.counts())
    }
}

fn tied(asking: &Asking<'_>, site: &Site) -> Result<Vec<Tied>, Fault> {
    let mut all = vec![];
    for placement in site.placements(asking.r, None)? {
        let ties = collect(asking.r, &Scan::of::<Guardianship>().key(0, placement.child))?;
        all.push(Tied { placement, ties });
    }
    Ok(all)
}

/// Guardianships that wait to be confirmed.
fn waiting(asking: &Asking<'_>, site: &Site) -> Result<BTreeSet<RecordId>, Fault> {
    Ok(tied(asking, site)?.iter().flat_map(Tied::pending).map(|g| g.meta.id).collect())
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
    let (site, _) = asking.staff_site(facility)?;
    if !asking.who.standing.office_at(facility) && !invites(asking, facility) {
        return Err(Code::NotFound.into());
    }
    let (mut pending, mut children) = (vec![], vec![]);
    for one in tied(asking, &site)? {
        for g in one.pending() {
            pending.push(join_item(asking, &site, &one.placement, g)?);
        }
        children.push((class_order(&site, &one.placement), invite_child(asking, &site, &one)?));
    }
    pending.sort_by_key(|i| (i.at, i.guardianship));
    children.sort_by_cached_key(|(class, one)| (*class, text_key(&one.kana), one.kana.clone(), one.child));
    let children = children.into_iter().map(|(_, child)| child).collect();
    Ok(JoinsView { facility, facility_name: site.name(), pending, children })
}

fn class_order(site: &Site, placement: &Placement) -> Option<usize> {
    site.classes.iter().position(|c| c.meta.id.0 == placement.class.0)
}

fn invite_child(asking: &Asking<'_>, site: &Site, of: &Tied) -> Result<InviteChild, Fault> {
    let child = get::<Child>(asking.r, of.placement.child)?.unwrap_or_default();
    Ok(InviteChild {
        child: of.placement.child,
        face: child_face(&child),
        kana: child.names.as_ref().map(|n| n.kana.clone()).unwrap_or_default(),
        kanji: child_names(&child).1,
        search: search_keys(&child),
        class_name: site.class_name(of.placement.class),
        joined: of.ties.iter().any(|g| matches!(g.joining, Some(Joining::Confirmed | Joining::Pending))),
    })
}

fn invites(asking: &Asking<'_>, facility: FacilityId) -> bool {
    let place = asking.who.standing.places.get(&facility);
    place.is_some_and(|p| p.roles.contains(&crate::people::Role::IctContact))
}
