//! What the connections of one process share about a database: its locks, and the index of its write-ahead log.

use std::cell::UnsafeCell;

/// Locks of the index: <https://sqlite.org/walformat.html#wal_locks>.
const LOCKS: usize = 8;

/// How firmly a connection holds a database file, as SQLite numbers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    #[default]
    None,
    Shared,
    Reserved,
    Pending,
    Exclusive,
}

impl Level {
    pub fn of(number: i32) -> Self {
        [Self::None, Self::Shared, Self::Reserved, Self::Pending]
            .get(usize::try_from(number).unwrap_or(usize::MAX))
            .copied()
            .unwrap_or(Self::Exclusive)
    }
}

/// Memory that SQLite reads and writes through pointers.
struct Region(Box<[UnsafeCell<u64>]>);

/// One database's.
#[derive(Default)]
pub struct Shared {
    holders: Vec<(u64, Level)>,
    regions: Vec<Region>,
    mapped: Vec<u64>,
    readers: [Vec<u64>; LOCKS],
    writers: [Option<u64>; LOCKS],
}

// Connections reach the regions under SQLite's own locks, as they reach a mapped file.
unsafe impl Send for Shared {}

impl Shared {
    /// Takes or raises the lock of `who`; false if others are in the way.
    pub fn lock(&mut self, who: u64, level: Level) -> bool {
        let others = || self.holders.iter().filter(|(other, _)| *other != who).map(|(_, level)| *level);
        let strongest = others().max().unwrap_or_default();
        let fits = match level {
            Level::None => true,
            Level::Shared => strongest < Level::Pending,
            Level::Reserved | Level::Pending => strongest < Level::Reserved,
            Level::Exclusive => strongest == Level::None,
        };
        // waiting to be alone keeps new readers out
        let waits = !fits && level == Level::Exclusive && strongest == Level::Shared;
        if fits || waits {
            self.set(who, if waits { Level::Pending } else { level });
        }
        fits
    }

    pub fn set(&mut self, who: u64, level: Level) {
        self.holders.retain(|(other, _)| *other != who);
        if level > Level::None {
            self.holders.push((who, level));
        }
    }

    pub fn reserved(&self) -> bool {
        self.holders.iter().any(|(_, level)| *level >= Level::Reserved)
    }

    /// The region with this number; null if it is not there and must not be made. Whoever is the first finds none.
    pub fn region(&mut self, who: u64, number: usize, bytes: usize, make: bool) -> *mut u8 {
        if self.mapped.is_empty() {
            self.regions.clear();
        }
        if !self.mapped.contains(&who) {
            self.mapped.push(who);
        }
        while make && self.regions.len() <= number {
            self.regions.push(Region((0..bytes / 8).map(|_| UnsafeCell::new(0)).collect()));
        }
        self.regions.get(number).map_or(std::ptr::null_mut(), |region| region.0.as_ptr().cast_mut().cast())
    }

    /// Takes locks of the index; false if others are in the way.
    pub fn take(&mut self, who: u64, locks: std::ops::Range<usize>, alone: bool) -> bool {
        let free = |at: usize| {
            self.writers[at].is_none_or(|holder| holder == who)
                && (!alone || self.readers[at].iter().all(|holder| *holder == who))
        };
        if !locks.clone().all(free) {
            return false;
        }
        for at in locks {
            if alone {
                self.writers[at] = Some(who);
            } else if !self.readers[at].contains(&who) {
                self.readers[at].push(who);
            }
        }
        true
    }

    pub fn give(&mut self, who: u64, locks: std::ops::Range<usize>) {
        for at in locks {
            self.readers[at].retain(|holder| *holder != who);
            self.writers[at] = self.writers[at].filter(|holder| *holder != who);
        }
    }

    /// A connection needs the index no longer.
    pub fn unmap(&mut self, who: u64) {
        self.give(who, 0..LOCKS);
        self.mapped.retain(|other| *other != who);
    }

    /// A connection has closed the file.
    pub fn leave(&mut self, who: u64) {
        self.set(who, Level::None);
        self.unmap(who);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writes_while_others_read_and_nobody_begins_to_read_while_one_waits_to_be_alone() {
        let mut shared = Shared::default();
        assert!(shared.lock(1, Level::Shared) && shared.lock(2, Level::Shared));
        assert!(shared.lock(1, Level::Reserved));
        assert!(!shared.lock(2, Level::Reserved));
        shared.set(1, Level::Shared);
        assert!(!shared.lock(1, Level::Exclusive));
        assert!(!shared.lock(3, Level::Shared), "the first waits");
        shared.leave(2);
        assert!(shared.lock(1, Level::Exclusive));
    }

    #[test]
    fn locks_of_the_index_are_shared_or_held_alone() {
        let mut shared = Shared::default();
        assert!(shared.take(1, 3..4, false) && shared.take(2, 3..4, false));
        assert!(!shared.take(1, 3..5, true));
        shared.give(2, 3..4);
        assert!(shared.take(1, 3..5, true));
        assert!(!shared.take(2, 4..5, false));
        shared.leave(1);
        assert!(shared.take(2, 4..5, false));
    }
}
