//! What a family may announce: for days, at times and with people that the nursery knows, once.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod kit;

use kit::{World, at, day, hm, tuesday};
use nursery::attendance::{Announced, Announcement, Channel, Collector, Reason};
use nursery::calendar::{DayType, SiteDay};
use nursery::command::Command;
use nursery::core::{Code, Ids, Who, get};
use nursery::ids::{ChildId, PickupId, facility_year};
use nursery::judge::{Judgement, judge};
use nursery::people::{Assignment, AuthorizedPickup, Guardianship, Names, Protection, Role, SightRight};
use nursery::view::{AbsenceFormView, PlaceRef, Query, ReceiptView, View};
use records::{Change, Day, PersonId, RecordId, Subject, Write};

/// みお of みなと保育園, whose mother announces.
fn world() -> (World, ChildId, Who) {
    let mut w = World::new();
    let child = w.child("みお");
    w.tell_collectors(child);
    let mother = w.own(w.people["みおの母"]);
    (w, child, mother)
}

fn fever() -> Announced {
    Announced::Absence { reason: Reason::Fever }
}

fn collects(person: Option<PersonId>, pickup: Option<PickupId>) -> Announced {
    Announced::Pickup { person, pickup, relation: "mother".into(), name: "鈴木 由佳".into(), at: None }
}

fn say(child: ChildId, announced: Announced) -> Command {
    on(child, tuesday(), None, announced)
}

fn on(child: ChildId, day: Day, until: Option<Day>, announced: Announced) -> Command {
    Command::Announce {
        children: vec![child],
        facility: None,
        day,
        until,
        announced,
        temperature: None,
        note: String::new(),
        channel: Channel::App,
        caller: None,
        caller_name: String::new(),
        replaces: None,
    }
}

fn form(w: &World, who: &Who) -> AbsenceFormView {
    let mut held = World::new();
    held.records = w.held_by(who);
    match held.ask(who, at("07:40"), &Query::AbsenceForm) {
        Ok(View::AbsenceForm(form)) => form,
        other => panic!("{other:?}"),
    }
}

/// Names of those whom a guardian is offered.
fn offered(w: &World, who: &Who) -> Vec<String> {
    form(w, who).children[0].pickups.iter().map(|p| p.name.clone()).collect()
}

fn receipt(w: &World, who: &Who, time: &str, announcement: RecordId) -> ReceiptView {
    match w.ask(who, at(time), &Query::Receipt { announcement }) {
        Ok(View::Receipt(receipt)) => receipt,
        other => panic!("{other:?}"),
    }
}

fn stored(w: &World, id: RecordId) -> Announcement {
    get(&w.records, id.0).unwrap().unwrap()
}

fn protect(w: &mut World, child: ChildId, person: PersonId) {
    let protection = Protection { from: Some(day("2026-04-01")), child, person: person.0, ..Default::default() };
    let id = w.ids.next();
    w.put_in(w.municipality.into(), Subject(child.0), None, id, protection, vec![child.0, person.0]);
    w.tell_collectors(child);
}

fn register(w: &mut World, child: ChildId, name: &str) -> PickupId {
    let pickup = PickupId(w.ids.next());
    let entry = AuthorizedPickup {
        names: Some(Names { legal: name.into(), ..Names::default() }),
        relation: Some("grandmother".into()),
        child,
        ..Default::default()
    };
    w.put_in(w.municipality.into(), Subject(child.0), None, pickup.0, entry, vec![child.0]);
    w.tell_collectors(child);
    pickup
}

/// What the server says to a device whose app was tampered with: every write of `field` says `value`.
fn tampered(w: &mut World, who: &Who, honest: Command, change_it: impl Fn(&mut Change)) -> Judgement {
    let mut act = w.compose(who, at("07:41"), honest).unwrap();
    act.changes.iter_mut().for_each(change_it);
    judge(&w.records, &|_| true, Some(&who.standing), Some(&who.standing), &act.changes, tuesday()).unwrap()
}

