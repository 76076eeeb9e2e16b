//! Table `outbox`: what this device wrote and the server has not yet taken into its log.

use super::record::LAID_OVER;
use crate::Fault;
use records::{Change, ChangeId, Letter, RecordId, Salt};
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use uuid::Uuid;

pub const SQL: &str = "\
CREATE TABLE outbox (
    ord        INTEGER PRIMARY KEY AUTOINCREMENT, -- order of writing; re-offers of a new epoch come before, below zero
    change     BLOB NOT NULL UNIQUE,
    act        BLOB NOT NULL,
    record     BLOB NOT NULL,
    subject    BLOB NOT NULL,
    kind       TEXT NOT NULL,
    day        INTEGER,
    fact       INTEGER NOT NULL,
    author     BLOB NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('resting', 'waiting', 'flying', 'held', 'refused', 'later')),
    frozen     INTEGER NOT NULL DEFAULT 0, -- 1: was in a batch once; salt and bytes never change again
    place      INTEGER,                    -- in the batch in flight
    code       TEXT,                       -- reason of held, refused or later
    hold       BLOB,                       -- the record that tells about a held change
    not_before INTEGER,                    -- of later: server time, ms
    written_ms INTEGER NOT NULL,           -- device time of the last writing
    salt       TEXT NOT NULL,
    bytes      TEXT NOT NULL,              -- JSON of the change, verbatim
    hash       BLOB NOT NULL,              -- BLAKE3(salt || bytes)
    receipt    TEXT                        -- of a re-offer: proof that it was accepted once
) STRICT;
CREATE INDEX outbox_by_record ON outbox (record, ord);
CREATE INDEX outbox_by_act ON outbox (act);
CREATE INDEX outbox_by_state ON outbox (state, ord);
CREATE INDEX outbox_by_day ON outbox (state, fact, day, ord);";

/// A row of the outbox.
pub struct Written {
    pub ord: i64,
    pub state: String,
    pub frozen: bool,
    pub letter: Letter,
}

impl Written {
    pub fn change(&self) -> Result<Change, Fault> {
        Ok(self.letter.open()?)
    }
}

const COLUMNS: &str = "ord, state, frozen, salt, bytes";

fn read(row: &Row<'_>) -> Result<Written, Fault> {
    let bytes = RawValue::from_string(row.get(4)?)?;
    Ok(Written {
        ord: row.get(0)?,
        state: row.get(1)?,
        frozen: row.get(2)?,
        letter: Letter { salt: Salt(row.get(3)?), bytes },
    })
}

fn all(db: &Connection, rest: &str, id: Uuid) -> Result<Vec<Written>, Fault> {
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE {rest}"))?;
    let mut rows = statement.query([id.as_bytes()])?;
    let mut found = vec![];
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// Rows of one record in the order of writing.
pub fn of_record(db: &Connection, record: RecordId) -> Result<Vec<Written>, Fault> {
    all(db, "record = ?1 ORDER BY ord", record.0)
}

/// The row of one change.
pub fn of_change(db: &Connection, change: ChangeId) -> Result<Option<Written>, Fault> {
    Ok(all(db, "change = ?1", change.0)?.pop())
}

/// The letters of the batch in flight, in their order.
pub fn flying(db: &Connection) -> Result<Vec<Letter>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE state = 'flying' ORDER BY place");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut letters = vec![];
    while let Some(row) = rows.next()? {
        letters.push(read(row)?.letter);
    }
    Ok(letters)
}

