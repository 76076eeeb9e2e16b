//! The city at the moments that people look at it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod world;

use nursery::access::{Principal, standing};
use nursery::attendance::{
    Acknowledgement, Announced, Announcement, AwayBack, CallOutcome, Calling, Channel, CountState, HeadCount, Movement,
    Presence, Punch, PunchSort, Reason, RoomSession,
};
use nursery::calendar::Visit;
use nursery::ids::RoomId;
use nursery::people::ChildSafety;
use nursery::server::Delivery;
use records::{Day, PersonId, TimeOfDay};
use std::collections::{BTreeMap, BTreeSet};
use world::{MOMENTS, State, World};

const PUBLIC: [&str; 7] = ["minato", "sakura", "kawagishi", "kitanosawa", "tsubame", "wanomori", "hidamari"];

/// The board of うさぎ組: tile, state, time of arrival.
fn board(world: &World) -> Vec<(String, State, String)> {
    let class = world.class("minato", "うさぎ組");
    let states = world.states("minato");
    let punches: Vec<Punch> = world.today(world.site("minato").facility);
    let row = |child| {
        let arrival = punches.iter().find(|p| p.child == child && p.sort == Some(PunchSort::Arrival));
        let time = arrival.map(|p| nursery::clock::time_on(world.city.today, p.at.unwrap()).to_string());
        (world.child(child).names.unwrap().tile().to_owned(), states[&child], time.unwrap_or_default())
    };
    let placed = world.placed("minato", world.city.today);
    placed.iter().filter(|p| p.class == class).map(|p| row(p.child)).collect()
}

#[test]
fn usagi_at_9_34_is_the_board_that_every_picture_shows() {
    use State::{Absent, Here, Out, StillComing, Unreported};
    let board = board(&World::at("2026-11-24 09:34"));
    let board: Vec<_> = board.iter().map(|(name, state, time)| (name.as_str(), *state, time.as_str())).collect();
    let expected = [
        ("ゆい", Here, "08:11"),
        ("りお", Absent, ""),
        ("つむぎ", Out, "08:09"),
        ("ゆうま", Unreported, ""),
        ("こはる", StillComing, ""),
        ("あさひ", Here, "07:28"),
        ("うた", Here, "08:02"),
        ("いつき", Unreported, ""),
        ("いおり", Here, "07:55"),
        ("みなと", Here, "08:15"),
        ("みお", Here, "08:47"),
        ("りつ", Here, "07:33"),
        ("ひまり", Here, "08:06"),
        ("さくら", Here, "08:02"),
        ("みお", Absent, ""),
        ("はると", Here, "08:34"),
        ("そら", Here, "08:51"),
        ("なぎ", Here, "09:34"),
        ("けいすけ", StillComing, ""),
        ("ことね", Here, "07:41"),
    ];
    assert_eq!(board, expected);
}

/// Placed, here, out, absent, still to come, unreported.
const OVERVIEW: [(&str, [usize; 6]); 7] = [
    ("minato", [95, 83, 1, 7, 2, 2]),
    ("sakura", [95, 88, 0, 5, 1, 1]),
    ("kawagishi", [86, 79, 0, 6, 1, 0]),
    ("kitanosawa", [71, 65, 0, 5, 1, 0]),
    ("tsubame", [52, 47, 0, 4, 1, 0]),
    ("wanomori", [49, 44, 0, 3, 1, 0]),
    ("hidamari", [37, 21, 0, 3, 13, 0]),
];

fn check_overview(world: &World) {
    for (site, numbers) in OVERVIEW {
        let count = |state| world.count(site, state);
        let placed = world.placed(site, world.city.today).len();
        let states = [State::Here, State::Out, State::Absent, State::StillComing, State::Unreported].map(count);
        assert_eq!((placed, states.as_slice()), (numbers[0], &numbers[1..]), "{site}");
    }
    assert_eq!(world.count("wanomori", State::OnLeave), 1);
    assert_eq!(world.here(), 427);
    let all: BTreeSet<_> = PUBLIC.iter().flat_map(|site| world.states(site).into_keys()).collect();
    assert_eq!(all.len(), 482);
}

#[test]
fn the_city_at_9_41_has_the_numbers_of_its_overview() {
    check_overview(&World::at("2026-11-24 09:41"));
}

