//! What every screen says on a morning on which something does not fit. The views are kept as a file that the screens'
//! own tests are fed with, so that code and sentence are asserted of the same thing.
//! `SAZANAMI_SNAPSHOT=write cargo test -p nursery --test odd_mornings` writes the file anew.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod kit;

use kit::{World, at, day, hm, tuesday};
use nursery::attendance::Collector;
use nursery::command::Command;
use nursery::core::{Code, Ids};
use nursery::ids::ChildId;
use nursery::view::{
    BoardView, ChildCard, ChildSheetView, Contradiction, GuardianHomeView, OpenEndKind, OpenEndsView, PlaceRef, Query,
    RollItem, SiteTodayView, State, Tile, View,
};
use records::{Change, DeviceTime, TimeOfDay};
use serde::Serialize;
use std::path::PathBuf;

/// Every screen on which a child stands: the tablet's by its own clock, the guardian's and the office's by a right one.
#[derive(Serialize)]
struct Screens {
    board: BoardView,
    sheet: ChildSheetView,
    evening: OpenEndsView,
    guardian: GuardianHomeView,
    office: SiteTodayView,
}

macro_rules! view {
    ($world:expr, $who:expr, $at:expr, $query:expr, $kind:ident) => {
        match $world.ask(&$who, $at, &$query) {
            Ok(View::$kind(view)) => view,
            other => panic!("{other:?}"),
        }
    };
}

impl Screens {
    /// As shown at `true_time`, while the tablet's own clock says `shown`.
    fn of(w: &mut World, kana: &str, shown: DeviceTime, true_time: DeviceTime) -> Self {
        let (facility, child) = (w.minato, w.children[kana]);
        let place = PlaceRef::Class { facility, class: w.usagi };
        let board = view!(w, w.abe(), shown, Query::Board { place }, Board);
        let sheet = view!(w, w.abe(), shown, Query::ChildSheet { facility, child, day: None }, ChildSheet);
        let evening = view!(w, w.abe(), shown, Query::OpenEnds { facility, day: None }, OpenEnds);
        let tablets = (w.error_ms.replace(0), std::mem::take(&mut w.highest));
        let mother = w.own(w.people[&format!("{kana}の母")]);
        let guardian = view!(w, mother, true_time, Query::GuardianHome, GuardianHome);
        let office = view!(w, w.own(w.director), true_time, Query::SiteToday { facility }, SiteToday);
        (w.error_ms, w.highest) = tablets;
        Self { board, sheet, evening, guardian, office }
    }

    fn tile(&self, kana: &str) -> &Tile {
        self.board.tiles.iter().find(|tile| tile.kana == kana).unwrap()
    }
    /// Whom the tablet rings about.
    fn calls(&self) -> Vec<&str> {
        self.board.calls.iter().flat_map(|calls| &calls.items).map(|item| item.kana.as_str()).collect()
    }
    /// What the evening list says of one child.
    fn ends(&self, kana: &str) -> Vec<(OpenEndKind, &[Contradiction])> {
        let of = self.evening.items.iter().filter(|end| end.kana == kana);
        of.map(|end| (end.kind, end.contradictions.as_slice())).collect()
    }
    fn card(&self) -> &ChildCard {
        self.guardian.children.iter().find(|card| card.facility_name == "みなと保育園").unwrap()
    }
    fn row(&self, kana: &str) -> &RollItem {
        self.office.roll.iter().find(|item| item.kana == kana).unwrap()
    }
    /// Whom the office sees as missing.
    fn missing(&self) -> Vec<&str> {
        self.office.calls.iter().flat_map(|calls| &calls.items).map(|item| item.kana.as_str()).collect()
    }

    /// Compares with the file that the screens' tests read.
    fn keep(&self, name: &str) {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/tests/fixture/odd");
        let file = folder.join(format!("{name}.json"));
        let now = serde_json::to_string_pretty(self).unwrap() + "\n";
        if std::env::var_os("SAZANAMI_SNAPSHOT").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, now).unwrap();
            return;
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(kept == now, "{name}: the views have changed; write them anew and look at what the screens say now");
    }
}

/// なぎ, to whom it happens, and ゆうま, of whom nothing is known from 9:30 on.
fn world() -> (World, ChildId) {
    let mut w = World::new();
    let child = w.child("なぎ");
    w.child("ゆうま");
    (w, child)
}

const HERE: State = State::Here;

