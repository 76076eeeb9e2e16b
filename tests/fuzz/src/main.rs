//! The engine's own `main`, around the target that `SAZANAMI_FUZZ` names. `cargo xtask fuzz` builds and starts it.
#![no_main]

use std::sync::LazyLock;

static TARGET: LazyLock<fuzz::Target> = LazyLock::new(|| {
    let name = std::env::var("SAZANAMI_FUZZ").unwrap_or_default();
    let found = fuzz::TARGETS.iter().find(|(known, _)| *known == name);
    found.map_or_else(|| panic!("SAZANAMI_FUZZ names no target: {name:?}"), |(_, target)| *target)
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| TARGET(data));
