//! Joining.

use super::act::Acting;
use crate::core::{Code, Refusal, get};
use crate::people::{Guardianship, Joining, SightRight};
use records::{RecordId, Write};

/// The nursery confirms or refuses a guardian who joined. Confirming never raises what the office had set: without a
/// word of the office a joined guardian may see all that is meant for families.
pub(super) fn decide_join(a: &mut Acting<'_, '_>, id: RecordId, confirm: bool) -> Result<(), Refusal> {
    let record = a.record(id)?;
    let guardianship = get::<Guardianship>(a.r, id.0)?.ok_or(Code::NotFound)?;
    crate::access::may(&a.who.standing, crate::access::Doing::Write, &record.head).map_err(|_| Code::NotAllowed)?;
    if guardianship.joining != Some(Joining::Pending) {
        return Err(Code::AlreadyDone.into());
    }
    let joining = if confirm { Joining::Confirmed } else { Joining::Refused };
    let mut writes = vec![Write {
        field: "joining".to_owned(),
        value: serde_json::to_value(joining).ok(),
        over: guardianship.meta.seen("joining"),
    }];
    if confirm && guardianship.sight.is_none() {
        writes.push(Write {
            field: "sight".to_owned(),
            value: serde_json::to_value(SightRight::Full).ok(),
            over: guardianship.meta.seen("sight"),
        });
    }
    a.out.write(record.head, writes);
    Ok(())
}