fn set(change: &mut Change, field: &str, value: serde_json::Value) {
    change.writes.retain(|write| write.field != field);
    change.writes.push(Write { field: field.into(), value: Some(value), over: Default::default() });
}

fn refused(judgement: &Judgement) -> Option<Code> {
    match judgement {
        Judgement::Refuse(code) => Some(*code),
        _ => None,
    }
}

#[test]
fn a_day_further_ahead_than_the_form_offers_is_refused() {
    let (mut w, child, mother) = world();
    let last = form(&w, &mother).last_day;
    assert_eq!(last, day("2026-12-25"));
    assert_eq!(w.does(&mother, "07:41", on(child, day("2030-01-05"), None, fever())), Err(Code::DayNotOffered));
    assert_eq!(w.does(&mother, "07:41", on(child, last, Some(last.plus(1)), fever())), Err(Code::DayNotOffered));
    assert_eq!(w.does(&mother, "07:41", on(child, day("2026-11-20"), None, fever())), Err(Code::DayNotOffered));
    assert!(w.does(&mother, "07:41", on(child, last, None, fever())).is_ok());
}

#[test]
fn a_closed_day_is_refused_and_a_span_over_a_weekend_is_not() {
    let (mut w, child, mother) = world();
    let sunday = day("2026-11-29");
    assert_eq!(w.does(&mother, "07:41", on(child, sunday, None, fever())), Err(Code::DayClosed));
    let holiday = day("2026-12-03");
    let closed = SiteDay { day_type: Some(DayType::Closed), facility: w.minato, ..Default::default() };
    let (id, subject) = (w.ids.next(), facility_year(w.minato.into(), holiday));
    w.put_in(w.minato.into(), subject, Some(holiday), id, closed, vec![w.minato.0]);
    assert_eq!(w.does(&mother, "07:41", on(child, holiday, None, fever())), Err(Code::DayClosed));
    assert!(w.does(&mother, "07:41", on(child, sunday, Some(sunday.plus(2)), fever())).is_ok());
}

#[test]
fn a_time_at_which_the_site_is_closed_is_refused() {
    let (mut w, child, mother) = world();
    let late = |time: &str| Announced::Late { at: hm(time), why: String::new() };
    assert_eq!(w.does(&mother, "07:41", say(child, late("03:00"))), Err(Code::OutsideHours));
    assert_eq!(w.does(&mother, "07:41", say(child, Announced::Early { at: hm("19:30") })), Err(Code::OutsideHours));
    assert!(w.does(&mother, "07:41", say(child, late("10:00"))).is_ok());
}

#[test]
fn channel_and_caller_come_from_who_asks() {
    let (mut w, child, mother) = world();
    let mut command = say(child, fever());
    if let Command::Announce { channel, caller, caller_name, .. } = &mut command {
        (*channel, *caller, *caller_name) = (Channel::Phone, Some(w.abe), "阿部".into());
    }
    let id = w.does(&mother, "07:41", command).unwrap()[0];
    let said = stored(&w, id);
    assert_eq!((said.channel, said.caller, said.by_name), (Some(Channel::App), None, None));
    assert_eq!(said.caller_name.as_deref(), Some("みおの母"));
}

#[test]
fn staff_name_as_caller_only_a_guardian_of_the_child() {
    let (mut w, child, _) = world();
    let abe = w.abe();
    let mut command = say(child, fever());
    if let Command::Announce { facility, channel, caller, .. } = &mut command {
        (*facility, *channel, *caller) = (Some(w.minato), Channel::Phone, Some(w.tamura));
    }
    assert_eq!(w.does(&abe, "08:10", command), Err(Code::BadInput));
}

