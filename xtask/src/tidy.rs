//! Rules of this repository that no compiler checks. Each rule is one file and one function that
//! returns what it found; nothing is repaired here.

mod arrows;
mod docs;
mod locks;
mod names;
mod rust;
mod screens;
mod size;

use crate::workspace::{files, members};
use anyhow::{Result, bail};

/// Something that breaks a rule, or comes near to it.
#[derive(Debug, PartialEq, Eq)]
pub enum Finding {
    /// Must be mended before a commit.
    Wrong(String),
    /// Grows towards a limit.
    Near(String),
}

/// Checks every rule, prints all findings, and fails if one of them is wrong.
pub fn run() -> Result<()> {
    let members = members()?;
    let files = files()?;
    let mut findings = Vec::new();
    findings.extend(arrows::check(&members));
    findings.extend(docs::check(&members, &files));
    findings.extend(locks::check(&files));
    findings.extend(names::check(&files));
    findings.extend(rust::check(&members, &files)?);
    findings.extend(screens::check(&files));
    findings.extend(size::check(&files));
    report(&findings, files.len())
}

fn report(findings: &[Finding], files: usize) -> Result<()> {
    let mut wrong = 0;
    for finding in findings {
        match finding {
            Finding::Near(text) => println!("near   {text}"),
            Finding::Wrong(text) => {
                wrong += 1;
                println!("wrong  {text}");
            }
        }
    }
    if wrong > 0 {
        bail!("tidy: {wrong} things to mend");
    }
    println!("tidy: {files} files in order");
    Ok(())
}
