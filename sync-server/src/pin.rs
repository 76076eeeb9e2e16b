//! PINs of staff: argon2 in the person's record, five wrong tries and a wait.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use nursery::core::Code;
use records::{PersonId, ServerTime};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Wrong PINs in a row before a wait …
const TRIES: u8 = 5;
/// … of five minutes.
const WAIT_MS: i64 = 5 * 60_000;
/// Letters of a PIN at most; what is longer is wrong without being hashed.
const CHARS: usize = 64;

/// How much work a hash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// For PINs of real people: 8 MiB, two passes. A tablet of 2018 checks it in a fifth of a second.
    Usual,
    /// For invented people only.
    Little,
}

/// The hash to keep of a PIN.
///
/// # Errors
/// Never with 16 bytes of salt.
pub fn hash(pin: &str, salt: [u8; 16], work: Work) -> Result<String, argon2::password_hash::Error> {
    let (memory_kib, passes) = match work {
        Work::Usual => (8 * 1024, 2),
        Work::Little => (64, 1),
    };
    let params = Params::new(memory_kib, passes, 1, None)?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Ok(argon.hash_password_with_salt(pin.as_bytes(), &salt)?.to_string())
}

fn fits(pin: &str, kept: &str) -> bool {
    PasswordHash::new(kept).is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok())
}

/// Wrong tries per person, in memory: a restart forgives them.
#[derive(Default)]
pub struct PinTries(Mutex<HashMap<PersonId, Tries>>);

#[derive(Clone, Copy, Default)]
struct Tries {
    wrong: u8,
    last: i64,
}

impl PinTries {
    /// Checks a PIN against the kept hash.
    ///
    /// # Errors
    /// [`Code::PinNeeded`] if it is wrong or the person has none, [`Code::PinLocked`] from the fifth wrong one on.
    pub fn check(&self, person: PersonId, pin: &str, kept: Option<&str>, now: ServerTime) -> Result<(), Code> {
        self.begin(person, now)?;
        if pin.len() <= CHARS && kept.is_some_and(|kept| fits(pin, kept)) {
            self.lock().remove(&person);
            return Ok(());
        }
        Err(if self.lock().get(&person).is_some_and(|tries| tries.wrong >= TRIES) {
            Code::PinLocked
        } else {
            Code::PinNeeded
        })
    }

    /// Counts the try before it is checked, so that tries at the same moment are counted too.
    fn begin(&self, person: PersonId, now: ServerTime) -> Result<(), Code> {
        let mut all = self.lock();
        all.retain(|_, tries| now.0.saturating_sub(tries.last) < WAIT_MS);
        let tries = all.entry(person).or_default();
        if tries.wrong >= TRIES {
            return Err(Code::PinLocked);
        }
        *tries = Tries { wrong: tries.wrong + 1, last: now.0 };
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PersonId, Tries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SATO: PersonId = PersonId(uuid::Uuid::from_u128(1));
    const ABE: PersonId = PersonId(uuid::Uuid::from_u128(2));

    fn kept() -> String {
        hash("4649", [7; 16], Work::Little).unwrap()
    }

    #[test]
    fn the_fifth_wrong_pin_locks_that_person_for_five_minutes() {
        let (tries, kept) = (PinTries::default(), kept());
        let check = |person, pin, at| tries.check(person, pin, Some(&kept), ServerTime(at));
        for _ in 0..4 {
            assert_eq!(check(SATO, "0000", 0), Err(Code::PinNeeded));
        }
        assert_eq!(check(SATO, "0000", 0), Err(Code::PinLocked));
        assert_eq!(check(SATO, "4649", WAIT_MS - 1), Err(Code::PinLocked));
        assert_eq!(check(ABE, "4649", 0), Ok(()));
        assert_eq!(check(SATO, "4649", WAIT_MS), Ok(()));
    }

    #[test]
    fn a_right_pin_forgives_the_wrong_ones() {
        let (tries, kept) = (PinTries::default(), kept());
        let check = |pin| tries.check(SATO, pin, Some(&kept), ServerTime(0));
        for _ in 0..3 {
            for _ in 0..4 {
                assert_eq!(check("1111"), Err(Code::PinNeeded));
            }
            assert_eq!(check("4649"), Ok(()));
        }
    }

    #[test]
    fn nobody_passes_without_a_kept_pin_or_by_a_broken_one() {
        let tries = PinTries::default();
        assert_eq!(tries.check(SATO, "", None, ServerTime(0)), Err(Code::PinNeeded));
        assert_eq!(tries.check(SATO, "4649", Some("4649"), ServerTime(0)), Err(Code::PinNeeded));
        assert_eq!(tries.check(SATO, &"4".repeat(100_000), Some(&kept()), ServerTime(0)), Err(Code::PinNeeded));
    }
}