#[test]
fn every_seed_has_these_numbers() {
    for seed in [0, 1, 2026, u64::MAX] {
        let world = World::of_seed(seed, "2026-11-24 09:41");
        assert_eq!(world.city.refused, []);
        check_overview(&world);
        assert_eq!(board(&world), board(&World::at("2026-11-24 09:41")));
    }
}

/// Where staff are: the last fact of a person counts.
fn staff_in(world: &World, site: &str) -> BTreeMap<PersonId, RoomId> {
    let mut facts: Vec<Presence> = world.today(world.site(site).facility);
    facts.sort_by_key(|fact| fact.at);
    let last: BTreeMap<_, _> = facts.iter().map(|fact| (PersonId(fact.person), fact.room)).collect();
    last.into_iter().filter(|(_, room)| *room != RoomId::default()).collect()
}

#[test]
fn ninety_three_of_a_hundred_and_twenty_are_at_work_and_three_of_them_in_usagi() {
    let world = World::at("2026-11-24 09:41");
    let at_work: usize = PUBLIC.iter().map(|site| staff_in(&world, site).len()).sum();
    assert_eq!(at_work, 93);
    let class = world.class("minato", "うさぎ組");
    let room = world.all::<nursery::place::Room>().into_iter().find(|r| r.home_of == Some(class)).unwrap();
    let there = staff_in(&world, "minato").into_iter().filter(|(_, r)| *r == room.meta.id.into());
    let names: BTreeSet<String> = there.map(|(person, _)| world.name(person)).collect();
    assert_eq!(names, ["阿部 真由", "田村 涼", "大友 葉子"].map(str::to_owned).into());
    let staff = world.all::<nursery::people::Assignment>();
    let sandbox = world.site("izumi").facility;
    let people: BTreeSet<_> = staff
        .iter()
        .filter(|a| a.facility != sandbox && a.facility.0 != world.city.municipality.0)
        .map(|a| a.person)
        .collect();
    assert_eq!(people.len(), 120);
}

#[test]
fn at_7_40_nine_children_and_two_caregivers_are_in_the_hall_of_minato() {
    let world = World::at("2026-11-24 07:40");
    let site = world.site("minato");
    let punches: Vec<Punch> = world.today(site.facility);
    assert!(punches.iter().all(|p| p.room == Some(site.hall)));
    let mut names: Vec<String> =
        punches.iter().map(|p| world.child(p.child).names.unwrap().tile().to_owned()).collect();
    names.sort();
    assert_eq!(names, ["あさひ", "えま", "かなた", "しょう", "たいが", "ひなた", "ゆずき", "りつ", "マリア"]);
    let staff: BTreeSet<String> = staff_in(&world, "minato").into_keys().map(|p| world.name(p)).collect();
    assert_eq!(staff, ["田村 涼", "菊池 恵"].map(str::to_owned).into());
    let sessions: Vec<RoomSession> = world.today(site.facility);
    assert!(sessions.iter().any(|s| s.from == Some(TimeOfDay::hm(7, 0)) && s.to == Some(TimeOfDay::hm(8, 30))));
}

