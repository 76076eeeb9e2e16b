//! Earlier days in light form: punches only.

use super::Script;
use super::dated::saturday_host;
use super::facts::Punching;
use crate::book::Book;
use crate::chance::{Chance, FixedIds};
use crate::town::{Kid, Shift, Site, Stay, Town};
use nursery::attendance::{PunchSort, PunchSource};
use records::{Day, DeviceTime, TimeOfDay};

/// Writes the arrivals and departures of the last `days` open days before `today`, the earliest first.
pub(crate) fn past(town: &Town, seed: u64, today: Day, days: u16, book: &mut Book) {
    let open = (1..400).map(|n| today.plus(-n)).filter(|day| town.year.is_open(*day));
    let mut days: Vec<Day> = open.take(usize::from(days)).collect();
    days.reverse();
    for day in days {
        book.ids = FixedIds::new(Chance::of(seed, "ids of past day", day.number()));
        let mut script = Script::new(town, seed, day);
        for site in &town.sites {
            script.light(site);
        }
        script.play(book, DeviceTime(i64::MAX));
    }
}

impl<'a> Script<'a> {
    /// One site's day: who came, when, and who was fetched. Six in a hundred stayed at home.
    pub(crate) fn light(&mut self, home: &'a Site) {
        let site = if self.day.weekday() == 6 { saturday_host(self.town, home) } else { Some(home) };
        let Some(site) = site else { return };
        let Some(by) = self.town.workers_of(site).find(|w| w.shift == Shift::Early) else { return };
        let town = self.town;
        for (kid, stay) in town.children_of(home, self.day) {
            if stay.comes_on(self.day) && !self.chance.percent(6) {
                self.came_and_went(site, kid, stay, by);
            }
        }
    }

    fn came_and_went(&mut self, site: &'a Site, kid: &'a Kid, stay: &Stay, by: &'a crate::town::Worker) {
        let Some(tie) = kid.usual_collector() else { return };
        let usual = kid.settling.iter().find(|(day, _)| *day == self.day).map(|(_, span)| *span).or(stay.usual);
        let usual = usual.unwrap_or_default();
        let (room, tablet) = match site.class_of(stay.class) {
            Some(class) if self.day.weekday() != 6 => (class.room, class.tablet),
            _ => (site.hall, site.hall_tablet),
        };
        let arrival = Punching {
            site,
            kid,
            sort: PunchSort::Arrival,
            source: PunchSource::Staff,
            room,
            collector: None,
            by,
            tablet,
        };
        let collector = Some(tie.collects());
        let (comes, goes) = (self.at_about(usual.from, 8, 14), self.at_about(usual.to, 10, 12));
        self.punch(comes, arrival.clone());
        self.punch(goes, Punching { sort: PunchSort::Departure, collector, ..arrival });
    }

    fn at_about(&mut self, time: TimeOfDay, before: u16, after: u16) -> DeviceTime {
        let time = self.around(time, before, after);
        self.time(time).plus_ms(i64::from(self.chance.between(0, 59)) * 1_000)
    }
}
