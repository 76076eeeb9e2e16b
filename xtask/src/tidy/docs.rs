//! Documents that must keep up with the code.

use super::Finding;
use crate::workspace::{Member, SourceFile};

const MAP: &str = "docs/architecture.md";
const MAP_MOST_LINES: usize = 300;
const REASONS: &str = "docs/dependencies.md";
const SCHEMA: &str = "docs/schema.sql";

pub fn check(members: &[Member], files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = the_map(members, files);
    findings.extend(reasons(members, files));
    if members.iter().any(|member| member.folder() == "crates/hub") && text(files, SCHEMA).is_none() {
        findings.push(Finding::Wrong(format!("{SCHEMA} is missing; run `cargo xtask schema`")));
    }
    findings
}

fn the_map(members: &[Member], files: &[SourceFile]) -> Vec<Finding> {
    let Some(map) = text(files, MAP) else { return vec![Finding::Wrong(format!("{MAP} is missing"))] };
    let mut findings = Vec::new();
    if map.lines().count() >= MAP_MOST_LINES {
        findings.push(Finding::Wrong(format!("{MAP}: a map has fewer than {MAP_MOST_LINES} lines")));
    }
    let absent = members.iter().map(Member::folder).filter(|folder| !map.contains(&format!("`{folder}")));
    findings.extend(absent.map(|folder| Finding::Wrong(format!("{MAP}: says nothing of `{folder}`"))));
    findings
}

/// Every library that a member names has its reason, as `` `name` `` in the list.
fn reasons(members: &[Member], files: &[SourceFile]) -> Vec<Finding> {
    let Some(list) = text(files, REASONS) else { return vec![Finding::Wrong(format!("{REASONS} is missing"))] };
    let mut names: Vec<&str> = direct(members).chain(npm(files)).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !list.contains(&format!("`{name}`")));
    names.into_iter().map(|name| Finding::Wrong(format!("{REASONS}: no reason for `{name}`"))).collect()
}

fn direct(members: &[Member]) -> impl Iterator<Item = &str> {
    let named = members.iter().flat_map(|member| &member.dependencies);
    named.filter(|dependency| dependency.folder().is_none()).map(|dependency| dependency.name.as_str())
}

/// What every `package.json` of this repository names.
fn npm(files: &[SourceFile]) -> impl Iterator<Item = &str> {
    let manifests = files.iter().filter(|file| file.path.ends_with("/package.json"));
    manifests.flat_map(|manifest| named(&manifest.text))
}

/// The names in the `dependencies` and `devDependencies` of a manifest.
fn named(manifest: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    manifest.lines().filter_map(move |line| {
        let line = line.trim();
        if line.starts_with("\"dependencies\"") || line.starts_with("\"devDependencies\"") {
            inside = true;
            return None;
        }
        inside &= !line.starts_with('}');
        if !inside {
            return None;
        }
        line.strip_prefix('"')?.split('"').next()
    })
}

fn text<'a>(files: &'a [SourceFile], path: &str) -> Option<&'a str> {
    files.iter().find(|file| file.path == path).map(|file| file.text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npm_names_are_read_from_both_sections() {
        let text = "{\n \"name\": \"ui\",\n \"dependencies\": {\n  \"svelte\": \"5\"\n },\n \"devDependencies\": {\n  \"vite\": \"7\"\n },\n \"x\": \"y\"\n}";
        let files = [SourceFile { path: "ui/package.json".into(), text: text.into() }];
        assert_eq!(npm(&files).collect::<Vec<_>>(), ["svelte", "vite"]);
    }
}
