//! Where a child is, what screens say about it, and how wrong facts are mended.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod kit;

use kit::{World, at, day, hm, tuesday};
use nursery::ask::ask;
use nursery::attendance::{Announced, CallOutcome, Channel, Collector, OtherCollector, PunchSort, Reason, Transition};
use nursery::command::Command;
use nursery::core::Code;
use nursery::people::Protection;
use nursery::view::{Contradiction, MessageSort, OpenEndKind, PlaceRef, Query, Reach, State, View};
use records::{DeviceTime, PersonId, Subject};

#[test]
fn one_tap_marks_an_arrival_and_undo_takes_it_back() {
    let mut w = World::new();
    w.child("なぎ");
    let abe = w.abe();
    let done = w.does(&abe, "09:34", w.arrive("なぎ")).unwrap();
    let tile = w.tile("09:34", "なぎ");
    assert_eq!((tile.state, tile.time), (State::Here, Some(hm("09:34"))));
    w.does(&abe, "09:35", Command::Undo { records: done }).unwrap();
    assert_eq!(w.tile("09:35", "なぎ").state, State::Unreported);
}

#[test]
fn a_second_tap_is_no_second_arrival() {
    let mut w = World::new();
    w.child("なぎ");
    let abe = w.abe();
    w.does(&abe, "08:34", w.arrive("なぎ")).unwrap();
    assert_eq!(w.does(&abe, "08:35", w.arrive("なぎ")), Err(Code::AlreadyDone));
}

#[test]
fn nobody_records_on_a_tablet_that_nobody_has_claimed() {
    let mut w = World::new();
    w.child("なぎ");
    let nobody = w.nobody();
    assert_eq!(w.does(&nobody, "08:34", w.arrive("なぎ")), Err(Code::WhoIsThere));
}

/// Two tablets without network mark the same child; a third voids one.
#[test]
fn two_tablets_that_marked_one_child_are_both_shown_until_a_person_voids_one() {
    let mut w = World::new();
    w.child("なぎ");
    let abe = w.abe();
    let one = w.compose(&abe, at("08:01"), w.arrive("なぎ")).unwrap();
    let two = w.compose(&abe, at("08:03"), w.arrive("なぎ")).unwrap();
    w.accept(&two.changes, Some(&abe.standing)).unwrap();
    w.accept(&one.changes, Some(&abe.standing)).unwrap();
    let tile = w.tile("08:10", "なぎ");
    assert_eq!((tile.state, tile.time), (State::Here, Some(hm("08:01"))));
    assert_eq!(tile.contradictions, [Contradiction::TwoArrivals { times: vec![hm("08:01"), hm("08:03")] }]);
    let void = Command::Void { record: two.done.records[0], reason: "wrong_time".into(), note: String::new() };
    w.does(&abe, "08:20", void).unwrap();
    let tile = w.tile("08:21", "なぎ");
    assert_eq!((tile.time, tile.contradictions.len()), (Some(hm("08:01")), 0));
    let Ok(View::ChildSheet(sheet)) =
        w.ask(&abe, at("08:21"), &Query::ChildSheet { facility: w.minato, child: w.children["なぎ"], day: None })
    else {
        panic!()
    };
    assert_eq!(sheet.timeline.len(), 2, "the voided one stays visible");
    assert_eq!(sheet.timeline.iter().filter(|i| i.void.is_some()).count(), 1);
}

#[test]
fn the_same_minute_on_two_tablets_is_one_arrival() {
    let mut w = World::new();
    w.child("なぎ");
    let abe = w.abe();
    let one = w.compose(&abe, at("08:01"), w.arrive("なぎ")).unwrap();
    let two = w.compose(&abe, at("08:01").plus_ms(20_000), w.arrive("なぎ")).unwrap();
    w.accept(&one.changes, Some(&abe.standing)).unwrap();
    w.accept(&two.changes, Some(&abe.standing)).unwrap();
    assert!(w.tile("08:10", "なぎ").contradictions.is_empty());
}

