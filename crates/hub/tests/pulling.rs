//! What a device gets: all that it may hold, nothing else, each thing once.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod world;

use nursery::access::Principal;
use nursery::calendar::Visit;
use nursery::core::{Form, Meta, Records, Scan};
use nursery::people::{Guardianship, Protection, Role, SightRight};
use nursery::registry;
use nursery::server::Collectors;
use records::{Record, RecordId};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use world::{Tablet, World, absence, arrival, atom};

/// Every record that a principal may hold, read kind by kind through its sight.
fn in_sight(world: &World, of: Principal) -> BTreeMap<RecordId, Record> {
    let records = world.hub.records_for(of, world.now()).unwrap();
    let mut all = BTreeMap::new();
    for kind in registry::kinds() {
        let which = Scan { kind: kind.kind(), feed: None, key: None, subject: None, days: None };
        let each = &mut |record: Record| {
            all.insert(record.head.id, record);
            ControlFlow::Continue(())
        };
        records.scan(&which, each).unwrap();
    }
    all
}

/// Law 4: what is sent is what is in sight, byte for byte, and `get` agrees with `scan`.
fn check_holds_its_sight(world: &World, tablet: &mut Tablet) {
    tablet.sync(world);
    let of = Principal::Device(tablet.session.device);
    let expected = in_sight(world, of);
    let ids = |all: &BTreeMap<RecordId, Record>| {
        all.values().map(|r| (r.head.kind.clone(), r.head.id)).collect::<BTreeSet<_>>()
    };
    assert_eq!(ids(&tablet.stored), ids(&expected));
    assert_eq!(tablet.stored, expected);
    let records = world.hub.records_for(of, world.now()).unwrap();
    for (id, _) in in_sight_of_all(world) {
        assert_eq!(records.get(id).unwrap().as_ref(), expected.get(&id));
    }
}

fn in_sight_of_all(world: &World) -> BTreeMap<RecordId, Record> {
    let records = world.hub.records().unwrap();
    let mut all = BTreeMap::new();
    for kind in registry::kinds() {
        let which = Scan { kind: kind.kind(), feed: None, key: None, subject: None, days: None };
        records
            .scan(&which, &mut |record| {
                all.insert(record.head.id, record);
                ControlFlow::Continue(())
            })
            .unwrap();
    }
    all
}

fn punched(world: &World, child: nursery::ids::ChildId, at: nursery::ids::FacilityId) -> RecordId {
    world.make_about(at.into(), child, Some(world.today()), arrival(records::DeviceTime(world.now.get()), child))
}

fn announced(world: &World, child: nursery::ids::ChildId) -> RecordId {
    world.make_about(world.wakaba.into(), child, Some(world.today()), absence(child))
}

#[test]
fn law_4_every_device_holds_its_sight_through_a_year_of_changes() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let sora = world.child("そら", world.tsubame, world.kuma);
    let mother = world.guardian("母", hana);
    let father = world.guardian("父", sora);
    let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
    let director = world.staff("園長", world.tsubame, Role::Director);
    let mut devices = vec![
        world.tablet("うさぎ組 1", world.wakaba),
        world.tablet("くま組 1", world.tsubame),
        world.phone(mother),
        world.phone(father),
        world.phone(sato),
        world.phone(director),
    ];
    let check = |devices: &mut Vec<Tablet>| devices.iter_mut().for_each(|d| check_holds_its_sight(&world, d));
    punched(&world, hana, world.wakaba);
    punched(&world, sora, world.tsubame);
    announced(&world, hana);
    check(&mut devices);
    // Hana visits the other nursery for three days and comes back
    let until = Some(world.today().plus(2));
    let visit = Visit {
        child: hana,
        host: world.tsubame,
        home: world.wakaba,
        from: Some(world.today()),
        until,
        ..Visit::default()
    };
    world.make_about(world.feed(), hana, None, visit);
    check(&mut devices);
    world.pass_days(1);
    punched(&world, hana, world.tsubame);
    check(&mut devices);
    world.pass_days(3);
    check(&mut devices);
    // her father joins with basics, is protected from, and protection ends
    let protection = world.protect(sora, father);
    check(&mut devices);
    world.set(protection, "until", world.today());
    world.guard(father, hana, SightRight::Basics);
    world.pass_days(2);
    check(&mut devices);
    // the other nursery gets a second child, the first one leaves
    world.child("うみ", world.tsubame, world.kuma);
    let placement = placement_of(&world, sora);
    world.set(placement, "until", world.today());
    world.pass_days(40);
    punched(&world, hana, world.wakaba);
    check(&mut devices);
}

