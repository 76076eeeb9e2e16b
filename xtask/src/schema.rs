//! `docs/schema.sql`: the tables of server and device as the migrations leave them.

use anyhow::Result;

/// Writes the dump, or with `check` compares it with what is committed.
///
/// Only with the feature `schema` are hub and replica linked; the other chores stay quick to build.
#[cfg(not(feature = "schema"))]
pub fn run(check: bool) -> Result<()> {
    let mut command = crate::workspace::cargo();
    command.args(["run", "--quiet", "--package", "xtask", "--features", "schema", "--", "schema"]);
    if check {
        command.arg("--check");
    }
    anyhow::ensure!(command.status()?.success(), "the schema dump failed or differs");
    Ok(())
}

#[cfg(feature = "schema")]
pub fn run(check: bool) -> Result<()> {
    let path = crate::workspace::root().join("docs/schema.sql");
    let fresh = dump();
    if !check {
        std::fs::write(&path, fresh)?;
        println!("docs/schema.sql written");
        return Ok(());
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    anyhow::ensure!(committed == fresh, "docs/schema.sql differs; run `cargo xtask schema` and commit");
    println!("docs/schema.sql is up to date");
    Ok(())
}

#[cfg(feature = "schema")]
fn dump() -> String {
    format!(
        "-- Written by `cargo xtask schema`; do not edit.\n\n\
         -- ── server (crates/hub) ──────────────────────────────────────────\n\n{}\n\n\
         -- ── device (crates/replica), inside SQLCipher ────────────────────\n\n{}\n",
        hub::schema().trim(),
        replica::schema().trim()
    )
}
