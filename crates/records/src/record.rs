//! A record as merged so far.

use crate::head::Head;
use crate::ids::{ChangeId, DeviceId, PersonId, Seq};
use crate::limits;
use crate::time::{DeviceTime, ServerTime};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Content of one entry: JSON. What a newer app wrote is kept as it came.
pub type Value = serde_json::Value;
/// Name of a field; elements of a set are fields `name/key`.
pub type Field = String;
/// Entries that the author had seen on the screen when writing.
pub type Seen = BTreeSet<ChangeId>;

/// What one change wrote into one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The change that wrote it.
    pub change: ChangeId,
    /// Who wrote it.
    pub author: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// What that device's clock said.
    pub at: DeviceTime,
    /// The value; `None` when the author emptied the field.
    pub value: Option<Value>,
}

/// One decision: the entries that nobody has knowingly replaced, in order of acceptance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Register {
    /// Live entries, the one accepted last at the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    /// Changes that a write named but the log has not met: when one comes it is logged, not shown.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub awaited: BTreeSet<ChangeId>,
}

impl Register {
    /// The entry to show where one must be picked: the one accepted last.
    #[must_use]
    pub fn shown(&self) -> Option<&Entry> {
        self.entries.last()
    }

    /// Every live entry.
    #[must_use]
    pub fn all(&self) -> &[Entry] {
        &self.entries
    }

    /// The ids a form must bring back when it saves.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.entries.iter().map(|e| e.change).collect()
    }

    /// True if live entries disagree; equal values count as one.
    #[must_use]
    pub fn disagrees(&self) -> bool {
        let mut values = self.entries.iter().map(|e| &e.value);
        let first = values.next();
        values.any(|v| Some(v) != first)
    }

    pub(crate) fn full_for(&self, author: PersonId) -> bool {
        self.entries.len() >= limits::LIVE_PER_REGISTER
            || self.entries.iter().filter(|e| e.author == author).count() >= limits::LIVE_PER_AUTHOR
    }
}

/// Why a record has a head but no fields any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    /// Taken back by its author or site (recall, withdrawn consent).
    Withdrawn,
    /// Its subject was erased.
    Erased,
}

/// A record as merged so far, as it is stored and sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Never changes.
    pub head: Head,
    /// One register per field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<Field, Register>,
    /// Place of its newest accepted change in the feed; `None` while it is only pending here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
    /// The server's clock when it accepted the first change of this record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<ServerTime>,
    /// Set when only the head is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Gone>,
}

/// A field read as a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading<T> {
    /// Never written, or emptied.
    Missing,
    /// Read.
    Is(T),
    /// There is a value, but this version of the app does not understand it; it is kept as it came.
    Unreadable,
}

impl<T> Reading<T> {
    /// The value, if it could be read.
    pub fn ok(self) -> Option<T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Missing | Self::Unreadable => None,
        }
    }
}

impl Record {
    /// A record without fields.
    #[must_use]
    pub fn empty(head: Head) -> Self {
        Self { head, fields: BTreeMap::new(), seq: None, accepted: None, gone: None }
    }

    /// The shown entry of a field.
    #[must_use]
    pub fn shown(&self, field: &str) -> Option<&Entry> {
        self.fields.get(field).and_then(Register::shown)
    }

    /// The shown value of a field, read as `T`; never an error of the whole record.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self, field: &str) -> Reading<T> {
        match self.shown(field).and_then(|e| e.value.as_ref()) {
            None => Reading::Missing,
            Some(value) => T::deserialize(value).map_or(Reading::Unreadable, Reading::Is),
        }
    }

    /// What a form that shows `field` must bring back.
    #[must_use]
    pub fn seen(&self, field: &str) -> Seen {
        self.fields.get(field).map(Register::seen).unwrap_or_default()
    }

    /// The earliest entry of the record: who made it, where and when.
    #[must_use]
    pub fn origin(&self) -> Option<&Entry> {
        self.fields.values().flat_map(|r| &r.entries).min_by_key(|e| e.change)
    }

    /// Every change that is live somewhere in the record.
    pub fn live(&self) -> impl Iterator<Item = ChangeId> + '_ {
        self.fields.values().flat_map(|r| r.entries.iter().map(|e| e.change))
    }
}
