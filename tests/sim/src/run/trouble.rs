//! What breaks: processes, power, disks, networks, clocks, and people who put back old copies.

use super::World;
use anyhow::{Result, bail};
use replica::Fault;
use replica::engine::{Input, StoreFault};

/// Writes and syncs until a power cut that was decided upon.
const FUSE_STEPS: usize = 60;

impl World {
    pub(super) fn trouble(&mut self, number: usize) -> Result<()> {
        match self.chance.below(150) {
            0..20 => self.down(number),
            20..40 => self.arm(number),
            40..55 => self.devices[number].online = false,
            55..95 => {
                self.devices[number].online = true;
                self.tell(number, Input::Online)?;
            }
            95..110 if self.devices[number].alive() => {
                self.devices[number].copy_files();
                self.oracle.copied(number);
            }
            110..120 => self.restore_device(number),
            120..128 => self.server_down(),
            128..138 => self.arm_server(),
            138..150 => self.devices[number].skew_ms = self.chance.between(-86_400_000, 86_400_000),
            _ => {}
        }
        Ok(())
    }

    /// Decides when the power of a device fails, or its disk.
    fn arm(&mut self, number: usize) {
        let after = self.chance.below(FUSE_STEPS) as u64;
        let machine = &self.devices[number].machine;
        match self.chance.below(10) {
            0..6 => machine.set_fuse(after),
            6..8 => machine.set_fault(after),
            8 => machine.set_full(true),
            _ => machine.set_full(false),
        }
    }

    fn arm_server(&mut self) {
        let after = self.chance.below(FUSE_STEPS) as u64;
        match self.chance.below(10) {
            0..6 => self.city.machine.set_fuse(after),
            6..8 => self.city.machine.set_fault(after),
            8 => self.city.machine.set_full(true),
            _ => self.city.machine.set_full(false),
        }
    }

    pub(super) fn down(&mut self, number: usize) {
        if self.devices[number].alive() {
            self.devices[number].down(&mut self.chance);
            self.forms[number].clear();
            self.outcome.killed += 1;
        }
    }

    pub(super) fn server_down(&mut self) {
        let now = self.now_ms;
        self.city.down(&mut self.chance);
        self.city.open(&mut self.chance, now);
        self.outcome.killed += 1;
    }

    fn restore_device(&mut self, number: usize) {
        if self.devices[number].restore_files(&mut self.chance) {
            self.parcels.retain(|parcel| parcel.device != number);
            self.forms[number].clear();
            self.oracle.restored(number);
            self.outcome.restored += 1;
        }
    }

    /// What a store gave; `None` if its power failed, or its disk did and the conversation heard of it.
    pub(super) fn survived<T>(&mut self, number: usize, done: Result<T, Fault>) -> Result<Option<T>> {
        let machine = &self.devices[number].machine;
        let (dead, troubled) = (machine.is_dead(), machine.is_troubled());
        let name = self.devices[number].name.clone();
        match done {
            Ok(done) => return Ok(Some(done)),
            Err(_) if dead => {
                self.outcome.cut += 1;
                self.down(number);
            }
            Err(Fault::Damaged(why)) => bail!("{name} is damaged: {why}"),
            Err(_) if troubled => {
                self.outcome.failed += 1;
                self.tell(number, Input::Failed(StoreFault::Passing))?;
            }
            Err(fault) => bail!("{name}: {fault}"),
        }
        Ok(None)
    }
}
