//! The end: everything is mended, every engine says all it has to say, and the oracle asks.

use super::World;
use anyhow::{Result, bail, ensure};
use records::ServerTime;

/// Rest is reached within so many rounds of all devices, or never.
const MOST_ROUNDS: usize = 40;

impl World {
    pub(super) fn rest(&mut self) -> Result<()> {
        self.calm = true;
        if self.city.machine.is_dead() {
            self.server_down();
        }
        self.city.machine.mend();
        for number in 0..self.devices.len() {
            self.devices[number].machine.mend();
            (self.devices[number].online, self.devices[number].parted_until_ms) = (true, 0);
            if self.devices[number].machine.is_dead() {
                self.down(number);
            }
            if !self.devices[number].alive() {
                self.start(number)?;
            }
            self.devices[number].store().settle()?;
        }
        let mut quiet_rounds = 0;
        for round in 0..MOST_ROUNDS {
            if round == 3 {
                self.city.hub().let_families_in(ServerTime(self.now_ms))?; // sites without a tablet show nothing
            }
            self.moved = false;
            self.round()?;
            quiet_rounds = if self.moved || round < 4 { 0 } else { quiet_rounds + 1 };
            if quiet_rounds == 2 {
                break;
            }
        }
        ensure!(quiet_rounds == 2, "it does not come to rest");
        let Self { oracle, city, devices, now_ms, .. } = self;
        oracle.nothing_missing(devices)?;
        oracle.log_is_whole(city)?;
        oracle.fields_are_right(city)?;
        oracle.sights_are_equal(city, devices, *now_ms)
    }

    /// Past every pause and every quiet time, until nothing is on its way.
    fn round(&mut self) -> Result<()> {
        self.now_ms += 400_000;
        self.pass()?;
        for _ in 0..1_000 {
            if self.parcels.is_empty() {
                return Ok(());
            }
            self.now_ms += 1;
            self.pass()?;
        }
        bail!("the devices never stop talking")
    }
}