#[test]
fn a_caregiver_speaks_of_the_own_child_as_its_mother_and_has_not_read_her_own_word() {
    let (mut w, child, mother) = world();
    let person = mother.person.unwrap();
    let role = Assignment {
        role: Some(Role::Caregiver),
        from: Some(day("2026-04-01")),
        person: person.0,
        facility: w.minato,
        ..Default::default()
    };
    let id = w.ids.next();
    w.put_in(w.municipality.into(), Subject(person.0), None, id, role, vec![person.0, w.minato.0]);
    let mother = w.own(person);
    let mut command = say(child, fever());
    if let Command::Announce { facility, .. } = &mut command {
        *facility = Some(w.minato);
    }
    let made = w.does(&mother, "07:41", command).unwrap();
    assert_eq!(made.len(), 1, "no confirmation of it");
    assert_eq!(stored(&w, made[0]).channel, Some(Channel::App));
}

#[test]
fn name_and_relation_of_who_collects_are_read_from_the_records() {
    let (mut w, child, mother) = world();
    let father = w.guardian(child, "みおの父", "father");
    w.tell_collectors(child);
    assert_eq!(offered(&w, &mother), ["みおの母", "みおの父"]);
    let id = w.does_alone(&mother, "07:41", say(child, collects(Some(father), None))).unwrap()[0];
    let Some(Announced::Pickup { relation, name, person, .. }) = stored(&w, id).announced else { panic!() };
    assert_eq!((relation.as_str(), name.as_str(), person), ("father", "みおの父", Some(father)));
}

#[test]
fn nobody_collects_whom_the_child_does_not_know() {
    let (mut w, child, mother) = world();
    let other = w.child("れん");
    let foreign = register(&mut w, other, "れんの祖母");
    let grandmother = register(&mut w, child, "みおの祖母");
    for (person, pickup) in
        [(Some(w.abe), None), (Some(w.people["れんの母"]), None), (None, Some(foreign)), (None, None)]
    {
        assert_eq!(w.does_alone(&mother, "07:41", say(child, collects(person, pickup))), Err(Code::NotCollector));
    }
    assert!(w.does_alone(&mother, "07:41", say(child, collects(None, Some(grandmother)))).is_ok());
}

#[test]
fn a_name_on_no_list_is_taken_from_staff_only() {
    let (mut w, child, mother) = world();
    let free =
        Announced::Pickup {
            person: None, pickup: None, relation: String::new(), name: "グエン タオ".into(), at: None
        };
    assert_eq!(w.does(&mother, "07:41", say(child, free.clone())), Err(Code::NotCollector));
    let abe = w.abe();
    let mut command = say(child, free);
    if let Command::Announce { facility, channel, .. } = &mut command {
        (*facility, *channel) = (Some(w.minato), Channel::Phone);
    }
    assert!(w.does(&abe, "08:10", command).is_ok());
}

#[test]
fn where_a_child_is_protected_no_guardian_learns_of_another_one() {
    let (mut w, child, mother) = world();
    let father = w.guardian(child, "みおの父", "father");
    let aunt = w.guardian(child, "みおの伯母", "aunt");
    register(&mut w, child, "みおの祖母");
    protect(&mut w, child, father);
    assert_eq!(offered(&w, &mother), ["みおの母", "みおの祖母"]);
    assert_eq!(offered(&w, &w.own(aunt)), ["みおの伯母", "みおの祖母"]);
    for named in [father, aunt] {
        assert_eq!(w.does(&mother, "07:41", say(child, collects(Some(named), None))), Err(Code::NotCollector));
    }
    let father = w.own(father);
    let held = w.held_by(&father);
    assert!(held.records.values().all(|record| record.head.subject.0 != child.0), "he holds nothing of the child");
    assert!(form(&w, &father).children.is_empty());
}

#[test]
fn a_protection_that_begins_next_month_changes_nothing_before() {
    let (mut w, child, mother) = world();
    let father = w.guardian(child, "みおの父", "father");
    let first = day("2026-12-21");
    let protection = Protection { from: Some(first), child, person: father.0, ..Default::default() };
    let id = w.ids.next();
    w.put_in(w.municipality.into(), Subject(child.0), None, id, protection, vec![child.0, father.0]);
    w.tell_collectors(child);
    let his = w.own(father);
    assert_eq!(offered(&w, &mother), ["みおの母", "みおの父"]);
    assert_eq!(offered(&w, &his), ["みおの父", "みおの母"]);
    let collecting = on(child, first, None, collects(Some(father), None));
    let act = w.compose(&his, at("07:00"), collecting).unwrap();
    let today = arrives(&w, &his, &act, tuesday());
    assert!(matches!(today, Judgement::Accept { .. }), "a refusal would tell him: {today:?}");
    assert_eq!(refused(&arrives(&w, &mother, &act, first)), Some(Code::NotCollector));
    let on_its_day = nursery::rules::told_to_families(&w.records, child, first).unwrap();
    assert!(on_its_day.is_empty());
}

