//! A weekday. The children known by name do what every picture shows; the others do what chance says, within limits
//! that keep the city's numbers the same.

use super::facts::{Punching, Saying};
use super::fates::{Coming, Fate};
use super::rooms::{self, EVENING, room_at};
use super::{Script, dated};
use crate::town::{Class, Collecting, Kid, Message, Site, Tie, Worker, announced, messages};
use nursery::attendance::{Announced, CallOutcome, Channel, PunchSort, PunchSource, Reason};
use nursery::clock;
use records::{DeviceTime, TimeOfDay};

const REASONS: &[Option<Reason>] = &[
    Some(Reason::Fever),
    Some(Reason::Fever),
    Some(Reason::Cough),
    Some(Reason::Stomach),
    Some(Reason::Family),
    Some(Reason::Infection),
    Some(Reason::Other),
];

/// Everything that happens on this weekday.
pub(crate) fn script(script: &mut Script) {
    let town = script.town;
    for site in &town.sites {
        script.staff_presence(site);
        let comings = script.comings(site);
        for (nth, coming) in comings.iter().enumerate() {
            script.child(site, coming, nth);
        }
        script.walk(site, &comings);
    }
    for message in messages() {
        script.known_message(message);
    }
    script.known_calls();
    script.centre_hours();
}

impl<'a> Script<'a> {
    fn child(&mut self, site: &'a Site, coming: &Coming<'a>, nth: usize) {
        let Some(class) = site.class_of(coming.stay.class) else { return };
        let kid = coming.kid;
        match coming.fate {
            Fate::Absent => {
                let reason = self.chance.pick(REASONS).unwrap_or(Reason::Other);
                self.reports(site, class, kid, (Announced::Absence { reason }, nth));
            }
            Fate::Late => {
                let late = Announced::Late { at: TimeOfDay::hm(10, 0), why: String::new() };
                self.reports(site, class, kid, (late, nth));
            }
            Fate::Unreported => self.called_about(site, class, kid),
            Fate::Comes | Fate::Known(_) => {}
        }
        if let Some(comes) = coming.comes {
            self.arrives(site, class, coming, comes);
            self.leaves(site, class, coming, comes);
        }
    }

    fn arrives(&mut self, site: &'a Site, class: &'a Class, coming: &Coming<'a>, comes: TimeOfDay) {
        let Some(by) = self.on_duty(site, class.id, comes) else { return };
        let (room, tablet, _) = room_at(site, class, comes);
        let at = self.second(coming, comes);
        let (kid, source) = (coming.kid, coming.source);
        let sort = PunchSort::Arrival;
        self.punch(at, Punching { site, kid, sort, source, room, collector: None, by, tablet });
        let opens = rooms::opens(site, class);
        if comes < opens && room != class.room {
            let seconds = i64::from(self.chance.between(0, 240)) * 1_000;
            let at = self.time(opens).plus_ms(-seconds).max(at.plus_ms(30_000));
            self.move_to(at, site, kid, by, (class.tablet, class.room));
        }
    }

    fn leaves(&mut self, site: &'a Site, class: &'a Class, coming: &Coming<'a>, comes: TimeOfDay) {
        let (kid, goes) = (coming.kid, coming.goes);
        if !site.is_centre() && goes.is_none_or(|goes| goes > EVENING) {
            let moved = self.time(EVENING).plus_ms(i64::from(self.chance.between(0, 200)) * 1_000 - 210_000);
            let by = self.on_duty(site, class.id, EVENING);
            if let Some(by) = by {
                self.move_to(moved, site, kid, by, (site.hall_tablet, site.hall));
            }
        }
        let Some(goes) = goes.filter(|goes| *goes > comes) else { return };
        let Some(by) = self.on_duty(site, class.id, goes) else { return };
        let (room, tablet, _) = room_at(site, class, goes);
        let at = self.second(coming, goes);
        let collector = self.collector(kid, goes);
        let (sort, source) = (PunchSort::Departure, PunchSource::Staff);
        self.punch(at, Punching { site, kid, sort, source, room, collector, by, tablet });
    }

