//! Who comes when on a weekday, and who does not.

use super::Script;
use crate::town::{Kid, Scripted, Site, Stay, script};
use nursery::attendance::PunchSource;
use nursery::ids::{ChildId, HouseholdId};
use nursery::people::Hours;
use records::TimeOfDay;
use std::collections::BTreeMap;

/// How many children of a site miss the morning, besides those known by name.
pub(crate) struct Misses {
    pub(crate) absent: usize,
    pub(crate) late: usize,
    pub(crate) unreported: usize,
}

/// Per site, so that the city looks the same at twenty to ten on every weekday.
pub(crate) fn misses(site: &Site) -> Misses {
    let (absent, late, unreported) = match site.key {
        "minato" => (4, 0, 0),
        "sakura" => (5, 1, 1),
        "kawagishi" => (6, 1, 0),
        "kitanosawa" => (5, 1, 0),
        "tsubame" => (4, 1, 0),
        "hidamari" => (3, 0, 0),
        "wanomori" => (3, 1, 0),
        _ => (1, 1, 0),
    };
    Misses { absent, late, unreported }
}

/// What becomes of an expected child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Comes as usual.
    Comes,
    /// Announced as absent.
    Absent,
    /// Announced as late, comes then.
    Late,
    /// Nobody said anything; it turns out to be ill.
    Unreported,
    /// As [`Scripted`] says.
    Known(Scripted),
}

/// One expected child with its day.
#[derive(Clone)]
pub(crate) struct Coming<'a> {
    pub(crate) kid: &'a Kid,
    pub(crate) stay: &'a Stay,
    pub(crate) fate: Fate,
    /// `None`: does not come.
    pub(crate) comes: Option<TimeOfDay>,
    /// `None`: does not come, or nobody recorded the departure.
    pub(crate) goes: Option<TimeOfDay>,
    pub(crate) source: PunchSource,
}

impl<'a> Script<'a> {
    /// Everybody who is expected at a site by the usual pattern, with what happens.
    pub(crate) fn comings(&mut self, site: &'a Site) -> Vec<Coming<'a>> {
        let town = self.town;
        let day = self.day;
        let expected: Vec<(&Kid, &Stay)> =
            town.children_of(site, day).into_iter().filter(|(_, stay)| stay.comes_on(day)).collect();
        let fates = self.fates(site, &expected);
        let mut siblings = BTreeMap::new();
        let mut all: Vec<Coming> = expected
            .into_iter()
            .map(|(kid, stay)| {
                let fate = fates.get(&kid.id).copied().unwrap_or(Fate::Comes);
                self.coming(site, kid, stay, fate, &mut siblings)
            })
            .collect();
        self.last_ones(site, &mut all);
        all
    }

    fn fates(&mut self, site: &Site, expected: &[(&Kid, &Stay)]) -> BTreeMap<ChildId, Fate> {
        let mut fates = BTreeMap::new();
        let mut free = vec![];
        for (kid, stay) in expected {
            match script().find(|s| matches!(site.key, "minato" | "hidamari") && kid.called(s.family, s.given)) {
                Some(scripted) => {
                    fates.insert(kid.id, Fate::Known(scripted));
                }
                None if kid.stays.len() == 1 && !kid.tries_centre && kid.settling.is_empty() && morning(stay) => {
                    free.push(kid.id)
                }
                None => {}
            }
        }
        let misses = misses(site);
        let mut order = self.chance.shuffled(free).into_iter();
        for (count, fate) in
            [(misses.absent, Fate::Absent), (misses.late, Fate::Late), (misses.unreported, Fate::Unreported)]
        {
            fates.extend(order.by_ref().take(count).map(|id| (id, fate)));
        }
        fates
    }

    fn coming(
        &mut self,
        site: &Site,
        kid: &'a Kid,
        stay: &'a Stay,
        fate: Fate,
        siblings: &mut BTreeMap<HouseholdId, (TimeOfDay, TimeOfDay)>,
    ) -> Coming<'a> {
        let (from, to) = self.usual_today(kid, stay);
        let mut comes = self.around(from, 8, 12).max(earliest(site));
        let mut goes = self.around(to, 10, 12);
        let door = kid.kept_from.is_empty() && self.chance.percent(35);
        let source = if door { PunchSource::Kiosk } else { PunchSource::Staff };
        if fate == Fate::Comes
            && !site.is_centre()
            && let Some(home) = kid.households.first()
        {
            let together = siblings.entry(*home).and_modify(|times| times.0.0 += 1).or_insert((comes, goes));
            (comes, goes) = *together;
        }
        let day = match fate {
            Fate::Comes => (Some(comes), Some(goes), source),
            Fate::Absent | Fate::Unreported => (None, None, source),
            Fate::Late => (Some(self.around(TimeOfDay::hm(10, 5), 7, 10)), Some(goes), source),
            Fate::Known(scripted) => (scripted.comes, scripted.goes, scripted.source),
        };
        Coming { kid, stay, fate, comes: day.0, goes: day.1, source: day.2 }
    }

    /// The usual hours, or those of a day of settling in.
    fn usual_today(&self, kid: &Kid, stay: &Stay) -> (TimeOfDay, TimeOfDay) {
        let settling = kid.settling.iter().find(|(day, _)| *day == self.day).map(|(_, span)| *span);
        let span = settling.or(stay.usual).unwrap_or_default();
        (span.from, span.to)
    }

    /// A time near `time`.
    pub(crate) fn around(&mut self, time: TimeOfDay, before: u16, after: u16) -> TimeOfDay {
        TimeOfDay((time.0 + self.chance.between(0, before + after)).saturating_sub(before))
    }

    /// At every nursery one or two are still there at a quarter to seven; at one site a departure is forgotten.
    fn last_ones(&mut self, site: &Site, all: &mut [Coming]) {
        if site.is_centre() {
            return;
        }
        let full =
            |c: &&mut Coming| c.fate == Fate::Comes && c.stay.hours == Hours::Standard && c.kid.settling.is_empty();
        let mut last = all.iter_mut().filter(full).skip(usize::from(self.chance.between(3, 9)));
        for minute in [47, 52] {
            if let Some(coming) = last.next() {
                coming.goes = Some(TimeOfDay::hm(18, minute));
            }
        }
        if site.key == "kawagishi"
            && let Some(coming) = last.next()
        {
            coming.goes = None;
        }
    }
}

fn morning(stay: &Stay) -> bool {
    stay.usual.is_some_and(|span| span.from < TimeOfDay::hm(12, 0))
}

/// Nobody comes before; at みなと those who come before 7:42 are known by name.
fn earliest(site: &Site) -> TimeOfDay {
    match site.key {
        "minato" => TimeOfDay::hm(7, 43),
        "hidamari" => TimeOfDay::hm(8, 45),
        _ => TimeOfDay::hm(7, 3),
    }
}
