//! Chance that is the same every time: SplitMix64 (Steele, Lea and Flood, 2014), and ids made from it.

use nursery::core::Ids;
use records::DeviceTime;
use uuid::{Builder, Uuid};

/// A stream of numbers that depends on its seed alone.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// A stream of its own for `label`, so that what one part draws never moves what another part gets.
    pub(crate) fn of(seed: u64, label: &str, number: i32) -> Self {
        let name = Uuid::new_v5(&Uuid::from_u64_pair(seed, 0x5a2a), format!("{label} {number}").as_bytes());
        Self(name.as_u64_pair().0)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u16, high: u16) -> u16 {
        let width = u64::from(high.saturating_sub(low)) + 1;
        low + u16::try_from(self.next() % width).unwrap_or(0)
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// One of a list; the default of its type if the list is empty.
    pub(crate) fn pick<T: Copy + Default>(&mut self, of: &[T]) -> T {
        let at = usize::try_from(self.next() % (of.len().max(1) as u64)).unwrap_or(0);
        of.get(at).copied().unwrap_or_default()
    }

    /// The list in another order.
    pub(crate) fn shuffled<T>(&mut self, list: Vec<T>) -> Vec<T> {
        let mut keyed: Vec<(u64, T)> = list.into_iter().map(|item| (self.next(), item)).collect();
        keyed.sort_by_key(|(key, _)| *key);
        keyed.into_iter().map(|(_, item)| item).collect()
    }
}

/// Ids of version 7 whose time is set from outside; those of one millisecond ascend.
pub(crate) struct FixedIds {
    chance: Chance,
    ms: u64,
    count: u16,
}

impl FixedIds {
    pub(crate) fn new(chance: Chance) -> Self {
        Self { chance, ms: 0, count: 0 }
    }

    /// From now on ids carry this time.
    pub(crate) fn set(&mut self, at: DeviceTime) {
        let ms = u64::try_from(at.0).unwrap_or(0);
        if ms != self.ms {
            self.ms = ms;
            self.count = 0;
        }
    }

    /// An id that carries the time `at`.
    pub(crate) fn at(&mut self, at: DeviceTime) -> Uuid {
        self.set(at);
        self.next()
    }
}

impl Ids for FixedIds {
    fn next(&mut self) -> Uuid {
        let [h, l] = self.count.to_be_bytes();
        let [a, b, c, d, e, f, g, i] = self.chance.next().to_be_bytes();
        self.count = self.count.wrapping_add(1) & 0x0fff;
        Builder::from_unix_timestamp_millis(self.ms, &[h, l, a, b, c, d, e, f, g, i]).into_uuid()
    }
}
