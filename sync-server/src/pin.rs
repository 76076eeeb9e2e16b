//! PINs of staff: argon2 in the person's record; five wrong tries of one person at another's PIN, and a wait that grows.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use nursery::core::Code;
use records::{PersonId, ServerTime};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Wrong PINs in a row before a wait …
const TRIES: u8 = 5;
/// … of five minutes; every further wrong one doubles it …
const WAIT_MS: i64 = 5 * 60_000;
/// … this often at most: to more than ten hours.
const DOUBLED: u8 = 7;
/// A day without a try forgives.
const FORGOTTEN_MS: i64 = 24 * 60 * 60_000;
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

/// Whose session types, and whose PIN.
type Typed = (PersonId, PersonId);

/// Wrong tries, in memory: a restart forgives them. They count against whoever is signed in where the PIN is typed, so
/// that nobody locks a colleague's PIN for others (docs/decisions/0014).
#[derive(Default)]
pub struct PinTries(Mutex<HashMap<Typed, Tries>>);

#[derive(Clone, Copy, Default)]
struct Tries {
    wrong: u8,
    last: i64,
}

impl Tries {
    /// True while nothing may be tried.
    fn waits(self, now: ServerTime) -> bool {
        let Some(over) = self.wrong.checked_sub(TRIES) else { return false };
        now.0.saturating_sub(self.last) < WAIT_MS << over.min(DOUBLED)
    }
}

impl PinTries {
    /// Checks a PIN against the kept hash.
    ///
    /// # Errors
    /// [`Code::PinNeeded`] if it is wrong or the person has none, [`Code::PinLocked`] from the fifth wrong one on.
    pub fn check(&self, typed: Typed, pin: &str, kept: Option<&str>, now: ServerTime) -> Result<(), Code> {
        self.begin(typed, now)?;
        if pin.len() <= CHARS && kept.is_some_and(|kept| fits(pin, kept)) {
            self.lock().remove(&typed);
            return Ok(());
        }
        if self.lock().get(&typed).is_some_and(|tries| tries.wrong >= TRIES) {
            tracing::warn!("too many wrong PINs of {:?} in the session of {:?}", typed.1, typed.0);
            return Err(Code::PinLocked);
        }
        Err(Code::PinNeeded)
    }

    /// Counts the try before it is checked, so that tries at the same moment are counted too.
    fn begin(&self, typed: Typed, now: ServerTime) -> Result<(), Code> {
        let mut all = self.lock();
        all.retain(|_, tries| now.0.saturating_sub(tries.last) < FORGOTTEN_MS);
        let tries = all.entry(typed).or_default();
        if tries.waits(now) {
            return Err(Code::PinLocked);
        }
        *tries = Tries { wrong: tries.wrong.saturating_add(1), last: now.0 };
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Typed, Tries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SATO: PersonId = PersonId(uuid::Uuid::from_u128(1));
    const ABE: PersonId = PersonId(uuid::Uuid::from_u128(2));
    /// At Abe's screen, Sato's PIN.
    const SATOS: Typed = (ABE, SATO);
    /// At Sato's own.
    const ABES: Typed = (SATO, ABE);

    fn kept() -> String {
        hash("4649", [7; 16], Work::Little).unwrap()
    }

    #[test]
    fn the_fifth_wrong_pin_locks_it_for_five_minutes_where_it_was_typed() {
        let (tries, kept) = (PinTries::default(), kept());
        let check = |typed, pin, at| tries.check(typed, pin, Some(&kept), ServerTime(at));
        for _ in 0..4 {
            assert_eq!(check(SATOS, "0000", 0), Err(Code::PinNeeded));
        }
        assert_eq!(check(SATOS, "0000", 0), Err(Code::PinLocked));
        assert_eq!(check(SATOS, "4649", WAIT_MS - 1), Err(Code::PinLocked));
        assert_eq!(check(ABES, "4649", 0), Ok(()));
        assert_eq!(check((PersonId::default(), SATO), "4649", 0), Ok(()), "at another colleague's screen");
        assert_eq!(check(SATOS, "4649", WAIT_MS), Ok(()));
    }

    #[test]
    fn whoever_goes_on_guessing_has_fewer_than_twenty_tries_in_a_day() {
        let (tries, kept) = (PinTries::default(), kept());
        let minutes = (0..24 * 60).map(|minute| ServerTime(minute * 60_000));
        let hashed = minutes.filter(|now| {
            let before = tries.lock().get(&SATOS).map_or(0, |tries| tries.wrong);
            let _ = tries.check(SATOS, "0000", Some(&kept), *now);
            tries.lock().get(&SATOS).map_or(0, |tries| tries.wrong) > before
        });
        assert_eq!(hashed.count(), 13);
    }

    #[test]
    fn a_right_pin_forgives_the_wrong_ones() {
        let (tries, kept) = (PinTries::default(), kept());
        let check = |pin| tries.check(SATOS, pin, Some(&kept), ServerTime(0));
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
        assert_eq!(tries.check(SATOS, "", None, ServerTime(0)), Err(Code::PinNeeded));
        assert_eq!(tries.check(SATOS, "4649", Some("4649"), ServerTime(0)), Err(Code::PinNeeded));
        assert_eq!(tries.check(SATOS, &"4".repeat(100_000), Some(&kept()), ServerTime(0)), Err(Code::PinNeeded));
    }
}
