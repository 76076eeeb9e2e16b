//! Lock files name public registries only, so that a clone builds anywhere.

use super::Finding;
use crate::workspace::SourceFile;

const CARGO: &str = "registry+https://github.com/rust-lang/crates.io-index";
const NPM: &str = "https://registry.npmjs.org/";

pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    files.iter().flat_map(judge).collect()
}

fn judge(file: &SourceFile) -> Vec<Finding> {
    let (key, allowed) = match file.path.rsplit('/').next() {
        Some("Cargo.lock") => ("source = \"", CARGO),
        Some("package-lock.json") => ("\"resolved\": \"", NPM),
        _ => return Vec::new(),
    };
    let sources = file.text.lines().filter_map(|line| line.trim_start().strip_prefix(key));
    let mut foreign: Vec<&str> = sources.filter(|source| !source.starts_with(allowed)).collect();
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
