//! Who sees and does what. Alone decides: on the device to refuse early, on the server to judge, to filter and to poke.
//!
//! From records (assignments, placements, guardianships, visits, protections) comes a [`Standing`]; from that a
//! [`Sight`] (audience atoms held minus excluded subjects) and an answer to [`may`]. Default deny.

mod audience;
mod may;
mod sight;
mod standing;
mod table;

pub use audience::{Audience, atoms};
pub use may::{Denied, Doing, may};
pub use sight::{Sight, Since, sight};
pub use standing::{DeviceStanding, FamilyRight, Place, Principal, Standing, standing, through};
pub use table::{By, Row, TABLE, row};
