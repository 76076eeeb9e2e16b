//! Attendance (登降園): what was announced, what was punched and what was seen are three sources, never merged.

mod announce;
mod facts;
mod safety;

pub use announce::{
    Acknowledgement, Announced, Announcement, CallOutcome, Calling, Channel, LONGEST_DAYS, Reason, ToldByPhone,
};
pub use facts::{Away, AwayBack, Collector, Movement, OtherCollector, Punch, PunchSort, PunchSource, Sighting};
pub use safety::{CountState, GAP_WHY_MOST, Gap, HeadCount, Presence, RoomSession, Transition};
