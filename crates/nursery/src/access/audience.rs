//! Audience atoms: a role at a place or a family. The graph of people only changes who holds one.

use crate::ids::{ChildId, ClassId, FacilityId, MunicipalityId, RoomId};
use records::{Atom, Atoms, PersonId};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Who may hold a record. Written `staff@<id>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Staff of a facility.
    Staff(FacilityId),
    /// Director, lead teacher and office of a facility.
    Office(FacilityId),
    /// Staff who work in a class.
    Class(ClassId),
    /// Staff in a room.
    Room(RoomId),
    /// Sites that have the child in care now: by placement or visit.
    Care(ChildId),
    /// Sites that must know a person now: their own staff, and guardians of children in care.
    Known(PersonId),
    /// Staff of a development centre who support a child.
    Support(FacilityId),
    /// The child-care division of the city.
    City(MunicipalityId),
    /// Guardians who may see the child wholly.
    Family(ChildId),
    /// Guardians who may see where and when, not what.
    Basics(ChildId),
    /// Families of a class, from the day they joined it.
    FamiliesOfClass(ClassId),
    /// Families of a facility, from the day they joined it.
    Families(FacilityId),
    /// One person.
    Person(PersonId),
    /// Everybody who has anything to do with the municipality: names of sites, opening days.
    Everyone(MunicipalityId),
}

impl Audience {
    /// As stored and sent.
    #[must_use]
    pub fn atom(self) -> Atom {
        Atom(self.to_string())
    }

    fn parts(self) -> (&'static str, Uuid) {
        match self {
            Self::Staff(id) => ("staff", id.0),
            Self::Office(id) => ("office", id.0),
            Self::Class(id) => ("class", id.0),
            Self::Room(id) => ("room", id.0),
            Self::Care(id) => ("care", id.0),
            Self::Known(id) => ("known", id.0),
            Self::Support(id) => ("support", id.0),
            Self::City(id) => ("city", id.0),
            Self::Family(id) => ("family", id.0),
            Self::Basics(id) => ("basics", id.0),
            Self::FamiliesOfClass(id) => ("class_families", id.0),
            Self::Families(id) => ("families", id.0),
            Self::Person(id) => ("person", id.0),
            Self::Everyone(id) => ("everyone", id.0),
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (role, id) = self.parts();
        write!(f, "{role}@{id}")
    }
}

impl FromStr for Audience {
    type Err = &'static str;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let (role, id) = s.split_once('@').ok_or("an atom is written role@id")?;
        let id = Uuid::parse_str(id).map_err(|_| "the id of an atom is a UUID")?;
        Ok(match role {
            "staff" => Self::Staff(id.into()),
            "office" => Self::Office(id.into()),
            "class" => Self::Class(id.into()),
            "room" => Self::Room(id.into()),
            "care" => Self::Care(id.into()),
            "known" => Self::Known(PersonId(id)),
            "support" => Self::Support(id.into()),
            "city" => Self::City(id.into()),
            "family" => Self::Family(id.into()),
            "basics" => Self::Basics(id.into()),
            "class_families" => Self::FamiliesOfClass(id.into()),
            "families" => Self::Families(id.into()),
            "person" => Self::Person(PersonId(id)),
            "everyone" => Self::Everyone(id.into()),
            _ => return Err("unknown role"),
        })
    }
}

/// A set of atoms.
#[must_use]
pub fn atoms(of: &[Audience]) -> Atoms {
    of.iter().map(|a| a.atom()).collect()
}
