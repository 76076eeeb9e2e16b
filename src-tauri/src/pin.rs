//! The PIN of a member of staff on a shared device: checked here, with few attempts.

use argon2::password_hash::PasswordVerifier;
use argon2::{Argon2, PasswordHash};
use records::{DeviceTime, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const MOST_WRONG: u8 = 5;
const LOCKED_MS: i64 = 60_000;

/// Wrong PINs per person. Kept in the store, so that a restart gives no new attempts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts(BTreeMap<PersonId, Wrong>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Wrong {
    times: u8,
    locked: Option<DeviceTime>,
}

impl Attempts {
    /// Counts an attempt before it is checked, so that ending the app during the check gives none for nothing.
    /// False: the person is locked out and nothing may be checked.
    pub fn begin(&mut self, person: PersonId, at: DeviceTime) -> bool {
        let wrong = self.0.entry(person).or_default();
        if let Some(locked) = wrong.locked {
            if at < locked {
                wrong.locked = Some(at); // the clock was set back; the minute begins anew
                return false;
            }
            if at < locked.plus_ms(LOCKED_MS) {
                return false;
            }
            *wrong = Wrong::default();
        }
        wrong.times += 1;
        if wrong.times >= MOST_WRONG {
            wrong.locked = Some(at);
        }
        true
    }

    /// The PIN was right: all is forgotten.
    pub fn right(&mut self, person: PersonId) {
        self.0.remove(&person);
    }
}

/// True if `pin` is the one of which `hash` (a PHC string of Argon2) was made.
#[must_use]
pub fn fits(pin: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::PasswordHasher;
    use uuid::Uuid;

    const ABE: PersonId = PersonId(Uuid::from_u128(1));
    const TAMURA: PersonId = PersonId(Uuid::from_u128(2));

    fn second(n: i64) -> DeviceTime {
        DeviceTime(n * 1000)
    }

    fn after_five_wrong() -> Attempts {
        let mut attempts = Attempts::default();
        for n in 0..5 {
            assert!(attempts.begin(ABE, second(n)));
        }
        attempts
    }

    #[test]
    fn the_sixth_attempt_waits_for_a_minute_after_the_fifth() {
        let mut attempts = after_five_wrong();
        assert!(!attempts.begin(ABE, second(5)));
        assert!(!attempts.begin(ABE, second(63)));
        assert!(attempts.begin(ABE, second(64)));
    }

    #[test]
    fn colleagues_are_not_locked_out() {
        assert!(after_five_wrong().begin(TAMURA, second(5)));
    }

    #[test]
    fn a_right_pin_clears_what_was_wrong_before() {
        let mut attempts = Attempts::default();
        for n in 0..4 {
            attempts.begin(ABE, second(n));
        }
        attempts.right(ABE);
        for n in 5..10 {
            assert!(attempts.begin(ABE, second(n)));
        }
    }

    #[test]
    fn the_lock_outlives_a_restart() {
        let kept = serde_json::to_string(&after_five_wrong()).unwrap();
        let mut again: Attempts = serde_json::from_str(&kept).unwrap();
        assert!(!again.begin(ABE, second(6)));
    }

    #[test]
    fn setting_the_clock_back_opens_no_lock() {
        let mut attempts = after_five_wrong();
        assert!(!attempts.begin(ABE, second(-3600)));
        assert!(!attempts.begin(ABE, second(-3599)));
        assert!(attempts.begin(ABE, second(-3540)));
    }

    #[test]
    fn only_the_right_pin_fits() {
        let hash = Argon2::default().hash_password_with_salt(b"4821", b"salt of a test!!").unwrap().to_string();
        assert!(fits("4821", &hash));
        assert!(!fits("4822", &hash));
        assert!(!fits("4821", "no hash"));
    }
}
