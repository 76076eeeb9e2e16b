//! What happened to one child: punches, sightings, moves between rooms, being out.

use crate::access::{Audience, atoms};
use crate::core::{Code, Kind, Shape};
use crate::form;
use crate::ids::{ChildId, PickupId, RoomId};
use records::{Atoms, DeviceTime, PersonId, RecordId, TimeOfDay};
use serde::{Deserialize, Serialize};

/// 登園 or 降園.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum PunchSort {
    /// 登園
    #[default]
    Arrival,
    /// 降園
    Departure,
}

/// How a punch came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum PunchSource {
    /// A member of staff tapped the tile at that moment.
    #[default]
    Staff,
    /// At the door.
    Kiosk,
    /// Entered later, with a reason.
    Correction,
}

/// Somebody who is not registered: called about, agreed to, and handed over with a PIN.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct OtherCollector {
    /// As the person said.
    pub name: String,
    /// As the person said.
    pub relation: String,
    /// The guardian who agreed by voice.
    pub agreed_by: PersonId,
    /// How long before the departure the guardian was spoken to, ms. A span, because the clock of whoever shows the
    /// form may be wrong; the moment follows from the departure's own time.
    pub called_before_ms: u32,
}

/// Who collects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "who")]
pub enum Collector {
    /// A guardian.
    Guardian {
        /// Which.
        person: PersonId,
    },
    /// Somebody on the list.
    Registered {
        /// Which.
        pickup: PickupId,
    },
    /// Somebody who is on no list.
    Other(OtherCollector),
}

form! {
    /// 打刻. A fact: written once, voided when wrong.
    Punch = "punch", 50,
    keys {
        /// Who.
        child: ChildId,
    }
    fields {
        /// 登園 or 降園.
        sort: PunchSort,
        /// When, by the device's clock or as typed in a correction.
        at: DeviceTime,
        /// Server's clock minus the device's as known then, ms; not set if the device had never synced.
        error_ms: i64,
        /// How it came about.
        source: PunchSource,
        /// Into or out of which room.
        room: RoomId,
        /// Who collects, at a departure.
        collector: Collector,
        /// 続柄 code or words of the collector.
        collector_relation: String,
        /// Name of the collector.
        collector_name: String,
        /// The recording person as families read it.
        by_name: String,
        /// Why it was entered later: `forgotten`, `wrong_child`, `wrong_day`, `wrong_time`, `other`.
        reason: String,
        /// The punch that this one corrects.
        corrects: RecordId,
    }
}
impl Kind for Punch {
    const SHAPE: Shape = Shape::Fact;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(13);
    fn audiences(&self) -> Atoms {
        // also to every site that has the child in care: a nursery must know that a child is at the centre now
        atoms(&[
            Audience::Staff(self.meta.feed.into()),
            Audience::Care(self.child),
            Audience::Family(self.child),
            Audience::Basics(self.child),
        ])
    }
    fn check(before: Option<&Self>, after: &Self) -> Result<(), Code> {
        if after.sort.is_none() || after.at.is_none() || after.meta.day.is_none() {
            return Err(Code::Incomplete);
        }
        if before.is_none() && after.source == Some(PunchSource::Correction) && after.reason.is_none() {
            return Err(Code::BadInput);
        }
        Ok(())
    }
}
impl Punch {
    /// The best guess of the true time.
    #[must_use]
    pub fn true_at(&self) -> DeviceTime {
        let error = if self.source == Some(PunchSource::Correction) { None } else { self.error_ms };
        crate::clock::corrected(self.at.unwrap_or_default(), error)
    }
    /// True if the device's clock was known to be off by more than two minutes, or not known at all.
    #[must_use]
    pub fn doubtful(&self) -> bool {
        self.source != Some(PunchSource::Correction)
            && self.error_ms.is_none_or(|e| e.abs() > crate::clock::DOUBTFUL_MS)
    }
}

form! {
    /// 視認: staff saw a child, or looked and did not see it.
    Sighting = "sighting", 51,
    keys {
        /// Who.
        child: ChildId,
    }
    fields {
        /// Seen, or looked for in vain.
        seen: bool,
        /// When.
        at: DeviceTime,
        /// Where.
        room: RoomId,
    }
}
impl Kind for Sighting {
    const SHAPE: Shape = Shape::Fact;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(13);
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.seen.and(after.at.map(|_| ())).and(after.meta.day.map(|_| ())).ok_or(Code::Incomplete)
    }
}

form! {
    /// 移動 between rooms of one site.
    Movement = "movement", 52,
    keys {
        /// Who.
        child: ChildId,
    }
    fields {
        /// When.
        at: DeviceTime,
        /// Where to.
        room: RoomId,
    }
}
impl Kind for Movement {
    const SHAPE: Shape = Shape::Fact;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(13);
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.at.and(after.room.map(|_| ())).and(after.meta.day.map(|_| ())).ok_or(Code::Incomplete)
    }
}

form! {
    /// 外出・中抜け: out of the building, with whom, expected back when.
    Away = "away", 53,
    keys {
        /// Who.
        child: ChildId,
        /// The head count under which a group went, or nil.
        head_count: uuid::Uuid,
    }
    fields {
        /// When.
        at: DeviceTime,
        /// `walk`, `garden`, `centre`, `hospital`, `family`.
        reason: String,
        /// Where to, in words.
        place: String,
        /// Staff or family, in words.
        with: String,
        /// Expected back.
        expected_back: TimeOfDay,
    }
}
impl Kind for Away {
    const SHAPE: Shape = Shape::Fact;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(13);
    fn audiences(&self) -> Atoms {
        // whoever may know that a child is elsewhere must also know that it is out, or one place contradicts the other
        atoms(&[Audience::Staff(self.meta.feed.into()), Audience::Care(self.child), Audience::Family(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.at.and(after.reason.as_ref().map(|_| ())).and(after.meta.day.map(|_| ())).ok_or(Code::Incomplete)
    }
}

form! {
    /// Back in the building.
    AwayBack = "away_back", 54,
    keys {
        /// Who.
        child: ChildId,
        /// The record of going out.
        away: uuid::Uuid,
    }
    fields {
        /// When.
        at: DeviceTime,
        /// Into which room.
        room: RoomId,
    }
}
impl Kind for AwayBack {
    const SHAPE: Shape = Shape::Fact;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(13);
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.meta.feed.into()), Audience::Care(self.child), Audience::Family(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.at.and(after.meta.day.map(|_| ())).ok_or(Code::Incomplete)
    }
}
