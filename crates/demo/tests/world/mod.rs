//! The city, merged and ready to be asked.
#![allow(dead_code)]

use demo::{City, SiteIds};
use nursery::attendance::{Announced, Announcement, Away, AwayBack, Punch, PunchSort};
use nursery::calendar::CarePattern;
use nursery::clock;
use nursery::core::{Form, MemoryRecords, Scan, collect, get};
use nursery::ids::{ChildId, ClassId, FacilityId};
use nursery::people::{Child, Guardianship, Person, Placement};
use records::{Change, Day, DeviceTime, PersonId, TimeOfDay, apply};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// The moments at which the city must look right.
pub const MOMENTS: [&str; 8] = [
    "2026-11-24 06:50",
    "2026-11-24 08:15",
    "2026-11-24 09:35",
    "2026-11-24 12:40",
    "2026-11-24 16:40",
    "2026-11-24 18:45",
    "2026-11-28 10:00",
    "2026-12-29 10:00",
];

/// A moment written `2026-11-24 09:34`, Japanese time.
pub fn at(text: &str) -> DeviceTime {
    let (day, time) = text.split_once(' ').unwrap();
    clock::moment(day.parse().unwrap(), time.parse().unwrap())
}

/// The city with one earlier day.
pub fn city(moment: &str) -> City {
    demo::city_with(7, at(moment), &demo::Options { past_days: 1 })
}

/// A city with its records merged.
pub struct World {
    pub city: City,
    pub at: DeviceTime,
    pub records: MemoryRecords,
}

impl Default for World {
    fn default() -> Self {
        let options = demo::Options { past_days: 0 };
        let at = at("2026-04-01 04:00");
        Self { city: demo::city_with(7, at, &options), at, records: MemoryRecords::default() }
    }
}

/// What one child of one site is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    OnLeave,
    NotExpected,
    Here,
    Out,
    Left,
    Absent,
    StillComing,
    Unreported,
}

impl World {
    /// The city at a moment; made once per moment and test program.
    pub fn at(moment: &str) -> Arc<Self> {
        static MADE: Mutex<BTreeMap<String, Arc<World>>> = Mutex::new(BTreeMap::new());
        let mut made = MADE.lock().unwrap();
        made.entry(moment.to_owned()).or_insert_with(|| Arc::new(Self::of_seed(7, moment))).clone()
    }

    pub fn of_seed(seed: u64, moment: &str) -> Self {
        let city = demo::city_with(seed, at(moment), &demo::Options { past_days: 1 });
        let records = merged(&city.changes);
        Self { city, at: at(moment), records }
    }

    pub fn site(&self, key: &str) -> &SiteIds {
        self.city.facilities.iter().find(|site| site.key == key).unwrap()
    }

    pub fn class(&self, site: &str, name: &str) -> ClassId {
        self.site(site).classes.iter().find(|class| class.0 == name).unwrap().1
    }

    pub fn all<K: Form>(&self) -> Vec<K> {
        collect(&self.records, &Scan::of::<K>()).unwrap()
    }

    pub fn today<K: Form>(&self, site: FacilityId) -> Vec<K> {
        collect(&self.records, &Scan::of::<K>().feed(site).day(self.city.today)).unwrap()
    }

    pub fn of_child<K: Form>(&self, child: ChildId) -> Vec<K> {
        collect(&self.records, &Scan::of::<K>().key(0, child)).unwrap()
    }

    pub fn name(&self, person: PersonId) -> String {
        get::<Person>(&self.records, person.0).unwrap().unwrap().names.unwrap().legal
    }

    pub fn person(&self, person: impl Into<uuid::Uuid>) -> Person {
        get::<Person>(&self.records, person.into()).unwrap().unwrap()
    }

    pub fn child(&self, child: ChildId) -> Child {
        get::<Child>(&self.records, child).unwrap().unwrap()
    }

    /// Children of this legal name, the eldest first.
    pub fn children_called(&self, legal: &str) -> Vec<Child> {
        let mut all: Vec<Child> = self.all();
        all.retain(|child| child.names.as_ref().unwrap().legal == legal);
        all.sort_by_key(|child| child.birth);
        all
    }