#[test]
fn who_is_registered_under_the_name_of_somebody_barred_is_not_offered_to_families() {
    let (mut w, child, mother) = world();
    let other = w.child("れん");
    let barred = w.guardian(other, "髙橋 誠", "father");
    protect(&mut w, child, barred);
    let entry = register(&mut w, child, "高橋　誠");
    assert_eq!(offered(&w, &mother), ["みおの母"]);
    assert_eq!(w.does_alone(&mother, "07:41", say(child, collects(None, Some(entry)))), Err(Code::NotCollector));
}

#[test]
fn who_may_not_collect_or_sees_nothing_is_not_offered() {
    let (mut w, child, mother) = world();
    for (name, sight, pickup) in [("みおの父", SightRight::Full, false), ("みおの兄", SightRight::None, true)] {
        let person = w.guardian(child, name, "father");
        let id = RecordId::derived(w.municipality.into(), "guardianship", &format!("{child} {person}"));
        w.records.records.remove(&id);
        let tie = Guardianship {
            relation: Some("father".into()),
            sight: Some(sight),
            pickup: Some(pickup),
            child,
            person: person.0,
            ..Default::default()
        };
        w.put_in(w.municipality.into(), child.into(), None, id.0, tie, vec![child.0, person.0]);
    }
    w.tell_collectors(child);
    assert_eq!(offered(&w, &mother), ["みおの母"]);
}

#[test]
fn a_tampered_app_gets_no_further_than_the_form() {
    let (mut w, child, mother) = world();
    let father = w.guardian(child, "みおの父", "father");
    w.tell_collectors(child);
    let pickup = |w: &World, name: &str, person: PersonId| {
        let _ = w;
        serde_json::to_value(Announced::Pickup {
            person: Some(person),
            pickup: None,
            relation: "father".into(),
            name: name.into(),
            at: None,
        })
        .unwrap()
    };
    let abe = w.abe;
    for (name, person, code) in [("阿部 真由", abe, Some(Code::NotCollector)), ("みおの父", father, None)] {
        let value = pickup(&w, name, person);
        let judged = tampered(&mut w, &mother, say(child, fever()), |c| set(c, "announced", value.clone()));
        assert_eq!(refused(&judged), code, "{name}");
    }
    for (field, value) in [
        ("until", serde_json::to_value(day("2026-12-26")).unwrap()),
        ("channel", "phone".into()),
        ("caller", serde_json::to_value(abe).unwrap()),
        ("by_name", "阿部".into()),
    ] {
        let judged = tampered(&mut w, &mother, say(child, fever()), |c| {
            if field == "until" {
                c.head.day = Some(day("2026-12-20"));
            }
            set(c, field, value.clone());
        });
        assert!(refused(&judged).is_some(), "{field} is accepted");
    }
    let far = tampered(&mut w, &mother, say(child, fever()), |c| c.head.day = Some(day("2030-01-07")));
    assert_eq!(refused(&far), Some(Code::DayNotOffered));
}

