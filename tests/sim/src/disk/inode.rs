//! One file: what the process sees, and how to get from there to what the disk has.

use crate::chance::Chance;

/// What a power cut does to what was written and not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// Nothing is lost: the process was killed, the system lives on.
    None,
    /// All of it is lost.
    All,
    /// Each write is kept or lost by itself.
    Some,
    /// All is kept but the last write, of which only some sectors reached the disk.
    Torn,
}

impl Loss {
    /// All of them.
    pub const EACH: [Self; 4] = [Self::None, Self::All, Self::Some, Self::Torn];
}

/// A disk writes this much or nothing.
const SECTOR_BYTES: usize = 512;

/// One thing done to a file since its last sync; with it the way back.
#[derive(Clone, Debug)]
enum Step {
    Write { at: usize, bytes: Vec<u8>, before: Vec<u8>, length_before: usize },
    Cut { length: usize, before: Vec<u8> },
}

/// A file without its name.
#[derive(Clone, Debug, Default)]
pub struct Inode {
    now: Vec<u8>,
    unsynced: Vec<Step>,
}

impl Inode {
    /// A file that is on the disk.
    pub fn durable(bytes: Vec<u8>) -> Self {
        Self { now: bytes, unsynced: vec![] }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.now
    }

    /// Fills `into` from `at`; returns how much there was.
    pub fn read(&self, at: usize, into: &mut [u8]) -> usize {
        let from = self.now.get(at..).unwrap_or_default();
        let many = from.len().min(into.len());
        into[..many].copy_from_slice(&from[..many]);
        many
    }

    /// True if writing so far makes the file longer.
    pub fn grows(&self, end: usize) -> bool {
        end > self.now.len()
    }

    pub fn write(&mut self, at: usize, bytes: &[u8]) {
        let length_before = self.now.len();
        let before = self.now.get(at..).map(|old| old[..old.len().min(bytes.len())].to_vec()).unwrap_or_default();
        self.unsynced.push(Step::Write { at, bytes: bytes.to_vec(), before, length_before });
        put(&mut self.now, at, bytes);
    }

    pub fn cut(&mut self, length: usize) {
        if length < self.now.len() {
            let before = self.now.split_off(length);
            self.unsynced.push(Step::Cut { length, before });
        }
    }

    pub fn sync(&mut self) {
        self.unsynced.clear();
    }

    /// What is on the disk if all that was not synced is lost.
    pub fn on_disk(&self) -> Vec<u8> {
        let mut bytes = self.now.clone();
        for step in self.unsynced.iter().rev() {
            match step {
                Step::Write { at, before, length_before, .. } => {
                    bytes[*at..*at + before.len()].copy_from_slice(before);
                    bytes.truncate(*length_before);
                }
                Step::Cut { before, .. } => bytes.extend_from_slice(before),
            }
        }
        bytes
    }

    /// What is there after the power was cut.
    pub fn after(&self, loss: Loss, chance: &mut Chance) -> Vec<u8> {
        if loss == Loss::None || self.unsynced.is_empty() {
            return self.now.clone();
        }
        let mut bytes = self.on_disk();
        let last = self.unsynced.len() - 1;
        for (number, step) in self.unsynced.iter().enumerate() {
            match loss {
                Loss::All => break,
                Loss::Some if chance.permille(500) => {}
                Loss::Torn if number == last => tear(&mut bytes, step, chance),
                Loss::None | Loss::Some | Loss::Torn => step.repeat(&mut bytes),
            }
        }
        bytes
    }
}

impl Step {
    fn repeat(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes: new, .. } => put(bytes, *at, new),
            Self::Cut { length, .. } => bytes.truncate(*length),
        }
    }
}

/// Some sectors of a write, not always the first ones.
fn tear(bytes: &mut Vec<u8>, step: &Step, chance: &mut Chance) {
    let Step::Write { at, bytes: new, .. } = step else { return };
    let until = at + new.len();
    let mut from = *at;
    while from < until {
        let to = ((from / SECTOR_BYTES + 1) * SECTOR_BYTES).min(until);
        if chance.permille(500) {
            put(bytes, from, &new[from - at..to - at]);
        }
        from = to;
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, new: &[u8]) {
    if bytes.len() < at + new.len() {
        bytes.resize(at + new.len(), 0);
    }
    bytes[at..at + new.len()].copy_from_slice(new);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Inode {
        let mut file = Inode::durable(vec![1; 1500]);
        file.write(1000, &[2; 1000]);
        file.cut(1200);
        file.write(0, &[3; 600]);
        file
    }

    #[test]
    fn what_was_not_synced_can_be_taken_back() {
        assert_eq!(written().on_disk(), vec![1; 1500]);
        let mut synced = written();
        synced.sync();
        assert_eq!(synced.on_disk(), written().bytes());
    }

    #[test]
    fn a_killed_process_loses_nothing_and_a_power_cut_at_most_what_was_not_synced() {
        let mut chance = Chance::new(1);
        assert_eq!(written().after(Loss::None, &mut chance), written().bytes());
        assert_eq!(written().after(Loss::All, &mut chance), vec![1; 1500]);
    }

    #[test]
    fn a_torn_write_reaches_the_disk_in_whole_sectors() {
        let torn: std::collections::BTreeSet<Vec<u8>> =
            (0..50).map(|seed| written().after(Loss::Torn, &mut Chance::new(seed))).collect();
        assert_eq!(torn.len(), 4, "two sectors are written, each of them or not");
        for bytes in torn {
            assert_eq!(bytes.len(), 1200);
            assert!(bytes[..512].iter().all(|b| *b == bytes[0]) && bytes[512..600].iter().all(|b| *b == bytes[512]));
        }
    }
}
