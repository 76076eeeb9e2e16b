//! Sealed to the server: a device that may no longer read what it must keep, and the outbox file beside a device's
//! database. Anybody can seal, only the server opens (HPKE, RFC 9180, base mode).

use crate::{Broken, hex};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng};
use rand_core::CryptoRng;
use std::fmt;
use std::str::FromStr;
use zeroize::{Zeroize, ZeroizeOnDrop};

const INFO: &[u8] = b"sazanami outbox v1";
const VERSION: u8 = 1;
const ENCAPSULATED: usize = 32;

/// The server's public key for sealing (X25519), 64 hexadecimal letters; a device keeps it from pairing on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxSeal(pub [u8; 32]);

/// The server's secret for opening. Wiped from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct OutboxSecret(pub(crate) [u8; 32]);

impl OutboxSecret {
    /// The secret with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The public half.
    ///
    /// # Errors
    /// [`Broken::Key`].
    pub fn public(&self) -> Result<OutboxSeal, Broken> {
        let public = X25519HkdfSha256::sk_to_pk(&self.key()?);
        public.to_bytes().as_slice().try_into().map(OutboxSeal).map_err(|_| Broken::Key)
    }

    fn key(&self) -> Result<<X25519HkdfSha256 as Kem>::PrivateKey, Broken> {
        <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&self.0).map_err(|_| Broken::Key)
    }
}

impl fmt::Debug for OutboxSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OutboxSecret(…)")
    }
}

impl fmt::Display for OutboxSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl FromStr for OutboxSeal {
    type Err = Broken;
    fn from_str(text: &str) -> Result<Self, Broken> {
        hex::decode(text).map(Self)
    }
}

/// Seals one item so that only the server opens it: `version (1) ‖ encapsulated key (32) ‖ cipher-text`. Says nothing
/// about who sealed it; the letters inside are signed by themselves.
///
/// # Errors
/// [`Broken::Key`] if the public key is unusable.
pub fn seal_item(server_public: &OutboxSeal, item: &[u8], rng: &mut impl CryptoRng) -> Result<Vec<u8>, Broken> {
    let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&server_public.0).map_err(|_| Broken::Key)?;
    let (encapsulated, sealed) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        INFO,
        item,
        &[VERSION],
        rng,
    )
    .map_err(|_| Broken::Key)?;
    let mut out = Vec::with_capacity(1 + ENCAPSULATED + sealed.len());
    out.push(VERSION);
    out.extend_from_slice(&encapsulated.to_bytes());
    out.extend_from_slice(&sealed);
    Ok(out)
}

/// Opens what [`seal_item`] sealed to this server.
///
/// # Errors
/// [`Broken::Form`] or [`Broken::Seal`].
pub fn open_item(server_secret: &OutboxSecret, sealed: &[u8]) -> Result<Vec<u8>, Broken> {
    let (version, rest) = sealed.split_first().ok_or(Broken::Form)?;
    if *version != VERSION {
        return Err(Broken::Form);
    }
    let (encapsulated, sealed) = rest.split_first_chunk::<ENCAPSULATED>().ok_or(Broken::Form)?;
    let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated).map_err(|_| Broken::Form)?;
    single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &server_secret.key()?,
        &encapsulated,
        INFO,
        sealed,
        &[VERSION],
    )
    .map_err(|_| Broken::Seal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Chance;
    use rand_core::SeedableRng;

    fn sealed() -> (OutboxSecret, Vec<u8>) {
        let secret = OutboxSecret::from_bytes([5; 32]);
        let item = seal_item(&secret.public().unwrap(), "登園".as_bytes(), &mut Chance::from_seed([1; 32])).unwrap();
        (secret, item)
    }

    #[test]
    fn only_the_server_opens_an_item() {
        let (secret, item) = sealed();
        assert_eq!(open_item(&secret, &item).unwrap(), "登園".as_bytes());
        assert_eq!(open_item(&OutboxSecret::from_bytes([6; 32]), &item), Err(Broken::Seal));
    }

    #[test]
    fn every_changed_byte_of_an_item_is_found() {
        let (secret, item) = sealed();
        for at in 0..item.len() {
            let mut changed = item.clone();
            changed[at] ^= 1;
            assert!(open_item(&secret, &changed).is_err(), "byte {at}");
        }
        for end in 0..item.len() {
            assert!(open_item(&secret, &item[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn the_same_text_sealed_twice_looks_different() {
        let public = OutboxSecret::from_bytes([5; 32]).public().unwrap();
        let mut chance = Chance::from_seed([1; 32]);
        let first = seal_item(&public, b"x", &mut chance).unwrap();
        assert_ne!(first, seal_item(&public, b"x", &mut chance).unwrap());
    }

    #[test]
    fn a_weak_public_key_is_refused() {
        assert_eq!(seal_item(&OutboxSeal([0; 32]), b"x", &mut Chance::from_seed([1; 32])), Err(Broken::Key));
    }
}