#[test]
fn a_day_or_hour_that_was_closed_after_a_family_wrote_keeps_no_message_from_the_classroom() {
    let (mut w, child, mother) = world();
    let thursday = day("2026-11-26");
    let early =
        w.compose(&mother, at("07:00"), on(child, thursday, None, Announced::Early { at: hm("18:00") })).unwrap();
    let absent = w.compose(&mother, at("07:01"), on(child, thursday, None, fever())).unwrap();
    let shortened = SiteDay {
        day_type: Some(DayType::Shortened),
        closes: Some(hm("13:00")),
        facility: w.minato,
        ..Default::default()
    };
    let (id, subject) = (w.ids.next(), facility_year(w.minato.into(), thursday));
    let calendar = w.put_in(w.minato.into(), subject, Some(thursday), id, shortened, vec![w.minato.0]);
    w.accept(&early.changes, Some(&mother.standing)).unwrap();
    let told = |w: &World| {
        let place = PlaceRef::Facility { facility: w.minato };
        let now = nursery::clock::moment(thursday, hm("08:00"));
        let View::Messages(messages) = w.ask(&w.abe(), now, &Query::Messages { place }).unwrap() else { panic!() };
        messages.open.into_iter().map(|item| item.not_open).collect::<Vec<_>>()
    };
    assert_eq!(told(&w), [true], "staff see that nobody will be there");
    w.records.records.remove(&calendar);
    assert_eq!(told(&w), [false]);
    let closed_day = |w: &World| SiteDay { day_type: Some(DayType::Closed), facility: w.minato, ..Default::default() };
    w.put_in(w.minato.into(), subject, Some(thursday), id, closed_day(&w), vec![w.minato.0]);
    assert!(matches!(arrives(&w, &mother, &absent, tuesday()), Judgement::Accept { .. }));
    let again = w.compose(&mother, at("09:00"), on(child, thursday, None, fever()));
    assert_eq!(again.map(|_| ()).map_err(|r| r.code), Err(Code::DayClosed), "writing it now is refused");
}

#[test]
fn beside_the_id_of_somebody_the_screens_say_the_name_of_the_register() {
    let (mut w, child, mother) = world();
    let father = w.guardian(child, "みおの父", "father");
    let grandmother = register(&mut w, child, "みおの祖母");
    for (person, pickup, name) in [(Some(father), None, "みおの父"), (None, Some(grandmother), "みおの祖母")] {
        let forged =
            Announced::Pickup { person, pickup, relation: "aunt".into(), name: "阿部 真由".into(), at: None };
        let value = serde_json::to_value(forged).unwrap();
        let judged = tampered(&mut w, &mother, say(child, fever()), |c| set(c, "announced", value.clone()));
        let Judgement::Accept { records, .. } = judged else { panic!("{judged:?}") };
        let id = records[0].head.id;
        records.into_iter().for_each(|record| w.records.put(record));
        let heard = |who: &Who| match w.ask(who, at("07:50"), &Query::Receipt { announcement: id }) {
            Ok(View::Receipt(receipt)) => receipt.announced,
            other => panic!("{other:?}"),
        };
        let place = PlaceRef::Facility { facility: w.minato };
        let View::Messages(messages) = w.ask(&w.abe(), at("07:50"), &Query::Messages { place }).unwrap() else {
            panic!()
        };
        let item = messages.open.iter().find(|item| item.announcement == id).unwrap();
        for announced in [&item.announced, &heard(&mother)] {
            let Announced::Pickup { name: shown, relation, .. } = announced else { panic!() };
            assert_eq!(shown, name);
            assert_ne!(relation, "aunt");
        }
        w.records.records.remove(&id);
    }
}

#[test]
fn what_was_written_without_network_still_counts_when_its_day_has_passed() {
    let (mut w, child, mother) = world();
    let act = w.compose(&mother, at("07:41"), say(child, fever())).unwrap();
    let later = tuesday().plus(3);
    let judged =
        judge(&w.records, &|_| true, Some(&mother.standing), Some(&mother.standing), &act.changes, later).unwrap();
    assert!(matches!(judged, Judgement::Accept { .. }), "{judged:?}");
}

/// What the server says on `today` to an act that was written on Tuesday at 07:00 without network.
fn arrives(w: &World, who: &Who, act: &nursery::core::Act, today: Day) -> Judgement {
    judge(&w.records, &|_| true, Some(&who.standing), Some(&who.standing), &act.changes, today).unwrap()
}

