//! Words that must not appear: in paths, because they name nothing; in text, because they betray one
//! machine or unfinished work.

use super::Finding;
use crate::workspace::SourceFile;

/// A folder or file of such a name collects what has no place.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "manager", "common", "misc"];

/// Split, so that this file does not find itself.
const FORBIDDEN: &[(&str, &str)] = &[
    (concat!("/ho", "me/"), "an absolute home path"),
    (concat!("/ro", "ot/"), "an absolute home path"),
    (concat!("/Us", "ers/"), "an absolute home path"),
    (concat!("C:\\Us", "ers"), "an absolute home path"),
    (concat!("<<<<", "<<< "), "a merge marker"),
    (concat!("FIX", "ME"), "unfinished work; open an issue or mend it"),
    (concat!("TO", "DO"), "unfinished work; open an issue or mend it"),
    (concat!("todo", "!("), "unfinished work; open an issue or mend it"),
    (concat!("dbg", "!("), "a forgotten print"),
];

pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    files.iter().flat_map(|file| empty_name(file).into_iter().chain(forbidden(file))).collect()
}

fn empty_name(file: &SourceFile) -> Option<Finding> {
    let part = file.path.split('/').find(|part| {
        let stem = part.split('.').next().unwrap_or(part);
        EMPTY_NAMES.contains(&stem)
    })?;
    Some(Finding::Wrong(format!("{}: {part} names nothing", file.path)))
}

fn forbidden(file: &SourceFile) -> Vec<Finding> {
    if file.path.starts_with("LICENSE") || file.path.ends_with("lock") || file.path.ends_with("-lock.json") {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    lines
        .filter_map(|(number, line)| {
            found(line).map(|why| Finding::Wrong(format!("{}:{}: {why}", file.path, number + 1)))
        })
        .collect()
}

fn found(line: &str) -> Option<&'static str> {
    FORBIDDEN.iter().find(|(word, _)| line.contains(word)).map(|(_, why)| *why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_folder_that_names_nothing_is_found() {
        assert!(empty_name(&file("crates/hub/src/utils/mod.rs", "")).is_some());
        assert!(empty_name(&file("crates/hub/src/judge.rs", "")).is_none());
    }

    #[test]
    fn a_home_path_is_found_with_its_line() {
        let found = forbidden(&file("a.md", &format!("one\nsee {}\n", concat!("/ho", "me/sato/x"))));
        assert_eq!(found, [Finding::Wrong("a.md:2: an absolute home path".to_owned())]);
    }
}