#[test]
fn a_child_in_two_places_is_shown_as_such_everywhere() {
    let mut w = World::new();
    let child = w.child("そうた");
    w.place(child, w.sakura, w.risu);
    let abe = w.abe();
    let here = w.compose(&abe, at("08:30"), w.arrive("そうた")).unwrap();
    // the other site punches too
    let mut there = here.clone();
    for change in &mut there.changes {
        change.id = records::ChangeId(nursery::core::Ids::next(&mut w.ids));
        change.head.id = records::RecordId(nursery::core::Ids::next(&mut w.ids));
        change.head.feed = w.sakura.into();
        change.head.audiences = change
            .head
            .audiences
            .iter()
            .map(|a| records::Atom(a.0.replace(&w.minato.to_string(), &w.sakura.to_string())))
            .collect();
        for write in &mut change.writes {
            if write.field == "at" {
                write.value = serde_json::to_value(at("09:00")).ok();
            }
        }
    }
    w.accept(&here.changes, Some(&abe.standing)).unwrap();
    w.accept(&there.changes, None).unwrap();
    let tile = w.tile("09:10", "そうた");
    assert_eq!(tile.state, State::Elsewhere, "one place: the last one that claimed the child");
    let both = Contradiction::TwoPlaces { facilities: vec!["みなと保育園".into(), "さくら保育園".into()] };
    assert_eq!(tile.contradictions, [both]);
    let mother = w.own(w.people["そうたの母"]);
    let Ok(View::GuardianHome(home)) = w.ask(&mother, at("09:10"), &Query::GuardianHome) else { panic!() };
    assert!(home.children.iter().all(|c| c.two_places));
}

#[test]
fn a_pick_up_at_twenty_past_midnight_belongs_to_the_evening_before() {
    let mut w = World::new();
    w.child("なぎ");
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    let late = nursery::clock::moment(day("2026-11-25"), hm("00:20"));
    let collector = Collector::Guardian { person: w.people["なぎの母"] };
    let leave = Command::Depart { facility: w.minato, children: vec![w.children["なぎ"]], collector };
    let act = w.compose(&abe, late, leave).unwrap();
    assert_eq!(act.changes[0].head.day, Some(tuesday()));
    w.accept(&act.changes, Some(&abe.standing)).unwrap();
    let board = w.board_at(late);
    assert_eq!((board.day, board.tiles[0].state, board.tiles[0].time), (tuesday(), State::Left, Some(hm("24:20"))));
}

#[test]
fn a_tablet_that_is_25_minutes_slow_shows_the_true_time_and_says_so() {
    let mut w = World::new();
    w.child("なぎ");
    w.error_ms = Some(25 * 60_000);
    let abe = w.abe();
    w.does(&abe, "08:05", w.arrive("なぎ")).unwrap();
    let tile = w.tile("08:06", "なぎ");
    assert_eq!(tile.time, Some(hm("08:30")));
    assert_eq!(tile.contradictions, [Contradiction::UncertainClock { minutes: Some(25) }]);
    assert_eq!(w.board("08:06").clock.off_minutes, Some(25));
}

#[test]
fn an_answer_is_stale_when_the_true_minute_ends_not_the_one_of_a_wrong_clock() {
    let mut w = World::new();
    w.error_ms = Some(20_000);
    let at = DeviceTime(at("08:05").0 + 30_000); // it is 8:05:50
    let (abe, query) = (w.abe(), Query::SearchKey { text: String::new() });
    let answer = ask(&w.records, &abe, at, w.clock(at), &query).unwrap();
    assert_eq!(answer.stale_in_ms, 10_000);
}

#[test]
fn a_tablet_with_yesterdays_date_asks_a_person_before_the_first_record() {
    let mut w = World::new();
    w.child("なぎ");
    w.error_ms = None;
    w.highest = at("07:00").0;
    let yesterday = nursery::clock::moment(day("2026-11-23"), hm("08:30"));
    let abe = w.abe();
    let refused = w.compose(&abe, yesterday, w.arrive("なぎ")).unwrap_err();
    assert_eq!(refused.code, Code::ConfirmDate);
    assert_eq!(w.board_at(yesterday).clock.confirm, Some(day("2026-11-23")));
    w.confirmed = Some(day("2026-11-23"));
    assert!(w.compose(&abe, yesterday, w.arrive("なぎ")).is_ok());
}

