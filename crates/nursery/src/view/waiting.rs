//! What waits for the office's decision.

use super::Face;
use crate::attendance::{Announced, PunchSort};
use crate::core::Code;
use crate::ids::{ChildId, FacilityId};
use records::{Day, DeviceTime, RecordId, TimeOfDay};
use serde::{Deserialize, Serialize};

/// Changes that waited too long for the rights of their author, and copies that devices brought after a restore.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct WaitingView {
    /// Where.
    pub facility: FacilityId,
    /// As shown.
    pub facility_name: String,
    /// Oldest day first.
    pub items: Vec<WaitingItem>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct WaitingItem {
    /// Where it is decided.
    pub record: RecordId,
    /// Why it waits.
    pub why: WaitingWhy,
    /// Name of the kind of record, such as `punch`.
    pub kind: String,
    /// What it says.
    pub what: WaitingWhat,
    /// About which child, if about one.
    pub child: Option<ChildId>,
    /// Its face.
    pub face: Option<Face>,
    /// Its name as written, or empty.
    pub child_name: String,
    /// Of which day.
    pub day: Option<Day>,
    /// Who wrote it, as written.
    pub authors: Vec<String>,
    /// When it was written, by the author's clock.
    pub at: Option<DeviceTime>,
    /// True if it carries rights: it cannot be let in, only be entered again.
    pub by_hand: bool,
}

/// Why something waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum WaitingWhy {
    /// Allowed when it was written, and not when it came.
    Held {
        /// The reason.
        code: Code,
    },
    /// The server was restored and lacks it; this device brought what it holds.
    Copy {
        /// As people call it.
        device_name: String,
    },
}

/// What a record says, as far as one line tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum WaitingWhat {
    /// An arrival or a departure.
    Punch {
        /// Which.
        sort: PunchSort,
        /// When.
        time: Option<TimeOfDay>,
        /// It was taken back.
        void: bool,
    },
    /// What a family announced.
    Announced {
        /// What.
        announced: Announced,
        /// It was taken back.
        void: bool,
    },
    /// Text.
    Text {
        /// As written.
        text: String,
    },
    /// The kind alone says what it is.
    Record,
}
