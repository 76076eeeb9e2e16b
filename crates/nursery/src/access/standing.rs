//! What somebody is, from records: roles at places, rights over children, children in care.

use crate::calendar::Visit;
use crate::core::{Fault, Records, Scan, collect, get};
use crate::devices::{Device, Purpose};
use crate::ids::{ChildId, ClassId, FacilityId, MunicipalityId};
use crate::people::{Assignment, Guardianship, Joining, Placement, Protection, Role, SightRight};
use records::{Day, DeviceId, PersonId, Subject};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody or something that holds records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// A person, in a browser or on an own device.
    Person(PersonId),
    /// A paired device: a shared one holds what its site needs, a personal one what its person may hold.
    Device(DeviceId),
}

/// Roles at one facility.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// As what.
    pub roles: BTreeSet<Role>,
    /// In which classes; empty: in all.
    pub classes: BTreeSet<ClassId>,
}

impl Place {
    /// Director, lead teacher or office.
    #[must_use]
    pub fn office(&self) -> bool {
        [Role::Director, Role::LeadTeacher, Role::Office].iter().any(|r| self.roles.contains(r))
    }
}

/// An adult's rights over one child.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyRight {
    /// What may be seen.
    pub sight: SightRight,
    /// May collect.
    pub pickup: bool,
    /// 続柄
    pub relation: String,
    /// Where the child is placed, in which class, since when.
    pub places: Vec<(FacilityId, ClassId, Day)>,
}

/// The device through which somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceStanding {
    /// Shared by the staff of a site.
    Shared(FacilityId),
    /// One person's own, or a browser session.
    Own,
}

/// What a principal is on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Of which municipality.
    pub municipality: MunicipalityId,
    /// The person, for persons and personal devices.
    pub person: Option<PersonId>,
    /// Roles at facilities.
    pub places: BTreeMap<FacilityId, Place>,
    /// Child-care division of the city.
    pub city: bool,
    /// Rights over children.
    pub family: BTreeMap<ChildId, FamilyRight>,
    /// Children in the care of these places now, by placement or visit.
    pub care: BTreeSet<ChildId>,
    /// Children placed (not merely visiting) where the principal belongs to the office: their lasting facts may be written.
    #[serde(default)]
    pub placed: BTreeSet<ChildId>,
    /// People these places must know.
    pub known: BTreeSet<PersonId>,
    /// Subjects of which nothing is shown.
    pub excluded: BTreeSet<Subject>,
    /// Rights were taken away altogether: lost device, blocked person.
    pub blocked: bool,
    /// The device through which this standing acts.
    pub device: Option<DeviceId>,
    /// True for a device shared by the staff of a site.
    pub shared: bool,
}

impl Standing {
    /// True if the principal has anything to do with the municipality.
    #[must_use]
    pub fn anybody(&self) -> bool {
        self.city || !self.places.is_empty() || !self.family.is_empty()
    }

    /// True if the principal works at this facility.
    #[must_use]
    pub fn staff_at(&self, facility: FacilityId) -> bool {
        self.places.contains_key(&facility)
    }

    /// True if the principal is director, lead teacher or office of this facility.
    #[must_use]
    pub fn office_at(&self, facility: FacilityId) -> bool {
        self.places.get(&facility).is_some_and(Place::office)
    }
}

/// Roles, rights and care of a principal on a day, from records. `municipality` is the feed in which these records lie.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn standing(r: &dyn Records, municipality: MunicipalityId, of: Principal, on: Day) -> Result<Standing, Fault> {
    let mut standing = Standing { municipality, ..Standing::default() };
    match of {
        Principal::Person(person) => add_person(r, &mut standing, person, on)?,
        Principal::Device(device) => add_device(r, &mut standing, device, on)?,
    }
    let places: Vec<FacilityId> = standing.places.keys().copied().collect();
    let door = match of {
        Principal::Device(device) => get::<Device>(r, device.0)?.and_then(|d| d.purpose) == Some(Purpose::Kiosk),
        Principal::Person(_) => false,
    };
    for facility in places {
        let children = add_care(r, &mut standing, facility, on)?;
        for child in children {
            if !(door && hide_protected(r, &mut standing, child, on)?) {
                add_known(r, &mut standing, child, door)?;
            }
        }
    }
    Ok(standing)
}

/// What a person may do through a device: on a shared tablet only what concerns its site, and nothing of the person's own family.
#[must_use]
pub fn through(mut person: Standing, device: &Standing) -> Standing {
    person.device = device.device;
    person.blocked |= device.blocked;
    if !device.shared {
        return person;
    }
    person.shared = true;
    person.places.retain(|facility, _| device.places.contains_key(facility));
    person.care.retain(|child| device.care.contains(child));
    person.placed.retain(|child| device.care.contains(child));
    person.known.retain(|known| device.known.contains(known));
    person.excluded.extend(device.excluded.iter().copied());
    person.family.clear();
    person.city = false;
    person
}

