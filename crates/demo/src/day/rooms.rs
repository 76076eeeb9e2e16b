//! Rooms and the people who work in them: the hall early and late, the rooms of the classes in between.

use super::Script;
use crate::town::{Class, Shift, Site, Worker};
use nursery::ids::{ClassId, RoomId};
use records::{DeviceId, TimeOfDay};

/// The hall until then for the youngest.
const YOUNGEST_LEAVE: TimeOfDay = TimeOfDay::hm(8, 15);
/// The hall until then for everybody else.
const HALL_ENDS: TimeOfDay = TimeOfDay::hm(8, 30);
/// In the hall again from then on.
pub(crate) const EVENING: TimeOfDay = TimeOfDay::hm(17, 30);

/// In so many ms before their room opens the children of a class go there, one after the other.
pub(crate) const MOVE_MS: i64 = 240_000;

/// When the room of a class opens. A development centre has no joint care.
pub(crate) fn opens(site: &Site, class: &Class) -> TimeOfDay {
    match class.age {
        _ if site.is_centre() => site.opens,
        Some(0 | 1) => YOUNGEST_LEAVE,
        _ => HALL_ENDS,
    }
}

/// Room, tablet, and the name of that tablet's class, at a time of a weekday.
pub(crate) fn room_at<'a>(site: &'a Site, class: &'a Class, time: TimeOfDay) -> (RoomId, DeviceId, &'static str) {
    let joint = !site.is_centre() && (time < opens(site, class) || time >= EVENING);
    if joint { (site.hall, site.hall_tablet, "ホール") } else { (class.room, class.tablet, class.name) }
}

impl<'a> Script<'a> {
    /// Somebody who is at work at that time, if possible in that class.
    pub(crate) fn on_duty(&mut self, site: &'a Site, class: ClassId, time: TimeOfDay) -> Option<&'a Worker> {
        let at_work = |w: &&Worker| works(w.shift).is_some_and(|(from, to)| from <= time && time < to);
        let here: Vec<&Worker> = self.town.workers_of(site).filter(at_work).collect();
        let mine: Vec<&Worker> = here.iter().copied().filter(|w| w.class == Some(class)).collect();
        let anybody: Vec<&Worker> = self.town.workers_of(site).filter(|w| w.shift == Shift::Early).collect();
        let from = [mine, here, anybody].into_iter().find(|list| !list.is_empty())?;
        let nth = usize::from(self.chance.between(0, 999)) % from.len();
        from.get(nth).copied()
    }

    /// Everybody's way through the day.
    pub(crate) fn staff_presence(&mut self, site: &'a Site) {
        if !site.is_centre() {
            self.session(site, site.opens, HALL_ENDS);
            self.session(site, EVENING, site.closes);
        }
        let town = self.town;
        for (nth, worker) in town.workers_of(site).enumerate() {
            let class = worker.class.and_then(|id| site.class_of(id));
            match (worker.shift, class) {
                (Shift::Off, _) => {}
                (Shift::Early, class) => self.early(site, worker, class),
                (Shift::Middle, Some(class)) => self.middle(site, worker, class, nth % 2 == 0),
                (Shift::Middle, None) => self.in_office(site, worker),
                (Shift::Late, _) => self.late(site, worker, nth),
            }
        }
    }

    /// Into the room of a class with the first of its children: no group is left alone on the way.
    fn leads_into(&mut self, site: &'a Site, who: &'a Worker, class: &'a Class) {
        let at = self.time(opens(site, class)).plus_ms(-MOVE_MS);
        self.presence(at, site, who, class.room);
    }

    fn comes_into(&mut self, site: &'a Site, who: &'a Worker, time: TimeOfDay, room: RoomId) {
        let at = self.time(time);
        self.presence(at, site, who, room);
    }

    fn early(&mut self, site: &'a Site, who: &'a Worker, class: Option<&'a Class>) {
        let home = class.map_or(site.hall, |class| class.room);
        if site.is_centre() {
            self.comes_into(site, who, site.opens, home);
        } else {
            self.comes_into(site, who, site.opens, site.hall);
            match class {
                Some(class) => self.leads_into(site, who, class),
                None => self.comes_into(site, who, HALL_ENDS, home),
            }
        }
        self.comes_into(site, who, TimeOfDay::hm(16, 0), RoomId::default());
    }

    fn middle(&mut self, site: &'a Site, who: &'a Worker, class: &'a Class, helps: bool) {
        if helps && !site.is_centre() && !in_the_picture(who) {
            self.comes_into(site, who, TimeOfDay::hm(7, 45), site.hall);
        }
        match site.is_centre() || in_the_picture(who) {
            true => self.comes_into(site, who, opens(site, class), class.room),
            false => self.leads_into(site, who, class),
        }
        let goes = self.around(EVENING, 0, 10);
        self.comes_into(site, who, goes, RoomId::default());
    }

    fn in_office(&mut self, site: &'a Site, who: &'a Worker) {
        let comes = self.around(TimeOfDay::hm(8, 15), 10, 10);
        self.comes_into(site, who, comes, site.office);
        let director = who.role == nursery::people::Role::Director;
        if director && !site.is_centre() {
            self.comes_into(site, who, EVENING, site.hall);
        }
        let goes = if director { site.closes } else { TimeOfDay::hm(17, 45) };
        self.comes_into(site, who, goes, RoomId::default());
    }

    fn late(&mut self, site: &'a Site, who: &'a Worker, nth: usize) {
        let class = site.classes.get(nth % site.classes.len().max(1));
        self.comes_into(site, who, TimeOfDay::hm(10, 0), class.map_or(site.hall, |class| class.room));
        if !site.is_centre() {
            self.comes_into(site, who, EVENING, site.hall);
        }
        self.comes_into(site, who, site.closes, RoomId::default());
    }
}

/// The two who open the hall of みなと are alone until the others come; 阿部 opens her room at 8:30.
fn in_the_picture(who: &Worker) -> bool {
    who.names.legal == "阿部 真由"
}

fn works(shift: Shift) -> Option<(TimeOfDay, TimeOfDay)> {
    let hm = TimeOfDay::hm;
    match shift {
        Shift::Early => Some((hm(6, 45), hm(16, 0))),
        Shift::Middle => Some((hm(7, 45), hm(17, 30))),
        Shift::Late => Some((hm(10, 0), hm(19, 15))),
        Shift::Off => None,
    }
}
