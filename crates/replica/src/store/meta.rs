//! Table `meta`: single values, by name.

use crate::Fault;
use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub const SQL: &str = "\
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;";

/// A value with its name and type.
pub struct Slot<T>(&'static str, std::marker::PhantomData<T>);

const fn slot<T>(name: &'static str) -> Slot<T> {
    Slot(name, std::marker::PhantomData)
}

/// The lineage of the cursor.
pub const EPOCH: Slot<records::Epoch> = slot("epoch");
/// Where the device stands; opaque.
pub const CURSOR: Slot<records::wire::Cursor> = slot("cursor");
/// Version of rights at the last exchange.
pub const GRANTS: Slot<records::GrantsVersion> = slot("grants");
/// Newest schema that the server knows.
pub const SERVER_SCHEMA: Slot<u32> = slot("server_schema");
/// This life of the store.
pub const INCARNATION: Slot<records::Incarnation> = slot("incarnation");
/// Number of the last batch in this incarnation.
pub const BATCH: Slot<u64> = slot("batch");
/// Batches ever frozen; its twin is in the keyring.
pub const COUNTER: Slot<u64> = slot("counter");
/// Server's clock minus the device's at the last exchange, ms.
pub const ERROR_MS: Slot<i64> = slot("error_ms");
/// Highest server time seen, advanced by what a monotonic clock counted since, ms.
pub const HIGHEST_MS: Slot<i64> = slot("highest_ms");
/// Server time of the last exchange that left nothing to fetch, ms.
pub const HEARD_MS: Slot<i64> = slot("heard_ms");
/// The day on which old days were last dropped.
pub const DROPPED: Slot<records::Day> = slot("dropped");
/// The day that a person confirmed.
pub const CONFIRMED: Slot<records::Day> = slot("confirmed");
/// True after a new epoch until the notes have been shown to the server.
pub const NOTES_OWED: Slot<bool> = slot("notes_owed");
/// True from a new epoch until everything in sight has come again.
pub const RECOVERING: Slot<bool> = slot("recovering");

pub fn get<T: DeserializeOwned>(db: &Connection, slot: &Slot<T>) -> Result<Option<T>, Fault> {
    let mut statement = db.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    let text: Option<String> = statement.query_row([slot.0], |row| row.get(0)).optional()?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

pub fn set<T: Serialize>(db: &Connection, slot: &Slot<T>, value: &T) -> Result<(), Fault> {
    let text = serde_json::to_string(value)?;
    let mut statement = db.prepare_cached(
        "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?;
    statement.execute((slot.0, text))?;
    Ok(())
}