fn placement_of(world: &World, child: nursery::ids::ChildId) -> RecordId {
    let mut found = None;
    let which = Scan::of::<nursery::people::Placement>().key(0, child);
    let each = &mut |record: Record| {
        found = Some(record.head.id);
        ControlFlow::Break(())
    };
    world.hub.records().unwrap().scan(&which, each).unwrap();
    found.unwrap()
}

#[test]
fn rule_19_a_device_receives_of_audiences_only_those_it_holds() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let mother = world.guardian("母", hana);
    let id = announced(&world, hana);
    let mut phone = world.phone(mother);
    phone.sync(&world);
    assert_eq!(phone.stored[&id].head.audiences, [atom("family", hana)].into());
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    tablet.sync(&world);
    assert_eq!(tablet.stored[&id].head.audiences, [atom("staff", world.wakaba)].into());
}

#[test]
fn rule_19_an_excluded_subject_is_forgotten_and_never_sent_again() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let mother = world.guardian("母", hana);
    let id = announced(&world, hana);
    let mut phone = world.phone(mother);
    phone.sync(&world);
    assert!(phone.holds(id));
    world.protect(hana, mother);
    let reply = phone.exchange(&world, None).unwrap();
    assert_eq!(reply.forget, [records::Subject(hana.0)]);
    assert!(!phone.stored.values().any(|record| record.head.subject.0 == hana.0));
    let later = announced(&world, hana);
    phone.sync(&world);
    assert!(!phone.holds(later));
    assert!(world.hub.records_for(Principal::Person(mother), world.now()).unwrap().get(later).unwrap().is_none());
}

#[test]
fn rule_20_a_gained_audience_is_filled_from_the_beginning_even_if_broken_off() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let old: Vec<RecordId> = (0..30).map(|_| announced(&world, hana)).collect();
    let aunt = world.person("伯母");
    let other = world.child("そら", world.wakaba, world.usagi);
    world.guard(aunt, other, SightRight::Full);
    let mut phone = world.phone(aunt);
    phone.room = Some(2_000);
    phone.sync(&world);
    assert!(old.iter().all(|id| !phone.holds(*id)));
    world.guard(aunt, hana, SightRight::Full);
    // the fill comes in several pages; in its midst something new happens
    for _ in 0..3 {
        assert!(phone.exchange(&world, None).unwrap().more);
    }
    let new = announced(&world, hana);
    phone.sync(&world);
    assert!(old.iter().all(|id| phone.holds(*id)), "the past of the audience");
    assert!(phone.holds(new));
    let received = phone.received;
    phone.sync(&world);
    assert_eq!(phone.received, received, "nothing comes twice");
}

#[test]
fn rule_20_an_audience_lost_in_the_midst_of_its_fill_leaves_and_comes_whole_when_regained() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let old: Vec<RecordId> = (0..30).map(|_| announced(&world, hana)).collect();
    let aunt = world.person("伯母");
    world.guard(aunt, world.child("そら", world.wakaba, world.usagi), SightRight::Full);
    let mut phone = world.phone(aunt);
    phone.room = Some(2_000);
    phone.sync(&world);
    let right = world.guard(aunt, hana, SightRight::Full);
    phone.exchange(&world, None).unwrap();
    phone.exchange(&world, None).unwrap();
    world.set(right, "sight", SightRight::None);
    let reply = phone.exchange(&world, None).unwrap();
    assert!(reply.lost.contains(&atom("family", hana)));
    phone.sync(&world);
    assert!(old.iter().all(|id| !phone.holds(*id)));
    world.set(right, "sight", SightRight::Full);
    phone.sync(&world);
    assert!(old.iter().all(|id| phone.holds(*id)));
}

#[test]
fn rule_20_a_cursor_is_only_a_devices_word() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let id = announced(&world, hana);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    tablet.sync(&world);
    assert!(tablet.holds(id));
    let stranger = world.guardian("母", world.child("そら", world.tsubame, world.kuma));
    let mut phone = world.phone(stranger);
    phone.sync(&world);
    // a fill of every audience there is, claimed in a cursor
    let own = phone.cursor.clone().unwrap();
    let json = data_encoding::BASE64URL_NOPAD.decode(own.0.as_bytes()).unwrap();
    let mut reached: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let fills =
        (1..=9).map(|feed| serde_json::json!({"a": (1..100).collect::<Vec<i64>>(), "s": feed, "at": 0, "to": 1000}));
    reached["f"] = fills.collect();
    phone.cursor = Some(records::wire::Cursor(data_encoding::BASE64URL_NOPAD.encode(reached.to_string().as_bytes())));
    phone.exchange(&world, None).unwrap();
    assert!(!phone.holds(id));
    reached["g"] = u64::MAX.into();
    phone.cursor = Some(records::wire::Cursor(data_encoding::BASE64URL_NOPAD.encode(reached.to_string().as_bytes())));
    phone.exchange(&world, None).unwrap();
    assert!(!phone.holds(id));
    for text in ["", "x", "e30", "🐟", &"A".repeat(100_000)] {
        phone.cursor = Some(records::wire::Cursor(text.to_owned()));
        phone.stored.clear();
        phone.sync(&world);
        assert!(!phone.stored.is_empty() && !phone.holds(id), "a cursor that is none begins anew");
    }
}

