//! One child: sheet, departure, open ends.

use super::{Callee, Caller, Contradiction, Face, State};
use crate::attendance::{Announced, Channel, Collector};
use crate::calendar::Span;
use crate::core::Void;
use crate::ids::{ChildId, ClassId, FacilityId};
use records::{ChangeId, Day, RecordId, TimeOfDay};
use serde::{Deserialize, Serialize};

/// What a line of the timeline tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum TimelineWhat {
    /// 登園
    Arrival,
    /// 降園
    Departure {
        /// 続柄 code or words of who collected.
        relation: String,
        /// Name of who collected.
        name: String,
    },
    /// Staff saw the child, or looked in vain.
    Sighting {
        /// Seen.
        seen: bool,
    },
    /// Into a room.
    Movement {
        /// Name of the room.
        room: String,
    },
    /// 外出
    Away {
        /// Code, as [`crate::attendance::Away::reason`].
        reason: String,
        /// Where to; may be empty.
        place: String,
        /// With whom, in words; may be empty.
        with: String,
        /// Expected back.
        expected_back: Option<TimeOfDay>,
    },
    /// Back.
    Back,
    /// 保護者からの連絡
    Announcement {
        /// What.
        announced: Announced,
        /// How it came.
        channel: Channel,
        /// Whether somebody has confirmed it.
        acknowledged: bool,
    },
    /// 電話
    Call {
        /// `None`: still calling.
        outcome: Option<crate::attendance::CallOutcome>,
    },
}

/// One fact of the day, voided ones included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct TimelineItem {
    /// Which record.
    pub record: RecordId,
    /// When, corrected by what is known about the clock.
    pub at: TimeOfDay,
    /// On which service day, if it was another one than the sheet's: said on the evening before.
    pub at_day: Option<Day>,
    /// True if that is uncertain.
    pub doubtful: bool,
    /// What.
    pub what: TimelineWhat,
    /// Who recorded or said it.
    pub by: String,
    /// 続柄 code or words, if a guardian said it.
    pub by_relation: Option<String>,
    /// Name of the facility, if it is another one.
    pub facility: Option<String>,
    /// Set if it no longer counts; it stays visible.
    pub void: Option<Void>,
    /// Why it was entered later.
    pub correction: Option<String>,
    /// True if it may be voided here.
    pub can_void: bool,
    /// True while it is only on this device.
    pub unsent: bool,
}

/// Where a child is who is out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct AwayNow {
    /// Code, as [`crate::attendance::Away::reason`].
    pub reason: String,
    /// Where to; may be empty.
    pub place: String,
    /// With whom, in words; may be empty.
    pub with: String,
    /// Expected back.
    pub expected_back: Option<TimeOfDay>,
    /// True if that time has passed.
    pub overdue: bool,
}

/// Everything about one child on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ChildSheetView {
    /// Who.
    pub child: ChildId,
    /// Where this sheet was asked.
    pub facility: FacilityId,
    /// Drawn or initial.
    pub face: Face,
    /// Name on the tile.
    pub kana: String,
    /// Name as written.
    pub kanji: String,
    /// Reading of the whole name.
    pub full_kana: String,
    /// Name of the class.
    pub class_name: String,
    /// Birth date.
    pub birth: Option<Day>,
    /// Where the child is.
    pub state: State,
    /// Since when.
    pub since: Option<TimeOfDay>,
    /// While out: where, with whom, until when.
    pub away: Option<AwayNow>,
    /// Expected today.
    pub expected: Option<Span>,
    /// Facts of the day in order of time, voided ones included.
    pub timeline: Vec<TimelineItem>,
    /// What does not fit.
    pub contradictions: Vec<Contradiction>,
    /// アレルギー
    pub allergies: Vec<String>,
    /// Things to carry.
    pub carries: Vec<String>,
    /// Whom to call, in order, with numbers.
    pub contacts: Vec<Callee>,
    /// Whether protected notes exist that a PIN opens.
    pub protected_notes: bool,
    /// Who may have collected, for a departure entered later; nobody is chosen beforehand.
    pub collectors: Vec<Candidate>,
    /// The service day.
    pub day: Day,
    /// True if that is today: only then something can be done now.
    pub today: bool,
    /// The best guess of the time, on that day's clock.
    pub now: TimeOfDay,
}

/// Who may collect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Candidate {
    /// To be sent with the command.
    pub collector: Collector,
    /// Full name.
    pub name: String,
    /// 続柄 code or words.
    pub relation: String,
    /// Drawn or initial.
    pub face: Face,
    /// お迎え予定: announced for today; chosen beforehand.
    pub planned: bool,
    /// At this time.
    pub planned_at: Option<TimeOfDay>,
}

