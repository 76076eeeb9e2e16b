//! Batches as devices signed them: the list of hashes and the signature, verbatim, so that both verify for ever.

use super::{Rows, int};
use crate::error::StoreError;
use records::{DeviceId, Incarnation, ServerTime};
use rusqlite::OptionalExtension;
use seal::Hash;

/// Its table.
pub const TABLE: &str = "
CREATE TABLE batch (
    batch       INTEGER PRIMARY KEY,
    device      BLOB NOT NULL,        -- device, or the server's own id for what came by a browser or from itself
    incarnation BLOB NOT NULL,
    number      INTEGER NOT NULL,
    via_web     INTEGER NOT NULL,     -- 1: signed by the server
    hashes      BLOB NOT NULL,        -- 32 bytes each, in order
    signature   TEXT NOT NULL,        -- Ed25519, 128 hexadecimal letters
    received    INTEGER NOT NULL,     -- ms since 1970-01-01 UTC
    UNIQUE (device, incarnation, number)
) STRICT;
";

/// A batch as it is kept.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Who signed, or for whom the server did.
    pub device: DeviceId,
    /// Life of the device's store.
    pub incarnation: Incarnation,
    /// Its number in that life.
    pub number: u64,
    /// Signed by the server.
    pub via_web: bool,
    /// What was signed.
    pub hashes: Vec<Hash>,
    /// The signature.
    pub signature: String,
}

/// Whether a batch fits what came before from this life of this device's store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Not met before.
    New,
    /// Met before with the same hashes.
    Again(i64),
    /// The number was used for something else, or lies before the newest: there is a copy of the device's store.
    Copied,
}

/// Where a batch belongs.
pub fn place(rows: &Rows<'_>, signed: &Signed) -> Result<Place, StoreError> {
    let device = signed.device.0.as_bytes();
    let incarnation = signed.incarnation.0.as_bytes();
    let number = int(signed.number)?;
    let known: Option<(i64, Vec<u8>)> = rows
        .conn
        .prepare_cached("SELECT batch, hashes FROM batch WHERE device = ?1 AND incarnation = ?2 AND number = ?3")?
        .query_row((device, incarnation, number), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((batch, hashes)) = known {
        return Ok(if hashes == joined(&signed.hashes) { Place::Again(batch) } else { Place::Copied });
    }
    let newest: Option<i64> = rows
        .conn
        .prepare_cached("SELECT max(number) FROM batch WHERE device = ?1 AND incarnation = ?2")?
        .query_row((device, incarnation), |row| row.get(0))?;
    Ok(if newest.is_some_and(|newest| number < newest) { Place::Copied } else { Place::New })
}

/// Keeps a batch and returns its row.
pub fn keep(rows: &Rows<'_>, signed: &Signed, now: ServerTime) -> Result<i64, StoreError> {
    rows.conn
        .prepare_cached(
            "INSERT INTO batch (device, incarnation, number, via_web, hashes, signature, received)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            signed.device.0.as_bytes(),
            signed.incarnation.0.as_bytes(),
            int(signed.number)?,
            signed.via_web,
            joined(&signed.hashes),
            &signed.signature,
            now.0,
        ))?;
    Ok(rows.conn.last_insert_rowid())
}

/// The number after the newest of this life.
pub fn next_number(rows: &Rows<'_>, device: DeviceId, incarnation: Incarnation) -> Result<u64, StoreError> {
    let newest: Option<i64> = rows
        .conn
        .prepare_cached("SELECT max(number) FROM batch WHERE device = ?1 AND incarnation = ?2")?
        .query_row((device.0.as_bytes(), incarnation.0.as_bytes()), |row| row.get(0))?;
    Ok(super::count(newest.unwrap_or(0)) + 1)
}

fn joined(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}
