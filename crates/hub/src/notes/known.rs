//! The notes that this database knows of. The file is the one that no restore rolls back; the database keeps a copy of
//! each note so that a file that ends too early is noticed when the server opens, and can be written again.

use crate::error::StoreError;
use crate::store::{Rows, count, int};
use records::wire::Note;

/// Its table.
pub const TABLE: &str = "
CREATE TABLE note (
    number    INTEGER NOT NULL,  -- given twice only where file and database were lost together
    what      TEXT NOT NULL,     -- as in the file, which must hold it: ids, no names
    signature TEXT NOT NULL,
    PRIMARY KEY (number, what)
) STRICT, WITHOUT ROWID;
";

/// Keeps a note that lies in the file.
pub fn keep(rows: &Rows<'_>, note: &Note) -> Result<(), StoreError> {
    rows.conn.prepare_cached("INSERT OR IGNORE INTO note (number, what, signature) VALUES (?1, ?2, ?3)")?.execute((
        int(note.number)?,
        &note.what,
        &note.signature,
    ))?;
    Ok(())
}

/// All of them, by number.
pub fn all(rows: &Rows<'_>) -> Result<Vec<Note>, StoreError> {
    let mut statement = rows.conn.prepare_cached("SELECT number, what, signature FROM note ORDER BY number")?;
    let found = statement
        .query_map([], |row| Ok(Note { number: count(row.get(0)?), what: row.get(1)?, signature: row.get(2)? }))?;
    Ok(found.collect::<Result<_, _>>()?)
}
