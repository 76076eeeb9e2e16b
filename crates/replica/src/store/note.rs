//! Table `note`: restrictions, kept whole and for ever. A note only takes away.

use crate::Fault;
use records::wire::Note;
use rusqlite::Connection;

pub const SQL: &str = "\
CREATE TABLE note (
    number    INTEGER NOT NULL PRIMARY KEY,
    what      TEXT NOT NULL,
    signature TEXT NOT NULL
) STRICT;";

pub fn add(db: &Connection, note: &Note) -> Result<(), Fault> {
    let number = i64::try_from(note.number).map_err(|_| Fault::BadReply("the number of a note"))?;
    let mut statement =
        db.prepare_cached("INSERT INTO note (number, what, signature) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
    statement.execute((number, &note.what, &note.signature))?;
    Ok(())
}

pub fn highest(db: &Connection) -> Result<u64, Fault> {
    let number: i64 = db.query_row("SELECT coalesce(max(number), 0) FROM note", [], |row| row.get(0))?;
    Ok(number.unsigned_abs())
}

pub fn all(db: &Connection) -> Result<Vec<Note>, Fault> {
    let mut statement = db.prepare_cached("SELECT number, what, signature FROM note ORDER BY number")?;
    let rows = statement.query_map([], |row| {
        Ok(Note { number: row.get::<_, i64>(0)?.unsigned_abs(), what: row.get(1)?, signature: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
