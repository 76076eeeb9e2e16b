//! Table `flight`, and what to send next.

use super::{Store, copy, meta, note, outbox};
use crate::Fault;
use records::wire::{Batch, Exchange};
use records::{ActId, DeviceTime, Incarnation, RecordId, limits};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use std::collections::BTreeSet;
use uuid::Uuid;

pub const SQL: &str = "\
-- The batch in flight; its letters are the rows of the outbox in state 'flying', by place.
CREATE TABLE flight (
    one         INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    incarnation BLOB NOT NULL,
    number      INTEGER NOT NULL,
    signature   TEXT NOT NULL
) STRICT;";

/// What somebody typed may be sent after this time without a further key.
pub const RESTING_MS: i64 = 10_000;
/// Room that a letter takes beside its bytes: salt, braces, commas.
const LETTER_MARGIN: usize = 80;
/// Acts looked at for one batch, per lane.
const LOOKED_AT: i64 = 2_000;

impl Store {
    /// What to send: the batch in flight again, byte for byte, or a new one; and where the device stands.
    ///
    /// Today's facts go first, an act is never split, and what was written in one record goes in the order of writing.
    /// `room`: bytes of records wanted in the answer. `at`: the device's clock.
    ///
    /// # Errors
    /// [`Fault`]. No batch is made then.
    pub fn next(&mut self, room: Option<u32>, at: DeviceTime) -> Result<Exchange, Fault> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut counter = None;
        if flight(&tx)?.is_none() {
            let chosen = Choice::new(&tx, at)?.choose()?;
            if !chosen.is_empty() {
                counter = Some(take_off(&tx, &self.keys.device, &chosen)?);
            }
        }
        let batch = flight(&tx)?
            .map(|(incarnation, number, signature)| {
                let (letters, receipts) = (outbox::flying(&tx)?, outbox::receipts(&tx)?);
                Ok::<_, Fault>(Batch { incarnation, number, letters, signature, receipts })
            })
            .transpose()?;
        let owed = meta::get(&tx, &meta::NOTES_OWED)?.unwrap_or(false);
        let exchange = Exchange {
            epoch: meta::get(&tx, &meta::EPOCH)?,
            cursor: meta::get(&tx, &meta::CURSOR)?,
            batch,
            notes_seen: note::highest(&tx)?,
            notes: if owed { note::all(&tx)? } else { vec![] },
            copies: copy::offer(&tx, &self.names)?,
            room,
            app: self.keys.app.clone(),
        };
        tx.commit()?;
        if let Some(counter) = counter {
            let _ = self.counter.set(counter); // if the keyring fails, the next opening begins a new incarnation
        }
        Ok(exchange)
    }
}

/// Incarnation, number and signature of the batch in flight.
pub fn flight(db: &Connection) -> Result<Option<(Incarnation, u64, String)>, Fault> {
    let mut statement = db.prepare_cached("SELECT incarnation, number, signature FROM flight")?;
    let read = |row: &rusqlite::Row<'_>| {
        let incarnation = Incarnation(Uuid::from_bytes(row.get(0)?));
        Ok((incarnation, row.get::<_, i64>(1)?.unsigned_abs(), row.get(2)?))
    };
    Ok(statement.query_row([], read).optional()?)
}

/// True if a batch could be made.
pub fn may_go(db: &Connection, at: DeviceTime) -> Result<bool, Fault> {
    Ok(!outbox::is_empty(db)? && !Choice::new(db, at)?.choose()?.is_empty())
}

/// No batch is in flight any more.
pub fn land(db: &Connection) -> Result<(), Fault> {
    db.execute("DELETE FROM flight", [])?;
    Ok(())
}

/// A new life of this store: what was in flight waits for a batch of the new incarnation, and no text that may have
/// been sent by a twin of this file is rewritten any more (rule 35).
pub fn begin_incarnation(db: &Connection, incarnation: Incarnation) -> Result<(), Fault> {
    meta::set(db, &meta::INCARNATION, &incarnation)?;
    meta::set(db, &meta::BATCH, &0)?;
    outbox::ground(db)?;
    land(db)
}

/// Freezes and signs a batch; gives the counter for the keyring.
fn take_off(db: &Connection, key: &seal::DeviceKey, chosen: &[i64]) -> Result<u64, Fault> {
    for (place, ord) in chosen.iter().enumerate() {
        outbox::freeze(db, *ord, place)?;
    }
    let hashes: Vec<seal::Hash> = outbox::flying(db)?.iter().map(seal::hash).collect();
    let incarnation = meta::get(db, &meta::INCARNATION)?.unwrap_or_default();
    let number = meta::get(db, &meta::BATCH)?.unwrap_or(0) + 1;
    let counter = meta::get(db, &meta::COUNTER)?.unwrap_or(0) + 1;
    meta::set(db, &meta::BATCH, &number)?;
    meta::set(db, &meta::COUNTER, &counter)?;
    let signature = key.sign_batch(incarnation, number, &hashes);
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    db.execute(
        "INSERT INTO flight (one, incarnation, number, signature) VALUES (1, ?1, ?2, ?3)",
        (incarnation.0.as_bytes(), number, signature),
    )?;
    Ok(counter)
}

/// Choosing the acts of a batch.
struct Choice<'a> {
    db: &'a Connection,
    /// Service day that counts as today, in days since 1970-01-01.
    today: i32,
    /// Device time.
    at: i64,
    /// Server time as far as known.
    server_ms: i64,
    taken: Vec<i64>,
    acts: BTreeSet<ActId>,
    bytes: usize,
}

