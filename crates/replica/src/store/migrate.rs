//! Numbered migrations. One that was released is never edited; a new one is added below.

use super::{forget, host, meta, next, note, offered, outbox, record};
use crate::Unopened;
use rusqlite::{Connection, TransactionBehavior};

/// The tables of each version, in order; every text stands beside the module that owns the table.
const MIGRATIONS: &[&[&str]] =
    &[&[meta::SQL, record::SQL, outbox::SQL, next::SQL, offered::SQL, note::SQL, forget::SQL, host::SQL]];

/// The newest version that this app reads and writes.
#[allow(clippy::cast_possible_truncation)] // a handful of migrations
pub const SCHEMA_VERSION: u32 = MIGRATIONS.len() as u32;

/// The tables as the migrations leave them.
#[must_use]
pub fn schema() -> String {
    MIGRATIONS.iter().flat_map(|tables| tables.iter()).copied().collect::<Vec<_>>().join("\n\n")
}

/// Brings the tables to [`SCHEMA_VERSION`], all of it or nothing.
pub fn migrate(db: &mut Connection) -> Result<(), Unopened> {
    let found: u32 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > SCHEMA_VERSION {
        return Err(Unopened::Newer { found, known: SCHEMA_VERSION });
    }
    if found == SCHEMA_VERSION {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for tables in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        tables.iter().try_for_each(|sql| tx.execute_batch(sql))?;
    }
    tx.execute_batch(&format!("PRAGMA user_version = {SCHEMA_VERSION}"))?;
    tx.commit()?;
    Ok(())
}
