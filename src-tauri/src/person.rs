//! Whose hands a shared device is in.

use crate::clock::Now;
use nursery::core::Proof;
use records::PersonId;

/// Without an act for this long, nobody records any more: the tablet lies on a shelf.
const LEFT_ALONE_MS: u64 = 5 * 60_000;

/// The recording person of a shared device.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seat(Option<Taken>);

#[derive(Clone, Copy, Debug)]
struct Taken {
    person: PersonId,
    acted: Now,
    pin_typed: Option<Now>,
}

impl Seat {
    /// This person records from now on; `with_pin` if the PIN was typed and right.
    pub fn choose(&mut self, person: PersonId, with_pin: bool, now: Now) {
        self.0 = Some(Taken { person, acted: now, pin_typed: with_pin.then_some(now) });
    }

    /// Nobody records.
    pub fn leave(&mut self) {
        self.0 = None;
    }

    /// Something was done: the person stays.
    pub fn acted(&mut self, now: Now) {
        if let Some(taken) = &mut self.0 {
            taken.acted = now;
        }
    }

    /// Who records, and how it was proved.
    #[must_use]
    pub fn at(&self, now: Now) -> (Option<PersonId>, Proof) {
        let alone = |since: &Now| now.since_ms(since) >= LEFT_ALONE_MS;
        match &self.0 {
            Some(taken) if !alone(&taken.acted) => {
                let typed = taken.pin_typed.is_some_and(|typed| !alone(&typed));
                (Some(taken.person), if typed { Proof::Pin } else { Proof::Face })
            }
            _ => (None, Proof::Face),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::DeviceTime;
    use std::time::Duration;
    use uuid::Uuid;

    const ABE: PersonId = PersonId(Uuid::from_u128(1));

    fn minute(wall: i64, running: u64) -> Now {
        Now { at: DeviceTime(wall * 60_000), running: Duration::from_secs(running * 60) }
    }

    fn seat() -> Seat {
        let mut seat = Seat::default();
        seat.choose(ABE, true, minute(0, 0));
        seat
    }

    #[test]
    fn after_five_minutes_without_an_act_nobody_records() {
        assert_eq!(seat().at(minute(4, 4)).0, Some(ABE));
        assert_eq!(seat().at(minute(5, 5)).0, None);
    }

    #[test]
    fn an_act_keeps_the_person_but_not_the_proof_by_pin() {
        let mut seat = seat();
        seat.acted(minute(4, 4));
        assert_eq!(seat.at(minute(4, 4)), (Some(ABE), Proof::Pin));
        assert_eq!(seat.at(minute(6, 6)), (Some(ABE), Proof::Face));
    }

    #[test]
    fn a_tablet_that_slept_counts_the_minutes_of_the_wall() {
        assert_eq!(seat().at(minute(30, 1)).0, None);
    }

    #[test]
    fn setting_the_clock_back_keeps_nobody_there() {
        assert_eq!(seat().at(minute(-60, 6)).0, None);
    }

    #[test]
    fn who_leaves_is_gone_at_once() {
        let mut seat = seat();
        seat.leave();
        assert_eq!(seat.at(minute(0, 0)).0, None);
    }
}
