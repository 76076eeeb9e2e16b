//! Tables `host` and `look`: what the app around the store keeps here so that it is encrypted and outlives a restart.

use super::Store;
use crate::Fault;
use nursery::view::Look;
use records::DeviceTime;
use rusqlite::OptionalExtension;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub const SQL: &str = "\
CREATE TABLE host (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

-- Looks at sensitive records, written down before anything was shown.
CREATE TABLE look (
    ord    INTEGER PRIMARY KEY,
    record BLOB NOT NULL,
    person BLOB,
    at_ms  INTEGER NOT NULL
) STRICT;";

impl Store {
    /// What the host kept under this name.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn kept<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Fault> {
        let mut statement = self.db.prepare_cached("SELECT value FROM host WHERE name = ?1")?;
        let text: Option<String> = statement.query_row([name], |row| row.get(0)).optional()?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    /// Keeps something of the host's under this name; durable when it returns.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn keep<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), Fault> {
        let mut statement = self.db.prepare_cached(
            "INSERT INTO host (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?;
        statement.execute((name, serde_json::to_string(value)?))?;
        Ok(())
    }

    /// Writes looks down; durable when it returns. Nothing may be shown if it fails.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn note_looks(&mut self, looks: &[Look], at: DeviceTime) -> Result<(), Fault> {
        if looks.is_empty() {
            return Ok(());
        }
        let tx = self.db.transaction()?;
        for look in looks {
            let person = look.person.map(|person| *person.0.as_bytes());
            tx.prepare_cached("INSERT INTO look (record, person, at_ms) VALUES (?1, ?2, ?3)")?.execute((
                look.record.0.as_bytes(),
                person,
                at.0,
            ))?;
        }
        tx.commit()?;
        Ok(())
    }

    /// Looks written down so far, the oldest first.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn looks(&self) -> Result<Vec<(Look, DeviceTime)>, Fault> {
        use records::{PersonId, RecordId};
        use uuid::Uuid;
        let mut statement = self.db.prepare_cached("SELECT record, person, at_ms FROM look ORDER BY ord")?;
        let rows = statement.query_map([], |row| {
            let record = RecordId(Uuid::from_bytes(row.get(0)?));
            let person = row.get::<_, Option<[u8; 16]>>(1)?.map(|id| PersonId(Uuid::from_bytes(id)));
            Ok((Look { record, person }, DeviceTime(row.get(2)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
