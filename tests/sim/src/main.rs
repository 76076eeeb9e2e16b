//! `sim --seed N | --seeds M | --seconds S [--bug NAME]`: prints the seed and the one command that replays a failure.

use anyhow::{Context, Result, bail};
use sim::{Bug, run};
use std::time::{Duration, Instant};

const USAGE: &str = "usage: sim [--seed N | --seeds M | --seconds S] [--from N] [--bug NAME]";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| -> Result<Option<&String>> {
        let Some(at) = arguments.iter().position(|a| a == name) else { return Ok(None) };
        Ok(Some(arguments.get(at + 1).context(USAGE)?))
    };
    let number = |name| value(name)?.map(|text| text.parse::<u64>().context(USAGE)).transpose();
    let bug: Option<Bug> = value("--bug")?.map(|name| name.parse()).transpose()?;
    let known = ["--seed", "--seeds", "--seconds", "--from", "--bug"];
    if arguments.iter().step_by(2).any(|a| !known.contains(&a.as_str())) {
        bail!(USAGE);
    }
    let (first, last) = match (number("--seed")?, number("--seeds")?, number("--seconds")?) {
        (Some(seed), None, None) => (seed, seed),
        (None, None, Some(_)) => (number("--from")?.unwrap_or(1), u64::MAX),
        (None, many, None) => {
            let from = number("--from")?.unwrap_or(1);
            (from, from + many.unwrap_or(100).max(1) - 1)
        }
        _ => bail!(USAGE),
    };
    let most = number("--seconds")?.map(Duration::from_secs);
    let began = Instant::now();
    let (mut seeds, mut written, mut killed) = (0, 0, 0);
    for seed in first..=last {
        if most.is_some_and(|most| began.elapsed() >= most) {
            break;
        }
        match run(seed, bug) {
            Ok(outcome) => {
                seeds += 1;
                written += outcome.written;
                killed += outcome.killed;
                if first == last {
                    println!("{outcome:?}");
                }
            }
            Err(error) => {
                println!("seed {seed}: {error:#}\n\nreplay: {}", replay(seed, bug));
                bail!("seed {seed} failed");
            }
        }
    }
    let rate = seeds as f64 / began.elapsed().as_secs_f64();
    println!("{seeds} seeds ({rate:.1} a second), {written} changes written, {killed} processes killed: nothing lost");
    Ok(())
}

fn replay(seed: u64, bug: Option<Bug>) -> String {
    let bug = Bug::ALL.into_iter().find(|(_, known)| Some(*known) == bug);
    let bug = bug.map(|(name, _)| format!(" --bug {name}")).unwrap_or_default();
    format!("cargo xtask sim --seed {seed}{bug}")
}
