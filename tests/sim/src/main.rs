//! The command line of the simulator: seeds, planted bugs, crash images. What fails is printed with the one command that
//! replays it.

mod hunt;
mod table;

use anyhow::{Context, Result, bail, ensure};
use sim::{Bug, Outcome, run};
use std::path::PathBuf;
use std::time::Duration;

const USAGE: &str = "usage: sim [--seed N | --seeds M | --seconds S] [--from N] [--bug NAME] [--resume FILE]
       sim --seed N --tell
       sim --bugs [NAME,…] [--times N]
       sim --images";

fn main() -> Result<()> {
    let arguments = Arguments(std::env::args().skip(1).collect());
    arguments.check()?;
    if arguments.has("--images") {
        return images();
    }
    if arguments.has("--bugs") {
        return table::print(arguments.value("--bugs"), arguments.number("--times")?.unwrap_or(5));
    }
    let bug: Option<Bug> = arguments.value("--bug").map(|name| name.parse()).transpose()?;
    if let Some(seed) = arguments.number("--seed")? {
        if arguments.has("--tell") {
            sim::aloud();
        }
        return one(seed, bug);
    }
    let mut plan = hunt::Plan {
        from: arguments.number("--from")?.unwrap_or(1),
        seeds: arguments.number("--seeds")?,
        most: arguments.number("--seconds")?.map(Duration::from_secs),
        bug,
        memory: arguments.value("--resume").map(PathBuf::from),
    };
    if plan.seeds.is_none() && plan.most.is_none() {
        plan.seeds = Some(100);
    }
    hunt::hunt(&plan)
}

fn one(seed: u64, bug: Option<Bug>) -> Result<()> {
    match hunt::guarded(|| run(seed, bug)) {
        Ok(outcome) => {
            println!("{outcome:#?}");
            Ok(())
        }
        Err(why) => {
            println!("seed {seed}: {why}\n\nreplay: {}", hunt::replay(seed, bug));
            bail!("seed {seed} failed")
        }
    }
}

fn images() -> Result<()> {
    let mut failed = 0;
    for report in sim::images(None) {
        println!("{report}");
        failed += report.failed.len();
    }
    ensure!(failed == 0, "{failed} images lose something");
    Ok(())
}

struct Arguments(Vec<String>);

impl Arguments {
    fn check(&self) -> Result<()> {
        let known = [
            "--seed",
            "--seeds",
            "--seconds",
            "--from",
            "--bug",
            "--resume",
            "--bugs",
            "--times",
            "--images",
            "--tell",
        ];
        let named = self.0.iter().filter(|argument| argument.starts_with("--"));
        ensure!(named.clone().all(|argument| known.contains(&argument.as_str())), USAGE);
        ensure!(self.0.first().is_none_or(|first| first.starts_with("--")), USAGE);
        Ok(())
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|argument| argument == name)
    }

    fn value(&self, name: &str) -> Option<&str> {
        let at = self.0.iter().position(|argument| argument == name)?;
        self.0.get(at + 1).map(String::as_str).filter(|value| !value.starts_with("--"))
    }

    fn number(&self, name: &str) -> Result<Option<u64>> {
        if !self.has(name) {
            return Ok(None);
        }
        Ok(Some(self.value(name).context(USAGE)?.parse().context(USAGE)?))
    }
}

/// What many runs did together.
#[derive(Default)]
struct Sum {
    seeds: u64,
    written: usize,
    cut: usize,
    killed: usize,
    restored: usize,
    server_restored: usize,
}

impl Sum {
    fn add(&mut self, outcome: &Outcome) {
        self.seeds += 1;
        self.written += outcome.written;
        self.cut += outcome.cut;
        self.killed += outcome.killed;
        self.restored += outcome.restored;
        self.server_restored += outcome.server_restored;
    }
}
