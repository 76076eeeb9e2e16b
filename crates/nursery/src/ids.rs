//! Ids of the domain. Each is the id of the record that describes the thing.

use records::{FeedId, PersonId, RecordId, Subject};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, concat!(stringify!($name), "({})"), self.0) }
        }
        impl From<Uuid> for $name { fn from(id: Uuid) -> Self { Self(id) } }
        impl From<$name> for Uuid { fn from(id: $name) -> Self { id.0 } }
        impl From<$name> for RecordId { fn from(id: $name) -> Self { RecordId(id.0) } }
        impl From<RecordId> for $name { fn from(id: RecordId) -> Self { Self(id.0) } }
    )+};
}

id! {
    /// 市
    MunicipalityId,
    /// 施設
    FacilityId,
    /// クラス
    ClassId,
    /// 部屋
    RoomId,
    /// 園児
    ChildId,
    /// 世帯
    HouseholdId,
    /// お迎え登録者
    PickupId,
}

impl From<FacilityId> for FeedId {
    fn from(id: FacilityId) -> Self {
        Self(id.0)
    }
}
impl From<FeedId> for FacilityId {
    fn from(id: FeedId) -> Self {
        Self(id.0)
    }
}
impl From<MunicipalityId> for FeedId {
    fn from(id: MunicipalityId) -> Self {
        Self(id.0)
    }
}
impl From<FeedId> for MunicipalityId {
    fn from(id: FeedId) -> Self {
        Self(id.0)
    }
}
impl From<ChildId> for Subject {
    fn from(id: ChildId) -> Self {
        Self(id.0)
    }
}
impl From<Subject> for ChildId {
    fn from(id: Subject) -> Self {
        Self(id.0)
    }
}

/// The facility-year that seals what concerns nobody in particular: UUIDv5(facility, school year), where the school
/// year begins on 1 April.
#[must_use]
pub fn facility_year(feed: FeedId, day: records::Day) -> Subject {
    let year = if day.0.month() >= 4 { day.0.year() } else { day.0.year() - 1 };
    Subject(Uuid::new_v5(&feed.0, format!("year {year}").as_bytes()))
}

/// The subject of what describes a person.
#[must_use]
pub fn person_subject(person: PersonId) -> Subject {
    Subject(person.0)
}
