//! The server without HTTP: judges what devices and browsers write, commits it, and gives each principal what it may
//! hold.
//!
//! Synchronous and thread-safe; holds SQLite files and nothing else. It reads no clock (`now` is a parameter) and draws
//! no randomness but from the seed that it is given; no HTTP, no TLS, no runtime. Bodies are sealed by keys that lie
//! outside database and backup.

mod backup;
mod commit;
mod door;
mod error;
mod exchange;
mod hub;
mod keyfile;
mod notes;
mod pokes;
mod reading;
mod recovery;
mod standings;
mod store;
mod verify;

pub use backup::restore;
pub use commit::{Committed, Hands, Here};
pub use door::{Pairing, PairingState, PairingSubject, SignedIn, WebSession};
pub use error::{Failure, StoreError};
pub use hub::{Hub, Session};
pub use notes::{Mended, Restriction, mend_restrictions};
pub use pokes::{Subscription, Touched};
pub use reading::{Filtered, HubRecords};
pub use standings::Held;
pub use store::schema;
