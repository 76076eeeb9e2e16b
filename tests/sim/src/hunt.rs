//! Many seeds, on every core; what was found is remembered in a file, so that a long run can go on another day.

use crate::Sum;
use anyhow::{Context, Result, ensure};
use sim::{Bug, Outcome, run};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Seeds between two notes in the file of a long run.
const CHUNK: u64 = 500;

/// Which seeds to run.
pub struct Plan {
    pub from: u64,
    pub seeds: Option<u64>,
    pub most: Option<Duration>,
    pub bug: Option<Bug>,
    /// Where a long run is remembered.
    pub memory: Option<PathBuf>,
}

/// Runs the seeds of a plan; without a memory it ends with the first failure.
///
/// # Errors
/// If a seed failed.
pub fn hunt(plan: &Plan) -> Result<()> {
    let began = Instant::now();
    let mut memory = match &plan.memory {
        Some(path) => Memory::read(path, plan.from)?,
        None => Memory { next: plan.from, ..Memory::default() },
    };
    // of a long run, so many in all
    let last = plan.seeds.map_or(u64::MAX, |seeds| plan.from.saturating_add(seeds));
    let mut sum = Sum::default();
    while memory.next < last && plan.most.is_none_or(|most| began.elapsed() < most) {
        let chunk = if plan.memory.is_some() { last.min(memory.next + CHUNK) } else { last };
        let (done, failed) = spread(memory.next, chunk, plan, began, &mut sum);
        for (seed, why) in &failed {
            println!("seed {seed}: {why}\n\nreplay: {}\n", replay(*seed, plan.bug));
        }
        memory.next = done;
        memory.failed.extend(failed);
        if let Some(path) = &plan.memory {
            memory.write(path)?;
        } else if !memory.failed.is_empty() {
            break;
        }
    }
    report(&sum, began, memory.failed.len(), memory.next)
}

fn report(sum: &Sum, began: Instant, failed: usize, next: u64) -> Result<()> {
    let rate = sum.seeds as f64 / began.elapsed().as_secs_f64();
    println!(
        "{} seeds up to {} ({rate:.1} a second): {} changes written, {} processes killed and {} cut off at a write, {} \
         devices and {} servers put back",
        sum.seeds,
        next - 1,
        sum.written,
        sum.killed,
        sum.cut,
        sum.restored,
        sum.server_restored
    );
    println!("{} passed, {failed} failed", sum.seeds);
    ensure!(failed == 0, "{failed} seeds failed");
    Ok(())
}

/// Runs seeds on every core; gives the first that was not run, and what failed.
fn spread(from: u64, to: u64, plan: &Plan, began: Instant, sum: &mut Sum) -> (u64, BTreeMap<u64, String>) {
    let (next, stop) = (AtomicU64::new(from), AtomicBool::new(false));
    let found = Mutex::new((sum, BTreeMap::new()));
    let over = || stop.load(Ordering::Relaxed) || plan.most.is_some_and(|most| began.elapsed() >= most);
    let work = || {
        while !over() {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= to {
                break;
            }
            let outcome = guarded(|| run(seed, plan.bug));
            let mut found = found.lock().unwrap();
            match outcome {
                Ok(outcome) => found.0.add(&outcome),
                Err(why) => {
                    found.1.insert(seed, why);
                    stop.store(plan.memory.is_none(), Ordering::Relaxed);
                }
            }
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(work))));
    let failed = found.into_inner().unwrap().1;
    (next.into_inner().min(to), failed)
}

/// A panic is a failure like any other.
pub fn guarded(run: impl FnOnce() -> Result<Outcome>) -> Result<Outcome, String> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(done) => done.map_err(|error| format!("{error:#}")),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            Err(text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default())
        }
    }
}

/// The one command that shows it again.
pub fn replay(seed: u64, bug: Option<Bug>) -> String {
    let bug = bug.map(|bug| format!(" --bug {}", bug.name())).unwrap_or_default();
    format!("cargo xtask sim --seed {seed}{bug}")
}

/// A long run: a line with the next seed, then one for each that failed.
#[derive(Default)]
struct Memory {
    next: u64,
    failed: BTreeMap<u64, String>,
}

impl Memory {
    fn read(path: &Path, from: u64) -> Result<Self> {
        let mut memory = Self { next: from, ..Self::default() };
        if !path.exists() {
            return Ok(memory);
        }
        for line in std::fs::read_to_string(path)?.lines() {
            let (word, rest) = line.split_once(' ').context("a line without a word")?;
            match word {
                "next" => memory.next = rest.parse()?,
                "failed" => {
                    let (seed, why) = rest.split_once(' ').unwrap_or((rest, ""));
                    memory.failed.insert(seed.parse()?, why.to_owned());
                }
                _ => {}
            }
        }
        Ok(memory)
    }

    fn write(&self, path: &Path) -> Result<()> {
        let mut text = format!("next {}\n", self.next);
        for (seed, why) in &self.failed {
            text.push_str(&format!("failed {seed} {}\n", why.lines().next().unwrap_or_default()));
        }
        let new = path.with_extension("new");
        std::fs::write(&new, text)?;
        Ok(std::fs::rename(new, path)?)
    }
}
