//! Merging: a change into a record.
//!
//! Laws (tested in `merge/tests.rs` over every permutation): the outcome does not depend on the order in which
//! distinct changes come, up to the order of entries; an entry disappears only if a write named it.

use crate::change::{Change, Write};
use crate::ids::ChangeId;
use crate::limits;
use crate::record::{Entry, Record, Register};
use std::collections::BTreeSet;
use thiserror::Error;

/// Why a change does not fit a record. The record is left as it was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Misfit {
    /// The head in the change is not the head of the record with this id.
    #[error("the change names another head than the record has")]
    OtherHead,
    /// More than [`limits::LIVE_PER_AUTHOR`] or [`limits::LIVE_PER_REGISTER`] entries would stand side by side.
    #[error("too many unread versions stand in field {0}; look at them first")]
    LookFirst(String),
    /// A write names more predecessors that never came than a register remembers.
    #[error("field {0} waits for too many changes")]
    TooManyAwaited(String),
    /// A change writes one field twice: which of the two stands would depend on what came before.
    #[error("field {0} is written twice")]
    Twice(String),
    /// A limit of [`limits`] is broken.
    #[error("the change is larger than allowed: {0}")]
    TooLarge(&'static str),
    /// Nothing but the head is left of this record.
    #[error("the record is gone")]
    Gone,
}

/// Merges one change into its record (`None`: there is none yet) and returns the outcome.
///
/// Commutative over distinct changes; the caller gives each id once. `met` tells whether the log already holds a
/// change; it is asked only about predecessors that are not live in the register.
///
/// # Errors
/// [`Misfit`]; the given record is consumed, so callers keep their own copy until this succeeds.
pub fn apply(record: Option<Record>, change: &Change, met: &dyn Fn(ChangeId) -> bool) -> Result<Record, Misfit> {
    check_shape(change)?;
    let mut record = match record {
        Some(record) => {
            if !record.head.same_but_audiences(&change.head) {
                return Err(Misfit::OtherHead);
            }
            record
        }
        None => Record::empty(change.head.clone()),
    };
    if record.gone.is_some() {
        return Err(Misfit::Gone);
    }
    for write in &change.writes {
        let register = record.fields.entry(write.field.clone()).or_default();
        merge_write(register, write, change, met)?;
    }
    // a field that waited for this change waits no more, also if the change wrote nothing in it
    for register in record.fields.values_mut() {
        register.awaited.remove(&change.id);
    }
    record.fields.retain(|_, register| !register.entries.is_empty() || !register.awaited.is_empty());
    Ok(record)
}

/// Lays a pending change over a record for reading: as [`apply`], but limits on live entries do not hide it.
#[must_use]
pub fn overlay(record: Option<Record>, change: &Change) -> Record {
    let mut record = record.unwrap_or_else(|| Record::empty(change.head.clone()));
    for write in &change.writes {
        let register = record.fields.entry(write.field.clone()).or_default();
        register.entries.retain(|e| !write.over.contains(&e.change) && e.change != change.id);
        register.entries.push(entry(change, write));
    }
    record
}

fn check_shape(change: &Change) -> Result<(), Misfit> {
    let too_large = |what| Err(Misfit::TooLarge(what));
    if change.writes.len() > limits::WRITES_PER_CHANGE {
        return too_large("writes");
    }
    if change.head.keys.len() > limits::KEYS_PER_RECORD {
        return too_large("keys");
    }
    if change.head.audiences.len() > limits::ATOMS_PER_RECORD {
        return too_large("audiences");
    }
    let mut written = BTreeSet::new();
    for write in &change.writes {
        if !written.insert(write.field.as_str()) {
            return Err(Misfit::Twice(write.field.clone()));
        }
        if write.field.is_empty() || write.field.chars().count() > limits::FIELD_CHARS {
            return too_large("field name");
        }
        if write.over.len() > limits::SEEN_PER_WRITE {
            return too_large("predecessors");
        }
    }
    Ok(())
}

fn merge_write(
    register: &mut Register,
    write: &Write,
    change: &Change,
    met: &dyn Fn(ChangeId) -> bool,
) -> Result<(), Misfit> {
    for named in &write.over {
        let before = register.entries.len();
        register.entries.retain(|e| e.change != *named);
        let was_live = register.entries.len() < before;
        if !was_live && !register.awaited.contains(named) && !met(*named) {
            register.awaited.insert(*named);
        }
    }
    if register.awaited.len() > limits::AWAITED_PER_REGISTER {
        return Err(Misfit::TooManyAwaited(write.field.clone()));
    }
    if register.awaited.remove(&change.id) {
        return Ok(()); // somebody had already replaced it: logged, not shown
    }
    if register.full_for(change.author) {
        return Err(Misfit::LookFirst(write.field.clone()));
    }
    register.entries.push(entry(change, write));
    Ok(())
}

fn entry(change: &Change, write: &Write) -> Entry {
    Entry { change: change.id, author: change.author, device: change.device, at: change.at, value: write.value.clone() }
}

#[cfg(test)]
mod tests;
