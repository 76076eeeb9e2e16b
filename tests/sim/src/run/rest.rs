//! The end: everything is mended, every engine says all it has to say, and the oracle asks.

use super::World;
use anyhow::{Result, ensure};

impl World {
    pub(super) fn rest(&mut self) -> Result<()> {
        self.calm = true;
        if self.city.machine.is_dead() {
            self.server_down();
        }
        self.city.machine.mend();
        for number in 0..self.devices.len() {
            self.devices[number].machine.mend();
            self.devices[number].online = true;
            if self.devices[number].machine.is_dead() {
                self.down(number);
            }
            if !self.devices[number].alive() {
                self.start(number)?;
            }
            self.devices[number].store().settle()?;
        }
        for _ in 0..40 {
            self.now_ms += 400_000; // past every pause and every quiet time
            self.pass()?;
            let mut quiet = 0;
            while !self.parcels.is_empty() && quiet < 1_000 {
                self.now_ms += 1;
                quiet += 1;
                self.pass()?;
            }
            ensure!(self.parcels.is_empty(), "the devices never stop talking");
        }
        let Self { oracle, city, devices, now_ms, .. } = self;
        oracle.nothing_missing(devices)?;
        oracle.fields_are_right(city)?;
        oracle.sights_are_equal(city, devices, *now_ms)
    }
}
