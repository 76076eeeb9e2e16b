//! The invented city as plain data: places, staff, families. Nothing here depends on the moment, only on seed and
//! school year.

mod build;
mod families;
mod hard;
mod minato;
mod places;
mod staff;

pub(crate) use minato::{Message, announced, messages, script};
pub(crate) use places::{Class, Place, Site, nobodys_key};
pub(crate) use staff::{Shift, Worker};

use crate::chance::{Chance, FixedIds};
use crate::year::Year;
use nursery::attendance::{Collector, PunchSource};
use nursery::calendar::Span;
use nursery::ids::{ChildId, ClassId, FacilityId, HouseholdId, MunicipalityId, PickupId};
use nursery::people::{Hours, Joining, Names, SightRight};
use records::{Day, DeviceTime, PersonId, TimeOfDay};

pub(crate) use build::Builder;

/// A grown-up who belongs to children, or works for the city.
#[derive(Clone, Debug)]
pub(crate) struct Adult {
    pub(crate) person: PersonId,
    pub(crate) names: Names,
    pub(crate) phones: Vec<String>,
    pub(crate) on_paper: bool,
    pub(crate) language: &'static str,
}

/// One adult's three dated facts about one child.
#[derive(Clone, Debug)]
pub(crate) struct Tie {
    pub(crate) adult: Adult,
    /// `mother`, `father`, `grandmother`, `foster`.
    pub(crate) relation: &'static str,
    /// 親権: `sole`, `joint`, `none`, `foster`.
    pub(crate) legal: &'static str,
    pub(crate) sight: SightRight,
    pub(crate) pickup: bool,
    pub(crate) joining: Joining,
}

impl Tie {
    /// The given name, as families read it: what follows the family name, or all there is.
    pub(crate) fn given(&self) -> String {
        let legal = &self.adult.names.legal;
        legal.split_once(' ').map_or(legal.as_str(), |(_, given)| given).to_owned()
    }
    /// Who collects, as a punch has it.
    pub(crate) fn collects(&self) -> Collecting {
        Collecting {
            collector: Collector::Guardian { person: self.adult.person },
            relation: self.relation.to_owned(),
            name: self.adult.names.legal.clone(),
        }
    }
}

/// Who collects a child: which, 続柄 and name.
#[derive(Clone, Debug)]
pub(crate) struct Collecting {
    pub(crate) collector: Collector,
    pub(crate) relation: String,
    pub(crate) name: String,
}

/// Somebody on the list of those who may collect.
#[derive(Clone, Debug)]
pub(crate) struct Collects {
    pub(crate) id: PickupId,
    pub(crate) names: Names,
    pub(crate) relation: &'static str,
    pub(crate) phone: String,
}

impl Collects {
    /// Who collects, as a punch has it.
    pub(crate) fn collects(&self) -> Collecting {
        Collecting {
            collector: Collector::Registered { pickup: self.id },
            relation: self.relation.to_owned(),
            name: self.names.legal.clone(),
        }
    }
}

/// A stretch of belonging to one class.
#[derive(Clone, Debug)]
pub(crate) struct Stay {
    pub(crate) site: FacilityId,
    pub(crate) class: ClassId,
    pub(crate) from: Day,
    pub(crate) until: Option<Day>,
    pub(crate) hours: Hours,
    pub(crate) seat: u16,
    pub(crate) leave: Option<(Day, Day)>,
    /// The usual hours here; `None` if the child comes by single slots only.
    pub(crate) usual: Option<Span>,
    /// Weekdays, 1 = Monday.
    pub(crate) weekdays: &'static [u8],
}

impl Stay {
    pub(crate) fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
    pub(crate) fn on_leave(&self, day: Day) -> bool {
        self.leave.is_some_and(|(from, until)| from <= day && day <= until)
    }
    /// True if the pattern says that the child comes on such a day.
    pub(crate) fn comes_on(&self, day: Day) -> bool {
        self.usual.is_some() && self.holds_on(day) && !self.on_leave(day) && self.weekdays.contains(&day.weekday())
    }
}

