//! `docs/schema.sql`: the tables of server and device as the migrations leave them. A test of `tests/wire`, which links
//! both, compares the file at every run of the tests; here it is asked to write it.

use crate::workspace::cargo;
use anyhow::{Result, ensure};

/// Writes the dump, or with `check` compares it with what is committed.
pub fn run(check: bool) -> Result<()> {
    let mut command = cargo();
    command.args(["test", "--quiet", "--package", "wire", "--test", "schema"]);
    if !check {
        command.env("SAZANAMI_WRITE_SCHEMA", "1");
    }
    ensure!(command.status()?.success(), "the schema dump failed or differs");
    Ok(())
}
