//! Tables `record`, `held` and `atom`: what the server confirmed, and the heads of what is only pending here.
//!
//! A record that is only pending has no `seq` and an empty body; its content is laid over when it is read. `pending`
//! is set while the outbox holds a change that is laid over, so that reading asks the outbox only then.

use super::body;
use crate::Fault;
use records::{Atom, Head, Record, RecordId, Seq, Subject};
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::BTreeSet;
use uuid::Uuid;

pub const SQL: &str = "\
CREATE TABLE record (
    row     INTEGER PRIMARY KEY,
    id      BLOB NOT NULL UNIQUE,
    kind    TEXT NOT NULL,
    feed    BLOB NOT NULL,
    subject BLOB NOT NULL,
    day     INTEGER,                    -- days since 1970-01-01
    k1      BLOB,
    k2      BLOB,
    k3      BLOB,
    seq     INTEGER,                    -- NULL: only pending here
    before  INTEGER NOT NULL DEFAULT 0, -- of an earlier epoch: 1 shown until it comes again, 2 did not come again,
                                        -- 3 offered to the server as a copy, 4 the server cannot take it
    pending INTEGER NOT NULL DEFAULT 0, -- 1: the outbox has a change to lay over
    atoms   TEXT NOT NULL,              -- JSON list of atom numbers
    body    TEXT NOT NULL               -- JSON
) STRICT;
CREATE INDEX record_by_day ON record (kind, day);
CREATE INDEX record_by_feed ON record (feed, kind, day);
CREATE INDEX record_by_subject ON record (subject, kind, day);
CREATE INDEX record_by_k1 ON record (k1, kind, day) WHERE k1 IS NOT NULL;
CREATE INDEX record_by_k2 ON record (k2, kind, day) WHERE k2 IS NOT NULL;
CREATE INDEX record_by_k3 ON record (k3, kind, day) WHERE k3 IS NOT NULL;
CREATE INDEX record_of_before ON record (before) WHERE before > 0;

CREATE TABLE atom (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE
) STRICT;