fn absence(w: &World, kana: &str) -> Command {
    said(w, kana, Announced::Absence { reason: Reason::Fever })
}

fn said(w: &World, kana: &str, announced: Announced) -> Command {
    Command::Announce {
        children: vec![w.children[kana]],
        facility: None,
        day: tuesday(),
        until: None,
        announced,
        temperature: None,
        note: String::new(),
        channel: Channel::App,
        caller: None,
        caller_name: String::new(),
        replaces: None,
    }
}

#[test]
fn an_unreported_absence_rings_at_half_past_nine_and_only_for_the_expected() {
    let mut w = World::new();
    for kana in ["ゆうま", "りお", "こはる"] {
        w.child(kana);
    }
    let mother = w.own(w.people["りおの母"]);
    w.does(&mother, "07:41", absence(&w, "りお")).unwrap();
    let mother = w.own(w.people["こはるの母"]);
    w.does(&mother, "07:52", said(&w, "こはる", Announced::Late { at: hm("10:00"), why: String::new() })).unwrap();
    assert_eq!(w.board("09:29").calls, None);
    let calls = w.board("09:30").calls.unwrap();
    assert!(calls.heard && calls.ring);
    assert_eq!(calls.items.iter().map(|i| i.kana.as_str()).collect::<Vec<_>>(), ["ゆうま"]);
    assert_eq!(calls.items[0].callees[0].phone, None, "the number comes only to who calls");
    assert_eq!(w.board("10:30").calls.unwrap().items.len(), 2, "half an hour after the announced time");
}

#[test]
fn the_ring_stops_when_the_outcome_is_recorded() {
    let mut w = World::new();
    let child = w.child("ゆうま");
    let abe = w.abe();
    w.does(&abe, "09:31", Command::TakeCall { facility: w.minato, child }).unwrap();
    let item = w.board("09:31").calls.unwrap().items.remove(0);
    assert_eq!((item.taken_by.as_deref(), item.callees[0].phone.as_deref()), (Some("阿部"), Some("080-0000-0001")));
    assert!(w.board("09:31").calls.unwrap().ring);
    w.does(&abe, "09:33", Command::EndCall { facility: w.minato, child, outcome: CallOutcome::Spoke }).unwrap();
    assert!(!w.board("09:34").calls.unwrap().ring);
    assert_eq!(
        w.board("09:39").calls.unwrap().items[0].callees[0].phone,
        None,
        "five minutes later the number is gone"
    );
}

#[test]
fn a_tablet_that_cannot_hear_says_unknown_not_unreported() {
    let mut w = World::new();
    w.child("ゆうま");
    w.deaf_minutes = 150;
    let board = w.board("09:30");
    assert_eq!(board.tiles[0].state, State::Unknown);
    assert!(!board.calls.unwrap().heard);
    assert_eq!((board.hearing.until, board.hearing.fresh), (Some(hm("07:00")), false));
}

#[test]
fn nobody_is_expected_when_the_site_is_closed() {
    let mut w = World::new();
    w.child("ゆうま");
    let closed = nursery::calendar::SiteDay {
        day_type: Some(nursery::calendar::DayType::Closed),
        name: Some("休園日".into()),
        facility: w.minato,
        ..Default::default()
    };
    let id = nursery::core::Ids::next(&mut w.ids);
    let year = nursery::ids::facility_year(w.minato.into(), tuesday());
    w.put_in(w.minato.into(), year, Some(tuesday()), id, closed, vec![w.minato.0]);
    let board = w.board("09:40");
    assert_eq!((board.tiles.len(), board.calls, board.day_name.as_str()), (0, None, "休園日"));
}

#[test]
fn an_announced_absence_that_is_here_is_a_contradiction_not_a_correction() {
    let mut w = World::new();
    w.child("りお");
    let mother = w.own(w.people["りおの母"]);
    w.does(&mother, "07:41", absence(&w, "りお")).unwrap();
    assert_eq!(w.tile("08:00", "りお").state, State::Absent);
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("りお")).unwrap();
    let tile = w.tile("08:31", "りお");
    assert_eq!(tile.state, State::Here);
    assert_eq!(tile.contradictions, [Contradiction::AbsentButHere { at: hm("08:30") }]);
}

