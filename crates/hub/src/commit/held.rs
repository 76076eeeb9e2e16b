//! Holds: what the office decides, and what follows from other records of the server's own.

use super::Turn;
use super::act::{Origin, Piece};
use crate::error::StoreError;
use crate::notes::Restriction;
use nursery::core::{Code, Form, Meta};
use nursery::devices::Device;
use nursery::judge::Judgement;
use nursery::people::Protection;
use nursery::server::Hold;
use records::{Letter, Record, RecordId, Value};

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

    /// What follows from an accepted record by itself: a decided hold, a retired device, a protection.
    pub fn consequences(&mut self, record: &Record) -> Result<(), StoreError> {
        match record.head.kind.as_str() {
            Hold::NAME => self.decided(record),
            Device::NAME => {
                let device: Device = typed(record);
                if device.retired.is_some() {
                    self.restrictions.push(Restriction::Retire { device: device.meta.id.0.into() });
                }
                Ok(())
            }
            Protection::NAME => {
                let protection: Protection = typed(record);
                if protection.meta.counts() && protection.until.is_none() {
                    let (child, person) = (protection.child.into(), protection.person.into());
                    self.restrictions.push(Restriction::Protect { child, person });
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// An accepted hold enters the log; the decision on the hold names who let it in.
    fn decided(&mut self, record: &Record) -> Result<(), StoreError> {
        let hold: Hold = typed(record);
        if hold.decision.as_deref() != Some("accepted") {
            return Ok(());
        }
        let mut act = vec![];
        for text in hold.letters.unwrap_or_default() {
            let Some(text) = text.as_str() else { return Ok(()) };
            let letter: Letter = serde_json::from_str(text)?;
            let change = letter.open()?;
            act.push(Piece { hash: seal::hash(&letter), letter, change });
        }
        let changes: Vec<_> = act.iter().map(|piece| piece.change.clone()).collect();
        if let Judgement::Accept { records, grants } = self.judged(None, None, &changes)? {
            let batch = self.sign(&act.iter().map(|p| p.hash).collect::<Vec<_>>(), Origin::System)?;
            self.accept(batch, &act, records, grants)?;
        }
        Ok(())
    }
}

fn typed<K: Form>(record: &Record) -> K {
    K::read(Meta::of(record), record)
}