#[test]
fn at_8_54_the_messages_of_usagi_are_those_of_the_picture() {
    let world = World::at("2026-11-24 08:54");
    let class = world.class("minato", "うさぎ組");
    let usagi: BTreeSet<_> =
        world.placed("minato", world.city.today).iter().filter(|p| p.class == class).map(|p| p.child).collect();
    let site = world.site("minato").facility;
    let mut messages: Vec<Announcement> = world.today(site);
    messages.retain(|m| usagi.contains(&m.child));
    messages.sort_by_key(|m| m.at);
    let read: BTreeSet<_> = world.today::<Acknowledgement>(site).iter().map(|a| a.announcement).collect();
    let says = |m: &Announcement| match m.announced.clone().unwrap() {
        Announced::Absence { reason } => format!("{reason:?}"),
        Announced::Late { at, why } => format!("{at} {why}"),
        Announced::Early { at } => format!("early {at}"),
        Announced::Pickup { relation, name, at, .. } => format!("{relation} {name} {}", at.unwrap()),
    };
    let rows: Vec<_> = messages
        .iter()
        .map(|m| {
            let name = world.child(m.child).names.unwrap();
            let relation = m.caller_relation.clone().unwrap();
            (format!("{} {}", name.family_kana, name.tile()), says(m), relation, read.contains(&m.meta.id.0))
        })
        .collect();
    let row = |name: &str, says: &str, who: &str, read| (name.to_owned(), says.to_owned(), who.to_owned(), read);
    let expected = [
        row("えんどう りお", "Family", "mother", true),
        row("ふじわら そら", "08:50 hospital", "father", true),
        row("ちば みお", "Fever", "mother", false),
        row("おばら こはる", "10:00 ", "father", false),
        row("グエン うた", "grandmother グエン ホア 16:30", "mother", false),
        row("やえがし けいすけ", "10:30 hospital", "mother", false),
        row("みうら なぎ", "09:30 ", "mother", true),
    ];
    assert_eq!(rows, expected);
    let fever = messages.iter().find(|m| m.temperature.is_some()).unwrap();
    assert_eq!(
        (fever.temperature, fever.announced.clone()),
        (Some(38.2), Some(Announced::Absence { reason: Reason::Fever }))
    );
}

#[test]
fn at_9_35_half_of_the_messages_are_confirmed_and_all_of_the_app_have_arrived() {
    let world = World::at("2026-11-24 09:35");
    let (mut app, mut arrived, mut read, mut all) = (0, 0, 0, 0);
    for site in PUBLIC {
        let site = world.site(site).facility;
        let messages: Vec<Announcement> = world.today(site);
        app += messages.iter().filter(|m| m.channel == Some(Channel::App)).count();
        all += messages.len();
        arrived += world.today::<Delivery>(site).len();
        read += world.today::<Acknowledgement>(site).len();
    }
    assert_eq!(app, arrived);
    assert!(all >= 35 && read * 10 >= all * 4 && read * 10 <= all * 8, "{read} of {all}");
}

#[test]
fn abe_is_calling_about_yuma_and_by_10_both_calls_are_over() {
    let calls = |moment| {
        let world = World::at(moment);
        let mut calls: Vec<Calling> = world.today(world.site("minato").facility);
        calls.sort_by_key(|call| call.at);
        let who = |c: &Calling| world.child(c.child).names.unwrap().used_kana;
        calls.iter().map(|c| (who(c), c.by_name.clone().unwrap(), c.outcome)).collect::<Vec<_>>()
    };
    let row = |child: &str, by: &str, outcome| (child.to_owned(), by.to_owned(), outcome);
    assert_eq!(calls("2026-11-24 09:34"), [row("ゆうま", "阿部", None)]);
    let expected = [
        row("ゆうま", "阿部", None),
        row("いつき", "田村", None),
        row("いつき", "田村", Some(CallOutcome::NoAnswer)),
        row("ゆうま", "阿部", Some(CallOutcome::Spoke)),
    ];
    assert_eq!(calls("2026-11-24 10:00"), expected);
    let world = World::at("2026-11-24 10:00");
    let ringing: usize = PUBLIC.iter().map(|site| world.count(site, State::Unreported)).sum();
    assert_eq!(ringing, 0);
}

#[test]
fn before_opening_nobody_is_here_and_some_families_have_written() {
    let world = World::at("2026-11-24 06:50");
    assert_eq!(world.here(), 0);
    let written: usize = PUBLIC.iter().map(|s| world.today::<Announcement>(world.site(s).facility).len()).sum();
    assert!((6..25).contains(&written), "{written}");
}

#[test]
fn the_day_fills_and_empties() {
    let here = |moment| World::at(moment).here();
    assert!((120..330).contains(&here("2026-11-24 08:15")), "{}", here("2026-11-24 08:15"));
    assert!((425..=430).contains(&here("2026-11-24 09:35")), "{}", here("2026-11-24 09:35"));
    assert!(here("2026-11-24 12:40") > 425, "{}", here("2026-11-24 12:40"));
    assert!((200..400).contains(&here("2026-11-24 16:40")), "{}", here("2026-11-24 16:40"));
    assert!((8..25).contains(&here("2026-11-24 18:45")), "{}", here("2026-11-24 18:45"));
}