#[test]
fn punched_but_not_seen_is_shown() {
    let mut w = World::new();
    let child = w.child("りお");
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("りお")).unwrap();
    w.does(&abe, "09:00", Command::See { facility: w.minato, child, seen: false }).unwrap();
    assert_eq!(w.tile("09:01", "りお").contradictions, [Contradiction::PunchedNotSeen { at: hm("09:00") }]);
    w.does(&abe, "09:05", Command::See { facility: w.minato, child, seen: true }).unwrap();
    assert!(w.tile("09:06", "りお").contradictions.is_empty());
}

#[test]
fn a_receipt_has_four_facts_and_only_a_person_makes_the_last() {
    let mut w = World::new();
    w.child("みお");
    let mother = w.own(w.people["みおの母"]);
    let act = w.compose(&mother, at("07:41"), absence(&w, "みお")).unwrap();
    let id = act.done.records[0];
    let mut offline = w.records.clone();
    offline.put(records::overlay(None, &act.changes[0]));
    let receipt = |records: &nursery::core::MemoryRecords, w: &World, time: &str| match nursery::ask::ask(
        records,
        &mother,
        at(time),
        w.clock(at(time)),
        &Query::Receipt { announcement: id },
    )
    .unwrap()
    .view
    {
        View::Receipt(receipt) => receipt,
        other => panic!("{other:?}"),
    };
    let first = receipt(&offline, &w, "07:42");
    assert_eq!(first.reach, Reach::Device);
    assert!(!first.stuck.clone().unwrap().call_now);
    assert!(receipt(&offline, &w, "08:30").stuck.unwrap().call_now, "at the expected time it is time to call");
    w.accept(&act.changes, Some(&mother.standing)).unwrap();
    assert_eq!(receipt(&w.records, &w, "07:43").reach, Reach::Server);
    let abe = w.abe();
    w.does(&abe, "08:00", Command::Acknowledge { announcements: vec![id] }).unwrap();
    let last = receipt(&w.records, &w, "08:01");
    assert_eq!(
        (last.reach, last.person_name.as_deref(), last.person_at),
        (Reach::Person, Some("阿部"), Some(hm("08:00")))
    );
}

#[test]
fn what_staff_enter_by_telephone_carries_channel_and_caller_and_is_confirmed_at_once() {
    let mut w = World::new();
    w.child("ゆうま");
    let abe = w.abe();
    let mut command = absence(&w, "ゆうま");
    if let Command::Announce { facility, channel, caller, .. } = &mut command {
        *facility = Some(w.minato);
        *channel = Channel::Phone;
        *caller = Some(w.people["ゆうまの母"]);
    }
    w.does(&abe, "09:36", command).unwrap();
    let place = PlaceRef::Class { facility: w.minato, class: w.usagi };
    let Ok(View::Messages(messages)) = w.ask(&abe, at("09:37"), &Query::Messages { place }) else { panic!() };
    assert_eq!((messages.open.len(), messages.done.len(), messages.absent), (0, 1, 1));
    let item = &messages.done[0];
    assert_eq!(
        (item.channel, item.caller.relation.as_str(), item.acknowledged_by.as_deref()),
        (Channel::Phone, "mother", Some("阿部"))
    );
    let mother = w.own(w.people["ゆうまの母"]);
    let Ok(View::GuardianHome(home)) = w.ask(&mother, at("09:37"), &Query::GuardianHome) else { panic!() };
    assert_eq!(home.sent[0].entered_by.as_deref(), Some("阿部"));
}

#[test]
fn absences_are_confirmed_together_and_changes_of_pick_up_one_by_one() {
    let mut w = World::new();
    w.child("うた");
    w.child("りお");
    let grandmother = w.guardian(w.children["うた"], "ホア", "grandmother");
    w.tell_collectors(w.children["うた"]);
    for (kana, announced) in [
        (
            "うた",
            Announced::Pickup {
                person: Some(grandmother),
                pickup: None,
                relation: String::new(),
                name: String::new(),
                at: None,
            },
        ),
        ("りお", Announced::Absence { reason: Reason::Cough }),
    ] {
        let mother = w.own(w.people[&format!("{kana}の母")]);
        w.does(&mother, "08:01", said(&w, kana, announced)).unwrap();
    }
    let place = PlaceRef::Class { facility: w.minato, class: w.usagi };
    let Ok(View::Messages(messages)) = w.ask(&w.abe(), at("08:54"), &Query::Messages { place }) else { panic!() };
    let order: Vec<_> = messages.open.iter().map(|m| (m.kana.as_str(), m.sort)).collect();
    assert_eq!(order, [("りお", MessageSort::Together), ("うた", MessageSort::OneByOne)]);
}

