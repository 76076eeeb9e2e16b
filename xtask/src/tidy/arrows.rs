//! Who may depend on whom. The map is in `docs/architecture.md`; a new arrow is drawn there first.

use super::Finding;
use crate::workspace::{Dependency, Member};

/// A member's folder, and the members that it may name in any section of its manifest.
const ARROWS: &[(&str, &[&str])] = &[
    ("crates/records", &[]),
    ("crates/nursery", &["crates/records"]),
    ("crates/seal", &["crates/records"]),
    ("crates/media", &["crates/seal"]),
    ("crates/replica", &["crates/nursery", "crates/records", "crates/seal", "crates/media"]),
    ("crates/hub", &["crates/nursery", "crates/records", "crates/seal"]),
    ("crates/demo", &["crates/nursery", "crates/records"]),
    ("sync-server", &["crates/demo", "crates/hub", "crates/media", "crates/nursery", "crates/records", "crates/seal"]),
    ("src-tauri", &["crates/replica", "crates/nursery", "crates/records"]),
    ("mobile", &["src-tauri"]),
    ("xtask", &["crates/hub", "crates/replica"]),
];

/// Libraries that belong to one side of the map, by the start of their name.
const HELD_BY: &[(&str, &[&str])] =
    &[("tauri", &["src-tauri", "mobile"]), ("axum", &["sync-server"]), ("rusqlite", &["crates/replica", "crates/hub"])];

/// Crates that perform no I/O: what would let them in is not among their dependencies.
const PURE: &[&str] = &["crates/records", "crates/nursery", "crates/seal", "crates/media", "crates/demo"];
const IMPURE: &[&str] = &["tokio", "reqwest", "hyper", "rusqlite", "axum", "tauri", "async-std", "ureq"];

pub fn check(members: &[Member]) -> Vec<Finding> {
    members
        .iter()
        .flat_map(|member| member.dependencies.iter().filter_map(|named| wrong(&member.folder(), named)))
        .collect()
}

/// Features that only one member may switch on.
const FEATURES: &[(&str, &str)] = &[("unencrypted", "tests/sim")];

fn wrong(folder: &str, named: &Dependency) -> Option<Finding> {
    let why = match named.folder() {
        Some(target) => inside(folder, &target).or_else(|| switched_on(folder, &named.features)),
        None => outside(folder, &named.name, named.kind.as_deref()),
    }?;
    Some(Finding::Wrong(format!("{folder}: {why}")))
}

fn inside(folder: &str, target: &str) -> Option<String> {
    if is_proof(folder) {
        return None;
    }
    if is_proof(target) {
        return Some(format!("depends on {target}, but nothing depends on tests/"));
    }
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == folder) else {
        return Some("is not on the map (xtask/src/tidy/arrows.rs, docs/architecture.md)".to_owned());
    };
    let fine = allowed.contains(&target);
    (!fine).then(|| format!("depends on {target}, an arrow that is not on the map"))
}

fn outside(folder: &str, name: &str, kind: Option<&str>) -> Option<String> {
    if is_proof(folder) {
        return None;
    }
    if kind.is_none() && PURE.contains(&folder) && IMPURE.contains(&name) {
        return Some(format!("depends on {name}, but performs no I/O"));
    }
    let (_, holders) = HELD_BY.iter().find(|(start, _)| name == *start || name.starts_with(&format!("{start}-")))?;
    (!holders.contains(&folder)).then(|| format!("depends on {name}, which only {} may", holders.join(" and ")))
}

fn switched_on(folder: &str, features: &[String]) -> Option<String> {
    let (feature, holder) = FEATURES.iter().find(|(feature, _)| features.iter().any(|named| named == feature))?;
    (folder != *holder).then(|| format!("switches on the feature {feature}, which only {holder} may"))
}

fn is_proof(folder: &str) -> bool {
    folder.starts_with("tests/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_may_read_records_but_not_the_store() {
        assert_eq!(inside("crates/nursery", "crates/records"), None);
        assert!(inside("crates/nursery", "crates/replica").is_some());
    }

    #[test]
    fn proofs_may_use_anything_and_are_used_by_nothing() {
        assert_eq!(inside("tests/sim", "crates/hub"), None);
        assert_eq!(outside("tests/kit", "rusqlite", None), None);
        assert!(inside("crates/hub", "tests/kit").is_some());
    }

    #[test]
    fn a_library_stays_with_those_who_hold_it() {
        assert_eq!(outside("sync-server", "axum-extra", None), None);
        assert!(outside("crates/hub", "axum", None).is_some());
        assert!(outside("crates/nursery", "tokio", None).is_some());
        assert_eq!(outside("crates/nursery", "tokio", Some("dev")), None);
    }

    #[test]
    fn only_the_simulator_opens_stores_without_encryption() {
        let features = ["unencrypted".to_owned()];
        assert_eq!(switched_on("tests/sim", &features), None);
        assert!(switched_on("src-tauri", &features).is_some() && switched_on("tests/wire", &features).is_some());
    }

    #[test]
    fn a_member_that_is_not_on_the_map_is_found() {
        assert!(inside("crates/surprise", "crates/records").is_some());
    }
}
