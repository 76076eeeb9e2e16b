//! What a device writes, and how it travels.

use crate::head::Head;
use crate::ids::{ActId, ChangeId, DeviceId, GrantsVersion, PersonId};
use crate::record::{Field, Seen, Value};
use crate::time::DeviceTime;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// One field written in one record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Write {
    /// Which field.
    pub field: Field,
    /// The new value; `None` empties the field.
    #[serde(default)]
    pub value: Option<Value>,
    /// The entries its author had seen on the screen: these it replaces, all others stay beside it.
    #[serde(default, skip_serializing_if = "Seen::is_empty")]
    pub over: Seen,
}

/// One author's writing in one record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Version 7, made by the author's device; given to [`crate::apply`] once.
    pub id: ChangeId,
    /// The changes of one act are accepted, held or refused together.
    pub act: ActId,
    /// The whole head, so that a change can create its record wherever it comes first.
    pub head: Head,
    /// What is written.
    pub writes: Vec<Write>,
    /// Who wrote.
    pub author: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// The version of rights that the author's device knew.
    pub basis: GrantsVersion,
    /// What that device's clock said, with its error.
    pub at: DeviceTime,
    /// Version of the app that wrote, such as `0.1.0`.
    pub app: String,
}

/// 16 random bytes in lower-case hexadecimal, so that the hash of an erased change tells nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Salt(pub String);

/// A change as it travels and is kept, byte for byte: what is hashed is `salt ‖ bytes`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letter {
    /// Made by the device together with the bytes.
    pub salt: Salt,
    /// The JSON of a [`Change`], verbatim.
    pub bytes: Box<RawValue>,
}

impl Letter {
    /// Puts a change into its final bytes. After this it never changes.
    ///
    /// # Errors
    /// Only if a value cannot be written as JSON (a map with keys that are no strings).
    pub fn seal(change: &Change, salt: Salt) -> Result<Self, serde_json::Error> {
        Ok(Self { salt, bytes: serde_json::value::to_raw_value(change)? })
    }

    /// Reads the change in it.
    ///
    /// # Errors
    /// If the bytes are no change of a shape this version knows.
    pub fn open(&self) -> Result<Change, serde_json::Error> {
        serde_json::from_str(self.bytes.get())
    }
}
