//! New ids: version 7, ordered by time and, within one act, by counting.

use nursery::core::Ids;
use records::DeviceTime;
use uuid::{Builder, Uuid};

/// Ids of one moment.
#[derive(Debug)]
pub struct FreshIds {
    at: DeviceTime,
    count: u16,
    failed: Option<String>,
}

impl FreshIds {
    /// Ids of this moment.
    #[must_use]
    pub fn at(at: DeviceTime) -> Self {
        Self { at, count: 0, failed: None }
    }

    /// Set if the operating system once gave no randomness: then none of these ids may be used.
    #[must_use]
    pub fn failed(&self) -> Option<&str> {
        self.failed.as_deref()
    }
}

impl Ids for FreshIds {
    fn next(&mut self) -> Uuid {
        let mut chance = [0; 10];
        if let Err(error) = getrandom::fill(&mut chance) {
            self.failed = Some(error.to_string());
        }
        // the 12 bits after the time count, so that ids of one act keep their order
        for (byte, counted) in chance.iter_mut().zip(self.count.to_be_bytes()) {
            *byte = counted;
        }
        self.count = self.count.wrapping_add(1);
        Builder::from_unix_timestamp_millis(self.at.0.unsigned_abs(), &chance).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_act_are_in_order_and_differ_between_acts() {
        let at = DeviceTime(1_795_475_700_000);
        let (mut one, mut other) = (FreshIds::at(at), FreshIds::at(at));
        let ids: Vec<Uuid> = (0..300).map(|_| one.next()).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(ids.iter().all(|id| id.get_version_num() == 7 && *id != other.next()));
        assert_eq!(one.failed(), None);
    }
}
