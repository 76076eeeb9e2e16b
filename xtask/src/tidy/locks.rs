//! Lock files name no registry but Cargo's own index, so that a clone builds anywhere.

use super::Finding;
use crate::workspace::SourceFile;

const CARGO: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    files.iter().flat_map(judge).collect()
}

fn judge(file: &SourceFile) -> Vec<Finding> {
    // npm's lock files are written without addresses: see `.npmrc`
    let (key, allowed) = match file.path.rsplit('/').next() {
        Some("Cargo.lock") => ("source = \"", Some(CARGO)),
        Some("package-lock.json") => ("\"resolved\": \"", None),
        _ => return Vec::new(),
    };
    let sources = file.text.lines().filter_map(|line| line.trim_start().strip_prefix(key));
    let mut foreign: Vec<&str> = sources.filter(|source| allowed.is_none_or(|a| !source.starts_with(a))).collect();
    foreign.dedup();
    foreign.into_iter().map(|source| Finding::Wrong(format!("{}: foreign source {source}", file.path))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_registries_pass() {
        let fine = SourceFile { path: "Cargo.lock".into(), text: format!("source = \"{CARGO}\"\n") };
        assert!(judge(&fine).is_empty());
        let foreign = SourceFile {
            path: "ui/package-lock.json".into(),
            text: "  \"resolved\": \"http://mirror/x.tgz\",\n".into(),
        };
        assert_eq!(judge(&foreign).len(), 1);
    }
}