#[test]
fn a_departure_names_who_collects_and_siblings_are_never_chosen_beforehand() {
    let mut w = World::new();
    let uta = w.child("うた");
    let hai = w.child("ハイ");
    w.household(&[uta, hai]);
    let abe = w.abe();
    w.does(&abe, "08:02", w.arrive("うた")).unwrap();
    w.does(&abe, "08:02", w.arrive("ハイ")).unwrap();
    let Ok(View::Departure(view)) = w.ask(&abe, at("16:34"), &Query::Departure { facility: w.minato, child: uta })
    else {
        panic!()
    };
    assert_eq!(view.siblings.iter().map(|s| s.child).collect::<Vec<_>>(), [hai]);
    let collector = view.candidates[0].collector.clone();
    w.does(&abe, "16:35", Command::Depart { facility: w.minato, children: vec![uta], collector }).unwrap();
    assert_eq!(w.tile("16:36", "うた").state, State::Left);
    assert_eq!(w.tile("16:36", "ハイ").state, State::Here);
}

#[test]
fn somebody_on_no_list_needs_a_pin_and_a_blocked_adult_calls_the_director() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let father = PersonId(nursery::core::Ids::next(&mut w.ids));
    let person = nursery::people::Person {
        names: Some(nursery::people::Names { legal: "髙橋 誠".into(), ..Default::default() }),
        ..Default::default()
    };
    w.put(father.0, person, vec![]);
    let protection = Protection { from: Some(day("2026-04-01")), child, person: father.0, ..Default::default() };
    let id = nursery::core::Ids::next(&mut w.ids);
    w.put_in(w.municipality.into(), Subject(child.0), None, id, protection, vec![child.0, father.0]);
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    let mother = w.people["なぎの母"];
    let facility = w.minato;
    let agreed = |name: &str, called_before_ms: u32| Command::Depart {
        facility,
        children: vec![child],
        collector: Collector::Other(OtherCollector {
            name: name.into(),
            relation: "叔母".into(),
            agreed_by: mother,
            called_before_ms,
        }),
    };
    let (aunt, blocked) = (agreed("グエン タオ", 60_000), agreed("高橋　誠", 60_000));
    assert_eq!(w.does(&abe, "16:30", aunt.clone()), Err(Code::PinNeeded));
    let pin = w.with_pin(w.abe);
    assert_eq!(w.does(&pin, "16:30", blocked), Err(Code::CallDirector));
    let yesterdays = agreed("グエン タオ", 24 * 3_600_000);
    assert_eq!(w.does(&pin, "16:30", yesterdays), Err(Code::BadInput), "an agreement of another day");
    assert!(w.does(&pin, "16:31", aunt).is_ok());
}

#[test]
fn two_people_must_count_the_same_and_the_second_is_not_the_first() {
    let mut w = World::new();
    let children: Vec<_> = ["ゆい", "あさひ", "うた"].iter().map(|k| w.child(k)).collect();
    let abe = w.abe();
    for kana in ["ゆい", "あさひ", "うた"] {
        w.does(&abe, "08:30", w.arrive(kana)).unwrap();
    }
    let start = Command::StartCount {
        facility: w.minato,
        transition: Transition::WalkOut,
        room: None,
        place: "川岸公園".into(),
        children: children.clone(),
    };
    let head_count = w.does(&abe, "09:58", start).unwrap()[0];
    let second = |count| Command::SecondCount { head_count, count };
    let alone = w.with_pin(w.abe);
    assert_eq!(w.does(&alone, "10:00", second(3)), Err(Code::NotAllowed));
    let tamura = w.with_pin(w.tamura);
    w.does(&tamura, "10:01", second(2)).unwrap();
    assert!(w.board("10:01").waiting_counts[0].gap.is_some());
    assert_eq!(w.tile("10:01", "ゆい").state, State::Here, "nobody leaves on two numbers");
    w.does(&tamura, "10:02", second(3)).unwrap();
    let tile = w.tile("10:03", "ゆい");
    assert_eq!((tile.state, tile.place.as_deref()), (State::Away, Some("川岸公園")));
    w.does(&abe, "11:10", Command::ComeBack { facility: w.minato, children }).unwrap();
    assert_eq!(w.tile("11:11", "ゆい").state, State::Here);
}