-- Which confirmed records an atom gives sight of.
CREATE TABLE held (
    atom   INTEGER NOT NULL,
    record INTEGER NOT NULL,
    PRIMARY KEY (atom, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_by_record ON held (record);";

/// States of an outbox row that is laid over when records are read.
pub const LAID_OVER: &str = "('resting', 'waiting', 'flying', 'later')";

/// Where a stored row stands.
struct Stored {
    seq: Option<i64>,
    before: i64,
    atoms: String,
}

fn stored(db: &Connection, id: RecordId) -> Result<Option<Stored>, Fault> {
    let mut statement = db.prepare_cached("SELECT seq, before, atoms FROM record WHERE id = ?1")?;
    let read = |row: &Row<'_>| Ok(Stored { seq: row.get(0)?, before: row.get(1)?, atoms: row.get(2)? });
    Ok(statement.query_row([id.0.as_bytes()], read).optional()?)
}

/// Stores what the server sent, unless what is here is newer. False if nothing was stored.
pub fn confirm(db: &Connection, record: &Record) -> Result<bool, Fault> {
    let seq = record.seq.ok_or(Fault::BadReply("a record without sequence"))?;
    let seq = sql_seq(seq)?;
    let found = stored(db, record.head.id)?;
    if record.head.audiences.is_empty() {
        return Ok(false); // not for this device; what was in sight goes by `lost` or `forget`
    }
    if found.as_ref().is_some_and(|f| f.before == 0 && f.seq.is_some_and(|known| known > seq)) {
        return Ok(false);
    }
    let atoms = atom_numbers(db, record)?;
    let text = serde_json::to_string(&atoms)?;
    let row = put(db, &record.head, Some(seq), &text, &body::write(record)?)?;
    if found.is_none() {
        settle_pending(db, record.head.id)?; // its row may have been erased while the outbox still held changes of it
    }
    if found.is_none_or(|f| f.atoms != text) {
        hold(db, row, &atoms)?;
    }
    Ok(true)
}

/// Makes sure that a row stands for a record with pending changes.
pub fn mark_pending(db: &Connection, head: &Head) -> Result<(), Fault> {
    let mut statement = db.prepare_cached("UPDATE record SET pending = 1 WHERE id = ?1")?;
    if statement.execute([head.id.0.as_bytes()])? == 0 {
        put(db, head, None, "[]", "{}")?;
        statement.execute([head.id.0.as_bytes()])?;
    }
    Ok(())
}

/// After the outbox has changed: sets `pending` anew, and drops a row that stands for nothing any more.
pub fn settle_pending(db: &Connection, id: RecordId) -> Result<(), Fault> {
    let mut statement = db.prepare_cached(&format!(
        "UPDATE record SET pending = EXISTS (SELECT 1 FROM outbox WHERE record = ?1 AND state IN {LAID_OVER})
         WHERE id = ?1"
    ))?;
    statement.execute([id.0.as_bytes()])?;
    let mut statement = db.prepare_cached("DELETE FROM record WHERE id = ?1 AND seq IS NULL AND pending = 0")?;
    statement.execute([id.0.as_bytes()])?;
    Ok(())
}

fn put(db: &Connection, head: &Head, seq: Option<i64>, atoms: &str, body: &str) -> Result<i64, Fault> {
    let key = |at: usize| head.keys.get(at).map(Uuid::as_bytes);
    let mut statement = db.prepare_cached(
        "INSERT INTO record (id, kind, feed, subject, day, k1, k2, k3, seq, atoms, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, feed = excluded.feed, subject = excluded.subject,
             day = excluded.day, k1 = excluded.k1, k2 = excluded.k2, k3 = excluded.k3, seq = excluded.seq,
             before = 0, atoms = excluded.atoms, body = excluded.body
         RETURNING row",
    )?;
    let values = rusqlite::params![
        head.id.0.as_bytes(),
        head.kind.as_str(),
        head.feed.0.as_bytes(),
        head.subject.0.as_bytes(),
        head.day.map(records::Day::number),
        key(0),
        key(1),
        key(2),
        seq,
        atoms,
        body,
    ];
    Ok(statement.query_row(values, |row| row.get(0))?)
}

fn atom_numbers(db: &Connection, record: &Record) -> Result<Vec<i64>, Fault> {
    let mut add = db.prepare_cached("INSERT INTO atom (name) VALUES (?1) ON CONFLICT DO NOTHING")?;
    let mut find = db.prepare_cached("SELECT number FROM atom WHERE name = ?1")?;
    let mut numbers = Vec::with_capacity(record.head.audiences.len());
    for Atom(name) in &record.head.audiences {
        let known: Option<i64> = find.query_row([name], |row| row.get(0)).optional()?;
        numbers.push(match known {
            Some(number) => number,
            None => {
                add.execute([name])?;
                db.last_insert_rowid()
            }
        });
    }
    Ok(numbers)
}

fn hold(db: &Connection, row: i64, atoms: &[i64]) -> Result<(), Fault> {
    db.prepare_cached("DELETE FROM held WHERE record = ?1")?.execute([row])?;
    let mut statement = db.prepare_cached("INSERT INTO held (atom, record) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    for atom in atoms {
        statement.execute((atom, row))?;
    }
    Ok(())
}

/// Takes an atom away; records left with none are erased. Gives the kinds that lost something.
pub fn lose(db: &Connection, Atom(name): &Atom) -> Result<BTreeSet<String>, Fault> {
    let number: Option<i64> =
        db.query_row("SELECT number FROM atom WHERE name = ?1", [name], |row| row.get(0)).optional()?;
    let Some(number) = number else { return Ok(BTreeSet::new()) };
    let rows: Vec<i64> = db
        .prepare_cached("DELETE FROM held WHERE atom = ?1 RETURNING record")?
        .query_map([number], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut kinds = BTreeSet::new();
    let mut left = db.prepare_cached("SELECT atom FROM held WHERE record = ?1 ORDER BY atom")?;
    let mut keep = db.prepare_cached("UPDATE record SET atoms = ?2 WHERE row = ?1")?;
    for row in rows {
        let atoms: Vec<i64> = left.query_map([row], |row| row.get(0))?.collect::<Result<_, _>>()?;
        if atoms.is_empty() {
            kinds.insert(erase(db, row)?);
        } else {
            keep.execute((row, serde_json::to_string(&atoms)?))?;
        }
    }
    Ok(kinds)
}

/// Erases a record and gives its kind.
pub fn erase(db: &Connection, row: i64) -> Result<String, Fault> {
    db.prepare_cached("DELETE FROM held WHERE record = ?1")?.execute([row])?;
    Ok(db.prepare_cached("DELETE FROM record WHERE row = ?1 RETURNING kind")?.query_row([row], |row| row.get(0))?)
}

/// Erases every record of a subject and gives their kinds.
pub fn erase_subject(db: &Connection, subject: Subject) -> Result<BTreeSet<String>, Fault> {
    let rows: Vec<i64> = db
        .prepare_cached("SELECT row FROM record WHERE subject = ?1")?
        .query_map([subject.0.as_bytes()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    rows.into_iter().map(|row| erase(db, row)).collect()
}

/// The place of a record in its feed, as SQLite counts.
pub fn sql_seq(Seq(seq): Seq) -> Result<i64, Fault> {
    i64::try_from(seq).map_err(|_| Fault::BadReply("a sequence beyond 2^63"))
}
