//! The project's chores, run as `cargo xtask <chore>`. Linked by nothing, shipped nowhere.
//!
//! Every chore works from the workspace root whatever the current folder, prints what it found, and
//! exits non-zero when something is wrong, so that `./check` needs no parsing.

mod codegen;
mod dispatch;
mod fuzz;
mod schema;
mod tidy;
mod workspace;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <chore>

  tidy               layout rules that no compiler checks (arrows, sizes, words, lock files)
  codegen [--check]  TypeScript types of the views, from crate nursery into ui/src/lib/generated
  schema  [--check]  database schemas of server and device into docs/schema.sql
  sim     [args]     deterministic simulation (tests/sim), optimised and with every assertion
  bench   [args]     measurements (tests/bench)
  drill              a restore from a backup, played and counted (tests/wire)
  fuzz    [args]     bytes that nobody meant (tests/fuzz): [--target T] [--seconds S] [--minimise]

With --check nothing is written: the chore fails if the committed files differ.";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((chore, rest)) = arguments.split_first() else { bail!("{USAGE}") };
    match chore.as_str() {
        "tidy" => tidy::run(),
        "codegen" => codegen::run(wants_check(rest)?),
        "schema" => schema::run(wants_check(rest)?),
        "sim" => dispatch::sim(rest),
        "bench" => dispatch::bench(rest),
        "drill" => dispatch::drill(rest),
        "fuzz" => fuzz::run(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        unknown => bail!("no chore named {unknown}\n\n{USAGE}"),
    }
}

fn wants_check(arguments: &[String]) -> Result<bool> {
    match arguments {
        [] => Ok(false),
        [flag] if flag == "--check" => Ok(true),
        other => bail!("expected nothing or --check, got {other:?}"),
    }
}