fn add_device(r: &dyn Records, standing: &mut Standing, device: DeviceId, on: Day) -> Result<(), Fault> {
    standing.device = Some(device);
    let Some(record) = get::<Device>(r, device.0)? else {
        standing.blocked = true;
        return Ok(());
    };
    standing.blocked = record.retired.is_some() || !record.meta.counts();
    match record.purpose.unwrap_or_default() {
        Purpose::Personal => add_person(r, standing, PersonId(record.owner), on)?,
        Purpose::ClassTablet | Purpose::Kiosk => {
            standing.shared = true;
            standing.places.insert(record.owner.into(), Place::default());
        }
    }
    Ok(())
}

fn add_person(r: &dyn Records, standing: &mut Standing, person: PersonId, on: Day) -> Result<(), Fault> {
    standing.person = Some(person);
    for a in collect::<Assignment>(r, &Scan::of::<Assignment>().key(0, person.0))? {
        if !a.holds_on(on) {
            continue;
        }
        let role = a.role.unwrap_or_default();
        if role == Role::City {
            standing.city = true;
            continue;
        }
        let place = standing.places.entry(a.facility).or_default();
        place.roles.insert(role);
        place.classes.extend(a.classes.unwrap_or_default());
    }
    // whoever a child is protected from learns nothing of it, whatever else that person is
    for p in collect::<Protection>(r, &Scan::of::<Protection>().key(1, person.0))? {
        if p.holds_on(on) {
            standing.excluded.insert(p.child.into());
        }
    }
    for g in collect::<Guardianship>(r, &Scan::of::<Guardianship>().key(1, person.0))? {
        add_child(r, standing, &g, on)?;
    }
    Ok(())
}

fn add_child(r: &dyn Records, standing: &mut Standing, g: &Guardianship, on: Day) -> Result<(), Fault> {
    let dated = g.from.is_none_or(|f| f <= on) && g.until.is_none_or(|u| on <= u);
    if !g.meta.counts() || !dated || g.joining != Some(Joining::Confirmed) {
        return Ok(());
    }
    if standing.excluded.contains(&g.child.into()) {
        return Ok(());
    }
    let places = collect::<Placement>(r, &Scan::of::<Placement>().key(0, g.child))?
        .into_iter()
        .filter(|p| p.meta.counts() && p.until.is_none_or(|u| on <= u))
        .map(|p| (p.facility, p.class, p.from.unwrap_or(on)))
        .collect();
    let right = FamilyRight {
        sight: g.sight.unwrap_or_default(),
        pickup: g.pickup.unwrap_or(false),
        relation: g.relation.clone().unwrap_or_default(),
        places,
    };
    standing.family.insert(g.child, right);
    Ok(())
}

/// The door is seen by everybody: it holds nothing of a protected child. True if this child is one.
fn hide_protected(r: &dyn Records, standing: &mut Standing, child: ChildId, on: Day) -> Result<bool, Fault> {
    let all = collect::<Protection>(r, &Scan::of::<Protection>().key(0, child))?;
    let hidden = all.iter().any(|p| p.holds_on(on));
    if hidden {
        standing.excluded.insert(child.into());
    }
    Ok(hidden)
}

/// People whom a place that cares for a child must know.
fn add_known(r: &dyn Records, standing: &mut Standing, child: ChildId, door: bool) -> Result<(), Fault> {
    for g in collect::<Guardianship>(r, &Scan::of::<Guardianship>().key(0, child))? {
        standing.known.insert(PersonId(g.person));
    }
    if door {
        return Ok(()); // a name that a child is protected from is for staff alone
    }
    // also who is no guardian: a class must know a name to stop at it, without network
    for p in collect::<Protection>(r, &Scan::of::<Protection>().key(0, child))? {
        if p.meta.counts() && p.person != uuid::Uuid::nil() {
            standing.known.insert(PersonId(p.person));
        }
    }
    Ok(())
}

/// Children whom a facility has in care now, and its staff. Returns the children.
fn add_care(
    r: &dyn Records,
    standing: &mut Standing,
    facility: FacilityId,
    on: Day,
) -> Result<BTreeSet<ChildId>, Fault> {
    let mut children = BTreeSet::new();
    for p in collect::<Placement>(r, &Scan::of::<Placement>().key(1, facility))? {
        // a child who enters within a month is prepared for; one who left yesterday is still written about today
        let soon = p.from.is_some_and(|f| f <= on.plus(31));
        let still = p.until.is_none_or(|u| on.plus(-1) <= u);
        if p.meta.counts() && soon && still {
            children.insert(p.child);
            if standing.office_at(facility) {
                standing.placed.insert(p.child);
            }
        }
    }
    for v in collect::<Visit>(r, &Scan::of::<Visit>().key(1, facility))? {
        if v.meta.counts() && v.from.is_some_and(|f| f <= on.plus(1)) && v.until.is_some_and(|u| on <= u) {
            children.insert(v.child);
        }
    }
    for a in collect::<Assignment>(r, &Scan::of::<Assignment>().key(1, facility))? {
        if a.meta.counts() && a.until.is_none_or(|u| on.plus(-31) <= u) {
            standing.known.insert(PersonId(a.person));
        }
    }
    standing.care.extend(&children);
    Ok(children)
}