/// Changes to lay over a record when it is read, in the order of writing. A re-offer is laid over only where its
/// record has come again in the new epoch: the old row holds it already.
pub fn laid_over(db: &Connection, record: RecordId) -> Result<Vec<Change>, Fault> {
    let sql = format!(
        "SELECT bytes FROM outbox WHERE record = ?1 AND state IN {LAID_OVER}
         AND (receipt IS NULL OR NOT EXISTS (SELECT 1 FROM record WHERE id = ?1 AND before > 0)) ORDER BY ord"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([record.0.as_bytes()])?;
    let mut changes = vec![];
    while let Some(row) = rows.next()? {
        changes.push(serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?);
    }
    Ok(changes)
}

/// Receipts of the letters in flight that are offered again.
pub fn receipts(db: &Connection) -> Result<BTreeMap<ChangeId, String>, Fault> {
    let mut statement =
        db.prepare_cached("SELECT change, receipt FROM outbox WHERE state = 'flying' AND receipt IS NOT NULL")?;
    let rows = statement.query_map([], |row| Ok((ChangeId(Uuid::from_bytes(row.get(0)?)), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A new row, or none if the change is there already.
pub fn add(db: &Connection, change: &Change, letter: &Letter, state: &str) -> Result<bool, Fault> {
    let mut statement = db.prepare_cached(
        "INSERT INTO outbox (change, act, record, subject, kind, day, fact, author, state, written_ms, salt, bytes, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (change) DO NOTHING",
    )?;
    let head = &change.head;
    let values = rusqlite::params![
        change.id.0.as_bytes(),
        change.act.0.as_bytes(),
        head.id.0.as_bytes(),
        head.subject.0.as_bytes(),
        head.kind.as_str(),
        head.day.map(records::Day::number),
        is_fact(head.kind.as_str()),
        change.author.0.as_bytes(),
        state,
        change.at.0,
        letter.salt.0,
        letter.bytes.get(),
        seal::hash(letter).0,
    ];
    Ok(statement.execute(values)? == 1)
}

/// Another text for a change that was in no batch yet.
pub fn rewrite(db: &Connection, ord: i64, change: &Change, letter: &Letter, state: &str) -> Result<(), Fault> {
    let mut statement = db.prepare_cached(
        "UPDATE outbox SET state = ?2, written_ms = ?3, salt = ?4, bytes = ?5, hash = ?6 WHERE ord = ?1 AND frozen = 0",
    )?;
    let hash = seal::hash(letter).0;
    statement.execute((ord, state, change.at.0, &letter.salt.0, letter.bytes.get(), hash))?;
    Ok(())
}

/// Puts a change into the batch in flight.
pub fn freeze(db: &Connection, ord: i64, place: usize) -> Result<(), Fault> {
    let mut statement =
        db.prepare_cached("UPDATE outbox SET state = 'flying', frozen = 1, place = ?2, code = NULL WHERE ord = ?1")?;
    statement.execute((ord, i64::try_from(place).unwrap_or(i64::MAX)))?;
    Ok(())
}

/// Another state, with its reason.
pub fn set_state(db: &Connection, change: ChangeId, state: &str, code: Option<&str>) -> Result<(), Fault> {
    let mut statement = db.prepare_cached("UPDATE outbox SET state = ?2, code = ?3, place = NULL WHERE change = ?1")?;
    statement.execute((change.0.as_bytes(), state, code))?;
    Ok(())
}

/// Removes a change and gives the record it was about, if it was there.
pub fn remove(db: &Connection, change: ChangeId) -> Result<Option<RecordId>, Fault> {
    let mut statement = db.prepare_cached("DELETE FROM outbox WHERE change = ?1 RETURNING record")?;
    let found: Option<[u8; 16]> = statement.query_row([change.0.as_bytes()], |row| row.get(0)).optional()?;
    Ok(found.map(|id| RecordId(Uuid::from_bytes(id))))
}

/// What a batch in flight leaves behind when its incarnation is over: frozen letters that wait for another batch.
pub fn ground(db: &Connection) -> Result<(), Fault> {
    db.execute("UPDATE outbox SET frozen = 1", [])?;
    db.execute("UPDATE outbox SET state = 'waiting', place = NULL WHERE state = 'flying'", [])?;
    Ok(())
}

fn is_fact(kind: &str) -> bool {
    nursery::registry::by_name(kind).is_some_and(|k| k.shape == nursery::core::Shape::Fact)
}

/// The record that tells about a held change.
pub fn set_hold(db: &Connection, change: ChangeId, hold: RecordId) -> Result<(), Fault> {
    db.prepare_cached("UPDATE outbox SET hold = ?2 WHERE change = ?1")?
        .execute((change.0.as_bytes(), hold.0.as_bytes()))?;
    Ok(())
}

/// Server time before which a change is not sent again.
pub fn set_not_before(db: &Connection, change: ChangeId, ms: i64) -> Result<(), Fault> {
    db.prepare_cached("UPDATE outbox SET not_before = ?2 WHERE change = ?1")?.execute((change.0.as_bytes(), ms))?;
    Ok(())
}

/// True if the change waits for the office.
pub fn is_held(db: &Connection, change: ChangeId) -> Result<bool, Fault> {
    let mut statement =
        db.prepare_cached("SELECT EXISTS (SELECT 1 FROM outbox WHERE change = ?1 AND state = 'held')")?;
    Ok(statement.query_row([change.0.as_bytes()], |row| row.get(0))?)
}

/// The office has refused what was held under this record.
pub fn refuse_held(db: &Connection, hold: RecordId, code: &str) -> Result<(), Fault> {
    db.prepare_cached("UPDATE outbox SET state = 'refused', code = ?2 WHERE hold = ?1 AND state = 'held'")?
        .execute((hold.0.as_bytes(), code))?;
    Ok(())
}

/// True if nothing waits for the server.
pub fn is_empty(db: &Connection) -> Result<bool, Fault> {
    Ok(db.query_row("SELECT NOT EXISTS (SELECT 1 FROM outbox)", [], |row| row.get(0))?)
}

/// Reads all that opening a store reads of the outbox.
pub fn readable(db: &Connection) -> Result<(), Fault> {
    is_empty(db)?;
    letters(db).map(drop)
}

/// Every letter, in the order of writing.
pub fn letters(db: &Connection) -> Result<Vec<Letter>, Fault> {
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox ORDER BY ord"))?;
    let mut rows = statement.query([])?;
    let mut letters = vec![];
    while let Some(row) = rows.next()? {
        letters.push(read(row)?.letter);
    }
    Ok(letters)
}
