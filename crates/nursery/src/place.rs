//! Places: municipality, facilities, classes, rooms, and which capability is switched on where.

use crate::access::{Audience, atoms};
use crate::core::{Code, Kind, Shape};
use crate::form;
use crate::ids::{ClassId, FacilityId};
use records::{Atoms, Day, TimeOfDay};
use serde::{Deserialize, Serialize};

/// What a facility is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum FacilityType {
    /// 保育園
    #[default]
    Nursery,
    /// 児童発達支援センター
    DevelopmentCenter,
    /// 認定こども園
    KodomoEn,
}

form! {
    /// 市
    Municipality = "municipality", 1,
    keys {}
    fields {
        /// As shown.
        name: String,
    }
}
impl Kind for Municipality {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Everyone(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        named(after.name.as_deref())
    }
}

form! {
    /// 施設. Its record id is its feed id.
    Facility = "facility", 2,
    keys {}
    fields {
        /// As shown.
        name: String,
        /// What it is.
        facility_type: FacilityType,
        /// The number families call.
        phone: String,
        /// Place in lists.
        order: u16,
        /// First arrival of the day.
        opens: TimeOfDay,
        /// Last departure of the day.
        closes: TimeOfDay,
        /// Until then an absence of the same day comes in time.
        cut_off: TimeOfDay,
        /// From then on a child that is expected, not announced and not here is called about.
        call_from: TimeOfDay,
        /// When a service day ends; 04:00 if not set.
        boundary: TimeOfDay,
        /// True for a sandbox with invented children.
        sandbox: bool,
    }
}
impl Kind for Facility {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    const GRANTS: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Everyone(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        named(after.name.as_deref())
    }
}
impl Facility {
    /// When a service day of this site ends.
    #[must_use]
    pub fn day_ends(&self) -> TimeOfDay {
        self.boundary.unwrap_or(crate::clock::DEFAULT_BOUNDARY)
    }
    /// From when an unreported absence rings where nothing else is said: 09:30.
    #[must_use]
    pub fn calls_from(&self) -> TimeOfDay {
        self.call_from.unwrap_or(TimeOfDay::hm(9, 30))
    }
}

form! {
    /// クラス
    ClassGroup = "class_group", 3,
    keys {
        /// Where.
        facility: FacilityId,
    }
    fields {
        /// As shown, such as うさぎ組.
        name: String,
        /// Age on 1 April; `None` for mixed groups. The age of a child is never taken from here.
        age: u8,
        /// Place in lists.
        order: u16,
    }
}
impl Kind for ClassGroup {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    const GRANTS: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Everyone(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        named(after.name.as_deref())
    }
}

form! {
    /// 部屋
    Room = "room", 4,
    keys {
        /// Where.
        facility: FacilityId,
    }
    fields {
        /// As shown, such as ホール.
        name: String,
        /// Place in lists.
        order: u16,
        /// The class whose own room it is.
        home_of: ClassId,
    }
}
impl Kind for Room {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    const GRANTS: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Everyone(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        named(after.name.as_deref())
    }
}

form! {
    /// Switch of one capability at one site (G7): before its day nobody sees a trace; off keeps the data.
    CapabilitySwitch = "capability_switch", 5,
    keys {
        /// Where.
        facility: FacilityId,
    }
    fields {
        /// Id as in the product page, such as `A1`.
        capability: String,
        /// From this day on.
        from: Day,
        /// Switched off again from this day on.
        until: Day,
    }
}
impl Kind for CapabilitySwitch {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Everyone(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        named(after.capability.as_deref())
    }
    fn natural_key(&self) -> Option<String> {
        Some(format!("{} {}", self.facility, self.capability.as_deref().unwrap_or("")))
    }
}

/// A name is not empty and not longer than 60 characters.
pub(crate) fn named(name: Option<&str>) -> Result<(), Code> {
    match name {
        None => Err(Code::Incomplete),
        Some(name) if name.trim().is_empty() || name.chars().count() > 60 => Err(Code::BadInput),
        Some(_) => Ok(()),
    }
}