    /// Known times are kept to the minute; others fall somewhere within it.
    fn second(&mut self, coming: &Coming, time: TimeOfDay) -> DeviceTime {
        let seconds = if matches!(coming.fate, Fate::Known(_)) { 0 } else { self.chance.between(0, 59) };
        self.time(time).plus_ms(i64::from(seconds) * 1_000)
    }

    fn collector(&mut self, kid: &Kid, goes: TimeOfDay) -> Option<Collecting> {
        let announced = kid.called("グエン", "うた") || kid.called("グエン", "ハイ");
        if let Some(who) = kid.pickups.first()
            && (announced || self.chance.percent(12))
        {
            return Some(who.collects());
        }
        let father = kid.called("すずき", "そうた")
            || (kid.households.len() > 1 && matches!(self.day.weekday(), 1 | 3 | 5))
            || (goes > EVENING && self.chance.percent(30));
        let tie: Option<&Tie> = if father { kid.tie("father").filter(|tie| tie.pickup) } else { None };
        tie.or_else(|| kid.usual_collector()).map(Tie::collects)
    }

    /// A family's message in the evening before or in the morning; every second one is confirmed by half past nine.
    fn reports(&mut self, site: &'a Site, class: &'a Class, kid: &'a Kid, (said, nth): (Announced, usize)) {
        let tie = kid.writer().or_else(|| kid.ties.first());
        let Some(tie) = tie else { return };
        let account = kid.writer().is_some() && self.chance.percent(85);
        let channel = if account { Channel::App } else { Channel::Phone };
        let evening = account && self.chance.percent(30);
        let at = if evening {
            let time = self.around(TimeOfDay::hm(19, 40), 90, 110);
            clock::moment(self.day.plus(-1), time)
        } else {
            let earliest = if account { TimeOfDay::hm(6, 35) } else { TimeOfDay::hm(7, 10) };
            let time = self.around(earliest, 0, 120);
            self.time(time)
        };
        let temperature = matches!(said, Announced::Absence { reason: Reason::Fever })
            .then(|| f32::from(self.chance.between(376, 392)) / 10.0);
        let now = clock::time_on(self.day, at).max(site.opens);
        let Some(by) = self.on_duty(site, class.id, now) else { return };
        let (_, tablet, name) = room_at(site, class, now);
        let saying = Saying { site, kid, tie, announced: said, temperature, channel, by, tablet: (tablet, name) };
        self.announce(at, saying);
        let read = match (account, nth % 2 == 0) {
            (false, _) => at.plus_ms(1_000),
            (true, true) => {
                let morning = at.max(self.time(TimeOfDay::hm(7, 4)));
                morning.plus_ms(i64::from(self.chance.between(3, 30)) * 60_000)
            }
            (true, false) => self.time(TimeOfDay::hm(9, 46)).plus_ms(i64::from(self.chance.between(0, 30)) * 60_000),
        };
        self.acknowledge(read, site, kid, by, tablet);
    }

    /// Nothing was said: two calls, then the illness is entered as told by telephone.
    fn called_about(&mut self, site: &'a Site, class: &'a Class, kid: &'a Kid) {
        let Some(by) = self.on_duty(site, class.id, TimeOfDay::hm(9, 33)) else { return };
        let Some(tie) = kid.ties.first() else { return };
        let hm = |m| TimeOfDay::hm(9, m);
        let calls = [(33, None), (35, Some(CallOutcome::NoAnswer)), (44, None), (46, Some(CallOutcome::Spoke))];
        for (minute, outcome) in calls {
            let at = self.time(hm(minute));
            self.call(at, site, kid, by, (class.tablet, outcome));
        }
        let said = Announced::Absence { reason: Reason::Cough };
        let tablet = (class.tablet, class.name);
        let saying = Saying { site, kid, tie, announced: said, temperature: None, channel: Channel::Phone, by, tablet };
        let at = self.time(hm(47));
        self.announce(at, saying);
        self.acknowledge(at.plus_ms(1_000), site, kid, by, class.tablet);
    }

