//! Saving an act: durable before the caller hears of it.

use super::{Store, Touched, outbox, record};
use crate::Fault;
use nursery::core::Act;
use records::{Change, Letter, Write, limits};
use rusqlite::{Connection, TransactionBehavior};

/// When what was saved may be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// At once.
    #[default]
    Now,
    /// Somebody is still typing: after ten seconds without a further writing, on leaving the field
    /// ([`Store::settle`]), or when something of the same record is sent (rule 12).
    Resting,
}

impl Pace {
    fn state(self) -> &'static str {
        match self {
            Self::Now => "waiting",
            Self::Resting => "resting",
        }
    }
}

impl Store {
    /// Stores an act; what it returns is durable. Saving the same act twice is saving it once.
    ///
    /// Predecessors come from the screen alone, never from the store, with one addition: a write over a write of this
    /// device that has no verdict yet names also what that one named (rule 2). A single change over its author's own
    /// last change of the same fields, not yet in any batch, becomes part of that change (rule 12).
    ///
    /// # Errors
    /// [`Fault::TooLarge`], or the disk's. Nothing of the act is stored then.
    pub fn save(&mut self, act: &Act, pace: Pace) -> Result<Touched, Fault> {
        check_acts(act)?;
        let mut touched = Touched::default();
        let mut letters = vec![];
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for change in &act.changes {
            touched.kinds.insert(change.head.kind.as_str().to_owned());
            let change = expanded(&tx, change)?;
            let single = act.changes.iter().filter(|c| c.act == change.act).count() == 1;
            let salt = self.chance.salt();
            let letter = match if single { own_unsent(&tx, &change)? } else { None } {
                Some((ord, merged)) => {
                    let letter = Letter::seal(&merged, salt)?;
                    outbox::rewrite(&tx, ord, &merged, &letter, pace.state())?;
                    Some(letter)
                }
                None => {
                    let letter = Letter::seal(&change, salt)?;
                    let new =
                        !super::offered::has(&tx, change.id)? && outbox::add(&tx, &change, &letter, pace.state())?;
                    new.then_some(letter)
                }
            };
            let Some(letter) = letter else { continue };
            if letter.bytes.get().len() > limits::CHANGE_BYTES {
                return Err(Fault::TooLarge("change"));
            }
            record::mark_pending(&tx, &change.head)?;
            letters.push(letter);
        }
        tx.commit()?;
        self.append_sealed(&letters);
        Ok(touched)
    }

    /// What was typed may be sent: the field was left, or the page was closed. True if something was waiting for that.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn settle(&mut self) -> Result<bool, Fault> {
        Ok(self.db.execute("UPDATE outbox SET state = 'waiting' WHERE state = 'resting'", [])? > 0)
    }
}

fn check_acts(act: &Act) -> Result<(), Fault> {
    for change in &act.changes {
        if act.changes.iter().filter(|other| other.act == change.act).count() > limits::CHANGES_PER_ACT {
            return Err(Fault::TooLarge("act"));
        }
        if change.writes.len() > limits::WRITES_PER_CHANGE {
            return Err(Fault::TooLarge("writes"));
        }
        if change.writes.iter().any(|w| w.field.is_empty() || w.field.chars().count() > limits::FIELD_CHARS) {
            return Err(Fault::TooLarge("field name"));
        }
    }
    Ok(())
}

/// Rule 2: what an unanswered write of this device named is named again by whoever writes over it.
fn expanded(db: &Connection, change: &Change) -> Result<Change, Fault> {
    let mut change = change.clone();
    for write in &mut change.writes {
        for named in write.over.clone() {
            let Some(row) = outbox::of_change(db, named)? else { continue };
            let before = row.change()?;
            for earlier in before.writes.into_iter().filter(|w| w.field == write.field) {
                write.over.extend(earlier.over);
            }
        }
        // a server takes no more; the oldest ids (they are ordered by time) are the likeliest to be answered already
        while write.over.len() > limits::SEEN_PER_WRITE {
            write.over.pop_first();
        }
    }
    Ok(change)
}

/// Rule 12: the author's last change of this record, if it was in no batch yet, has seen to every field of `change`,
/// and `change` replaces it knowingly. With it, the text that it becomes.
fn own_unsent(db: &Connection, change: &Change) -> Result<Option<(i64, Change)>, Fault> {
    let rows = outbox::of_record(db, change.head.id)?;
    let Some(last) = rows.last().filter(|row| !row.frozen && matches!(row.state.as_str(), "resting" | "waiting"))
    else {
        return Ok(None);
    };
    let before = last.change()?;
    if before.author != change.author || before.device != change.device || before.id == change.id {
        return Ok(None);
    }
    let replaces = |w: &Write| w.over.contains(&before.id) && before.writes.iter().any(|b| b.field == w.field);
    if change.writes.is_empty() || !change.writes.iter().all(replaces) {
        return Ok(None);
    }
    let mut merged = Change { at: change.at, basis: change.basis, app: change.app.clone(), ..before };
    for write in &change.writes {
        if let Some(into) = merged.writes.iter_mut().find(|w| w.field == write.field) {
            into.value.clone_from(&write.value);
            into.over.extend(write.over.iter().copied().filter(|id| *id != merged.id));
        }
    }
    Ok(Some((last.ord, merged)))
}
