//! What each principal was at each version of rights: judges right at the basis of a late change, and tells which
//! audiences a device has gained or lost since its cursor.

use super::{Rows, count, int};
use crate::error::StoreError;
use nursery::access::{Principal, Standing};
use records::{GrantsVersion, ServerTime, Subject};
use rusqlite::OptionalExtension;
use uuid::Uuid;

/// Its table.
pub const TABLE: &str = "
CREATE TABLE standing (
    principal BLOB NOT NULL,      -- 'd' or 'p' and the id of the device or person
    since     INTEGER NOT NULL,   -- version of rights from which it held
    until     INTEGER,            -- version from which it no longer held; NULL while it holds
    ended     INTEGER,            -- ms since 1970-01-01 UTC when it ended
    body      BLOB NOT NULL,      -- JSON, sealed by the key of the device or person
    PRIMARY KEY (principal, since)
) STRICT, WITHOUT ROWID;
";

/// A standing and when it ended.
pub struct Past {
    /// What the principal was.
    pub standing: Standing,
    /// The version from which it held.
    pub since: GrantsVersion,
    /// When it ended; `None` while it holds.
    pub ended: Option<ServerTime>,
}

/// What the principal was at a version.
pub fn at(rows: &Rows<'_>, of: Principal, version: GrantsVersion) -> Result<Option<Past>, StoreError> {
    let found: Option<(i64, Option<i64>, Vec<u8>)> = rows
        .conn
        .prepare_cached(
            "SELECT since, ended, body FROM standing
             WHERE principal = ?1 AND since <= ?2 AND (until IS NULL OR until > ?2) ORDER BY since DESC LIMIT 1",
        )?
        .query_row((name(of), int(version.0).unwrap_or(i64::MAX)), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((since, ended, body)) = found else { return Ok(None) };
    let Some(plain) = rows.open(subject(of), "standing", id(of), &body)? else { return Ok(None) };
    let standing = serde_json::from_slice(&plain)?;
    Ok(Some(Past { standing, since: GrantsVersion(count(since)), ended: ended.map(ServerTime) }))
}

/// From `version` on the principal is this.
pub fn put(
    rows: &Rows<'_>,
    of: Principal,
    version: GrantsVersion,
    standing: &Standing,
    now: ServerTime,
) -> Result<(), StoreError> {
    let version = int(version.0)?;
    rows.conn
        .prepare_cached("UPDATE standing SET until = ?2, ended = ?3 WHERE principal = ?1 AND until IS NULL")?
        .execute((name(of), version, now.0))?;
    let body = rows.seal(subject(of), "standing", id(of), &serde_json::to_vec(standing)?)?;
    rows.conn.prepare_cached("INSERT INTO standing (principal, since, body) VALUES (?1, ?2, ?3)")?.execute((
        name(of),
        version,
        body,
    ))?;
    Ok(())
}

fn name(of: Principal) -> Vec<u8> {
    let tag = match of {
        Principal::Device(_) => b'd',
        Principal::Person(_) => b'p',
    };
    [&[tag], id(of).as_bytes().as_slice()].concat()
}

fn id(of: Principal) -> Uuid {
    match of {
        Principal::Device(device) => device.0,
        Principal::Person(person) => person.0,
    }
}

fn subject(of: Principal) -> Subject {
    Subject(id(of))
}
