//! All chance of a run, from its seed.

use nursery::core::Ids;
use seal::rand_core::{Rng, SeedableRng};
use uuid::Uuid;

/// A die that always falls the same way.
pub struct Chance(seal::Chance);

impl Chance {
    /// From the seed of the run.
    pub fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(seal::Chance::from_seed(bytes))
    }

    /// From 0 to `many - 1`.
    pub fn below(&mut self, many: usize) -> usize {
        usize::try_from(self.0.next_u64() % many.max(1) as u64).unwrap()
    }

    /// Between the two, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below(usize::try_from(to - from + 1).unwrap()) as i64
    }

    /// True in so many of a thousand cases.
    pub fn permille(&mut self, many: usize) -> bool {
        self.below(1000) < many
    }

    /// One of these, if there is one.
    pub fn pick<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() { None } else { Some(all[self.below(all.len())].clone()) }
    }

    /// Fresh bytes for keys and salts.
    pub fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// A new id of this moment.
    pub fn id(&mut self, now_ms: i64) -> Uuid {
        let mut bytes = [0; 10];
        self.0.fill_bytes(&mut bytes);
        uuid::Builder::from_unix_timestamp_millis(u64::try_from(now_ms).unwrap(), &bytes).into_uuid()
    }
}

/// New ids at one moment.
pub struct NewIds<'a> {
    pub chance: &'a mut Chance,
    pub now_ms: i64,
}

impl Ids for NewIds<'_> {
    fn next(&mut self) -> Uuid {
        self.chance.id(self.now_ms)
    }
}
