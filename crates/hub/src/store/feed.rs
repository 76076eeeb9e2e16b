//! Feeds: the order of each, its head and its chain.

use super::{Rows, count, int};
use crate::error::StoreError;
use records::{FeedId, Seq};
use rusqlite::OptionalExtension;
use seal::Hash;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Its table.
pub const TABLE: &str = "
CREATE TABLE feed (
    feed  INTEGER PRIMARY KEY,      -- what other tables call it
    id    BLOB NOT NULL UNIQUE,     -- facility or municipality
    head  INTEGER NOT NULL,         -- seq of the newest accepted change
    chain BLOB NOT NULL             -- chained hash of all accepted changes
) STRICT;
";

/// A feed as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Feed {
    /// Its number in other tables.
    pub number: i64,
    /// Seq of its newest change.
    pub head: Seq,
    /// Its chain.
    pub chain: Hash,
}

/// The feed with this id, made if there is none.
pub fn make(rows: &Rows<'_>, id: FeedId) -> Result<Feed, StoreError> {
    if let Some(feed) = find(rows, id)? {
        return Ok(feed);
    }
    rows.conn
        .prepare_cached("INSERT INTO feed (id, head, chain) VALUES (?1, 0, ?2)")?
        .execute((id.0.as_bytes(), Hash::START.0))?;
    Ok(Feed { number: rows.conn.last_insert_rowid(), head: Seq(0), chain: Hash::START })
}

/// The feed with this id.
pub fn find(rows: &Rows<'_>, id: FeedId) -> Result<Option<Feed>, StoreError> {
    let found = rows
        .conn
        .prepare_cached("SELECT feed, head, chain FROM feed WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| {
            Ok(Feed { number: row.get(0)?, head: Seq(count(row.get(1)?)), chain: Hash(row.get(2)?) })
        })
        .optional()?;
    Ok(found)
}

/// The id of a feed by its number.
pub fn id(rows: &Rows<'_>, number: i64) -> Result<FeedId, StoreError> {
    let id: [u8; 16] =
        rows.conn.prepare_cached("SELECT id FROM feed WHERE feed = ?1")?.query_row([number], |row| row.get(0))?;
    Ok(FeedId(Uuid::from_bytes(id)))
}

/// Moves the head of a feed.
pub fn advance(rows: &Rows<'_>, number: i64, head: Seq, chain: Hash) -> Result<(), StoreError> {
    rows.conn.prepare_cached("UPDATE feed SET head = ?2, chain = ?3 WHERE feed = ?1")?.execute((
        number,
        int(head.0)?,
        chain.0,
    ))?;
    Ok(())
}

/// Number and head of every feed, in order of their numbers.
pub fn all(rows: &Rows<'_>) -> Result<Vec<(i64, Seq)>, StoreError> {
    let mut statement = rows.conn.prepare_cached("SELECT feed, head FROM feed ORDER BY feed")?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, Seq(count(row.get(1)?)))))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Seq and chain of every feed, for an epoch's account of where it branched off.
pub fn heads(rows: &Rows<'_>) -> Result<BTreeMap<FeedId, (Seq, Hash)>, StoreError> {
    let mut statement = rows.conn.prepare_cached("SELECT id, head, chain FROM feed")?;
    let found = statement.query_map([], |row| {
        let id: [u8; 16] = row.get(0)?;
        Ok((FeedId(Uuid::from_bytes(id)), (Seq(count(row.get(1)?)), Hash(row.get(2)?))))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}
