//! Calendar and expectation: which days a site is open, and which child is expected when.

use crate::access::{Audience, atoms};
use crate::core::{Code, Kind, Shape};
use crate::form;
use crate::ids::{ChildId, FacilityId};
use records::{Atoms, Day, TimeOfDay};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What kind of day it is at a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum DayType {
    /// As on any weekday.
    #[default]
    Open,
    /// Closed: Sunday, holiday, year end.
    Closed,
    /// Closes earlier.
    Shortened,
    /// 希望保育: open for those who asked.
    OnRequest,
}

form! {
    /// 開所カレンダー: what one day is at one site, where it is not what its weekday says.
    SiteDay = "site_day", 40,
    keys {
        /// Where.
        facility: FacilityId,
    }
    fields {
        /// What it is.
        day_type: DayType,
        /// Closing time, for shortened days.
        closes: TimeOfDay,
        /// Such as 勤労感謝の日.
        name: String,
    }
}
impl Kind for SiteDay {
    const SHAPE: Shape = Shape::Form;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.facility), Audience::Families(self.facility)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.day_type.and(after.meta.day).map(|_| ()).ok_or(Code::Incomplete)
    }
    fn natural_key(&self) -> Option<String> {
        self.meta.day.map(|d| d.to_string())
    }
}

/// From when to when a child comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Span {
    /// Usual arrival.
    pub from: TimeOfDay,
    /// Usual departure.
    pub to: TimeOfDay,
}

form! {
    /// 利用予定 by weekday, dated.
    CarePattern = "care_pattern", 41,
    keys {
        /// Whose.
        child: ChildId,
    }
    fields {
        /// `1` (Monday) to `7`; a weekday that is not there is a day on which the child does not come.
        week: BTreeMap<String, Span>,
        /// First day.
        from: Day,
        /// Last day.
        until: Day,
    }
}
impl Kind for CarePattern {
    const SHAPE: Shape = Shape::Form;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.meta.feed.into()), Audience::Family(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.week.as_ref().and(after.from).map(|_| ()).ok_or(Code::Incomplete)
    }
}

form! {
    /// One child on one day, where it is not what the pattern says: 慣らし保育, a slot at the centre, Saturday by request.
    ExpectedDay = "expected_day", 42,
    keys {
        /// Whose.
        child: ChildId,
    }
    fields {
        /// Whether the child comes.
        expected: bool,
        /// From when to when.
        span: Span,
        /// `settling_in`, `centre_slot`, `saturday`, `request`, or words.
        reason: String,
    }
}
impl Kind for ExpectedDay {
    const SHAPE: Shape = Shape::Form;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.meta.feed.into()), Audience::Family(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.expected.and(after.meta.day).map(|_| ()).ok_or(Code::Incomplete)
    }
    fn natural_key(&self) -> Option<String> {
        Some(format!("{} {}", self.child, self.meta.day?))
    }
}

form! {
    /// 他施設での保育: gives the host the child's safety facts for the span and takes them back after. In the municipality's feed.
    Visit = "visit", 43,
    keys {
        /// Who.
        child: ChildId,
        /// Where to.
        host: FacilityId,
        /// From which facility.
        home: FacilityId,
    }
    fields {
        /// First day.
        from: Day,
        /// Last day.
        until: Day,
        /// On days of the span: from when to when.
        span: Span,
        /// `centre`, `saturday`, `emergency`, `exchange`.
        purpose: String,
    }
}
impl Kind for Visit {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    const GRANTS: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.host), Audience::Staff(self.home), Audience::Family(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        match (after.from, after.until) {
            (Some(from), Some(until)) if from <= until => Ok(()),
            (Some(_), Some(_)) => Err(Code::BadInput),
            _ => Err(Code::Incomplete),
        }
    }
}
impl Visit {
    /// True on this day.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.meta.counts() && self.from.is_some_and(|f| f <= day) && self.until.is_some_and(|u| day <= u)
    }
}
