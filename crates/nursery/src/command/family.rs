//! Joining, and what the office writes about a child.

use super::act::Acting;
use crate::core::{Code, Proof, Refusal, get};
use crate::ids::{ChildId, FacilityId};
use crate::people::{CareNote, Guardianship, Joining, SightRight};
use records::{ChangeId, RecordId, Write};

/// The nursery confirms or refuses a guardian who joined. Confirming never raises what the office had set; where the
/// office has said nothing, a guardian confirmed in person may see all that is meant for families and may collect.
pub(super) fn decide_join(a: &mut Acting<'_, '_>, id: RecordId, confirm: bool) -> Result<(), Refusal> {
    let record = a.record(id)?;
    let guardianship = get::<Guardianship>(a.r, id.0)?.ok_or(Code::NotFound)?;
    crate::access::may(&a.who.standing, crate::access::Doing::Write, &record.head).map_err(|_| Code::NotAllowed)?;
    if a.who.proof < Proof::Pin {
        return Err(Code::PinNeeded.into()); // a face on a shared tablet is not the director
    }
    if guardianship.joining != Some(Joining::Pending) {
        return Err(Code::AlreadyDone.into());
    }
    let joining = if confirm { Joining::Confirmed } else { Joining::Refused };
    let mut writes = vec![Write {
        field: "joining".to_owned(),
        value: serde_json::to_value(joining).ok(),
        over: record.seen("joining"),
    }];
    if confirm && guardianship.sight.is_none() {
        let value = serde_json::to_value(SightRight::Full).ok();
        writes.push(Write { field: "sight".to_owned(), value, over: record.seen("sight") });
    }
    if confirm && guardianship.pickup.is_none() {
        writes.push(Write { field: "pickup".to_owned(), value: Some(true.into()), over: record.seen("pickup") });
    }
    a.out.write(record.head, writes);
    Ok(())
}

/// Writes a protected note. Replaces exactly the versions that the form showed; what came meanwhile stays beside it.
pub(super) fn write_care_note(
    a: &mut Acting<'_, '_>,
    facility: FacilityId,
    child: ChildId,
    record: Option<RecordId>,
    text: String,
    seen: Vec<ChangeId>,
) -> Result<(), Refusal> {
    let site = a.staff_site(facility)?;
    a.child(&site, child)?;
    if a.who.proof < Proof::Pin {
        return Err(Code::PinNeeded.into());
    }
    if !a.who.standing.city && !a.who.standing.placed.contains(&child) {
        return Err(Code::NotAllowed.into());
    }
    if text.trim().is_empty() || text.chars().count() > 4_000 {
        return Err(Code::BadInput.into());
    }
    let Some(id) = record else {
        let new = CareNote { text: Some(text), child, ..CareNote::default() };
        let keys = new.key_ids();
        a.out.make(site.facility.meta.feed, child.into(), None, new, keys)?;
        return Ok(());
    };
    let record = a.record(id)?;
    if get::<CareNote>(a.r, id.0)?.is_none_or(|note| note.child != child) {
        return Err(Code::NotFound.into());
    }
    let write = Write { field: "text".to_owned(), value: Some(text.into()), over: seen.into_iter().collect() };
    a.out.write(record.head, vec![write]);
    Ok(())
}
