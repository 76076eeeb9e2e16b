//! People and the facts between them. All of it lives in the municipality's feed and outlives any site.

use crate::access::{Audience, atoms};
use crate::core::{Code, Kind, Shape};
use crate::form;
use crate::ids::{ChildId, ClassId, FacilityId, HouseholdId};
use crate::place::named;
use records::{Atoms, Day, PersonId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Names as given: no assumed parts, stored byte for byte, never normalised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Names {
    /// As in the register.
    pub legal: String,
    /// What the person is called, on the tile: the given name of a child. Empty: the legal name.
    #[serde(default)]
    pub used: String,
    /// Reading of the whole name, for sorting.
    #[serde(default)]
    pub kana: String,
    /// Reading of the used name, shown large on the tile. Empty: the used name.
    #[serde(default)]
    pub used_kana: String,
    /// Reading of the family name, shown above when two children of a class are called alike.
    #[serde(default)]
    pub family_kana: String,
    /// In Latin letters, if given.
    #[serde(default)]
    pub latin: String,
}

impl Names {
    /// What the tile says large.
    #[must_use]
    pub fn tile(&self) -> &str {
        [&self.used_kana, &self.used, &self.kana].into_iter().find(|s| !s.is_empty()).unwrap_or(&self.legal)
    }
}

form! {
    /// A grown-up: staff or guardian. Adult ≠ account ≠ device.
    Person = "person", 10,
    keys {}
    fields {
        /// As given.
        names: Names,
        /// Numbers in the order in which to call them.
        phones: Vec<String>,
        /// Set while the person has no device: everything goes on paper.
        on_paper: bool,
        /// Language wished for, such as `zh-Hans`.
        language: String,
        /// Argon2 of the PIN for shared tablets; only staff have one.
        pin: String,
    }
}
impl Kind for Person {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    fn audiences(&self) -> Atoms {
        let person = PersonId(self.meta.id.0);
        atoms(&[Audience::Known(person), Audience::Person(person), Audience::City(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        named(after.names.as_ref().map(|n| n.legal.as_str()))
    }
    fn text(&self) -> std::borrow::Cow<'_, str> {
        self.names.as_ref().map(|n| format!("{} {} {}", n.legal, n.kana, n.latin)).unwrap_or_default().into()
    }
}

form! {
    /// 園児
    Child = "child", 11,
    keys {}
    fields {
        /// As given.
        names: Names,
        /// 生年月日
        birth: Day,
        /// The office's number.
        number: String,
        /// `drawn` shows a drawn face, `initial` the kana initial.
        face: String,
    }
}
impl Kind for Child {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    fn audiences(&self) -> Atoms {
        let child = ChildId(self.meta.id.0);
        atoms(&[
            Audience::Care(child),
            Audience::Family(child),
            Audience::Basics(child),
            Audience::City(self.meta.feed.into()),
        ])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        named(after.names.as_ref().map(|n| n.legal.as_str()))?;
        after.birth.map(|_| ()).ok_or(Code::Incomplete)
    }
    fn text(&self) -> std::borrow::Cow<'_, str> {
        self.names.as_ref().map(|n| format!("{} {} {}", n.legal, n.kana, n.used)).unwrap_or_default().into()
    }
}

form! {
    /// What must be known at table and door; a host of a visit holds it for that span.
    ChildSafety = "child_safety", 12,
    keys {
        /// Whose.
        child: ChildId,
    }
    fields {
        /// アレルギー, short words such as 卵.
        allergies: Vec<String>,
        /// Things to carry, such as エピペン.
        carries: Vec<String>,
    }
}
impl Kind for ChildSafety {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Care(self.child), Audience::Family(self.child)])
    }
    fn check(_: Option<&Self>, _: &Self) -> Result<(), Code> {
        Ok(())
    }
    fn natural_key(&self) -> Option<String> {
        Some(self.child.to_string())
    }
}

form! {
    /// 配慮事項 and the like: protected, every look is logged, PIN on shared tablets.
    CareNote = "care_note", 13,
    keys {
        /// Whose.
        child: ChildId,
    }
    fields {
        /// In the office's words.
        text: String,
    }
}
impl Kind for CareNote {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    const SENSITIVE: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Care(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.text.as_ref().map(|_| ()).ok_or(Code::Incomplete)
    }
}

