//! Records as merged so far. In the clear: ids, kind number, day and keys, so that rules find records; all else is
//! sealed by the subject's key.

use super::{Rows, audience, count, feed, int};
use crate::error::StoreError;
use nursery::core::Scan;
use nursery::registry;
use records::{Day, Record, RecordId, Seq, Subject};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params_from_iter};
use std::ops::ControlFlow;
use uuid::Uuid;

/// Its table.
pub const TABLE: &str = "
CREATE TABLE record (
    record  INTEGER PRIMARY KEY,
    id      BLOB NOT NULL UNIQUE,
    feed    INTEGER NOT NULL REFERENCES feed,
    seq     INTEGER NOT NULL,     -- of its newest accepted change
    kind    INTEGER NOT NULL,     -- number of the kind
    subject BLOB NOT NULL,        -- whose key seals the body
    day     INTEGER,              -- service day, days since 1970-01-01
    key1    BLOB,
    key2    BLOB,
    key3    BLOB,
    gone    INTEGER NOT NULL,     -- 1: only the head is left
    body    BLOB NOT NULL         -- JSON of the record, sealed
) STRICT;
CREATE INDEX record_key1 ON record (kind, key1, day) WHERE key1 IS NOT NULL;
CREATE INDEX record_key2 ON record (kind, key2, day) WHERE key2 IS NOT NULL;
CREATE INDEX record_key3 ON record (kind, key3, day) WHERE key3 IS NOT NULL;
CREATE INDEX record_feed ON record (kind, feed, day);
CREATE INDEX record_day ON record (kind, day);
CREATE INDEX record_subject ON record (subject, kind, day);
";

const COLUMNS: &str = "record, id, seq, subject, body";

/// What of a record is in the clear and decides whether it is sent.
#[derive(Clone, Copy, Debug)]
pub struct Clear {
    /// Number of its kind.
    pub kind: u16,
    /// Whose key seals it.
    pub subject: Subject,
    /// The day it belongs to.
    pub day: Option<Day>,
}

struct Sealed {
    row: i64,
    id: RecordId,
    seq: Seq,
    subject: Subject,
    body: Vec<u8>,
}

fn sealed(row: &Row<'_>) -> rusqlite::Result<Sealed> {
    Ok(Sealed {
        row: row.get(0)?,
        id: RecordId(Uuid::from_bytes(row.get(1)?)),
        seq: Seq(count(row.get(2)?)),
        subject: Subject(Uuid::from_bytes(row.get(3)?)),
        body: row.get(4)?,
    })
}

fn open(rows: &Rows<'_>, found: &Sealed) -> Result<Option<Record>, StoreError> {
    let Some(plain) = rows.open(found.subject, "record", found.id.0, &found.body)? else { return Ok(None) };
    let mut record: Record = serde_json::from_slice(&plain)?;
    record.seq = Some(found.seq);
    Ok(Some(record))
}

/// A record and its row; `None` if there is none or its subject was erased.
pub fn find(rows: &Rows<'_>, id: RecordId) -> Result<Option<(i64, Record)>, StoreError> {
    let found = rows
        .conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM record WHERE id = ?1"))?
        .query_row([id.0.as_bytes()], sealed)
        .optional()?;
    let Some(found) = found else { return Ok(None) };
    Ok(open(rows, &found)?.map(|record| (found.row, record)))
}

/// The record in a row.
pub fn at(rows: &Rows<'_>, row: i64) -> Result<Option<Record>, StoreError> {
    let found = rows
        .conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM record WHERE record = ?1"))?
        .query_row([row], sealed)
        .optional()?;
    match found {
        Some(found) => open(rows, &found),
        None => Ok(None),
    }
}

/// What is in the clear of the record in a row.
pub fn clear(rows: &Rows<'_>, row: i64) -> Result<Option<Clear>, StoreError> {
    let found = rows
        .conn
        .prepare_cached("SELECT kind, subject, day FROM record WHERE record = ?1")?
        .query_row([row], |row| {
            let day: Option<i32> = row.get(2)?;
            Ok(Clear {
                kind: row.get(0)?,
                subject: Subject(Uuid::from_bytes(row.get(1)?)),
                day: day.map(Day::from_number),
            })
        })
        .optional()?;
    Ok(found)
}

