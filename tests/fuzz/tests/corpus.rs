//! Every input that is kept is replayed: what was found once is never found again.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

fn replay(name: &str) {
    let (_, target) = fuzz::TARGETS.iter().find(|(known, _)| *known == name).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut inputs: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    inputs.sort();
    assert!(!inputs.is_empty());
    for input in inputs {
        println!("{}", input.display());
        target(&fs::read(input).unwrap());
    }
}

#[test]
fn the_wire_is_read_without_a_panic_and_letters_stay_as_they_came() {
    replay("decode");
}

#[test]
fn merging_gives_one_record_in_any_order_and_keeps_its_limits() {
    replay("apply");
}

#[test]
fn a_repeated_exchange_is_answered_as_before_whatever_is_in_it() {
    replay("exchange");
}

#[test]
fn damaged_files_of_a_device_are_named_and_nothing_is_deleted() {
    replay("store-open");
}

#[test]
fn damaged_files_of_a_server_are_named_and_no_restriction_is_lost() {
    replay("server-files");
}

#[test]
fn every_target_is_replayed_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut kept: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    kept.sort();
    assert_eq!(kept, fuzz::TARGETS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    assert_eq!(kept.len(), 5, "a new target needs a test above");
}
