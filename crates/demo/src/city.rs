//! The city at a moment.

use crate::book::Book;
use crate::day;
use crate::register;
use crate::town::{Site, Town, town_ids};
use crate::year::Year;
use nursery::clock;
use nursery::core::Refusal;
use nursery::devices::Purpose;
use nursery::ids::{ChildId, ClassId, FacilityId, MunicipalityId, RoomId};
use nursery::people::Role;
use records::{Change, Day, DeviceId, DeviceTime, PersonId};

/// What of the city is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Open days before today of which arrivals and departures are in the books.
    pub past_days: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self { past_days: 10 }
    }
}

/// A facility and its parts.
#[derive(Clone, Debug)]
pub struct SiteIds {
    /// Short name in Latin letters, such as `minato`.
    pub key: &'static str,
    /// Its id, also of its feed.
    pub facility: FacilityId,
    /// As shown.
    pub name: &'static str,
    /// A sandbox with children who are invented even in this invented city.
    pub sandbox: bool,
    /// Classes in order, by name.
    pub classes: Vec<(&'static str, ClassId)>,
    /// The room of joint care.
    pub hall: RoomId,
}

/// A place where a shared tablet stands.
#[derive(Clone, Debug)]
pub struct Tablet {
    /// Its id in the books. Its key belongs to nobody: to work, a real device must be paired in its place.
    pub device: DeviceId,
    /// Where.
    pub facility: FacilityId,
    /// For which class; `None` for hall and door.
    pub class: Option<ClassId>,
    /// As people call it, such as うさぎ組 1.
    pub name: String,
    /// Class tablet or door.
    pub purpose: Purpose,
}

/// People of the city as whom one may look at it. Nil where this city has none (never in [`city`]).
#[derive(Clone, Copy, Debug, Default)]
pub struct Notables {
    /// 藤村 健, child-care division.
    pub city_officer: PersonId,
    /// Director of みなと保育園.
    pub director: PersonId,
    /// 主任 of みなと保育園.
    pub lead_teacher: PersonId,
    /// 小野寺 恵, office of みなと保育園.
    pub office: PersonId,
    /// 阿部 真由, うさぎ組 of みなと保育園.
    pub caregiver: PersonId,
    /// 田村 涼, the same class, early shift.
    pub second_caregiver: PersonId,
    /// 菊池 恵: on the staff of みなと and mother of 杏 there.
    pub caregiver_and_mother: PersonId,
    /// A caregiver of the development centre.
    pub centre_caregiver: PersonId,
    /// Mother of みお (うさぎ組) and れん (ぞう組).
    pub guardian_of_two: PersonId,
    /// Mother of ひまり (うさぎ組) and そうた (ひだまり).
    pub guardian_at_two_sites: PersonId,
    /// Mother whose child's whereabouts are withheld from the father.
    pub protected_parent: PersonId,
    /// That father.
    pub excluded_parent: PersonId,
    /// The protected child.
    pub protected_child: ChildId,
}

/// The city at a moment.
#[derive(Clone, Debug)]
pub struct City {
    /// さざなみ市.
    pub municipality: MunicipalityId,
    /// Public facilities in order, then the sandbox.
    pub facilities: Vec<SiteIds>,
    /// Acts in order of writing, each of at most 16 changes.
    pub changes: Vec<Vec<Change>>,
    /// As whom one may look at it.
    pub people: Notables,
    /// Where shared tablets stand.
    pub tablets: Vec<Tablet>,
    /// PINs of the staff, for whoever keeps their hashes: four digits.
    pub pins: Vec<(PersonId, String)>,
    /// The service day of the moment.
    pub today: Day,
    /// Acts that a kind refused; empty unless this crate is wrong.
    pub refused: Vec<Refusal>,
}

/// The city of this seed at this moment, with the last ten open days.
#[must_use]
pub fn city(seed: u64, at: DeviceTime) -> City {
    city_with(seed, at, &Options::default())
}

/// As [`city`], with a longer or shorter past.
#[must_use]
pub fn city_with(seed: u64, at: DeviceTime, options: &Options) -> City {
    let today = clock::service_day(at, clock::DEFAULT_BOUNDARY);
    let town = Town::new(seed, Year::of(today));
    let mut book = Book::new(town_ids(seed ^ 1));
    register::town(&town, &mut book);
    day::dated(&town, seed, today, at, &mut book);
    day::past(&town, seed, today, options.past_days, &mut book);
    day::day(&town, seed, today, at, &mut book);
    day::day(&town, seed, today.plus(1), at, &mut book);
    City {
        municipality: town.municipality,
        facilities: town.sites.iter().map(site_ids).collect(),
        people: notables(&town),
        tablets: town.sites.iter().flat_map(tablets).collect(),
        pins: town.workers.iter().map(|worker| (worker.person, worker.pin.clone())).collect(),
        today,
        changes: book.acts,
        refused: book.refused,
    }
}

fn site_ids(site: &Site) -> SiteIds {
    SiteIds {
        key: site.key,
        facility: site.id,
        name: site.name,
        sandbox: site.sandbox,
        classes: site.classes.iter().map(|class| (class.name, class.id)).collect(),
        hall: site.hall,
    }
}

fn tablets(site: &Site) -> Vec<Tablet> {
    let tablet = |device, class, name: &str, purpose| Tablet {
        device,
        facility: site.id,
        class,
        name: name.to_owned(),
        purpose,
    };
    let classes = site
        .classes
        .iter()
        .map(|class| tablet(class.tablet, Some(class.id), &format!("{} 1", class.name), Purpose::ClassTablet));
    classes
        .chain([
            tablet(site.hall_tablet, None, "ホール 1", Purpose::ClassTablet),
            tablet(site.kiosk, None, "げんかん", Purpose::Kiosk),
        ])
        .collect()
}

fn notables(town: &Town) -> Notables {
    let worker = |site: &str, fits: &dyn Fn(&crate::town::Worker) -> bool| {
        let site = town.site(site);
        let found = site.and_then(|site| town.workers_of(site).find(|worker| fits(worker)));
        found.map(|worker| worker.person).unwrap_or_default()
    };
    let mother = |family: &str, given: &str| {
        let tie = town.known(family, given).and_then(|kid| kid.tie("mother"));
        tie.map(|tie| tie.adult.person).unwrap_or_default()
    };
    let named = |name: &'static str| worker("minato", &|w| w.names.legal == name);
    let role = |role: Role| worker("minato", &|w| w.role == role);
    let protected = town.kids.iter().find(|kid| !kid.kept_from.is_empty());
    Notables {
        city_officer: town.officers.first().map(|officer| officer.person).unwrap_or_default(),
        director: role(Role::Director),
        lead_teacher: role(Role::LeadTeacher),
        office: role(Role::Office),
        caregiver: named("阿部 真由"),
        second_caregiver: named("田村 涼"),
        caregiver_and_mother: named("菊池 恵"),
        centre_caregiver: worker("hidamari", &|w| w.class.is_some()),
        guardian_of_two: mother("さとう", "みお"),
        guardian_at_two_sites: mother("すずき", "ひまり"),
        protected_parent: protected.and_then(|kid| kid.tie("mother")).map(|t| t.adult.person).unwrap_or_default(),
        excluded_parent: protected.and_then(|kid| kid.kept_from.first().copied()).unwrap_or_default(),
        protected_child: protected.map(|kid| kid.id).unwrap_or_default(),
    }
}
