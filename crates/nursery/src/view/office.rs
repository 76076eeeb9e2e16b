//! Who am I, today's overview, joining.

use super::{CallList, Counts, Face, Hearing, PlaceRef, RoomLine, StaffFace, State};
use crate::attendance::Reason;
use crate::calendar::DayType;
use crate::devices::Purpose;
use crate::ids::{ChildId, ClassId, FacilityId, RoomId};
use crate::people::Role;
use records::{Day, DeviceTime, PersonId, RecordId, TimeOfDay};
use serde::{Deserialize, Serialize};

/// Which side of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 沖: staff.
    Staff,
    /// 浜: families.
    Family,
    /// Neither: not yet confirmed.
    Nobody,
}

/// A place to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct PlaceChoice {
    /// Which.
    pub place: PlaceRef,
    /// As shown.
    pub title: String,
    /// As shown.
    pub facility_name: String,
    /// Age of the class, years.
    pub age: Option<u8>,
}

/// What a colleague does at the facilities that the asking person works at: tells those of one name apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Post {
    /// Who.
    pub person: PersonId,
    /// The whole name in kana; may be empty.
    pub kana: String,
    /// As what.
    pub role: Role,
    /// Names of the classes of the post; empty: of none in particular.
    pub classes: Vec<String>,
    /// The same, by id.
    pub class_ids: Vec<ClassId>,
}

/// Who am I, where, with which places and colleagues.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct MeView {
    /// Which side.
    pub side: Side,
    /// Whose hands the device is in; `personal` in a browser.
    pub purpose: Purpose,
    /// The recording person, if one is chosen.
    pub person: Option<StaffFace>,
    /// Name of the municipality.
    pub municipality: String,
    /// Places this principal may open: classes in order, then rooms, then facilities.
    pub places: Vec<PlaceChoice>,
    /// The place to open first.
    pub home: Option<PlaceRef>,
    /// Staff of the site by kana, for the face picker.
    pub colleagues: Vec<StaffFace>,
    /// What each of them does, in the same order.
    pub posts: Vec<Post>,
    /// Works for the municipality itself: 子育て支援課.
    pub city: bool,
    /// May see the office's screens of these facilities.
    pub office_of: Vec<FacilityId>,
    /// True for a sandbox with invented children.
    pub sandbox: bool,
    /// The service day.
    pub day: Day,
}

/// One class today, or the children who are here from other facilities. The rows add up to the whole site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct ClassRow {
    /// Which; `None`: children from other facilities.
    pub class: Option<ClassId>,
    /// As shown; empty for children from other facilities.
    pub name: String,
    /// Age, years.
    pub age: Option<u8>,
    /// 在籍: placed here on the day, expected or not.
    pub enrolled: u16,
    /// Numbers of those who are expected or came.
    pub counts: Counts,
    /// 連絡なし or 連絡 不明.
    pub unreported: u16,
    /// Announcements that nobody has confirmed.
    pub unread: u16,
    /// Children, staff and めやす of the class's own room; `None` while no child is in it.
    pub room_line: Option<RoomLine>,
    /// Other rooms in which children of this row are now (合同), in order.
    pub joint: Vec<String>,
}

/// A room that belongs to no class, with children in it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct JointRoom {
    /// Which.
    pub room: RoomId,
    /// As shown.
    pub name: String,
    /// Children, staff and めやす.
    pub room_line: RoomLine,
}

/// One child in the office's list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct RollItem {
    /// Who.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Reading of the whole name; the list is sorted by it.
    pub kana: String,
    /// Name as written.
    pub kanji: String,
    /// Folded spellings of the name; a search looks for the folded words in each of them.
    pub search: Vec<String>,
    /// Which class; empty for a child from another facility.
    pub class_name: String,
    /// The facility that a child comes from who is here on a visit.
    pub home: Option<String>,
    /// Where.
    pub state: State,
    /// Arrival.
    pub arrived: Option<TimeOfDay>,
    /// Departure.
    pub left: Option<TimeOfDay>,
    /// Reason of an absence.
    pub reason: Option<Reason>,
    /// Out or elsewhere: where.
    pub place: Option<String>,
    /// アレルギー
    pub allergies: Vec<String>,
    /// What does not fit.
    pub contradictions: Vec<super::Contradiction>,
}

/// The office's overview: answers first who is missing, who is in the building, what is unconfirmed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct SiteTodayView {
    /// Where.
    pub facility: FacilityId,
    /// As shown.
    pub facility_name: String,
    /// The service day.
    pub day: Day,
    /// 1 = Monday … 7 = Sunday.
    pub weekday: u8,
    /// The best guess of the time.
    pub now: TimeOfDay,
    /// What kind of day it is.
    pub day_type: DayType,
    /// Such as 勤労感謝の日.
    pub day_name: String,
    /// Over all classes; each child once.
    pub counts: Counts,
    /// Staff in the building.
    pub staff_in_building: u16,
    /// Children of whom nothing is known.
    pub calls: Option<CallList>,
    /// Announcements nobody confirmed.
    pub unread: u16,
    /// Things to close.
    pub open_ends: u16,
    /// Guardians who wait to be confirmed.
    pub pending_joins: u16,
    /// Held changes and copies that wait for the office; 0 for everybody else.
    pub undecided: u16,
    /// By class, then those from other facilities, if any.
    pub classes: Vec<ClassRow>,
    /// Rooms of joint care with children in them now.
    pub joint: Vec<JointRoom>,
    /// By child, sorted by kana.
    pub roll: Vec<RollItem>,
    /// How well guardians' messages are heard.
    pub hearing: Hearing,
    /// Arrivals per ten minutes from 07:00, for the small curve.
    pub arrivals: Vec<u16>,
}

/// A guardian who joins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct JoinItem {
    /// The guardianship to confirm.
    pub guardianship: RecordId,
    /// Whose.
    pub child: ChildId,
    /// Name as written.
    pub child_name: String,
    /// Which class.
    pub class_name: String,
    /// The guardian's name as typed or known.
    pub person_name: String,
    /// 続柄 code or words.
    pub relation: String,
    /// When the invitation was used.
    pub at: Option<DeviceTime>,
}

/// A child for whose guardian an invitation can be made, whether expected today or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct InviteChild {
    /// Who.
    pub child: ChildId,
    /// Drawn or initial.
    pub face: Face,
    /// Reading of the whole name.
    pub kana: String,
    /// Name as written.
    pub kanji: String,
    /// Folded spellings of the name; a search looks for the folded words in each of them.
    pub search: Vec<String>,
    /// Which class.
    pub class_name: String,
    /// True if a guardian has joined or waits to be confirmed.
    pub joined: bool,
}

/// Guardians who wait to be confirmed, and children without any.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct JoinsView {
    /// Where.
    pub facility: FacilityId,
    /// As shown.
    pub facility_name: String,
    /// Waiting, oldest first.
    pub pending: Vec<JoinItem>,
    /// Every child of the site, to invite for: by class in order, then by kana.
    pub children: Vec<InviteChild>,
}
