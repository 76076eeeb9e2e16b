//! What waits for the office: what it is told, what it decides, and what it cannot.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod kit;

use kit::{World, at, hm, tuesday};
use nursery::attendance::PunchSort;
use nursery::command::Command;
use nursery::core::{Code, Form, Kind, Records};
use nursery::server::Witness;
use nursery::view::{Query, View, WaitingItem, WaitingWhat, WaitingWhy};
use records::{Record, RecordId, Seq};

/// A punch that only a tablet still has, brought after a restore.
fn copied(w: &mut World) -> (Record, RecordId) {
    w.child("なぎ");
    let abe = w.abe();
    let done = w.does(&abe, "08:05", w.arrive("なぎ")).unwrap();
    let copy = w.records.records.remove(&done[0]).unwrap();
    (copy.clone(), witness(w, copy))
}

fn witness(w: &mut World, copy: Record) -> RecordId {
    let copy = Record { seq: Some(Seq(7)), ..copy };
    let (feed, subject, day) = (copy.head.feed, copy.head.subject, copy.head.day);
    let new = Witness {
        record: copy.head.id.0,
        device_name: Some("うさぎ組 2".into()),
        epoch: Some(records::Epoch::default()),
        copy: Some(copy.clone()),
        ..Witness::default()
    };
    let id = RecordId::derived(feed, Witness::NAME, &new.natural_key().unwrap());
    w.put_in(feed, subject, day, id.0, new, vec![copy.head.id.0]);
    id
}

fn asked(w: &World) -> Result<Vec<WaitingItem>, Code> {
    let query = Query::Waiting { facility: w.minato };
    match w.ask(&w.with_pin(w.director), at("09:00"), &query)? {
        View::Waiting(view) => Ok(view.items),
        other => panic!("{other:?}"),
    }
}

/// What the overview counts for somebody.
fn undecided(w: &World, who: records::PersonId) -> u16 {
    match w.ask(&w.with_pin(who), at("09:00"), &Query::SiteToday { facility: w.minato }).unwrap() {
        View::SiteToday(view) => view.undecided,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_office_is_told_what_a_copy_says_and_who_brought_it() {
    let mut w = World::new();
    let (_, id) = copied(&mut w);
    let [item] = &asked(&w).unwrap()[..] else { panic!("one copy, one line") };
    assert_eq!((undecided(&w, w.director), undecided(&w, w.abe)), (1, 0));
    assert_eq!((item.record, item.day, item.by_hand), (id, Some(tuesday()), false));
    assert_eq!(item.what, WaitingWhat::Punch { sort: PunchSort::Arrival, time: Some(hm("08:05")), void: false });
    assert_eq!(item.why, WaitingWhy::Copy { device_name: "うさぎ組 2".into() });
    assert_eq!(item.authors.len(), 1);
}

#[test]
fn what_is_there_again_is_not_asked_for() {
    let mut w = World::new();
    let (copy, _) = copied(&mut w);
    w.records.put(copy);
    assert_eq!(asked(&w).unwrap(), []);
}

#[test]
fn the_office_decides_with_its_pin_and_nobody_else_does() {
    let mut w = World::new();
    let (_, id) = copied(&mut w);
    let decide = || Command::DecideWaiting { waiting: vec![id], accept: true };
    let (office, face, abe) = (w.with_pin(w.director), w.face(w.director), w.with_pin(w.abe));
    assert_eq!(w.does(&face, "09:00", decide()), Err(Code::PinNeeded));
    assert_eq!(w.does(&abe, "09:00", decide()), Err(Code::NotAllowed));
    w.does(&office, "09:00", decide()).unwrap();
    assert_eq!(w.records.get(id).unwrap().unwrap().read::<String>("decision").ok().as_deref(), Some("accepted"));
    assert_eq!(asked(&w).unwrap(), []);
    assert_eq!(w.does(&office, "09:01", decide()), Err(Code::AlreadyDone));
}

#[test]
fn a_copy_that_carries_rights_is_entered_again_by_hand() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let mother = w.guardian(child, "母 花", "mother");
    let held = w.records.records.values().find(|r| r.head.kind.as_str() == "guardianship").unwrap().clone();
    let copy = Record { head: records::Head { feed: w.minato.into(), ..held.head }, ..held };
    w.records.records.retain(|_, record| record.head.kind.as_str() != "guardianship");
    let id = witness(&mut w, copy);
    let [item] = &asked(&w).unwrap()[..] else { panic!("{mother} is listed") };
    assert!(item.by_hand);
    let office = w.with_pin(w.director);
    let decide = |accept| Command::DecideWaiting { waiting: vec![id], accept };
    assert_eq!(w.does(&office, "09:00", decide(true)), Err(Code::NotAllowed));
    w.does(&office, "09:00", decide(false)).unwrap();
    assert_eq!(asked(&w).unwrap(), []);
}
