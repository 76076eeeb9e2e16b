//! Bodies sealed by the key of their subject: dropping the key erases every copy, also those in old backups.

use crate::{Broken, hex};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes of the nonce that [`seal_body`] asks for.
pub const NONCE_BYTES: usize = 24;
const VERSION: u8 = 1;

/// The key of one subject: a child, a person, or a facility-year. Wiped from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SubjectKey(pub [u8; 32]);

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubjectKey(…)")
    }
}

impl SubjectKey {
    /// Reads the key as it is kept: 64 hexadecimal letters.
    ///
    /// # Errors
    /// [`Broken::Hex`].
    pub fn from_hex(text: &str) -> Result<Self, Broken> {
        hex::decode(text).map(Self)
    }
}

/// Seals `plain`: `version (1) ‖ nonce (24) ‖ XChaCha20-Poly1305`. `aad` says where the body belongs (its record or
/// change id), so that a body moved elsewhere does not open. The nonce must be random, new for each call.
///
/// # Errors
/// [`Broken::TooLarge`] beyond 256 GiB.
pub fn seal_body(key: &SubjectKey, aad: &[u8], nonce: [u8; NONCE_BYTES], plain: &[u8]) -> Result<Vec<u8>, Broken> {
    let aad = versioned(aad);
    let sealed =
        cipher(key).encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad }).map_err(|_| Broken::TooLarge)?;
    let mut body = Vec::with_capacity(1 + NONCE_BYTES + sealed.len());
    body.push(VERSION);
    body.extend_from_slice(&nonce);
    body.extend_from_slice(&sealed);
    Ok(body)
}

/// Opens what [`seal_body`] made with the same key and `aad`.
///
/// # Errors
/// [`Broken::Form`] or [`Broken::Seal`].
pub fn open_body(key: &SubjectKey, aad: &[u8], body: &[u8]) -> Result<Vec<u8>, Broken> {
    let (version, rest) = body.split_first().ok_or(Broken::Form)?;
    if *version != VERSION {
        return Err(Broken::Form);
    }
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(Broken::Form)?;
    let aad = versioned(aad);
    cipher(key).decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: &aad }).map_err(|_| Broken::Seal)
}

fn cipher(key: &SubjectKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.0.into())
}

fn versioned(aad: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(aad.len() + 1);
    all.push(VERSION);
    all.extend_from_slice(aad);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: SubjectKey = SubjectKey([1; 32]);
    const NONCE: [u8; NONCE_BYTES] = [2; NONCE_BYTES];

    #[test]
    fn a_body_opens_with_its_key_at_its_place_only() {
        let body = seal_body(&KEY, b"record 1", NONCE, "さくら".as_bytes()).unwrap();
        assert_eq!(open_body(&KEY, b"record 1", &body).unwrap(), "さくら".as_bytes());
        assert_eq!(open_body(&KEY, b"record 2", &body), Err(Broken::Seal));
        assert_eq!(open_body(&SubjectKey([3; 32]), b"record 1", &body), Err(Broken::Seal));
    }

    #[test]
    fn every_changed_byte_is_found() {
        let body = seal_body(&KEY, b"aad", NONCE, b"text").unwrap();
        for at in 0..body.len() {
            let mut changed = body.clone();
            changed[at] ^= 1;
            let expected = if at == 0 { Broken::Form } else { Broken::Seal };
            assert_eq!(open_body(&KEY, b"aad", &changed), Err(expected), "byte {at}");
        }
    }

    #[test]
    fn every_cut_is_found() {
        let body = seal_body(&KEY, b"aad", NONCE, b"text").unwrap();
        for end in 0..body.len() {
            assert!(open_body(&KEY, b"aad", &body[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn the_form_of_a_known_body_never_changes() {
        let body = seal_body(&KEY, b"aad", NONCE, b"text").unwrap();
        assert_eq!(
            hex::encode(&body),
            "01020202020202020202020202020202020202020202020202b8034e9b11c2d46575cc3e874c8b6fd73dd651ea"
        );
    }

    #[test]
    fn the_key_is_not_printed() {
        assert_eq!(format!("{KEY:?}"), "SubjectKey(…)");
    }
}
