//! One run: a morning in which everything breaks, then rest, then the oracle's questions.

use crate::bug::Bug;
use crate::chance::Chance;
use crate::city::{City, MORNING_MS};
use crate::device::{Device, Wish};
use crate::oracle::Oracle;
use crate::work::{Deed, OpenForm, deed};
use anyhow::{Context, Result, bail, ensure};
use nursery::core::{Act, Done};
use records::ServerTime;
use records::wire::{Exchange, Reply};
use records::{Change, ChangeId};
use replica::engine::{Input, Outcome as Reached, Ticket};
use replica::{Pace, read_reply};

/// What a run did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Changes that people were told are saved.
    pub written: usize,
    /// Changes in the server's log.
    pub accepted: usize,
    /// Messages that were lost.
    pub lost: usize,
    /// Processes that were killed.
    pub killed: usize,
    /// Device stores that were put back from a copy.
    pub restored: usize,
}

/// Something on its way.
struct Parcel {
    at_ms: i64,
    device: usize,
    /// Of the process that asked.
    life: u32,
    ticket: Ticket,
    what: What,
}

#[derive(Clone)]
enum What {
    Request(Vec<u8>),
    Reply(Vec<u8>),
    Busy,
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
    calm: bool,
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
    Ok(world.outcome)
}

