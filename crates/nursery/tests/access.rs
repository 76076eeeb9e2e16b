//! Who sees and does what.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod kit;

use kit::{World, at, day, tuesday};
use nursery::access::{Audience, Doing, Principal, Standing, atoms, may, sight, standing};
use nursery::attendance::{Announced, Channel, Collector, Reason};
use nursery::command::Command;
use nursery::core::{Code, Form, Kind};
use nursery::devices::{Device, Purpose};
use nursery::judge::{Judgement, judge};
use nursery::people::{AuthorizedPickup, Guardianship, Joining, Names, Protection};
use nursery::server::Hold;
use nursery::view::{Query, View};
use records::{PersonId, Subject, Write};

fn absence(child: nursery::ids::ChildId) -> Command {
    Command::Announce {
        children: vec![child],
        facility: None,
        day: tuesday(),
        until: None,
        announced: Announced::Absence { reason: Reason::Other },
        temperature: None,
        note: String::new(),
        channel: Channel::App,
        caller: None,
        caller_name: String::new(),
        replaces: None,
    }
}

#[test]
fn a_guardian_sees_the_own_child_and_no_other() {
    let mut w = World::new();
    let mine = w.child("みお");
    let other = w.child("れん");
    let mother = standing(&w.records, w.municipality, Principal::Person(w.people["みおの母"]), tuesday()).unwrap();
    let sight = sight(&mother);
    for record in w.records.records.values() {
        if record.head.subject == Subject(other.0) {
            assert!(!sight.sees(record), "{} of another child", record.head.kind);
        }
        if record.head.id.0 == mine.0 {
            assert!(sight.sees(record));
        }
    }
}

#[test]
fn what_is_not_yours_and_what_is_not_there_get_the_same_answer() {
    let mut w = World::new();
    w.child("みお");
    let other = w.child("れん");
    let mother = w.own(w.people["みおの母"]);
    let nowhere = nursery::ids::ChildId(uuid::Uuid::from_u128(5));
    assert_eq!(w.does(&mother, "07:41", absence(other)), Err(Code::NotFound));
    assert_eq!(w.does(&mother, "07:41", absence(nowhere)), Err(Code::NotFound));
    let sheet = |child| Query::ChildSheet { facility: w.minato, child, day: None };
    assert_eq!(w.ask(&mother, at("07:41"), &sheet(other)), Err(Code::NotFound));
    assert_eq!(w.ask(&mother, at("07:41"), &sheet(nowhere)), Err(Code::NotFound));
}

#[test]
fn a_punch_by_a_guardian_is_refused_by_the_server() {
    let mut w = World::new();
    w.child("みお");
    let abe = w.abe();
    let act = w.compose(&abe, at("08:30"), w.arrive("みお")).unwrap();
    let mother = w.own(w.people["みおの母"]);
    let said = w.accept(&act.changes, Some(&mother.standing)).unwrap_err();
    assert!(said.contains("NotAllowed"), "{said}");
}

#[test]
fn a_pending_guardian_sees_nothing_until_the_nursery_confirms() {
    let mut w = World::new();
    let child = w.child("みお");
    let person = PersonId(nursery::core::Ids::next(&mut w.ids));
    w.put(
        person.0,
        nursery::people::Person {
            names: Some(nursery::people::Names { legal: "父".into(), ..Default::default() }),
            ..Default::default()
        },
        vec![],
    );
    let g = Guardianship {
        relation: Some("father".into()),
        joining: Some(Joining::Pending),
        child,
        person: person.0,
        ..Default::default()
    };
    let id = nursery::core::Ids::next(&mut w.ids);
    let guardianship = w.put_in(w.municipality.into(), child.into(), None, id, g, vec![child.0, person.0]);
    let sees = |w: &World| {
        standing(&w.records, w.municipality, Principal::Person(person), tuesday()).unwrap().family.contains_key(&child)
    };
    assert!(!sees(&w));
    let teacher = w.abe();
    assert_eq!(w.does(&teacher, "10:00", Command::DecideJoin { guardianship, confirm: true }), Err(Code::NotAllowed));
    let director = w.own(w.director);
    w.does(&director, "10:00", Command::DecideJoin { guardianship, confirm: true }).unwrap();
    assert!(sees(&w));
    let now: Guardianship = nursery::core::get(&w.records, guardianship.0).unwrap().unwrap();
    assert_eq!((now.joining, now.pickup), (Some(Joining::Confirmed), Some(true)));
}

