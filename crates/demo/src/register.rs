//! Writes the town into the books of the municipality and of its sites: everything that is not a fact of a day.

use crate::book::{Book, Pen, make};
use crate::town::{Adult, Class, Collects, Kid, Site, Stay, Tie, Town, Worker, nobodys_key, opening};
use nursery::calendar::{CarePattern, DayType, ExpectedDay, SiteDay};
use nursery::core::{Composer, Refusal};
use nursery::devices::{Device, Purpose};
use nursery::ids::{HouseholdId, facility_year, person_subject};
use nursery::people::{
    Assignment, AuthorizedPickup, CareNote, Child, ChildSafety, Consent, Guardianship, Household, HouseholdMember,
    Person, Placement, Protection, Role,
};
use nursery::place::{CapabilitySwitch, ClassGroup, Facility, Municipality, Room};
use records::{Day, DeviceId, FeedId, PersonId, RecordId, Subject, TimeOfDay};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is switched on at every site from the beginning of the school year.
const FROM_APRIL: &[&str] = &["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A12"];
/// What follows on 1 December, except where a site begins earlier.
const FROM_DECEMBER: &[&str] = &["A10", "A11", "B1", "C1", "C2"];

/// Writes everything.
pub(crate) fn town(town: &Town, book: &mut Book) {
    let writer = Writer { town, feed: town.municipality.into() };
    writer.municipality(book);
    for site in &town.sites {
        writer.site(book, site);
    }
    writer.people(book);
    for household in &town.households {
        writer.household(book, household);
    }
    for kid in &town.kids {
        writer.kid(book, kid);
    }
}

struct Writer<'a> {
    town: &'a Town,
    feed: FeedId,
}

