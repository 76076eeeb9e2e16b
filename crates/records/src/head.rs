//! The part of a record that never changes.

use crate::ids::{FeedId, RecordId, Subject};
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use uuid::Uuid;

/// Name of a kind of record, such as `punch`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KindName(pub Cow<'static, str>);

impl KindName {
    /// A name known at compile time.
    #[must_use]
    pub const fn of(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KindName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A role at a place or a family, such as `staff@<facility>`: who may hold a record. Opaque here; the domain reads it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Atom(pub String);

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Audience of a record, at most [`crate::limits::ATOMS_PER_RECORD`]; in order, each once.
pub type Atoms = BTreeSet<Atom>;

/// Ids by which a record is found besides its own, at most [`crate::limits::KEYS_PER_RECORD`]; their meaning is the kind's.
pub type Keys = Vec<Uuid>;

/// Written once, never changed. Whoever should see something else gets another record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Version 7, or version 5 of the natural key.
    pub id: RecordId,
    /// What it is.
    pub kind: KindName,
    /// Where it happened, or the municipality.
    pub feed: FeedId,
    /// Whose key seals it.
    pub subject: Subject,
    /// The service day it belongs to, for what belongs to a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// Clear keys, in the order that the kind declares.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Keys,
    /// Who may hold it. A device receives only the atoms that it holds itself.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub audiences: Atoms,
}

impl Head {
    /// True if `other` is the same head, audiences left aside (a device knows only a part of them).
    #[must_use]
    pub fn same_but_audiences(&self, other: &Self) -> bool {
        self.id == other.id
            && self.kind == other.kind
            && self.feed == other.feed
            && self.subject == other.subject
            && self.day == other.day
            && self.keys == other.keys
    }
}
