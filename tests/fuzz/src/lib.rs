//! What comes from outside, as bytes that nobody meant.
//!
//! A target is a function over bytes that panics when a promise is broken. The engine (`src/main.rs`, libFuzzer) looks
//! for such bytes; `tests/corpus.rs` replays those that are kept in `corpus/`. *Absent:* chance and the clock of a target.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a target fails by panicking"
)]

mod bytes;
mod device;
mod exchange;
mod merge;
mod server;
mod wire;

/// Panics when a promise is broken.
pub type Target = fn(&[u8]);

/// Every target, by name: the folder of its corpus.
pub const TARGETS: &[(&str, Target)] = &[
    ("apply", merge::apply),
    ("decode", wire::decode),
    ("exchange", exchange::exchange),
    ("server-files", server::open),
    ("store-open", device::open),
];
