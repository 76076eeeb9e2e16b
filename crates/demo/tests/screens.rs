//! What the screens say of the city, asked as its people ask: over what they may hold, and nothing else.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod world;

use nursery::access::{Principal, sight, standing};
use nursery::ask::ask;
use nursery::core::{Clock, MemoryRecords, Proof, Who};
use nursery::view::{
    BoardView, DayProgress, JoinsView, OpenEnd, OpenEndKind, OpenEndsView, PlaceRef, Query, RoomLine, SearchKeyView,
    SiteTodayView, State, View,
};
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

fn office(world: &World) -> SiteTodayView {
    let query = Query::SiteToday { facility: world.site("minato").facility };
    match asked(world, world.city.people.director, &query) {
        View::SiteToday(today) => today,
        other => panic!("{other:?}"),
    }
}

fn evening(world: &World) -> OpenEndsView {
    let query = Query::OpenEnds { facility: world.site("minato").facility, day: None };
    match asked(world, world.city.people.director, &query) {
        View::OpenEnds(ends) => ends,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_office_counts_as_many_open_ends_as_the_evening_list_names() {
    for moment in world::MOMENTS {
        let world = World::at(moment);
        let facility = world.site("minato").facility;
        let listed = evening(&world).items.len();
        assert_eq!(usize::from(office(&world).open_ends), listed, "{moment}");
        let board = board(&world, world.city.people.director, PlaceRef::Facility { facility });
        assert_eq!(usize::from(board.open_ends), listed, "{moment}");
    }
    let late = evening(&World::at("2026-11-24 18:45")).items;
    let overdue =
        |end: &OpenEnd| end.kind == OpenEndKind::NoDeparture && end.expected.is_some_and(|at| at.0 <= 17 * 60 + 45);
    assert!(!late.is_empty() && late.iter().all(overdue), "{late:#?}");
}

#[test]
fn the_evening_is_over_only_when_everybody_has_gone() {
    let progress = |moment| evening(&World::at(moment)).progress;
    assert_eq!(progress("2026-11-24 08:15"), DayProgress::Running);
    assert_eq!(progress("2026-11-24 18:45"), DayProgress::Running);
    assert_eq!(progress("2026-12-29 10:00"), DayProgress::Closed);
}

#[test]
fn the_rows_of_the_office_add_up_to_the_whole_site_at_any_moment() {
    for moment in world::MOMENTS {
        let today = office(&World::at(moment));
        let sum = |of: fn(&nursery::view::Counts) -> u16| today.classes.iter().map(|row| of(&row.counts)).sum::<u16>();
        assert_eq!(sum(|c| c.here), today.counts.here, "{moment}");
        assert_eq!(sum(|c| c.all), today.counts.all, "{moment}");
        let own = today.classes.iter().filter_map(|row| row.room_line);
        let rooms: Vec<RoomLine> = own.chain(today.joint.iter().map(|room| room.room_line)).collect();
        let in_rooms: u16 = rooms.iter().map(|line| line.here).sum();
        assert_eq!(in_rooms, today.counts.here - today.counts.away, "{moment}");
    }
}

#[test]
fn guests_of_a_saturday_stand_in_a_row_of_their_own_with_the_name_of_their_nursery() {
    let today = office(&World::at("2026-11-28 10:00"));
    let guests = today.classes.iter().find(|row| row.class.is_none()).unwrap();
    assert!(guests.counts.here > 0);
    let of_them: Vec<_> = today.roll.iter().filter(|item| item.class_name.is_empty()).collect();
    assert_eq!(of_them.len(), usize::from(guests.counts.all));
    assert!(of_them.iter().all(|item| item.home.as_ref().is_some_and(|home| home.ends_with("園"))), "{of_them:#?}");
}

#[test]
fn who_is_enrolled_does_not_depend_on_who_comes_today() {
    let enrolled = |moment| office(&World::at(moment)).classes.iter().map(|row| row.enrolled).collect::<Vec<_>>();
    let weekday = enrolled("2026-11-24 09:35");
    assert!(weekday.iter().all(|count| *count > 5), "{weekday:?}");
    assert_eq!(enrolled("2026-12-29 10:00"), weekday);
    assert_eq!(enrolled("2026-11-28 10:00")[..weekday.len()], weekday);
}

#[test]
fn staff_of_joint_care_are_counted_in_the_room_where_the_children_are() {
    for moment in ["2026-11-24 08:15", "2026-11-24 18:45", "2026-11-28 10:00"] {
        let today = office(&World::at(moment));
        let short = |line: &RoomLine| line.staff < line.guide;
        let classes: Vec<_> = today.classes.iter().filter(|row| row.room_line.as_ref().is_some_and(short)).collect();
        assert!(classes.is_empty(), "{moment}: {classes:#?}");
        assert!(today.joint.iter().all(|room| room.room_line.staff >= 2), "{moment}: {:#?}", today.joint);
        assert!(!today.joint.iter().any(|room| short(&room.room_line)), "{moment}: {:#?}", today.joint);
        assert!(today.classes.iter().any(|row| row.joint == ["ホール"]), "{moment}");
    }
}

#[test]
fn an_invitation_can_be_made_for_every_child_also_on_a_closed_day() {
    let children = |moment| {
        let world = World::at(moment);
        let query = Query::Joins { facility: world.site("minato").facility };
        match asked(&world, world.city.people.director, &query) {
            View::Joins(JoinsView { children, .. }) => children.len(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(children("2026-12-29 10:00"), children("2026-11-24 09:35"));
}

#[test]
fn the_form_for_calls_knows_every_child_by_class_and_by_folded_spellings() {
    let world = World::at("2026-11-24 08:15");
    let place = PlaceRef::Facility { facility: world.site("minato").facility };
    let View::EntryForm(form) = asked(&world, world.city.people.director, &Query::EntryForm { place }) else {
        panic!("no form");
    };
    assert!(form.children.iter().all(|child| child.class.is_some() != child.class_name.is_empty()));
}

#[test]
fn a_child_is_found_by_every_spelling_on_every_list_with_a_search() {
    let world = World::at("2026-11-24 08:15");
    let (facility, director) = (world.site("minato").facility, world.city.people.director);
    let View::EntryForm(form) = asked(&world, director, &Query::EntryForm { place: PlaceRef::Facility { facility } })
    else {
        panic!("no form")
    };
    let View::Joins(joins) = asked(&world, director, &Query::Joins { facility }) else { panic!("no joins") };
    let today = office(&world);
    let lists: [Vec<(&String, &Vec<String>)>; 3] = [
        form.children.iter().map(|one| (&one.kanji, &one.search)).collect(),
        joins.children.iter().map(|one| (&one.kanji, &one.search)).collect(),
        today.roll.iter().map(|one| (&one.kanji, &one.search)).collect(),
    ];
    for typed in ["グエン ウタ", "ぐえんうた", "ｸﾞｴﾝ･ｳﾀ", "グエン　詩"] {
        let query = Query::SearchKey { text: typed.into() };
        let View::SearchKey(SearchKeyView { key }) = asked(&world, director, &query) else { panic!("no key") };
        for list in &lists {
            let found = list.iter().filter(|(_, search)| search.iter().any(|one| one.contains(&key)));
            assert_eq!(found.map(|(kanji, _)| kanji.as_str()).collect::<Vec<_>>(), ["グエン 詩"], "{typed}");
        }
    }
}

#[test]
fn colleagues_stand_by_kana_with_what_tells_them_apart() {
    let world = World::at("2026-11-24 08:15");
    let View::Me(me) = asked(&world, world.city.people.director, &Query::Me) else { panic!("nobody") };
    assert!(me.posts.is_sorted_by_key(|post| &post.kana) && me.posts.len() > 10);
    let order = me.posts.iter().map(|post| post.person);
    assert!(me.colleagues.iter().map(|one| one.person).eq(order));
    assert!(me.posts.iter().any(|post| post.classes == ["うさぎ組"]));
    assert!(!me.city);
    let View::Me(me) = asked(&world, world.city.people.city_officer, &Query::Me) else { panic!("nobody") };
    assert!(me.city && me.places.is_empty());
}
