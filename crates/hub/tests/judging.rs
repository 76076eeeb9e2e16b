//! What a device sends: checked, judged, written once, answered alike for ever.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod world;

use hub::Hands;
use nursery::command::{Command, act};
use nursery::core::{Clock, Composer, Ids, Moment, Proof, Who};
use nursery::people::Role;
use records::wire::Verdict;
use records::{DeviceId, DeviceTime, Letter, PersonId, RecordId, Salt};
use std::sync::Barrier;
use std::thread;
use world::tablet::{code, letter};
use world::{World, absence, arrival, write};

fn punch(c: &mut Composer<'_, '_>, world: &World, child: nursery::ids::ChildId) -> RecordId {
    let new = arrival(c.at(), child);
    let keys = new.key_ids();
    c.make(world.wakaba.into(), child.into(), Some(world.today()), new, keys).unwrap()
}

#[test]
fn a_punch_is_accepted_and_echoed_in_the_same_reply() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    tablet.sync(&world);
    let (changes, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    let batch = tablet.batch(&changes);
    let reply = tablet.exchange(&world, Some(batch)).unwrap();
    let Verdict::Accepted { seq, .. } = &reply.verdicts[0].verdict else { panic!("{:?}", reply.verdicts) };
    assert_eq!(reply.echoes[0].head.id, id);
    assert_eq!(reply.echoes[0].seq, Some(*seq));
    assert_eq!(reply.echoes[0].accepted, Some(world.now()));
    assert_eq!(world.hub.broken_chains().unwrap(), []);
}

#[test]
fn of_people_who_punch_the_same_child_in_browsers_at_once_each_composes_over_what_the_one_before_has_written() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let teachers: Vec<_> = (0..8).map(|n| world.staff(&format!("先生{n}"), world.wakaba, Role::Caregiver)).collect();
    let (hub, now, wakaba) = (&world.hub, world.now(), world.wakaba);
    let ready = Barrier::new(teachers.len());
    let arrive = |person: PersonId| {
        ready.wait();
        hub.act_as(Hands { session: person, recorder: person }, now, move |here| {
            let (device, standing) = (DeviceId(person.0), here.recorder.clone());
            let who = Who { device, person: Some(person), standing, proof: Proof::Own };
            let (at, clock, basis) = (DeviceTime(now.0), Clock::default(), here.basis);
            let mut moment = Moment { at, clock, basis, app: "1", ids: &mut Fresh };
            act(here.records, &who, &mut moment, Command::Arrive { facility: wakaba, children: vec![hana], room: None })
        })
    };
    let outcomes: Vec<_> = thread::scope(|scope| {
        let all: Vec<_> = teachers.iter().map(|person| scope.spawn(|| arrive(*person))).collect();
        all.into_iter().map(|one| one.join().unwrap().map(|_| ()).map_err(|failure| failure.code())).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Err("already_done")).count(), 7, "{outcomes:?}");
}

struct Fresh;
impl Ids for Fresh {
    fn next(&mut self) -> uuid::Uuid {
        uuid::Uuid::now_v7()
    }
}

#[test]
fn a_replayed_batch_gets_the_stored_verdicts_and_changes_nothing() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let sora = world.child("そら", world.tsubame, world.kuma);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    tablet.sync(&world);
    let (mut changes, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    let (foreign, _) = tablet.compose(&world, sato, |c| {
        let new = arrival(c.at(), sora);
        let keys = new.key_ids();
        c.make(world.tsubame.into(), sora.into(), Some(world.today()), new, keys).unwrap()
    });
    changes.extend(foreign);
    let batch = tablet.batch(&changes);
    let first = tablet.exchange(&world, Some(batch.clone())).unwrap();
    assert_eq!(first.verdicts.iter().map(code).collect::<Vec<_>>(), ["accepted", "not_allowed"]);
    let before = world.record(id);
    let again = tablet.exchange(&world, Some(batch)).unwrap();
    assert_eq!(again.verdicts, first.verdicts);
    assert_eq!(again.echoes.len(), 1, "an answer that was lost is given whole");
    // offered again in another batch, after rights have ended
    world.pass_days(1);
    let reoffered = tablet.send(&world, &changes);
    assert_eq!(reoffered, first.verdicts);
    assert_eq!(world.record(id), before);
    assert_eq!(before.fields["sort"].entries.len(), 1);
}

