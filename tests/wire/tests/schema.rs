//! `docs/schema.sql` says the tables of server and device as the migrations leave them. Written by `cargo xtask schema`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

/// Set by `cargo xtask schema`: write instead of compare.
const WRITE: &str = "SAZANAMI_WRITE_SCHEMA";

#[test]
fn docs_schema_is_what_the_migrations_leave() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema.sql");
    let fresh = format!(
        "-- Written by `cargo xtask schema`; do not edit.\n\n\
         -- ── server (crates/hub) ──────────────────────────────────────────\n\n{}\n\n\
         -- ── device (crates/replica), inside SQLCipher ────────────────────\n\n{}\n",
        hub::schema().trim(),
        replica::schema().trim()
    );
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert!(committed == fresh, "docs/schema.sql differs: run `cargo xtask schema` and commit");
}