#[test]
fn rule_21_families_of_a_class_hold_it_from_the_day_they_joined() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let mother = world.guardian("母", hana);
    let held = world.hub.held(Principal::Person(mother), world.now()).unwrap();
    let families = atom("class_families", world.usagi);
    let joined = "2026-04-01".parse().unwrap();
    assert_eq!(held.sight.atoms[&families], nursery::access::Since::Day(joined));
    assert!(held.sight.reaches(&families, Some(joined)));
    assert!(!held.sight.reaches(&families, Some(joined.plus(-1))));
}

#[test]
fn rule_23_days_that_devices_no_longer_keep_are_not_sent() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let old = announced(&world, hana);
    world.pass_days(14 * 31);
    let new = announced(&world, hana);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    tablet.sync(&world);
    assert!(tablet.holds(new));
    assert!(!tablet.holds(old));
    assert!(world.exists(old), "the server keeps everything");
}

#[test]
fn rule_28_a_page_has_at_most_1000_records_and_the_room_that_was_asked_for() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let day = Some(world.today());
    world.system(|c| {
        for _ in 0..1_200 {
            c.next_act();
            let new = arrival(c.at(), hana);
            let keys = new.key_ids();
            c.make(world.wakaba.into(), hana.into(), day, new, keys).unwrap();
        }
    });
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let reply = tablet.exchange(&world, None).unwrap();
    assert!(reply.page.len() <= 1_000 && reply.more);
    assert!(serde_json::to_vec(&reply.page).unwrap().len() <= (1 << 20) + 1_000);
    tablet.sync(&world);
    assert!(tablet.stored.len() > 1_200);
    let mut small = world.tablet("うさぎ組 2", world.wakaba);
    small.room = Some(5_000);
    let reply = small.exchange(&world, None).unwrap();
    assert!(!reply.page.is_empty() && reply.more);
    assert!(serde_json::to_vec(&reply.page).unwrap().len() <= 5_100);
}

#[test]
fn a_record_larger_than_the_room_is_sent_alone() {
    let world = World::new();
    world.child("はな", world.wakaba, world.usagi);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    tablet.room = Some(0);
    let reply = tablet.exchange(&world, None).unwrap();
    assert_eq!(reply.page.len(), 1);
    tablet.sync(&world);
    check_holds_its_sight(&world, &mut tablet);
}

#[test]
fn rule_27_arrival_is_told_once_when_a_shared_device_of_the_site_has_stored_it() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let mother = world.guardian("母", hana);
    let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
    let mut own = world.phone(sato);
    let mut first = world.tablet("うさぎ組 1", world.wakaba);
    let mut second = world.tablet("うさぎ組 2", world.wakaba);
    let mut elsewhere = world.tablet("くま組 1", world.tsubame);
    let id = announced(&world, hana);
    let told = || {
        let derived = RecordId::derived(world.wakaba.into(), "delivery", &id.to_string());
        world.exists(derived).then(|| world.record(derived))
    };
    for device in [&mut own, &mut elsewhere] {
        device.sync(&world);
        device.sync(&world);
    }
    assert_eq!(told(), None, "a person's device or another site's does not count");
    first.exchange(&world, None).unwrap();
    assert_eq!(told(), None, "sent is not stored");
    first.sync(&world);
    first.sync(&world);
    let delivery = told().unwrap();
    assert_eq!(delivery.read::<String>("device_name").ok().as_deref(), Some("うさぎ組 1"));
    second.sync(&world);
    second.sync(&world);
    assert_eq!(told().unwrap(), delivery, "once");
    let mut phone = world.phone(mother);
    phone.sync(&world);
    assert!(phone.holds(delivery.head.id), "the family learns it");
}

