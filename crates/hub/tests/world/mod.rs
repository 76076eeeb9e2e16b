//! A small city with a real hub in a temporary folder, and devices that hold what a reply gives them.
#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod tablet;

pub use tablet::Tablet;

use hub::{Committed, Failure, Hub};
use nursery::access::Standing;
use nursery::attendance::{Announced, Announcement, Punch, PunchSort, Reason};
use nursery::core::{Clock, Composer, Ids, Kind, Moment, Proof, Who};
use nursery::devices::Purpose;
use nursery::ids::{ChildId, ClassId, FacilityId, MunicipalityId, facility_year};
use nursery::people::{
    Assignment, Child, Guardianship, Joining, Names, Person, Placement, Protection, Role, SightRight,
};
use nursery::place::{ClassGroup, Facility, Municipality};
use nursery::server::SYSTEM;
use records::{
    Atom, Change, Day, DeviceId, DeviceTime, FeedId, GrantsVersion, PersonId, Record, RecordId, ServerTime, Subject,
    Value, Write,
};
use std::cell::Cell;
use std::sync::Arc;
use uuid::Uuid;

pub const DAY_MS: i64 = 86_400_000;

pub struct World {
    pub folder: tempfile::TempDir,
    pub hub: Arc<Hub>,
    pub now: Cell<i64>,
    count: Cell<u64>,
    pub city: MunicipalityId,
    pub wakaba: FacilityId,
    pub tsubame: FacilityId,
    pub usagi: ClassId,
    pub kuma: ClassId,
}

pub struct NewIds<'a>(pub &'a World);
impl Ids for NewIds<'_> {
    fn next(&mut self) -> Uuid {
        self.0.id()
    }
}

fn named(name: &str) -> Option<Names> {
    Some(Names { legal: name.to_owned(), ..Names::default() })
}

