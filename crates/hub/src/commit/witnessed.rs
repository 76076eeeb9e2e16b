//! Letting in a copy: what the log lacks of it is written under the ids and authors that the copy names.

use super::Turn;
use super::act::Origin;
use crate::error::StoreError;
use crate::store::{change, meta, record};
use nursery::core::{Code, Form, Meta};
use nursery::judge::Judgement;
use nursery::registry;
use nursery::server::Witness;
use records::{ActId, Change, ChangeId, Entry, Field, Record, Seen, Write, limits};
use std::collections::BTreeMap;

/// Stands where other changes name the version of the app that wrote them.
const WITNESSED: &str = "witnessed";

impl Turn<'_> {
    /// The office has decided on a copy.
    pub fn decided_copy(&mut self, decided: &Record) -> Result<(), StoreError> {
        let witness = Witness::read(Meta::of(decided), decided);
        let Some(copy) = witness.copy.filter(|_| witness.decision.as_deref() == Some("accepted")) else {
            return Ok(());
        };
        let definition = registry::by_name(copy.head.kind.as_str()).ok_or(StoreError::Declined(Code::Upgrade))?;
        if definition.grants {
            return Err(StoreError::Declined(Code::NotAllowed)); // rights are given by people, never by a copy
        }
        let changes = self.missing(&copy)?;
        for act in changes.chunks(limits::CHANGES_PER_ACT) {
            match self.judged(None, None, act)? {
                Judgement::Accept { records, grants } => {
                    let pieces = self.letters(act.to_vec())?;
                    let hashes: Vec<_> = pieces.iter().map(|piece| piece.hash).collect();
                    let batch = self.sign(&hashes, Origin::System)?;
                    self.accept(batch, &pieces, records, grants)?;
                }
                Judgement::Hold(code) | Judgement::Refuse(code) | Judgement::Later(code) => {
                    return Err(StoreError::Declined(code));
                }
            }
        }
        Ok(())
    }

    /// The changes whose entries the log has not met, in the order of their ids, which is that of their writing.
    fn missing(&self, copy: &Record) -> Result<Vec<Change>, StoreError> {
        let present = record::find(&self.rows, copy.head.id)?.map(|(_, record)| record);
        let basis = meta::version(&self.rows)?;
        let act = ActId(self.hub.keys.new_id(self.now));
        let mut changes: BTreeMap<ChangeId, Change> = BTreeMap::new();
        for (field, entry) in
            copy.fields.iter().flat_map(|(field, register)| register.all().iter().map(move |e| (field, e)))
        {
            if change::accepted(&self.rows, entry.change)? {
                continue;
            }
            let change = changes.entry(entry.change).or_insert_with(|| Change {
                id: entry.change,
                act,
                head: copy.head.clone(),
                writes: vec![],
                author: entry.author,
                device: entry.device,
                basis,
                at: entry.at,
                app: WITNESSED.to_owned(),
            });
            change.writes.push(write(field, entry, copy, present.as_ref()));
        }
        Ok(changes.into_values().collect())
    }
}

/// The copy had seen what the record shows now and it does not: whoever let it in has looked at both.
fn write(field: &Field, entry: &Entry, copy: &Record, present: Option<&Record>) -> Write {
    let kept: Seen = copy.fields.get(field).map(records::Register::seen).unwrap_or_default();
    let shown = present.and_then(|record| record.fields.get(field)).map(records::Register::seen).unwrap_or_default();
    Write { field: field.clone(), value: entry.value.clone(), over: shown.difference(&kept).copied().collect() }
}
