//! Pushing and pulling at the hub and over HTTP, beside the bare rows. `cargo xtask bench sync`

mod bare;
mod city;
mod rush;

use crate::figures::{Rate, Rates};
use anyhow::{Result, ensure};
use bare::Bare;
use city::{City, exchange};
use hub::Hub;
use std::path::Path;
use std::time::Instant;

/// Changes that one device pushes.
const PUSHED: usize = 20_000;
const BATCH: usize = 200;

/// Runs all of it in a folder.
pub fn run(folder: &Path) -> Result<bool> {
    let mut rates = Rates::default();
    push(folder, &mut rates)?;
    rush::run(&folder.join("rush"), &mut rates)?;
    rates.print();
    Ok(rates.missed())
}

/// One device, batches of 200, against the same letters as bare rows; then a new device fetches all of it.
fn push(folder: &Path, rates: &mut Rates) -> Result<()> {
    let hub = Hub::open(&folder.join("push"), [1; 32], city::NOW)?;
    let mut city = City::found(&hub, 1)?;
    let mut tablet = city.tablet(&hub, 0)?;
    tablet.pull(&hub)?;
    let letters = city.arrivals(0, &tablet, PUSHED)?;
    let mut bare = Bare::open(&folder.join("bare.db"))?;
    let began = Instant::now();
    for batch in letters.chunks(BATCH) {
        bare.commit(batch)?;
    }
    let limit = Rate::new("bare rows, batches of 200", "changes/s", PUSHED, began.elapsed());
    let mut seconds = std::time::Duration::ZERO;
    for batch in letters.chunks(BATCH) {
        let request = tablet.request(batch);
        let began = Instant::now();
        let reply = exchange(&hub, &tablet.session, request)?;
        seconds += began.elapsed();
        tablet.take(&reply);
    }
    let pushed = Rate::new("push, one device, batches of 200, at the hub", "changes/s", PUSHED, seconds);
    let pushed = pushed.at_least(0.5, &limit);
    rates.push(limit);
    rates.push(pushed);
    let mut new = city.tablet(&hub, 0)?;
    let began = Instant::now();
    let records = new.pull(&hub)?;
    ensure!(records >= PUSHED, "a new device got {records} records");
    rates.push(Rate::new("a new device fetches them, at the hub", "records/s", records, began.elapsed()));
    Ok(())
}