form! {
    /// 世帯: for counting and paper, never for access.
    Household = "household", 14,
    keys {}
    fields {
        /// The office's number.
        number: String,
    }
}
impl Kind for Household {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::City(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, _: &Self) -> Result<(), Code> {
        Ok(())
    }
}

form! {
    /// Child ↔ household, many to many.
    HouseholdMember = "household_member", 15,
    keys {
        /// Which household.
        household: HouseholdId,
        /// Whose.
        child: ChildId,
    }
    fields {
        /// From this day on.
        from: Day,
        /// To this day.
        until: Day,
    }
}
impl Kind for HouseholdMember {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Care(self.child), Audience::City(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.from.map(|_| ()).ok_or(Code::Incomplete)
    }
    fn natural_key(&self) -> Option<String> {
        Some(format!("{} {}", self.household, self.child))
    }
}

/// What a guardian may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum SightRight {
    /// Nothing.
    #[default]
    None,
    /// Where and when.
    Basics,
    /// All that is meant for families.
    Full,
}

/// Where a guardian's joining stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Joining {
    /// Known to the office; no account yet.
    #[default]
    Listed,
    /// Used an invitation; the nursery has not confirmed.
    Pending,
    /// Confirmed by the nursery.
    Confirmed,
    /// Refused by the nursery.
    Refused,
}

form! {
    /// Guardian ↔ child: the access fact. Legal status, what may be seen and who may pick up are three facts.
    Guardianship = "guardianship", 16,
    keys {
        /// Whose guardian.
        child: ChildId,
        /// Who.
        person: Uuid,
    }
    fields {
        /// 続柄: `mother`, `father`, `grandmother`, `foster`, … or words.
        relation: String,
        /// 親権: `sole`, `joint`, `none`, `foster`.
        legal: String,
        /// What may be seen.
        sight: SightRight,
        /// May collect the child.
        pickup: bool,
        /// Place in the order of calling, from 1.
        call_order: u8,
        /// Where joining stands.
        joining: Joining,
        /// From this day on.
        from: Day,
        /// To this day.
        until: Day,
    }
}
impl Kind for Guardianship {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    const GRANTS: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[
            Audience::Care(self.child),
            Audience::Person(PersonId(self.person)),
            Audience::City(self.meta.feed.into()),
        ])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.relation.as_ref().map(|_| ()).ok_or(Code::Incomplete)
    }
    fn natural_key(&self) -> Option<String> {
        Some(format!("{} {}", self.child, self.person))
    }
}

impl Guardianship {
    /// True while it is in date.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.meta.counts() && self.from.is_none_or(|f| f <= day) && self.until.is_none_or(|u| day <= u)
    }
    /// False while an invitation that was used waits for its confirmation, and after a refusal.
    #[must_use]
    pub fn may_speak(&self) -> bool {
        !matches!(self.joining, Some(Joining::Pending | Joining::Refused))
    }
    /// True if this adult may collect the child on this day.
    #[must_use]
    pub fn may_collect_on(&self, day: Day) -> bool {
        self.holds_on(day) && self.pickup == Some(true) && self.joining != Some(Joining::Refused)
    }
}

form! {
    /// お迎え登録者 who is no guardian.
    AuthorizedPickup = "authorized_pickup", 17,
    keys {
        /// Who is collected.
        child: ChildId,
    }
    fields {
        /// As given.
        names: Names,
        /// 続柄
        relation: String,
        /// Numbers in the order in which to call them.
        phones: Vec<String>,
        /// From this day on.
        from: Day,
        /// To this day.
        until: Day,
    }
}
impl Kind for AuthorizedPickup {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Care(self.child), Audience::Family(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        named(after.names.as_ref().map(|n| n.legal.as_str()))
    }
}

/// 認定区分 and 保育必要量, from which the window of ordinary hours follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    /// 標準時間, 11 h.
    #[default]
    Standard,
    /// 短時間, 8 h.
    Short,
    /// 教育標準時間, 4 h.
    Education,
    /// A slot at a development centre.
    Slot,
}