#[test]
fn a_protected_child_is_excluded_whatever_atoms_say() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let father = w.guardian(child, "なぎの父", "father");
    assert!(may_announce(&w, father, child));
    let protection = Protection { from: Some(day("2026-11-24")), child, person: father.0, ..Default::default() };
    let id = nursery::core::Ids::next(&mut w.ids);
    w.put_in(w.municipality.into(), Subject(child.0), None, id, protection, vec![child.0, father.0]);
    assert!(!may_announce(&w, father, child));
    let s = standing(&w.records, w.municipality, Principal::Person(father), tuesday()).unwrap();
    assert!(s.excluded.contains(&Subject(child.0)));
    let held = sight(&s);
    assert!(w.records.records.values().filter(|r| r.head.subject == Subject(child.0)).all(|r| !held.sees(r)));
}

fn may_announce(w: &World, person: PersonId, child: nursery::ids::ChildId) -> bool {
    standing(&w.records, w.municipality, Principal::Person(person), tuesday()).unwrap().family.contains_key(&child)
}

#[test]
fn a_shared_tablet_never_shows_the_family_of_a_member_of_staff() {
    let mut w = World::new();
    let own_child = w.child_at("りん", w.sakura, w.risu);
    w.guardianship(own_child, w.abe, "mother");
    assert!(w.abe().standing.family.is_empty());
    assert_eq!(w.own(w.abe).standing.family.len(), 1);
    assert_eq!(
        w.ask(&w.abe(), at("08:00"), &Query::GuardianHome)
            .map(|v| matches!(v, View::GuardianHome(h) if h.children.is_empty())),
        Ok(true)
    );
}

#[test]
fn a_right_that_ended_in_the_ordinary_course_leads_to_a_hold_and_one_taken_away_to_a_refusal() {
    let mut w = World::new();
    w.child("みお");
    let abe = w.abe();
    let act = w.compose(&abe, at("08:30"), w.arrive("みお")).unwrap();
    let mut left = abe.standing.clone();
    left.places.clear();
    let judged = judge(&w.records, &|_| true, Some(&abe.standing), Some(&left), &act.changes, kit::tuesday()).unwrap();
    assert!(matches!(judged, Judgement::Hold(_)), "{judged:?}");
    let mut lost = left;
    lost.blocked = true;
    let judged = judge(&w.records, &|_| true, Some(&abe.standing), Some(&lost), &act.changes, kit::tuesday()).unwrap();
    assert!(matches!(judged, Judgement::Refuse(Code::NotAllowed)), "{judged:?}");
}

#[test]
fn a_fact_is_never_rewritten_only_voided() {
    let mut w = World::new();
    w.child("みお");
    let abe = w.abe();
    let act = w.compose(&abe, at("08:30"), w.arrive("みお")).unwrap();
    w.accept(&act.changes, Some(&abe.standing)).unwrap();
    let mut change = act.changes[0].clone();
    change.id = records::ChangeId(nursery::core::Ids::next(&mut w.ids));
    change.writes =
        vec![Write { field: "at".into(), value: serde_json::to_value(at("07:00")).ok(), over: Default::default() }];
    let said = w.accept(&[change], Some(&abe.standing)).unwrap_err();
    assert!(said.contains("NotAllowed"), "{said}");
}

#[test]
fn an_audience_that_the_server_does_not_compute_is_refused() {
    let mut w = World::new();
    w.child("みお");
    let abe = w.abe();
    let mut act = w.compose(&abe, at("08:30"), w.arrive("みお")).unwrap();
    let extra = nursery::access::Audience::Person(w.people["みおの母"]).atom();
    act.changes[0].head.audiences.insert(extra);
    let said = w.accept(&act.changes, Some(&abe.standing)).unwrap_err();
    assert!(said.contains("BadHead"), "{said}");
}

/// Law 4 on what exists here: nobody may write a kind about a subject that is excluded.
#[test]
fn excluded_means_neither_seen_nor_written() {
    let mut w = World::new();
    let child = w.child("みお");
    let mut abe = w.abe();
    abe.standing.excluded.insert(Subject(child.0));
    let held = sight(&abe.standing);
    for record in w.records.records.values().filter(|r| r.head.subject == Subject(child.0)) {
        assert!(!held.sees(record));
        assert!(may(&abe.standing, Doing::Write, &record.head).is_err());
    }
}

