//! One round trip of `POST /v1/sync`: notes, then the batch, then what the device may hold.

mod arrived;
mod batch;
mod copies;
mod cursor;
mod pull;

use crate::error::Failure;
use crate::hub::{Hub, Session};
use crate::reading::seen;
use crate::recovery;
use crate::standings::Held;
use crate::store::{Rows, meta, record};
use cursor::Reached;
use nursery::access::Principal;
use records::wire::{Answered, Exchange, Note, Reply, Verdict};
use records::{Record, RecordId, ServerTime};
use std::collections::BTreeSet;

/// Snapshots taken anew because rights moved meanwhile, at most.
const TRIES: usize = 5;

/// What a device asks for besides having its batch judged.
pub(crate) struct Asked<'a> {
    /// Who asks.
    pub of: Principal,
    /// What it is and may hold now.
    pub held: &'a Held,
    /// What it has stored; `None` if it begins anew.
    pub reached: Option<&'a Reached>,
    /// It has synced before, be it with another epoch.
    pub synced_before: bool,
    /// Records that the reply echoes, which its page need not repeat.
    pub echoed: BTreeSet<RecordId>,
    /// Bytes of records that it wants at most.
    pub room: Option<u32>,
    /// The server's clock.
    pub now: ServerTime,
}

impl Hub {
    /// Answers one request of a paired device. What it brings is durable before it is answered; repeating a request
    /// changes nothing.
    ///
    /// # Errors
    /// [`Failure::Busy`]: come again. [`Failure::Refused`] with `bad_signature`, `new_incarnation`, `too_large` or
    /// `bad_input`: the whole request, nothing of it was taken.
    pub fn exchange(&self, who: &Session, request: Exchange, now: ServerTime) -> Result<Reply, Failure> {
        let synced_before = request.cursor.is_some() || request.epoch.is_some();
        let reached = request.cursor.as_ref().and_then(|cursor| cursor::read(cursor, self.epoch));
        self.take_notes(request.notes, now)?;
        if let Some(reached) = &reached {
            self.arrived(who, reached, now)?;
        }
        let (records, verdicts) = match request.batch {
            Some(batch) => self.take_batch(who, batch, now)?,
            None => (vec![], vec![]),
        };
        let copied = self.take_copies(who, request.copies, now)?;
        let of = Principal::Device(who.device);
        let held = self.held(of, now)?;
        if request.epoch == Some(self.epoch) {
            self.shown(&held, request.notes_seen, now)?;
        }
        if let Err(wait) = self.may_look(&held) {
            let stood = request.epoch.zip(request.cursor).filter(|_| !verdicts.is_empty());
            return Ok(recovery::patience(stood.ok_or(wait)?, self.grants()?, verdicts, now));
        }
        for _ in 0..TRIES {
            let held = self.held(of, now)?;
            let snapshot = self.records()?;
            let rows = snapshot.rows()?;
            if meta::moved(&rows)? != held.moved {
                continue; // rights moved between the two: look again
            }
            let echoes = echoes(&rows, &held, &records, &verdicts)?;
            let echoed = echoes.iter().map(|record| record.head.id).collect();
            let reached = reached.as_ref();
            let asked = Asked { of, held: &held, reached, synced_before, echoed, room: request.room, now };
            let pulled = self.pull(&rows, &asked)?;
            return Ok(Reply {
                epoch: self.epoch,
                grants: pulled.reached.grants,
                verdicts,
                echoes,
                page: pulled.page,
                lost: pulled.lost,
                forget: pulled.forget,
                notes: self.notes_for(&held, request.notes_seen),
                want: vec![],
                copied,
                cursor: cursor::write(&pulled.reached)?,
                more: pulled.more,
                now,
                schema: nursery::registry::SCHEMA,
            });
        }
        Err(Failure::Busy("rights keep moving".to_owned()))
    }

    /// Notes go to staff and city, whole; a family's device learns of none.
    fn notes_for(&self, held: &Held, seen: u64) -> Vec<Note> {
        let standing = &held.standing;
        if standing.blocked || (standing.places.is_empty() && !standing.city) {
            return vec![];
        }
        self.notes.after(seen)
    }
}

/// The merged record of every accepted change that its author may hold.
fn echoes(rows: &Rows<'_>, held: &Held, records: &[RecordId], verdicts: &[Answered]) -> Result<Vec<Record>, Failure> {
    let accepted = verdicts.iter().map(|answered| matches!(answered.verdict, Verdict::Accepted { .. }));
    let touched: BTreeSet<_> =
        records.iter().zip(accepted).filter(|(_, accepted)| *accepted).map(|(id, _)| *id).collect();
    let mut echoes = vec![];
    for id in touched {
        if let Some((_, record)) = record::find(rows, id)?
            && let Some(record) = seen(&held.sight, record)
        {
            echoes.push(record);
        }
    }
    Ok(echoes)
}
