//! A device: encrypted store, outbox, the engine without I/O, and the driver that gives it sockets and time.
//!
//! What was saved is durable before the caller hears of it. At most one batch is in flight and every request begins
//! with it; verdicts, echoes, page and cursor are stored in one transaction; only the reply to the latest request
//! counts. Absent: any rule of the domain beyond calling `nursery`, clocks and randomness of its own (both are
//! parameters), and panics.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic))]

pub mod device;
#[cfg(feature = "driver")]
pub mod driver;
pub mod engine;
mod fault;
mod keys;
mod store;
mod upkeep;

pub use device::Device;
pub use fault::{Fault, Unopened};
pub use keys::{Counter, Key, Keys, ServerKey};
pub use seal::{DeviceKey, OutboxSeal};
pub use store::{
    Counts, Item, Pace, Reader, SCHEMA_VERSION, SealedAway, Store, SyncState, Touched, Trouble, View, read_reply,
    schema, sealed_path,
};