#[test]
fn at_16_34_usagi_is_the_board_of_departures() {
    let board = board(&World::at("2026-11-24 16:34"));
    let with = |state| board.iter().filter(|row| row.1 == state).count();
    assert_eq!((with(State::Here), with(State::Left), with(State::Absent)), (11, 6, 3));
}

#[test]
fn uta_is_fetched_by_her_grandmother_as_was_said() {
    let world = World::at("2026-11-24 16:40");
    let uta = world.child_called("グエン 詩");
    let punches: Vec<Punch> = world.of_child(uta.meta.id.into());
    let departure =
        punches.iter().rfind(|p| p.sort == Some(PunchSort::Departure) && p.meta.day == Some(world.city.today));
    assert_eq!(departure.unwrap().collector_name.as_deref(), Some("グエン ホア"));
}

#[test]
fn after_the_last_departure_two_are_open_ends() {
    let world = World::at("2026-11-24 23:00");
    let open: Vec<_> = PUBLIC.iter().map(|site| world.count(site, State::Here)).collect();
    assert_eq!(open, [1, 0, 1, 0, 0, 0, 0]);
}

#[test]
fn by_12_40_every_walk_is_over_and_was_counted_twice() {
    let on_the_way = World::at("2026-11-24 10:30");
    assert_eq!(on_the_way.count("minato", State::Out), 8 + 1);
    let world = World::at("2026-11-24 12:40");
    assert_eq!(world.count("minato", State::Out), 0);
    let counts: Vec<HeadCount> = world.today(world.site("minato").facility);
    assert_eq!(counts.len(), 2);
    for count in counts {
        assert_eq!(count.state, Some(CountState::Agreed));
        assert_eq!(count.second_count, Some(8));
        assert_ne!(count.first_by, count.second_by);
        assert!(count.meta.disagree.is_empty());
    }
    assert_eq!(world.today::<AwayBack>(world.site("minato").facility).len(), 8 + 1);
}

#[test]
fn on_a_saturday_few_come_and_guests_are_at_minato() {
    let world = World::at("2026-11-28 10:00");
    let here: BTreeMap<_, _> = PUBLIC.map(|site| (site, world.today::<Punch>(world.site(site).facility).len())).into();
    assert!(here["minato"] >= 5 && here.values().sum::<usize>() < 60, "{here:?}");
    assert_eq!((here["tsubame"], here["wanomori"], here["hidamari"]), (0, 0, 0));
    let minato = world.site("minato").facility;
    let visits: Vec<Visit> = world.all();
    let guests: BTreeSet<_> =
        visits.iter().filter(|v| v.host == minato && v.holds_on(world.city.today)).map(|v| v.child).collect();
    let punched: BTreeSet<_> = world.today::<Punch>(minato).iter().map(|p| p.child).collect();
    assert!(guests.len() >= 2 && guests.intersection(&punched).count() >= 1);
    for site in PUBLIC {
        assert_eq!(world.count(site, State::Unreported), 0, "{site}");
    }
}

#[test]
fn on_29_december_nobody_is_expected_and_nothing_happened() {
    let world = World::at("2026-12-29 10:00");
    for site in PUBLIC {
        let site = world.site(site).facility;
        assert!(world.expected(site).is_empty());
        assert!(world.today::<Punch>(site).is_empty() && world.today::<Announcement>(site).is_empty());
        assert!(world.today::<Presence>(site).is_empty() && world.today::<RoomSession>(site).is_empty());
    }
}

#[test]
fn the_evening_before_a_closed_day_shows_nothing_for_it() {
    let world = World::at("2026-12-28 23:30");
    let tomorrow: Day = "2026-12-29".parse().unwrap();
    assert!(world.all::<Announcement>().iter().all(|a| a.meta.day != Some(tomorrow)));
}

#[test]
fn the_evening_before_an_open_day_already_has_messages_for_it() {
    let world = World::at("2026-11-24 23:00");
    let tomorrow: Day = "2026-11-25".parse().unwrap();
    assert!(world.all::<Announcement>().iter().filter(|a| a.meta.day == Some(tomorrow)).count() >= 3);
}

