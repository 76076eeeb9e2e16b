//! How long a file may become before it must be cut.

use super::Finding;
use crate::workspace::SourceFile;

struct Limit {
    extension: &'static str,
    near: usize,
    most: usize,
}

const LIMITS: &[Limit] = &[
    Limit { extension: "rs", near: 400, most: 800 },
    Limit { extension: "svelte", near: 200, most: 400 },
    Limit { extension: "ts", near: 400, most: 800 },
];

/// Generated types and message catalogues are lists: cutting them helps nobody.
const LISTS: &[&str] = &["ui/src/lib/generated/", "ui/src/lib/i18n/"];

pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    files.iter().filter(|file| !LISTS.iter().any(|list| file.path.starts_with(list))).filter_map(judge).collect()
}

fn judge(file: &SourceFile) -> Option<Finding> {
    let limit = LIMITS.iter().find(|limit| file.has_extension(limit.extension))?;
    let lines = file.lines();
    let text = format!("{}: {lines} lines, at most {}", file.path, limit.most);
    match lines {
        _ if lines > limit.most => Some(Finding::Wrong(text)),
        _ if lines > limit.near => Some(Finding::Near(text)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, lines: usize) -> SourceFile {
        SourceFile { path: path.to_owned(), text: "x\n".repeat(lines) }
    }

    #[test]
    fn a_rust_file_is_near_after_400_lines_and_wrong_after_800() {
        assert_eq!(judge(&file("a.rs", 400)), None);
        assert!(matches!(judge(&file("a.rs", 401)), Some(Finding::Near(_))));
        assert!(matches!(judge(&file("a.rs", 801)), Some(Finding::Wrong(_))));
    }

    #[test]
    fn generated_lists_may_be_long() {
        assert!(check(&[file("ui/src/lib/generated/all.ts", 5_000)]).is_empty());
    }
}