    pub fn child_called(&self, legal: &str) -> Child {
        let mut all = self.children_called(legal);
        assert_eq!(all.len(), 1, "{legal}");
        all.remove(0)
    }

    pub fn guardians(&self, child: &Child) -> Vec<Guardianship> {
        let mut all: Vec<Guardianship> = self.of_child(child.meta.id.into());
        all.sort_by_key(|tie| tie.call_order);
        all
    }

    pub fn placements(&self, child: &Child) -> Vec<Placement> {
        self.of_child(child.meta.id.into())
    }

    /// Placements that hold at a site on a day, by class and seat.
    pub fn placed(&self, site: &str, day: Day) -> Vec<Placement> {
        let site = self.site(site);
        let mut here: Vec<Placement> = collect(&self.records, &Scan::of::<Placement>().key(1, site.facility)).unwrap();
        here.retain(|placement| placement.holds_on(day));
        here.sort_by_key(|p| (site.classes.iter().position(|c| c.1 == p.class), p.seat));
        here
    }

    /// Who is expected today at a site by pattern or single day.
    pub fn expected(&self, site: FacilityId) -> BTreeMap<ChildId, TimeOfDay> {
        use nursery::calendar::{DayType, ExpectedDay, SiteDay};
        let today = self.city.today;
        let closed = self.today::<SiteDay>(site).iter().any(|d| d.day_type == Some(DayType::Closed));
        if closed || today.weekday() == 7 {
            return BTreeMap::new();
        }
        let patterns = collect::<CarePattern>(&self.records, &Scan::of::<CarePattern>().feed(site)).unwrap();
        let weekday = today.weekday().to_string();
        let mut expected: BTreeMap<_, _> = patterns
            .iter()
            .filter(|p| p.from.unwrap() <= today && p.until.is_none_or(|u| today <= u))
            .filter_map(|p| Some((p.child, p.week.as_ref()?.get(&weekday)?.from)))
            .collect();
        for day in self.today::<ExpectedDay>(site) {
            expected.insert(day.child, day.span.unwrap().from);
        }
        expected
    }

    /// The state of every placed child of a site.
    pub fn states(&self, key: &str) -> BTreeMap<ChildId, State> {
        let site = self.site(key).facility;
        let expected = self.expected(site);
        let punches: Vec<Punch> = self.today(site);
        let announcements: Vec<Announcement> = self.today(site);
        let away: BTreeSet<ChildId> = self.today::<Away>(site).iter().map(|a| a.child).collect();
        let back: BTreeSet<ChildId> = self.today::<AwayBack>(site).iter().map(|b| b.child).collect();
        let punched = |child, sort| punches.iter().any(|p| p.child == child && p.sort == Some(sort));
        let now = clock::time_on(self.city.today, self.at);
        let state = |p: &Placement| match expected.get(&p.child) {
            _ if p.on_leave(self.city.today) => State::OnLeave,
            None => State::NotExpected,
            _ if punched(p.child, PunchSort::Departure) => State::Left,
            _ if punched(p.child, PunchSort::Arrival) => {
                if away.contains(&p.child) && !back.contains(&p.child) {
                    State::Out
                } else {
                    State::Here
                }
            }
            Some(from) => {
                let said = announcements.iter().find(|a| a.child == p.child).and_then(|a| a.announced.as_ref());
                match said {
                    Some(Announced::Absence { .. }) => State::Absent,
                    Some(Announced::Late { .. }) => State::StillComing,
                    _ if now >= TimeOfDay::hm(9, 30) && *from < TimeOfDay::hm(9, 30) => State::Unreported,
                    _ => State::StillComing,
                }
            }
        };
        self.placed(key, self.city.today).iter().map(|p| (p.child, state(p))).collect()
    }

    pub fn count(&self, key: &str, state: State) -> usize {
        self.states(key).values().filter(|s| **s == state).count()
    }

    pub fn here(&self) -> usize {
        self.city.facilities.iter().filter(|s| !s.sandbox).map(|s| self.count(s.key, State::Here)).sum()
    }
}

fn merged(acts: &[Vec<Change>]) -> MemoryRecords {
    let mut records = MemoryRecords::default();
    for change in acts.iter().flatten() {
        let before = records.records.get(&change.head.id).cloned();
        records.put(apply(before, change, &|_| true).unwrap());
    }
    records
}
