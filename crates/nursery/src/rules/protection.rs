//! From whom a child is protected.

use crate::core::{Fault, Records, Scan, collect, get, may_be_name, same_name};
use crate::ids::ChildId;
use crate::people::{Names, Person, Protection};
use records::{Day, PersonId, RecordId};

/// People from whom a child is protected on a day.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn protected_from(r: &dyn Records, child: ChildId, day: Day) -> Result<Vec<PersonId>, Fault> {
    Ok(protections(r, child, day)?.iter().map(|p| PersonId(p.person)).collect())
}

fn protections(r: &dyn Records, child: ChildId, day: Day) -> Result<Vec<Protection>, Fault> {
    let all = collect::<Protection>(r, &Scan::of::<Protection>().key(0, child))?;
    Ok(all.into_iter().filter(|p| p.holds_on(day)).collect())
}

/// The protection that forbids handing a child to somebody who said this name, in any spelling that a search folds; who
/// says only a family name may be that person too. `None` says only that no protection names the person.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn barred(r: &dyn Records, child: ChildId, day: Day, said: &str) -> Result<Option<RecordId>, Fault> {
    find(r, child, day, |known| spellings(known).any(|whole| may_be_name(said, whole)))
}

/// As [`barred`], of somebody who is registered under another entry with a whole name.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn barred_entry(r: &dyn Records, child: ChildId, day: Day, entry: &Names) -> Result<Option<RecordId>, Fault> {
    find(r, child, day, |known| spellings(known).any(|one| spellings(entry).any(|other| same_name(one, other))))
}

fn find(
    r: &dyn Records,
    child: ChildId,
    day: Day,
    is_named: impl Fn(&Names) -> bool,
) -> Result<Option<RecordId>, Fault> {
    for protection in protections(r, child, day)? {
        let names = get::<Person>(r, protection.person)?.and_then(|p| p.names).unwrap_or_default();
        if is_named(&names) {
            return Ok(Some(protection.meta.id));
        }
    }
    Ok(None)
}

/// Every way in which the whole name is written; the used name of a grown-up is a given name alone.
fn spellings(names: &Names) -> impl Iterator<Item = &str> {
    [&names.legal, &names.kana, &names.latin].into_iter().map(String::as_str).filter(|s| !s.is_empty())
}
