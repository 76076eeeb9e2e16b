//! Measurements, each beside a bare baseline of the same run: of a class tablet (`cargo xtask bench`), and of the server
//! (`cargo xtask bench sync`).
//!
//! Prints a table in Markdown and ends with an error if a figure misses its line. Absolute figures move with the machine;
//! the ratio to the baseline is what may be compared.

mod baseline;
mod figures;
mod sync;
mod tablet;

use anyhow::{Result, bail};
use figures::{Line, Table};
use std::path::PathBuf;

fn main() -> Result<()> {
    if std::env::args().nth(1).as_deref() == Some("sync") {
        let folder = Folder::new()?;
        return if sync::run(&folder.0)? { bail!("a figure misses its line") } else { Ok(()) };
    }
    let mut children = 100;
    let mut months = 13;
    let mut rounds = 300;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || -> Result<u16> { Ok(arguments.next().unwrap_or_default().parse()?) };
        match argument.as_str() {
            "--children" => children = number()?,
            "--months" => months = number()?,
            "--rounds" => rounds = usize::from(number()?),
            other => bail!("unknown argument {other}; known are --children N --months N --rounds N"),
        }
    }
    let folder = Folder::new()?;
    let mut table = Table::default();
    let mut tablet = tablet::Bench::fill(&folder.0, children, months)?;
    let bare = baseline::write(&folder.0, tablet.sample_bytes()?, rounds)?;
    table.push(Line::new("bare SQLCipher: one row, durable", bare.clone()));
    table.push(Line::new("act(arrival), durable", tablet.arrivals(rounds)?).at_most_ms(99, 10.0).against(&bare));
    let reads = baseline::read(&folder.0.join("tablet.db"), &tablet::KEY, rounds)?;
    table.push(Line::new("bare SQLCipher: 250 rows by key, parsed", reads.clone()));
    table.push(Line::new("ask(board) of a class", tablet.boards(rounds)?).at_most_ms(99, 5.0).against(&reads));
    table.push(Line::new("open to first board", tablet.openings(20)?).at_most_ms(99, 500.0));
    table.print();
    if table.missed() {
        bail!("a figure misses its line");
    }
    Ok(())
}

/// A folder that goes when the run ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("sazanami-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
