//! Being out belongs to the stay in which it began, in whatever order records arrive.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod kit;

use kit::{World, at, hm, tuesday};
use nursery::attendance::{Away, AwayBack, Collector, Punch, PunchSort, PunchSource};
use nursery::command::Command;
use nursery::core::{Ids, Kind};
use nursery::ids::ChildId;
use nursery::rules::{ChildDay, Site, Where};
use nursery::view::State;
use proptest::prelude::*;
use records::{DeviceTime, TimeOfDay};
use uuid::Uuid;

fn go_out(w: &World, child: ChildId) -> Command {
    Command::GoOut {
        facility: w.minato,
        child,
        reason: "hospital".into(),
        place: "歯科".into(),
        with: "母".into(),
        expected_back: Some(hm("11:00")),
    }
}

fn entered_later(w: &World, child: ChildId, sort: PunchSort, at: &str) -> Command {
    Command::CorrectPunch {
        facility: w.minato,
        child,
        day: tuesday(),
        sort,
        at: hm(at),
        instead_of: None,
        reason: "forgotten".into(),
        collector: None,
    }
}

#[test]
fn who_went_out_and_home_from_there_is_here_after_a_second_arrival() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    let out = go_out(&w, child);
    w.does(&abe, "09:00", out).unwrap();
    assert_eq!(w.tile("09:01", "なぎ").state, State::Away);
    // the mother took her home from the dentist: told by telephone, entered later
    let home = entered_later(&w, child, PunchSort::Departure, "10:00");
    w.does(&abe, "10:30", home).unwrap();
    assert_eq!(w.tile("10:31", "なぎ").state, State::Left);
    w.does(&abe, "13:00", w.arrive("なぎ")).unwrap();
    let tile = w.tile("13:01", "なぎ");
    assert_eq!((tile.state, tile.time), (State::Here, Some(hm("13:00"))));
}

#[test]
fn an_open_going_out_of_the_morning_hides_no_second_place_in_the_afternoon() {
    let mut w = World::new();
    let child = w.child("そうた");
    w.place(child, w.sakura, w.risu);
    let minato = w.minato;
    put(&mut w, child, 0, Event::Arrive, minato);
    put(&mut w, child, 1, Event::Out, minato);
    put(&mut w, child, 2, Event::Leave, minato);
    put(&mut w, child, 3, Event::Arrive, minato);
    let sakura = w.sakura;
    put(&mut w, child, 4, Event::Arrive, sakura);
    assert_eq!(facts(&w, child).whereabouts(minato).two_places.len(), 2);
}

#[test]
fn a_slow_tablet_shows_going_out_at_the_true_time() {
    let mut w = World::new();
    let child = w.child("なぎ");
    w.error_ms = Some(25 * 60_000);
    let abe = w.abe();
    w.does(&abe, "08:05", w.arrive("なぎ")).unwrap();
    let out = go_out(&w, child);
    w.does(&abe, "08:10", out).unwrap();
    let tile = w.tile("08:11", "なぎ");
    assert_eq!((tile.state, tile.time), (State::Away, Some(hm("08:35"))));
    let abe = w.abe();
    w.does(&abe, "08:20", Command::ComeBack { facility: w.minato, children: vec![child] }).unwrap();
    let collector = Collector::Guardian { person: w.people["なぎの母"] };
    w.does(&abe, "08:30", Command::Depart { facility: w.minato, children: vec![child], collector }).unwrap();
    assert_eq!(w.tile("08:31", "なぎ").state, State::Left);
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    Arrive,
    Leave,
    Out,
    OutAndBack,
}

fn when(step: usize) -> DeviceTime {
    at("08:00").plus_ms(i64::try_from(step).unwrap() * 600_000)
}

/// Writes one fact of a day, ten minutes after the one before.
fn put(w: &mut World, child: ChildId, step: usize, event: Event, place: nursery::ids::FacilityId) {
    let sort = match event {
        Event::Arrive => PunchSort::Arrival,
        Event::Leave => PunchSort::Departure,
        Event::Out | Event::OutAndBack => return put_out(w, child, step, event, place),
    };
    let punch = Punch {
        sort: Some(sort),
        at: Some(when(step)),
        error_ms: Some(0),
        source: Some(PunchSource::Staff),
        child,
        ..Default::default()
    };
    fact(w, child, punch, vec![child.0], place);
}

fn put_out(w: &mut World, child: ChildId, step: usize, event: Event, place: nursery::ids::FacilityId) {
    let away = Away { at: Some(when(step)), reason: Some("hospital".into()), child, ..Default::default() };
    let id = fact(w, child, away, vec![child.0, Uuid::nil()], place);
    if event == Event::OutAndBack {
        let back = AwayBack { at: Some(when(step).plus_ms(300_000)), child, away: id, ..Default::default() };
        fact(w, child, back, vec![child.0, id], place);
    }
}

