//! Crash images: named pieces of work, cut off at every write and sync, with every kind of loss. What was acknowledged
//! is there afterwards, and nothing is there by half.

mod device;
mod server;

use crate::chance::Chance;
use crate::disk::{Image, Loss, Machine};
use std::collections::BTreeSet;
use std::fmt;

/// How often a loss that depends on chance is tried at each write.
const TRIES: u64 = 4;

/// What one piece of work showed.
#[derive(Debug, Default)]
pub struct Report {
    /// Which.
    pub name: &'static str,
    /// Writes and syncs in it.
    pub steps: u64,
    /// Cuts that were made.
    pub cuts: usize,
    /// What lay on the disk after them, each kind counted once.
    pub images: usize,
    /// What should never be.
    pub failed: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, steps, cuts, images, failed } = self;
        let lost = failed.len();
        write!(f, "{name}: {steps} writes and syncs, {cuts} cuts, {images} distinct images, {lost} failed")?;
        failed.iter().take(3).try_for_each(|why| write!(f, "\n    {why}"))
    }
}

/// All pieces of work on a device and on the server; `most`: only so many cuts of each, spread evenly.
#[must_use]
pub fn images(most: Option<usize>) -> Vec<Report> {
    let mut reports = device::reports(most);
    reports.extend(server::reports(most));
    reports
}

/// One cut to make: after so many writes, with this loss, by this chance.
#[derive(Clone, Copy, Debug)]
struct Cut {
    after: u64,
    loss: Loss,
    seed: u64,
}

fn cuts(steps: u64, most: Option<usize>) -> Vec<Cut> {
    let mut all = vec![];
    for after in 0..steps {
        for loss in Loss::EACH {
            let tries = if matches!(loss, Loss::Some | Loss::Torn) { TRIES } else { 1 };
            all.extend((0..tries).map(|seed| Cut { after, loss, seed }));
        }
    }
    let every = most.map_or(1, |most| all.len().div_ceil(most).max(1));
    all.into_iter().step_by(every).collect()
}

/// Counts what lies on a disk after a cut.
#[derive(Default)]
struct Seen(BTreeSet<u64>);

impl Seen {
    fn add(&mut self, machine: &Machine) {
        let image: Image = machine.image();
        let mut trace = crate::trace::Trace::default();
        for (name, bytes) in &image {
            trace.note(name.as_bytes());
            trace.note(bytes);
        }
        self.0.insert(trace.value());
    }
}

/// Runs one piece of work once without a cut and once for every cut; `once` says what was wrong.
fn report(
    name: &'static str,
    most: Option<usize>,
    mut once: impl FnMut(Option<Cut>, &mut Seen) -> anyhow::Result<u64>,
) -> Report {
    let mut seen = Seen::default();
    let mut report = Report { name, ..Report::default() };
    match once(None, &mut seen) {
        Ok(steps) => report.steps = steps,
        Err(error) => report.failed.push(format!("without a cut: {error:#}")),
    }
    for cut in cuts(report.steps, most) {
        report.cuts += 1;
        if let Err(error) = once(Some(cut), &mut seen) {
            report.failed.push(format!("{cut:?}: {error:#}"));
        }
    }
    report.images = seen.0.len();
    report
}

fn chance(cut: Cut) -> Chance {
    Chance::new(cut.seed + 1)
}
