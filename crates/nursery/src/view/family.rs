//! The guardians' side.

use super::{Caller, Face, State};
use crate::attendance::{Announced, Collector, Reason};
use crate::calendar::DayType;
use crate::ids::{ChildId, FacilityId};
use records::{Day, RecordId, TimeOfDay};
use serde::{Deserialize, Serialize};

/// How far something has come; each step is a fact of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// この端末に保存
    Device,
    /// 市のサーバーに届きました
    Server,
    /// 保育室の端末に届きました
    Classroom,
    /// 先生が確認しました
    Person,
}

/// A line under a child: what was sent and how far it has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct SentLine {
    /// Which.
    pub announcement: RecordId,
    /// About whom.
    pub child: ChildId,
    /// Name on the tile.
    pub kana: String,
    /// What.
    pub announced: Announced,
    /// First day.
    pub day: Day,
    /// Last day of a range.
    pub until: Option<Day>,
    /// How far.
    pub reach: Reach,
    /// When it was written.
    pub at: TimeOfDay,
    /// Entered by staff: channel `phone`, `oral`, `paper`, with the name.
    pub entered_by: Option<String>,
    /// True if the classroom has not got it although it should have by now.
    pub stuck: bool,
}

/// One child today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ChildCard {
    /// Who.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Name on the tile.
    pub kana: String,
    /// Where placed; one card per child and facility.
    pub facility: FacilityId,
    /// As shown.
    pub facility_name: String,
    /// As shown.
    pub class_name: String,
    /// Where the child is.
    pub state: State,
    /// Since when.
    pub time: Option<TimeOfDay>,
    /// Reason of an absence.
    pub reason: Option<Reason>,
    /// Out: where; elsewhere: at which facility.
    pub place: Option<String>,
    /// Who collects today, if announced.
    pub pickup: Option<Caller>,
    /// Collected at.
    pub pickup_at: Option<TimeOfDay>,
    /// What kind of day it is there.
    pub day_type: DayType,
    /// Such as 勤労感謝の日.
    pub day_name: String,
    /// True if two places claim the child.
    pub two_places: bool,
    /// True if the child is announced absent and yet there.
    pub absent_but_here: bool,
    /// The next day on which the child is expected, once nothing more is to come today.
    pub next: Option<Day>,
}

/// One thing that happened, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct TimelineEntry {
    /// Which record.
    pub record: RecordId,
    /// About whom.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Name on the tile.
    pub kana: String,
    /// Name of the facility.
    pub facility_name: String,
    /// `arrival`, `departure`, `away`, `back`.
    pub what: String,
    /// 続柄 code or words of who collected; empty otherwise.
    pub relation: String,
    /// Name of the collector, or the place.
    pub detail: String,
    /// When.
    pub at: TimeOfDay,
    /// True if that is uncertain.
    pub doubtful: bool,
}

/// Home of a guardian.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct GuardianHomeView {
    /// The guardian's own face.
    pub me: Face,
    /// The service day.
    pub day: Day,
    /// 1 = Monday … 7 = Sunday.
    pub weekday: u8,
    /// The best guess of the time.
    pub now: TimeOfDay,
    /// One card per child and facility.
    pub children: Vec<ChildCard>,
    /// What was announced for today or later, newest first.
    pub sent: Vec<SentLine>,
    /// What happened today, newest first.
    pub timeline: Vec<TimelineEntry>,
    /// True until the first arrival of the day: the button is filled.
    pub announce_first: bool,
    /// Children who wait for the nursery's confirmation.
    pub pending: u16,
    /// Children for whom the nursery has refused this guardian.
    pub refused: u16,
}

/// A day to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct DayChoice {
    /// Which.
    pub day: Day,
    /// 1 = Monday … 7 = Sunday.
    pub weekday: u8,
    /// True for today.
    pub today: bool,
    /// True for the day chosen beforehand.
    pub chosen: bool,
}

/// Somebody who may collect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct PickupChoice {
    /// To be sent back.
    pub collector: Collector,
    /// 続柄 code or words.
    pub relation: String,
    /// As shown.
    pub name: String,
}

/// What was announced before and still counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct SaidBefore {
    /// Which.
    pub announcement: RecordId,
    /// What.
    pub announced: Announced,
    /// First day.
    pub day: Day,
    /// Last day of a range.
    pub until: Option<Day>,
}

/// A child in the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct FormChild {
    /// Who.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Name on the tile.
    pub kana: String,
    /// Where it would go to.
    pub facility: FacilityId,
    /// As shown.
    pub facility_name: String,
    /// As shown.
    pub class_name: String,
    /// The number families call.
    pub phone: String,
    /// Days offered; today may be missing.
    pub days: Vec<DayChoice>,
    /// Until then an absence of today is in time.
    pub cut_off: Option<TimeOfDay>,
    /// True if that has passed: still taken, with a dial button.
    pub after_cut_off: bool,
    /// Who may collect.
    pub pickups: Vec<PickupChoice>,
    /// Since when the child is there today; not set once it has left.
    pub arrived: Option<TimeOfDay>,
    /// What already counts, for today or later, in the order of days.
    pub said: Vec<SaidBefore>,
}

/// The guardian's form. Several children: nobody is chosen beforehand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct AbsenceFormView {
    /// The service day.
    pub today: Day,
    /// The best guess of the time.
    pub now: TimeOfDay,
    /// Whose.
    pub children: Vec<FormChild>,
    /// Reasons in order.
    pub reasons: Vec<Reason>,
    /// Times offered for lateness.
    pub late_times: Vec<TimeOfDay>,
    /// Times offered for early pick-up.
    pub early_times: Vec<TimeOfDay>,
    /// Last day that a range may have.
    pub last_day: Day,
}

/// What to do when it has not arrived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Stuck {
    /// True if it is time to call: the child is expected, and the classroom has not got it.
    pub call_now: bool,
    /// Until when it is no trouble to wait.
    pub call_from: TimeOfDay,
    /// The number.
    pub phone: String,
    /// The guardian has said that it was told by telephone.
    pub told: bool,
}

/// How far one announcement has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ReceiptView {
    /// Which.
    pub announcement: RecordId,
    /// About whom.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Name on the tile.
    pub kana: String,
    /// Where it goes.
    pub facility_name: String,
    /// As shown.
    pub class_name: String,
    /// What.
    pub announced: Announced,
    /// First day.
    pub day: Day,
    /// 1 = Monday … 7 = Sunday.
    pub weekday: u8,
    /// True for today.
    pub today: bool,
    /// Last day of a range.
    pub until: Option<Day>,
    /// Degrees Celsius.
    pub temperature: Option<f32>,
    /// Further words.
    pub note: String,
    /// How far.
    pub reach: Reach,
    /// この端末に保存
    pub saved_at: TimeOfDay,
    /// 市のサーバーに届きました
    pub server_at: Option<TimeOfDay>,
    /// 保育室の端末に届きました
    pub classroom_at: Option<TimeOfDay>,
    /// Name of that device.
    pub classroom_device: Option<String>,
    /// 先生が確認しました
    pub person_at: Option<TimeOfDay>,
    /// Who.
    pub person_name: Option<String>,
    /// Set while the classroom has not got it.
    pub stuck: Option<Stuck>,
    /// Arrived today at this time, although this says absent or late: the two are shown as they are.
    pub arrived: Option<TimeOfDay>,
    /// Taken back.
    pub withdrawn: bool,
    /// True if it may be taken back here.
    pub can_withdraw: bool,
    /// Entered by staff: with the name.
    pub entered_by: Option<String>,
}
