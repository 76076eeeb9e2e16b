//! What the host brings: keys from the keyring, and a counter that a copied file does not carry along.

use seal::{DeviceKey, OutboxSeal};
use std::fmt;
use std::fmt::Write as _;

/// The 32 bytes that open the database. Drawn at random, so that no derivation is needed.
#[derive(Clone)]
pub struct Key(pub [u8; 32]);

impl Key {
    /// No key: the store is not encrypted, which is half of what a simulated exchange costs.
    #[cfg(feature = "unencrypted")]
    #[must_use]
    pub const fn none() -> Self {
        Self([0; 32])
    }

    /// True only for [`Key::none`], and only where there is one.
    #[must_use]
    pub fn is_none(&self) -> bool {
        cfg!(feature = "unencrypted") && self.0 == [0; 32]
    }

    /// As SQLCipher takes a raw key.
    pub(crate) fn pragma(&self) -> String {
        let mut text = String::with_capacity(70);
        text.push_str("x'");
        for byte in self.0 {
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\'');
        text
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// What the server gave at pairing.
#[derive(Clone, Debug)]
pub struct ServerKey {
    /// With this restriction notes are checked, 64 hexadecimal letters.
    pub public: String,
    /// To this is sealed what only the server may read.
    pub seal: OutboxSeal,
}

/// Everything with which a store is opened.
#[derive(Debug)]
pub struct Keys {
    /// Opens the database.
    pub database: Key,
    /// Signs batches.
    pub device: DeviceKey,
    /// From pairing; without it no outbox file is kept and no note is taken.
    pub server: Option<ServerKey>,
    /// Seeds salts and ids: fresh from the operating system at every opening, never used twice.
    pub chance: [u8; 32],
    /// Version of the app, as requests carry it.
    pub app: String,
}

/// A number kept outside the database, in the keyring: if it differs from the store's own, the file is a copy, and the
/// device begins a new incarnation (rule 35).
pub trait Counter: Send {
    /// The number; 0 if none was ever kept.
    ///
    /// # Errors
    /// What the keyring says.
    fn get(&self) -> Result<u64, String>;
    /// Keeps a number. Called once per batch.
    ///
    /// # Errors
    /// What the keyring says; then the next opening begins a new incarnation, which harms nothing.
    fn set(&mut self, value: u64) -> Result<(), String>;
}