#[test]
fn another_change_under_a_known_id_is_refused() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (mut changes, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    assert_eq!(code(&tablet.send(&world, &changes)[0]), "accepted");
    changes[0].at = DeviceTime(1);
    assert_eq!(code(&tablet.send(&world, &changes)[0]), "bad_input");
    assert_ne!(world.record(id).origin().unwrap().at, DeviceTime(1));
}

#[test]
fn one_change_twice_in_a_batch_is_applied_once() {
    let world = World::new();
    let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
    let mut phone = world.phone(sato);
    let record = world.record(RecordId(sato.0));
    let (changes, ()) = phone.compose(&world, sato, |c| {
        c.write(record.head.clone(), vec![write(&record, "language", "en")]);
    });
    phone.number += 1;
    let batch = phone.batch_of(vec![letter(&changes[0]), letter(&changes[0])]);
    let reply = phone.exchange(&world, Some(batch)).unwrap();
    assert_eq!(reply.verdicts.iter().map(code).collect::<Vec<_>>(), ["accepted", "accepted"]);
    assert_eq!(reply.verdicts[0], reply.verdicts[1]);
    assert_eq!(world.record(RecordId(sato.0)).fields["language"].entries.len(), 1);
    assert_eq!(world.hub.broken_chains().unwrap(), []);
}

#[test]
fn two_changes_of_one_id_in_a_batch_are_both_refused() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (changes, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    let mut other = changes[0].clone();
    other.at = DeviceTime(1);
    let verdicts = tablet.send(&world, &[changes[0].clone(), other]);
    assert_eq!(verdicts.iter().map(code).collect::<Vec<_>>(), ["bad_input", "bad_input"]);
    assert!(!world.exists(id));
}

#[test]
fn rule_9_changes_of_one_act_stand_or_fall_together() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let sora = world.child("そら", world.tsubame, world.kuma);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (changes, id) = tablet.compose(&world, sato, |c| {
        let id = punch(c, &world, hana);
        let new = arrival(c.at(), sora);
        let keys = new.key_ids();
        c.make(world.tsubame.into(), sora.into(), Some(world.today()), new, keys).unwrap();
        id
    });
    let verdicts = tablet.send(&world, &changes);
    assert_eq!(verdicts.iter().map(code).collect::<Vec<_>>(), ["not_allowed", "not_allowed"]);
    assert!(!world.exists(id));
}

#[test]
fn rule_9_a_void_without_its_punch_is_refused_by_itself() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (made, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    let head = made[0].head.clone();
    let (void, ()) = tablet.compose(&world, sato, |c| {
        let value = serde_json::json!({"reason": "undo"});
        let write = records::Write { field: "void".into(), value: Some(value), over: Default::default() };
        c.write(head, vec![write]);
    });
    let verdicts = tablet.send(&world, &void);
    assert_ne!(code(&verdicts[0]), "accepted");
    assert!(!world.exists(id));
}

#[test]
fn rule_3_and_4_a_change_comes_to_a_record_once_and_what_it_replaced_stays_away() {
    let world = World::new();
    let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
    let mut phone = world.phone(sato);
    phone.sync(&world);
    let record = world.record(RecordId(sato.0));
    let name = |c: &mut Composer<'_, '_>, over: records::Seen, text: &str| {
        let mut write = write(&record, "language", text);
        write.over = over;
        c.write(record.head.clone(), vec![write]);
    };
    let (first, ()) = phone.compose(&world, sato, |c| name(c, Default::default(), "ja"));
    let (second, ()) = phone.compose(&world, sato, |c| name(c, [first[0].id].into(), "en"));
    assert_eq!(code(&phone.send(&world, &second)[0]), "accepted");
    assert_eq!(code(&phone.send(&world, &first)[0]), "accepted");
    assert_eq!(code(&phone.send(&world, &first)[0]), "accepted");
    let field = &world.record(RecordId(sato.0)).fields["language"];
    assert_eq!(field.entries.len(), 1);
    assert_eq!(field.shown().unwrap().value, Some("en".into()));
}

