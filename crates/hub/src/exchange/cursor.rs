//! Where a device stands: opaque to it, base64url of JSON. The server may change what is in it whenever it likes: a
//! cursor that it cannot read begins anew.

use crate::error::StoreError;
use data_encoding::BASE64URL_NOPAD;
use records::wire::Cursor;
use records::{Epoch, GrantsVersion, Seq};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Letters of a cursor at most; a longer one is not ours.
const CURSOR_CHARS: usize = 64 * 1024;
/// Fills that a cursor carries; beyond, everything is sent again.
pub const FILLS: usize = 64;

/// Audiences of one fill; more than any device holds.
const ATOMS: usize = 20_000;

/// What a device has stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Lineage.
    #[serde(rename = "e")]
    pub epoch: Epoch,
    /// Version of rights under which it was sent.
    #[serde(rename = "g")]
    pub grants: GrantsVersion,
    /// Highest restriction note whose erasures it was told.
    #[serde(rename = "n", default)]
    pub notes: u64,
    /// Per feed (its number in the store) the seq up to which it has all of its audiences.
    #[serde(rename = "s", default)]
    pub feeds: BTreeMap<i64, Seq>,
    /// Audiences gained since, still being filled from the beginning of a feed.
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub fills: Vec<Fill>,
}

/// Audiences whose past is being sent: in one feed after `at` up to `to`, beyond which they come with all others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// Numbers of the audiences in the store.
    #[serde(rename = "a")]
    pub atoms: Vec<i64>,
    /// Number of the feed.
    #[serde(rename = "s")]
    pub feed: i64,
    /// Sent so far.
    #[serde(rename = "at")]
    pub at: Seq,
    /// To be sent.
    #[serde(rename = "to")]
    pub to: Seq,
}

impl Reached {
    /// Nothing yet.
    pub fn nothing(epoch: Epoch, grants: GrantsVersion, notes: u64) -> Self {
        Self { epoch, grants, notes, feeds: BTreeMap::new(), fills: vec![] }
    }

    /// A cursor is a device's word: one that the server cannot have written is none.
    fn is_plausible(&self) -> bool {
        let stored = |number: u64| i64::try_from(number).is_ok();
        let fill = |fill: &Fill| fill.atoms.len() <= ATOMS && stored(fill.at.0) && stored(fill.to.0);
        stored(self.grants.0)
            && stored(self.notes)
            && self.feeds.values().all(|seq| stored(seq.0))
            && self.fills.len() <= FILLS
            && self.fills.iter().all(fill)
    }
}

/// Reads a cursor; `None` if it is of another epoch or cannot be read: begin anew.
pub fn read(cursor: &Cursor, epoch: Epoch) -> Option<Reached> {
    if cursor.0.len() > CURSOR_CHARS {
        return None;
    }
    let json = BASE64URL_NOPAD.decode(cursor.0.as_bytes()).ok()?;
    let reached: Reached = serde_json::from_slice(&json).ok()?;
    (reached.epoch == epoch && reached.is_plausible()).then_some(reached)
}

/// Writes a cursor.
pub fn write(reached: &Reached) -> Result<Cursor, StoreError> {
    Ok(Cursor(BASE64URL_NOPAD.encode(&serde_json::to_vec(reached)?)))
}
