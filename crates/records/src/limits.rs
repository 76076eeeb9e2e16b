//! Limits on everything that comes from outside; each is checked before the thing it limits is used.

/// Changes in one batch.
pub const CHANGES_PER_BATCH: usize = 500;
/// Bytes of one batch or one page, uncompressed.
pub const BATCH_BYTES: usize = 1 << 20;
/// Records in one page.
pub const RECORDS_PER_PAGE: usize = 1_000;
/// Copies of other people's records that one request may bring after a restore.
pub const COPIES_PER_EXCHANGE: usize = 100;
/// Changes of one act: they are accepted, held or refused together.
pub const CHANGES_PER_ACT: usize = 16;
/// Writes in one change.
pub const WRITES_PER_CHANGE: usize = 64;
/// Bytes of one change as it travels.
pub const CHANGE_BYTES: usize = 32 * 1024;
/// Bytes of one merged record.
pub const RECORD_BYTES: usize = 64 * 1024;
/// Audience atoms of one record; beyond that a class or site atom is meant.
pub const ATOMS_PER_RECORD: usize = 64;
/// Clear keys of one record.
pub const KEYS_PER_RECORD: usize = 3;
/// Entries of one author that may be live in one register at a time.
pub const LIVE_PER_AUTHOR: usize = 3;
/// Entries that may be live in one register at a time.
pub const LIVE_PER_REGISTER: usize = 16;
/// Named but never met changes that one register remembers.
pub const AWAITED_PER_REGISTER: usize = 32;
/// Characters of a field name.
pub const FIELD_CHARS: usize = 80;
/// Predecessors that one write may name.
pub const SEEN_PER_WRITE: usize = 48;
