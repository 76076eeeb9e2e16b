//! Real devices and the real server, with a socket between them.
//!
//! The city is the one of the server's own tests. *Absent:* any double; what breaks is the wire.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

pub mod drill;
pub mod tablet;
pub mod wire;
#[path = "../../../sync-server/tests/http/world.rs"]
pub mod world;

pub use tablet::Tablet;
pub use wire::Wire;
pub use world::World;