fn fact<K: Kind>(w: &mut World, child: ChildId, new: K, keys: Vec<Uuid>, place: nursery::ids::FacilityId) -> Uuid {
    let id = w.ids.next();
    w.put_in(place.into(), child.into(), Some(tuesday()), id, new, keys);
    id
}

fn facts(w: &World, child: ChildId) -> ChildDay {
    let site = Site::read(&w.records, w.minato, tuesday()).unwrap().unwrap();
    ChildDay::read(&w.records, &site, child, None).unwrap()
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let one = prop_oneof![Just(Event::Arrive), Just(Event::Leave), Just(Event::Out), Just(Event::OutAndBack)];
    prop::collection::vec(one, 1..7)
}

/// The place in one word, and since when.
fn place_of(order: &[(usize, Event)]) -> (&'static str, Option<TimeOfDay>) {
    let mut w = World::new();
    let child = w.child("なぎ");
    let minato = w.minato;
    for (step, event) in order {
        put(&mut w, child, *step, *event, minato);
    }
    let on = |at| Some(nursery::clock::time_on(tuesday(), at));
    match facts(&w, child).whereabouts(w.minato).place {
        Where::Here { since, .. } => ("here", on(since)),
        Where::Away { since, .. } => ("out", on(since)),
        Where::Left { at, .. } => ("left", on(at)),
        _ => ("elsewhere", None),
    }
}

/// What a person would say who watched the door all day.
fn watched(events: &[Event]) -> &'static str {
    let (mut inside, mut out) = (false, false);
    for event in events {
        match event {
            Event::Arrive => inside = true,
            Event::Leave => (inside, out) = (false, false),
            Event::Out => out |= inside,
            Event::OutAndBack => {}
        }
    }
    if out {
        "out"
    } else if inside {
        "here"
    } else {
        ""
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn the_place_follows_the_times_and_not_the_order_of_arrival(
        (day, shuffled) in events().prop_flat_map(|day| {
            let steps: Vec<_> = day.iter().copied().enumerate().collect();
            (Just(day), Just(steps).prop_shuffle())
        })
    ) {
        let in_order: Vec<_> = day.iter().copied().enumerate().collect();
        let said = place_of(&in_order);
        prop_assert_eq!(&said, &place_of(&shuffled));
        let watched = watched(&day);
        if watched.is_empty() {
            prop_assert!(matches!(said.0, "left" | "elsewhere"), "{:?}", said);
        } else {
            prop_assert_eq!(said.0, watched);
        }
    }
}

#[test]
fn one_child_goes_out_with_whom_and_until_when_and_comes_back_by_one_tap() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    let out = go_out(&w, child);
    w.does(&abe, "10:00", out).unwrap();
    let sheet = |w: &World, time: &str| match w.ask(
        &w.abe(),
        at(time),
        &nursery::view::Query::ChildSheet { facility: w.minato, child, day: None },
    ) {
        Ok(nursery::view::View::ChildSheet(sheet)) => sheet,
        other => panic!("{other:?}"),
    };
    let away = sheet(&w, "10:01").away.unwrap();
    assert_eq!((away.reason.as_str(), away.place.as_str(), away.with.as_str()), ("hospital", "歯科", "母"));
    assert_eq!((away.expected_back, away.overdue), (Some(hm("11:00")), false));
    assert!(sheet(&w, "11:01").away.unwrap().overdue);
    w.does(&abe, "11:05", Command::ComeBack { facility: w.minato, children: vec![child] }).unwrap();
    let back = sheet(&w, "11:06");
    assert_eq!((back.state, back.away), (State::Here, None));
}

#[test]
fn nobody_is_expected_back_before_going_or_goes_out_for_no_known_reason() {
    let mut w = World::new();
    let child = w.child("なぎ");
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    let out = go_out(&w, child);
    assert_eq!(w.does(&abe, "11:00", out), Err(nursery::core::Code::BadInput));
    let Command::GoOut { facility, place, with, .. } = go_out(&w, child) else { panic!() };
    let nowhere = Command::GoOut { facility, child, reason: String::new(), place, with, expected_back: None };
    assert_eq!(w.does(&abe, "10:00", nowhere), Err(nursery::core::Code::BadInput));
}

#[test]
fn who_left_here_and_later_elsewhere_is_not_expected_again() {
    let mut w = World::new();
    let child = w.child("つむぎ");
    w.place(child, w.sakura, w.risu);
    let (minato, sakura) = (w.minato, w.sakura);
    put(&mut w, child, 0, Event::Arrive, minato);
    put(&mut w, child, 1, Event::Leave, minato);
    put(&mut w, child, 2, Event::Arrive, sakura);
    put(&mut w, child, 3, Event::Leave, sakura);
    let board = w.board("15:00");
    assert_eq!((board.tiles[0].state, board.tiles[0].time, board.calls), (State::Left, Some(hm("08:10")), None));
}
