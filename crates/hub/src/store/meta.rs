//! Single values.

use super::{Rows, count, int};
use crate::error::StoreError;
use records::{Day, FeedId, GrantsVersion};
use rusqlite::OptionalExtension;
use uuid::Uuid;

/// Its table.
pub const TABLE: &str = "
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Version of rights: moves with every change of somebody's standing.
const VERSION: &str = "grants_version";
/// How often records that decide about rights have moved: what a computed standing was computed from.
const MOVED: &str = "grants_moved";
/// Highest restriction note whose record is in this database.
const NOTES: &str = "notes";
const MUNICIPALITY: &str = "municipality";
/// The service day, counted from 1970, on which families were last told what the day alone changes.
const TOLD: &str = "told_day";

fn number(rows: &Rows<'_>, name: &str) -> Result<u64, StoreError> {
    let found: Option<i64> = rows
        .conn
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    Ok(count(found.unwrap_or(0)))
}

fn set(rows: &Rows<'_>, name: &str, value: u64) -> Result<(), StoreError> {
    rows.conn
        .prepare_cached("INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")?
        .execute((name, int(value)?))?;
    Ok(())
}

/// The version of rights.
pub fn version(rows: &Rows<'_>) -> Result<GrantsVersion, StoreError> {
    number(rows, VERSION).map(GrantsVersion)
}

/// Moves the version of rights and returns the new one.
pub fn next_version(rows: &Rows<'_>) -> Result<GrantsVersion, StoreError> {
    let next = number(rows, VERSION)? + 1;
    set(rows, VERSION, next)?;
    Ok(GrantsVersion(next))
}

/// How often records that decide about rights have moved.
pub fn moved(rows: &Rows<'_>) -> Result<u64, StoreError> {
    number(rows, MOVED)
}

/// Notes that records which decide about rights have moved.
pub fn move_grants(rows: &Rows<'_>) -> Result<(), StoreError> {
    set(rows, MOVED, number(rows, MOVED)? + 1)?;
    next_version(rows).map(|_| ())
}

/// Highest restriction note that this database knows of.
pub fn notes(rows: &Rows<'_>) -> Result<u64, StoreError> {
    number(rows, NOTES)
}

/// Sets the highest restriction note that this database knows of.
pub fn set_notes(rows: &Rows<'_>, highest: u64) -> Result<(), StoreError> {
    set(rows, NOTES, highest)
}

/// The service day on which families were last told what the day alone changes; `None` if never.
pub fn told(rows: &Rows<'_>) -> Result<Option<Day>, StoreError> {
    let number = number(rows, TOLD)?;
    Ok(i32::try_from(number).ok().filter(|number| *number > 0).map(Day::from_number))
}

/// Sets that day.
pub fn set_told(rows: &Rows<'_>, day: Day) -> Result<(), StoreError> {
    set(rows, TOLD, u64::try_from(day.number()).unwrap_or(0))
}

/// The municipality's feed, once its record exists; nil before.
pub fn municipality(rows: &Rows<'_>) -> Result<FeedId, StoreError> {
    let found: Option<[u8; 16]> = rows
        .conn
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([MUNICIPALITY], |row| row.get(0))
        .optional()?;
    Ok(FeedId(found.map_or(Uuid::nil(), Uuid::from_bytes)))
}

/// Notes the municipality's feed; the first stays. Everybody's standing is read from it, so rights move.
pub fn set_municipality(rows: &Rows<'_>, feed: FeedId) -> Result<(), StoreError> {
    let fresh = rows
        .conn
        .prepare_cached("INSERT OR IGNORE INTO meta (name, value) VALUES (?1, ?2)")?
        .execute((MUNICIPALITY, feed.0.as_bytes()))?;
    if fresh == 1 {
        move_grants(rows)?;
    }
    Ok(())
}
