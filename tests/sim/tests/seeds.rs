//! A few seeds in every test run; `cargo xtask sim --seconds 600` takes more.

use sim::{Bug, run};

#[test]
fn thirty_seeds_lose_nothing() {
    for seed in 1..=30 {
        if let Err(error) = run(seed, None) {
            panic!("{error:#}\n\nreplay: cargo xtask sim --seed {seed}");
        }
    }
}

#[test]
fn a_seed_is_always_the_same_run() {
    let both = [run(7, None), run(7, None)].map(|run| format!("{:?}", run.ok()));
    assert_eq!(both[0], both[1]);
}

#[test]
fn every_planted_bug_is_found_within_forty_seeds() {
    for (name, bug) in Bug::ALL {
        let found = (1..=40).find(|seed| run(*seed, Some(bug)).is_err());
        assert!(found.is_some(), "{name} stays unseen");
    }
}
