//! A count that differs is closed by counting again or by a reason for each missing child, and in no other way.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod kit;

use kit::{World, at, hm};
use nursery::attendance::{Collector, Gap, Punch, Transition};
use nursery::command::Command;
use nursery::core::{Code, Scan, collect};
use nursery::ids::ChildId;
use nursery::view::{Contradiction, State};
use records::RecordId;

/// Three children chosen for a walk by 阿部, the count not yet done by 田村.
fn walk() -> (World, Vec<ChildId>, RecordId) {
    let mut w = World::new();
    let names = ["ゆい", "あさひ", "うた"];
    let children: Vec<_> = names.iter().map(|kana| w.child(kana)).collect();
    let abe = w.abe();
    for kana in names {
        w.does(&abe, "08:30", w.arrive(kana)).unwrap();
    }
    let count = start(&mut w, "09:58", Transition::WalkOut, &children);
    (w, children, count)
}

fn start(w: &mut World, time: &str, transition: Transition, children: &[ChildId]) -> RecordId {
    let start = Command::StartCount {
        facility: w.minato,
        transition,
        room: None,
        place: "川岸公園".into(),
        children: children.to_vec(),
    };
    let abe = w.abe();
    w.does(&abe, time, start).unwrap()[0]
}

fn counted(w: &mut World, time: &str, head_count: RecordId, count: u16) {
    let tamura = w.with_pin(w.tamura);
    w.does(&tamura, time, Command::SecondCount { head_count, count }).unwrap();
}

fn explained(w: &mut World, time: &str, head_count: RecordId, gaps: &[(ChildId, &str)]) -> Result<(), Code> {
    let gaps = gaps.iter().map(|(child, why)| Gap { child: *child, why: (*why).to_owned() }).collect();
    let tamura = w.with_pin(w.tamura);
    w.does(&tamura, time, Command::ExplainCount { head_count, gaps }).map(|_| ())
}

#[test]
fn a_named_and_explained_child_stays_and_the_others_go() {
    let (mut w, children, count) = walk();
    counted(&mut w, "10:01", count, 2);
    assert_eq!(explained(&mut w, "10:02", count, &[(children[1], "with_staff")]), Ok(()));
    assert_eq!(w.tile("10:03", "ゆい").state, State::Away);
    assert_eq!(w.tile("10:03", "うた").state, State::Away);
    assert_eq!(w.tile("10:03", "あさひ").state, State::Here, "who is missing has not left");
    assert!(w.board("10:03").waiting_counts.is_empty());
}

#[test]
fn who_is_missing_on_the_way_back_stays_out() {
    let (mut w, children, count) = walk();
    counted(&mut w, "10:01", count, 3);
    let back = start(&mut w, "11:00", Transition::WalkIn, &children);
    counted(&mut w, "11:01", back, 2);
    explained(&mut w, "11:02", back, &[(children[2], "with_family")]).unwrap();
    assert_eq!(w.tile("11:03", "ゆい").state, State::Here);
    assert_eq!(w.tile("11:03", "うた").state, State::Away);
}

#[test]
fn nothing_else_closes_a_count_that_differed() {
    let (mut w, children, count) = walk();
    assert_eq!(
        explained(&mut w, "10:00", count, &[(children[1], "with_staff")]),
        Err(Code::Changed),
        "not yet counted"
    );
    counted(&mut w, "10:01", count, 1);
    let stranger = ChildId(uuid::Uuid::from_u128(7));
    for gaps in [
        vec![],
        vec![(children[0], "with_staff")],
        vec![(children[0], "with_staff"), (children[0], "with_staff")],
        vec![(children[0], "with_staff"), (children[1], " ")],
        vec![(children[0], "with_staff"), (stranger, "with_staff")],
        vec![(children[0], "a"), (children[1], "b"), (children[2], "c")],
    ] {
        assert_eq!(explained(&mut w, "10:02", count, &gaps), Err(Code::BadInput), "{gaps:?}");
    }
    assert_eq!(w.tile("10:03", "ゆい").state, State::Here, "nobody has left");
    assert_eq!(w.board("10:03").waiting_counts[0].gap.as_ref().unwrap().missing, 2);
}

#[test]
fn more_than_were_chosen_cannot_be_explained_away() {
    let (mut w, _, count) = walk();
    counted(&mut w, "10:01", count, 4);
    assert_eq!(w.board("10:02").waiting_counts[0].gap.as_ref().unwrap().missing, 0);
    assert_eq!(explained(&mut w, "10:02", count, &[]), Err(Code::BadInput));
    counted(&mut w, "10:03", count, 3);
    assert_eq!(w.tile("10:04", "ゆい").state, State::Away, "counting again is always open");
}