/// A child with everything that is known about it.
#[derive(Clone, Debug)]
pub(crate) struct Kid {
    pub(crate) id: ChildId,
    pub(crate) names: Names,
    pub(crate) birth: Day,
    pub(crate) number: String,
    pub(crate) face: &'static str,
    pub(crate) allergies: Vec<&'static str>,
    pub(crate) carries: Vec<&'static str>,
    pub(crate) care_note: &'static str,
    pub(crate) households: Vec<HouseholdId>,
    pub(crate) ties: Vec<Tie>,
    pub(crate) pickups: Vec<Collects>,
    pub(crate) stays: Vec<Stay>,
    /// Adults who must learn nothing.
    pub(crate) kept_from: Vec<PersonId>,
    /// Purposes for which pictures are refused.
    pub(crate) refuses: &'static [&'static str],
    /// Visits the centre on Thursdays without having a place there.
    pub(crate) tries_centre: bool,
    /// Settling in: days with shorter hours.
    pub(crate) settling: Vec<(Day, Span)>,
}

impl Kid {
    /// Where the child belongs on this day, first place first.
    pub(crate) fn stay_at(&self, site: FacilityId, day: Day) -> Option<&Stay> {
        self.stays.iter().find(|stay| stay.site == site && stay.holds_on(day))
    }
    /// Who collects on most days.
    pub(crate) fn usual_collector(&self) -> Option<&Tie> {
        self.ties.iter().find(|tie| tie.pickup)
    }
    pub(crate) fn tie(&self, relation: &str) -> Option<&Tie> {
        self.ties.iter().find(|tie| tie.relation == relation)
    }
    /// Who writes messages: an adult with an account who sees everything.
    pub(crate) fn writer(&self) -> Option<&Tie> {
        self.ties.iter().find(|t| t.sight == SightRight::Full && t.joining == Joining::Confirmed && !t.adult.on_paper)
    }
    /// True if staff in the mock morning know this child by this used reading and class age.
    pub(crate) fn called(&self, family: &str, given: &str) -> bool {
        self.names.family_kana == family && self.names.used_kana == given
    }
}

/// What one child does on a scripted weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scripted {
    pub(crate) family: &'static str,
    pub(crate) given: &'static str,
    /// When it comes; `None`: it does not.
    pub(crate) comes: Option<TimeOfDay>,
    pub(crate) goes: Option<TimeOfDay>,
    pub(crate) source: PunchSource,
}

/// The whole city.
#[derive(Clone, Debug)]
pub(crate) struct Town {
    pub(crate) year: Year,
    pub(crate) municipality: MunicipalityId,
    pub(crate) sites: Vec<Site>,
    pub(crate) workers: Vec<Worker>,
    pub(crate) officers: Vec<Adult>,
    pub(crate) households: Vec<(HouseholdId, String)>,
    pub(crate) kids: Vec<Kid>,
}

impl Town {
    /// The city of this seed in this school year.
    pub(crate) fn new(seed: u64, year: Year) -> Self {
        let mut builder = Builder::new(seed, year);
        for plan in places::ALL {
            builder.site(plan);
        }
        staff::city_office(&mut builder);
        minato::settle(&mut builder);
        hard::settle(&mut builder);
        for plan in places::ALL {
            families::fill(&mut builder, plan);
        }
        builder.town
    }

    /// One nursery with this many children and no stories, for measuring.
    pub(crate) fn plain(seed: u64, year: Year, children: u16) -> Self {
        let mut builder = Builder::new(seed, year);
        let share = children / 6;
        let sizes = [share, share, share, share, share, children - 5 * share];
        builder.site(&places::PLAIN);
        families::fill_sizes(&mut builder, &places::PLAIN, &sizes);
        builder.town
    }

    pub(crate) fn site(&self, key: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.key == key)
    }

    /// Children who belong to a site on a day, in the order of classes and seats.
    pub(crate) fn children_of(&self, site: &Site, day: Day) -> Vec<(&Kid, &Stay)> {
        let mut here: Vec<_> =
            self.kids.iter().filter_map(|kid| kid.stay_at(site.id, day).map(|stay| (kid, stay))).collect();
        here.sort_by_key(|(_, stay)| (site.classes.iter().position(|c| c.id == stay.class), stay.seat));
        here
    }

    /// Staff of a site.
    pub(crate) fn workers_of<'a>(&'a self, site: &'a Site) -> impl Iterator<Item = &'a Worker> {
        self.workers.iter().filter(move |worker| worker.site == site.id)
    }
}

/// A stream of ids that carry the dates of entry.
pub(crate) fn town_ids(seed: u64) -> FixedIds {
    FixedIds::new(Chance::of(seed, "town", 0))
}

/// The moment of opening the books: everything that was there before the school year began.
pub(crate) fn opening(year: Year) -> DeviceTime {
    year.office(2026, 3, 2)
}
