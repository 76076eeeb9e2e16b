//! Looks for bytes that break a target of `tests/fuzz`. Builds it once more, with the marks by which the engine sees which
//! code an input reaches; everything here is of the stable compiler (docs/decisions/0019).

use crate::workspace::{cargo, root};
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

const USAGE: &str = "usage: cargo xtask fuzz [--target T] [--seconds S] [--minimise]

  --target T    apply, decode, exchange, server-files or store-open; else all, one after another
  --seconds S   how long each is searched (60)
  --minimise    only puts into the corpus, of what was found, what reaches code that nothing kept reaches";

/// What the engine needs of every crate that it is to see into.
const MARKS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks";
/// An input that takes longer is a hang.
const HANG_S: u32 = 20;
const TARGETS: [&str; 5] = ["apply", "decode", "exchange", "server-files", "store-open"];

struct Asked {
    targets: Vec<String>,
    seconds: u32,
    minimise: bool,
}

/// Searches, and fails with the command that replays what it found.
pub fn run(arguments: &[String]) -> Result<()> {
    let asked = read(arguments)?;
    let program = build()?;
    for target in &asked.targets {
        if asked.minimise { merge(&program, target)? } else { search(&program, target, asked.seconds)? }
    }
    Ok(())
}

fn read(arguments: &[String]) -> Result<Asked> {
    let mut asked = Asked { targets: TARGETS.map(ToOwned::to_owned).into(), seconds: 60, minimise: false };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--target" => asked.targets = vec![rest.next().context(USAGE)?.clone()],
            "--seconds" => asked.seconds = rest.next().context(USAGE)?.parse().context(USAGE)?,
            "--minimise" => asked.minimise = true,
            _ => bail!(USAGE),
        }
    }
    ensure!(asked.targets.iter().all(|target| TARGETS.contains(&target.as_str())), USAGE);
    Ok(asked)
}

/// A target folder of its own and a triple, so that neither build scripts nor any other build is marked.
fn build() -> Result<PathBuf> {
    let triple = "x86_64-unknown-linux-gnu";
    let base = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let folder = base.join("fuzz");
    let mut command = cargo();
    command.args([
        "build",
        "--release",
        "--locked",
        "--package",
        "fuzz",
        "--features",
        "libfuzzer",
        "--target",
        triple,
    ]);
    command.env("RUSTFLAGS", MARKS).env("CARGO_TARGET_DIR", &folder).env("CARGO_PROFILE_RELEASE_LTO", "off");
    ensure!(command.status()?.success(), "tests/fuzz could not be built");
    Ok(folder.join(triple).join("release").join("fuzz"))
}

fn engine(program: &Path, target: &str) -> Result<(Command, PathBuf, PathBuf)> {
    let kept = root().join("tests/fuzz/corpus").join(target);
    let found = program.with_file_name("found").join(target);
    std::fs::create_dir_all(&found)?;
    let mut command = Command::new(program);
    command.env("SAZANAMI_FUZZ", target).env("RUST_BACKTRACE", "0");
    Ok((command, kept, found))
}

fn search(program: &Path, target: &str, seconds: u32) -> Result<()> {
    let (mut command, kept, found) = engine(program, target)?;
    let broken = format!("-artifact_prefix={}/", program.with_file_name("").display());
    command.arg(format!("-max_total_time={seconds}")).arg(format!("-timeout={HANG_S}")).arg(broken);
    command.args(["-print_final_stats=1", "-max_len=8192"]).arg(found).arg(kept);
    println!("{target}: {seconds} s");
    let fine = command.status()?.success();
    let program = program.display();
    ensure!(fine, "{target} is broken; again: SAZANAMI_FUZZ={target} {program} FILE, with the file named above");
    Ok(())
}

/// Of what was found, only what reaches code that nothing kept reaches, however often: the corpus stays small.
fn merge(program: &Path, target: &str) -> Result<()> {
    let (mut command, kept, found) = engine(program, target)?;
    command.args(["-set_cover_merge=1", "-use_counters=0", "-use_cmp=0"]).arg(format!("-timeout={HANG_S}"));
    command.arg(kept).arg(found);
    ensure!(command.status()?.success(), "{target}: nothing could be taken into the corpus");
    Ok(())
}
