//! One run: a morning in which everything breaks, then rest, then the oracle's questions.

mod people;
mod rest;
mod trouble;
mod wire;

use crate::bug::Bug;
use crate::chance::Chance;
use crate::city::{City, MORNING_MS};
use crate::device::Device;
use crate::oracle::Oracle;
use crate::trace::Trace;
use crate::work::OpenForm;
use anyhow::{Context, Result};
use replica::engine::Input;
use wire::Parcel;

pub use people::carrier;

/// What a run did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Changes that people were told are saved.
    pub written: usize,
    /// Changes in the server's log.
    pub accepted: usize,
    /// Messages that were lost.
    pub lost: usize,
    /// Processes that were killed, or whose power failed.
    pub killed: usize,
    /// Of these, in the middle of something: at a write or sync.
    pub cut: usize,
    /// Writes that failed while the process lived on.
    pub failed: usize,
    /// Device stores that were put back from a copy.
    pub restored: usize,
    /// Of everything that happened, in order.
    pub trace: u64,
}

struct World {
    chance: Chance,
    now_ms: i64,
    city: City,
    devices: Vec<Device>,
    forms: Vec<Vec<OpenForm>>,
    parcels: Vec<Parcel>,
    oracle: Oracle,
    bug: Option<Bug>,
    /// From now on nothing breaks any more.
    calm: bool,
    trace: Trace,
    outcome: Outcome,
}

/// Runs one seed.
///
/// # Errors
/// The first thing that should never be.
pub fn run(seed: u64, bug: Option<Bug>) -> Result<Outcome> {
    let mut chance = Chance::new(seed);
    let city = City::found(&mut chance);
    let many = 2 + chance.below(3);
    let phone = chance.permille(500);
    let devices: Vec<Device> = (0..many)
        .map(|n| Device::pair(&city, &mut chance, format!("device {n}"), !(phone && n + 1 == many), MORNING_MS))
        .collect();
    let mut world = World {
        chance,
        now_ms: MORNING_MS + 1_000,
        city,
        forms: devices.iter().map(|_| vec![]).collect(),
        devices,
        parcels: vec![],
        oracle: Oracle::default(),
        bug,
        calm: false,
        trace: Trace::default(),
        outcome: Outcome::default(),
    };
    for number in 0..many {
        world.start(number)?;
    }
    let steps = 80 + world.chance.below(160);
    for step in 0..steps {
        world.step().with_context(|| format!("at step {step} of {steps}"))?;
    }
    world.rest().context("at rest")?;
    (world.outcome.written, world.outcome.accepted) = world.oracle.counts();
    world.outcome.trace = world.trace.value();
    Ok(world.outcome)
}

impl World {
    fn step(&mut self) -> Result<()> {
        self.now_ms += self.chance.between(0, 2_500);
        let number = self.chance.below(self.devices.len());
        match self.chance.below(1000) {
            0..550 => self.work(number)?,
            550..700 => self.trouble(number)?,
            700..760 if self.devices[number].alive() => {
                let settled = self.devices[number].store().settle();
                if self.survived(number, settled)?.is_some() {
                    self.tell(number, Input::Saved)?;
                }
            }
            _ => {}
        }
        for number in 0..self.devices.len() {
            if !self.devices[number].alive() && self.chance.permille(300) {
                self.start(number)?;
            }
        }
        self.pass()
    }

    /// Delivers and wakes what is due.
    fn pass(&mut self) -> Result<()> {
        while let Some(at) = (0..self.parcels.len()).find(|at| self.parcels[*at].at_ms <= self.now_ms) {
            let parcel = self.parcels.remove(at);
            self.deliver(parcel)?;
        }
        for number in 0..self.devices.len() {
            if self.devices[number].due(self.now_ms) {
                self.devices[number].wake = None;
                self.tell(number, Input::Woke)?;
            }
        }
        Ok(())
    }

    fn start(&mut self, number: usize) -> Result<()> {
        if !self.devices[number].open(&mut self.chance) {
            self.outcome.cut += 1;
            return Ok(());
        }
        self.oracle.came_back(number, &mut self.devices[number])?;
        self.look(number)?;
        let seed = u64::from(self.chance.bytes()[0]) + 1;
        self.tell(number, Input::Started { seed })
    }

    fn look(&mut self, number: usize) -> Result<()> {
        self.oracle.look(number, &mut self.devices[number])
    }
}
