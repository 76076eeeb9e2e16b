//! Whether somebody may do something.

use super::{By, Standing, row};
use crate::ids::{ChildId, FacilityId, MunicipalityId};
use crate::people::{Role, SightRight};
use records::{Head, PersonId};

/// What is to be done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Make it.
    Make,
    /// Write a field of it, or void it.
    Write,
    /// See who wrote what before.
    History,
}

/// Not allowed; the difference decides between holding and refusing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// No right, or it ended in the ordinary course.
    NoRight,
    /// The right was taken away: block, protection, lost device.
    TakenAway,
}

/// Whether `standing` may do this with a record of this head.
///
/// # Errors
/// [`Denied`].
pub fn may(standing: &Standing, doing: Doing, head: &Head) -> Result<(), Denied> {
    if standing.blocked || standing.excluded.contains(&head.subject) {
        return Err(Denied::TakenAway);
    }
    let Some(row) = row(head.kind.as_str()) else {
        return Err(Denied::NoRight);
    };
    let by: &[By] = match doing {
        Doing::Make => row.make,
        Doing::Write => row.write,
        Doing::History => &[By::OfficeHere, By::StaffHere, By::City],
    };
    if by.iter().any(|by| holds(standing, *by, head)) { Ok(()) } else { Err(Denied::NoRight) }
}

fn holds(standing: &Standing, by: By, head: &Head) -> bool {
    let here = FacilityId::from(head.feed);
    let subject = ChildId::from(head.subject);
    match by {
        By::StaffHere => standing.staff_at(here),
        By::OfficeHere => standing.office_at(here),
        By::FamilyOfSubject => {
            let Some(right) = standing.family.get(&subject) else { return false };
            let in_feed = MunicipalityId::from(head.feed) == standing.municipality
                || right.places.iter().any(|(facility, _, _)| *facility == here);
            right.sight == SightRight::Full && in_feed
        }
        By::OfficeOfCare => standing.placed.contains(&subject),
        By::OfficeOfKey(at) => head.keys.get(at).is_some_and(|key| standing.office_at(FacilityId(*key))),
        By::IctOfKey(at) => head.keys.get(at).is_some_and(|key| {
            let place = standing.places.get(&FacilityId(*key));
            place.is_some_and(|p| p.office() || p.roles.contains(&Role::IctContact))
        }),
        By::Oneself => standing.person.is_some_and(|person| PersonId(head.subject.0) == person),
        By::City => standing.city,
        By::Server => false,
    }
}
