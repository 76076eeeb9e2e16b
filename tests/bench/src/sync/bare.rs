//! What must be written for a change, with nothing around it: a row of the log, a row of the record, two rows of
//! audiences, and the sealing of both bodies. No HTTP, no rules, no rights, no indexes beside the primary ones.

use anyhow::Result;
use records::Letter;
use rusqlite::Connection;
use seal::{NONCE_BYTES, SubjectKey};
use std::path::Path;

const TABLES: &str = "
CREATE TABLE log (feed INTEGER NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL, hash BLOB NOT NULL, chain BLOB NOT NULL,
    received INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (feed, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE record (record INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, feed INTEGER NOT NULL, seq INTEGER NOT NULL,
    kind INTEGER NOT NULL, subject BLOB NOT NULL, day INTEGER, body BLOB NOT NULL) STRICT;
CREATE TABLE audience (atom INTEGER NOT NULL, feed INTEGER NOT NULL, seq INTEGER NOT NULL, record INTEGER NOT NULL,
    PRIMARY KEY (atom, feed, seq)) STRICT, WITHOUT ROWID;";

/// The rows alone.
pub struct Bare {
    db: Connection,
    key: SubjectKey,
    seq: i64,
    chain: seal::Hash,
}

impl Bare {
    /// In a new file.
    pub fn open(path: &Path) -> Result<Self> {
        let db = Connection::open(path)?;
        db.execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; {TABLES}"
        ))?;
        db.set_prepared_statement_cache_capacity(16);
        Ok(Self { db, key: SubjectKey([7; 32]), seq: 0, chain: seal::Hash::START })
    }

    /// Writes these letters in one transaction, durable when it returns.
    pub fn commit(&mut self, letters: &[Letter]) -> Result<()> {
        let tx = self.db.transaction()?;
        for letter in letters {
            self.seq += 1;
            let hash = seal::hash(letter);
            self.chain = seal::chain(self.chain, hash);
            let id = &hash.0[..16];
            let plain = letter.bytes.get().as_bytes();
            let body = seal::seal_body(&self.key, id, [3; NONCE_BYTES], plain)?;
            tx.prepare_cached("INSERT INTO log VALUES (1, ?1, ?2, ?3, ?4, 0, ?5)")?.execute((
                self.seq,
                id,
                hash.0,
                self.chain.0,
                &body,
            ))?;
            let body = seal::seal_body(&self.key, id, [4; NONCE_BYTES], plain)?;
            tx.prepare_cached("INSERT INTO record VALUES (?1, ?2, 1, ?1, 40, ?2, 20781, ?3)")?
                .execute((self.seq, id, &body))?;
            let mut audience = tx.prepare_cached("INSERT INTO audience VALUES (?1, 1, ?2, ?2)")?;
            audience.execute((1, self.seq))?;
            audience.execute((2 + self.seq % 30, self.seq))?;
        }
        Ok(tx.commit()?)
    }
}
