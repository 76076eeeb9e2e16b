//! Every kind that exists, for stores and for the judge.

use crate::core::Definition;
use crate::{attendance as a, calendar as c, devices as d, people as p, place as pl, server as s};

static KINDS: &[Definition] = &[
    Definition::of::<pl::Municipality>(),
    Definition::of::<pl::Facility>(),
    Definition::of::<pl::ClassGroup>(),
    Definition::of::<pl::Room>(),
    Definition::of::<pl::CapabilitySwitch>(),
    Definition::of::<p::Person>(),
    Definition::of::<p::Child>(),
    Definition::of::<p::ChildSafety>(),
    Definition::of::<p::CareNote>(),
    Definition::of::<p::Household>(),
    Definition::of::<p::HouseholdMember>(),
    Definition::of::<p::Guardianship>(),
    Definition::of::<p::AuthorizedPickup>(),
    Definition::of::<p::Placement>(),
    Definition::of::<p::Assignment>(),
    Definition::of::<p::Protection>(),
    Definition::of::<p::Consent>(),
    Definition::of::<d::Device>(),
    Definition::of::<d::Invitation>(),
    Definition::of::<c::SiteDay>(),
    Definition::of::<c::CarePattern>(),
    Definition::of::<c::ExpectedDay>(),
    Definition::of::<c::Visit>(),
    Definition::of::<a::Punch>(),
    Definition::of::<a::Sighting>(),
    Definition::of::<a::Movement>(),
    Definition::of::<a::Away>(),
    Definition::of::<a::AwayBack>(),
    Definition::of::<a::Announcement>(),
    Definition::of::<a::Acknowledgement>(),
    Definition::of::<a::Calling>(),
    Definition::of::<a::ToldByPhone>(),
    Definition::of::<a::RoomSession>(),
    Definition::of::<a::Presence>(),
    Definition::of::<a::HeadCount>(),
    Definition::of::<s::Delivery>(),
    Definition::of::<s::Hold>(),
    Definition::of::<s::Witness>(),
    Definition::of::<s::Collectors>(),
];

/// Number of the newest schema; moves when a kind or field is added.
pub const SCHEMA: u32 = 1;

/// Every kind.
#[must_use]
pub fn kinds() -> &'static [Definition] {
    KINDS
}

/// The kind of this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Definition> {
    KINDS.iter().find(|k| k.name == name)
}

/// The kind of this number.
#[must_use]
pub fn by_number(number: u16) -> Option<&'static Definition> {
    KINDS.iter().find(|k| k.number == number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_numbers_are_given_once() {
        assert_eq!(kinds().iter().map(|k| k.name).collect::<BTreeSet<_>>().len(), kinds().len());
        assert_eq!(kinds().iter().map(|k| k.number).collect::<BTreeSet<_>>().len(), kinds().len());
    }

    #[test]
    fn every_kind_has_a_row_in_the_access_table() {
        for kind in kinds() {
            assert!(crate::access::row(kind.name).is_some(), "{} has no row", kind.name);
        }
        assert_eq!(crate::access::TABLE.len(), kinds().len());
    }
}
