//! What the server proves: receipts, restriction notes, and the changes of browsers, which hold no key.

use crate::device::{batch_message, sign, verify};
use crate::{Broken, Hash, OutboxSeal, OutboxSecret, hex};
use ed25519_dalek::SigningKey;
use records::Incarnation;
use records::wire::Note;
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

const WEB_BATCH: &[u8] = b"sazanami batch via web v1\0";
const NOTE: &[u8] = b"sazanami note v1\0";
const SIGNING: &str = "sazanami 2026-11 server signing v1";
const RECEIPT: &str = "sazanami 2026-11 receipt v1";
const OUTBOX: &str = "sazanami 2026-11 outbox v1";
/// Bytes of [`Note::what`] at most.
pub const NOTE_BYTES: usize = 200;

/// The server's secrets, all from one seed that is kept outside database and backup. Wiped from memory when dropped.
pub struct ServerKeys {
    signing: SigningKey,
    receipt: Zeroizing<[u8; 32]>,
    outbox: OutboxSecret,
}

impl ServerKeys {
    /// The keys that this seed makes.
    #[must_use]
    pub fn from_seed(mut seed: [u8; 32]) -> Self {
        let signing = Zeroizing::new(blake3::derive_key(SIGNING, &seed));
        let keys = Self {
            signing: SigningKey::from_bytes(&signing),
            receipt: Zeroizing::new(blake3::derive_key(RECEIPT, &seed)),
            outbox: OutboxSecret::from_bytes(blake3::derive_key(OUTBOX, &seed)),
        };
        seed.zeroize();
        keys
    }

    /// The public half for notes and browser changes, 64 hexadecimal letters.
    #[must_use]
    pub fn public(&self) -> String {
        hex::encode(self.signing.verifying_key().as_bytes())
    }

    /// To this devices seal what only the server may read.
    ///
    /// # Errors
    /// [`Broken::Key`].
    pub fn outbox_seal(&self) -> Result<OutboxSeal, Broken> {
        self.outbox.public()
    }

    /// Opens what devices sealed.
    #[must_use]
    pub fn outbox_secret(&self) -> &OutboxSecret {
        &self.outbox
    }

    /// Proof that this server accepted the change of this hash; survives a restore. 64 hexadecimal letters.
    #[must_use]
    pub fn receipt(&self, hash: Hash) -> String {
        hex::encode(blake3::keyed_hash(&self.receipt, &hash.0).as_bytes())
    }

    /// True if the receipt is this server's for this hash; takes the same time whatever is wrong.
    #[must_use]
    pub fn check_receipt(&self, hash: Hash, receipt: &str) -> bool {
        hex::decode::<32>(receipt)
            .is_ok_and(|given| blake3::keyed_hash(&self.receipt, &hash.0) == blake3::Hash::from_bytes(given))
    }

    /// Signs a restriction.
    ///
    /// # Errors
    /// [`Broken::TooLarge`] beyond [`NOTE_BYTES`].
    pub fn sign_note(&self, number: u64, what: &str) -> Result<Note, Broken> {
        if what.len() > NOTE_BYTES {
            return Err(Broken::TooLarge);
        }
        let signature = sign(&self.signing, &note_message(number, what));
        Ok(Note { number, what: what.to_owned(), signature })
    }

    /// Signs the changes that people made in a browser. Under another domain than a device's batch, so that neither
    /// passes for the other.
    #[must_use]
    pub fn sign_web_batch(&self, incarnation: Incarnation, number: u64, hashes: &[Hash]) -> String {
        sign(&self.signing, &batch_message(WEB_BATCH, incarnation, number, hashes))
    }
}

impl fmt::Debug for ServerKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerKeys({})", self.public())
    }
}

/// Checks a restriction note against the server's public key.
///
/// # Errors
/// [`Broken`] if it is too large, malformed, or not by this server.
pub fn verify_note(public_hex: &str, note: &Note) -> Result<(), Broken> {
    if note.what.len() > NOTE_BYTES {
        return Err(Broken::TooLarge);
    }
    verify(public_hex, &note_message(note.number, &note.what), &note.signature)
}

/// Checks the server's signature over changes that came from browsers.
///
/// # Errors
/// [`Broken`].
pub fn verify_web_batch(
    public_hex: &str,
    incarnation: Incarnation,
    number: u64,
    hashes: &[Hash],
    signature: &str,
) -> Result<(), Broken> {
    verify(public_hex, &batch_message(WEB_BATCH, incarnation, number, hashes), signature)
}

