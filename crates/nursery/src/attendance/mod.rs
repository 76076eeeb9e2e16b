//! Attendance (登降園): what was announced, what was punched and what was seen are three sources, never merged.

mod announce;
mod facts;
mod safety;

pub use announce::{
    Acknowledgement, Announced, Announcement, CallOutcome, Calling, Channel, LONGEST_DAYS, Reason, ToldByPhone,
};
pub use facts::{Away, AwayBack, Collector, Movement, OtherCollector, Punch, PunchSort, PunchSource, Sighting};
pub use safety::{CountState, HeadCount, Presence, RoomSession, Transition};