#[test]
fn the_evening_list_shows_who_never_left_and_a_correction_closes_it() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    let ends =
        |w: &World, time: &str| match w.ask(&w.abe(), at(time), &Query::OpenEnds { facility: w.minato, day: None }) {
            Ok(View::OpenEnds(view)) => view.items,
            other => panic!("{other:?}"),
        };
    assert!(ends(&w, "16:00").is_empty());
    let open = ends(&w, "18:45");
    assert_eq!(
        (open[0].kind, open[0].at, open[0].expected, open[0].usual),
        (OpenEndKind::NoDeparture, Some(hm("08:30")), Some(hm("16:30")), Some(hm("16:30")))
    );
    let correction = Command::CorrectPunch {
        facility: w.minato,
        child,
        day: tuesday(),
        sort: PunchSort::Departure,
        at: hm("16:40"),
        instead_of: None,
        reason: "forgotten".into(),
        collector: None,
    };
    w.does(&abe, "18:46", correction).unwrap();
    assert!(ends(&w, "18:47").is_empty());
}

#[test]
fn the_future_cannot_be_corrected() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let abe = w.abe();
    let correction = Command::CorrectPunch {
        facility: w.minato,
        child,
        day: tuesday(),
        sort: PunchSort::Arrival,
        at: hm("09:40"),
        instead_of: None,
        reason: "forgotten".into(),
        collector: None,
    };
    assert_eq!(w.does(&abe, "09:30", correction), Err(Code::BadInput));
}

#[test]
fn a_form_that_was_open_while_another_text_came_keeps_both() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let director = w.with_pin(w.director);
    let write = |record, text: &str, seen| Command::WriteCareNote {
        facility: w.minato,
        child,
        record,
        text: text.into(),
        seen,
    };
    let (first, second_text, third_text) = (write(None, "はじめ", vec![]), "えんちょう", "しゅにん");
    let record = w.does(&director, "09:00", first).unwrap()[0];
    let notes = |w: &World| match w.ask(
        &w.with_pin(w.director),
        at("09:10"),
        &Query::CareNotes { facility: w.minato, child },
    ) {
        Ok(View::CareNotes(view)) => view.notes.into_iter().next().unwrap(),
        other => panic!("{other:?}"),
    };
    let form = notes(&w);
    let facility = w.minato;
    let edit = |text: &str, seen: &[records::ChangeId]| Command::WriteCareNote {
        facility,
        child,
        record: Some(record),
        text: text.into(),
        seen: seen.to_vec(),
    };
    w.does(&director, "09:11", edit(second_text, &form.seen)).unwrap();
    w.does(&director, "09:12", edit(third_text, &form.seen)).unwrap();
    let both = notes(&w);
    assert_eq!(both.texts, [second_text, third_text], "what the form had not shown stays beside it");
    w.does(&director, "09:13", edit("いっしょ", &both.seen)).unwrap();
    assert_eq!(notes(&w).texts, ["いっしょ"]);
}

#[test]
fn seen_once_and_looked_for_in_vain_later_rings() {
    let mut w = World::new();
    let child = w.child("ゆうま");
    let abe = w.abe();
    w.does(&abe, "08:40", Command::See { facility: w.minato, child, seen: true }).unwrap();
    assert_eq!(w.tile("09:40", "ゆうま").state, State::Yet);
    w.does(&abe, "09:45", Command::See { facility: w.minato, child, seen: false }).unwrap();
    assert_eq!(w.tile("09:46", "ゆうま").state, State::Unreported);
}

