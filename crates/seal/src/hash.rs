//! The salted hash of a change, and the chain of a feed.

use crate::{Broken, hex};
use records::Letter;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

const CHAIN: &str = "sazanami 2026-11 chain v1";

/// BLAKE3, 32 bytes; written as 64 lower-case hexadecimal letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What the chain of a feed begins with, before its first change.
    pub const START: Self = Self([0; 32]);

    /// Hash of any bytes without salt, such as the exact text of a whole batch.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

/// BLAKE3(salt ‖ bytes), both exactly as the letter carries them. The salt (16 random bytes) keeps the hash of an
/// erased change from telling what was in it.
#[must_use]
pub fn hash(letter: &Letter) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(letter.salt.0.as_bytes()).update(letter.bytes.get().as_bytes());
    Hash(*hasher.finalize().as_bytes())
}

/// The head of a feed's chain after one more change: it vouches for every hash before it.
#[must_use]
pub fn chain(previous: Hash, hash: Hash) -> Hash {
    let mut hasher = blake3::Hasher::new_derive_key(CHAIN);
    hasher.update(&previous.0).update(&hash.0);
    Hash(*hasher.finalize().as_bytes())
}

/// How a bearer token is kept: BLAKE3 of its text. Tokens have 128 random bits or more, so no salt is needed.
#[must_use]
pub fn token_hash(token: &str) -> Hash {
    Hash::of(token.as_bytes())
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = Broken;
    fn from_str(text: &str) -> Result<Self, Broken> {
        hex::decode(text).map(Self)
    }
}

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::Salt;

    fn letter(salt: &str, bytes: &str) -> Letter {
        Letter { salt: Salt(salt.to_owned()), bytes: serde_json::from_str(bytes).unwrap() }
    }

    #[test]
    fn the_hash_is_over_salt_and_bytes_as_they_came() {
        let plain = letter("00112233445566778899aabbccddeeff", r#"{"a":1}"#);
        let spaced = letter("00112233445566778899aabbccddeeff", r#"{"a": 1}"#);
        let salted = letter("00112233445566778899aabbccddeefe", r#"{"a":1}"#);
        assert_ne!(hash(&plain), hash(&spaced));
        assert_ne!(hash(&plain), hash(&salted));
        assert_eq!(hash(&plain), Hash::of(br#"00112233445566778899aabbccddeeff{"a":1}"#));
    }

    #[test]
    fn the_hash_of_a_known_letter_never_changes() {
        let known = letter("00112233445566778899aabbccddeeff", r#"{"a":1}"#);
        assert_eq!(hash(&known).to_string(), "94b9b85a883c7c7ae25fe15f52e12aab0fc5b2533aca2736c7ecaefb345f9734");
        assert_eq!(
            chain(Hash::START, hash(&known)).to_string(),
            "38fe3464da4a4985b2ba5e575085715fc5d197af6a69626a172071d7442e659e"
        );
    }

    #[test]
    fn the_chain_vouches_for_order() {
        let (a, b) = (Hash::of(b"a"), Hash::of(b"b"));
        assert_ne!(chain(chain(Hash::START, a), b), chain(chain(Hash::START, b), a));
    }

    #[test]
    fn a_hash_is_read_back_from_its_text_and_from_nothing_else() {
        let hash = Hash::of(b"x");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!(hash.to_string().to_uppercase().parse::<Hash>(), Err(Broken::Hex));
        assert_eq!("abc".parse::<Hash>(), Err(Broken::Hex));
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), hash);
    }
}
