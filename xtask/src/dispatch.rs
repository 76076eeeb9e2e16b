//! Chores whose work lives in a crate under `tests/`: they are only started here.

use crate::workspace::{cargo, root};
use anyhow::{Result, bail};

/// Runs the simulator: optimised, with every assertion.
pub fn sim(arguments: &[String]) -> Result<()> {
    start("tests/sim", "sim", arguments)
}

/// Plays a restore from a backup, and counts.
pub fn drill(arguments: &[String]) -> Result<()> {
    start("tests/wire", "dev", arguments)
}

/// Runs the measurements. Always optimised.
pub fn bench(arguments: &[String]) -> Result<()> {
    start("tests/bench", "release", arguments)
}

fn start(folder: &str, profile: &str, arguments: &[String]) -> Result<()> {
    let manifest = root().join(folder).join("Cargo.toml");
    if !manifest.exists() {
        bail!("{folder} is not there");
    }
    let mut command = cargo();
    command.args(["run", "--quiet", "--profile", profile, "--manifest-path"]).arg(manifest).arg("--").args(arguments);
    if !command.status()?.success() {
        bail!("{folder} failed; its last lines name the seed or the measure");
    }
    Ok(())
}