/// Writes an entry of the pick-up list anew under its id.
fn rewrite(w: &mut World, child: ChildId, pickup: PickupId, name: &str, until: Option<Day>) {
    w.records.records.remove(&RecordId(pickup.0));
    let entry = AuthorizedPickup {
        names: Some(Names { legal: name.into(), ..Names::default() }),
        relation: Some("great-aunt".into()),
        until,
        child,
        ..Default::default()
    };
    w.put_in(w.municipality.into(), Subject(child.0), None, pickup.0, entry, vec![child.0]);
}

#[test]
fn what_the_office_changed_after_a_family_wrote_keeps_no_message_from_the_classroom() {
    let (mut w, child, mother) = world();
    let grandmother = register(&mut w, child, "みおの祖母");
    let act = w.compose(&mother, at("07:00"), say(child, collects(None, Some(grandmother)))).unwrap();
    let accepted = |w: &World, today: Day| matches!(arrives(w, &mother, &act, today), Judgement::Accept { .. });
    rewrite(&mut w, child, grandmother, "大友 ハル", None);
    assert!(accepted(&w, tuesday()), "another 続柄 and another name");
    rewrite(&mut w, child, grandmother, "みおの祖母", Some(tuesday()));
    assert!(accepted(&w, tuesday().plus(2)), "ended since");
    rewrite(&mut w, child, grandmother, "みおの祖母", Some(tuesday().plus(-1)));
    assert!(!accepted(&w, tuesday()), "it had ended when this was written");
    w.tell_collectors(child);
    let again = w.compose(&mother, at("09:00"), say(child, collects(None, Some(grandmother))));
    assert_eq!(again.map(|_| ()).map_err(|r| r.code), Err(Code::NotCollector), "writing it now is refused");
}

#[test]
fn a_guardian_who_may_not_collect_since_is_still_told_to_the_classroom_and_one_who_is_barred_is_not() {
    let (mut w, child, mother) = world();
    let father = w.guardian(child, "みおの父", "father");
    w.tell_collectors(child);
    let act = w.compose(&mother, at("07:00"), say(child, collects(Some(father), None))).unwrap();
    let id = w.records.records.values().find(|r| r.head.kind.as_str() == "guardianship" && r.head.keys[1] == father.0);
    let id = id.unwrap().head.id;
    w.records.records.remove(&id);
    let tie = Guardianship {
        relation: Some("foster".into()),
        sight: Some(SightRight::Full),
        pickup: Some(false),
        child,
        person: father.0,
        ..Default::default()
    };
    w.put_in(w.municipality.into(), child.into(), None, id.0, tie, vec![child.0, father.0]);
    let judged = arrives(&w, &mother, &act, tuesday());
    assert!(matches!(judged, Judgement::Accept { .. }), "{judged:?}");
    protect(&mut w, child, father);
    assert_eq!(refused(&arrives(&w, &mother, &act, tuesday())), Some(Code::NotCollector));
}

#[test]
fn an_entry_barred_since_or_of_another_child_is_refused_whenever_it_was_written() {
    let (mut w, child, mother) = world();
    let uncle = register(&mut w, child, "高橋　誠");
    let act = w.compose(&mother, at("07:00"), say(child, collects(None, Some(uncle)))).unwrap();
    let ren = w.child("れん");
    let barred = w.guardian(ren, "髙橋 誠", "father");
    protect(&mut w, child, barred);
    assert_eq!(refused(&arrives(&w, &mother, &act, tuesday())), Some(Code::NotCollector));
    let foreign = register(&mut w, ren, "れんの祖母");
    for (person, pickup) in [(None, Some(foreign)), (Some(w.people["れんの母"]), None), (None, None)] {
        let value = serde_json::to_value(collects(person, pickup)).unwrap();
        let judged = tampered(&mut w, &mother, say(child, fever()), |c| set(c, "announced", value.clone()));
        assert_eq!(refused(&judged), Some(Code::NotCollector));
    }
}

