//! Later records of what happened: entered once, corrected knowingly, named also when the child has gone.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod kit;

use kit::{World, day, hm, tuesday};
use nursery::attendance::{Collector, PunchSort};
use nursery::calendar::Visit;
use nursery::clock::moment;
use nursery::command::Command;
use nursery::core::{Code, Ids};
use nursery::people::Placement;
use nursery::view::{OpenEndsView, Query, State, View};
use records::{Day, RecordId};

fn correction(w: &World, kana: &str, time: &str, instead_of: Option<RecordId>) -> Command {
    Command::CorrectPunch {
        facility: w.minato,
        child: w.children[kana],
        day: tuesday(),
        sort: PunchSort::Departure,
        at: hm(time),
        instead_of,
        reason: "forgotten".into(),
        collector: None,
    }
}

fn open_ends(w: &World, now: records::DeviceTime, day: Option<Day>) -> OpenEndsView {
    match w.ask(&w.abe(), now, &Query::OpenEnds { facility: w.minato, day }) {
        Ok(View::OpenEnds(view)) => view,
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_people_who_work_through_the_same_list_enter_a_departure_once() {
    let mut w = World::new();
    w.child("なぎ");
    let (abe, tamura) = (w.abe(), w.face(w.tamura));
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    w.does(&abe, "18:00", correction(&w, "なぎ", "17:00", None)).unwrap();
    assert_eq!(w.does(&tamura, "18:01", correction(&w, "なぎ", "17:00", None)), Err(Code::AlreadyDone));
    assert_eq!(w.tile("18:02", "なぎ").contradictions, []);
}

#[test]
fn what_another_has_corrected_is_looked_at_before_it_is_corrected_again() {
    let mut w = World::new();
    w.child("なぎ");
    let (abe, tamura) = (w.abe(), w.face(w.tamura));
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    let wrong = w.does(&abe, "18:00", correction(&w, "なぎ", "17:00", None)).unwrap()[0];
    w.does(&abe, "18:01", correction(&w, "なぎ", "17:10", Some(wrong))).unwrap();
    assert_eq!(w.does(&tamura, "18:02", correction(&w, "なぎ", "17:20", Some(wrong))), Err(Code::Changed));
    assert_eq!(w.tile("18:03", "なぎ").time, Some(hm("17:10")));
}

#[test]
fn nothing_is_taken_back_from_under_somebody_elses_record() {
    let mut w = World::new();
    let children = [w.child("なぎ"), w.child("みお")];
    let (abe, tamura) = (w.abe(), w.face(w.tamura));
    let both = Command::Arrive { facility: w.minato, children: children.to_vec(), room: None };
    let arrived = w.does(&abe, "08:30", both).unwrap();
    let collector = Collector::Guardian { person: w.people["なぎの母"] };
    let home = Command::Depart { facility: w.minato, children: vec![children[0]], collector };
    let left = w.does(&tamura, "08:31", home).unwrap();
    assert_eq!(w.does(&abe, "08:31", Command::Undo { records: vec![arrived[0]] }), Err(Code::Changed));
    w.does(&abe, "08:32", Command::Undo { records: arrived.clone() }).unwrap();
    assert_eq!((w.tile("08:33", "なぎ").state, w.tile("08:33", "みお").state), (State::Left, State::Yet));
    w.does(&abe, "08:33", Command::Undo { records: vec![arrived[0], left[0]] }).unwrap();
    assert_eq!(w.tile("08:34", "なぎ").state, State::Yet, "with what stands on it, all of it goes");
}

#[test]
fn a_past_day_names_who_has_left_and_no_guest_who_is_out_of_sight() {
    let mut w = World::new();
    let (friday, monday) = (day("2026-11-20"), moment(day("2026-11-23"), hm("09:00")));
    let gone = w.child("なぎ");
    let placement = w.records.records.values().find(|r| r.head.kind.as_str() == "placement").unwrap().head.clone();
    w.records.records.remove(&placement.id);
    let ended = Placement {
        from: Some(day("2026-04-01")),
        until: Some(friday),
        written_name: Some("高野 なぎ".into()),
        child: gone,
        facility: w.minato,
        class: w.usagi,
        ..Default::default()
    };
    w.put_in(placement.feed, placement.subject, None, placement.id.0, ended, placement.keys.to_vec());
    let guest = w.child_at("りん", w.sakura, w.risu);
    let visit = Visit { from: Some(friday), until: Some(friday), child: guest, host: w.minato, ..Default::default() };
    let id = w.ids.next();
    w.put_in(w.municipality.into(), guest.into(), None, id, visit, vec![guest.0, w.minato.0, uuid::Uuid::nil()]);
    let mut held = World::new();
    // what the tablet may still hold on Monday: neither child's own record
    held.records = w.held_by(&w.abe());
    for child in [gone, guest] {
        held.records.records.remove(&RecordId(child.0));
    }
    let names: Vec<String> = open_ends(&held, monday, Some(friday)).items.into_iter().map(|item| item.kanji).collect();
    assert!(names.iter().all(|name| name == "高野 なぎ"), "{names:?}");
    assert!(!names.is_empty());
}
