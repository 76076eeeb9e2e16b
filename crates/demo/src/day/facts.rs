//! The facts themselves, one method each.

use super::{Script, Tag};
use crate::book::{Pen, make};
use crate::town::{Collecting, Kid, Site, Tie, Worker};
use nursery::attendance::{
    Acknowledgement, Announced, Announcement, Away, AwayBack, CallOutcome, Calling, Channel, Movement, Presence, Punch,
    PunchSort, PunchSource, RoomSession,
};
use nursery::ids::{RoomId, facility_year, person_subject};
use nursery::server::Delivery;
use records::{DeviceId, DeviceTime, PersonId, ServerTime, TimeOfDay};
use uuid::Uuid;

/// A guardian's own telephone, as a device.
pub(crate) fn phone_of(person: PersonId) -> DeviceId {
    DeviceId(Uuid::new_v5(&person.0, b"phone"))
}

/// A punch to be written.
#[derive(Clone)]
pub(crate) struct Punching<'a> {
    pub(crate) site: &'a Site,
    pub(crate) kid: &'a Kid,
    pub(crate) sort: PunchSort,
    pub(crate) source: PunchSource,
    pub(crate) room: RoomId,
    pub(crate) collector: Option<Collecting>,
    pub(crate) by: &'a Worker,
    /// The tablet; for the door it is the door's.
    pub(crate) tablet: DeviceId,
}

/// An announcement to be written.
#[derive(Clone)]
pub(crate) struct Saying<'a> {
    pub(crate) site: &'a Site,
    pub(crate) kid: &'a Kid,
    pub(crate) tie: &'a Tie,
    pub(crate) announced: Announced,
    pub(crate) temperature: Option<f32>,
    pub(crate) channel: Channel,
    /// Who enters it, if it does not come by the app.
    pub(crate) by: &'a Worker,
    pub(crate) tablet: (DeviceId, &'static str),
}

impl<'a> Script<'a> {
    pub(crate) fn punch(&mut self, at: DeviceTime, punching: Punching<'a>) {
        let kiosk = punching.source == PunchSource::Kiosk;
        let device = if kiosk { punching.site.kiosk } else { punching.tablet };
        let error_ms = i64::from(self.chance.between(0, 1_800)) - 900;
        let day = Some(self.day);
        self.add(Pen { author: punching.by.person, device, at }, move |c, _| {
            let who = punching.collector;
            let new = Punch {
                child: punching.kid.id,
                sort: Some(punching.sort),
                at: Some(at),
                error_ms: Some(error_ms),
                source: Some(punching.source),
                room: Some(punching.room),
                collector: who.as_ref().map(|who| who.collector.clone()),
                collector_relation: who.as_ref().map(|who| who.relation.clone()),
                collector_name: who.map(|who| who.name),
                by_name: (!kiosk).then(|| punching.by.by_name().to_owned()),
                ..Default::default()
            };
            let keys = new.key_ids();
            make(c, punching.site.id, punching.kid.id, day, (new, keys))?;
            Ok(())
        });
    }

    /// A family's message; if it came by the app, also that a tablet of the site has stored it.
    pub(crate) fn announce(&mut self, at: DeviceTime, saying: Saying<'a>) {
        let app = saying.channel == Channel::App;
        let author = if app { saying.tie.adult.person } else { saying.by.person };
        let device = if app { phone_of(author) } else { saying.tablet.0 };
        let day = self.day;
        let late = at > self.time(TimeOfDay::hm(9, 0));
        let (site, kid, tablet) = (saying.site, saying.kid, saying.tablet.1);
        self.add(Pen { author, device, at }, move |c, known| {
            let new = Announcement {
                child: kid.id,
                announced: Some(saying.announced),
                temperature: saying.temperature,
                channel: Some(saying.channel),
                caller: (!app).then_some(saying.tie.adult.person),
                caller_relation: Some(saying.tie.relation.to_owned()),
                caller_name: Some(saying.tie.given()),
                by_name: (!app).then(|| saying.by.by_name().to_owned()),
                at: Some(at),
                late: Some(late),
                ..Default::default()
            };
            let keys = new.key_ids();
            let id = make(c, site.id, kid.id, Some(day), (new, keys))?;
            known.put(Tag::Announcement, kid.id, id);
            Ok(())
        });
        if app {
            self.deliver(site, kid, at.plus_ms(9_000), tablet);
        }
    }

    fn deliver(&mut self, site: &'a Site, kid: &'a Kid, at: DeviceTime, tablet: &'static str) {
        let day = Some(self.day);
        self.add(Pen::system(at), move |c, known| {
            let record = known.get(Tag::Announcement, kid.id)?.0;
            let device_name = Some(format!("{tablet} 1"));
            let new = Delivery { record, child: kid.id, at: Some(ServerTime(at.0)), device_name, ..Default::default() };
            let keys = new.key_ids();
            make(c, site.id, kid.id, day, (new, keys))?;
            Ok(())
        });
    }