impl World {
    /// A city with two nurseries of one class each, on the morning of 2026-11-24.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = 1_795_474_800_000; // 2026-11-24 08:00 JST
        let hub = Arc::new(Hub::open(folder.path(), [1; 32], ServerTime(now)).unwrap());
        let (city, wakaba, tsubame) = (fixed(1).into(), fixed(2).into(), fixed(3).into());
        let (usagi, kuma) = (fixed(4).into(), fixed(5).into());
        let world = Self { folder, hub, now: Cell::new(now), count: Cell::new(0), city, wakaba, tsubame, usagi, kuma };
        world.found();
        world
    }

    fn found(&self) {
        let city = Municipality { name: Some("みなと市".into()), ..Municipality::default() };
        self.make_as(self.city, self.feed(), city);
        for (id, name) in [(self.wakaba, "わかば保育園"), (self.tsubame, "つばめ保育園")] {
            self.make_as(id, self.feed(), Facility { name: Some(name.into()), ..Facility::default() });
        }
        for (id, facility, name) in [(self.usagi, self.wakaba, "うさぎ組"), (self.kuma, self.tsubame, "くま組")]
        {
            self.make_as(id, self.feed(), ClassGroup { facility, name: Some(name.into()), ..ClassGroup::default() });
        }
    }

    /// Closes the server and opens it again from its folder.
    pub fn reopen(&mut self) {
        self.hub = Arc::new(Hub::open(&self.folder.path().join("nothing"), [9; 32], self.now()).unwrap());
        self.hub = Arc::new(Hub::open(self.folder.path(), [2; 32], self.now()).unwrap());
    }

    pub fn now(&self) -> ServerTime {
        ServerTime(self.now.get())
    }
    pub fn pass_days(&self, days: i64) {
        self.now.set(self.now.get() + days * DAY_MS);
    }
    pub fn pass_ms(&self, ms: i64) {
        self.now.set(self.now.get() + ms);
    }
    pub fn today(&self) -> Day {
        nursery::clock::service_day(DeviceTime(self.now.get()), nursery::clock::DEFAULT_BOUNDARY)
    }
    pub fn feed(&self) -> FeedId {
        self.city.into()
    }
    pub fn id(&self) -> Uuid {
        self.count.set(self.count.get() + 1);
        let mut bytes = [0; 10];
        bytes[2..].copy_from_slice(&self.count.get().to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(self.now.get() as u64, &bytes).into_uuid()
    }

    // ── people ──

    pub fn person(&self, name: &str) -> PersonId {
        let id = PersonId(self.id());
        self.make_as(id.0, self.feed(), Person { names: named(name), ..Person::default() });
        id
    }
    pub fn child(&self, name: &str, facility: FacilityId, class: ClassId) -> ChildId {
        let id: ChildId = self.id().into();
        let birth = "2023-05-05".parse().ok();
        self.make_as(id, self.feed(), Child { names: named(name), birth, ..Child::default() });
        self.place(id, facility, class);
        id
    }
    pub fn place(&self, child: ChildId, facility: FacilityId, class: ClassId) -> RecordId {
        let from = "2026-04-01".parse().ok();
        self.make_about(self.feed(), child, None, Placement { child, facility, class, from, ..Placement::default() })
    }
    pub fn staff(&self, name: &str, facility: FacilityId, role: Role) -> PersonId {
        let person = self.person(name);
        self.assign(person, facility, role);
        person
    }
    pub fn assign(&self, person: PersonId, facility: FacilityId, role: Role) -> RecordId {
        let from = "2026-04-01".parse().ok();
        let new = Assignment { person: person.0, facility, role: Some(role), from, ..Assignment::default() };
        self.make_about(self.feed(), person.0, None, new)
    }
    pub fn guardian(&self, name: &str, child: ChildId) -> PersonId {
        let person = self.person(name);
        self.guard(person, child, SightRight::Full);
        person
    }
    pub fn guard(&self, person: PersonId, child: ChildId, sight: SightRight) -> RecordId {
        let new = Guardianship {
            child,
            person: person.0,
            relation: Some("mother".into()),
            sight: Some(sight),
            pickup: Some(true),
            joining: Some(Joining::Confirmed),
            ..Guardianship::default()
        };
        self.make_about(self.feed(), child, None, new)
    }
    pub fn protect(&self, child: ChildId, from_whom: PersonId) -> RecordId {
        let new = Protection { child, person: from_whom.0, from: Some(self.today()), ..Protection::default() };
        self.make_about(self.feed(), child, None, new)
    }

    // ── devices ──

    pub fn tablet(&self, name: &str, facility: FacilityId) -> Tablet {
        Tablet::paired(self, name, facility.0, Purpose::ClassTablet)
    }
    pub fn phone(&self, of: PersonId) -> Tablet {
        Tablet::paired(self, "phone", of.0, Purpose::Personal)
    }

    // ── writing as the server ──

    pub fn make_as<K: Kind + 'static>(&self, id: impl Into<Uuid>, feed: FeedId, new: K) -> RecordId {
        let id = RecordId(id.into());
        let keys = keys_of(&new);
        let subject =
            if K::NAME == "child" || K::NAME == "person" { Subject(id.0) } else { facility_year(feed, self.today()) };
        self.system(|c| c.make_as(id, feed, subject, None, new, keys).unwrap())
    }
    pub fn make_about<K: Kind + 'static>(
        &self,
        feed: FeedId,
        subject: impl Into<Uuid>,
        day: Option<Day>,
        new: K,
    ) -> RecordId {
        let keys = keys_of(&new);
        let subject = Subject(subject.into());
        self.system(|c| c.make(feed, subject, day, new, keys).unwrap())
    }
    pub fn system<T>(&self, compose: impl FnOnce(&mut Composer<'_, '_>) -> T) -> T {
        let (changes, out) = self.compose(DeviceId(SYSTEM.0), SYSTEM, GrantsVersion(0), compose);
        self.hub.system(changes, self.now()).unwrap();
        out
    }
    /// As the server, sets one field of a record, knowing its present value.
    pub fn set(&self, id: RecordId, field: &str, value: impl serde::Serialize) {
        let record = self.record(id);
        let write = write(&record, field, value);
        self.system(|c| c.write(record.head.clone(), vec![write]));
    }

    pub fn compose<T>(
        &self,
        device: DeviceId,
        author: PersonId,
        basis: GrantsVersion,
        compose: impl FnOnce(&mut Composer<'_, '_>) -> T,
    ) -> (Vec<Change>, T) {
        let who = Who { device, person: Some(author), standing: Standing::default(), proof: Proof::Own };
        let mut ids = NewIds(self);
        let mut moment =
            Moment { at: DeviceTime(self.now.get()), clock: Clock::default(), basis, app: "0.1.0", ids: &mut ids };
        let mut composer = Composer::new(&who, author, &mut moment);
        let out = compose(&mut composer);
        (composer.finish().changes, out)
    }

    pub fn in_browser<T>(
        &self,
        person: PersonId,
        compose: impl FnOnce(&mut Composer<'_, '_>) -> T,
    ) -> Result<Committed, Failure> {
        let basis = self.hub.grants().unwrap();
        let (changes, _) = self.compose(DeviceId(fixed(77)), person, basis, compose);
        self.hub.commit_as(person, changes, self.now())
    }

    // ── reading ──

    pub fn record(&self, id: RecordId) -> Record {
        use nursery::core::Records;
        self.hub.records().unwrap().get(id).unwrap().expect("the record exists")
    }
    pub fn exists(&self, id: RecordId) -> bool {
        use nursery::core::Records;
        self.hub.records().unwrap().get(id).unwrap().is_some()
    }
}

pub fn fixed(n: u8) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(1_790_000_000_000, &[n; 10]).into_uuid()
}

/// The clear keys of a new record, by name of the kind.
fn keys_of<K: Kind + 'static>(new: &K) -> Vec<Uuid> {
    let any: &dyn std::any::Any = new;
    macro_rules! of { ($($kind:ty),*) => { $( if let Some(k) = any.downcast_ref::<$kind>() { return k.key_ids(); } )* } }
    of!(
        nursery::calendar::Visit,
        Municipality,
        Facility,
        ClassGroup,
        Person,
        Child,
        Placement,
        Assignment,
        Guardianship,
        Protection,
        Punch,
        Announcement
    );
    panic!("{} has no keys here", K::NAME)
}

pub fn write(record: &Record, field: &str, value: impl serde::Serialize) -> Write {
    let value: Value = serde_json::to_value(value).unwrap();
    Write { field: field.to_owned(), value: Some(value), over: record.seen(field) }
}

pub fn arrival(at: DeviceTime, child: ChildId) -> Punch {
    Punch { child, sort: Some(PunchSort::Arrival), at: Some(at), ..Punch::default() }
}
pub fn absence(child: ChildId) -> Announcement {
    Announcement { child, announced: Some(Announced::Absence { reason: Reason::Fever }), ..Announcement::default() }
}
pub fn atom(text: &str, id: impl Into<Uuid>) -> Atom {
    Atom(format!("{text}@{}", id.into()))
}