#[test]
fn no_two_facts_contradict_each_other() {
    for moment in MOMENTS {
        let world = World::at(moment);
        for site in &world.city.facilities {
            let punches: Vec<Punch> = world.today(site.facility);
            let absent: BTreeSet<_> = world
                .today::<Announcement>(site.facility)
                .iter()
                .filter(|a| matches!(a.announced, Some(Announced::Absence { .. })))
                .map(|a| a.child)
                .collect();
            let mut times = BTreeMap::new();
            for punch in &punches {
                assert!(!absent.contains(&punch.child), "{moment}: absent and here");
                let both: &mut [Option<_>; 2] = times.entry(punch.child).or_insert([None, None]);
                let at = usize::from(punch.sort == Some(PunchSort::Departure));
                assert!(both[at].replace(punch.at.unwrap()).is_none(), "{moment}: punched twice");
            }
            assert!(times.values().all(|[came, went]| went.is_none_or(|went| Some(went) > *came)), "{moment}");
            for moved in world.today::<Movement>(site.facility) {
                let [came, went] = times[&moved.child];
                assert!(came.unwrap() < moved.at.unwrap(), "{moment}: moved before it came");
                assert!(went.is_none_or(|went| moved.at.unwrap() <= went), "{moment}: moved after it went");
            }
        }
    }
}

#[test]
fn no_room_of_a_class_has_fewer_caregivers_than_the_legal_table_asks_for() {
    let world = World::at("2026-11-24 09:41");
    for site in PUBLIC {
        let staff = staff_in(&world, site);
        let states = world.states(site);
        for room in world.all::<nursery::place::Room>().iter().filter(|r| r.facility == world.site(site).facility) {
            let Some(class) = room.home_of else { continue };
            let placed = world.placed(site, world.city.today);
            let children = placed.iter().filter(|p| p.class == class && states[&p.child] == State::Here).count();
            let group =
                world.all::<nursery::place::ClassGroup>().into_iter().find(|c| c.meta.id == class.into()).unwrap();
            let per = match group.age {
                Some(0) => 3,
                Some(1 | 2) => 6,
                Some(3) => 15,
                Some(_) => 25,
                None => continue,
            };
            let there = staff.values().filter(|r| **r == room.meta.id.into()).count();
            assert!(there >= children.div_ceil(per), "{site} {:?}: {there} for {children}", group.name);
        }
    }
}

#[test]
fn two_adults_are_there_from_the_first_child_to_the_last() {
    for moment in ["2026-11-24 07:16", "2026-11-24 18:45"] {
        let world = World::at(moment);
        for site in PUBLIC {
            let children = world.count(site, State::Here);
            assert!(children == 0 || staff_in(&world, site).len() >= 2, "{moment} {site}: {children}");
        }
    }
}

#[test]
fn who_carries_an_epipen_has_an_allergy() {
    let safety = World::at("2026-11-24 06:50").all::<ChildSafety>();
    let carries: Vec<_> = safety.iter().filter(|s| s.carries.as_ref().is_some_and(|c| !c.is_empty())).collect();
    assert!(carries.len() >= 3);
    assert!(carries.iter().all(|s| !s.allergies.as_ref().unwrap().is_empty()));
}

#[test]
fn what_the_city_s_people_are_is_what_their_records_say() {
    let world = World::at("2026-11-24 09:34");
    let people = world.city.people;
    let of = |person| {
        standing(&world.records, world.city.municipality, Principal::Person(person), world.city.today).unwrap()
    };
    let minato = world.site("minato").facility;
    assert!(of(people.city_officer).city);
    for person in [people.director, people.lead_teacher, people.office] {
        assert!(of(person).office_at(minato));
    }
    assert!(of(people.caregiver).staff_at(minato) && !of(people.caregiver).office_at(minato));
    assert!(of(people.caregiver_and_mother).staff_at(minato) && of(people.caregiver_and_mother).family.len() == 1);
    assert_eq!(of(people.guardian_of_two).family.len(), 2);
    let sites: BTreeSet<_> =
        of(people.guardian_at_two_sites).family.values().flat_map(|r| r.places.iter().map(|p| p.0)).collect();
    assert_eq!(sites, [minato, world.site("hidamari").facility].into());
    assert!(of(people.protected_parent).family.contains_key(&people.protected_child));
    assert!(of(people.excluded_parent).family.is_empty());
    assert!(of(people.excluded_parent).excluded.contains(&people.protected_child.into()));
}