/// One change that may go.
struct Candidate {
    ord: i64,
    record: RecordId,
    bytes: usize,
    ready: bool,
}

impl<'a> Choice<'a> {
    fn new(db: &'a Connection, at: DeviceTime) -> Result<Self, Fault> {
        let error = meta::get(db, &meta::ERROR_MS)?;
        let now = nursery::clock::corrected(at, error);
        let highest = meta::get(db, &meta::HIGHEST_MS)?.unwrap_or(0);
        Ok(Self {
            db,
            today: nursery::clock::service_day(now, nursery::clock::DEFAULT_BOUNDARY).number(),
            at: at.0,
            server_ms: now.0.max(highest),
            taken: vec![],
            acts: BTreeSet::new(),
            bytes: 0,
        })
    }

    fn choose(mut self) -> Result<Vec<i64>, Fault> {
        let sendable = "state IN ('waiting', 'resting', 'later')";
        let again = self.acts_in(&format!("receipt IS NOT NULL AND {sendable}"))?;
        let today = format!("fact = 1 AND day = {} AND {sendable}", self.today);
        let urgent = self.acts_in(&today)?;
        let all = self.acts_in(sendable)?;
        for act in again.into_iter().chain(urgent).chain(all) {
            if self.full() {
                break;
            }
            self.take(act, 0)?;
        }
        Ok(self.taken)
    }

    fn full(&self) -> bool {
        self.taken.len() >= limits::CHANGES_PER_BATCH || self.bytes >= limits::BATCH_BYTES
    }

    fn acts_in(&self, wheres: &str) -> Result<Vec<ActId>, Fault> {
        let sql = format!("SELECT act FROM outbox WHERE {wheres} ORDER BY ord LIMIT {LOOKED_AT}");
        let mut statement = self.db.prepare_cached(&sql)?;
        let acts = statement.query_map([], |row| Ok(ActId(Uuid::from_bytes(row.get(0)?))))?;
        Ok(acts.collect::<Result<_, _>>()?)
    }

    /// Takes an act, after the acts that wrote earlier in its records. False if it must wait.
    fn take(&mut self, act: ActId, depth: usize) -> Result<bool, Fault> {
        if self.acts.contains(&act) {
            return Ok(true);
        }
        let changes = self.changes(act)?;
        // resting text goes along when something later of its record goes
        if depth > limits::CHANGES_PER_BATCH || changes.iter().any(|c| !c.ready) && depth == 0 {
            return Ok(false);
        }
        for change in &changes {
            for earlier in self.earlier(change, act)? {
                if !self.may_precede(earlier)? || !self.take(earlier, depth + 1)? {
                    return Ok(false);
                }
            }
        }
        let bytes: usize = changes.iter().map(|c| c.bytes + LETTER_MARGIN).sum();
        let fits =
            self.taken.len() + changes.len() <= limits::CHANGES_PER_BATCH && self.bytes + bytes <= limits::BATCH_BYTES;
        if fits || self.taken.is_empty() {
            self.bytes += bytes;
            self.taken.extend(changes.iter().map(|c| c.ord));
            self.acts.insert(act);
            return Ok(true);
        }
        self.bytes = limits::BATCH_BYTES; // full: nothing that was written later overtakes
        Ok(false)
    }

    fn changes(&self, act: ActId) -> Result<Vec<Candidate>, Fault> {
        let mut statement = self.db.prepare_cached(
            "SELECT ord, record, octet_length(bytes),
                    CASE state WHEN 'waiting' THEN 1
                               WHEN 'resting' THEN written_ms <= ?2 OR written_ms > ?3
                               ELSE coalesce(not_before, 0) <= ?4 END
             FROM outbox WHERE act = ?1 AND state IN ('waiting', 'resting', 'later') ORDER BY ord",
        )?;
        let values = (act.0.as_bytes(), self.at.saturating_sub(RESTING_MS), self.at, self.server_ms);
        let rows = statement.query_map(values, |row| {
            Ok(Candidate {
                ord: row.get(0)?,
                record: RecordId(Uuid::from_bytes(row.get(1)?)),
                bytes: usize::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
                ready: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Other acts that wrote earlier in the record of `change` and are not answered.
    fn earlier(&self, change: &Candidate, act: ActId) -> Result<Vec<ActId>, Fault> {
        let mut statement = self.db.prepare_cached(
            "SELECT act FROM outbox
             WHERE record = ?1 AND ord < ?2 AND act <> ?3 AND state IN ('waiting', 'resting', 'later') ORDER BY ord",
        )?;
        let values = (change.record.0.as_bytes(), change.ord, act.0.as_bytes());
        let acts = statement.query_map(values, |row| Ok(ActId(Uuid::from_bytes(row.get(0)?))))?;
        Ok(acts.collect::<Result<_, _>>()?)
    }

    /// What the server told to come later holds up what was written after it in the same record, until its time.
    fn may_precede(&self, act: ActId) -> Result<bool, Fault> {
        let mut statement = self.db.prepare_cached(
            "SELECT NOT EXISTS (SELECT 1 FROM outbox
                                WHERE act = ?1 AND state = 'later' AND coalesce(not_before, 0) > ?2)",
        )?;
        Ok(statement.query_row((act.0.as_bytes(), self.server_ms), |row| row.get(0))?)
    }
}
