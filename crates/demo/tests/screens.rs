//! What the screens say of the city, asked as its people ask: over what they may hold, and nothing else.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod world;

use nursery::access::{Principal, sight, standing};
use nursery::ask::ask;
use nursery::core::{Clock, MemoryRecords, Proof, Who};
use nursery::view::{BoardView, PlaceRef, Query, State, View};
use records::{DeviceId, PersonId, Seq};
use world::World;

/// A question, asked by a person on an own device, who has heard everything up to now.
fn asked(world: &World, person: PersonId, query: &Query) -> View {
    let standing =
        standing(&world.records, world.city.municipality, Principal::Person(person), world.city.today).unwrap();
    let sight = sight(&standing);
    let mut held = MemoryRecords::default();
    for record in world.records.records.values().filter(|record| sight.sees(record)) {
        held.put(records::Record { seq: Some(Seq(1)), ..record.clone() });
    }
    let who = Who { device: DeviceId::default(), person: Some(person), standing, proof: Proof::Own };
    let clock = Clock { error_ms: Some(0), highest_ms: world.at.0, heard_ms: world.at.0, ..Clock::default() };
    ask(&held, &who, world.at, clock, query).unwrap().view
}

fn board(world: &World, person: PersonId, place: PlaceRef) -> BoardView {
    match asked(world, person, &Query::Board { place }) {
        View::Board(board) => board,
        other => panic!("{other:?}"),
    }
}

fn usagi(world: &World) -> BoardView {
    let place =
        PlaceRef::Class { facility: world.site("minato").facility, class: world.class("minato", "うさぎ組") };
    board(world, world.city.people.caregiver, place)
}

#[test]
fn the_class_tablet_shows_the_board_of_the_picture() {
    let board = usagi(&World::at("2026-11-24 09:34"));
    let counts = board.counts;
    assert_eq!((counts.all, counts.yet, counts.here, counts.left, counts.absent), (20, 4, 14, 0, 2));
    let calls = board.calls.unwrap();
    let names: Vec<_> = calls.items.iter().map(|item| item.kana.as_str()).collect();
    assert_eq!(names, ["ゆうま", "いつき"]);
    assert_eq!(board.staff.len(), 3);
    assert!(board.tiles.iter().all(|tile| tile.contradictions.is_empty()), "{:#?}", board.tiles);
}

#[test]
fn no_board_of_minato_contradicts_itself_at_any_moment() {
    for moment in world::MOMENTS {
        let world = World::at(moment);
        let facility = world.site("minato").facility;
        let board = board(&world, world.city.people.director, PlaceRef::Facility { facility });
        for tile in &board.tiles {
            assert!(tile.contradictions.is_empty(), "{moment} {}: {:?}", tile.kana, tile.contradictions);
        }
        let ringing = board.tiles.iter().filter(|t| t.state == State::Unreported).count();
        let expected = if moment == "2026-11-24 09:35" { 2 } else { 0 };
        assert_eq!(ringing, expected, "{moment}");
    }
}

/// Whom a site's boards ring about, as its own staff see it.
fn rings(world: &World, site: &str) -> Vec<String> {
    let facility = world.site(site).facility;
    let staff = world.all::<nursery::people::Assignment>();
    let staff = staff.iter().find(|a| a.facility == facility && a.holds_on(world.city.today)).unwrap();
    let board = board(world, PersonId(staff.person), PlaceRef::Facility { facility });
    let rung = board.tiles.iter().filter(|t| matches!(t.state, State::Unreported | State::Unknown));
    let rung: Vec<_> = rung.map(|t| t.kana.clone()).collect();
    assert_eq!(board.calls.map_or(0, |calls| calls.items.len()), rung.len());
    rung
}

#[test]
fn a_tablet_rings_for_nobody_but_those_of_the_story() {
    let late = ["2026-11-24 10:29", "2026-11-24 10:31", "2026-11-24 11:00", "2026-11-24 11:01"];
    for moment in world::MOMENTS.into_iter().chain(late) {
        let world = World::at(moment);
        for site in ["minato", "sakura", "kawagishi", "kitanosawa", "tsubame", "wanomori", "hidamari", "izumi"] {
            let rung = rings(&world, site);
            match (moment, site) {
                ("2026-11-24 09:35", "minato") => assert_eq!(rung, ["ゆうま", "いつき"]),
                ("2026-11-24 09:35", "sakura") => assert_eq!(rung.len(), 1, "one is ill and nobody has said so"),
                _ => assert!(rung.is_empty(), "{moment} {site}: {rung:?}"),
            }
        }
    }
}

#[test]
fn the_centre_expects_its_afternoon_children_and_rings_for_nobody() {
    for moment in ["2026-11-24 09:41", "2026-11-24 11:40", "2026-11-24 14:10", "2026-11-25 10:30"] {
        let world = World::at(moment);
        let facility = world.site("hidamari").facility;
        let board = board(&world, world.city.people.centre_caregiver, PlaceRef::Facility { facility });
        assert!(board.calls.is_none(), "{moment}: {:#?}", board.calls);
        for tile in &board.tiles {
            assert!(tile.contradictions.is_empty(), "{moment} {}: {:?}", tile.kana, tile.contradictions);
        }
    }
}

#[test]
fn a_mother_of_two_sites_sees_both_children_and_her_message_confirmed() {
    let world = World::at("2026-11-24 12:41");
    let View::GuardianHome(home) = asked(&world, world.city.people.guardian_at_two_sites, &Query::GuardianHome) else {
        panic!("no home");
    };
    let mut children: Vec<_> = home.children.iter().map(|card| (card.kana.as_str(), card.state)).collect();
    children.sort();
    assert_eq!(children, [("そうた", State::Here), ("ひまり", State::Here)]);
    assert_eq!(home.sent.len(), 1);
    assert_eq!(home.sent[0].reach, nursery::view::Reach::Person);
}

#[test]
fn the_excluded_father_sees_nothing_of_his_child() {
    let world = World::at("2026-11-24 12:41");
    let View::GuardianHome(home) = asked(&world, world.city.people.excluded_parent, &Query::GuardianHome) else {
        panic!("no home");
    };
    assert!(home.children.is_empty() && home.timeline.is_empty() && home.sent.is_empty());
    let View::GuardianHome(home) = asked(&world, world.city.people.protected_parent, &Query::GuardianHome) else {
        panic!("no home");
    };
    assert_eq!(home.children.len(), 1);
}
