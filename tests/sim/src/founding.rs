//! Who lives in the city: two nurseries, a child that goes to both, and parents.

use crate::chance::Chance;
use crate::city::{Enrolled, Folk, MORNING_MS, Parent, Site};
use nursery::clock::{DEFAULT_BOUNDARY, service_day};
use nursery::core::Composer;
use nursery::ids::facility_year;
use nursery::people::{Assignment, Child, Guardianship, Joining, Names, Person, Placement, Role, SightRight};
use nursery::place::{ClassGroup, Facility, Municipality};
use nursery::server::SYSTEM;
use records::{Change, Day, DeviceId, DeviceTime, FeedId, GrantsVersion, PersonId, RecordId, Subject};

/// Which sites each child goes to.
const PLACED: [&[usize]; 4] = [&[0], &[0, 1], &[0], &[1]];
/// Of which child each parent is.
const PARENT_OF: [usize; 3] = [0, 0, 1];

/// Everybody, and the changes that make them known.
pub fn compose(chance: &mut Chance) -> (Folk, Vec<Change>) {
    let mut id = || chance.id(MORNING_MS);
    let site = |id: &mut dyn FnMut() -> uuid::Uuid| Site {
        id: id().into(),
        class: id().into(),
        staff: (0..3).map(|_| PersonId(id())).collect(),
    };
    let mut folk = Folk {
        id: id().into(),
        sites: (0..2).map(|_| site(&mut id)).collect(),
        children: PLACED.iter().map(|_| Enrolled { id: id().into(), placements: vec![] }).collect(),
        parents: vec![],
    };
    let parents: Vec<PersonId> = PARENT_OF.iter().map(|_| PersonId(id())).collect();
    let device = DeviceId(SYSTEM.0);
    let changes = crate::city::compose(chance, MORNING_MS, device, SYSTEM, GrantsVersion(0), |c| {
        let mut registry = Registry { feed: folk.id.into(), from: "2026-04-01".parse().ok(), c };
        registry.city(&folk);
        for parent in &parents {
            registry.person(*parent);
        }
        for (child, sites) in PLACED.iter().enumerate() {
            registry.child(&mut folk, child, sites);
        }
        for (person, child) in parents.iter().zip(PARENT_OF) {
            registry.parent(&mut folk, *person, child);
        }
    });
    (folk, changes)
}

/// The office that enters them.
struct Registry<'a, 'b, 'c> {
    feed: FeedId,
    from: Option<Day>,
    c: &'a mut Composer<'b, 'c>,
}

impl Registry<'_, '_, '_> {
    fn city(&mut self, folk: &Folk) {
        let today = service_day(DeviceTime(MORNING_MS), DEFAULT_BOUNDARY);
        let year = facility_year(self.feed, today);
        let city = Municipality { name: Some("みなと市".into()), ..Municipality::default() };
        let keys = city.key_ids();
        self.c.make_as(folk.id.0.into(), self.feed, year, None, city, keys).unwrap();
        for site in &folk.sites {
            self.c.next_act();
            let new = Facility { name: Some("わかば保育園".into()), ..Facility::default() };
            let keys = new.key_ids();
            self.c.make_as(site.id.0.into(), self.feed, year, None, new, keys).unwrap();
            self.c.next_act();
            let new = ClassGroup { facility: site.id, name: Some("うさぎ組".into()), ..ClassGroup::default() };
            let keys = new.key_ids();
            self.c.make_as(site.class.0.into(), self.feed, year, None, new, keys).unwrap();
            for person in &site.staff {
                self.person(*person);
                self.assignment(*person, site);
            }
        }
    }

    fn person(&mut self, person: PersonId) {
        self.c.next_act();
        let new = Person { names: names("保育 花"), ..Person::default() };
        let keys = new.key_ids();
        self.c.make_as(person.0.into(), self.feed, Subject(person.0), None, new, keys).unwrap();
    }

    fn assignment(&mut self, person: PersonId, site: &Site) {
        self.c.next_act();
        let (role, from) = (Some(Role::LeadTeacher), self.from);
        let new = Assignment { person: person.0, facility: site.id, role, from, ..Assignment::default() };
        let keys = new.key_ids();
        self.c.make(self.feed, Subject(person.0), None, new, keys).unwrap();
    }

    fn child(&mut self, folk: &mut Folk, number: usize, sites: &[usize]) {
        let child = folk.children[number].id;
        self.c.next_act();
        let new = Child { names: names("園児 咲"), birth: "2023-05-05".parse().ok(), ..Child::default() };
        let keys = new.key_ids();
        self.c.make_as(child.0.into(), self.feed, Subject(child.0), None, new, keys).unwrap();
        for site in sites {
            self.c.next_act();
            let (facility, class) = (folk.sites[*site].id, folk.sites[*site].class);
            let new = Placement { child, facility, class, from: self.from, ..Placement::default() };
            let keys = new.key_ids();
            let record = self.c.make(self.feed, child.into(), None, new, keys).unwrap();
            folk.children[number].placements.push((record, *site));
        }
    }

    fn parent(&mut self, folk: &mut Folk, person: PersonId, child: usize) {
        self.c.next_act();
        let of = folk.children[child].id;
        let new = Guardianship {
            child: of,
            person: person.0,
            relation: Some("parent".into()),
            sight: Some(SightRight::Full),
            pickup: Some(true),
            joining: Some(Joining::Confirmed),
            ..Guardianship::default()
        };
        let keys = new.key_ids();
        let guardianship: RecordId = self.c.make(self.feed, of.into(), None, new, keys).unwrap();
        folk.parents.push(Parent { person, child, guardianship });
    }
}

fn names(name: &str) -> Option<Names> {
    Some(Names { legal: name.to_owned(), ..Names::default() })
}
