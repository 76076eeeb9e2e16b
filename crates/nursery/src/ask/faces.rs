//! Names and faces as screens show them.

use super::Asking;
use crate::core::{Fault, Scan, collect, get, text_key};
use crate::ids::{ChildId, ClassId};
use crate::people::{Assignment, Child, Guardianship, Names, Person};
use crate::rules::{Site, guardians as guardians_of};
use crate::view::{Callee, Face, Post, StaffFace};
use records::{Day, PersonId};
use std::collections::BTreeMap;

/// The face of a child.
pub(super) fn child_face(child: &Child) -> Face {
    let initial = child.names.as_ref().map(|n| initial(n.tile())).unwrap_or_default();
    Face { id: child.meta.id.0, drawn: child.face.as_deref() != Some("initial"), initial }
}

/// The face of a grown-up.
pub(super) fn person_face(id: uuid::Uuid, names: &Names) -> Face {
    Face { id, drawn: true, initial: initial(names.tile()) }
}

fn initial(name: &str) -> String {
    name.chars().next().map(String::from).unwrap_or_default()
}

/// Name on the tile, name as written.
pub(super) fn child_names(child: &Child) -> (String, String) {
    let names = child.names.clone().unwrap_or_default();
    (names.tile().to_owned(), names.legal)
}

/// What a child is found by: every name it has, folded as [`Query::SearchKey`](crate::view::Query::SearchKey) folds what
/// is typed.
pub(super) fn search_keys(child: &Child) -> Vec<String> {
    let names = child.names.clone().unwrap_or_default();
    let all = [&names.kana, &names.legal, &names.used_kana, &names.used, &names.latin];
    let mut keys: Vec<String> = all.iter().map(|name| text_key(name)).filter(|key| !key.is_empty()).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// Where two children of a grid are called alike, the family name that tells them apart.
pub(super) fn family_names<'a>(children: impl Iterator<Item = &'a Child>) -> BTreeMap<ChildId, String> {
    let mut by_name: BTreeMap<String, Vec<&Child>> = BTreeMap::new();
    for child in children {
        by_name.entry(child_names(child).0).or_default().push(child);
    }
    by_name
        .into_values()
        .filter(|same| same.len() > 1)
        .flatten()
        .filter_map(|child| {
            let names = child.names.as_ref()?;
            let family = if names.family_kana.is_empty() {
                names.legal.split([' ', '\u{3000}']).next().unwrap_or_default().to_owned()
            } else {
                names.family_kana.clone()
            };
            Some((child.meta.id.into(), family))
        })
        .collect()
}

/// Family name of a grown-up, as colleagues call it: the part before the first space, or all of it.
pub(super) fn short_name(names: &Names) -> String {
    names.legal.split([' ', '\u{3000}']).next().unwrap_or_default().to_owned()
}

/// Given name of a grown-up: the part after the first space, or all of it.
pub(super) fn given_name(names: &Names) -> String {
    if !names.used.is_empty() {
        return names.used.clone();
    }
    names.legal.split_once([' ', '\u{3000}']).map_or_else(|| names.legal.clone(), |(_, given)| given.trim().to_owned())
}

/// A member of staff, if known here.
pub(super) fn staff_face(asking: &Asking<'_>, person: PersonId) -> Result<Option<StaffFace>, Fault> {
    Ok(get::<Person>(asking.r, person.0)?.map(|p| {
        let names = p.names.clone().unwrap_or_default();
        StaffFace {
            person,
            short: short_name(&names),
            face: person_face(person.0, &names),
            name: names.legal,
            has_pin: p.pin.is_some(),
        }
    }))
}

/// Staff assigned to a facility on its day, each once, with what they do there.
pub(super) fn colleagues(asking: &Asking<'_>, site: &Site) -> Result<Vec<(StaffFace, Post)>, Fault> {
    let mut posts: BTreeMap<PersonId, Vec<Assignment>> = BTreeMap::new();
    for assignment in collect::<Assignment>(asking.r, &Scan::of::<Assignment>().key(1, site.id))? {
        if assignment.holds_on(site.day) {
            posts.entry(PersonId(assignment.person)).or_default().push(assignment);
        }
    }
    let mut all = vec![];
    for (person, held) in posts {
        let Some(face) = staff_face(asking, person)? else { continue };
        let names = get::<Person>(asking.r, person.0)?.and_then(|p| p.names).unwrap_or_default();
        all.push((face, post(site, person, names.kana, &held)));
    }
    Ok(all)
}

fn post(site: &Site, person: PersonId, kana: String, held: &[Assignment]) -> Post {
    let classes: Vec<ClassId> = held.iter().filter_map(|a| a.classes.clone()).flatten().collect();
    let role = held.iter().find_map(|a| a.role).unwrap_or_default();
    let names = classes.iter().map(|class| site.class_name(*class)).collect();
    Post { person, kana, role, classes: names, class_ids: classes }
}

/// A guardian of a child with what must be known to call.
pub(super) struct Guardian {
    pub(super) guardianship: Guardianship,
    pub(super) names: Names,
    pub(super) phones: Vec<String>,
}

impl Guardian {
    /// As somebody to call; the number only where `with_number`.
    pub(super) fn callee(&self, with_number: bool) -> Callee {
        Callee {
            person: Some(PersonId(self.guardianship.person)),
            relation: self.guardianship.relation.clone().unwrap_or_default(),
            name: given_name(&self.names),
            phone: if with_number { self.phones.first().cloned() } else { None },
        }
    }
}

/// Guardians of a child who may be called, in the order of calling. Those who may see nothing are left out.
pub(super) fn guardians(asking: &Asking<'_>, child: ChildId, day: Day) -> Result<Vec<Guardian>, Fault> {
    let mut all = vec![];
    for guardianship in guardians_of(asking.r, child, day)? {
        let person = get::<Person>(asking.r, guardianship.person)?.unwrap_or_default();
        all.push(Guardian {
            guardianship,
            names: person.names.unwrap_or_default(),
            phones: person.phones.unwrap_or_default(),
        });
    }
    Ok(all)
}
