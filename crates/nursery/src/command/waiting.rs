//! The office decides on what waits for it.

use super::act::Acting;
use crate::access::{Doing, may};
use crate::core::{Code, Form, Proof, Refusal};
use crate::registry;
use crate::server::{Hold, Witness};
use records::{Record, RecordId, Write};

/// Each by itself: one that cannot be let in any more does not keep the others back.
pub(super) fn decide(a: &mut Acting<'_, '_>, waiting: &[RecordId], accept: bool) -> Result<(), Refusal> {
    if a.who.proof < Proof::Pin {
        return Err(Code::PinNeeded.into()); // a face on a shared tablet is not the office
    }
    for id in waiting {
        let record = a.record(*id)?;
        if ![Hold::NAME, Witness::NAME].contains(&record.head.kind.as_str()) {
            return Err(Code::NotFound.into());
        }
        may(&a.who.standing, Doing::Write, &record.head).map_err(|_| Code::NotAllowed)?;
        if record.shown("decision").is_some() {
            continue;
        }
        if accept && carries_rights(&record) {
            return Err(Code::NotAllowed.into());
        }
        let value = Some(if accept { "accepted" } else { "refused" }.into());
        a.out.next_act();
        a.out.write(
            record.head.clone(),
            vec![Write { field: "decision".to_owned(), value, over: record.seen("decision") }],
        );
    }
    Ok(())
}

/// Rights are given by people, never by a copy.
fn carries_rights(record: &Record) -> bool {
    let copy = record.read::<Record>("copy").ok();
    copy.and_then(|copy| registry::by_name(copy.head.kind.as_str())).is_some_and(|kind| kind.grants)
}
