//! Holds: what the office decides, and what follows from other records of the server's own.

use super::Turn;
use super::act::{Origin, Piece};
use crate::error::StoreError;
use crate::notes::{Restriction, Taken};
use crate::store::change::{self, Fate};
use crate::store::record;
use nursery::access::Standing;
use nursery::core::{Code, Form, Meta};
use nursery::devices::Device;
use nursery::judge::Judgement;
use nursery::people::Protection;
use nursery::server::{Hold, Witness};
use records::wire::Verdict;
use records::{Change, Letter, Record, RecordId, Value};

impl Turn<'_> {
    /// Writes the hold of an act and returns it. The letters lie in it as text, byte for byte.
    pub fn hold(&mut self, act: &[Piece], code: Code, detail: &str) -> Result<RecordId, StoreError> {
        let first = act.first().ok_or(StoreError::Lacks("a change in an act"))?;
        let letters = act.iter().map(|p| serde_json::to_string(&p.letter).map(Value::String));
        let hold = Hold {
            author: first.change.author.0,
            record: first.change.head.id.0,
            letters: Some(letters.collect::<Result<_, _>>()?),
            code: Some(code.as_str().to_owned()),
            ..Hold::default()
        };
        let head = first.change.head.clone();
        let made = self.make(head.feed, head.subject, head.day, hold, |hold| hold.key_ids())?;
        if !detail.is_empty() {
            self.touched.faults.push(detail.to_owned());
        }
        Ok(made)
    }

    /// What follows from an accepted record by itself: a decided hold, a retired device, a protection, who
    /// may collect.
    pub fn consequences(&mut self, record: &Record) -> Result<(), StoreError> {
        match record.head.kind.as_str() {
            Hold::NAME => self.decided(record),
            Witness::NAME => self.decided_copy(record),
            Device::NAME => {
                let device: Device = typed(record);
                if device.retired.is_some() {
                    self.take_away(Restriction::Retire { device: device.meta.id.0.into() });
                }
                Ok(())
            }
            Protection::NAME => {
                let protection: Protection = typed(record);
                if protection.meta.counts() && protection.until.is_none() {
                    let (child, person) = (protection.child.into(), protection.person.into());
                    self.take_away(Restriction::Protect { child, person });
                }
                Ok(())
            }
            _ => Ok(()),
        }?;
        self.note_collectors(record)
    }

    /// Notes what an accepted record takes away.
    fn take_away(&mut self, what: Restriction) {
        self.restrictions.push(Taken { what, applies_by_itself: false });
    }

    /// An accepted hold enters the log; the decision on the hold names who let it in.
    fn decided(&mut self, record: &Record) -> Result<(), StoreError> {
        let hold: Hold = typed(record);
        if hold.decision.as_deref() != Some("accepted") {
            return Ok(());
        }
        let act = self.waiting(&hold)?;
        if act.is_empty() {
            return Ok(());
        }
        let changes: Vec<_> = act.iter().map(|piece| piece.change.clone()).collect();
        // what was held because the server failed was never asked for rights: it is now
        let (then, now) = match hold.code.as_deref() {
            Some(code) if code == Code::Fault.as_str() => self.author_standings(&changes)?,
            _ => (None, None),
        };
        match self.judged(then.as_ref(), now.as_ref(), &changes)? {
            Judgement::Accept { records, grants } => {
                let hashes: Vec<_> = act.iter().map(|piece| piece.hash).collect();
                let batch = self.sign(&hashes, Origin::System)?;
                self.accept(batch, &act, records, grants).map(|_| ())
            }
            // it no longer fits what has been written since: the decision is refused, the hold stays open
            Judgement::Hold(code) | Judgement::Refuse(code) | Judgement::Later(code) => Err(StoreError::Declined(code)),
        }
    }

    fn author_standings(&mut self, changes: &[Change]) -> Result<(Option<Standing>, Option<Standing>), StoreError> {
        let first = changes.first().ok_or(StoreError::Lacks("a change in an act"))?;
        let paired = record::find(&self.rows, RecordId(first.device.0))?.is_some();
        let origin = if paired { Origin::Device(first.device) } else { Origin::Web(first.author) };
        self.standings(origin, changes)?.map_err(StoreError::Declined)
    }

    /// The letters of a hold; none if they were let in before. Only letters that this very hold keeps waiting count:
    /// what else stands in its field was written into it by somebody.
    fn waiting(&self, hold: &Hold) -> Result<Vec<Piece>, StoreError> {
        let declined = || StoreError::Declined(Code::BadInput);
        let mut act = vec![];
        for text in hold.letters.iter().flatten() {
            let letter: Letter = text.as_str().and_then(|text| serde_json::from_str(text).ok()).ok_or_else(declined)?;
            let change = letter.open().map_err(|_| declined())?;
            let hash = seal::hash(&letter);
            let known = change::find(&self.rows, change.id)?.filter(|known| known.hash == hash).ok_or_else(declined)?;
            match known.fate {
                Fate::Accepted(_) => {}
                Fate::Answered(Verdict::Held { hold: by }) if by == hold.meta.id => {
                    act.push(Piece { letter, change, hash, once: false })
                }
                Fate::Answered(_) => return Err(declined()),
            }
        }
        Ok(act)
    }
}

fn typed<K: Form>(record: &Record) -> K {
    K::read(Meta::of(record), record)
}
