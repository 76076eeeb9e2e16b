//! Table `sealed_away`: what this device must keep but may no longer read (rule 33).

use super::{Store, record};
use crate::Fault;
use records::{ChangeId, Letter, Subject};
use rusqlite::Connection;
use std::collections::BTreeSet;
use uuid::Uuid;

pub const SQL: &str = "\
CREATE TABLE sealed_away (
    change  BLOB NOT NULL PRIMARY KEY,
    item    BLOB NOT NULL, -- a letter, sealed to the server
    receipt TEXT           -- NULL: never accepted
) STRICT;";

/// Something that only the server can open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedAway {
    /// Which change is in it.
    pub change: ChangeId,
    /// For `seal::open_item`.
    pub item: Vec<u8>,
    /// Proof that it was accepted once.
    pub receipt: Option<String>,
}

impl Store {
    /// Erases everything about a subject; what was not yet accepted, or may have to be offered again, stays sealed to
    /// the server (as it is only if the device was never given the server's key). Gives the kinds that lost something.
    pub(super) fn forget(
        db: &Connection,
        seal: &mut dyn FnMut(&Letter) -> Option<Vec<u8>>,
        subject: Subject,
    ) -> Result<BTreeSet<String>, Fault> {
        let kinds = record::erase_subject(db, subject)?;
        let sources = [
            "SELECT change, salt, bytes, receipt FROM outbox WHERE subject = ?1",
            "SELECT change, salt, bytes, receipt FROM offered WHERE subject = ?1",
        ];
        for source in sources {
            for (change, letter, receipt) in letters(db, source, subject)? {
                let Some(item) = seal(&letter) else { continue };
                db.execute(
                    "INSERT INTO sealed_away (change, item, receipt) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    (change.0.as_bytes(), item, receipt),
                )?;
                db.execute("DELETE FROM outbox WHERE change = ?1", [change.0.as_bytes()])?;
                db.execute("DELETE FROM offered WHERE change = ?1", [change.0.as_bytes()])?;
            }
        }
        Ok(kinds)
    }

    /// What this device keeps for the server without being able to read it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn sealed_away(&self) -> Result<Vec<SealedAway>, Fault> {
        let mut statement = self.db.prepare_cached("SELECT change, item, receipt FROM sealed_away ORDER BY change")?;
        let rows = statement.query_map([], |row| {
            let change = ChangeId(Uuid::from_bytes(row.get(0)?));
            Ok(SealedAway { change, item: row.get(1)?, receipt: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

type Kept = (ChangeId, Letter, Option<String>);

fn letters(db: &Connection, sql: &str, subject: Subject) -> Result<Vec<Kept>, Fault> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([subject.0.as_bytes()])?;
    let mut found = vec![];
    while let Some(row) = rows.next()? {
        let letter =
            Letter { salt: records::Salt(row.get(1)?), bytes: serde_json::value::RawValue::from_string(row.get(2)?)? };
        found.push((ChangeId(Uuid::from_bytes(row.get(0)?)), letter, row.get(3)?));
    }
    Ok(found)
}
