//! From whom a child is protected.

use crate::core::{Fault, Records, Scan, collect};
use crate::ids::ChildId;
use crate::people::Protection;
use records::{Day, PersonId};

/// People from whom a child is protected on a day.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn protected_from(r: &dyn Records, child: ChildId, day: Day) -> Result<Vec<PersonId>, Fault> {
    let all = collect::<Protection>(r, &Scan::of::<Protection>().key(0, child))?;
    Ok(all.into_iter().filter(|p| p.holds_on(day)).map(|p| PersonId(p.person)).collect())
}