impl World {
    fn step(&mut self) -> Result<()> {
        self.now_ms += self.chance.between(0, 2_500);
        let number = self.chance.below(self.devices.len());
        match self.chance.below(1000) {
            0..550 => self.work(number)?,
            550..580 => self.kill(number),
            580..600 => self.devices[number].online = false,
            600..650 => {
                self.devices[number].online = true;
                self.tell(number, Input::Online)?;
            }
            650..665 if self.devices[number].alive() => {
                self.devices[number].copy_files();
                self.oracle.copied(number);
            }
            665..675 => self.restore(number),
            675..690 => {
                let now = self.now_ms;
                self.city.open(&mut self.chance, now); // the server is killed, and started again
                self.outcome.killed += 1;
            }
            690..700 => self.devices[number].skew_ms = self.chance.between(-86_400_000, 86_400_000),
            700..760 if self.devices[number].alive() => {
                self.devices[number].store().settle()?;
                self.tell(number, Input::Saved)?;
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
        self.devices[number].open(&mut self.chance);
        self.look(number)?;
        let seed = u64::from(self.chance.bytes()[0]) + 1;
        self.tell(number, Input::Started { seed })
    }

    fn kill(&mut self, number: usize) {
        if self.devices[number].alive() {
            self.devices[number].kill();
            self.forms[number].clear();
            self.outcome.killed += 1;
        }
    }

    fn restore(&mut self, number: usize) {
        if self.devices[number].restore_files() {
            self.parcels.retain(|parcel| parcel.device != number);
            self.forms[number].clear();
            self.oracle.restored(number);
            self.outcome.restored += 1;
        }
    }

    // ── people ──

    fn work(&mut self, number: usize) -> Result<()> {
        if !self.devices[number].alive() {
            return Ok(());
        }
        let (device, forms) = (&mut self.devices[number], &mut self.forms[number]);
        let Some(deed) = deed(&self.city, &mut self.chance, device, forms, self.now_ms) else { return Ok(()) };
        if self.bug == Some(Bug::AcknowledgeBeforeCommit) && self.chance.permille(100) {
            deed.changes.iter().for_each(|change| self.oracle.saved(number, change.id, change));
            self.kill(number);
            return Ok(());
        }
        self.save(number, &deed)?;
        self.draw_again(number, deed.form)?;
        self.tell(number, if deed.pace == Pace::Now { Input::Saved } else { Input::Typed })
    }

    fn save(&mut self, number: usize, deed: &Deed) -> Result<()> {
        let device = &mut self.devices[number];
        let mut act = Act { changes: deed.changes.clone(), done: Done::default() };
        if let (Some(Bug::PredecessorsFromStore), Some(form)) = (self.bug, &deed.form) {
            let seen = device.store().records()?.record(form.record)?.map(|r| r.seen(form.field)).unwrap_or_default();
            act.changes.iter_mut().flat_map(|c| &mut c.writes).for_each(|w| w.over.extend(seen.iter().copied()));
        }
        device.store().save(&act, deed.pace)?;
        for change in &deed.changes {
            let holder = holder(device, change)?;
            self.oracle.saved(number, holder, change);
        }
        self.look(number)
    }

    /// The form stays open; sometimes its screen is drawn again before the next key, sometimes not.
    fn draw_again(&mut self, number: usize, form: Option<OpenForm>) -> Result<()> {
        let Some(mut form) = form.filter(|_| self.chance.permille(700)) else { return Ok(()) };
        if self.chance.permille(850)
            && let Some(record) = self.devices[number].store().records()?.record(form.record)?
        {
            form.seen = record.seen(form.field);
        }
        self.forms[number].push(form);
        Ok(())
    }

    fn look(&mut self, number: usize) -> Result<()> {
        self.oracle.look(number, &mut self.devices[number])
    }

    // ── network ──

    fn tell(&mut self, number: usize, input: Input) -> Result<()> {
        let wishes = self.devices[number].step(self.now_ms, input);
        for wish in wishes {
            match wish {
                Wish::Send(ticket, exchange) => {
                    let bytes = serde_json::to_vec(&exchange)?;
                    let life = self.devices[number].life;
                    self.post(number, life, ticket, What::Request(bytes));
                }
                Wish::Take(ticket) => self.take(number, ticket)?,
            }
        }
        Ok(())
    }

    fn post(&mut self, device: usize, life: u32, ticket: Ticket, what: What) {
        let lost = !self.calm && (!self.devices[device].online || self.chance.permille(120));
        if lost {
            self.outcome.lost += 1;
            return;
        }
        let times = if !self.calm && self.chance.permille(80) { 2 } else { 1 };
        for _ in 0..times {
            let slow = if self.chance.permille(100) { 90_000 } else { 1_500 };
            let at_ms = self.now_ms + if self.calm { 1 } else { self.chance.between(1, slow) };
            self.parcels.push(Parcel { at_ms, device, life, ticket, what: what.clone() });
        }
    }

    fn deliver(&mut self, parcel: Parcel) -> Result<()> {
        let Parcel { device, life, ticket, what, .. } = parcel;
        match what {
            What::Request(bytes) => self.serve(device, life, ticket, serde_json::from_slice(&bytes)?),
            _ if life != self.devices[device].life => Ok(()), // the process that asked is gone
            What::Busy => self.tell(device, Input::Answered { ticket, outcome: Reached::Busy(1_000) }),
            What::Reply(mut bytes) => {
                if !self.calm && self.chance.permille(30) {
                    bytes.truncate(self.chance.below(bytes.len()));
                }
                let whole = read_reply(&bytes).is_ok();
                if ticket == self.devices[device].engine.ticket() {
                    self.devices[device].reply = Some((ticket, bytes));
                }
                let outcome = if whole { Reached::Reply } else { Reached::Broken };
                self.tell(device, Input::Answered { ticket, outcome })
            }
        }
    }

    fn serve(&mut self, device: usize, life: u32, ticket: Ticket, exchange: Exchange) -> Result<()> {
        let letters = exchange.batch.as_ref().map(|b| b.letters.clone()).unwrap_or_default();
        let session = self.devices[device].session;
        let reply = match self.city.hub().exchange(&session, exchange, ServerTime(self.now_ms)) {
            Ok(reply) => reply,
            Err(failure) if failure.code() == "new_incarnation" => {
                if self.devices[device].alive() {
                    self.devices[device].store().renew()?;
                }
                self.post(device, life, ticket, What::Busy);
                return Ok(());
            }
            Err(failure) => bail!("the server refuses a request: {failure}"),
        };
        self.oracle.committed(&letters, &reply)?;
        let mut reply: Reply = reply;
        if self.bug == Some(Bug::NoEcho) {
            reply.echoes.clear();
            let own: Vec<_> = letters.iter().filter_map(|l| l.open().ok()).map(|c| c.head.id).collect();
            if reply.more || self.chance.permille(300) {
                reply.page.retain(|record| !own.contains(&record.head.id)); // as if it came pages later
            }
        }
        self.post(device, life, ticket, What::Reply(serde_json::to_vec(&reply)?));
        Ok(())
    }

    fn take(&mut self, number: usize, ticket: Ticket) -> Result<()> {
        if !self.calm && self.chance.permille(30) {
            self.kill(number);
            return Ok(());
        }
        let Some((_, bytes)) = self.devices[number].reply.take().filter(|(of, _)| *of == ticket) else {
            bail!("the engine takes a reply that is not there");
        };
        let mut reply = read_reply(&bytes)?;
        if self.bug == Some(Bug::CursorBeforeRows) && !reply.page.is_empty() && self.chance.permille(150) {
            reply.page.clear();
        }
        let at = self.devices[number].clock(self.now_ms);
        self.devices[number].store().take(&reply, at)?;
        self.look(number)?;
        if !self.calm && self.chance.permille(30) {
            self.kill(number);
            return Ok(());
        }
        let unsent = self.devices[number].store().has_unsent()?;
        self.tell(number, Input::Taken { ticket, more: reply.more, unsent })
    }

    // ── the end ──

    /// Heals everything, lets every engine say all it has to say, and asks the oracle.
    fn rest(&mut self) -> Result<()> {
        self.calm = true;
        self.devices.iter_mut().for_each(|device| device.online = true);
        for number in 0..self.devices.len() {
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

/// The change that carries what was just saved.
fn holder(device: &mut Device, change: &Change) -> Result<ChangeId> {
    let record = device.store().records()?.record(change.head.id)?;
    let record = record.with_context(|| format!("{} is saved and its record is not there", change.id))?;
    if record.live().any(|id| id == change.id) {
        return Ok(change.id);
    }
    let carries = |w: &records::Write| {
        let entries = record.fields.get(&w.field).map(records::Register::all).unwrap_or_default();
        entries.iter().find(|e| e.value == w.value).map(|e| e.change)
    };
    change.writes.iter().find_map(carries).with_context(|| format!("{} is saved and not shown", change.id))
}
