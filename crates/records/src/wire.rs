//! What a device and the server say to each other in one round trip of `POST /v1/sync`.
//!
//! JSON. A request begins with the batch in flight, if there is one; the reply answers every change of it, echoes the
//! merged record of each accepted change whatever the cursor, and brings one page of records.

use crate::change::Letter;
use crate::head::Atom;
use crate::ids::{BlobId, ChangeId, Epoch, GrantsVersion, Incarnation, RecordId, Seq, Subject};
use crate::record::Record;
use crate::time::ServerTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a device stands in what it may hold. Opaque to devices: stored with the page, sent back as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// A restriction: it only takes away, and applies at once from whoever brings it. At most 200 bytes, no names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Counted from 1 over the life of the server, never rolled back by a restore.
    pub number: u64,
    /// What is taken away, as JSON text of a closed vocabulary (`block`, `protect`, `retire`, `erase`, `recall`).
    pub what: String,
    /// Ed25519 of the server over `number ‖ what`, 128 hexadecimal letters.
    pub signature: String,
}

/// Letters of one device in the order in which it wrote them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Batch {
    /// This life of the device's store.
    pub incarnation: Incarnation,
    /// Counted from 1 in this life.
    pub number: u64,
    /// At most [`crate::limits::CHANGES_PER_BATCH`].
    pub letters: Vec<Letter>,
    /// Ed25519 of the device over incarnation, number and the list of letter hashes; 128 hexadecimal letters.
    pub signature: String,
    /// Of letters that are offered again after a restore: the receipts of their acceptance. Not signed, a receipt proves
    /// itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub receipts: BTreeMap<ChangeId, String>,
}

/// What a device asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Exchange {
    /// The lineage of the cursor; `None` for a device that has never synced.
    #[serde(default)]
    pub epoch: Option<Epoch>,
    /// As the last reply gave it.
    #[serde(default)]
    pub cursor: Option<Cursor>,
    /// The batch in flight.
    #[serde(default)]
    pub batch: Option<Batch>,
    /// Highest restriction note that the device holds.
    #[serde(default)]
    pub notes_seen: u64,
    /// Notes that the server may lack after a restore.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// Records that an earlier epoch sent and this one did not: copies of what others wrote, perhaps the last ones. At
    /// most [`crate::limits::COPIES_PER_EXCHANGE`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<Record>,
    /// Bytes of records that the device wants at most; the server sends no more than [`crate::limits::BATCH_BYTES`].
    #[serde(default)]
    pub room: Option<u32>,
    /// Version of the app, such as `0.1.0`.
    #[serde(default)]
    pub app: String,
}

/// A refusal's reason, such as `not_allowed`; closed per server version, unknown ones are shown as they are.
pub type Code = String;

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// In the log for good.
    Accepted {
        /// Its place in its feed.
        seq: Seq,
        /// Proof of acceptance that survives a restore of the server.
        receipt: String,
    },
    /// Waits for a manager; the hold is a record.
    Held {
        /// The record that tells about it.
        hold: RecordId,
    },
    /// Not accepted, with the reason; stays in the device's tray with its content.
    Refused {
        /// Why.
        code: Code,
    },
    /// Not judged now; blocks nothing.
    Later {
        /// Seconds to wait at least.
        after_s: u32,
        /// Why, such as `upgrade`.
        code: Code,
    },
}

/// Verdict on one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Which change.
    pub change: ChangeId,
    /// What became of it.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// What the server answers. A device stores verdicts, echoes, page and cursor in one transaction.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reply {
    /// The server's lineage.
    pub epoch: Epoch,
    /// The version of rights under which this reply was made.
    pub grants: GrantsVersion,
    /// One per change of the batch, in its order.
    #[serde(default)]
    pub verdicts: Vec<Answered>,
    /// The merged record of each accepted change.
    #[serde(default)]
    pub echoes: Vec<Record>,
    /// New and moved records.
    #[serde(default)]
    pub page: Vec<Record>,
    /// Atoms that the device no longer holds: it removes them and erases records left with none.
    #[serde(default)]
    pub lost: Vec<Atom>,
    /// Subjects of which the device must forget everything.
    #[serde(default)]
    pub forget: Vec<Subject>,
    /// Restrictions that the device lacks.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// Blobs that the server lacks and the device may have.
    #[serde(default)]
    pub want: Vec<BlobId>,
    /// Copies that the device need not keep: the log has everything of them, or the office has been shown them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copied: Vec<RecordId>,
    /// To be stored with the page.
    pub cursor: Cursor,
    /// True if another page is ready.
    pub more: bool,
    /// The server's clock.
    pub now: ServerTime,
    /// Number of the newest schema that the server knows.
    pub schema: u32,
}
