//! Rules on Rust source that need its syntax: length of functions, panics, the doc comment of a crate.

use super::Finding;
use crate::workspace::{Member, SourceFile, relative};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

const MOST_LINES: usize = 70;

/// What runs at a nursery or serves one: no panic there. Lints deny it too; this also sees a crate
/// that forgot to inherit them.
const NO_PANIC: &[&str] = &["crates/", "sync-server/src/", "src-tauri/src/", "mobile/"];

pub fn check(members: &[Member], files: &[SourceFile]) -> Result<Vec<Finding>> {
    let sources: Vec<&SourceFile> = files.iter().filter(|file| file.has_extension("rs")).collect();
    let tests = test_modules(&sources)?;
    let mut findings = Vec::new();
    for file in &sources {
        let only_tests = tests.iter().any(|prefix| file.path.starts_with(prefix)) || is_test_target(&file.path);
        let mut walk =
            Walk { file: &file.path, no_panic: !only_tests && forbids_panic(&file.path), findings: Vec::new() };
        walk.visit_file(&parse(file)?);
        findings.extend(walk.findings);
    }
    findings.extend(crates_without_doc(members, &sources)?);
    findings.extend(crates_without_lints(members)?);
    Ok(findings)
}

fn parse(file: &SourceFile) -> Result<syn::File> {
    syn::parse_file(&file.text).with_context(|| file.path.clone())
}

fn forbids_panic(path: &str) -> bool {
    NO_PANIC.iter().any(|start| path.starts_with(start))
}

fn is_test_target(path: &str) -> bool {
    ["/tests/", "/benches/", "/examples/"].iter().any(|part| path.contains(part)) || path.ends_with("/build.rs")
}

/// Path prefixes of modules declared `#[cfg(test)] mod name;` in another file.
fn test_modules(sources: &[&SourceFile]) -> Result<BTreeSet<String>> {
    let mut prefixes = BTreeSet::new();
    for file in sources {
        for item in parse(file)?.items {
            if let syn::Item::Mod(module) = item
                && module.content.is_none()
                && is_for_tests(&module.attrs)
            {
                let folder = folder_of_children(&file.path);
                prefixes.insert(format!("{folder}/{}.rs", module.ident));
                prefixes.insert(format!("{folder}/{}/", module.ident));
            }
        }
    }
    Ok(prefixes)
}

/// Where the child modules of a file lie: beside `lib.rs`, `main.rs` and `mod.rs`, else in a folder of its name.
fn folder_of_children(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
        other => format!("{folder}/{}", other.trim_end_matches(".rs")),
    }
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        if path.segments.last().is_some_and(|last| last.ident == "test") {
            return true;
        }
        path.is_ident("cfg") && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string().contains("test"))
    })
}

/// Walks one file outside its tests.
struct Walk<'a> {
    file: &'a str,
    no_panic: bool,
    findings: Vec<Finding>,
}

impl Walk<'_> {
    fn measure(&mut self, name: &syn::Ident, block: &syn::Block) {
        let lines = block.span().end().line - name.span().start().line + 1;
        if lines > MOST_LINES {
            let place = format!("{}:{}", self.file, name.span().start().line);
            self.findings.push(Finding::Wrong(format!("{place}: fn {name} has {lines} lines, at most {MOST_LINES}")));
        }
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let before = self.no_panic;
        self.no_panic &= !is_for_tests(&module.attrs);
        visit::visit_item_mod(self, module);
        self.no_panic = before;
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig.ident, &function.block);
        let before = self.no_panic;
        self.no_panic &= !is_for_tests(&function.attrs);
        visit::visit_item_fn(self, function);
        self.no_panic = before;
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig.ident, &function.block);
        let before = self.no_panic;
        self.no_panic &= !is_for_tests(&function.attrs);
        visit::visit_impl_item_fn(self, function);
        self.no_panic = before;
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if self.no_panic && (call.method == "unwrap" || call.method == "expect") {
            let line = call.method.span().start().line;
            self.findings.push(Finding::Wrong(format!("{}:{line}: {} outside a test", self.file, call.method)));
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// Every crate begins with `//!`: what it is, and what is absent from it.
fn crates_without_doc(members: &[Member], sources: &[&SourceFile]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for target in members.iter().flat_map(|member| &member.targets) {
        if !target.kind.iter().any(|kind| ["lib", "bin", "cdylib", "staticlib"].contains(&kind.as_str())) {
            continue;
        }
        let path = relative(&target.src_path);
        let Some(file) = sources.iter().find(|file| file.path == path) else { continue };
        if !parse(file)?.attrs.iter().any(|attribute| attribute.path().is_ident("doc")) {
            findings.push(Finding::Wrong(format!("{path}: the crate has no doc comment at its top")));
        }
    }
    Ok(findings)
}

/// What ships inherits the lints of the workspace; proofs and chores may set their own.
fn crates_without_lints(members: &[Member]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for member in members {
        let folder = member.folder();
        if !folder.starts_with("tests/") && folder != "xtask" && !inherits_lints(&member.manifest()?) {
            findings.push(Finding::Wrong(format!("{folder}/Cargo.toml: no `[lints] workspace = true`")));
        }
    }
    Ok(findings)
}

fn inherits_lints(manifest: &str) -> bool {
    let tight: String = manifest.split_whitespace().collect();
    tight.contains("[lints]workspace=true") || tight.contains("lints.workspace=true")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panics(text: &str) -> usize {
        let mut walk = Walk { file: "crates/hub/src/lib.rs", no_panic: true, findings: Vec::new() };
        walk.visit_file(&syn::parse_file(text).unwrap());
        walk.findings.len()
    }

    #[test]
    fn unwrap_is_found_outside_tests_only() {
        assert_eq!(panics("fn a() { b().unwrap(); }"), 1);
        assert_eq!(panics("#[test] fn a() { b().unwrap(); }"), 0);
        assert_eq!(panics("#[cfg(test)] mod tests { fn a() { b().expect(\"c\"); } }"), 0);
        assert_eq!(panics("fn a() { b().unwrap_or(1); }"), 0);
    }

    #[test]
    fn a_function_of_71_lines_is_too_long() {
        let body = "    a();\n".repeat(68);
        assert_eq!(panics(&format!("fn a() {{\n{body}}}")), 0);
        assert_eq!(panics(&format!("fn a() {{\n{body}    a();\n}}")), 1);
    }

    #[test]
    fn a_test_module_in_a_file_of_its_own_is_known() {
        let parent = SourceFile { path: "crates/hub/src/judge.rs".into(), text: "#[cfg(test)]\nmod tests;\n".into() };
        let found = test_modules(&[&parent]).unwrap();
        assert!(found.contains("crates/hub/src/judge/tests.rs"));
    }
}