/// Rights are asked about subject and feed, readers go by keys: a change in which they differ is no change.
#[test]
fn an_announcement_under_the_own_child_cannot_be_about_another() {
    let mut w = World::new();
    w.child("みお");
    let other = w.child("れん");
    let mother = w.own(w.people["みおの母"]);
    let mut act = w.compose(&mother, at("07:41"), absence(w.children["みお"])).unwrap();
    let head = &mut act.changes[0].head;
    head.keys = vec![other.0];
    head.audiences = head
        .audiences
        .iter()
        .map(|a| records::Atom(a.0.replace(&w.children["みお"].to_string(), &other.to_string())))
        .collect();
    let said = w.accept(&act.changes, Some(&mother.standing)).unwrap_err();
    assert!(said.contains("BadHead"), "{said}");
}

#[test]
fn a_family_cannot_write_as_staff_nor_take_back_what_it_did_not_write() {
    let mut w = World::new();
    let child = w.child("みお");
    let mother = w.own(w.people["みおの母"]);
    let mut forged = w.compose(&mother, at("07:41"), absence(child)).unwrap();
    forged.changes[0].writes.push(Write {
        field: "by_name".into(),
        value: Some("阿部".into()),
        over: Default::default(),
    });
    assert!(w.accept(&forged.changes, Some(&mother.standing)).unwrap_err().contains("NotAllowed"));
    let father = w.guardian(child, "みおの父", "father");
    let record = w.does(&mother, "07:41", absence(child)).unwrap()[0];
    let father = w.own(father);
    let void = Command::Void { record, reason: "other".into(), note: String::new() };
    assert_eq!(w.does(&father, "07:50", void.clone()), Err(Code::NotAllowed));
    assert!(w.does(&mother, "07:50", void).is_ok());
}

#[test]
fn a_guardian_is_confirmed_with_a_pin_never_with_a_face_alone() {
    let mut w = World::new();
    let child = w.child("みお");
    let person = w.guardian(child, "みおの父", "father");
    let id = records::RecordId::derived(w.municipality.into(), "guardianship", &format!("{child} {person}"));
    let mut pending = w.records.records[&id].clone();
    for entry in &mut pending.fields.get_mut("joining").unwrap().entries {
        entry.value = Some("pending".into());
    }
    w.records.put(pending);
    let face = w.face(w.director);
    let decide = Command::DecideJoin { guardianship: id, confirm: true };
    assert_eq!(w.does(&face, "10:00", decide.clone()), Err(Code::PinNeeded));
    let pin = w.with_pin(w.director);
    assert!(w.does(&pin, "10:00", decide).is_ok());
}

#[test]
fn whoever_a_child_is_protected_from_is_neither_called_nor_offered() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let father = w.guardian(child, "なぎの父", "father");
    let protection = Protection { from: Some(day("2026-04-01")), child, person: father.0, ..Default::default() };
    let id = nursery::core::Ids::next(&mut w.ids);
    w.put_in(w.municipality.into(), Subject(child.0), None, id, protection, vec![child.0, father.0]);
    let calls = w.board("09:40").calls.unwrap();
    assert_eq!(calls.items[0].callees.iter().map(|c| c.relation.as_str()).collect::<Vec<_>>(), ["mother"]);
    let departure = Query::Departure { facility: w.minato, child };
    let Ok(View::Departure(view)) = w.ask(&w.abe(), at("16:00"), &departure) else { panic!() };
    assert_eq!(view.candidates.len(), 1);
    assert_eq!(view.callees.len(), 1);
}

#[test]
fn a_registered_pickup_who_is_the_blocked_adult_under_another_entry_calls_the_director() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let father = w.guardian(child, "山本 健", "father");
    let protection = Protection { from: Some(day("2026-04-01")), child, person: father.0, ..Default::default() };
    let id = nursery::core::Ids::next(&mut w.ids);
    w.put_in(w.municipality.into(), Subject(child.0), None, id, protection, vec![child.0, father.0]);
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    for (legal, kana, said) in [
        ("山本　健", "", Err(Code::CallDirector)),
        ("やまもと けん", "山本 健", Err(Code::CallDirector)),
        ("山本 健二", "", Ok(())),
    ] {
        let pickup = AuthorizedPickup {
            names: Some(Names { legal: legal.into(), kana: kana.into(), ..Default::default() }),
            relation: Some("uncle".into()),
            child,
            ..Default::default()
        };
        let id = nursery::core::Ids::next(&mut w.ids);
        w.put_in(w.municipality.into(), Subject(child.0), None, id, pickup, vec![child.0]);
        let depart = Command::Depart {
            facility: w.minato,
            children: vec![child],
            collector: Collector::Registered { pickup: id.into() },
        };
        assert_eq!(w.compose(&abe, at("16:00"), depart).map(drop).map_err(|refusal| refusal.code), said, "{legal}");
    }
}

