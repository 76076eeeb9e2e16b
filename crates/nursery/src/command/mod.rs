//! What people do. A command brings back what its screen showed (`Seen`, record ids) and says nothing that follows from
//! records by itself.

mod act;
mod announce;
mod count;
mod family;
mod punch;
mod waiting;

pub use act::act;

use crate::attendance::{Announced, CallOutcome, Channel, Collector, Gap, PunchSort, Transition};
use crate::ids::{ChildId, FacilityId, RoomId};
use records::{ChangeId, Day, PersonId, RecordId, TimeOfDay};
use serde::{Deserialize, Serialize};

/// What people do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum Command {
    /// 登園, now. Each child is an act of its own.
    Arrive {
        /// Where.
        facility: FacilityId,
        /// Who.
        children: Vec<ChildId>,
        /// Into which room; the class's own if not set.
        #[serde(default)]
        room: Option<RoomId>,
    },
    /// 降園, now, with who collects. Somebody on no list needs a PIN and an agreement.
    Depart {
        /// Where.
        facility: FacilityId,
        /// Who; siblings together.
        children: Vec<ChildId>,
        /// Who collects.
        collector: Collector,
    },
    /// Takes back what was just done (the toast's 取り消す). Voids with reason `undo`.
    Undo {
        /// As [`crate::core::Done::records`] gave them.
        records: Vec<RecordId>,
    },
    /// Voids one fact, with a reason; it stays visible.
    Void {
        /// Which.
        record: RecordId,
        /// Code: `wrong_child`, `wrong_day`, `wrong_time`, `was_present`, `other`.
        reason: String,
        /// In somebody's words.
        #[serde(default)]
        note: String,
    },
    /// Enters an arrival or departure later, optionally in place of another punch, with a reason.
    CorrectPunch {
        /// Where.
        facility: FacilityId,
        /// Who.
        child: ChildId,
        /// On which service day.
        day: Day,
        /// Arrival or departure.
        sort: PunchSort,
        /// The true time.
        at: TimeOfDay,
        /// The punch that was wrong; voided in the same act.
        #[serde(default)]
        instead_of: Option<RecordId>,
        /// Code: `forgotten`, `wrong_time`, `wrong_child`, `wrong_day`, `other`.
        reason: String,
        /// Who collected, for a departure.
        #[serde(default)]
        collector: Option<Collector>,
    },
    /// 視認: seen, or looked for in vain.
    See {
        /// Where.
        facility: FacilityId,
        /// Who.
        child: ChildId,
        /// Seen.
        seen: bool,
    },
    /// 欠席・遅刻・早退・お迎えの連絡. Each child is an act of its own.
    Announce {
        /// About whom; one announcement each, to the facility where the child is placed.
        children: Vec<ChildId>,
        /// The facility, where a child has several; staff always give theirs.
        #[serde(default)]
        facility: Option<FacilityId>,
        /// First day.
        day: Day,
        /// Last day of a range.
        #[serde(default)]
        until: Option<Day>,
        /// What.
        announced: Announced,
        /// Degrees Celsius.
        #[serde(default)]
        temperature: Option<f32>,
        /// Further words.
        #[serde(default)]
        note: String,
        /// How it came.
        #[serde(default)]
        channel: Channel,
        /// The guardian who said it, where staff enter it.
        #[serde(default)]
        caller: Option<PersonId>,
        /// Who said it, where it is nobody known.
        #[serde(default)]
        caller_name: String,
        /// Voids this announcement in the same act (直す).
        #[serde(default)]
        replaces: Option<RecordId>,
    },
    /// 先生が確認しました. Each announcement is an act of its own.
    Acknowledge {
        /// Which.
        announcements: Vec<RecordId>,
    },
    /// 「わたしが電話します」
    TakeCall {
        /// Where.
        facility: FacilityId,
        /// About whom.
        child: ChildId,
    },
    /// 話せた・出ない・折り返し待ち
    EndCall {
        /// Where.
        facility: FacilityId,
        /// About whom.
        child: ChildId,
        /// What came of it.
        outcome: CallOutcome,
    },
    /// 電話で伝えました, by the guardian.
    ToldByPhone {
        /// Which announcement.
        announcement: RecordId,
    },
    /// Into another room.
    Move {
        /// Where.
        facility: FacilityId,
        /// Who.
        children: Vec<ChildId>,
        /// Which room.
        room: RoomId,
    },
    /// まとめて with a count: the first person has chosen face by face.
    StartCount {
        /// Where.
        facility: FacilityId,
        /// Which change of scene.
        transition: Transition,
        /// The room that is left or entered.
        #[serde(default)]
        room: Option<RoomId>,
        /// Where to, in words.
        #[serde(default)]
        place: String,
        /// Whom; nothing is chosen beforehand.
        children: Vec<ChildId>,
    },
    /// The second person's number, typed blind, with an own PIN.
    SecondCount {
        /// Which.
        head_count: RecordId,
        /// As counted.
        count: u16,
    },
    /// Closes a count whose numbers differed: every missing child is named with a reason, by somebody other than who
    /// chose, with an own PIN. The named ones stay where they were.
    ExplainCount {
        /// Which.
        head_count: RecordId,
        /// One for each child that was counted too few.
        gaps: Vec<Gap>,
    },
    /// Gives a count up.
    CancelCount {
        /// Which.
        head_count: RecordId,
    },
    /// One child goes out without a group (hospital, centre).
    GoOut {
        /// Where.
        facility: FacilityId,
        /// Who.
        child: ChildId,
        /// Code: `hospital`, `centre`, `family`, `other`.
        reason: String,
        /// Where to, in words.
        #[serde(default)]
        place: String,
        /// With whom: staff or family, in words.
        #[serde(default)]
        with: String,
        /// Expected back.
        #[serde(default)]
        expected_back: Option<TimeOfDay>,
    },
    /// Back in the building.
    ComeBack {
        /// Where.
        facility: FacilityId,
        /// Who.
        children: Vec<ChildId>,
    },
    /// The recording person comes into a room, or leaves the building.
    BePresent {
        /// Where.
        facility: FacilityId,
        /// Which room; not set: leaves.
        #[serde(default)]
        room: Option<RoomId>,
    },
    /// Writes a protected note (配慮事項); brings back the versions that the form showed.
    WriteCareNote {
        /// Where.
        facility: FacilityId,
        /// About whom.
        child: ChildId,
        /// Which note; a new one if not set.
        #[serde(default)]
        record: Option<RecordId>,
        /// The whole text.
        text: String,
        /// What the form showed: only this is replaced.
        #[serde(default)]
        seen: Vec<ChangeId>,
    },
    /// The nursery confirms or refuses a guardian who joined.
    DecideJoin {
        /// Which.
        guardianship: RecordId,
        /// Confirm or refuse.
        confirm: bool,
    },
    /// The office decides on what waits for it.
    DecideWaiting {
        /// Holds and copies.
        waiting: Vec<RecordId>,
        /// Let in or refuse.
        accept: bool,
    },
}

/// A command as a screen sends it: with a person and PIN where the command asks for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Order {
    /// What.
    pub command: Command,
    /// Acts as this person for this one command …
    #[serde(default)]
    pub person: Option<PersonId>,
    /// … who types this PIN.
    #[serde(default)]
    pub pin: Option<String>,
}
