//! A few seeds in every test run; `cargo xtask sim --seconds 600` takes more.

use sim::{Bug, run};

/// Seeds that failed once, each with what was found by it. They are run for ever.
const FOUND: &str = include_str!("../found.txt");

fn holds(seed: u64) {
    if let Err(error) = run(seed, None) {
        panic!("{error:#}\n\nreplay: cargo xtask sim --seed {seed}");
    }
}

#[test]
fn thirty_seeds_lose_nothing() {
    (1..=30).for_each(holds);
}

#[test]
fn seeds_that_failed_once_fail_no_more() {
    let seeds = FOUND.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(' ').next());
    seeds.filter(|seed| !seed.is_empty()).for_each(|seed| holds(seed.parse().unwrap()));
}

#[test]
fn a_seed_is_always_the_same_run() {
    for seed in [7, 20] {
        let both = [run(seed, None), run(seed, None)].map(|run| run.unwrap().trace);
        assert_eq!(both[0], both[1], "seed {seed}");
    }
    assert_ne!(run(7, None).unwrap().trace, run(8, None).unwrap().trace);
}

#[test]
fn planted_bugs_are_found() {
    for bug in [Bug::AcknowledgeBeforeCommit, Bug::CursorBeforeRows, Bug::NoEcho, Bug::NothingSynced] {
        assert!((1..=60).any(|seed| run(seed, Some(bug)).is_err()), "{} stays unseen", bug.name());
    }
}
