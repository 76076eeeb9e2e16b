//! A small city in memory: people and devices as characters, every act judged and merged as the server would.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "each test file uses a part of the kit")]

use nursery::access::{Principal, Standing, standing, through};
use nursery::calendar::{CarePattern, Span};
use nursery::command::{Command, act};
use nursery::core::{Act, Clock, Code, Composer, Ids, Kind, MemoryRecords, Moment, Proof, Refusal, Who};
use nursery::devices::{Device, Purpose};
use nursery::ids::{ChildId, ClassId, FacilityId, MunicipalityId, RoomId};
use nursery::judge::{Judgement, judge};
use nursery::people::{
    Assignment, Child, Guardianship, HouseholdMember, Joining, Names, Person, Placement, Role, SightRight,
};
use nursery::place::{ClassGroup, Facility, Municipality, Room};
use nursery::server::SYSTEM;
use nursery::view::{BoardView, PlaceRef, Query, Tile, View};
use records::{
    ActId, Change, Day, DeviceId, DeviceTime, FeedId, GrantsVersion, PersonId, RecordId, Seq, ServerTime, Subject,
    TimeOfDay,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Ids that count up, version 7.
#[derive(Default)]
pub struct Counting(pub u64);

impl Ids for Counting {
    fn next(&mut self) -> Uuid {
        self.0 += 1;
        uuid::Builder::from_unix_timestamp_millis(1_700_000_000_000 + self.0, &[7; 10]).into_uuid()
    }
}

/// A clock and two nurseries, みなと with うさぎ組 and きりん組, さくら with りす組.
pub struct World {
    pub records: MemoryRecords,
    pub ids: Counting,
    pub seq: u64,
    pub municipality: MunicipalityId,
    pub minato: FacilityId,
    pub sakura: FacilityId,
    pub usagi: ClassId,
    pub risu: ClassId,
    pub usagi_room: RoomId,
    pub hall: RoomId,
    pub tablet: DeviceId,
    pub tablet_sakura: DeviceId,
    pub abe: PersonId,
    pub tamura: PersonId,
    pub director: PersonId,
    pub people: BTreeMap<String, PersonId>,
    pub children: BTreeMap<String, ChildId>,
    /// Server's clock minus the tablet's, ms.
    pub error_ms: Option<i64>,
    /// Minutes since the tablet last heard the server.
    pub deaf_minutes: i64,
    pub confirmed: Option<Day>,
    pub highest: i64,
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}
pub fn hm(text: &str) -> TimeOfDay {
    text.parse().unwrap()
}
/// Tuesday.
pub fn tuesday() -> Day {
    day("2026-11-24")
}
pub fn at(time: &str) -> DeviceTime {
    nursery::clock::moment(tuesday(), hm(time))
}

fn names(legal: &str, kana: &str) -> Names {
    let used_kana = kana.rsplit(' ').next().unwrap_or_default().to_owned();
    let family_kana = kana.split(' ').next().unwrap_or_default().to_owned();
    Names { legal: legal.into(), kana: kana.into(), used_kana, family_kana, ..Names::default() }
}

impl World {
    pub fn new() -> Self {
        let mut ids = Counting::default();
        let mut id = || ids.next();
        let municipality = MunicipalityId(id());
        let mut world = Self {
            records: MemoryRecords::default(),
            municipality,
            minato: FacilityId(id()),
            sakura: FacilityId(id()),
            usagi: ClassId(id()),
            risu: ClassId(id()),
            usagi_room: RoomId(id()),
            hall: RoomId(id()),
            tablet: DeviceId(id()),
            tablet_sakura: DeviceId(id()),
            abe: PersonId(id()),
            tamura: PersonId(id()),
            director: PersonId(id()),
            ids,
            seq: 0,
            people: BTreeMap::new(),
            children: BTreeMap::new(),
            error_ms: Some(0),
            deaf_minutes: 0,
            confirmed: None,
            highest: 0,
        };
        world.found();
        world
    }

    fn found(&mut self) {
        let (minato, sakura, usagi, risu) = (self.minato, self.sakura, self.usagi, self.risu);
        self.put(self.municipality.0, Municipality { name: Some("さざなみ市".into()), ..Default::default() }, vec![]);
        for (id, name) in [(minato, "みなと保育園"), (sakura, "さくら保育園")] {
            let facility = Facility {
                name: Some(name.into()),
                phone: Some("0190-00-0100".into()),
                opens: Some(hm("07:00")),
                closes: Some(hm("19:00")),
                cut_off: Some(hm("09:00")),
                ..Default::default()
            };
            self.put(id.0, facility, vec![]);
        }
        for (id, facility, name, age) in [(usagi, minato, "うさぎ組", 2), (risu, sakura, "りす組", 1)] {
            self.put(
                id.0,
                ClassGroup { name: Some(name.into()), age: Some(age), facility, ..Default::default() },
                vec![facility.0],
            );
        }
        let room =
            Room {
                name: Some("うさぎ組の部屋".into()), home_of: Some(usagi), facility: minato, ..Default::default()
            };
        self.put(self.usagi_room.0, room, vec![minato.0]);
        let hall = Room { name: Some("ホール".into()), facility: minato, ..Default::default() };
        self.put(self.hall.0, hall, vec![minato.0]);
        self.staff(self.abe, "阿部 真由", minato, Role::Caregiver);
        self.staff(self.tamura, "田村 涼", minato, Role::Caregiver);
        self.staff(self.director, "大友 恵", minato, Role::Director);
        for (id, facility) in [(self.tablet, minato), (self.tablet_sakura, sakura)] {
            let device = Device {
                purpose: Some(Purpose::ClassTablet),
                name: Some("うさぎ組 1".into()),
                public_key: Some("0".repeat(64)),
                owner: facility.0,
                ..Default::default()
            };
            self.put(id.0, device, vec![facility.0]);
        }
    }

    /// Writes a record as the server, in the municipality's feed.
    pub fn put<K: Kind>(&mut self, id: Uuid, new: K, keys: Vec<Uuid>) -> RecordId {
        self.put_in(self.municipality.into(), Subject(id), None, id, new, keys)
    }

    pub fn put_in<K: Kind>(
        &mut self,
        feed: FeedId,
        subject: Subject,
        on: Option<Day>,
        id: Uuid,
        new: K,
        keys: Vec<Uuid>,
    ) -> RecordId {
        let who =
            Who { device: DeviceId(SYSTEM.0), person: Some(SYSTEM), standing: Standing::default(), proof: Proof::Own };
        let mut ids = std::mem::take(&mut self.ids);
        let mut moment =
            Moment { at: at("06:00"), clock: Clock::default(), basis: GrantsVersion(0), app: "test", ids: &mut ids };
        let mut out = Composer::new(&who, SYSTEM, &mut moment);
        let made = out.make_as(RecordId(id), feed, subject, on, new, keys).unwrap();
        let act = out.finish();
        self.ids = ids;
        self.accept(&act.changes, None).unwrap();
        made
    }

    fn staff(&mut self, id: PersonId, name: &str, facility: FacilityId, role: Role) {
        self.put(
            id.0,
            Person { names: Some(names(name, name)), pin: Some("hash".into()), ..Default::default() },
            vec![],
        );
        let assignment = Assignment {
            role: Some(role),
            from: Some(day("2026-04-01")),
            person: id.0,
            facility,
            ..Default::default()
        };
        let record = self.ids.next();
        self.put_in(self.municipality.into(), Subject(id.0), None, record, assignment, vec![id.0, facility.0]);
    }

    /// A child of うさぎ組 who comes Monday to Friday 8:30 to 16:30, with a mother who has joined.
    pub fn child(&mut self, kana: &str) -> ChildId {
        self.child_at(kana, self.minato, self.usagi)
    }

    pub fn child_at(&mut self, kana: &str, facility: FacilityId, class: ClassId) -> ChildId {
        let child = ChildId(self.ids.next());
        let record = Child { names: Some(names(kana, kana)), birth: Some(day("2024-05-03")), ..Default::default() };
        self.put(child.0, record, vec![]);
        self.children.insert(kana.into(), child);
        self.place(child, facility, class);
        self.guardian(child, &format!("{kana}の母"), "mother");
        child
    }

    pub fn place(&mut self, child: ChildId, facility: FacilityId, class: ClassId) {
        let placement = Placement {
            from: Some(day("2026-04-01")),
            class_age: Some(2),
            seat: Some(u16::try_from(self.children.len()).unwrap()),
            child,
            facility,
            class,
            ..Default::default()
        };
        let id = self.ids.next();
        self.put_in(self.municipality.into(), child.into(), None, id, placement, vec![child.0, facility.0, class.0]);
        let week = (1..=5).map(|d| (d.to_string(), Span { from: hm("08:30"), to: hm("16:30") })).collect();
        let pattern = CarePattern { week: Some(week), from: Some(day("2026-04-01")), child, ..Default::default() };
        let id = self.ids.next();
        self.put_in(facility.into(), child.into(), None, id, pattern, vec![child.0]);
    }

    pub fn guardian(&mut self, child: ChildId, name: &str, relation: &str) -> PersonId {
        let person = PersonId(self.ids.next());
        let record =
            Person { names: Some(names(name, name)), phones: Some(vec!["080-0000-0001".into()]), ..Default::default() };
        self.put(person.0, record, vec![]);
        self.people.insert(name.into(), person);
        self.guardianship(child, person, relation);
        person
    }

    pub fn guardianship(&mut self, child: ChildId, person: PersonId, relation: &str) {
        let g = Guardianship {
            relation: Some(relation.into()),
            sight: Some(SightRight::Full),
            pickup: Some(true),
            call_order: Some(1),
            joining: Some(Joining::Confirmed),
            child,
            person: person.0,
            ..Default::default()
        };
        let id = self.ids.next();
        self.put_in(self.municipality.into(), child.into(), None, id, g, vec![child.0, person.0]);
    }

    pub fn household(&mut self, children: &[ChildId]) {
        let household = nursery::ids::HouseholdId(self.ids.next());
        for child in children {
            let member =
                HouseholdMember { from: Some(day("2026-04-01")), household, child: *child, ..Default::default() };
            let id = self.ids.next();
            self.put_in(self.municipality.into(), (*child).into(), None, id, member, vec![household.0, child.0]);
        }
    }

    pub fn clock(&self, at: DeviceTime) -> Clock {
        let now = at.0 + self.error_ms.unwrap_or(0);
        Clock {
            error_ms: self.error_ms,
            highest_ms: if self.highest == 0 { now } else { self.highest },
            confirmed: self.confirmed,
            heard_ms: now - self.deaf_minutes * 60_000,
        }
    }

    fn who(&self, device: DeviceId, person: Option<PersonId>, proof: Proof, on: Day) -> Who {
        let device_standing = standing(&self.records, self.municipality, Principal::Device(device), on).unwrap();
        let known = nursery::core::get::<Device>(&self.records, device.0).unwrap().is_some();
        let standing = match person {
            Some(person) => {
                let own = standing(&self.records, self.municipality, Principal::Person(person), on).unwrap();
                if known { through(own, &device_standing) } else { own }
            }
            None => device_standing,
        };
        Who { device, person, standing, proof }
    }

    /// A member of staff on the tablet of みなと.
    pub fn abe(&self) -> Who {
        self.who(self.tablet, Some(self.abe), Proof::Face, tuesday())
    }
    pub fn with_pin(&self, person: PersonId) -> Who {
        self.who(self.tablet, Some(person), Proof::Pin, tuesday())
    }
    pub fn face(&self, person: PersonId) -> Who {
        self.who(self.tablet, Some(person), Proof::Face, tuesday())
    }
    pub fn nobody(&self) -> Who {
        self.who(self.tablet, None, Proof::Face, tuesday())
    }
    /// Somebody on an own phone.
    pub fn own(&self, person: PersonId) -> Who {
        self.who(DeviceId(person.0), Some(person), Proof::Own, tuesday())
    }

    /// Composes the act of a command without sending it: what a device without network holds.
    pub fn compose(&mut self, who: &Who, time: DeviceTime, command: Command) -> Result<Act, Refusal> {
        let mut ids = std::mem::take(&mut self.ids);
        let clock = self.clock(time);
        let mut moment = Moment { at: time, clock, basis: GrantsVersion(1), app: "test", ids: &mut ids };
        let act = act(&self.records, who, &mut moment, command);
        self.ids = ids;
        act
    }

    /// The records that somebody holds, as a device without network does.
    pub fn held_by(&self, who: &Who) -> MemoryRecords {
        let sight = nursery::access::sight(&who.standing);
        let mut held = MemoryRecords::default();
        self.records.records.values().filter(|r| sight.sees(r)).for_each(|r| held.put(r.clone()));
        held
    }

    /// As [`World::does`], composed from what that person holds and nothing else.
    pub fn does_alone(&mut self, who: &Who, time: &str, command: Command) -> Result<Vec<RecordId>, Code> {
        let held = self.held_by(who);
        let all = std::mem::replace(&mut self.records, held);
        let composed = self.compose(who, at(time), command);
        self.records = all;
        let act = composed.map_err(|r| r.code)?;
        self.accept(&act.changes, Some(&who.standing)).unwrap();
        Ok(act.done.records)
    }

    /// The server's duty: a child's families are told who may collect it.
    pub fn tell_collectors(&mut self, child: ChildId) {
        let list = nursery::rules::told_to_families(&self.records, child, tuesday()).unwrap();
        let told = nursery::server::Collectors { child, list: Some(list), ..Default::default() };
        let id = RecordId::derived(self.municipality.into(), "collectors", &child.to_string());
        self.records.records.remove(&id);
        self.put_in(self.municipality.into(), child.into(), None, id.0, told, vec![child.0]);
    }

    /// Composes and has the server accept it.
    pub fn does(&mut self, who: &Who, time: &str, command: Command) -> Result<Vec<RecordId>, Code> {
        let act = self.compose(who, at(time), command).map_err(|r| r.code)?;
        let records = act.done.records.clone();
        self.accept(&act.changes, Some(&who.standing)).unwrap();
        Ok(records)
    }

    /// The server judges and merges; changes of one act together.
    pub fn accept(&mut self, changes: &[Change], standing: Option<&Standing>) -> Result<(), String> {
        let mut acts: Vec<(ActId, Vec<Change>)> = vec![];
        for change in changes {
            match acts.iter_mut().find(|(id, _)| *id == change.act) {
                Some((_, all)) => all.push(change.clone()),
                None => acts.push((change.act, vec![change.clone()])),
            }
        }
        for (_, act) in acts {
            match judge(&self.records, &|_| true, standing, standing, &act, tuesday()).unwrap() {
                Judgement::Accept { records, .. } => {
                    for mut record in records {
                        self.seq += 1;
                        record.seq = Some(Seq(self.seq));
                        record.accepted.get_or_insert(ServerTime(self.seq as i64));
                        self.records.put(record);
                    }
                }
                other => return Err(format!("{other:?}")),
            }
        }
        Ok(())
    }

    pub fn ask(&self, who: &Who, time: DeviceTime, query: &Query) -> Result<View, Code> {
        nursery::ask::ask(&self.records, who, time, self.clock(time), query).map(|a| a.view).map_err(|r| r.code)
    }

    pub fn board(&self, time: &str) -> BoardView {
        self.board_at(at(time))
    }
    pub fn board_at(&self, time: DeviceTime) -> BoardView {
        let place = PlaceRef::Class { facility: self.minato, class: self.usagi };
        match self.ask(&self.abe(), time, &Query::Board { place }) {
            Ok(View::Board(board)) => board,
            other => panic!("{other:?}"),
        }
    }
    pub fn tile(&self, time: &str, kana: &str) -> Tile {
        let board = self.board(time);
        board.tiles.into_iter().find(|t| t.kana == kana).unwrap_or_else(|| panic!("{kana} has no tile"))
    }
    pub fn arrive(&self, kana: &str) -> Command {
        Command::Arrive { facility: self.minato, children: vec![self.children[kana]], room: None }
    }
}
