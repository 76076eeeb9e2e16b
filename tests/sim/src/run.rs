//! One run: a time in which everything breaks, then rest, then the oracle's questions.

mod office;
mod people;
mod rest;
mod sabotage;
mod trouble;
mod wire;

use crate::bug::Bug;
use crate::chance::Chance;
use crate::city::{City, MORNING_MS};
use crate::device::{Device, Hands};
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
    /// Of these in the server's log.
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
    /// How often the server went back to a backup.
    pub server_restored: usize,
    /// Rights that were given or taken away.
    pub grants: usize,
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
    /// Somebody has learnt something in this round.
    moved: bool,
    /// There is a backup to go back to.
    backed_up: bool,
    backed_up_ms: i64,
    trace: Trace,
    outcome: Outcome,
}

/// Runs one seed.
///
/// # Errors
/// The first thing that should never be.
pub fn run(seed: u64, bug: Option<Bug>) -> Result<Outcome> {
    let mut world = World::new(seed, bug);
    for number in 0..world.devices.len() {
        world.start(number)?;
    }
    let steps = 50 + world.chance.below(130);
    for step in 0..steps {
        world.step().with_context(|| format!("at step {step} of {steps}"))?;
    }
    world.rest().context("at rest")?;
    (world.outcome.written, world.outcome.accepted) = world.oracle.counts();
    world.outcome.trace = world.trace.value();
    Ok(world.outcome)
}

/// Two tablets of one nursery, often with a phone; now and then many.
fn hands(chance: &mut Chance) -> Vec<Hands> {
    let many = if chance.permille(60) { 4 + chance.below(9) } else { 2 + chance.below(3) };
    let mut hands = vec![Hands::Staff(0), Hands::Staff(0)];
    while hands.len() < many {
        hands.push(match chance.below(10) {
            0..4 => Hands::Parent(chance.below(3)),
            4..7 => Hands::Staff(1),
            _ => Hands::Staff(0),
        });
    }
    hands
}

impl World {
    fn new(seed: u64, bug: Option<Bug>) -> Self {
        let mut chance = Chance::new(seed);
        let city = City::of(seed, &mut chance);
        let encrypted = seed.is_multiple_of(20);
        let hands = hands(&mut chance);
        let pair = |(number, hands)| Device::pair(&city, &mut chance, number, hands, encrypted, MORNING_MS);
        let devices: Vec<Device> = hands.into_iter().enumerate().map(pair).collect();
        if bug == Some(Bug::ServerSyncsNothing) {
            city.machine.ignore_syncs();
        }
        for device in &devices {
            match bug {
                Some(Bug::NothingSynced) => device.machine.ignore_syncs(),
                Some(Bug::FolderNotSynced) => device.machine.ignore_folder_syncs(),
                _ => {}
            }
        }
        Self {
            chance,
            now_ms: MORNING_MS + 1_000,
            city,
            forms: devices.iter().map(|_| vec![]).collect(),
            devices,
            parcels: vec![],
            oracle: Oracle::default(),
            bug,
            calm: false,
            moved: false,
            backed_up: false,
            backed_up_ms: 0,
            trace: Trace::default(),
            outcome: Outcome::default(),
        }
    }

    fn say(&self, what: impl FnOnce() -> String) {
        self.trace.say(self.now_ms, what);
    }

    /// Whether this bug is planted and strikes now, in so many of a thousand cases.
    fn strikes(&mut self, bug: Bug, permille: usize) -> bool {
        self.bug == Some(bug) && self.chance.permille(permille)
    }

    fn step(&mut self) -> Result<()> {
        self.now_ms += self.chance.between(0, 2_500);
        let number = self.chance.below(self.devices.len());
        match self.chance.below(1000) {
            0..550 => self.work(number)?,
            550..720 => self.trouble(number)?,
            720..770 if self.devices[number].alive() => {
                let settled = self.devices[number].store().settle();
                if self.survived(number, settled)?.is_some() {
                    self.tell(number, Input::Saved)?;
                }
            }
            770..795 => self.office()?,
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
        self.sabotage_files(number);
        if !self.devices[number].open(&mut self.chance) {
            self.outcome.cut += 1;
            if self.devices[number].machine.is_dead() {
                self.devices[number].down(&mut self.chance);
            }
            return Ok(());
        }
        self.sabotage_outbox(number);
        self.oracle.came_back(number, &mut self.devices[number])?;
        self.look(number)?;
        if self.bug == Some(Bug::WedgedAfterKill) && self.devices[number].life > 1 && self.chance.permille(200) {
            return Ok(());
        }
        let seed = u64::from(self.chance.bytes()[0]) + 1;
        self.tell(number, Input::Started { seed })
    }

    fn look(&mut self, number: usize) -> Result<()> {
        self.oracle.look(number, &mut self.devices[number])
    }
}