fn time(text: &str) -> Option<TimeOfDay> {
    Some(hm(text))
}

#[test]
fn two_tablets_offline_mark_the_same_child_and_a_third_voids_one() {
    let (mut w, _) = world();
    let abe = w.abe();
    let one = w.compose(&abe, at("08:01"), w.arrive("なぎ")).unwrap();
    let two = w.compose(&abe, at("08:03"), w.arrive("なぎ")).unwrap();
    w.accept(&two.changes, Some(&abe.standing)).unwrap();
    w.accept(&one.changes, Some(&abe.standing)).unwrap();
    let now = at("09:40");
    let both = [Contradiction::TwoArrivals { times: vec![hm("08:01"), hm("08:03")] }];
    let s = Screens::of(&mut w, "なぎ", now, now);
    assert_eq!((s.tile("なぎ").state, s.tile("なぎ").time), (HERE, time("08:01")));
    assert_eq!(s.tile("なぎ").contradictions, both);
    assert_eq!((s.sheet.state, s.sheet.timeline.len()), (HERE, 2));
    assert_eq!(s.sheet.contradictions, both);
    assert_eq!(s.calls(), ["ゆうま"]);
    assert_eq!(s.ends("なぎ"), [(OpenEndKind::Contradiction, both.as_slice())]);
    assert_eq!((s.card().state, s.card().time, s.card().two_places), (HERE, time("08:01"), false));
    assert_eq!((s.row("なぎ").arrived, s.row("なぎ").contradictions.as_slice()), (time("08:01"), both.as_slice()));
    assert_eq!(s.missing(), ["ゆうま"]);
    s.keep("two-arrivals");

    let void = Command::Void { record: two.done.records[0], reason: "wrong_time".into(), note: String::new() };
    w.does(&abe, "09:41", void).unwrap();
    let now = at("09:42");
    let s = Screens::of(&mut w, "なぎ", now, now);
    assert_eq!((s.tile("なぎ").time, s.tile("なぎ").contradictions.len()), (time("08:01"), 0));
    assert_eq!(s.sheet.timeline.iter().filter(|item| item.void.is_some()).count(), 1, "it stays visible");
    assert!(s.ends("なぎ").is_empty() && s.row("なぎ").contradictions.is_empty());
    assert_eq!((s.card().time, s.calls(), s.missing()), (time("08:01"), vec!["ゆうま"], vec!["ゆうま"]));
    s.keep("two-arrivals-voided");
}

/// The same punch, as the other nursery's tablet wrote it.
fn there(w: &mut World, here: &[Change], time: &str) -> Vec<Change> {
    let (minato, sakura) = (w.minato.to_string(), w.sakura.to_string());
    let mut there = here.to_vec();
    for change in &mut there {
        change.id = records::ChangeId(w.ids.next());
        change.head.id = records::RecordId(w.ids.next());
        change.head.feed = w.sakura.into();
        let atoms = change.head.audiences.iter().map(|a| records::Atom(a.0.replace(&minato, &sakura)));
        change.head.audiences = atoms.collect();
        for write in change.writes.iter_mut().filter(|write| write.field == "at") {
            write.value = serde_json::to_value(at(time)).ok();
        }
    }
    there
}

#[test]
fn a_child_in_two_places() {
    let (mut w, child) = world();
    w.place(child, w.sakura, w.risu);
    let abe = w.abe();
    let here = w.compose(&abe, at("08:30"), w.arrive("なぎ")).unwrap();
    let there = there(&mut w, &here.changes, "09:00");
    w.accept(&here.changes, Some(&abe.standing)).unwrap();
    w.accept(&there, None).unwrap();
    let now = at("09:40");
    let both =
        [Contradiction::TwoPlaces { facilities: vec!["みなと保育園".into(), "さくら保育園".into()] }];
    let s = Screens::of(&mut w, "なぎ", now, now);
    assert_eq!((s.tile("なぎ").state, s.tile("なぎ").contradictions.as_slice()), (State::Elsewhere, both.as_slice()));
    assert_eq!((s.sheet.state, s.sheet.contradictions.as_slice()), (State::Elsewhere, both.as_slice()));
    assert_eq!(s.sheet.timeline.iter().filter(|item| item.facility.is_some()).count(), 1);
    assert_eq!(s.calls(), ["ゆうま"]);
    assert_eq!(s.ends("なぎ"), [(OpenEndKind::Contradiction, both.as_slice())]);
    assert!(s.guardian.children.iter().all(|card| card.two_places));
    assert_eq!((s.row("なぎ").state, s.row("なぎ").contradictions.as_slice()), (State::Elsewhere, both.as_slice()));
    assert_eq!(s.missing(), ["ゆうま"]);
    s.keep("two-places");
}

