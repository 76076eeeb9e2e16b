//! Against the real Secret Service: a session bus and an unlocked gnome-keyring of its own, in a folder that goes when
//! the test ends, so that nobody's own keyring is touched.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use replica::Counter;
use sazanami_app::keyring::{Keyring, Secrets};
use std::env;
use std::path::Path;
use std::process::Command;

/// Set in the process that runs inside the session.
const INSIDE: &str = "SAZANAMI_TEST_SESSION";

#[test]
fn keys_and_counter_are_in_the_secret_service_after_a_restart_of_the_app() {
    if env::var_os(INSIDE).is_some() {
        return inside();
    }
    for program in ["dbus-run-session", "gnome-keyring-daemon"] {
        if !on_path(program) {
            println!("skipped: {program} is not installed");
            return;
        }
    }
    let home = tempfile::tempdir().unwrap();
    let unlock = "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$0\" \"$@\"";
    let this_test = "keys_and_counter_are_in_the_secret_service_after_a_restart_of_the_app";
    let status = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", unlock])
        .arg(env::current_exe().unwrap())
        .args(["--exact", this_test, "--nocapture"])
        .env(INSIDE, "1")
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .status()
        .unwrap();
    assert!(status.success(), "inside the session: {status}");
}

fn inside() {
    let mut keyring = Keyring::of("test-store");
    assert_eq!(keyring.secrets().unwrap(), None);
    assert_eq!(Counter::get(&keyring), Ok(0));

    let secrets = Secrets::draw().unwrap();
    keyring.keep(&secrets).unwrap();
    Counter::set(&mut keyring, 7).unwrap();

    let again = Keyring::of("test-store");
    assert_eq!(again.secrets().unwrap(), Some(secrets));
    assert_eq!(Counter::get(&again), Ok(7));
    assert_eq!(Keyring::of("another-store").secrets().unwrap(), None);

    again.erase().unwrap();
    assert_eq!(again.secrets().unwrap(), None);
}

fn on_path(program: &str) -> bool {
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file()))
}