#[test]
fn a_hold_about_what_outlives_a_site_waits_for_the_city_as_well_as_the_office() {
    let w = World::new();
    let seen_by = |feed: records::FeedId| {
        let mut hold = Hold { author: w.abe.0, ..Default::default() };
        hold.meta.feed = feed;
        hold.audiences()
    };
    let city = Audience::City(w.municipality).atom();
    let of_the_city = seen_by(w.municipality.into());
    assert!(of_the_city.contains(&city), "{of_the_city:?}");
    assert!(seen_by(w.minato.into()).contains(&Audience::Office(w.minato).atom()));
    let head = |feed: records::FeedId| records::Head {
        kind: records::KindName::of(Hold::NAME),
        feed,
        ..w.records.records[&records::RecordId(w.abe.0)].head.clone()
    };
    let officer = Standing { municipality: w.municipality, city: true, ..Standing::default() };
    assert!(may(&officer, Doing::Write, &head(w.municipality.into())).is_ok());
    assert!(may(&w.own(w.director).standing, Doing::Write, &head(w.municipality.into())).is_err());
    assert!(may(&w.own(w.director).standing, Doing::Write, &head(w.minato.into())).is_ok());
}

#[test]
fn the_door_holds_nothing_of_a_protected_child_and_the_class_does() {
    let mut w = World::new();
    let (nagi, mio) = (w.child("なぎ"), w.child("みお"));
    let kiosk = nursery::core::Ids::next(&mut w.ids);
    let device = Device {
        purpose: Some(Purpose::Kiosk),
        name: Some("玄関".into()),
        public_key: Some("0".repeat(64)),
        owner: w.minato.0,
        ..Default::default()
    };
    w.put(kiosk, device, vec![w.minato.0]);
    let protection = Protection { from: Some(day("2026-04-01")), child: nagi, ..Default::default() };
    let id = nursery::core::Ids::next(&mut w.ids);
    w.put_in(w.municipality.into(), Subject(nagi.0), None, id, protection, vec![nagi.0, uuid::Uuid::nil()]);
    let barred = PersonId(nursery::core::Ids::next(&mut w.ids));
    let later = Protection { from: Some(day("2026-12-01")), child: mio, person: barred.0, ..Default::default() };
    let id = nursery::core::Ids::next(&mut w.ids);
    w.put_in(w.municipality.into(), Subject(mio.0), None, id, later, vec![mio.0, barred.0]);
    let held = |device: records::DeviceId| {
        sight(&standing(&w.records, w.municipality, Principal::Device(device), tuesday()).unwrap())
    };
    let count = |device: records::DeviceId, child: nursery::ids::ChildId| {
        let held = held(device);
        w.records.records.values().filter(|r| r.head.subject == Subject(child.0) && held.sees(r)).count()
    };
    assert_eq!(count(records::DeviceId(kiosk), nagi), 0);
    assert!(count(records::DeviceId(kiosk), mio) > 0);
    assert!(count(w.tablet, nagi) > 0);
    let knows =
        |device: records::DeviceId, person: PersonId| held(device).atoms.contains_key(&Audience::Known(person).atom());
    for person in [w.people["なぎの母"], barred] {
        assert!(!knows(records::DeviceId(kiosk), person), "nor who belongs to it, nor from whom another is protected");
        assert!(knows(w.tablet, person));
    }
    assert!(knows(records::DeviceId(kiosk), w.people["みおの母"]));
}

