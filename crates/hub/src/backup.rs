//! Copies of the database while it runs, and going back to one.

use crate::error::StoreError;
use crate::hub::Hub;
use crate::recovery;
use crate::store::{DATABASE, Keyring, Rows, Store, epoch};
use records::{Epoch, ServerTime};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

impl Hub {
    /// A consistent copy of the database at `path` (which must not exist), opened again and checked. Without subject
    /// keys, server keys and restriction notes: those have their own backups.
    ///
    /// # Errors
    /// [`StoreError`]; a copy that does not check is removed.
    pub fn backup(&self, path: &Path) -> Result<(), StoreError> {
        if path.exists() {
            return Err(StoreError::Io(std::io::ErrorKind::AlreadyExists.into()));
        }
        let name = path.to_str().ok_or(StoreError::Range("a path that is no text"))?;
        let copied = {
            let connection = Connection::open_with_flags(self.folder.join(DATABASE), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            connection.execute("VACUUM INTO ?1", [name]).map_err(StoreError::from)
        };
        let checked = copied.and_then(|_| check(path));
        if checked.is_err() {
            let _ = std::fs::remove_file(path);
        }
        checked
    }
}

/// Puts a backup in the place of the database in `folder` while the server is stopped, and begins a new epoch that
/// names the backup's as its parent. What was there is kept beside it, named by the new epoch. Sessions, unused links and
/// open pairings of then stay behind: who has signed out since, or used a link, is not signed in again by it.
///
/// # Errors
/// [`StoreError`]; nothing was changed if the backup does not check.
pub fn restore(folder: &Path, backup: &Path, seed: [u8; 32], now: ServerTime) -> Result<Epoch, StoreError> {
    check(backup)?;
    let keys = Keyring::open(&folder.join(crate::hub::KEYS), seed)?;
    let new = Epoch(keys.new_id(now));
    set_aside(folder, new)?;
    std::fs::copy(backup, folder.join(DATABASE))?;
    let store = Store::open(folder)?;
    let mut writer = store.writer();
    let transaction = writer.transaction()?;
    let rows = Rows { conn: &transaction, keys: &keys };
    epoch::begin(&rows, new, now)?;
    recovery::begin(&rows)?;
    crate::door::forget_visitors(&transaction)?;
    transaction.commit()?;
    Ok(new)
}

fn set_aside(folder: &Path, new: Epoch) -> Result<(), StoreError> {
    for ending in ["", "-wal", "-shm"] {
        let old = folder.join(format!("{DATABASE}{ending}"));
        if old.exists() {
            std::fs::rename(&old, folder.join(format!("before-{new}.db{ending}")))?;
        }
    }
    Ok(())
}

fn check(path: &Path) -> Result<(), StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let found: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    let epochs: i64 = connection.query_row("SELECT count(*) FROM epoch", [], |row| row.get(0))?;
    if found == "ok" && epochs > 0 { Ok(()) } else { Err(StoreError::Lacks("a whole database")) }
}
