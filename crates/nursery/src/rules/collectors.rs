//! Who may collect a child, and whom of them its families may know.

use super::protection::{barred_entry, protected_from};
use crate::attendance::{Announced, Announcement, Collector};
use crate::core::{Fault, Form, Records, Scan, collect, get};
use crate::ids::{ChildId, PickupId};
use crate::people::{AuthorizedPickup, Guardianship, Person, Protection, SightRight};
use crate::server::{Collectors, MayCollect};
use records::{Day, PersonId, RecordId};

/// Everybody whom the records let collect a child on this day or later, guardians in the order of calling first. Asked
/// of all records, or of those that staff hold.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn may_collect(r: &dyn Records, child: ChildId, on: Day) -> Result<Vec<MayCollect>, Fault> {
    let protected = protected_from(r, child, on)?;
    let mut guardians = collect::<Guardianship>(r, &Scan::of::<Guardianship>().key(0, child))?;
    guardians.retain(|g| offered(g, on) && !protected.contains(&PersonId(g.person)));
    guardians.sort_by_key(|g| (g.call_order.unwrap_or(u8::MAX), g.meta.id));
    let mut all = vec![];
    for guardianship in guardians {
        all.push(of_guardian(r, guardianship)?);
    }
    for pickup in collect::<AuthorizedPickup>(r, &Scan::of::<AuthorizedPickup>().key(0, child))? {
        let names = pickup.names.clone().unwrap_or_default();
        let over = pickup.until.is_some_and(|until| until < on);
        // registered under another entry: offered to nobody, as a guardian would not be
        if !pickup.meta.counts() || over || barred_entry(r, child, on, &names)?.is_some() {
            continue;
        }
        all.push(of_entry(pickup));
    }
    Ok(all)
}

/// What the server tells the families of a child on a day about who may collect it. While the child is protected from
/// anybody, no guardian learns of another one here: not that there is one, and no name. Told anew on the day on which a
/// protection begins or ends: a list that grew shorter before would forewarn.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn told_to_families(r: &dyn Records, child: ChildId, on: Day) -> Result<Vec<MayCollect>, Fault> {
    let apart = collect::<Protection>(r, &Scan::of::<Protection>().key(0, child))?.iter().any(|p| p.holds_on(on));
    let mut all = may_collect(r, child, on)?;
    all.retain(|one| !apart || !matches!(one.collector, Collector::Guardian { .. }));
    Ok(all)
}

/// Whom a guardian may name as collecting a child on a day, from what that guardian holds: himself or herself, and whom
/// the server tells the families.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn known_to(r: &dyn Records, guardian: PersonId, child: ChildId, day: Day) -> Result<Vec<MayCollect>, Fault> {
    let told = match own_tie(r, guardian, child)? {
        Some(tie) => {
            let id = RecordId::derived(tie.meta.feed, Collectors::NAME, &child.to_string());
            get::<Collectors>(r, id.0)?.and_then(|told| told.list).unwrap_or_default()
        }
        None => vec![],
    };
    let mut all = vec![];
    if let Some(tie) = own_tie(r, guardian, child)?.filter(|tie| offered(tie, day)) {
        all.push(of_guardian(r, tie)?);
    }
    let own = Collector::Guardian { person: guardian };
    all.extend(told.into_iter().filter(|one| one.collector != own));
    all.retain(|one| one.holds_on(day));
    Ok(all)
}

fn own_tie(r: &dyn Records, guardian: PersonId, child: ChildId) -> Result<Option<Guardianship>, Fault> {
    let all = collect::<Guardianship>(r, &Scan::of::<Guardianship>().key(1, guardian.0))?;
    Ok(all.into_iter().find(|tie| tie.child == child))
}

fn offered(g: &Guardianship, on: Day) -> bool {
    let over = g.until.is_some_and(|until| until < on);
    let sees = g.sight.unwrap_or_default() != SightRight::None;
    sees && !over && g.may_collect_on(on.max(g.from.unwrap_or(on)))
}

fn of_entry(entry: AuthorizedPickup) -> MayCollect {
    MayCollect {
        collector: Collector::Registered { pickup: entry.meta.id.into() },
        relation: entry.relation.unwrap_or_default(),
        name: entry.names.unwrap_or_default().legal,
        from: entry.from,
        until: entry.until,
    }
}

fn of_guardian(r: &dyn Records, tie: Guardianship) -> Result<MayCollect, Fault> {
    let person = PersonId(tie.person);
    let names = get::<Person>(r, person.0)?.and_then(|p| p.names).unwrap_or_default();
    Ok(MayCollect {
        collector: Collector::Guardian { person },
        relation: tie.relation.unwrap_or_default(),
        name: names.legal,
        from: tie.from,
        until: tie.until,
    })
}

/// An announcement whose collector has the 続柄 and name that the records say, not those that came with it: whoever
/// names somebody's id cannot put another name beside it. Where the records that may be held say nothing of that id, the
/// words of the announcement stay.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn as_registered(r: &dyn Records, mut announcement: Announcement) -> Result<Announcement, Fault> {
    let child = announcement.child;
    if let Some(Announced::Pickup { person, pickup, relation, name, .. }) = &mut announcement.announced
        && let Some(one) = registered(r, child, *person, *pickup)?
    {
        (*relation, *name) = (one.relation, one.name);
    }
    Ok(announcement)
}

fn registered(
    r: &dyn Records,
    child: ChildId,
    person: Option<PersonId>,
    pickup: Option<PickupId>,
) -> Result<Option<MayCollect>, Fault> {
    if let Some(entry) = pickup {
        let entry = get::<AuthorizedPickup>(r, entry)?.filter(|entry| entry.child == child);
        return Ok(entry.map(of_entry));
    }
    let Some(person) = person else { return Ok(None) };
    if get::<Person>(r, person.0)?.is_some() {
        return own_tie(r, person, child)?.map(|tie| of_guardian(r, tie)).transpose();
    }
    // families hold of each other only what the server tells
    let told = collect::<Collectors>(r, &Scan::of::<Collectors>().key(0, child))?;
    let mut told = told.into_iter().filter_map(|told| told.list).flatten();
    Ok(told.find(|one| one.collector == Collector::Guardian { person }))
}

/// The one of a list whom an announcement names by id; `None` if it names nobody or both a guardian and somebody
/// registered.
#[must_use]
pub fn named(list: &[MayCollect], person: Option<PersonId>, pickup: Option<PickupId>) -> Option<&MayCollect> {
    let asked = match (person, pickup) {
        (Some(person), None) => Collector::Guardian { person },
        (None, Some(pickup)) => Collector::Registered { pickup },
        _ => return None,
    };
    list.iter().find(|one| one.collector == asked)
}
