//! The real router on a loopback socket, over a real store in a folder of its own, asked by a real client.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod asked;
mod browsers;
mod commands;
mod garbage;
mod joining;
mod limits;
mod pairing;
mod pins;
mod secrets;
mod strangers;
#[allow(dead_code, reason = "tests/wire uses the rest of it")]
mod world;
