//! What breaks: processes, power, disks, networks, clocks, and people who put back old copies.

use super::World;
use crate::bug::Bug;
use crate::disk::Machine;
use anyhow::{Result, bail};
use replica::Fault;
use replica::engine::{Input, StoreFault};

/// Writes and syncs until a power cut that was decided upon, at most.
const FUSE_STEPS: usize = 60;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
const YEARS_MS: i64 = 3_650 * DAY_MS;

/// Backups are younger than this.
const BACKUP_MS: i64 = 34 * 86_400_000;

impl World {
    pub(super) fn trouble(&mut self, number: usize) -> Result<()> {
        match self.chance.below(170) {
            0..20 => self.down(number),
            20..42 => arm(&self.devices[number].machine, &mut self.chance),
            42..54 => self.devices[number].online = false,
            54..90 => {
                self.devices[number].online = true;
                self.tell(number, Input::Online)?;
            }
            90..105 if self.devices[number].alive() => {
                self.devices[number].copy_files();
                self.say(|| format!("{number} is copied"));
                self.oracle.copied(number);
            }
            105..117 => self.restore_device(number),
            117..125 => self.server_down(),
            125..137 => arm(&self.city.machine, &mut self.chance),
            137..149 => self.set_clock(number),
            149..157 => self.part(number),
            157..161 => self.backed_up |= self.back_up(),
            161..166 => self.restore_server()?,
            166..170 => self.now_ms += self.chance.between(MINUTE_MS, 3 * DAY_MS),
            _ => {}
        }
        Ok(())
    }

    /// Somebody sets a device's clock, or its battery was empty.
    fn set_clock(&mut self, number: usize) {
        let most = if self.chance.permille(500) { DAY_MS } else { YEARS_MS };
        self.devices[number].skew_ms = self.chance.between(-most, most);
    }

    /// A network that is gone for minutes, or for weeks; then the others' time goes on with one step.
    fn part(&mut self, number: usize) {
        let long = self.chance.permille(250);
        let ms = if long { self.chance.between(DAY_MS, 60 * DAY_MS) } else { self.chance.between(MINUTE_MS, DAY_MS) };
        self.devices[number].parted_until_ms = self.now_ms + ms;
        if long || self.chance.permille(300) {
            self.now_ms += ms / 2;
        }
    }

    pub(super) fn down(&mut self, number: usize) {
        if self.devices[number].alive() {
            self.say(|| format!("{number} is cut off"));
            self.devices[number].down(&mut self.chance);
            self.forms[number].clear();
            self.outcome.killed += 1;
        }
    }

    pub(super) fn server_down(&mut self) {
        if self.bug == Some(Bug::ForgetsWhatItMet) && !self.city.machine.is_dead() {
            self.city.surgery("DELETE FROM change; DELETE FROM batch;");
        }
        let now = self.now_ms;
        self.say(|| "the server is cut off".to_owned());
        self.city.down(&mut self.chance);
        self.city.open(&mut self.chance, now);
        self.outcome.killed += 1;
    }

    fn restore_device(&mut self, number: usize) {
        let wholly = self.chance.permille(300);
        if self.devices[number].restore_files(wholly, &mut self.chance) {
            self.parcels.retain(|parcel| parcel.device != number);
            self.forms[number].clear();
            self.say(|| format!("{number} goes back to a copy, wholly: {wholly}"));
            self.oracle.restored(number);
            self.outcome.restored += 1;
        }
    }

    fn back_up(&mut self) -> bool {
        let done = self.city.back_up();
        if done {
            self.say(|| "the server is backed up".to_owned());
            self.oracle.backed_up();
            self.backed_up_ms = self.now_ms;
        }
        if self.city.machine.is_dead() {
            self.server_down();
        }
        self.backed_up &= done; // a backup that failed leaves none
        done
    }

    fn restore_server(&mut self) -> Result<()> {
        // an older backup is none: devices no longer keep what was accepted since (rule 30)
        let young = self.now_ms - self.backed_up_ms < BACKUP_MS;
        if !std::mem::take(&mut self.backed_up) || !young {
            return Ok(());
        }
        let now = self.now_ms;
        self.city.machine.mend();
        self.outcome.server_restored += 1;
        if self.bug == Some(Bug::RestoreWithoutEpoch) {
            self.city.restore_by_copying(&mut self.chance, now);
        } else {
            self.city.restore(&mut self.chance, now);
        }
        if self.bug == Some(Bug::RestrictionsRolledBack) {
            self.city.hub = None;
            self.city.put_real();
            self.city.open(&mut self.chance, now);
        }
        self.say(|| "the server is restored".to_owned());
        self.oracle.server_restored();
        Ok(())
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

/// Decides when the power of a machine fails, or its disk.
fn arm(machine: &Machine, chance: &mut crate::chance::Chance) {
    let after = chance.below(FUSE_STEPS) as u64;
    match chance.below(10) {
        0..6 => machine.set_fuse(after),
        6..8 => machine.set_fault(after),
        8 => machine.set_full(true),
        _ => machine.set_full(false),
    }
}