impl Writer<'_> {
    fn pen(&self) -> Pen {
        Pen::system(opening(self.town.year))
    }

    /// The facility-year that seals what concerns nobody in particular.
    fn nobody(&self) -> Subject {
        facility_year(self.feed, self.town.year.day(2026, 4, 1))
    }

    fn municipality(&self, book: &mut Book) {
        book.act(self.pen(), |c| {
            let new = Municipality { name: Some("さざなみ市".to_owned()), ..Default::default() };
            c.make_as(RecordId(self.feed.0), self.feed, self.nobody(), None, new, vec![])?;
            Ok(())
        });
    }

    fn site(&self, book: &mut Book, site: &Site) {
        book.act(self.pen(), |c| {
            self.facility(c, site)?;
            for (order, class) in (1u16..).zip(&site.classes) {
                self.class(c, site, class, order)?;
            }
            self.room(c, site, (site.hall.into(), "ホール", None), 20)?;
            self.room(c, site, (site.office.into(), "事務室", None), 21)
        });
        self.devices(book, site);
        self.switches(book, site);
        self.closed_days(book, site);
    }

    fn facility(&self, c: &mut Composer, site: &Site) -> Result<(), Refusal> {
        let order = self.town.sites.iter().position(|s| s.id == site.id).unwrap_or(0) + 1;
        let new = Facility {
            name: Some(site.name.to_owned()),
            facility_type: Some(site.facility_type),
            phone: Some(site.phone.to_owned()),
            order: u16::try_from(order).ok(),
            opens: Some(site.opens),
            closes: Some(site.closes),
            cut_off: Some(TimeOfDay::hm(9, 0)),
            call_from: Some(TimeOfDay::hm(9, 30)),
            sandbox: Some(site.sandbox),
            ..Default::default()
        };
        c.make_as(site.id.into(), self.feed, self.nobody(), None, new, vec![])?;
        Ok(())
    }

    fn class(&self, c: &mut Composer, site: &Site, class: &Class, order: u16) -> Result<(), Refusal> {
        let new = ClassGroup {
            facility: site.id,
            name: Some(class.name.to_owned()),
            age: class.age,
            order: Some(order),
            ..Default::default()
        };
        let keys = new.key_ids();
        c.make_as(class.id.into(), self.feed, self.nobody(), None, new, keys)?;
        self.room(c, site, (class.room.into(), class.name, Some(class)), order)
    }

    fn room(
        &self,
        c: &mut Composer,
        site: &Site,
        (id, name, home_of): (RecordId, &str, Option<&Class>),
        order: u16,
    ) -> Result<(), Refusal> {
        let name = if home_of.is_some() { format!("{name}の部屋") } else { name.to_owned() };
        let new = Room {
            facility: site.id,
            name: Some(name),
            order: Some(order),
            home_of: home_of.map(|class| class.id),
            ..Default::default()
        };
        let keys = new.key_ids();
        c.make_as(id, self.feed, self.nobody(), None, new, keys)?;
        Ok(())
    }

    fn devices(&self, book: &mut Book, site: &Site) {
        book.act(self.pen(), |c| {
            for class in &site.classes {
                self.device(c, site, class.tablet, format!("{} 1", class.name), Purpose::ClassTablet)?;
            }
            self.device(c, site, site.hall_tablet, "ホール 1".to_owned(), Purpose::ClassTablet)?;
            self.device(c, site, site.kiosk, "げんかん".to_owned(), Purpose::Kiosk)
        });
    }

    fn device(&self, c: &mut Composer, site: &Site, id: DeviceId, name: String, of: Purpose) -> Result<(), Refusal> {
        let new = Device {
            owner: site.id.0,
            purpose: Some(of),
            name: Some(name),
            public_key: Some(nobodys_key(id)),
            ..Default::default()
        };
        let keys = new.key_ids();
        c.make_as(RecordId(id.0), self.feed, self.nobody(), None, new, keys)?;
        Ok(())
    }

    /// A staged start: attendance everywhere, the contact book first at つばめ.
    fn switches(&self, book: &mut Book, site: &Site) {
        let year = self.town.year;
        let later = if site.key == "tsubame" { year.day(2026, 10, 1) } else { year.day(2026, 12, 1) };
        let all = FROM_APRIL.iter().map(|c| (*c, year.day(2026, 4, 1)));
        for (capability, from) in all.chain(FROM_DECEMBER.iter().map(|c| (*c, later))) {
            book.act(self.pen(), |c| {
                let new = CapabilitySwitch {
                    facility: site.id,
                    capability: Some(capability.to_owned()),
                    from: Some(from),
                    ..Default::default()
                };
                let keys = new.key_ids();
                make(c, self.feed, self.nobody(), None, (new, keys))?;
                Ok(())
            });
        }
    }

    fn closed_days(&self, book: &mut Book, site: &Site) {
        for (day, name) in self.town.year.closed() {
            book.act(self.pen(), |c| site_day(c, site, day, DayType::Closed, name));
        }
        let last = self.town.year.day(2026, 12, 28);
        book.act(self.pen(), |c| site_day(c, site, last, DayType::Shortened, "仕事納め"));
    }

    /// Every grown-up once, also who is both staff and guardian.
    fn people(&self, book: &mut Book) {
        let mut met = BTreeSet::new();
        let adults = self.town.kids.iter().flat_map(|kid| kid.ties.iter().map(|tie| &tie.adult));
        for adult in adults.chain(&self.town.officers) {
            if met.insert(adult.person) {
                book.act(self.pen(), |c| self.person(c, adult));
            }
        }
        for worker in &self.town.workers {
            let adult = Adult {
                person: worker.person,
                names: worker.names.clone(),
                phones: vec![],
                on_paper: false,
                language: "ja",
            };
            book.act(self.pen(), |c| {
                if met.insert(worker.person) {
                    self.person(c, &adult)?;
                }
                self.assignments(c, worker)
            });
        }
        for officer in &self.town.officers {
            let city = (officer.person, self.feed.0, Role::City);
            book.act(self.pen(), |c| self.assignment(c, city, vec![]));
        }
    }

    fn person(&self, c: &mut Composer, adult: &Adult) -> Result<(), Refusal> {
        let new = Person {
            names: Some(adult.names.clone()),
            phones: Some(adult.phones.clone()),
            on_paper: Some(adult.on_paper),
            language: Some(adult.language.to_owned()),
            ..Default::default()
        };
        c.make_as(RecordId(adult.person.0), self.feed, person_subject(adult.person), None, new, vec![])?;
        Ok(())
    }

    fn assignments(&self, c: &mut Composer, worker: &Worker) -> Result<(), Refusal> {
        let classes = worker.class.into_iter().collect();
        self.assignment(c, (worker.person, worker.site.0, worker.role), classes)?;
        if worker.ict {
            self.assignment(c, (worker.person, worker.site.0, Role::IctContact), vec![])?;
        }
        Ok(())
    }

    fn assignment(
        &self,
        c: &mut Composer,
        (person, place, role): (PersonId, Uuid, Role),
        classes: Vec<nursery::ids::ClassId>,
    ) -> Result<(), Refusal> {
        let new = Assignment {
            person: person.0,
            facility: place.into(),
            role: Some(role),
            classes: Some(classes),
            from: Some(self.town.year.day(2026, 4, 1)),
            ..Default::default()
        };
        let keys = new.key_ids();
        make(c, self.feed, person_subject(person), None, (new, keys))?;
        Ok(())
    }

    fn household(&self, book: &mut Book, (id, number): &(HouseholdId, String)) {
        book.act(self.pen(), |c| {
            let new = Household { number: Some(number.clone()), ..Default::default() };
            c.make_as((*id).into(), self.feed, self.nobody(), None, new, vec![])?;
            Ok(())
        });
    }

    /// One act for what a child is, one for who belongs to it, one for when it comes.
    fn kid(&self, book: &mut Book, kid: &Kid) {
        book.act(self.pen(), |c| {
            self.child(c, kid)?;
            self.safety(c, kid)?;
            kid.stays.iter().try_for_each(|stay| self.placement(c, kid, stay))
        });
        book.act(self.pen(), |c| {
            kid.households.iter().try_for_each(|household| self.member(c, kid, *household))?;
            for (order, tie) in (1u8..).zip(&kid.ties) {
                self.guardianship(c, kid, tie, order)?;
            }
            kid.pickups.iter().try_for_each(|pickup| self.pickup(c, kid, pickup))?;
            kid.kept_from.iter().try_for_each(|person| self.protection(c, kid, *person))?;
            self.consent(c, kid)
        });
        book.act(self.pen(), |c| self.expectation(c, kid));
    }

    fn child(&self, c: &mut Composer, kid: &Kid) -> Result<(), Refusal> {
        let new = Child {
            names: Some(kid.names.clone()),
            birth: Some(kid.birth),
            number: Some(kid.number.clone()),
            face: Some(kid.face.to_owned()),
            ..Default::default()
        };
        c.make_as(kid.id.into(), self.feed, kid.id.into(), None, new, vec![])?;
        Ok(())
    }

    fn safety(&self, c: &mut Composer, kid: &Kid) -> Result<(), Refusal> {
        let words = |list: &[&str]| Some(list.iter().map(|&word| word.to_owned()).collect());
        if !kid.allergies.is_empty() || !kid.carries.is_empty() {
            let new = ChildSafety {
                child: kid.id,
                allergies: words(&kid.allergies),
                carries: words(&kid.carries),
                ..Default::default()
            };
            let keys = new.key_ids();
            make(c, self.feed, kid.id, None, (new, keys))?;
        }
        if !kid.care_note.is_empty() {
            let new = CareNote { child: kid.id, text: Some(kid.care_note.to_owned()), ..Default::default() };
            let keys = new.key_ids();
            make(c, self.feed, kid.id, None, (new, keys))?;
        }
        Ok(())
    }

    fn placement(&self, c: &mut Composer, kid: &Kid, stay: &Stay) -> Result<(), Refusal> {
        let year = crate::year::Year::of(stay.from);
        let new = Placement {
            child: kid.id,
            facility: stay.site,
            class: stay.class,
            from: Some(stay.from),
            until: stay.until,
            hours: Some(stay.hours),
            class_age: Some(year.class_age(kid.birth)),
            seat: Some(stay.seat),
            leave_from: stay.leave.map(|leave| leave.0),
            leave_until: stay.leave.map(|leave| leave.1),
            written_name: Some(kid.names.legal.clone()),
            ..Default::default()
        };
        let keys = new.key_ids();
        make(c, self.feed, kid.id, None, (new, keys))?;
        Ok(())
    }

    fn member(&self, c: &mut Composer, kid: &Kid, household: HouseholdId) -> Result<(), Refusal> {
        let from = Some(self.town.year.day(2026, 4, 1));
        let new = HouseholdMember { household, child: kid.id, from, ..Default::default() };
        let keys = new.key_ids();
        make(c, self.feed, kid.id, None, (new, keys))?;
        Ok(())
    }

    fn guardianship(&self, c: &mut Composer, kid: &Kid, tie: &Tie, order: u8) -> Result<(), Refusal> {
        let new = Guardianship {
            child: kid.id,
            person: tie.adult.person.0,
            relation: Some(tie.relation.to_owned()),
            legal: Some(tie.legal.to_owned()),
            sight: Some(tie.sight),
            pickup: Some(tie.pickup),
            call_order: Some(order),
            joining: Some(tie.joining),
            ..Default::default()
        };
        let keys = new.key_ids();
        make(c, self.feed, kid.id, None, (new, keys))?;
        Ok(())
    }

    fn pickup(&self, c: &mut Composer, kid: &Kid, pickup: &Collects) -> Result<(), Refusal> {
        let new = AuthorizedPickup {
            child: kid.id,
            names: Some(pickup.names.clone()),
            relation: Some(pickup.relation.to_owned()),
            phones: Some(vec![pickup.phone.clone()]),
            from: Some(self.town.year.day(2026, 4, 1)),
            ..Default::default()
        };
        let keys = new.key_ids();
        c.make_as(pickup.id.into(), self.feed, kid.id.into(), None, new, keys)?;
        Ok(())
    }

    fn protection(&self, c: &mut Composer, kid: &Kid, person: PersonId) -> Result<(), Refusal> {
        let from = Some(self.town.year.day(2026, 4, 1));
        let new = Protection { child: kid.id, person: person.0, from, ..Default::default() };
        let keys = new.key_ids();
        make(c, self.feed, kid.id, None, (new, keys))?;
        Ok(())
    }

    /// Of the first adult who has a say, to the purposes of pictures.
    fn consent(&self, c: &mut Composer, kid: &Kid) -> Result<(), Refusal> {
        let Some(tie) = kid.ties.iter().find(|tie| tie.legal != "none") else { return Ok(()) };
        let purposes = ["record", "own_note", "class_album", "newsletter"];
        let agreed = purposes.iter().filter(|p| !kid.refuses.contains(*p)).map(|&p| p.to_owned()).collect();
        let new = Consent {
            child: kid.id,
            person: tie.adult.person.0,
            text_version: Some("2026-04".to_owned()),
            purposes: Some(agreed),
            refused: Some(kid.refuses.iter().map(|&p| p.to_owned()).collect()),
            ..Default::default()
        };
        let keys = new.key_ids();
        make(c, self.feed, kid.id, None, (new, keys))?;
        Ok(())
    }

    fn expectation(&self, c: &mut Composer, kid: &Kid) -> Result<(), Refusal> {
        for stay in &kid.stays {
            // who comes by single slots has a pattern without a weekday: nobody expects the child on other days
            let usual = stay.usual.into_iter();
            let week = usual.flat_map(|span| stay.weekdays.iter().map(move |day| (day.to_string(), span))).collect();
            let new = CarePattern {
                child: kid.id,
                week: Some(week),
                from: Some(stay.from),
                until: stay.until,
                ..Default::default()
            };
            let keys = new.key_ids();
            make(c, stay.site, kid.id, None, (new, keys))?;
            for (day, span) in &kid.settling {
                let new = ExpectedDay {
                    child: kid.id,
                    expected: Some(true),
                    span: Some(*span),
                    reason: Some("settling_in".to_owned()),
                    ..Default::default()
                };
                let keys = new.key_ids();
                make(c, stay.site, kid.id, Some(*day), (new, keys))?;
            }
        }
        Ok(())
    }
}

/// What a day is at a site.
pub(crate) fn site_day(c: &mut Composer, site: &Site, day: Day, of: DayType, name: &str) -> Result<(), Refusal> {
    let closes = (of == DayType::Shortened).then_some(TimeOfDay::hm(17, 0));
    let new =
        SiteDay { facility: site.id, day_type: Some(of), closes, name: Some(name.to_owned()), ..Default::default() };
    let keys = new.key_ids();
    make(c, site.id, facility_year(site.id.into(), day), Some(day), (new, keys))?;
    Ok(())
}