#[test]
fn the_same_word_twice_is_said_once() {
    let (mut w, child, mother) = world();
    let first = w.does(&mother, "07:41", say(child, fever())).unwrap()[0];
    assert_eq!(w.does(&mother, "07:41", say(child, fever())), Err(Code::AlreadyDone));
    let said = &form(&w, &mother).children[0].said;
    assert_eq!(said.iter().map(|s| (s.announcement, s.day)).collect::<Vec<_>>(), [(first, tuesday())]);
    let cough = Announced::Absence { reason: Reason::Cough };
    assert!(w.does(&mother, "07:50", say(child, cough)).is_ok(), "another reason is another word");
    assert!(w.does(&mother, "07:50", on(child, tuesday().plus(1), None, fever())).is_ok(), "another day too");
    let father = w.guardian(child, "みおの父", "father");
    let father = w.own(father);
    assert!(w.does(&father, "07:55", say(child, fever())).is_ok(), "another person has not said it");
}

#[test]
fn who_corrects_a_correction_is_heard() {
    let (mut w, child, mother) = world();
    let grandmother = register(&mut w, child, "みおの祖母");
    let uncle = register(&mut w, child, "みおの叔父");
    let late = |time: &str| Announced::Late { at: hm(time), why: String::new() };
    for (first, second) in
        [(collects(None, Some(grandmother)), collects(None, Some(uncle))), (late("10:00"), late("10:30"))]
    {
        w.does(&mother, "08:00", say(child, first.clone())).unwrap();
        assert_eq!(w.does(&mother, "08:01", say(child, first.clone())), Err(Code::AlreadyDone));
        w.does(&mother, "12:00", say(child, second.clone())).unwrap();
        let back = w.does(&mother, "15:00", say(child, first.clone())).unwrap();
        assert_eq!(back.len(), 1, "{first:?} after {second:?} is said again");
        assert_eq!(w.does(&mother, "15:01", say(child, first)), Err(Code::AlreadyDone));
    }
    let query = Query::Departure { facility: w.minato, child };
    let abe = w.abe();
    w.does(&abe, "15:10", w.arrive("みお")).unwrap();
    let View::Departure(view) = w.ask(&abe, at("16:30"), &query).unwrap() else { panic!() };
    assert_eq!(view.change.unwrap().to.name, "みおの祖母", "the sheet says whom the family said last");
}

#[test]
fn replacing_a_correction_by_the_first_word_takes_the_correction_back() {
    let (mut w, child, mother) = world();
    let late = |time: &str| Announced::Late { at: hm(time), why: String::new() };
    w.does(&mother, "08:00", say(child, late("10:00"))).unwrap();
    let wrong = w.does(&mother, "08:05", say(child, late("10:30"))).unwrap()[0];
    let mut again = say(child, late("10:00"));
    if let Command::Announce { replaces, .. } = &mut again {
        *replaces = Some(wrong);
    }
    w.does(&mother, "08:10", again.clone()).unwrap();
    assert!(!stored(&w, wrong).meta.counts());
    assert_eq!(w.does(&mother, "08:10", again), Err(Code::AlreadyDone), "pressed twice");
}

#[test]
fn what_was_taken_back_may_be_said_again_and_of_two_children_only_the_other_is_new() {
    let (mut w, child, mother) = world();
    let ren = w.child("れん");
    w.guardianship(ren, mother.person.unwrap(), "mother");
    let mother = w.own(mother.person.unwrap());
    let first = w.does(&mother, "07:41", say(child, fever())).unwrap()[0];
    let mut both = say(child, fever());
    if let Command::Announce { children, .. } = &mut both {
        children.push(ren);
    }
    assert_eq!(w.does(&mother, "07:42", both).unwrap().len(), 1);
    w.does(&mother, "07:43", Command::Void { record: first, reason: "other".into(), note: String::new() }).unwrap();
    assert!(w.does(&mother, "07:44", say(child, fever())).is_ok());
}