    fn known_message(&mut self, message: Message) {
        let town = self.town;
        let Some(kid) = town.known(message.family, message.given) else { return };
        let Some(tie) = kid.tie(message.by) else { return };
        let Some((site, class)) = self.home(kid) else { return };
        let day = if message.evening_before { self.day.plus(-1) } else { self.day };
        let at = clock::moment(day, TimeOfDay::hm(message.at.0, message.at.1));
        let (who, (hours, minutes)) = message.confirmed;
        let read = TimeOfDay::hm(hours, minutes);
        let Some(by) = self.named(site, who).or_else(|| self.on_duty(site, class.id, read)) else { return };
        let (_, tablet, name) = room_at(site, class, clock::time_on(self.day, at).max(site.opens));
        let saying = Saying {
            site,
            kid,
            tie,
            announced: announced(message.say, kid),
            temperature: message.temperature,
            channel: message.channel,
            by,
            tablet: (tablet, name),
        };
        self.announce(at, saying);
        let (_, tablet, _) = room_at(site, class, read);
        let read = self.time(read).plus_ms(20_000);
        self.acknowledge(read, site, kid, by, tablet);
    }

    /// 阿部 is calling about ゆうま at 9:34; about いつき nobody has called yet.
    fn known_calls(&mut self) {
        let calls = [
            ("おいかわ", "ゆうま", "阿部", (9, 32), None),
            ("くまがい", "いつき", "田村", (9, 36), None),
            ("くまがい", "いつき", "田村", (9, 38), Some(CallOutcome::NoAnswer)),
            ("おいかわ", "ゆうま", "阿部", (9, 42), Some(CallOutcome::Spoke)),
        ];
        let town = self.town;
        for (family, given, who, (hours, minutes), outcome) in calls {
            let Some(kid) = town.known(family, given) else { continue };
            let Some((site, class)) = self.home(kid) else { continue };
            let Some(by) = self.named(site, who) else { continue };
            let at = self.time(TimeOfDay::hm(hours, minutes));
            self.call(at, site, kid, by, (class.tablet, outcome));
        }
    }

    /// Site and class where the child is on most days.
    fn home(&self, kid: &Kid) -> Option<(&'a Site, &'a Class)> {
        let stay = kid.stays.first().filter(|stay| stay.comes_on(self.day))?;
        let site = self.town.sites.iter().find(|site| site.id == stay.site)?;
        Some((site, site.class_of(stay.class)?))
    }

    pub(crate) fn named(&self, site: &'a Site, family: &str) -> Option<&'a Worker> {
        self.town.workers_of(site).find(|worker| worker.by_name() == family)
    }

    /// Who belongs to a nursery and to the centre, on slot days: out of one, into the other, and back.
    fn centre_hours(&mut self) {
        let town = self.town;
        let Some(centre) = town.site("hidamari") else { return };
        for kid in &town.kids {
            let Some((slot, group)) = dated::slot(kid, centre, self.day) else { continue };
            let Some((site, class)) = self.home(kid) else { continue };
            let minutes =
                |time: TimeOfDay, by: i32| TimeOfDay(u16::try_from(i32::from(time.0) + by).unwrap_or_default());
            let (out, back) = (minutes(slot.from, -18), minutes(slot.to, 18));
            let Some(by) = self.on_duty(site, class.id, out) else { continue };
            let Some(there) = self.on_duty(centre, group.id, slot.from) else { continue };
            let Some(tie) = kid.usual_collector() else { continue };
            let times = [self.time(out), self.time(minutes(slot.from, 3)), self.time(slot.to), self.time(back)];
            let [left, came, went, returned] = times;
            self.away_to_centre(left, site, kid, by, (class.tablet, tie.adult.names.legal.clone(), back));
            let collector = Some(tie.collects());
            let arrival = Punching {
                site: centre,
                kid,
                sort: PunchSort::Arrival,
                source: PunchSource::Staff,
                room: group.room,
                collector: None,
                by: there,
                tablet: group.tablet,
            };
            self.punch(came, arrival.clone());
            self.punch(went, Punching { sort: PunchSort::Departure, collector, ..arrival });
            self.back(returned, site, kid, by, (class.tablet, class.room));
        }
    }
}
