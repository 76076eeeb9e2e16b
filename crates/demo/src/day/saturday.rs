//! A Saturday: few children, all in the hall, those of two sites as guests at みなと.

use super::Script;
use super::dated::{saturday_children, saturday_host};
use super::facts::{Punching, Saying};
use crate::town::{Kid, Shift, Site, Worker};
use nursery::attendance::{Announced, Channel, PunchSort, PunchSource, Reason};
use nursery::ids::RoomId;
use records::TimeOfDay;

/// Everything that happens on this Saturday.
pub(crate) fn script(script: &mut Script) {
    let town = script.town;
    for host in &town.sites {
        if saturday_host(town, host).is_none_or(|site| site.id != host.id) {
            continue;
        }
        script.session(host, host.opens, host.closes);
        let staff: Vec<&Worker> = town.workers_of(host).filter(|w| w.shift == Shift::Middle).take(4).collect();
        for who in &staff {
            let (comes, goes) = (script.time(TimeOfDay::hm(7, 55)), script.time(TimeOfDay::hm(17, 0)));
            script.presence(comes, host, who, host.hall);
            script.presence(goes, host, who, RoomId::default());
        }
        let Some(by) = staff.last().copied() else { continue };
        let guests = town.sites.iter().filter(|s| saturday_host(town, s).is_some_and(|site| site.id == host.id));
        let kids: Vec<&Kid> = guests.flat_map(|home| saturday_children(town, home, script.day)).collect();
        for (nth, kid) in kids.into_iter().enumerate() {
            if nth == 1 {
                script.stays_at_home(host, kid, by);
            } else {
                script.saturday_child(host, kid, by);
            }
        }
    }
}

impl<'a> Script<'a> {
    fn saturday_child(&mut self, site: &'a Site, kid: &'a Kid, by: &'a Worker) {
        let comes = self.around(TimeOfDay::hm(8, 30), 25, 25);
        let goes = self.around(TimeOfDay::hm(16, 10), 60, 25);
        let Some(tie) = kid.usual_collector() else { return };
        let arrival = Punching {
            site,
            kid,
            sort: PunchSort::Arrival,
            source: PunchSource::Staff,
            room: site.hall,
            collector: None,
            by,
            tablet: site.hall_tablet,
        };
        let collector = Some(tie.collects());
        let (comes, goes) = (self.time(comes), self.time(goes));
        self.punch(comes, arrival.clone());
        self.punch(goes, Punching { sort: PunchSort::Departure, collector, ..arrival });
    }

    fn stays_at_home(&mut self, site: &'a Site, kid: &'a Kid, by: &'a Worker) {
        let Some(tie) = kid.writer().or_else(|| kid.ties.first()) else { return };
        let channel = if kid.writer().is_some() { Channel::App } else { Channel::Phone };
        let announced = Announced::Absence { reason: Reason::Family };
        let tablet = (site.hall_tablet, "ホール");
        let at = self.time(TimeOfDay::hm(8, 1));
        self.announce(at, Saying { site, kid, tie, announced, temperature: None, channel, by, tablet });
        let read = self.time(TimeOfDay::hm(8, 12));
        self.acknowledge(read, site, kid, by, site.hall_tablet);
    }
}