#[test]
fn an_absence_of_a_child_who_is_here_is_taken_and_shown_as_the_contradiction_that_it_is() {
    let (mut w, child, mother) = world();
    let abe = w.abe();
    w.does(&abe, "08:46", w.arrive("みお")).unwrap();
    let View::AbsenceForm(form) = w.ask(&mother, at("09:00"), &Query::AbsenceForm).unwrap() else { panic!() };
    assert_eq!(form.children[0].arrived, Some(hm("08:46")));
    let id = w.does(&mother, "09:01", say(child, fever())).unwrap()[0];
    assert_eq!(receipt(&w, &mother, "09:01", id).arrived, Some(hm("08:46")));
    let View::GuardianHome(home) = w.ask(&mother, at("09:01"), &Query::GuardianHome).unwrap() else { panic!() };
    assert!(home.children[0].absent_but_here);
}

#[test]
fn who_comes_late_as_announced_is_no_contradiction() {
    let (mut w, child, mother) = world();
    let late = Announced::Late { at: hm("10:00"), why: String::new() };
    let id = w.does(&mother, "08:10", say(child, late)).unwrap()[0];
    let abe = w.abe();
    w.does(&abe, "10:05", w.arrive("みお")).unwrap();
    assert_eq!(receipt(&w, &mother, "10:06", id).arrived, None);
}

#[test]
fn nobody_is_sent_to_the_telephone_while_a_message_may_be_on_its_way() {
    let (mut w, child, mother) = world();
    let id = w.does(&mother, "08:40", say(child, fever())).unwrap()[0];
    // the kit counts the server's moments from 1: this one was accepted when it was written
    let mut record = w.records.records[&id].clone();
    record.accepted = Some(records::ServerTime(at("08:40").0));
    w.records.put(record);
    let call_now = |w: &World, time: &str| receipt(w, &mother, time, id).stuck.unwrap().call_now;
    assert!(!call_now(&w, "08:44"));
    assert!(call_now(&w, "08:45"));
    assert_eq!(receipt(&w, &mother, "08:41", id).stuck.unwrap().call_from, hm("08:45"));
}

#[test]
fn before_the_expected_time_the_telephone_waits_for_that_time() {
    let (mut w, child, mother) = world();
    let id = w.does(&mother, "07:41", say(child, fever())).unwrap()[0];
    assert_eq!(receipt(&w, &mother, "08:00", id).stuck.unwrap().call_from, hm("08:30"));
}

#[test]
fn what_was_said_last_evening_is_shown_with_its_day() {
    let (mut w, child, mother) = world();
    let evening = nursery::clock::moment(day("2026-11-23"), hm("18:20"));
    let act = w.compose(&mother, evening, on(child, tuesday(), None, fever())).unwrap();
    w.accept(&act.changes, Some(&mother.standing)).unwrap();
    let query = Query::ChildSheet { facility: w.minato, child, day: None };
    let Ok(View::ChildSheet(sheet)) = w.ask(&w.abe(), at("08:00"), &query) else { panic!() };
    assert_eq!((sheet.timeline[0].at, sheet.timeline[0].at_day), (hm("18:20"), Some(day("2026-11-23"))));
}

#[test]
fn a_refused_guardian_is_told_so() {
    let mut w = World::new();
    let child = w.child("みお");
    let person = PersonId(w.ids.next());
    let tie = Guardianship {
        relation: Some("father".into()),
        joining: Some(nursery::people::Joining::Refused),
        child,
        person: person.0,
        ..Default::default()
    };
    let id = w.ids.next();
    w.put_in(w.municipality.into(), child.into(), None, id, tie, vec![child.0, person.0]);
    let father = w.own(person);
    let View::GuardianHome(home) = w.ask(&father, at("09:00"), &Query::GuardianHome).unwrap() else { panic!() };
    assert_eq!((home.children.len(), home.pending, home.refused), (0, 0, 1));
}

#[test]
fn every_offered_collector_is_somebody() {
    let (mut w, child, mother) = world();
    register(&mut w, child, "みおの祖母");
    let offered = form(&w, &mother).children[0].pickups.clone();
    assert!(matches!(offered[0].collector, Collector::Guardian { .. }));
    assert!(matches!(offered[1].collector, Collector::Registered { .. }));
}