#[test]
fn who_chose_explains_nothing_and_nobody_does_without_a_pin() {
    let (mut w, children, count) = walk();
    counted(&mut w, "10:01", count, 2);
    let gaps = vec![Gap { child: children[0], why: "with_staff".into() }];
    let explain = Command::ExplainCount { head_count: count, gaps };
    let (first, face) = (w.with_pin(w.abe), w.face(w.tamura));
    assert_eq!(w.does(&first, "10:02", explain.clone()), Err(Code::NotAllowed));
    assert_eq!(w.does(&face, "10:02", explain), Err(Code::PinNeeded));
}

#[test]
fn the_second_count_stays_blind_until_it_has_differed() {
    let (mut w, _, count) = walk();
    assert_eq!(w.board("10:00").waiting_counts[0].gap, None);
    counted(&mut w, "10:01", count, 2);
    let gap = w.board("10:01").waiting_counts[0].gap.clone().unwrap();
    assert_eq!((gap.chosen, gap.counted, gap.missing, gap.children.len()), (3, 2, 1, 3));
}

fn agreed(w: &mut World, time: &str, head_count: RecordId, count: u16) -> Result<(), Code> {
    let tamura = w.with_pin(w.tamura);
    w.does(&tamura, time, Command::SecondCount { head_count, count }).map(|_| ())
}

fn goes_home(w: &mut World, time: &str, kana: &str) {
    let collector = Collector::Guardian { person: w.people[&format!("{kana}の母")] };
    let home = Command::Depart { facility: w.minato, children: vec![w.children[kana]], collector };
    let abe = w.abe();
    w.does(&abe, time, home).unwrap();
}

#[test]
fn no_count_closes_over_a_child_who_went_home_meanwhile() {
    let (mut w, children, count) = walk();
    goes_home(&mut w, "10:00", "あさひ");
    assert_eq!(agreed(&mut w, "10:01", count, 3), Err(Code::Changed));
    assert_eq!(w.tile("10:01", "ゆい").state, State::Here, "nothing of it is written");
    counted(&mut w, "10:02", count, 2);
    assert_eq!(explained(&mut w, "10:03", count, &[(children[0], "family")]), Err(Code::Changed), "somebody else");
    assert_eq!(explained(&mut w, "10:03", count, &[(children[1], "family")]), Ok(()));
    assert_eq!(w.tile("10:04", "ゆい").state, State::Away);
    assert_eq!(w.tile("10:04", "あさひ").state, State::Left);
}

#[test]
fn a_child_in_two_counts_goes_with_the_one_that_closes_first() {
    let (mut w, children, first) = walk();
    let other = start(&mut w, "09:59", Transition::WalkOut, &[children[0], children[0]]);
    assert_eq!(agreed(&mut w, "10:01", other, 1), Ok(()), "one child, chosen twice, is one");
    assert_eq!(agreed(&mut w, "10:02", first, 3), Err(Code::Changed));
    let back = start(&mut w, "10:30", Transition::WalkIn, &children[..1]);
    assert_eq!(agreed(&mut w, "10:31", back, 1), Ok(()));
    assert_eq!(w.tile("10:32", "ゆい").state, State::Here);
}

#[test]
fn a_child_counted_out_of_a_stay_that_was_taken_back_is_shown_as_the_contradiction_that_it_is() {
    let (mut w, _, count) = walk();
    // two tablets without network: what each did was right where it was done
    let tamura = w.with_pin(w.tamura);
    let closing = w.compose(&tamura, at("10:01"), Command::SecondCount { head_count: count, count: 3 }).unwrap();
    goes_home(&mut w, "10:00", "あさひ");
    let scan = Scan::of::<Punch>().key(0, w.children["うた"]);
    let arrival = collect::<Punch>(&w.records, &scan).unwrap()[0].meta.id;
    let abe = w.abe();
    w.does(&abe, "10:00", Command::Void { record: arrival, reason: "wrong_child".into(), note: String::new() })
        .unwrap();
    w.accept(&closing.changes, Some(&tamura.standing)).unwrap();
    let at_10_01 = [Contradiction::OutWithoutStay { at: hm("10:01") }];
    assert_eq!(w.tile("10:02", "あさひ").contradictions, at_10_01);
    assert_eq!(w.tile("10:02", "うた").contradictions, at_10_01);
    assert_eq!(w.tile("10:02", "ゆい").contradictions, []);
}
