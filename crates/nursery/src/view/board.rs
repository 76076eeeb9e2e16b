//! The class grid.

use super::{Face, PlaceRef};
use crate::attendance::{CallOutcome, Reason, Transition};
use crate::calendar::{DayType, Span};
use crate::ids::{ChildId, RoomId};
use records::{Day, PersonId, RecordId, TimeOfDay};
use serde::{Deserialize, Serialize};

/// Where a child is, as the tile shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not expected today.
    NotExpected,
    /// 未登園
    Yet,
    /// 未登園, expected for long enough, and nothing came although we could hear: 連絡なし.
    Unreported,
    /// The same, but guardians' messages could not be heard: 連絡 不明.
    Unknown,
    /// 在園
    Here,
    /// 外出
    Away,
    /// At another facility.
    Elsewhere,
    /// 降園
    Left,
    /// 欠席
    Absent,
}

/// What does not fit together; shown, never resolved by the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "contradiction")]
pub enum Contradiction {
    /// Marked as arrived more than once without leaving.
    TwoArrivals {
        /// Each time.
        times: Vec<TimeOfDay>,
    },
    /// Marked as left more than once without coming back.
    TwoDepartures {
        /// Each time.
        times: Vec<TimeOfDay>,
    },
    /// Here by the punches of two facilities.
    TwoPlaces {
        /// Names of the facilities.
        facilities: Vec<String>,
    },
    /// Left without ever having arrived.
    LeftWithoutArrival {
        /// When.
        at: TimeOfDay,
    },
    /// Announced absent, but punched or seen.
    AbsentButHere {
        /// When.
        at: TimeOfDay,
    },
    /// Punched, but staff looked and did not see the child.
    PunchedNotSeen {
        /// When they looked.
        at: TimeOfDay,
    },
    /// Went out at a time at which no stay says that the child was here.
    OutWithoutStay {
        /// When.
        at: TimeOfDay,
    },
    /// The clock of the device that punched was off or unknown.
    UncertainClock {
        /// Minutes by which it was off, if known (positive: the device was slow).
        minutes: Option<i32>,
    },
}

/// A small mark on a tile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "badge")]
pub enum Badge {
    /// アレルギー
    Allergy {
        /// Such as 卵.
        word: String,
    },
    /// Comes later than usual, or is expected at this time.
    Late {
        /// About when.
        at: TimeOfDay,
        /// As announced: a code such as `hospital`, or older words; may be empty.
        why: String,
    },
    /// Is collected earlier than usual.
    Early {
        /// When.
        at: TimeOfDay,
    },
    /// Is collected by somebody else than usual.
    Pickup {
        /// 続柄 code or words.
        relation: String,
        /// Name.
        name: String,
    },
    /// A temperature told this morning.
    Temperature {
        /// Degrees Celsius.
        celsius: f32,
    },
    /// Usual arrival, for children who are not here yet (joint care).
    Expected {
        /// When.
        at: TimeOfDay,
    },
}

/// One child on the grid. Seats never move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Tile {
    /// Who.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Large.
    pub kana: String,
    /// Small: the name as written.
    pub kanji: String,
    /// Above the kana when two children of the grid are called alike.
    pub family_kana: Option<String>,
    /// Class and age, in joint care.
    pub class_line: Option<ClassLine>,
    /// Where the child is.
    pub state: State,
    /// Since when: arrival, departure or going out.
    pub time: Option<TimeOfDay>,
    /// The reason of an absence.
    pub reason: Option<Reason>,
    /// Where to or at which facility.
    pub place: Option<String>,
    /// Marks.
    pub badges: Vec<Badge>,
    /// What does not fit.
    pub contradictions: Vec<Contradiction>,
    /// True while the newest fact is only on this device.
    pub unsent: bool,
    /// Expected today: from when to when.
    pub expected: Option<Span>,
}

/// Class and age of a child, in joint care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ClassLine {
    /// Name of the class.
    pub class: String,
    /// Age on 1 April, years.
    pub age: Option<u8>,
}

/// Numbers in the tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Counts {
    /// みんな
    pub all: u16,
    /// 未登園, with 連絡なし and 連絡 不明.
    pub yet: u16,
    /// 在園, with those who are out.
    pub here: u16,
    /// Of these: out of the building.
    pub away: u16,
    /// 降園
    pub left: u16,
    /// 欠席
    pub absent: u16,
}

/// Somebody to call, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Callee {
    /// Who.
    pub person: Option<PersonId>,
    /// 続柄 code or words.
    pub relation: String,
    /// Given name as called.
    pub name: String,
    /// Number; only while somebody is calling, and until five minutes after the outcome.
    pub phone: Option<String>,
}

/// One child to call about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CallItem {
    /// Who.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Name on the tile.
    pub kana: String,
    /// Family name in kana, where two are called alike.
    pub family_kana: Option<String>,
    /// Name of the class, in lists over classes.
    pub class_name: String,
    /// Whom to call, in order.
    pub callees: Vec<Callee>,
    /// Who is calling or has called.
    pub taken_by: Option<String>,
    /// When it was taken.
    pub taken_at: Option<TimeOfDay>,
    /// What came of it; `None` while calling.
    pub outcome: Option<CallOutcome>,
}

