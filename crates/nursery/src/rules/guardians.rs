//! Whom a child's nursery reaches, and whose word counts.

use super::protection::protected_from;
use crate::core::{Fault, Records, Scan, collect};
use crate::ids::ChildId;
use crate::people::{Guardianship, Joining, SightRight};
use records::{Day, PersonId};

/// Guardians of a child on a day whom the office lets know of it, in the order of calling. Nobody whom the nursery has
/// refused and nobody from whom the child is protected. Somebody listed stays one while an invitation that was used
/// waits for its confirmation; who came by an invitation alone may know nothing yet and is none.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn guardians(r: &dyn Records, child: ChildId, day: Day) -> Result<Vec<Guardianship>, Fault> {
    let protected = protected_from(r, child, day)?;
    let mut all = collect::<Guardianship>(r, &Scan::of::<Guardianship>().key(0, child))?;
    all.retain(|g| {
        let knows = g.sight.unwrap_or_default() != SightRight::None && g.joining != Some(Joining::Refused);
        knows && g.holds_on(day) && !protected.contains(&PersonId(g.person))
    });
    all.sort_by_key(|g| (g.call_order.unwrap_or(u8::MAX), g.meta.id));
    Ok(all)
}

/// Those of [`guardians`] whose word counts: who used an invitation has first to be confirmed.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn may_speak(r: &dyn Records, child: ChildId, day: Day) -> Result<Vec<Guardianship>, Fault> {
    let mut all = guardians(r, child, day)?;
    all.retain(Guardianship::may_speak);
    Ok(all)
}