/// Stores a record at `record.seq`, and moves it in its audiences.
pub fn put(rows: &Rows<'_>, record: &Record) -> Result<(), StoreError> {
    let seq = record.seq.ok_or(StoreError::Lacks("the sequence of a record"))?;
    let feed = feed::make(rows, record.head.feed)?.number;
    let before: Option<(i64, i64)> = rows
        .conn
        .prepare_cached("SELECT record, seq FROM record WHERE id = ?1")?
        .query_row([record.head.id.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let row = match before {
        Some((row, _)) => update(rows, row, record, seq)?,
        None => insert(rows, feed, record, seq)?,
    };
    for atom in &record.head.audiences {
        let atom = audience::make(rows, atom)?;
        if let Some((_, old)) = before {
            audience::take(rows, atom, feed, Seq(count(old)))?;
        }
        audience::put(rows, atom, feed, seq, row)?;
    }
    Ok(())
}

fn body(rows: &Rows<'_>, record: &Record) -> Result<Vec<u8>, StoreError> {
    let mut stored = record.clone();
    stored.seq = None;
    rows.seal(record.head.subject, "record", record.head.id.0, &serde_json::to_vec(&stored)?)
}

fn update(rows: &Rows<'_>, row: i64, record: &Record, seq: Seq) -> Result<i64, StoreError> {
    rows.conn.prepare_cached("UPDATE record SET seq = ?2, gone = ?3, body = ?4 WHERE record = ?1")?.execute((
        row,
        int(seq.0)?,
        record.gone.is_some(),
        body(rows, record)?,
    ))?;
    Ok(row)
}

fn insert(rows: &Rows<'_>, feed: i64, record: &Record, seq: Seq) -> Result<i64, StoreError> {
    let head = &record.head;
    let kind = registry::by_name(head.kind.as_str()).ok_or(StoreError::Lacks("the kind of a record"))?.number;
    let key = |at: usize| head.keys.get(at).map(|key| key.into_bytes());
    rows.conn
        .prepare_cached(
            "INSERT INTO record (id, feed, seq, kind, subject, day, key1, key2, key3, gone, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute((
            head.id.0.as_bytes(),
            feed,
            int(seq.0)?,
            kind,
            head.subject.0.as_bytes(),
            head.day.map(Day::number),
            key(0),
            key(1),
            key(2),
            record.gone.is_some(),
            body(rows, record)?,
        ))?;
    Ok(rows.conn.last_insert_rowid())
}

/// Deletes every record of a subject with its places in audiences; the log keeps their bare hashes.
pub fn delete_subject(rows: &Rows<'_>, subject: Subject) -> Result<(), StoreError> {
    rows.conn.execute(
        "DELETE FROM audience WHERE (feed, seq) IN (SELECT feed, seq FROM record WHERE subject = ?1)",
        [subject.0.as_bytes()],
    )?;
    rows.conn.execute("DELETE FROM record WHERE subject = ?1", [subject.0.as_bytes()])?;
    Ok(())
}

/// Records whose body does not open or does not read.
pub fn broken(rows: &Rows<'_>) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = rows.conn.prepare_cached(&format!("SELECT {COLUMNS} FROM record"))?;
    let mut found = statement.query([])?;
    let mut broken = vec![];
    while let Some(row) = found.next()? {
        let stored = sealed(row)?;
        if open(rows, &stored).is_err() {
            broken.push(stored.id);
        }
    }
    Ok(broken)
}

/// Gives each record that `which` asks for until `each` breaks.
pub fn scan(rows: &Rows<'_>, which: &Scan, each: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), StoreError> {
    let Some((sql, values)) = query(rows, which)? else { return Ok(()) };
    let mut statement = rows.conn.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(values))?;
    while let Some(row) = found.next()? {
        if let Some(record) = open(rows, &sealed(row)?)?
            && each(record).is_break()
        {
            break;
        }
    }
    Ok(())
}

/// The statement for a scan; `None` if nothing can fit (unknown kind or feed).
fn query(rows: &Rows<'_>, which: &Scan) -> Result<Option<(String, Vec<Value>)>, StoreError> {
    let Some(kind) = registry::by_name(which.kind.as_str()) else { return Ok(None) };
    let mut sql = format!("SELECT {COLUMNS} FROM record WHERE kind = ?");
    let mut values = vec![Value::from(i64::from(kind.number))];
    if let Some(id) = which.feed {
        let Some(feed) = feed::find(rows, id)? else { return Ok(None) };
        sql.push_str(" AND feed = ?");
        values.push(feed.number.into());
    }
    if let Some((at, key)) = which.key {
        let column = ["key1", "key2", "key3"].get(at);
        let Some(column) = column else { return Ok(None) };
        sql.push_str(&format!(" AND {column} = ?"));
        values.push(key.as_bytes().to_vec().into());
    }
    if let Some(subject) = which.subject {
        sql.push_str(" AND subject = ?");
        values.push(subject.0.as_bytes().to_vec().into());
    }
    if let Some((from, to)) = which.days {
        sql.push_str(" AND day BETWEEN ? AND ?");
        values.push(i64::from(from.number()).into());
        values.push(i64::from(to.number()).into());
    }
    Ok(Some((sql, values)))
}
