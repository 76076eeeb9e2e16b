//! Which records an audience holds, in the order of their feed: what a pull reads.

use super::{Rows, count, int};
use crate::error::StoreError;
use records::{Atom, Seq};
use rusqlite::OptionalExtension;

/// Its tables.
pub const TABLES: &str = "
CREATE TABLE atom (
    atom INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE     -- such as staff@ and the id of a facility
) STRICT;
CREATE TABLE audience (
    atom   INTEGER NOT NULL REFERENCES atom,
    feed   INTEGER NOT NULL REFERENCES feed,
    seq    INTEGER NOT NULL,      -- of the record's newest change
    record INTEGER NOT NULL REFERENCES record,
    PRIMARY KEY (atom, feed, seq)
) STRICT, WITHOUT ROWID;
";

/// The number of an atom, made if there is none.
pub fn make(rows: &Rows<'_>, atom: &Atom) -> Result<i64, StoreError> {
    if let Some(number) = find(rows, atom)? {
        return Ok(number);
    }
    rows.conn.prepare_cached("INSERT INTO atom (name) VALUES (?1)")?.execute([&atom.0])?;
    Ok(rows.conn.last_insert_rowid())
}

/// The number of an atom; `None` if no record was ever meant for it.
pub fn find(rows: &Rows<'_>, atom: &Atom) -> Result<Option<i64>, StoreError> {
    let found = rows
        .conn
        .prepare_cached("SELECT atom FROM atom WHERE name = ?1")?
        .query_row([&atom.0], |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// The name of an atom; `None` for a number that was never given.
pub fn name(rows: &Rows<'_>, number: i64) -> Result<Option<Atom>, StoreError> {
    let name: Option<String> = rows
        .conn
        .prepare_cached("SELECT name FROM atom WHERE atom = ?1")?
        .query_row([number], |row| row.get(0))
        .optional()?;
    Ok(name.map(Atom))
}

/// Puts a record at a place of an audience.
pub fn put(rows: &Rows<'_>, atom: i64, feed: i64, seq: Seq, record: i64) -> Result<(), StoreError> {
    rows.conn.prepare_cached("INSERT INTO audience (atom, feed, seq, record) VALUES (?1, ?2, ?3, ?4)")?.execute((
        atom,
        feed,
        int(seq.0)?,
        record,
    ))?;
    Ok(())
}

/// Takes away what stands at a place of an audience.
pub fn take(rows: &Rows<'_>, atom: i64, feed: i64, seq: Seq) -> Result<(), StoreError> {
    rows.conn.prepare_cached("DELETE FROM audience WHERE atom = ?1 AND feed = ?2 AND seq = ?3")?.execute((
        atom,
        feed,
        int(seq.0)?,
    ))?;
    Ok(())
}

/// The next records of one audience after `seq`, up to `to`: seq and row, at most `most`.
pub fn after(
    rows: &Rows<'_>,
    atom: i64,
    feed: i64,
    seq: Seq,
    to: Seq,
    most: usize,
) -> Result<Vec<(Seq, i64)>, StoreError> {
    let mut statement = rows.conn.prepare_cached(
        "SELECT seq, record FROM audience WHERE atom = ?1 AND feed = ?2 AND seq > ?3 AND seq <= ?4
         ORDER BY seq LIMIT ?5",
    )?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let found = statement
        .query_map((atom, feed, int(seq.0)?, int(to.0)?, most), |row| Ok((Seq(count(row.get(0)?)), row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}
