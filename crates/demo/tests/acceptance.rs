//! Every act of the city is one that the server accepts, in order, and the same seed makes the same city.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod world;

use nursery::access::{Doing, Principal, may, standing};
use nursery::judge::{Judgement, judge};
use nursery::server::SYSTEM;
use records::{Change, limits};
use std::collections::{BTreeMap, BTreeSet};
use world::{MOMENTS, World, at, city};

#[test]
fn the_server_accepts_every_act_in_order() {
    // earlier moments of a day are the beginning of later ones
    for moment in ["2026-11-26 23:00", "2026-11-28 18:00"] {
        let city = city(moment);
        assert_eq!(city.refused, [], "{moment}");
        let mut world = World::default();
        for act in &city.changes {
            assert!(!act.is_empty() && act.len() <= limits::CHANGES_PER_ACT);
            match judge(&world.records, &|_| true, None, None, act, city.today).unwrap() {
                Judgement::Accept { records, .. } => records.into_iter().for_each(|r| world.records.put(r)),
                other => panic!("{moment}: {other:?} of {act:#?}"),
            }
        }
    }
}

#[test]
fn people_write_only_what_they_may() {
    let world = World::at("2026-11-24 16:40");
    let mut standings = BTreeMap::new();
    let mut asked = BTreeSet::new();
    let day = world.city.today;
    let minato = world.site("minato").facility;
    for change in world.city.changes.iter().flatten() {
        let head = &change.head;
        let here = head.feed == minato.into();
        if change.author == SYSTEM || head.day != Some(day) || !here || !asked.insert((change.author, &head.kind)) {
            continue;
        }
        let who = standings.entry(change.author).or_insert_with(|| {
            standing(&world.records, world.city.municipality, Principal::Person(change.author), day).unwrap()
        });
        assert_eq!(may(who, Doing::Make, head), Ok(()), "{} by {}", head.kind, world.name(change.author));
    }
    assert!(asked.len() > 40, "{}", asked.len());
}

#[test]
fn one_seed_makes_one_city_and_another_makes_another() {
    let bytes = |seed| {
        serde_json::to_string(&demo::city_with(seed, at("2026-11-24 09:34"), &demo::Options { past_days: 2 }).changes)
            .unwrap()
    };
    assert!(bytes(7) == bytes(7));
    assert!(bytes(7) != bytes(8));
}

#[test]
fn a_later_moment_of_the_day_only_adds() {
    let early = city("2026-11-24 08:15").changes;
    let late = city("2026-11-24 18:45").changes;
    let common = early.iter().zip(&late).take_while(|(a, b)| a == b).count();
    assert_eq!(common, early.len());
    assert!(late.len() > early.len());
}

#[test]
fn ids_of_people_stay_the_same_on_another_day() {
    let one = city("2026-11-24 09:34");
    let other = city("2027-01-15 12:00");
    assert_eq!(format!("{:?}", one.people), format!("{:?}", other.people));
    assert_eq!(one.pins, other.pins);
}

#[test]
fn nothing_is_written_later_than_the_moment() {
    for moment in MOMENTS {
        for change in city(moment).changes.iter().flatten() {
            assert!(change.at <= at(moment), "{moment}: {}", change.head.kind);
        }
    }
}

#[test]
fn ids_are_given_once() {
    let city = city("2026-11-24 18:45");
    let changes: Vec<&Change> = city.changes.iter().flatten().collect();
    let ids: BTreeSet<_> = changes.iter().map(|change| change.id).collect();
    assert_eq!(ids.len(), changes.len());
    let acts: BTreeSet<_> = city.changes.iter().map(|act| act[0].act).collect();
    assert_eq!(acts.len(), city.changes.len());
}

#[test]
fn the_city_stays_small_and_a_longer_past_makes_it_larger() {
    let count = |past_days| {
        let options = demo::Options { past_days };
        demo::city_with(7, at("2026-11-24 18:45"), &options).changes.iter().flatten().count()
    };
    assert!((12_000..=25_000).contains(&count(10)), "{}", count(10));
    assert!(count(20) > count(10) + 7_000);
    assert!(count(0) < count(10) - 7_000);
}

#[test]
fn a_record_of_a_child_reaches_only_that_child_s_family() {
    let world = World::at("2026-11-24 16:40");
    for record in world.records.records.values() {
        for atom in &record.head.audiences {
            if let Some(child) = atom.0.strip_prefix("family@") {
                assert_eq!(child, record.head.subject.to_string(), "{}", record.head.kind);
            }
        }
    }
}

#[test]
fn a_long_past_of_one_nursery_has_a_thousand_records_a_day() {
    let until = "2026-11-24".parse().unwrap();
    let month: Vec<Vec<Change>> = demo::history(7, until, 100, 1).collect();
    let records: usize = month.iter().map(Vec::len).sum();
    assert!((25_000..40_000).contains(&records), "{records}");
    let mut world = World::default();
    for act in month.iter().take(800) {
        match judge(&world.records, &|_| true, None, None, act, world.city.today).unwrap() {
            Judgement::Accept { records, .. } => records.into_iter().for_each(|r| world.records.put(r)),
            other => panic!("{other:?} of {act:#?}"),
        }
    }
}
