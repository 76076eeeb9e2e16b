//! The database: one writer, a pool of readers, numbered migrations. Each table lies with the module that owns it.

pub mod audience;
pub mod batch;
pub mod change;
pub mod epoch;
pub mod feed;
pub mod log;
pub mod meta;
pub mod record;
mod rows;
pub mod standing;
pub mod tracked;

pub use rows::{Keyring, Rows};

use crate::error::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// File name of the database in the server's folder.
pub const DATABASE: &str = "hub.db";
const POOLED: usize = 16;
const STATEMENTS: usize = 128;

/// Numbered from 1; never edited after release, only appended.
const MIGRATIONS: &[&[&str]] = &[
    &[
        meta::TABLE,
        epoch::TABLE,
        feed::TABLE,
        batch::TABLE,
        log::TABLE,
        change::TABLE,
        record::TABLE,
        audience::TABLES,
        standing::TABLE,
        tracked::TABLE,
        crate::notes::TABLE,
        crate::door::TABLES,
    ],
    &[crate::notes::known::TABLE],
    &[crate::recovery::TABLE],
];

/// The tables as the migrations leave them, for `docs/schema.sql`; after them those of the key file.
#[must_use]
pub fn schema() -> String {
    let ours: Vec<&str> = MIGRATIONS.iter().flat_map(|m| m.iter()).map(|sql| sql.trim()).collect();
    format!(
        "-- hub.db\n\n{}\n\n-- keys.db, beside it and outside backups\n\n{}\n",
        ours.join("\n\n"),
        rows::KEYS_TABLE.trim()
    )
}

/// The open database.
pub struct Store {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Store {
    /// Opens or makes the database in `folder`.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(DATABASE);
        crate::keyfile::private(&path)?;
        let mut writer = Connection::open(&path)?;
        prepare(&writer)?;
        migrate(&mut writer)?;
        Ok(Self { path, writer: Mutex::new(writer), readers: Mutex::new(vec![]) })
    }

    /// The one connection that writes; whoever holds it is the only writer.
    pub fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A reading connection with a snapshot of now; given back with [`Store::give_back`].
    pub fn reader(&self) -> Result<Connection, StoreError> {
        let pooled = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => self.connect()?,
        };
        connection.execute_batch("BEGIN")?;
        // the snapshot begins with the first read, not with BEGIN
        connection.query_row("SELECT count(*) FROM epoch", [], |_| Ok(()))?;
        Ok(connection)
    }

    /// Ends the snapshot and keeps the connection for the next reader.
    pub fn give_back(&self, connection: Connection) {
        if connection.execute_batch("ROLLBACK").is_err() {
            return;
        }
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < POOLED {
            readers.push(connection);
        }
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // EXTRA, and first: the rollback journal with which the file itself begins must not come back after a power cut
    connection.pragma_update(None, "synchronous", "EXTRA")?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
         PRAGMA cache_size = -65536; PRAGMA secure_delete = ON;",
    )?;
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let done: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if done > known {
        return Err(StoreError::Newer(done));
    }
    let skip = usize::try_from(done).unwrap_or(0);
    for (at, migration) in MIGRATIONS.iter().enumerate().skip(skip) {
        let transaction = connection.transaction()?;
        for sql in *migration {
            transaction.execute_batch(sql)?;
        }
        transaction.pragma_update(None, "user_version", i64::try_from(at + 1).unwrap_or(i64::MAX))?;
        transaction.commit()?;
    }
    Ok(())
}

/// A number as SQLite has it.
pub fn int(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Range("a sequence number"))
}

/// A number from SQLite that was never negative.
pub fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