/// Children of whom nothing is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CallList {
    /// The site's time.
    pub due: TimeOfDay,
    /// True: 連絡なし; false: 連絡 不明, because messages could not be heard.
    pub heard: bool,
    /// Most urgent first.
    pub items: Vec<CallItem>,
    /// True while somebody must be rung: nobody took one, or an outcome is missing.
    pub ring: bool,
}

/// The calls of a place, on whatever page a tablet stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CallsView {
    /// Of which place.
    pub place: PlaceRef,
    /// `None`: nobody is to be called.
    pub calls: Option<CallList>,
    /// How well guardians' messages are heard.
    pub hearing: Hearing,
}

/// How well guardians' messages are heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Hearing {
    /// Complete up to this time; `None`: never.
    pub until: Option<TimeOfDay>,
    /// The day of `until`, if it is not today.
    pub day: Option<Day>,
    /// False when that is older than ten minutes.
    pub fresh: bool,
}

/// 「いま部屋に 13人」
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct RoomLine {
    /// Children in the room now; of a class: in its own room, or in the building without a room said.
    pub here: u16,
    /// Of a class: here, but in another room.
    pub elsewhere: u16,
    /// Out.
    pub away: u16,
    /// Staff present.
    pub staff: u16,
    /// めやす: staff by age of the children who are here.
    pub guide: u16,
}

/// One room of the facility, in joint care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct RoomState {
    /// Which.
    pub room: RoomId,
    /// As shown.
    pub name: String,
    /// Children in it.
    pub here: u16,
    /// Names of staff in it.
    pub staff: Vec<StaffFace>,
    /// When it opens, if nobody is in it yet.
    pub opens: Option<TimeOfDay>,
    /// True for the room of this board.
    pub current: bool,
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct StaffFace {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// As called among colleagues: the family name.
    pub short: String,
    /// Drawn or initial.
    pub face: Face,
    /// True if a PIN can be asked.
    pub has_pin: bool,
}

/// きょうの配慮
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CareItem {
    /// Who.
    pub child: ChildId,
    /// Name on the tile.
    pub kana: String,
    /// What.
    pub badge: Badge,
    /// In the guardian's words; may be empty.
    pub note: String,
}

/// What is the matter with this device's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ClockNotice {
    /// Minutes by which it is off, if more than two (positive: it is slow).
    pub off_minutes: Option<i32>,
    /// True if it has never been compared with the server's.
    pub unknown: bool,
    /// The date that a person must confirm before the first record.
    pub confirm: Option<Day>,
}

/// A count that waits for its second person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct WaitingCount {
    /// Which.
    pub head_count: RecordId,
    /// Which change of scene.
    pub transition: Transition,
    /// Where to.
    pub place: String,
    /// Who chose and counted first. The number itself is not told.
    pub first: StaffFace,
    /// Set after the two numbers differed.
    pub gap: Option<CountGap>,
}

/// What two numbers left open: closed when each missing child is named with a reason, or by counting again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CountGap {
    /// Whom the first person chose.
    pub chosen: u16,
    /// What the second person counted.
    pub counted: u16,
    /// How many are to be explained; 0 when more were counted than chosen, which only a new count mends.
    pub missing: u16,
    /// Whom the first person chose; nobody is marked beforehand.
    pub children: Vec<GapChild>,
}

/// A child of a count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct GapChild {
    /// Who.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Name on the tile.
    pub kana: String,
    /// Family name in kana, where two are called alike.
    pub family_kana: Option<String>,
}

/// The class grid, complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct BoardView {
    /// What was asked for.
    pub place: PlaceRef,
    /// うさぎ組, ホール.
    pub title: String,
    /// みなと保育園
    pub facility_name: String,
    /// True: children of several classes in one room (合同).
    pub joint: bool,
    /// Youngest and oldest, years on 1 April.
    pub ages: Option<(u8, u8)>,
    /// The service day.
    pub day: Day,
    /// 1 = Monday … 7 = Sunday.
    pub weekday: u8,
    /// The best guess of the time.
    pub now: TimeOfDay,
    /// What kind of day it is here.
    pub day_type: DayType,
    /// Such as 勤労感謝の日.
    pub day_name: String,
    /// In roster order; seats never move.
    pub tiles: Vec<Tile>,
    /// In the tabs.
    pub counts: Counts,
    /// Children of whom nothing is known, from the site's time on.
    pub calls: Option<CallList>,
    /// きょうの配慮
    pub care: Vec<CareItem>,
    /// In the room.
    pub room_line: RoomLine,
    /// Rooms of the facility, in joint care.
    pub rooms: Vec<RoomState>,
    /// Announcements that nobody has confirmed.
    pub unread: u16,
    /// Things that must be closed today.
    pub open_ends: u16,
    /// How well guardians' messages are heard.
    pub hearing: Hearing,
    /// This device's clock.
    pub clock: ClockNotice,
    /// Staff who are present here.
    pub staff: Vec<StaffFace>,
    /// Counts that wait for their second person.
    pub waiting_counts: Vec<WaitingCount>,
    /// Usual goals of walks of this site, most used first.
    pub walk_places: Vec<String>,
}
