//! How many seeds each planted bug lives: the tester is tested.

use crate::hunt::guarded;
use anyhow::{Result, ensure};
use sim::{Bug, run};
use std::sync::atomic::{AtomicU64, Ordering};

/// A bug that lives longer shows a poor workload.
const MOST_SEEDS: u64 = 2_000;
/// Where the hunts of one bug begin: far apart.
const APART: u64 = 1_000_000;

/// Hunts every bug some times from different places, and prints how many seeds it took.
///
/// # Errors
/// If one was not found.
pub fn print(names: Option<&str>, times: u64) -> Result<()> {
    let chosen: Vec<(&str, Bug)> = match names {
        Some(names) => names.split(',').map(|name| Ok((name, name.parse()?))).collect::<Result<_>>()?,
        None => Bug::ALL.to_vec(),
    };
    println!("| bug | seeds until it is found, median of {times} | most |\n|---|---|---|");
    let mut unseen = 0;
    for (name, bug) in chosen {
        let mut needed: Vec<u64> = (0..times).map(|time| seeds_until(bug, 1 + time * APART)).collect();
        needed.sort_unstable();
        let (median, most) = (needed[needed.len() / 2], needed[needed.len() - 1]);
        let word = |seeds: u64| if seeds > MOST_SEEDS { "not found".to_owned() } else { seeds.to_string() };
        println!("| `{name}` | {} | {} |", word(median), word(most));
        unseen += u64::from(most > MOST_SEEDS);
    }
    ensure!(unseen == 0, "{unseen} bugs stay unseen");
    Ok(())
}

fn seeds_until(bug: Bug, from: u64) -> u64 {
    let (next, found) = (AtomicU64::new(from), AtomicU64::new(u64::MAX));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= from + MOST_SEEDS || seed > found.load(Ordering::Relaxed) {
                break;
            }
            if guarded(|| run(seed, Some(bug))).is_err() {
                found.fetch_min(seed, Ordering::Relaxed);
            }
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(work))));
    found.into_inner().saturating_sub(from).saturating_add(1)
}
