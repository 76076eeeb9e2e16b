//! Names of things. Random ids are UUIDv7 (time-ordered, so that they cluster on disk), derived ids UUIDv5.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
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
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { Uuid::parse_str(s).map(Self) }
        }
        impl From<Uuid> for $name { fn from(id: Uuid) -> Self { Self(id) } }
    )+};
}

id! {
    /// One record. Version 7 when random, version 5 of (feed, kind, natural key) where devices must meet in one record.
    RecordId,
    /// One change; always version 7, made by the author's device.
    ChangeId,
    /// The unit that stands or falls together.
    ActId,
    /// A person: staff, guardian or the server itself.
    PersonId,
    /// A device, or one browser session (which the server signs for).
    DeviceId,
    /// A facility or the municipality: the sequence in which its changes were accepted.
    FeedId,
    /// Whose key seals a record: a child, a person, or a facility-year.
    Subject,
    /// The server's lineage; a restore makes a new one that names its parent.
    Epoch,
    /// One life of a device store; new at pairing and whenever a copy of the store is found.
    Incarnation,
}

impl RecordId {
    /// The id of the one record of `kind` that has this natural key in this feed: UUIDv5(feed, kind 0x1f key).
    #[must_use]
    pub fn derived(feed: FeedId, kind: &str, key: &str) -> Self {
        let mut name = Vec::with_capacity(kind.len() + key.len() + 1);
        name.extend_from_slice(kind.as_bytes());
        name.push(0x1f);
        name.extend_from_slice(key.as_bytes());
        Self(Uuid::new_v5(&feed.0, &name))
    }

    /// True if the id was derived from a natural key (version 5).
    #[must_use]
    pub fn is_derived(self) -> bool {
        self.0.get_version_num() == 5
    }
}

/// Place in the server's order of one feed, counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "number"))]
#[serde(transparent)]
pub struct Seq(pub u64);

/// Version of everybody's rights; moves when an accepted change may alter who sees or does what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GrantsVersion(pub u64);

/// BLAKE3 of the whole cipher-text of a blob, in lower-case hexadecimal (64 letters).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[serde(transparent)]
pub struct BlobId(pub String);
