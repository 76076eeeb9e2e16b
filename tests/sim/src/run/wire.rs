//! The network: what is sent may be lost, doubled, late, or cut short.

use super::World;
use crate::bug::Bug;
use anyhow::{Result, bail};
use records::ServerTime;
use records::wire::{Exchange, Reply};
use replica::engine::{Effect, Input, Outcome as Reached, Ticket};
use replica::read_reply;

/// Something on its way.
pub struct Parcel {
    pub at_ms: i64,
    pub device: usize,
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
    /// The connection broke.
    Broken,
}

impl World {
    /// Tells an engine what happened, and does what it wants.
    pub(super) fn tell(&mut self, number: usize, input: Input) -> Result<()> {
        if !self.devices[number].alive() {
            return Ok(());
        }
        for effect in self.devices[number].step(self.now_ms, input) {
            match effect {
                Effect::Exchange(ticket) => self.ask(number, ticket)?,
                Effect::Take(ticket) => self.take(number, ticket)?,
                Effect::WakeAt(at) => self.devices[number].wake = Some(at),
                Effect::Listen(_) | Effect::Show(_) => {}
                Effect::SignInAgain | Effect::SetStoreAside => {
                    bail!("{} gave up: {effect:?}", self.devices[number].name);
                }
            }
        }
        Ok(())
    }

    fn ask(&mut self, number: usize, ticket: Ticket) -> Result<()> {
        let now = self.now_ms;
        let device = &mut self.devices[number];
        if !device.alive() {
            return Ok(());
        }
        let at = device.clock(now);
        device.reply = None;
        let next = device.store().next(None, at);
        let Some(exchange) = self.survived(number, next)? else { return Ok(()) };
        let life = self.devices[number].life;
        self.post(number, life, ticket, What::Request(serde_json::to_vec(&exchange)?));
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

    pub(super) fn deliver(&mut self, parcel: Parcel) -> Result<()> {
        let Parcel { device, life, ticket, what, .. } = parcel;
        match what {
            What::Request(bytes) => {
                self.trace.note(&bytes);
                self.serve(device, life, ticket, serde_json::from_slice(&bytes)?)
            }
            _ if life != self.devices[device].life => Ok(()), // the process that asked is gone
            What::Busy => self.tell(device, Input::Answered { ticket, outcome: Reached::Busy(1_000) }),
            What::Broken => self.tell(device, Input::Answered { ticket, outcome: Reached::Broken }),
            What::Reply(mut bytes) => {
                self.trace.note(&bytes);
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
        let answer = self.city.hub().exchange(&session, exchange, ServerTime(self.now_ms));
        if let Ok(reply) = &answer {
            self.oracle.committed(&letters, reply)?;
        }
        if self.city.machine.is_dead() {
            self.outcome.cut += 1;
            self.server_down();
            self.post(device, life, ticket, What::Broken);
            return Ok(());
        }
        let reply = match answer {
            Ok(reply) => reply,
            Err(failure) if failure.code() == "new_incarnation" => return self.renew(device, life, ticket),
            Err(failure) if failure.code() == "busy" && self.city.machine.is_troubled() => {
                self.outcome.failed += 1;
                self.post(device, life, ticket, What::Busy);
                return Ok(());
            }
            Err(failure) => bail!("the server refuses a request: {failure}"),
        };
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

    fn renew(&mut self, device: usize, life: u32, ticket: Ticket) -> Result<()> {
        if self.devices[device].alive() && self.devices[device].life == life {
            let renewed = self.devices[device].store().renew();
            if self.survived(device, renewed)?.is_none() {
                return Ok(());
            }
        }
        self.post(device, life, ticket, What::Busy);
        Ok(())
    }

    fn take(&mut self, number: usize, ticket: Ticket) -> Result<()> {
        if !self.calm && self.chance.permille(30) {
            self.down(number);
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
        let taken = self.devices[number].store().take(&reply, at);
        if self.survived(number, taken)?.is_none() {
            return Ok(());
        }
        self.look(number)?;
        if !self.calm && self.chance.permille(30) {
            self.down(number);
            return Ok(());
        }
        let unsent = self.devices[number].store().has_unsent();
        let Some(unsent) = self.survived(number, unsent)? else { return Ok(()) };
        self.tell(number, Input::Taken { ticket, more: reply.more, unsent })
    }
}
