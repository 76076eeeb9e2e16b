//! What a principal may hold.

use super::{Audience, Standing};
use crate::people::SightRight;
use records::{Atom, Day, Record, Subject};
use std::collections::{BTreeMap, BTreeSet};

/// How far back an atom reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Since {
    /// The whole past.
    Ever,
    /// Records of this day or later, and those without a day.
    Day(Day),
}

/// Atoms held, minus excluded subjects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// Atoms and how far back each reaches.
    pub atoms: BTreeMap<Atom, Since>,
    /// Subjects of which nothing is shown, whatever the atoms say.
    pub excluded: BTreeSet<Subject>,
}

impl Sight {
    /// True if the record may be held.
    #[must_use]
    pub fn sees(&self, record: &Record) -> bool {
        !self.excluded.contains(&record.head.subject)
            && record.head.audiences.iter().any(|atom| self.reaches(atom, record.head.day))
    }

    /// True if `atom` is held and reaches a record of `day`.
    #[must_use]
    pub fn reaches(&self, atom: &Atom, day: Option<Day>) -> bool {
        match (self.atoms.get(atom), day) {
            (Some(Since::Ever), _) | (Some(Since::Day(_)), None) => true,
            (Some(Since::Day(from)), Some(day)) => *from <= day,
            (None, _) => false,
        }
    }

    fn hold(&mut self, audience: Audience, since: Since) {
        self.atoms.entry(audience.atom()).and_modify(|s| *s = (*s).min(since)).or_insert(since);
    }
}

/// The sight that follows from a standing.
#[must_use]
pub fn sight(standing: &Standing) -> Sight {
    let mut sight = Sight { excluded: standing.excluded.clone(), ..Sight::default() };
    if standing.blocked {
        return sight;
    }
    if standing.anybody() {
        sight.hold(Audience::Everyone(standing.municipality), Since::Ever);
    }
    if standing.city {
        sight.hold(Audience::City(standing.municipality), Since::Ever);
    }
    if let Some(person) = standing.person {
        sight.hold(Audience::Person(person), Since::Ever);
        sight.hold(Audience::Known(person), Since::Ever);
    }
    for (facility, place) in &standing.places {
        sight.hold(Audience::Staff(*facility), Since::Ever);
        if place.office() {
            sight.hold(Audience::Office(*facility), Since::Ever);
        }
    }
    for child in &standing.care {
        sight.hold(Audience::Care(*child), Since::Ever);
    }
    for person in &standing.known {
        sight.hold(Audience::Known(*person), Since::Ever);
    }
    for (child, right) in &standing.family {
        match right.sight {
            SightRight::Full => {
                sight.hold(Audience::Family(*child), Since::Ever);
                for (facility, class, since) in &right.places {
                    sight.hold(Audience::Families(*facility), Since::Day(*since));
                    sight.hold(Audience::FamiliesOfClass(*class), Since::Day(*since));
                }
            }
            SightRight::Basics => sight.hold(Audience::Basics(*child), Since::Ever),
            SightRight::None => {}
        }
    }
    sight
}
