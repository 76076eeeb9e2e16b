//! A long past of one nursery, for measuring: about a thousand records on every open day.

use crate::book::{Book, Pen, make};
use crate::chance::{Chance, FixedIds};
use crate::day::Script;
use crate::register;
use crate::town::{Town, town_ids};
use crate::year::Year;
use nursery::attendance::Sighting;
use nursery::clock;
use nursery::ids::FacilityId;
use records::{Change, Day, DeviceTime, TimeOfDay};
use std::collections::VecDeque;

/// Looks per child and day, as many as a nap check every ten minutes makes.
const LOOKS: u16 = 13;

/// Acts of one nursery's past, day by day, the earliest first; first of all its families.
pub struct History {
    seed: u64,
    town: Town,
    days: VecDeque<Day>,
    ready: VecDeque<Vec<Change>>,
}

/// The `months` before `until` of a nursery with this many children: a hundred children and thirteen months make about
/// 400,000 records. The children are those of the first day; nobody enters or leaves.
#[must_use]
pub fn history(seed: u64, until: Day, facility_children: u16, months: u16) -> History {
    let first = until.plus(-(i32::from(months) * 365 / 12));
    let year = Year::of(first);
    let town = Town::plain(seed, year, facility_children);
    let mut book = Book::new(town_ids(seed ^ 1));
    register::town(&town, &mut book);
    let days = (0..until.number() - first.number()).map(|n| first.plus(n));
    let days = days.filter(|day| Year::of(*day).is_open(*day) && day.weekday() != 6).collect();
    History { seed, town, days, ready: book.acts.into() }
}

impl History {
    /// The nursery.
    #[must_use]
    pub fn facility(&self) -> FacilityId {
        self.town.sites.first().map(|site| site.id).unwrap_or_default()
    }

    fn write(&self, day: Day) -> Vec<Vec<Change>> {
        let mut book = Book::new(FixedIds::new(Chance::of(self.seed, "history", day.number())));
        let mut script = Script::new(&self.town, self.seed, day);
        for site in &self.town.sites {
            script.light(site);
            script.looks(site);
        }
        script.play(&mut book, DeviceTime(i64::MAX));
        book.acts
    }
}

impl Iterator for History {
    type Item = Vec<Change>;

    fn next(&mut self) -> Option<Vec<Change>> {
        while self.ready.is_empty() {
            let day = self.days.pop_front()?;
            self.ready = self.write(day).into();
        }
        self.ready.pop_front()
    }
}

impl<'a> Script<'a> {
    /// Every child is looked at again and again while the others sleep.
    fn looks(&mut self, site: &'a crate::town::Site) {
        let (town, day) = (self.town, self.day);
        let start = clock::moment(day, TimeOfDay::hm(12, 40));
        for (nth, (kid, stay)) in (0i64..).zip(town.children_of(site, day)) {
            let Some(class) = site.class_of(stay.class) else { continue };
            let Some(by) = town.workers_of(site).find(|worker| worker.class == Some(class.id)) else { continue };
            for look in 0..LOOKS {
                let at = start.plus_ms(i64::from(look) * 600_000 + nth * 1_000);
                let pen = Pen { author: by.person, device: class.tablet, at };
                self.add(pen, move |c, _| {
                    let (seen, room) = (Some(true), Some(class.room));
                    let new = Sighting { child: kid.id, seen, at: Some(at), room, ..Default::default() };
                    let keys = new.key_ids();
                    make(c, site.id, kid.id, Some(day), (new, keys))?;
                    Ok(())
                });
            }
        }
    }
}