    pub(crate) fn acknowledge(&mut self, at: DeviceTime, site: &'a Site, kid: &'a Kid, by: &'a Worker, on: DeviceId) {
        let day = Some(self.day);
        self.add(Pen { author: by.person, device: on, at }, move |c, known| {
            let announcement = known.get(Tag::Announcement, kid.id)?.0;
            let by_name = Some(by.by_name().to_owned());
            let new = Acknowledgement { child: kid.id, announcement, at: Some(at), by_name, ..Default::default() };
            let keys = new.key_ids();
            make(c, site.id, kid.id, day, (new, keys))?;
            Ok(())
        });
    }

    /// A call about a child of whom nothing is known: without outcome while it goes on.
    pub(crate) fn call(
        &mut self,
        at: DeviceTime,
        site: &'a Site,
        kid: &'a Kid,
        by: &'a Worker,
        (on, outcome): (DeviceId, Option<CallOutcome>),
    ) {
        let day = Some(self.day);
        self.add(Pen { author: by.person, device: on, at }, move |c, _| {
            let by_name = Some(by.by_name().to_owned());
            let new = Calling { child: kid.id, at: Some(at), outcome, by_name, ..Default::default() };
            let keys = new.key_ids();
            make(c, site.id, kid.id, day, (new, keys))?;
            Ok(())
        });
    }

    pub(crate) fn move_to(
        &mut self,
        at: DeviceTime,
        site: &'a Site,
        kid: &'a Kid,
        by: &'a Worker,
        (on, room): (DeviceId, RoomId),
    ) {
        let day = Some(self.day);
        self.add(Pen { author: by.person, device: on, at }, move |c, _| {
            let new = Movement { child: kid.id, at: Some(at), room: Some(room), ..Default::default() };
            let keys = new.key_ids();
            make(c, site.id, kid.id, day, (new, keys))?;
            Ok(())
        });
    }

    /// Fetched for the hours at the centre.
    pub(crate) fn away_to_centre(
        &mut self,
        at: DeviceTime,
        site: &'a Site,
        kid: &'a Kid,
        by: &'a Worker,
        (on, with, back): (DeviceId, String, TimeOfDay),
    ) {
        let day = Some(self.day);
        self.add(Pen { author: by.person, device: on, at }, move |c, known| {
            let new = Away {
                child: kid.id,
                at: Some(at),
                reason: Some("centre".to_owned()),
                place: Some("ひだまり".to_owned()),
                with: Some(with),
                expected_back: Some(back),
                ..Default::default()
            };
            let keys = new.key_ids();
            let id = make(c, site.id, kid.id, day, (new, keys))?;
            known.put(Tag::Away, kid.id, id);
            Ok(())
        });
    }

    pub(crate) fn back(
        &mut self,
        at: DeviceTime,
        site: &'a Site,
        kid: &'a Kid,
        by: &'a Worker,
        (on, room): (DeviceId, RoomId),
    ) {
        let day = Some(self.day);
        self.add(Pen { author: by.person, device: on, at }, move |c, known| {
            let away = known.get(Tag::Away, kid.id)?.0;
            let new = AwayBack { child: kid.id, away, at: Some(at), room: Some(room), ..Default::default() };
            let keys = new.key_ids();
            make(c, site.id, kid.id, day, (new, keys))?;
            Ok(())
        });
    }

    /// Somebody of the staff comes into a room; the nil room is outside the building.
    pub(crate) fn presence(&mut self, at: DeviceTime, site: &'a Site, who: &'a Worker, room: RoomId) {
        let day = Some(self.day);
        self.add(Pen { author: who.person, device: site.hall_tablet, at }, move |c, _| {
            let new = Presence { person: who.person.0, room, at: Some(at), ..Default::default() };
            let keys = new.key_ids();
            make(c, site.id, person_subject(who.person), day, (new, keys))?;
            Ok(())
        });
    }

    /// 合同保育 in the hall, as planned.
    pub(crate) fn session(&mut self, site: &'a Site, from: TimeOfDay, to: TimeOfDay) {
        let day = self.day;
        self.add(Pen::system(self.time(TimeOfDay::hm(5, 0))), move |c, _| {
            let new = RoomSession {
                room: site.hall,
                classes: Some(vec![]),
                from: Some(from),
                to: Some(to),
                ..Default::default()
            };
            let keys = new.key_ids();
            make(c, site.id, facility_year(site.id.into(), day), Some(day), (new, keys))?;
            Ok(())
        });
    }
}
