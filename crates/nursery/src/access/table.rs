//! The access table: who may make and who may write each kind. A kind without a row cannot be written at all.

use crate::core::Form;

/// By virtue of what somebody may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Staff of the facility in whose feed the record lies.
    StaffHere,
    /// Office, lead teacher or director of that facility.
    OfficeHere,
    /// Guardian with full sight of the subject.
    FamilyOfSubject,
    /// Office of a site at which the subject is placed (not merely visiting), for the municipality's feed.
    OfficeOfCare,
    /// Office of the facility in this clear key.
    OfficeOfKey(usize),
    /// Office or ICT contact of the facility in this clear key.
    IctOfKey(usize),
    /// The person that the record describes or belongs to.
    Oneself,
    /// The city's child-care division.
    City,
    /// Only the server itself.
    Server,
}

/// Who may make and who may write one kind.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Which kind.
    pub kind: &'static str,
    /// Who may make one.
    pub make: &'static [By],
    /// Who may write (for facts: void) one.
    pub write: &'static [By],
}

const fn of<K: Form>(make: &'static [By], write: &'static [By]) -> Row {
    Row { kind: K::NAME, make, write }
}

use crate::attendance as a;
use crate::calendar as c;
use crate::devices as d;
use crate::people as p;
use crate::place as pl;
use crate::server as s;
use By::{City, FamilyOfSubject, IctOfKey, OfficeHere, OfficeOfCare, OfficeOfKey, Oneself, Server, StaffHere};

/// One row per kind.
pub const TABLE: &[Row] = &[
    of::<pl::Municipality>(&[City], &[City]),
    of::<pl::Facility>(&[City], &[City]),
    of::<pl::ClassGroup>(&[City, OfficeOfKey(0)], &[City, OfficeOfKey(0)]),
    of::<pl::Room>(&[City, OfficeOfKey(0)], &[City, OfficeOfKey(0)]),
    of::<pl::CapabilitySwitch>(&[City, OfficeOfKey(0)], &[City, OfficeOfKey(0)]),
    of::<p::Person>(&[City], &[City, Oneself]),
    of::<p::Child>(&[City], &[City, OfficeOfCare]),
    of::<p::ChildSafety>(&[City, OfficeOfCare], &[City, OfficeOfCare]),
    of::<p::CareNote>(&[City, OfficeOfCare], &[City, OfficeOfCare]),
    of::<p::Household>(&[City], &[City]),
    of::<p::HouseholdMember>(&[City], &[City]),
    of::<p::Guardianship>(&[City, OfficeOfCare], &[City, OfficeOfCare]),
    of::<p::AuthorizedPickup>(&[City, OfficeOfCare], &[City, OfficeOfCare]),
    of::<p::Placement>(&[City], &[City]),
    of::<p::Assignment>(&[City], &[City]),
    of::<p::Protection>(&[City, OfficeOfCare], &[City, OfficeOfCare]),
    of::<p::Consent>(&[FamilyOfSubject, OfficeOfCare], &[FamilyOfSubject, OfficeOfCare]),
    of::<d::Device>(&[Server], &[City, Oneself, IctOfKey(0)]),
    of::<d::Invitation>(&[IctOfKey(1)], &[IctOfKey(1)]),
    of::<c::SiteDay>(&[OfficeHere, City], &[OfficeHere, City]),
    of::<c::CarePattern>(&[OfficeHere], &[OfficeHere]),
    of::<c::ExpectedDay>(&[StaffHere], &[StaffHere]),
    of::<c::Visit>(&[City], &[City]),
    of::<a::Punch>(&[StaffHere], &[StaffHere]),
    of::<a::Sighting>(&[StaffHere], &[StaffHere]),
    of::<a::Movement>(&[StaffHere], &[StaffHere]),
    of::<a::Away>(&[StaffHere], &[StaffHere]),
    of::<a::AwayBack>(&[StaffHere], &[StaffHere]),
    of::<a::Announcement>(&[StaffHere, FamilyOfSubject], &[StaffHere, FamilyOfSubject]),
    of::<a::Acknowledgement>(&[StaffHere], &[StaffHere]),
    of::<a::Calling>(&[StaffHere], &[StaffHere]),
    of::<a::ToldByPhone>(&[FamilyOfSubject], &[FamilyOfSubject]),
    of::<a::RoomSession>(&[StaffHere], &[StaffHere]),
    of::<a::Presence>(&[StaffHere], &[StaffHere]),
    of::<a::HeadCount>(&[StaffHere], &[StaffHere]),
    of::<s::Delivery>(&[Server], &[Server]),
    of::<s::Hold>(&[Server], &[OfficeHere, City]),
    of::<s::Witness>(&[Server], &[OfficeHere, City]),
    of::<s::Collectors>(&[Server], &[Server]),
];

/// The row of a kind.
#[must_use]
pub fn row(kind: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.kind == kind)
}
