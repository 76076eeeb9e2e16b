//! Builds the city up, drawing ids and names.

use super::{Adult, Collects, Kid, Site, Stay, Tie, Town, opening, town_ids};
use crate::chance::{Chance, FixedIds};
use crate::names::{self, Word};
use crate::year::Year;
use nursery::calendar::Span;
use nursery::core::Ids;
use nursery::ids::HouseholdId;
use nursery::people::{Hours, Joining, Names, SightRight};
use records::{Day, PersonId, TimeOfDay};
use uuid::Uuid;

/// Monday to Friday.
pub(crate) const WEEK: &[u8] = &[1, 2, 3, 4, 5];
/// Monday to Saturday.
pub(crate) const WEEK_AND_SATURDAY: &[u8] = &[1, 2, 3, 4, 5, 6];

pub(crate) struct Builder {
    pub(crate) town: Town,
    pub(crate) chance: Chance,
    pub(crate) ids: FixedIds,
    phones: u32,
}

impl Builder {
    pub(crate) fn new(seed: u64, year: Year) -> Self {
        let mut ids = town_ids(seed);
        let municipality = ids.at(opening(year)).into();
        let town = Town {
            year,
            municipality,
            sites: vec![],
            workers: vec![],
            officers: vec![],
            households: vec![],
            kids: vec![],
        };
        Self { town, chance: Chance::of(seed, "people", 0), ids, phones: 0 }
    }

    pub(crate) fn id(&mut self) -> Uuid {
        self.ids.next()
    }

    /// A number that no telephone has.
    pub(crate) fn phone(&mut self) -> String {
        self.phones += 1;
        format!("090-0000-{:04}", self.phones * 7 % 10_000)
    }

    pub(crate) fn adult(&mut self, names: Names) -> Adult {
        let phones = vec![self.phone()];
        Adult { person: PersonId(self.id()), names, phones, on_paper: false, language: "ja" }
    }

    /// An adult of this family: a mother or a father.
    pub(crate) fn parent(&mut self, family: Word, given: Word) -> Adult {
        self.adult(names::full(family, given))
    }

    pub(crate) fn household(&mut self) -> HouseholdId {
        let id = self.id().into();
        let number = format!("F{:04}", self.town.households.len() + 1);
        self.town.households.push((id, number));
        id
    }

    /// A child who has nobody and belongs nowhere yet.
    pub(crate) fn kid(&mut self, names: Names, birth: Day) -> Kid {
        let number = format!("{}", 1001 + self.town.kids.len());
        Kid {
            id: self.id().into(),
            names,
            birth,
            number,
            face: "drawn",
            allergies: vec![],
            carries: vec![],
            care_note: "",
            households: vec![],
            ties: vec![],
            pickups: vec![],
            stays: vec![],
            kept_from: vec![],
            refuses: &[],
            tries_centre: false,
            settling: vec![],
        }
    }

    pub(crate) fn collects(&mut self, names: Names, relation: &'static str) -> Collects {
        let phone = self.phone();
        Collects { id: self.id().into(), names, relation, phone }
    }

    /// A place in a class from the beginning of the school year.
    pub(crate) fn stay(&self, site: &Site, class: &str, usual: Option<Span>) -> Option<Stay> {
        let class = site.class(class)?.id;
        let taken = self.town.kids.iter().flat_map(|kid| &kid.stays).filter(|stay| stay.class == class).count();
        Some(Stay {
            site: site.id,
            class,
            from: self.town.year.day(2026, 4, 1),
            until: None,
            hours: if site.is_centre() { Hours::Slot } else { Hours::Standard },
            seat: u16::try_from(taken + 1).unwrap_or(u16::MAX),
            leave: None,
            usual,
            weekdays: WEEK,
        })
    }

    /// Puts a finished child into a class of a site.
    pub(crate) fn settle(
        &mut self,
        mut kid: Kid,
        site: &str,
        class: &str,
        usual: Span,
        change: impl FnOnce(&mut Stay),
    ) {
        let stay = self.town.site(site).and_then(|site| self.stay(site, class, Some(usual)));
        if let Some(mut stay) = stay {
            change(&mut stay);
            kid.stays.insert(0, stay);
        }
        self.town.kids.push(kid);
    }
}

/// Ordinary rights of a parent.
pub(crate) fn tie(adult: &Adult, relation: &'static str) -> Tie {
    Tie {
        adult: adult.clone(),
        relation,
        legal: "joint",
        sight: SightRight::Full,
        pickup: true,
        joining: if adult.on_paper { Joining::Listed } else { Joining::Confirmed },
    }
}

/// From when to when, each as hours and minutes.
pub(crate) const fn span(from: (u16, u16), to: (u16, u16)) -> Span {
    Span { from: TimeOfDay::hm(from.0, from.1), to: TimeOfDay::hm(to.0, to.1) }
}
