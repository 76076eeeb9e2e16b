//! Layers of the UI: `shared → feature → routes`, and one door to Rust.

use super::Finding;
use crate::workspace::SourceFile;

const SOURCE: &str = "ui/src/";
const DOOR: &str = "ui/src/lib/transport";

pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let screens = files.iter().filter(|file| file.path.starts_with(SOURCE));
    screens.filter(|file| file.has_extension("svelte") || file.has_extension("ts")).flat_map(judge).collect()
}

fn judge(file: &SourceFile) -> Vec<Finding> {
    let own = feature(&file.path);
    let lines = file.text.lines().enumerate();
    let wrong = lines.filter_map(|(number, line)| {
        let why = door(&file.path, line).or_else(|| layer(&file.path, own, line))?;
        Some(Finding::Wrong(format!("{}:{}: {why}", file.path, number + 1)))
    });
    wrong.collect()
}

fn door(path: &str, line: &str) -> Option<String> {
    let knocks = line.contains("@tauri-apps/") || line.contains(" fetch(") || line.contains("new EventSource(");
    (knocks && !path.starts_with(DOOR) && !path.contains(".test.")).then(|| format!("only {DOOR}* speaks to Rust"))
}

fn layer(path: &str, own: Option<&str>, line: &str) -> Option<String> {
    let imported = line.contains("import").then(|| feature(line)).flatten()?;
    match own {
        Some(own) if own != imported => Some(format!("feature {own} imports feature {imported}")),
        None if path.starts_with("ui/src/shared/") || path.starts_with("ui/src/lib/") => {
            Some(format!("a shared part imports feature {imported}"))
        }
        _ => None,
    }
}

/// The name after `feature/` in a path or an import.
fn feature(text: &str) -> Option<&str> {
    let rest = text.split_once("feature/")?.1;
    rest.split(['/', '\'', '"', '`']).next().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        judge(&SourceFile { path: path.into(), text: text.into() }).len()
    }

    #[test]
    fn a_feature_imports_no_other_feature() {
        assert_eq!(found("ui/src/feature/board/Board.svelte", "import Tile from '../board/Tile.svelte'"), 0);
        assert_eq!(found("ui/src/feature/board/Board.svelte", "import x from '$feature/bulletin/x'"), 1);
        assert_eq!(found("ui/src/routes/Home.svelte", "import x from '../feature/bulletin/x'"), 0);
        assert_eq!(found("ui/src/shared/Button.svelte", "import x from '../feature/bulletin/x'"), 1);
    }

    #[test]
    fn only_the_transport_speaks_to_rust() {
        assert_eq!(found("ui/src/lib/transport.ts", "import { invoke } from '@tauri-apps/api/core'"), 0);
        assert_eq!(found("ui/src/feature/board/x.ts", "const reply = await fetch('/v1/app/ask')"), 1);
    }
}
