//! Hashes, signatures, sealed bodies, receipts, restriction notes and the sealed outbox.
//!
//! Pure: bytes in, bytes out. The crate performs no I/O, reads no clock and draws no randomness by itself; nonces and
//! generators are parameters. Every format here is in the first byte ever stored and does not change: what must differ
//! gets a new version byte or a new domain.

mod body;
mod broken;
mod device;
mod frame;
mod hash;
mod hex;
mod outbox;
mod server;

pub use body::{NONCE_BYTES, SubjectKey, open_body, seal_body};
pub use broken::Broken;
pub use device::{DeviceKey, verify_batch};
pub use frame::{FRAME_BYTES, Frames, frame, frames};
pub use hash::{Hash, chain, hash, token_hash};
pub use outbox::{OutboxSeal, OutboxSecret, open_item, seal_item};
pub use server::{NOTE_BYTES, ServerKeys, verify_note, verify_web_batch};

/// A generator of randomness that is told its seed: ChaCha20. Hosts seed it from the operating system, the simulator
/// from its one seed.
pub use chacha20::ChaCha20Rng as Chance;
/// The traits of generators that this crate takes.
pub use rand_core;