#[test]
fn rule_5_a_page_of_another_epoch_is_not_continued() {
    let world = World::new();
    world.child("はな", world.wakaba, world.usagi);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    tablet.sync(&world);
    let (held, backup) = (tablet.stored.len(), world.folder.path().join("backup.db"));
    world.hub.backup(&backup).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    for file in ["keys.db", "server.key"] {
        std::fs::copy(world.folder.path().join(file), elsewhere.path().join(file)).unwrap();
    }
    let epoch = hub::restore(elsewhere.path(), &backup, [5; 32], world.now()).unwrap();
    let restored = hub::Hub::open(elsewhere.path(), [6; 32], world.now()).unwrap();
    let reply = restored.exchange(&tablet.session, tablet.request(None), world.now()).unwrap();
    assert_eq!(reply.epoch, epoch);
    assert_ne!(Some(reply.epoch), tablet.epoch);
    assert_eq!(reply.page.len(), held, "everything comes again in a new epoch");
}

/// Names of those who may collect, as a guardian's phone holds them, sorted.
fn collectors_on(phone: &Tablet, child: nursery::ids::ChildId) -> Vec<String> {
    let told = phone.stored.values().filter(|record| record.head.kind.as_str() == Collectors::NAME);
    let told: Vec<Collectors> = told.map(|record| Collectors::read(Meta::of(record), record)).collect();
    assert!(told.iter().all(|told| told.child == child));
    let names = told.into_iter().flat_map(|told| told.list.unwrap_or_default()).map(|one| one.name);
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

#[test]
fn guardians_are_told_of_each_other_as_collecting_until_the_child_is_protected() {
    let world = World::new();
    let child = world.child("みお", world.wakaba, world.usagi);
    let mother = world.guardian("みおの母", child);
    world.guardian("みおの父", child);
    let mut phone = world.phone(mother);
    phone.sync(&world);
    assert_eq!(collectors_on(&phone, child), ["みおの母", "みおの父"]);
    let strangers = phone.stored.values().filter(|r| r.head.kind.as_str() == Guardianship::NAME).count();
    assert_eq!(strangers, 1, "the other guardianship itself stays out of sight");
    let aunt = world.guardian("みおの伯母", child);
    world.protect(child, aunt);
    phone.sync(&world);
    assert_eq!(collectors_on(&phone, child), [""; 0]);
}

#[test]
fn a_protection_changes_what_families_are_told_on_its_first_day_and_after_its_last() {
    let world = World::new();
    let child = world.child("みお", world.wakaba, world.usagi);
    let other = world.child("れん", world.wakaba, world.usagi);
    let mother = world.guardian("みおの母", child);
    let father = world.guardian("みおの父", child);
    world.guardian("れんの母", other);
    let (mut hers, mut his) = (world.phone(mother), world.phone(father));
    let both = ["みおの母", "みおの父"];
    let (from, until) = (Some(world.today().plus(2)), Some(world.today().plus(3)));
    let protection = Protection { child, person: father.0, from, until, ..Protection::default() };
    world.make_about(world.feed(), child, None, protection);
    for _ in 0..2 {
        hers.sync(&world);
        his.sync(&world);
        assert_eq!(collectors_on(&hers, child), both, "nothing forewarns");
        assert_eq!(collectors_on(&his, child), both, "nothing forewarns");
        world.pass_days(1);
    }
    for _ in 0..2 {
        his.sync(&world);
        hers.sync(&world);
        assert_eq!(collectors_on(&hers, child), [""; 0], "on these days");
        assert_eq!(collectors_on(&his, child), [""; 0], "he holds nothing of the child");
        world.pass_days(1);
    }
    hers.sync(&world);
    assert_eq!(collectors_on(&hers, child), both);
    world.pass_days(-1);
    hers.sync(&world);
    assert_eq!(collectors_on(&hers, child), [""; 0], "also if the server's clock goes back");
    let mut elsewhere = world.phone(world.guardian("れんの父", other));
    elsewhere.sync(&world);
    assert_eq!(collectors_on(&elsewhere, other), ["れんの母", "れんの父"], "nobody else is touched");
}

#[test]
fn a_database_that_told_nobody_tells_all_on_the_first_day() {
    let mut world = World::new();
    let child = world.child("みお", world.wakaba, world.usagi);
    let mother = world.guardian("みおの母", child);
    let db = rusqlite::Connection::open(world.folder.path().join("hub.db")).unwrap();
    db.execute_batch("DELETE FROM meta WHERE name = 'told_day'").unwrap();
    let id = records::RecordId::derived(world.feed(), Collectors::NAME, &child.to_string());
    world.set(id, "list", serde_json::json!([]));
    drop(db);
    world.reopen();
    let mut phone = world.phone(mother);
    phone.sync(&world);
    assert_eq!(collectors_on(&phone, child), ["みおの母"]);
}