#[test]
fn rule_10_the_log_keeps_what_was_signed_and_the_server_adds_its_own() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (changes, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    tablet.send(&world, &changes);
    let entry = world.record(id).origin().unwrap().clone();
    assert_eq!((entry.author, entry.device, entry.at), (sato, tablet.session.device, changes[0].at));
}

#[test]
fn rule_13_what_a_principal_may_not_see_is_not_echoed_to_it() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let (mother, father) = (world.guardian("母", hana), world.guardian("父", hana));
    let mut phone = world.phone(mother);
    phone.sync(&world);
    let (changes, id) = phone.compose(&world, mother, |c| {
        let new = absence(hana);
        let keys = new.key_ids();
        c.make(world.wakaba.into(), hana.into(), Some(world.today()), new, keys).unwrap()
    });
    let batch = phone.batch(&changes);
    let reply = phone.exchange(&world, Some(batch.clone())).unwrap();
    assert_eq!(reply.echoes.len(), 1);
    // protection is entered, the answer had been lost: she gets her verdict again, but nothing of the child
    world.protect(hana, mother);
    let again = world.hub.exchange(&phone.session, phone.request(Some(batch)), world.now()).unwrap();
    assert_eq!(again.verdicts, reply.verdicts);
    assert!(again.echoes.is_empty());
    let _ = (father, id);
}

#[test]
fn rule_15_derived_ids_are_recomputed_and_foreign_heads_refused_alike() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (mut squat, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    squat[0].head.id = RecordId::derived(world.wakaba.into(), "punch", "anything");
    assert_eq!(code(&tablet.send(&world, &squat)[0]), "bad_head");
    // a record that exists elsewhere, and one that does not exist: the same answer
    let yamada = world.staff("山田", world.tsubame, Role::Caregiver);
    let sora = world.child("そら", world.tsubame, world.kuma);
    let mut other = world.tablet("くま組 1", world.tsubame);
    let (there, there_id) = other.compose(&world, yamada, |c| {
        let new = arrival(c.at(), sora);
        let keys = new.key_ids();
        c.make(world.tsubame.into(), sora.into(), Some(world.today()), new, keys).unwrap()
    });
    assert_eq!(code(&other.send(&world, &there)[0]), "accepted");
    let attempt = |id: RecordId, tablet: &mut world::Tablet| {
        let mut head = there[0].head.clone();
        head.id = id;
        let (void, ()) = tablet.compose(&world, sato, |c| {
            let value = serde_json::json!({"reason": "undo"});
            c.write(head, vec![records::Write { field: "void".into(), value: Some(value), over: Default::default() }]);
        });
        code(&tablet.send(&world, &void)[0]).to_owned()
    };
    let existing = attempt(there_id, &mut tablet);
    let missing = attempt(RecordId(world.id()), &mut tablet);
    assert_eq!(existing, "not_allowed");
    assert_eq!(existing, missing);
}

#[test]
fn rule_18_an_audience_that_the_server_does_not_compute_is_refused() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (mut changes, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    changes[0].head.audiences.insert(world::atom("staff", world.tsubame));
    assert_eq!(code(&tablet.send(&world, &changes)[0]), "bad_head");
    assert!(!world.exists(id));
}

#[test]
fn a_batch_by_another_key_is_refused_whole() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (changes, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    let mut batch = tablet.batch(&changes);
    batch.signature =
        seal::DeviceKey::from_seed([3; 32]).sign_batch(tablet.incarnation, 1, &[seal::hash(&batch.letters[0])]);
    let failure = tablet.exchange(&world, Some(batch)).unwrap_err();
    assert_eq!(failure.code(), "bad_signature");
    assert!(!world.exists(id));
}