#[test]
fn mending_the_time_of_a_departure_keeps_who_collected() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    let collector = Collector::Guardian { person: w.people["なぎの母"] };
    let left = w.does(&abe, "16:30", Command::Depart { facility: w.minato, children: vec![child], collector }).unwrap();
    let mend = Command::CorrectPunch {
        facility: w.minato,
        child,
        day: tuesday(),
        sort: PunchSort::Departure,
        at: hm("16:20"),
        instead_of: Some(left[0]),
        reason: "wrong_time".into(),
        collector: None,
    };
    let punch = *w.does(&abe, "16:40", mend).unwrap().last().unwrap();
    let punch: nursery::attendance::Punch = nursery::core::get(&w.records, punch.0).unwrap().unwrap();
    assert_eq!(
        (punch.collector_relation.as_deref(), punch.collector_name.as_deref()),
        (Some("mother"), Some("なぎの母"))
    );
}

#[test]
fn a_departure_at_twenty_past_midnight_may_be_entered_the_next_morning() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    let mend = Command::CorrectPunch {
        facility: w.minato,
        child,
        day: tuesday(),
        sort: PunchSort::Departure,
        at: hm("00:20"),
        instead_of: None,
        reason: "forgotten".into(),
        collector: None,
    };
    let morning = nursery::clock::moment(day("2026-11-25"), hm("07:30"));
    let act = w.compose(&abe, morning, mend).unwrap();
    w.accept(&act.changes, Some(&abe.standing)).unwrap();
    let tile = w.tile("24:30", "なぎ");
    assert_eq!((tile.state, tile.time), (State::Left, Some(hm("24:20"))));
}

#[test]
fn an_office_opens_its_facility_first_and_a_tablet_the_class_it_is_named_after() {
    let w = World::new();
    let home = |who: &nursery::core::Who| match w.ask(who, at("08:00"), &Query::Me) {
        Ok(View::Me(me)) => me.home,
        other => panic!("{other:?}"),
    };
    assert_eq!(home(&w.own(w.director)), Some(PlaceRef::Facility { facility: w.minato }));
    assert_eq!(home(&w.abe()), Some(PlaceRef::Class { facility: w.minato, class: w.usagi }));
}

#[test]
fn every_page_of_a_tablet_rings_by_the_same_calls_as_its_board() {
    let mut w = World::new();
    w.child("ゆうま");
    let place = PlaceRef::Class { facility: w.minato, class: w.usagi };
    let calls = |w: &World, time: &str| -> nursery::view::CallsView {
        match w.ask(&w.abe(), at(time), &Query::Calls { place }) {
            Ok(View::Calls(view)) => view,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(calls(&w, "09:29").calls, None);
    assert_eq!(calls(&w, "09:30").calls, w.board("09:30").calls);
    assert!(calls(&w, "09:30").calls.unwrap().ring);
}

#[test]
fn yesterdays_departure_is_entered_today_with_who_collected() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    let next_morning = nursery::clock::moment(day("2026-11-25"), hm("07:30"));
    let sheet =
        |w: &World, day| match w.ask(&w.abe(), next_morning, &Query::ChildSheet { facility: w.minato, child, day }) {
            Ok(View::ChildSheet(sheet)) => sheet,
            other => panic!("{other:?}"),
        };
    assert_eq!((sheet(&w, None).today, sheet(&w, None).timeline.len()), (true, 0));
    let open = sheet(&w, Some(tuesday()));
    assert_eq!((open.today, open.day, open.state), (false, tuesday(), State::Here));
    assert_eq!(open.collectors.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["なぎの母"]);
    let later = Command::CorrectPunch {
        facility: w.minato,
        child,
        day: tuesday(),
        sort: PunchSort::Departure,
        at: hm("16:30"),
        instead_of: None,
        reason: "forgotten".into(),
        collector: Some(open.collectors[0].collector.clone()),
    };
    let act = w.compose(&abe, next_morning, later).unwrap();
    w.accept(&act.changes, Some(&abe.standing)).unwrap();
    let closed = sheet(&w, Some(tuesday()));
    assert_eq!((closed.state, closed.since), (State::Left, Some(hm("16:30"))));
    let left = nursery::view::TimelineWhat::Departure { relation: "mother".into(), name: "なぎの母".into() };
    assert_eq!(closed.timeline.last().unwrap().what, left);
}