/// お迎えは 祖母に変わりました
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct PickupChange {
    /// To whom.
    pub to: Caller,
    /// Who said so.
    pub by: Caller,
    /// When.
    pub at: TimeOfDay,
    /// Who confirmed it, if anybody.
    pub acknowledged_by: Option<String>,
    /// When.
    pub acknowledged_at: Option<TimeOfDay>,
    /// Announcement.
    pub announcement: RecordId,
    /// True: not without the director. Says nothing of why.
    pub call_director: bool,
}

/// A sister or brother here now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Sibling {
    /// Who.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Name as written.
    pub name: String,
    /// Name of the class.
    pub class_name: String,
    /// Age on 1 April, years.
    pub age: Option<u8>,
    /// Where.
    pub state: State,
}

/// Handing over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct DepartureView {
    /// Who.
    pub child: ChildId,
    /// Where.
    pub facility: FacilityId,
    /// Drawn or initial.
    pub face: Face,
    /// Name on the tile.
    pub kana: String,
    /// Name as written.
    pub kanji: String,
    /// Where the child is.
    pub state: State,
    /// Arrival.
    pub arrived: Option<TimeOfDay>,
    /// The best guess of the time.
    pub now: TimeOfDay,
    /// A change of pick-up announced for today.
    pub change: Option<PickupChange>,
    /// Two announcements say different things: both.
    pub other_changes: Vec<PickupChange>,
    /// Planned first, then guardians, then registered ones.
    pub candidates: Vec<Candidate>,
    /// Guardians to call about somebody who is not registered, in order, with numbers.
    pub callees: Vec<Callee>,
    /// Sisters and brothers at this facility; never chosen beforehand.
    pub siblings: Vec<Sibling>,
}

/// May somebody who gave a name collect the child? Says nothing of why not: others read the screen too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CollectingView {
    /// Whom.
    pub child: ChildId,
    /// True: not without the director. False says only that nothing is known against it.
    pub call_director: bool,
}

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum OpenEndKind {
    /// Arrived, never left.
    NoDeparture,
    /// Left, never arrived.
    NoArrival,
    /// Went out, never came back.
    NotBack,
    /// Expected, and to this hour nothing is known.
    NothingKnown,
    /// Facts that do not fit.
    Contradiction,
    /// An announcement nobody confirmed.
    Unread,
}

/// How far a day at a site is, as its children go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum DayProgress {
    /// Nobody is expected, nobody came.
    Closed,
    /// Somebody is here or still to come.
    Running,
    /// Everybody has left or stayed away.
    Over,
}

/// One open end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct OpenEnd {
    /// Who.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Name on the tile.
    pub kana: String,
    /// Name as written.
    pub kanji: String,
    /// Which class, for those who are placed here.
    pub class: Option<ClassId>,
    /// Name of the class.
    pub class_name: String,
    /// What is open.
    pub kind: OpenEndKind,
    /// When it happened: arrived, left, went out, or was written.
    pub at: Option<TimeOfDay>,
    /// When the missing fact was expected: to be collected, to be back, to come.
    pub expected: Option<TimeOfDay>,
    /// For contradictions: which.
    pub contradictions: Vec<Contradiction>,
    /// The record it is about, if one.
    pub record: Option<RecordId>,
    /// The time a correction would usually say: the end of the expected span.
    pub usual: Option<TimeOfDay>,
}

/// Evening list of open ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct OpenEndsView {
    /// Where.
    pub facility: FacilityId,
    /// As shown.
    pub facility_name: String,
    /// The day it is about.
    pub day: Day,
    /// 1 = Monday … 7 = Sunday.
    pub weekday: u8,
    /// True if that is today.
    pub today: bool,
    /// The best guess of the time.
    pub now: TimeOfDay,
    /// Most urgent first.
    pub items: Vec<OpenEnd>,
    /// How far the day is.
    pub progress: DayProgress,
    /// Children still in the building.
    pub here: u16,
    /// Earlier days that still have open ends.
    pub earlier: Vec<Day>,
}

/// One protected note (配慮事項).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ProtectedNote {
    /// Which.
    pub record: RecordId,
    /// What it says, in the office's words: every version that nobody has knowingly replaced, the newest last. More than
    /// one when two people wrote at the same time.
    pub texts: Vec<String>,
    /// The versions shown here; to be brought back when saving.
    pub seen: Vec<ChangeId>,
}

/// Protected notes of one child; opened with a PIN, every look is logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct CareNotesView {
    /// Whose.
    pub child: ChildId,
    /// Each.
    pub notes: Vec<ProtectedNote>,
    /// True for the office of a site at which the child is placed.
    pub may_write: bool,
}