#[test]
fn a_room_a_class_or_a_caller_of_elsewhere_is_none_of_this_site() {
    let mut w = World::new();
    let child = w.child("みお");
    let abe = w.abe();
    let (elsewhere, stranger) = (nursery::core::Ids::next(&mut w.ids), nursery::core::Ids::next(&mut w.ids));
    let arrive = Command::Arrive { facility: w.minato, children: vec![child], room: Some(elsewhere.into()) };
    assert_eq!(w.does(&abe, "08:30", arrive), Err(Code::BadInput));
    let place = nursery::view::PlaceRef::Class { facility: w.minato, class: w.risu };
    assert_eq!(w.ask(&abe, at("08:30"), &Query::Board { place }), Err(Code::NotFound));
    let Command::Announce { children, day, announced, .. } = absence(child) else { panic!() };
    let told = Command::Announce {
        children,
        facility: Some(w.minato),
        day,
        until: None,
        announced,
        temperature: None,
        note: String::new(),
        channel: Channel::Phone,
        caller: Some(PersonId(stranger)),
        caller_name: String::new(),
        replaces: None,
    };
    assert_eq!(w.does(&abe, "08:30", told), Err(Code::BadInput));
}

#[test]
fn an_office_that_only_hosts_a_visit_writes_no_lasting_facts() {
    let mut w = World::new();
    let child = w.child_at("りん", w.sakura, w.risu);
    let visit = nursery::calendar::Visit {
        from: Some(tuesday()),
        until: Some(tuesday()),
        child,
        host: w.minato,
        home: w.sakura,
        ..Default::default()
    };
    let id = nursery::core::Ids::next(&mut w.ids);
    w.put_in(w.municipality.into(), child.into(), None, id, visit, vec![child.0, w.minato.0, w.sakura.0]);
    let director = w.own(w.director);
    assert!(director.standing.care.contains(&child), "the host knows the child");
    let id =
        records::RecordId::derived(w.municipality.into(), "guardianship", &format!("{child} {}", w.people["りんの母"]));
    assert!(may(&director.standing, Doing::Write, &w.records.records[&id].head).is_err());
}

#[test]
fn nobody_renames_oneself_past_a_protection_or_draws_an_own_pin() {
    let mut w = World::new();
    w.child("みお");
    let mother = w.own(w.people["みおの母"]);
    let mut act = w.compose(&mother, at("07:41"), absence(w.children["みお"])).unwrap();
    let record = w.records.records[&records::RecordId(mother.person.unwrap().0)].clone();
    let change = &mut act.changes[0];
    change.head = record.head.clone();
    let mut written = |standing: &Standing, field: &str, value: &str| {
        change.writes = vec![Write { field: field.into(), value: Some(value.into()), over: record.seen(field) }];
        change.id = records::ChangeId(nursery::core::Ids::next(&mut w.ids));
        judge(&w.records, &|_| true, Some(standing), Some(standing), std::slice::from_ref(change), kit::tuesday())
            .unwrap()
    };
    assert!(matches!(written(&mother.standing, "pin", "mine"), Judgement::Refuse(Code::NotAllowed)));
    assert!(matches!(written(&mother.standing, "language", "pt"), Judgement::Accept { .. }));
    let mut pending = mother.standing.clone();
    pending.family.clear();
    for field in ["phones", "language"] {
        let said = written(&pending, field, "pt");
        assert!(matches!(said, Judgement::Refuse(Code::NotAllowed)), "{field} while the nursery has not confirmed");
    }
}

#[test]
fn a_site_writes_nothing_about_a_child_whom_it_never_had() {
    let mut w = World::new();
    w.child("みお");
    let guest = w.child_at("りん", w.sakura, w.risu);
    let abe = w.abe();
    let act = w.compose(&abe, at("08:30"), w.arrive("みお")).unwrap();
    let said = |w: &World, child: nursery::ids::ChildId| {
        let mut changes = act.changes.clone();
        for head in changes.iter_mut().map(|change| &mut change.head) {
            head.subject = Subject(child.0);
            head.keys = [child.0].into_iter().collect();
            let staff = Audience::Staff(w.minato);
            head.audiences = atoms(&[staff, Audience::Care(child), Audience::Family(child), Audience::Basics(child)]);
        }
        judge(&w.records, &|_| true, Some(&abe.standing), Some(&abe.standing), &changes, tuesday()).unwrap()
    };
    assert!(matches!(said(&w, w.children["みお"]), Judgement::Accept { .. }));
    let foreign = said(&w, guest);
    assert!(matches!(foreign, Judgement::Refuse(Code::NotAllowed)), "{foreign:?}");
    w.place(guest, w.minato, w.usagi);
    let placed = said(&w, guest);
    assert!(matches!(placed, Judgement::Accept { .. }), "{placed:?}");
}
