//! A device signs the list of hashes of a batch, so that bodies can be erased and the signature still verifies.

use crate::{Broken, Hash, hex};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use records::Incarnation;
use std::fmt;

const BATCH: &[u8] = b"sazanami batch v1\0";

/// The secret with which a device signs (Ed25519). Wiped from memory when dropped.
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// The key that this seed makes.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&zeroize::Zeroizing::new(seed)))
    }

    /// The public half, 64 hexadecimal letters: what pairing registers.
    #[must_use]
    pub fn public(&self) -> String {
        hex::encode(self.0.verifying_key().as_bytes())
    }

    /// Signature over incarnation, number and the hashes of a batch in their order; 128 hexadecimal letters.
    #[must_use]
    pub fn sign_batch(&self, incarnation: Incarnation, number: u64, hashes: &[Hash]) -> String {
        sign(&self.0, &batch_message(BATCH, incarnation, number, hashes))
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey({})", self.public())
    }
}

/// Checks a device's signature over a batch.
///
/// # Errors
/// [`Broken`] if key or signature are malformed, or the signature is not by this key over exactly this list.
pub fn verify_batch(
    public_hex: &str,
    incarnation: Incarnation,
    number: u64,
    hashes: &[Hash],
    signature: &str,
) -> Result<(), Broken> {
    verify(public_hex, &batch_message(BATCH, incarnation, number, hashes), signature)
}

/// `domain ‖ incarnation (16 bytes) ‖ number (8, big endian) ‖ count (8, big endian) ‖ hashes (32 each)`.
pub fn batch_message(domain: &[u8], incarnation: Incarnation, number: u64, hashes: &[Hash]) -> Vec<u8> {
    let mut message = Vec::with_capacity(domain.len() + 32 + hashes.len() * 32);
    message.extend_from_slice(domain);
    message.extend_from_slice(incarnation.0.as_bytes());
    message.extend_from_slice(&number.to_be_bytes());
    message.extend_from_slice(&(hashes.len() as u64).to_be_bytes());
    for hash in hashes {
        message.extend_from_slice(&hash.0);
    }
    message
}

pub fn sign(key: &SigningKey, message: &[u8]) -> String {
    hex::encode(&key.sign(message).to_bytes())
}

/// Strict verification: weak keys and second encodings of a signature are refused.
pub fn verify(public_hex: &str, message: &[u8], signature: &str) -> Result<(), Broken> {
    let key = VerifyingKey::from_bytes(&hex::decode(public_hex)?).map_err(|_| Broken::Key)?;
    let signature = Signature::from_bytes(&hex::decode(signature)?);
    key.verify_strict(message, &signature).map_err(|_| Broken::Signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const INCARNATION: Incarnation = Incarnation(Uuid::from_u128(7));

    fn signed() -> (DeviceKey, [Hash; 2], String) {
        let key = DeviceKey::from_seed([7; 32]);
        let hashes = [Hash::of(b"one"), Hash::of(b"two")];
        let signature = key.sign_batch(INCARNATION, 3, &hashes);
        (key, hashes, signature)
    }

    #[test]
    fn a_batch_verifies_with_the_devices_public_key_only() {
        let (key, hashes, signature) = signed();
        assert_eq!(verify_batch(&key.public(), INCARNATION, 3, &hashes, &signature), Ok(()));
        let other = DeviceKey::from_seed([8; 32]).public();
        assert_eq!(verify_batch(&other, INCARNATION, 3, &hashes, &signature), Err(Broken::Signature));
    }

    #[test]
    fn incarnation_number_order_and_length_of_the_list_are_signed() {
        let (key, hashes, signature) = signed();
        let public = key.public();
        let check =
            |incarnation, number, hashes: &[Hash]| verify_batch(&public, incarnation, number, hashes, &signature);
        assert_eq!(check(Incarnation(Uuid::from_u128(8)), 3, &hashes), Err(Broken::Signature));
        assert_eq!(check(INCARNATION, 4, &hashes), Err(Broken::Signature));
        assert_eq!(check(INCARNATION, 3, &[hashes[1], hashes[0]]), Err(Broken::Signature));
        assert_eq!(check(INCARNATION, 3, &hashes[..1]), Err(Broken::Signature));
    }

    #[test]
    fn every_changed_letter_of_a_signature_is_found() {
        let (key, hashes, signature) = signed();
        for at in 0..signature.len() {
            let mut bytes = signature.clone().into_bytes();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(verify_batch(&key.public(), INCARNATION, 3, &hashes, &changed).is_err(), "letter {at}");
        }
    }

    #[test]
    fn malformed_keys_and_signatures_are_answered_not_panicked_on() {
        let (key, hashes, signature) = signed();
        for public in ["", "zz", "é", &"0".repeat(64), &"f".repeat(64), &"A".repeat(64)] {
            assert!(verify_batch(public, INCARNATION, 3, &hashes, &signature).is_err(), "{public}");
        }
        for signature in ["", "zz", &"0".repeat(128), &"é".repeat(64)] {
            assert!(verify_batch(&key.public(), INCARNATION, 3, &hashes, signature).is_err(), "{signature}");
        }
    }

    #[test]
    fn the_signature_of_a_known_batch_never_changes() {
        let (key, _, signature) = signed();
        assert_eq!(key.public(), "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c");
        assert_eq!(
            Hash::of(signature.as_bytes()).to_string(),
            "457580967cf2ff4cbf263fba49ad6579956bfdcf000c594e42cd5255bca59fe6"
        );
    }

    #[test]
    fn the_secret_is_not_printed() {
        let key = DeviceKey::from_seed([7; 32]);
        assert!(!format!("{key:?}").contains(&hex::encode(&[7; 32])));
    }
}
