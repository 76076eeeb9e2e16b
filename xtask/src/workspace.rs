//! Where the workspace is, what it contains, and the files that git knows in it.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the virtual manifest.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The cargo that runs this chore, started in the workspace root.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// A workspace member, as `cargo metadata` sees it.
#[derive(Debug, Deserialize)]
pub struct Member {
    pub name: String,
    manifest_path: PathBuf,
    pub dependencies: Vec<Dependency>,
    pub targets: Vec<Target>,
}

/// One line of a member's `[dependencies]`, `[dev-dependencies]` or `[build-dependencies]`.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    pub name: String,
    /// `None` for a plain dependency, else `dev` or `build`.
    pub kind: Option<String>,
    /// Features that are asked for by name.
    #[serde(default)]
    pub features: Vec<String>,
    path: Option<PathBuf>,
}

/// One thing that cargo builds from a member.
#[derive(Debug, Deserialize)]
pub struct Target {
    pub kind: Vec<String>,
    pub src_path: PathBuf,
}

impl Member {
    /// The member's folder relative to the root, with forward slashes: `crates/records`.
    pub fn folder(&self) -> String {
        relative(self.manifest_path.parent().unwrap_or(Path::new("")))
    }

    pub fn manifest(&self) -> Result<String> {
        std::fs::read_to_string(&self.manifest_path).with_context(|| format!("{}", self.manifest_path.display()))
    }
}

impl Dependency {
    /// The folder of a dependency inside this workspace; `None` for one from a registry.
    pub fn folder(&self) -> Option<String> {
        self.path.as_deref().map(relative)
    }
}

/// The members of the workspace, without their registry dependencies.
pub fn members() -> Result<Vec<Member>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Member>,
    }
    let output = cargo().args(["metadata", "--no-deps", "--format-version", "1"]).output()?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice::<Metadata>(&output.stdout)?.packages)
}

/// A file of the repository, committed or new but not ignored.
pub struct SourceFile {
    /// Relative to the root, with forward slashes.
    pub path: String,
    pub text: String,
}

impl SourceFile {
    pub fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }

    pub fn lines(&self) -> usize {
        self.text.lines().count()
    }
}

/// Every text file that git tracks or would add. Files that are not UTF-8 are left out.
pub fn files() -> Result<Vec<SourceFile>> {
    let output = Command::new("git")
        .current_dir(root())
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()
        .context("git")?;
    ensure!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout)?;
    let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    Ok(paths.into_iter().filter_map(read).collect())
}

fn read(path: &str) -> Option<SourceFile> {
    let text = std::fs::read_to_string(root().join(path)).ok()?;
    Some(SourceFile { path: path.to_owned(), text })
}

/// `path` below the root, with forward slashes.
pub fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
