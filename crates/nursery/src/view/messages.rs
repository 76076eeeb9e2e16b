//! What families announced, and entering what came by telephone.

use super::{Candidate, DayChoice, Face, Hearing, PlaceRef, Reach, State};
use crate::attendance::{Announced, Channel, Reason};
use crate::ids::{ChildId, ClassId, FacilityId};
use records::{Day, PersonId, RecordId, TimeOfDay};
use serde::{Deserialize, Serialize};

/// How an announcement is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum MessageSort {
    /// Absence and lateness: together.
    Together,
    /// Pick-up and the like: one by one, opened first.
    OneByOne,
}

/// One announcement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct MessageItem {
    /// Which.
    pub announcement: RecordId,
    /// About whom.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Name on the tile.
    pub kana: String,
    /// Family name in kana, where two are called alike.
    pub family_kana: Option<String>,
    /// Name as written.
    pub kanji: String,
    /// Name of the class.
    pub class_name: String,
    /// What.
    pub announced: Announced,
    /// First day.
    pub day: Day,
    /// Last day of a range.
    pub until: Option<Day>,
    /// Degrees Celsius.
    pub temperature: Option<f32>,
    /// Further words.
    pub note: String,
    /// How it came.
    pub channel: Channel,
    /// Who said it.
    pub caller: Caller,
    /// When it was written.
    pub at: TimeOfDay,
    /// The day on which it was written, if not today.
    pub at_day: Option<Day>,
    /// How far it has come.
    pub reach: Reach,
    /// Together or one by one.
    pub sort: MessageSort,
    /// Who confirmed it.
    pub acknowledged_by: Option<String>,
    /// When.
    pub acknowledged_at: Option<TimeOfDay>,
    /// Taken back by the family, or replaced.
    pub withdrawn: bool,
    /// The site is not open at the time that is said: its hours were changed after the family wrote.
    pub not_open: bool,
}

/// Morning messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct MessagesView {
    /// What was asked for.
    pub place: PlaceRef,
    /// うさぎ組
    pub title: String,
    /// みなと保育園
    pub facility_name: String,
    /// The service day.
    pub day: Day,
    /// 1 = Monday … 7 = Sunday.
    pub weekday: u8,
    /// The best guess of the time.
    pub now: TimeOfDay,
    /// Not confirmed: absence and lateness first, then oldest first.
    pub open: Vec<MessageItem>,
    /// Confirmed.
    pub done: Vec<MessageItem>,
    /// For today: children absent.
    pub absent: u16,
    /// Late or early.
    pub late_or_early: u16,
    /// Changes of pick-up.
    pub pickups: u16,
    /// How well guardians' messages are heard.
    pub hearing: Hearing,
}

/// A child in the form for telephone calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct EntryChild {
    /// Who.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Name on the tile.
    pub kana: String,
    /// Name as written.
    pub kanji: String,
    /// Family name in kana, where two are called alike.
    pub family_kana: Option<String>,
    /// Which class, for those who are placed here.
    pub class: Option<ClassId>,
    /// As shown; empty for a child from another facility.
    pub class_name: String,
    /// Folded spellings of the name; a search looks for what was typed in each of them.
    pub search: Vec<String>,
    /// Where.
    pub state: State,
    /// Said already, such as 10:00.
    pub said: Option<Announced>,
    /// Who may call: 母 彩さん.
    pub callers: Vec<Caller>,
    /// Who may collect.
    pub collectors: Vec<Candidate>,
}

/// Somebody who calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Caller {
    /// Who.
    pub person: Option<PersonId>,
    /// 続柄 code or words.
    pub relation: String,
    /// Given name.
    pub name: String,
}

/// Form for what comes by telephone, orally or on paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct EntryFormView {
    /// What was asked for.
    pub place: PlaceRef,
    /// Where.
    pub facility: FacilityId,
    /// うさぎ組
    pub title: String,
    /// みなと保育園
    pub facility_name: String,
    /// Not here yet first, then the roster.
    pub children: Vec<EntryChild>,
    /// Reasons of an absence, in order.
    pub reasons: Vec<Reason>,
    /// Times offered for lateness.
    pub late_times: Vec<TimeOfDay>,
    /// Times offered for early pick-up.
    pub early_times: Vec<TimeOfDay>,
    /// Days offered; the first is chosen.
    pub days: Vec<DayChoice>,
    /// Ways in which it may have come besides the telephone.
    pub channels: Vec<Channel>,
    /// The best guess of the time.
    pub now: TimeOfDay,
}
