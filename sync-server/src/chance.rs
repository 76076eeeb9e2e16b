//! Where chance comes in: the operating system's generator.

use nursery::core::Ids;
use records::ServerTime;
use uuid::{Builder, Uuid};

/// Random bytes.
///
/// # Errors
/// If the operating system has none to give.
pub fn bytes<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// New ids of one moment, each after the one before.
pub struct NewIds {
    at: u64,
    count: u16,
    chance: [u8; 8],
}

impl NewIds {
    /// Ids of this moment.
    ///
    /// # Errors
    /// As [`bytes`].
    pub fn at(now: ServerTime) -> std::io::Result<Self> {
        Ok(Self { at: u64::try_from(now.0).unwrap_or_default(), count: 0, chance: bytes()? })
    }
}

impl Ids for NewIds {
    fn next(&mut self) -> Uuid {
        // twelve bits count within the millisecond; what follows is random once and then counts on
        let mut random = [0; 10];
        let (count, chance) = random.split_at_mut(2);
        count.copy_from_slice(&self.count.to_be_bytes());
        chance.copy_from_slice(&self.chance);
        let id = Builder::from_unix_timestamp_millis(self.at, &random).into_uuid();
        if self.count == 0x0FFF {
            self.at += 1;
        }
        self.count = (self.count + 1) & 0x0FFF;
        self.chance = u64::from_be_bytes(self.chance).wrapping_add(1).to_be_bytes();
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_of_version_7_and_in_order() {
        let mut ids = NewIds::at(ServerTime(1_795_475_700_000)).unwrap();
        let made: Vec<Uuid> = (0..10_000).map(|_| ids.next()).collect();
        assert!(made.iter().all(|id| id.get_version_num() == 7));
        assert!(made.is_sorted_by(|a, b| a < b));
    }
}
