//! Taking a reply: verdicts, echoes, page, what is lost and forgotten, notes and cursor, in one transaction.

use super::{Store, Touched, copy, meta, next, note, offered, outbox, record};
use crate::Fault;
use nursery::core::Code;
use records::wire::{Answered, Reply, Verdict};
use records::{ChangeId, DeviceTime, Incarnation, Record, limits};
use rusqlite::{Connection, TransactionBehavior};
use std::collections::BTreeSet;

const HOLD: &str = <nursery::server::Hold as nursery::core::Form>::NAME;

/// Reads a reply as it came; one that was cut anywhere is an error.
///
/// # Errors
/// [`Fault::Json`].
pub fn read_reply(bytes: &[u8]) -> Result<Reply, Fault> {
    Ok(serde_json::from_slice(bytes)?)
}

impl Store {
    /// Stores a reply to the latest exchange. Twice is once. `at`: the device's clock.
    ///
    /// # Errors
    /// [`Fault::BadReply`] if it does not answer the batch in flight or breaks a limit; nothing is stored then.
    pub fn take(&mut self, reply: &Reply, at: DeviceTime) -> Result<Touched, Fault> {
        check_limits(reply)?;
        let server = self.keys.server.clone();
        let chance = &mut self.chance;
        let mut seal = |letter: &records::Letter| chance.seal(server.as_ref()?, letter);
        let mut touched = Touched::default();
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let fresh = meta::get(&tx, &meta::EPOCH)?;
        let answered = take_verdicts(&tx, reply, &mut touched)?;
        copy::answered(&tx, &reply.copied)?;
        if fresh.is_some_and(|known| known != reply.epoch) {
            offered::begin_epoch(&tx, reply.epoch)?;
        } else {
            meta::set(&tx, &meta::NOTES_OWED, &false)?; // this request has brought them
        }
        // first what is lost: an audience whose past has become shorter is lost and comes again in the same reply
        for atom in &reply.lost {
            touched.kinds.extend(record::lose(&tx, atom)?);
        }
        for subject in &reply.forget {
            touched.kinds.extend(Self::forget(&tx, &mut seal, *subject)?);
        }
        for record in reply.echoes.iter().chain(&reply.page) {
            take_record(&tx, record, &mut touched)?;
        }
        for id in answered {
            record::settle_pending(&tx, id)?;
        }
        for given in &reply.notes {
            if self.keys.server.as_ref().is_some_and(|s| seal::verify_note(&s.public, given).is_ok()) {
                note::add(&tx, given)?;
            }
        }
        take_place(&tx, reply, at)?;
        tx.commit()?;
        self.trim_sealed()?;
        if tells_all(reply) {
            touched.kinds.extend(self.drop_daily(reply.now, at)?.kinds);
        }
        Ok(touched)
    }

    /// The server has met another batch under this incarnation and number: this store has a twin (rule 35). What was in
    /// flight waits for a batch of the new incarnation; every change keeps its id.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn renew(&mut self) -> Result<(), Fault> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        next::begin_incarnation(&tx, Incarnation(self.chance.id()))?;
        Ok(tx.commit()?)
    }
}

fn check_limits(reply: &Reply) -> Result<(), Fault> {
    if reply.page.len() > limits::RECORDS_PER_PAGE || reply.echoes.len() > limits::CHANGES_PER_BATCH {
        return Err(Fault::BadReply("more records than a page holds"));
    }
    Ok(())
}

/// Verdicts on the batch in flight; a second copy of a reply finds none and changes nothing. Gives the records touched.
fn take_verdicts(db: &Connection, reply: &Reply, touched: &mut Touched) -> Result<BTreeSet<records::RecordId>, Fault> {
    let mut records = BTreeSet::new();
    if next::flight(db)?.is_none() {
        return Ok(records);
    }
    for letter in outbox::flying(db)? {
        let change = letter.open()?;
        let verdict = verdict_on(change.id, &reply.verdicts).ok_or(Fault::BadReply("no verdict on a change"))?;
        touched.kinds.insert(change.head.kind.as_str().to_owned());
        records.insert(change.head.id);
        match verdict {
            Verdict::Accepted { seq, receipt } => {
                let how = offered::Acceptance {
                    epoch: reply.epoch,
                    seq: *seq,
                    at_ms: reply.now.0,
                    receipt: receipt.as_str(),
                };
                offered::keep(db, change.id, change.head.subject, &letter, &how)?;
                outbox::remove(db, change.id)?;
            }
            Verdict::Held { hold } => {
                outbox::set_state(db, change.id, "held", None)?;
                outbox::set_hold(db, change.id, *hold)?;
            }
            Verdict::Refused { code } => outbox::set_state(db, change.id, "refused", Some(code))?,
            Verdict::Later { after_s, code } => {
                outbox::set_state(db, change.id, "later", Some(code))?;
                let until = reply.now.0.saturating_add(i64::from(*after_s) * 1000);
                outbox::set_not_before(db, change.id, until)?;
            }
        }
    }
    next::land(db)?;
    Ok(records)
}

fn verdict_on(change: ChangeId, all: &[Answered]) -> Option<&Verdict> {
    all.iter().find(|a| a.change == change).map(|a| &a.verdict)
}

fn take_record(db: &Connection, record: &Record, touched: &mut Touched) -> Result<(), Fault> {
    if !record::confirm(db, record)? {
        return Ok(());
    }
    touched.kinds.insert(record.head.kind.as_str().to_owned());
    // a held change that the office has accepted since is in the record now
    for change in record.live() {
        if outbox::is_held(db, change)? {
            outbox::remove(db, change)?;
        }
    }
    if record.head.kind.as_str() == HOLD && record.read::<String>("decision").ok().as_deref() == Some("refused") {
        let code = record.read::<String>("code").ok().unwrap_or_default();
        outbox::refuse_held(db, record.head.id, &code)?;
    }
    Ok(())
}

/// Where the device stands, and what it has learnt of the time.
fn take_place(db: &Connection, reply: &Reply, at: DeviceTime) -> Result<(), Fault> {
    meta::set(db, &meta::EPOCH, &reply.epoch)?;
    meta::set(db, &meta::CURSOR, &reply.cursor)?;
    meta::set(db, &meta::GRANTS, &reply.grants)?;
    meta::set(db, &meta::SERVER_SCHEMA, &reply.schema)?;
    meta::set(db, &meta::ERROR_MS, &reply.now.0.saturating_sub(at.0))?;
    let highest = meta::get(db, &meta::HIGHEST_MS)?.unwrap_or(0);
    meta::set(db, &meta::HIGHEST_MS, &highest.max(reply.now.0))?;
    if tells_all(reply) {
        meta::set(db, &meta::HEARD_MS, &reply.now.0)?;
        offered::end_recovery(db)?;
    }
    Ok(())
}

/// Nothing is left to fetch, and the server withholds nothing while it is restored: then what it has not sent it does not
/// have.
fn tells_all(reply: &Reply) -> bool {
    let withheld =
        |a: &Answered| matches!(&a.verdict, Verdict::Later { code, .. } if code == Code::Recovering.as_str());
    !reply.more && !reply.verdicts.iter().any(withheld)
}
