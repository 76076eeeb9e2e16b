//! What the store's engine can do at all: the same bytes with nothing around them.

use crate::figures::Times;
use anyhow::Result;
use rusqlite::Connection;
use std::path::Path;

fn open(path: &Path, key: &[u8; 32]) -> Result<Connection> {
    let db = Connection::open(path)?;
    let hex: String = key.iter().map(|b| format!("{b:02x}")).collect();
    db.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"))?;
    Ok(db)
}

/// One row of this many bytes, committed durably, `rounds` times.
pub fn write(folder: &Path, bytes: usize, rounds: usize) -> Result<Times> {
    let db = open(&folder.join("baseline.db"), &[3; 32])?;
    db.execute_batch("CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")?;
    let body = "x".repeat(bytes);
    let mut times = Times::default();
    let mut insert = db.prepare("INSERT INTO bare (body) VALUES (?1)")?;
    for _ in 0..rounds {
        times.time(|| insert.execute([&body]))?;
    }
    Ok(times)
}

/// 250 rows of the tablet's own store by their key, each parsed as JSON: about what a board reads.
pub fn read(path: &Path, key: &[u8; 32], rounds: usize) -> Result<Times> {
    let db = open(path, key)?;
    let last: i64 = db.query_row("SELECT max(row) FROM record", [], |row| row.get(0))?;
    let mut times = Times::default();
    let mut find = db.prepare("SELECT body FROM record WHERE row = ?1")?;
    for round in 0..rounds {
        times.time(|| -> Result<()> {
            for step in 0..250_i64 {
                let row = last - (step * 7 + i64::try_from(round % 5)?) % 5_000;
                let body: String = find.query_row([row.max(1)], |row| row.get(0))?;
                let _: serde_json::Value = serde_json::from_str(&body)?;
            }
            Ok(())
        })?;
    }
    Ok(times)
}