fn note_message(number: u64, what: &str) -> Vec<u8> {
    [NOTE, &number.to_be_bytes(), what.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{open_item, seal_item, verify_batch};
    use rand_core::SeedableRng;

    fn keys() -> ServerKeys {
        ServerKeys::from_seed([9; 32])
    }

    #[test]
    fn a_receipt_is_good_for_its_hash_and_server_only() {
        let hash = Hash::of(b"change");
        let receipt = keys().receipt(hash);
        assert!(keys().check_receipt(hash, &receipt));
        assert!(!keys().check_receipt(Hash::of(b"other"), &receipt));
        assert!(!ServerKeys::from_seed([8; 32]).check_receipt(hash, &receipt));
        for at in 0..receipt.len() {
            let mut bytes = receipt.clone().into_bytes();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            assert!(!keys().check_receipt(hash, &String::from_utf8(bytes).unwrap()), "letter {at}");
        }
        assert!(!keys().check_receipt(hash, ""));
    }

    #[test]
    fn number_and_text_of_a_note_are_signed() {
        let note = keys().sign_note(4, r#"{"block":"x"}"#).unwrap();
        let public = keys().public();
        assert_eq!(verify_note(&public, &note), Ok(()));
        assert_eq!(verify_note(&public, &Note { number: 5, ..note.clone() }), Err(Broken::Signature));
        assert_eq!(verify_note(&public, &Note { what: "{}".into(), ..note.clone() }), Err(Broken::Signature));
        let other = ServerKeys::from_seed([8; 32]).public();
        assert_eq!(verify_note(&other, &note), Err(Broken::Signature));
    }

    #[test]
    fn a_note_of_more_than_200_bytes_is_not_made_and_not_read() {
        let long = "x".repeat(NOTE_BYTES + 1);
        assert_eq!(keys().sign_note(1, &long).unwrap_err(), Broken::TooLarge);
        let note = Note { number: 1, what: long, signature: "0".repeat(128) };
        assert_eq!(verify_note(&keys().public(), &note), Err(Broken::TooLarge));
    }

    #[test]
    fn a_browsers_batch_does_not_pass_for_a_devices() {
        let hashes = [Hash::of(b"one")];
        let signature = keys().sign_web_batch(Incarnation::default(), 1, &hashes);
        let public = keys().public();
        assert_eq!(verify_web_batch(&public, Incarnation::default(), 1, &hashes, &signature), Ok(()));
        let as_device = verify_batch(&public, Incarnation::default(), 1, &hashes, &signature);
        assert_eq!(as_device, Err(Broken::Signature));
    }

    #[test]
    fn keys_receipts_and_signatures_of_a_known_seed_never_change() {
        let hash = Hash::of(b"change");
        let note = keys().sign_note(1, "{}").unwrap();
        let batch = keys().sign_web_batch(Incarnation::default(), 1, &[hash]);
        let known = [
            keys().public(),
            keys().outbox_seal().unwrap().to_string(),
            keys().receipt(hash),
            Hash::of(note.signature.as_bytes()).to_string(),
            Hash::of(batch.as_bytes()).to_string(),
        ];
        assert_eq!(
            known,
            [
                "c78859c57acf2ca796ca802179cf10668cded0c5840aca5b77d4096f0a94f644",
                "668c91689c7f827dafc8c6277d61d9b461e1b6bf6c32b58b46e3e4c93ad6f868",
                "8338fcab6086cb886fe8cb05b01b47306f289a1e7e5244719b471bec53eea258",
                "6ac258dfc56ae72bd34c32b8a81f57ff2c14cd931defdea9a690426d5c3fcedb",
                "d7f546406d7146128f29e5159b2833154c224124620bb1727a52e54082c92b89",
            ]
        );
    }

    #[test]
    fn the_server_opens_what_was_sealed_to_its_public_key() {
        let mut chance = crate::Chance::from_seed([1; 32]);
        let sealed = seal_item(&keys().outbox_seal().unwrap(), b"x", &mut chance).unwrap();
        assert_eq!(open_item(keys().outbox_secret(), &sealed).unwrap(), b"x");
    }
}
