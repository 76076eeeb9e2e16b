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
            // EXTRA: the copy's own journal must not come back after a power cut, which would undo the copy
            connection.pragma_update(None, "synchronous", "EXTRA")?;
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
/// [`StoreError`]; the database that was there is still in its place then, whatever went wrong.
pub fn restore(folder: &Path, backup: &Path, seed: [u8; 32], now: ServerTime) -> Result<Epoch, StoreError> {
    check(backup)?;
    let keys = Keyring::open(&folder.join(crate::hub::KEYS), seed)?;
    let new = Epoch(keys.new_id(now));
    // made whole beside it first: a copy can check and yet not be of this program, and a disk can fill up
    let beside = folder.join(format!("restoring-{new}"));
    std::fs::create_dir(&beside)?;
    let put = make_ready(&beside, backup, &keys, new, now).and_then(|()| {
        set_aside(folder, new)?;
        Ok(std::fs::rename(beside.join(DATABASE), folder.join(DATABASE))?)
    });
    let _ = std::fs::remove_dir_all(&beside);
    put.map(|()| new)
}

/// The database of a backup as the new epoch begins with it.
fn make_ready(beside: &Path, backup: &Path, keys: &Keyring, new: Epoch, now: ServerTime) -> Result<(), StoreError> {
    std::fs::copy(backup, beside.join(DATABASE))?;
    let store = Store::open(beside)?;
    let mut writer = store.writer();
    let transaction = writer.transaction()?;
    let rows = Rows { conn: &transaction, keys };
    epoch::begin(&rows, new, now)?;
    recovery::begin(&rows)?;
    crate::door::forget_visitors(&transaction)?;
    transaction.commit()?;
    // all of it lies in the one file that is moved
    writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
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
