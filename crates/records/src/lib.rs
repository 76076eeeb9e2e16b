//! Generic records that many devices write without a network.
//!
//! A [`Record`] has a [`Head`] that never changes and fields; a field is a [`Register`] that keeps every entry
//! nobody has knowingly replaced. A [`Change`] touches one record; [`apply`] merges it. The crate is pure: it
//! performs no I/O, reads no clock, knows no domain and contains no cryptography.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

mod change;
mod head;
mod ids;
pub mod limits;
mod merge;
mod record;
mod time;
pub mod wire;

pub use change::{Change, Letter, Salt, Write};
pub use head::{Atom, Atoms, Head, Keys, KindName};
pub use ids::{
    ActId, BlobId, ChangeId, DeviceId, Epoch, FeedId, GrantsVersion, Incarnation, PersonId, RecordId, Seq, Subject,
};
pub use merge::{Misfit, apply, overlay};
pub use record::{Entry, Field, Gone, Reading, Record, Register, Seen, Value};
pub use time::{Day, DeviceTime, ServerTime, TimeOfDay};
