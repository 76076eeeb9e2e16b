//! What families announce, who read it, and calls about children of whom nothing is known.

use crate::access::{Audience, atoms};
use crate::core::{Code, Kind, Shape};
use crate::form;
use crate::ids::{ChildId, PickupId};
use records::{Atoms, Day, DeviceTime, PersonId, TimeOfDay};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Days that one announcement may span at most; what is longer is a leave (休園), which the office enters.
pub const LONGEST_DAYS: i32 = 31;

/// How an announcement came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By the guardian in the app or browser.
    #[default]
    App,
    /// By telephone, entered by staff.
    Phone,
    /// At the door, entered by staff.
    Oral,
    /// On paper, entered by staff.
    Paper,
}

/// Reason of an absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// 発熱
    Fever,
    /// せき・鼻水
    Cough,
    /// 吐いた・下痢
    Stomach,
    /// 発疹
    Rash,
    /// けが
    Injury,
    /// 感染症と言われた
    Infection,
    /// 家の用事
    Family,
    /// そのほか
    Other,
}

/// What is announced: one decision, so one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Announced {
    /// 欠席
    Absence {
        /// Why.
        reason: Reason,
    },
    /// 遅刻
    Late {
        /// About when.
        at: TimeOfDay,
        /// Code that each screen puts into its reader's language: `hospital`, `family`, `on_the_way`, `other`; empty if
        /// nobody said. Records from before hold words in its place, which are shown as they stand.
        #[serde(default)]
        why: String,
    },
    /// 早退
    Early {
        /// When collected.
        at: TimeOfDay,
    },
    /// お迎えの変更
    Pickup {
        /// A guardian …
        #[serde(default)]
        person: Option<PersonId>,
        /// … or somebody on the list …
        #[serde(default)]
        pickup: Option<PickupId>,
        /// 続柄 code or words …
        #[serde(default)]
        relation: String,
        /// … and name, as families read them.
        name: String,
        /// When, if it changes.
        #[serde(default)]
        at: Option<TimeOfDay>,
    },
}

form! {
    /// 保護者からの連絡 about one child, for a day or a range of days. Written once; taken back by voiding, mended by a new one.
    Announcement = "announcement", 60,
    keys {
        /// About whom.
        child: ChildId,
    }
    fields {
        /// What.
        announced: Announced,
        /// Last day of a range; the first is the record's day.
        until: Day,
        /// Degrees Celsius, if measured.
        temperature: f32,
        /// Further words.
        note: String,
        /// How it came.
        channel: Channel,
        /// The guardian who said it, where staff entered it.
        caller: PersonId,
        /// 続柄 code or words of the person who said it.
        caller_relation: String,
        /// Given name of the person who said it.
        caller_name: String,
        /// The recording person as families read it, where staff entered it.
        by_name: String,
        /// When it was written, by the device's clock.
        at: DeviceTime,
        /// True if it came after the site's cut-off time.
        late: bool,
        /// The announcement that this one replaces.
        replaces: Uuid,
    }
}
impl Kind for Announcement {
    const SHAPE: Shape = Shape::Fact;
    const TRACKED: bool = true;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(13);
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.meta.feed.into()), Audience::Family(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        let day = after.meta.day.ok_or(Code::Incomplete)?;
        if after.announced.is_none() {
            return Err(Code::Incomplete);
        }
        if after.until.is_some_and(|until| until < day || until.number() - day.number() > LONGEST_DAYS) {
            return Err(Code::BadInput);
        }
        if after.temperature.is_some_and(|t| !(30.0..=45.0).contains(&t)) {
            return Err(Code::BadInput);
        }
        Ok(())
    }
    fn text(&self) -> std::borrow::Cow<'_, str> {
        self.note.as_deref().unwrap_or("").into()
    }
}
impl Announcement {
    /// True if it counts and is about this day.
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        self.meta.counts() && self.meta.day.is_some_and(|from| from <= day && day <= self.until.unwrap_or(from))
    }
}

form! {
    /// 確認: a person has read an announcement. A person's act, never a machine's.
    Acknowledgement = "acknowledgement", 61,
    keys {
        /// About whom.
        child: ChildId,
        /// Which announcement.
        announcement: Uuid,
    }
    fields {
        /// When.
        at: DeviceTime,
        /// Who, as families read it.
        by_name: String,
    }
}
impl Kind for Acknowledgement {
    const SHAPE: Shape = Shape::Fact;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(13);
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.meta.feed.into()), Audience::Family(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.at.map(|_| ()).ok_or(Code::Incomplete)
    }
}

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// 話せた
    Spoke,
    /// 出ない
    NoAnswer,
    /// 折り返し待ち
    CallsBack,
}

form! {
    /// One call about a child of whom nothing is known. Each call is a fact of its own; the last one counts.
    Calling = "calling", 62,
    keys {
        /// About whom.
        child: ChildId,
    }
    fields {
        /// When.
        at: DeviceTime,
        /// `None` while the person is still calling (「わたしが電話します」).
        outcome: CallOutcome,
        /// Who calls, as colleagues read it.
        by_name: String,
    }
}
impl Kind for Calling {
    const SHAPE: Shape = Shape::Fact;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(3);
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.at.and(after.meta.day.map(|_| ())).ok_or(Code::Incomplete)
    }
}

form! {
    /// A guardian's word that an announcement that had not arrived was told by telephone. Ends the reminder on the phone.
    ToldByPhone = "told_by_phone", 63,
    keys {
        /// About whom.
        child: ChildId,
        /// Which announcement.
        announcement: Uuid,
    }
    fields {
        /// When.
        at: DeviceTime,
    }
}
impl Kind for ToldByPhone {
    const SHAPE: Shape = Shape::Fact;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(13);
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.meta.feed.into()), Audience::Family(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.at.map(|_| ()).ok_or(Code::Incomplete)
    }
}