#[test]
fn a_punch_at_twenty_past_midnight() {
    let (mut w, child) = world();
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    let late = nursery::clock::moment(day("2026-11-25"), hm("00:20"));
    let collector = Collector::Guardian { person: w.people["なぎの母"] };
    let leave = Command::Depart { facility: w.minato, children: vec![child], collector };
    let act = w.compose(&abe, late, leave).unwrap();
    w.accept(&act.changes, Some(&abe.standing)).unwrap();
    let now = late.plus_ms(10 * 60_000);
    let s = Screens::of(&mut w, "なぎ", now, now);
    assert_eq!((s.board.day, s.sheet.day, s.evening.day, s.office.day), (tuesday(), tuesday(), tuesday(), tuesday()));
    assert_eq!((s.tile("なぎ").state, s.tile("なぎ").time), (State::Left, time("24:20")));
    assert!(s.tile("なぎ").contradictions.is_empty() && s.ends("なぎ").is_empty());
    assert_eq!((s.sheet.state, s.sheet.since), (State::Left, time("24:20")));
    assert_eq!(s.calls(), ["ゆうま"]);
    assert_eq!((s.card().state, s.card().time), (State::Left, time("24:20")));
    assert_eq!((s.row("なぎ").arrived, s.row("なぎ").left), (time("08:30"), time("24:20")));
    assert_eq!(s.missing(), ["ゆうま"]);
    s.keep("after-midnight");
}

#[test]
fn a_tablet_whose_clock_is_25_minutes_slow() {
    let (mut w, _) = world();
    w.error_ms = Some(25 * 60_000);
    let abe = w.abe();
    w.does(&abe, "08:05", w.arrive("なぎ")).unwrap();
    let off = [Contradiction::UncertainClock { minutes: Some(25) }];
    let s = Screens::of(&mut w, "なぎ", at("09:15"), at("09:40"));
    assert_eq!((s.board.now, s.board.clock.off_minutes), (hm("09:40"), Some(25)));
    assert_eq!((s.tile("なぎ").time, s.tile("なぎ").contradictions.as_slice()), (time("08:30"), off.as_slice()));
    assert_eq!((s.sheet.since, s.sheet.contradictions.as_slice()), (time("08:30"), off.as_slice()));
    assert!(s.sheet.timeline[0].doubtful);
    assert_eq!(s.calls(), ["ゆうま"], "it rings by the true time");
    assert!(s.ends("なぎ").is_empty(), "a clock is nothing that a caregiver could close");
    assert_eq!((s.card().state, s.card().time), (HERE, time("08:30")));
    assert_eq!((s.row("なぎ").arrived, s.row("なぎ").contradictions.as_slice()), (time("08:30"), off.as_slice()));
    assert_eq!(s.missing(), ["ゆうま"]);
    s.keep("slow-clock");
}

#[test]
fn a_tablet_with_yesterdays_date() {
    let (mut w, _) = world();
    w.error_ms = None;
    w.highest = at("07:00").0;
    let abe = w.abe();
    let yesterday = nursery::clock::moment(day("2026-11-23"), hm("09:40"));
    let refused = w.compose(&abe, yesterday, w.arrive("なぎ")).unwrap_err();
    assert_eq!(refused.code, Code::ConfirmDate, "nothing is recorded on a day that nobody confirmed");
    let s = Screens::of(&mut w, "なぎ", yesterday, at("09:40"));
    assert_eq!((s.board.day, s.board.clock.confirm), (day("2026-11-23"), Some(day("2026-11-23"))));
    assert_eq!(s.tile("なぎ").state, State::Yet);
    assert_eq!((s.sheet.state, s.sheet.day), (State::Yet, day("2026-11-23")));
    assert!(s.calls().is_empty(), "no child rings by a day that is not today");
    assert!(s.evening.items.is_empty());
    assert_eq!(s.card().state, State::Yet, "a family is not told whom staff miss");
    assert_eq!(s.row("なぎ").state, State::Unreported);
    assert_eq!(s.missing(), ["なぎ", "ゆうま"], "the office, whose clock is right, sees both");
    s.keep("yesterdays-date");
}