form! {
    /// 在籍: dated, also future and ended. Carries the name as written then, so that a past month's ledger reads only its own feed.
    Placement = "placement", 20,
    keys {
        /// Who.
        child: ChildId,
        /// Where.
        facility: FacilityId,
        /// In which class.
        class: ClassId,
    }
    fields {
        /// First day.
        from: Day,
        /// Last day; not set while it goes on.
        until: Day,
        /// 認定.
        hours: Hours,
        /// Age on 1 April of the school year, in years (born on 1 April belongs to the year above). Per child, never per class.
        class_age: u8,
        /// Place in the roster: the seat on the board.
        seat: u16,
        /// 休園: from this day …
        leave_from: Day,
        /// … to this day, both included.
        leave_until: Day,
        /// The name as written then.
        written_name: String,
    }
}
impl Kind for Placement {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    const GRANTS: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[
            Audience::Care(self.child),
            Audience::Staff(self.facility),
            Audience::Family(self.child),
            Audience::Basics(self.child),
            Audience::City(self.meta.feed.into()),
        ])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        let from = after.from.ok_or(Code::Incomplete)?;
        if after.until.is_some_and(|until| until < from) {
            return Err(Code::BadInput);
        }
        Ok(())
    }
}
impl Placement {
    /// True if the child belongs here on this day, 休園 included.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.meta.counts() && self.from.is_some_and(|f| f <= day) && self.until.is_none_or(|u| day <= u)
    }
    /// True if the child is on leave (休園) on this day.
    #[must_use]
    pub fn on_leave(&self, day: Day) -> bool {
        self.leave_from.is_some_and(|f| f <= day) && self.leave_until.is_none_or(|u| day <= u)
    }
}

/// What a member of staff is at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 保育士
    #[default]
    Caregiver,
    /// 主任
    LeadTeacher,
    /// 園長
    Director,
    /// 事務
    Office,
    /// 担当者: pairs tablets, prints invitations; no further rights.
    IctContact,
    /// 子育て支援課, at the municipality.
    City,
}

form! {
    /// Staff ↔ place, dated, several at once, also future. `facility` is the municipality's id for city roles.
    Assignment = "assignment", 21,
    keys {
        /// Who.
        person: Uuid,
        /// Where.
        facility: FacilityId,
    }
    fields {
        /// As what.
        role: Role,
        /// In which classes; empty: in all.
        classes: Vec<ClassId>,
        /// First day.
        from: Day,
        /// Last day.
        until: Day,
    }
}
impl Kind for Assignment {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    const GRANTS: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[
            Audience::Staff(self.facility),
            Audience::Person(PersonId(self.person)),
            Audience::City(self.meta.feed.into()),
        ])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.role.and(after.from).map(|_| ()).ok_or(Code::Incomplete)
    }
}
impl Assignment {
    /// True on this day.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.meta.counts() && self.from.is_some_and(|f| f <= day) && self.until.is_none_or(|u| day <= u)
    }
}

form! {
    /// 支援措置 and the like: this person must not learn anything about this child. A protected child never appears
    /// at the door or on lists outside its staff.
    Protection = "protection", 22,
    keys {
        /// Who is protected.
        child: ChildId,
        /// From whom; nil: nobody in particular, but no kiosk and no lists.
        person: Uuid,
    }
    fields {
        /// From this day on.
        from: Day,
        /// To this day.
        until: Day,
    }
}
impl Kind for Protection {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    const SENSITIVE: bool = true;
    const GRANTS: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Care(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.from.map(|_| ()).ok_or(Code::Incomplete)
    }
}

impl Protection {
    /// True on this day.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.meta.counts() && self.from.is_some_and(|f| f <= day) && self.until.is_none_or(|u| day <= u)
    }
}

form! {
    /// 同意: which text, for which purpose, by whom, withdrawn or not.
    Consent = "consent", 23,
    keys {
        /// About whom.
        child: ChildId,
        /// By whom.
        person: Uuid,
    }
    fields {
        /// Version of the text that was shown.
        text_version: String,
        /// Purposes agreed to.
        purposes: Vec<String>,
        /// Purposes expressly refused.
        refused: Vec<String>,
        /// Taken back on this day.
        withdrawn: Day,
    }
}
impl Kind for Consent {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Care(self.child), Audience::Person(PersonId(self.person))])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.text_version.as_ref().map(|_| ()).ok_or(Code::Incomplete)
    }
}
