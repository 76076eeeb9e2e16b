//! Devices that wait to be paired, as the office sees them: beside what the hub keeps, who they say they are. In
//! memory; a pairing lasts ten minutes, and a restart lets the device begin again.

use nursery::core::Code;
use nursery::devices::Purpose;
use nursery::view::host::WaitingDevice;
use records::{DeviceTime, PersonId, ServerTime};
use seal::Hash;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Wrong codes that one person may type within the life of a pairing.
const TRIES: u8 = 5;
/// How long wrong codes are remembered: as long as a pairing lasts.
const WAIT_MS: i64 = 10 * 60_000;

/// A device that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Hash of what the device polls with.
    pub ticket: Hash,
    /// As it calls itself.
    pub name: String,
    /// Whose hands.
    pub purpose: Purpose,
    /// Over after this.
    pub expires: ServerTime,
}

#[derive(Default)]
struct Open {
    by_code: BTreeMap<String, Waiting>,
    wrong: BTreeMap<PersonId, (u8, i64)>,
}

/// Who waits, by code.
#[derive(Default)]
pub struct Pairings(Mutex<Open>);

impl Pairings {
    /// A device has begun.
    pub fn add(&self, code: String, waiting: Waiting, now: ServerTime) {
        self.open(now).by_code.insert(code, waiting);
    }

    /// What the device of a ticket says of itself.
    pub fn of_ticket(&self, ticket: Hash, now: ServerTime) -> Option<(String, Waiting)> {
        let open = self.open(now);
        open.by_code.iter().find(|(_, waiting)| waiting.ticket == ticket).map(|(code, w)| (code.clone(), w.clone()))
    }

    /// Shared devices that wait, with the last two digits of their codes.
    pub fn shared(&self, now: ServerTime) -> Vec<WaitingDevice> {
        let open = self.open(now);
        let shared = open.by_code.iter().filter(|(_, waiting)| waiting.purpose != Purpose::Personal);
        shared
            .map(|(code, waiting)| WaitingDevice {
                name: waiting.name.clone(),
                purpose: waiting.purpose,
                hint: code.chars().skip(4).collect(),
                expires: DeviceTime(waiting.expires.0),
            })
            .collect()
    }

    /// The device behind a code that somebody has typed.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a code that is not open, [`Code::PinLocked`] from the fifth such on.
    pub fn typed(&self, code: &str, by: PersonId, now: ServerTime) -> Result<Waiting, Code> {
        let mut open = self.open(now);
        let wrong = open.wrong.get(&by).map_or(0, |(wrong, _)| *wrong);
        if wrong >= TRIES {
            return Err(Code::PinLocked);
        }
        if let Some(waiting) = open.by_code.get(code) {
            return Ok(waiting.clone());
        }
        open.wrong.insert(by, (wrong + 1, now.0));
        Err(Code::NotFound)
    }

    fn open(&self, now: ServerTime) -> MutexGuard<'_, Open> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.by_code.retain(|_, waiting| waiting.expires > now);
        open.wrong.retain(|_, (_, last)| now.0.saturating_sub(*last) < WAIT_MS);
        open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONO: PersonId = PersonId(uuid::Uuid::from_u128(1));

    fn waiting() -> Waiting {
        let ticket = seal::token_hash("ticket");
        Waiting {
            ticket, name: "うさぎ組 1".to_owned(), purpose: Purpose::ClassTablet, expires: ServerTime(WAIT_MS)
        }
    }

    #[test]
    fn five_wrong_codes_lock_even_the_right_one() {
        let pairings = Pairings::default();
        pairings.add("123456".to_owned(), waiting(), ServerTime(0));
        for _ in 0..TRIES {
            assert_eq!(pairings.typed("000000", ONO, ServerTime(0)).unwrap_err(), Code::NotFound);
        }
        assert_eq!(pairings.typed("123456", ONO, ServerTime(0)).unwrap_err(), Code::PinLocked);
    }

    #[test]
    fn the_office_sees_two_digits_and_nothing_after_ten_minutes() {
        let pairings = Pairings::default();
        pairings.add("123456".to_owned(), waiting(), ServerTime(0));
        assert_eq!(pairings.shared(ServerTime(0)).first().unwrap().hint, "56");
        assert!(pairings.shared(ServerTime(WAIT_MS)).is_empty());
        assert!(pairings.of_ticket(seal::token_hash("ticket"), ServerTime(WAIT_MS)).is_none());
    }
}