#[test]
fn a_copied_store_is_told_to_take_a_new_incarnation_and_keeps_its_changes() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (one, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    let (two, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    tablet.send(&world, &one);
    tablet.number = 0; // the copy goes on from the same number with other bytes
    let batch = tablet.batch(&two);
    assert_eq!(tablet.exchange(&world, Some(batch)).unwrap_err().code(), "new_incarnation");
    assert!(!world.exists(id));
    tablet.incarnation = records::Incarnation(world.id());
    assert_eq!(code(&tablet.send(&world, &two)[0]), "accepted");
}

#[test]
fn limits_are_checked_before_anything_is_used() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (changes, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    let one = letter(&changes[0]);
    tablet.number += 1;
    let many = tablet.batch_of(vec![one.clone(); 501]);
    assert_eq!(tablet.exchange(&world, Some(many)).unwrap_err().code(), "too_large");
    let text = format!(r#"{{"id":"{}","x":"{}"}}"#, changes[0].id, "x".repeat(33 * 1024));
    let long = Letter { salt: one.salt.clone(), bytes: serde_json::from_str(&text).unwrap() };
    assert_eq!(tablet.exchange(&world, Some(tablet.batch_of(vec![long]))).unwrap_err().code(), "too_large");
    let unsalted = Letter { salt: Salt("x".into()), ..one };
    assert_eq!(tablet.exchange(&world, Some(tablet.batch_of(vec![unsalted]))).unwrap_err().code(), "bad_input");
}

#[test]
fn letters_that_make_no_sense_are_answered_each_with_a_code() {
    let world = World::new();
    let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
    let hana = world.child("はな", world.wakaba, world.usagi);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let salt = Salt("00112233445566778899aabbccddeeff".into());
    let raw = |text: &str| Letter { salt: salt.clone(), bytes: serde_json::from_str(text).unwrap() };
    let (good, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    tablet.number += 1;
    let shapeless = tablet.batch_of(vec![raw(&format!(r#"{{"id":"{}","head":7}}"#, world.id())), letter(&good[0])]);
    let reply = tablet.exchange(&world, Some(shapeless)).unwrap();
    assert_eq!(reply.verdicts.iter().map(code).collect::<Vec<_>>(), ["bad_input", "accepted"]);
    for text in ["7", "null", "[]", "{}", r#""x""#, r#"{"id":"not an id"}"#] {
        tablet.number += 1;
        let failure = tablet.exchange(&world, Some(tablet.batch_of(vec![raw(text)]))).unwrap_err();
        assert_eq!(failure.code(), "bad_input", "{text}");
    }
}

#[test]
fn a_kind_that_the_server_does_not_know_waits_and_blocks_nothing() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (mut newer, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    newer[0].head.kind = records::KindName("from_the_future".to_owned().into());
    let (known, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    newer.extend(known);
    let verdicts = tablet.send(&world, &newer);
    assert_eq!(verdicts.iter().map(code).collect::<Vec<_>>(), ["upgrade", "accepted"]);
    assert!(matches!(verdicts[0].verdict, Verdict::Later { .. }));
}

#[test]
fn on_a_personal_device_only_its_person_writes() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let (sato, suzuki) =
        (world.staff("佐藤", world.wakaba, Role::Caregiver), world.staff("鈴木", world.wakaba, Role::Caregiver));
    let mut phone = world.phone(sato);
    let (as_other, _) = phone.compose(&world, suzuki, |c| punch(c, &world, hana));
    assert_eq!(code(&phone.send(&world, &as_other)[0]), "not_allowed");
    let tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (of_tablet, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    assert_eq!(code(&phone.send(&world, &of_tablet)[0]), "not_allowed", "signed by another device than named");
}

#[test]
fn a_right_that_ended_in_the_ordinary_course_leads_to_a_hold_which_the_office_accepts() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let director = world.staff("園長", world.wakaba, Role::Director);
    let sato = world.person("佐藤");
    let assignment = world.assign(sato, world.wakaba, Role::Caregiver);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (warm_up, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    tablet.send(&world, &warm_up);
    tablet.sync(&world);
    let (late, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    world.set(assignment, "until", world.today());
    world.pass_days(2);
    let verdicts = tablet.send(&world, &late);
    let Verdict::Held { hold } = verdicts[0].verdict else { panic!("{verdicts:?}") };
    assert!(!world.exists(id));
    // rule 11: the office decides on the hold; then the change is in the log as it was signed
    let record = world.record(hold);
    let committed = world
        .in_browser(director, |c| c.write(record.head.clone(), vec![write(&record, "decision", "accepted")]))
        .unwrap();
    assert_eq!(committed.refused(), None, "{committed:?}");
    assert_eq!(world.record(id).origin().unwrap().author, sato);
    assert_eq!(code(&tablet.send(&world, &late)[0]), "accepted", "the device learns it when it asks again");
    assert_eq!(world.hub.broken_chains().unwrap(), []);
}

#[test]
fn what_an_office_writes_into_a_hold_is_not_let_in() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let director = world.staff("園長", world.wakaba, Role::Director);
    let sato = world.person("佐藤");
    let assignment = world.assign(sato, world.wakaba, Role::Caregiver);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (warm_up, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    tablet.send(&world, &warm_up);
    tablet.sync(&world);
    let (late, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    world.set(assignment, "until", world.today());
    world.pass_days(2);
    let verdicts = tablet.send(&world, &late);
    let Verdict::Held { hold } = verdicts[0].verdict else { panic!("{verdicts:?}") };
    // the director makes herself one of the city by way of the hold
    let (own, forged) = world.compose(tablet.session.device, director, records::GrantsVersion(1), |c| {
        let new = nursery::people::Assignment {
            person: director.0,
            facility: nursery::ids::FacilityId(world.city.0),
            role: Some(Role::City),
            from: Some(world.today()),
            ..Default::default()
        };
        let keys = new.key_ids();
        c.make(world.feed(), records::Subject(director.0), None, new, keys).unwrap()
    });
    let record = world.record(hold);
    let texts = vec![serde_json::to_string(&letter(&own[0])).unwrap()];
    let writes = vec![write(&record, "letters", texts), write(&record, "decision", "accepted")];
    let committed = world.in_browser(director, |c| c.write(record.head.clone(), writes)).unwrap();
    assert_eq!(committed.refused(), Some("not_allowed"));
    assert!(!world.exists(forged));
    // the true letters are let in once, however often somebody decides
    for _ in 0..2 {
        let record = world.record(hold);
        let writes = vec![write(&record, "decision", "accepted")];
        world.in_browser(director, |c| c.write(record.head.clone(), writes)).unwrap();
    }
    assert_eq!(world.record(id).fields["sort"].entries.len(), 1);
    assert_eq!(world.hub.broken_chains().unwrap(), []);
}

#[test]
fn a_right_that_ended_more_than_35_days_ago_leads_to_a_refusal() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let sato = world.person("佐藤");
    let assignment = world.assign(sato, world.wakaba, Role::Caregiver);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (warm_up, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    tablet.send(&world, &warm_up);
    tablet.sync(&world);
    let (late, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    world.set(assignment, "until", world.today());
    world.pass_days(2);
    world.hub.held(nursery::access::Principal::Person(sato), world.now()).unwrap();
    world.pass_days(36);
    assert_eq!(code(&tablet.send(&world, &late)[0]), "not_allowed");
}

#[test]
fn what_a_retired_device_sends_is_refused_not_held() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    tablet.sync(&world);
    let (late, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    world.set(RecordId(tablet.session.device.0), "retired", world.today());
    assert_eq!(code(&tablet.send(&world, &late)[0]), "not_allowed");
    assert!(tablet.stored.is_empty(), "a lost device is told to forget everything");
}

#[test]
fn what_many_threads_write_at_once_is_all_there_once() {
    let world = World::new();
    let (hana, sato) =
        (world.child("はな", world.wakaba, world.usagi), world.staff("佐藤", world.wakaba, Role::Caregiver));
    let work: Vec<_> = (0..24)
        .map(|_| {
            let mut tablet = world.tablet("t", world.wakaba);
            let (changes, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
            let batch = tablet.batch(&changes);
            (tablet.session, tablet.request(Some(batch)), id)
        })
        .collect();
    let (hub, now) = (&world.hub, world.now());
    std::thread::scope(|scope| {
        for (session, request, _) in &work {
            scope.spawn(move || {
                let reply = hub.exchange(session, request.clone(), now).unwrap();
                assert_eq!(code(&reply.verdicts[0]), "accepted");
            });
        }
    });
    for (_, _, id) in work {
        assert_eq!(world.record(id).fields["sort"].entries.len(), 1);
    }
    assert_eq!(world.hub.broken_chains().unwrap(), []);
}
