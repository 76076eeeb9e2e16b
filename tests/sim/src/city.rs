//! A city with one nursery, its people, and the real server in a folder.

use crate::chance::{Chance, NewIds};
use crate::disk::{Loss, Machine};
use hub::Hub;
use nursery::access::Standing;
use nursery::core::{Clock, Composer, Moment, Proof, Who};
use nursery::ids::{ChildId, ClassId, FacilityId, MunicipalityId, facility_year};
use nursery::people::{Assignment, Child, Guardianship, Joining, Names, Person, Placement, Role, SightRight};
use nursery::place::{ClassGroup, Facility, Municipality};
use nursery::server::SYSTEM;
use records::{Change, Day, DeviceId, DeviceTime, FeedId, GrantsVersion, PersonId, ServerTime, Subject};
use std::path::Path;
use tempfile::TempDir;

/// 2026-11-24 08:00 in Japan.
pub const MORNING_MS: i64 = 1_795_474_800_000;

/// The server and everybody in it.
pub struct City {
    pub hub: Option<Hub>,
    pub machine: Machine,
    pub folder: TempDir,
    pub id: MunicipalityId,
    pub nursery: FacilityId,
    pub class: ClassId,
    pub children: Vec<ChildId>,
    pub staff: Vec<PersonId>,
    /// Mother of the first child.
    pub mother: PersonId,
}

impl City {
    /// Founds the city in a folder of its own.
    pub fn found(chance: &mut Chance) -> Self {
        let folder = folder();
        let mut id = || chance.id(MORNING_MS);
        let mut city = Self {
            hub: None,
            machine: Machine::new(folder.path()),
            id: id().into(),
            nursery: id().into(),
            class: id().into(),
            children: (0..3).map(|_| id().into()).collect(),
            staff: (0..3).map(|_| PersonId(id())).collect(),
            mother: PersonId(id()),
            folder,
        };
        city.open(chance, MORNING_MS);
        let changes = city.founding(chance);
        let done = city.hub().system(changes, ServerTime(MORNING_MS)).unwrap();
        assert_eq!(done.refused(), None, "the city itself is not accepted");
        city
    }

    /// Starts the server; if the power fails meanwhile, again.
    pub fn open(&mut self, chance: &mut Chance, now_ms: i64) {
        loop {
            match Hub::open(self.folder.path(), chance.bytes(), ServerTime(now_ms)) {
                Ok(hub) => break self.hub = Some(hub),
                Err(_) if self.machine.is_dead() => self.down(chance),
                Err(_) if self.machine.is_troubled() => self.machine.mend(), // somebody made room
                Err(error) => panic!("the server does not open: {error}"),
            }
        }
    }

    /// Ends the server without a word, as a kill or a power cut does.
    pub fn down(&mut self, chance: &mut Chance) {
        self.machine.stop();
        self.hub = None;
        let loss = chance.pick(&Loss::EACH).unwrap_or(Loss::None);
        self.machine.start(loss, chance);
    }

    pub fn hub(&self) -> &Hub {
        self.hub.as_ref().unwrap()
    }

    pub fn feed(&self) -> FeedId {
        self.nursery.into()
    }

    fn founding(&self, chance: &mut Chance) -> Vec<Change> {
        let feed: FeedId = self.id.into();
        let today = nursery::clock::service_day(DeviceTime(MORNING_MS), nursery::clock::DEFAULT_BOUNDARY);
        let year = facility_year(feed, today);
        let from: Option<Day> = "2026-04-01".parse().ok();
        let names = |name: &str| Some(Names { legal: name.to_owned(), ..Names::default() });
        compose(chance, MORNING_MS, DeviceId(SYSTEM.0), SYSTEM, GrantsVersion(0), |c| {
            let city = Municipality { name: Some("みなと市".into()), ..Municipality::default() };
            let keys = city.key_ids();
            c.make_as(self.id.0.into(), feed, year, None, city, keys).unwrap();
            c.next_act();
            let new = Facility { name: Some("わかば保育園".into()), ..Facility::default() };
            let keys = new.key_ids();
            c.make_as(self.nursery.0.into(), feed, year, None, new, keys).unwrap();
            c.next_act();
            let new = ClassGroup { facility: self.nursery, name: Some("うさぎ組".into()), ..ClassGroup::default() };
            let keys = new.key_ids();
            c.make_as(self.class.0.into(), feed, year, None, new, keys).unwrap();
            for person in self.staff.iter().chain([&self.mother]) {
                c.next_act();
                let new = Person { names: names("保育 花"), ..Person::default() };
                let keys = new.key_ids();
                c.make_as(person.0.into(), feed, Subject(person.0), None, new, keys).unwrap();
            }
            for person in &self.staff {
                c.next_act();
                let role = Some(Role::LeadTeacher);
                let new = Assignment { person: person.0, facility: self.nursery, role, from, ..Assignment::default() };
                let keys = new.key_ids();
                c.make(feed, Subject(person.0), None, new, keys).unwrap();
            }
            for child in &self.children {
                self.enrol(c, *child, from, names("園児 咲"));
            }
            c.next_act();
            let new = Guardianship {
                child: self.children[0],
                person: self.mother.0,
                relation: Some("mother".into()),
                sight: Some(SightRight::Full),
                pickup: Some(true),
                joining: Some(Joining::Confirmed),
                ..Guardianship::default()
            };
            let keys = new.key_ids();
            c.make(feed, self.children[0].into(), None, new, keys).unwrap();
        })
    }

    fn enrol(&self, c: &mut Composer<'_, '_>, child: ChildId, from: Option<Day>, names: Option<Names>) {
        let feed: FeedId = self.id.into();
        c.next_act();
        let new = Child { names, birth: "2023-05-05".parse().ok(), ..Child::default() };
        let keys = new.key_ids();
        c.make_as(child.0.into(), feed, Subject(child.0), None, new, keys).unwrap();
        c.next_act();
        let new = Placement { child, facility: self.nursery, class: self.class, from, ..Placement::default() };
        let keys = new.key_ids();
        c.make(feed, child.into(), None, new, keys).unwrap();
    }
}

/// Composes the changes of one moment.
pub fn compose(
    chance: &mut Chance,
    now_ms: i64,
    device: DeviceId,
    author: PersonId,
    basis: GrantsVersion,
    write: impl FnOnce(&mut Composer<'_, '_>),
) -> Vec<Change> {
    let who = Who { device, person: Some(author), standing: Standing::default(), proof: Proof::Own };
    let mut ids = NewIds { chance, now_ms };
    let mut moment = Moment { at: DeviceTime(now_ms), clock: Clock::default(), basis, app: "0.1.0", ids: &mut ids };
    let mut composer = Composer::new(&who, author, &mut moment);
    write(&mut composer);
    composer.finish().changes
}

/// In memory where there is such a place: the files are real, the waiting for the disk is not what is tested.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}
