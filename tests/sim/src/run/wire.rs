//! The network: what is sent may be lost, doubled, late, or cut short.

use super::World;
use crate::bug::Bug;
use anyhow::{Result, bail};
use records::ServerTime;
use records::wire::{Answered, Exchange, Reply, Verdict};
use records::{Letter, Seq};
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
        let small = self.chance.permille(300).then(|| u32::try_from(self.chance.below(6_000)).unwrap_or(0));
        let next = self.devices[number].store().next(small, at);
        let Some(mut exchange) = self.survived(number, next)? else { return Ok(()) };
        self.sabotage_request(&mut exchange);
        let life = self.devices[number].life;
        self.post(number, life, ticket, What::Request(serde_json::to_vec(&exchange)?));
        Ok(())
    }

    fn post(&mut self, device: usize, life: u32, ticket: Ticket, what: What) {
        let reached = self.devices[device].reached(self.now_ms);
        let lost = !self.calm && (!reached || self.chance.permille(120));
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
            What::Busy => {
                self.drop_batch_if(Bug::BusyDropsBatch, device);
                self.tell(device, Input::Answered { ticket, outcome: Reached::Busy(1_000) })
            }
            What::Broken => self.tell(device, Input::Answered { ticket, outcome: Reached::Broken }),
            What::Reply(bytes) => {
                self.trace.note(&bytes);
                self.arrive(device, ticket, bytes)
            }
        }
    }

    fn arrive(&mut self, device: usize, ticket: Ticket, mut bytes: Vec<u8>) -> Result<()> {
        if !self.calm && self.chance.permille(30) {
            bytes.truncate(self.chance.below(bytes.len()));
        }
        let whole = read_reply(&bytes).is_ok();
        if !whole {
            self.drop_batch_if(Bug::HalfReplyIsYes, device);
        }
        let latest = ticket == self.devices[device].engine.ticket();
        if !latest && whole && self.bug == Some(Bug::OldReplyTaken) && self.devices[device].alive() {
            return self.store(device, &read_reply(&bytes)?).map(|_| ());
        }
        if latest {
            self.devices[device].reply = Some((ticket, bytes));
        }
        let outcome = if whole { Reached::Reply } else { Reached::Broken };
        self.tell(device, Input::Answered { ticket, outcome })
    }

    fn serve(&mut self, device: usize, life: u32, ticket: Ticket, mut exchange: Exchange) -> Result<()> {
        let letters = exchange.batch.as_ref().map(|b| b.letters.clone()).unwrap_or_default();
        let untaken = exchange.batch.as_mut().map(|b| self.sabotage_batch(device, b)).unwrap_or_default();
        let session = self.devices[device].session;
        let clock = self.devices[device].clock(self.now_ms).0;
        let now = if self.bug == Some(Bug::ClockOfTheDevice) { clock } else { self.now_ms };
        let before = self.strikes(Bug::AnswersBeforeCommit, 50).then(|| self.city.machine.image());
        let answer = self.city.hub().exchange(&session, exchange, ServerTime(now));
        if let Ok(reply) = &answer {
            self.oracle.answered(device, &letters, reply, self.now_ms)?;
        }
        if self.city.machine.is_dead() {
            self.outcome.cut += 1;
            self.server_down();
            self.post(device, life, ticket, What::Broken);
            return Ok(());
        }
        let mut reply = match answer {
            Ok(reply) => reply,
            Err(failure) if failure.code() == "new_incarnation" => return self.renew(device, life, ticket),
            Err(failure) if failure.code() == "recovering" => {
                self.post(device, life, ticket, What::Busy);
                return Ok(());
            }
            Err(failure) if failure.code() == "busy" && self.city.machine.is_troubled() => {
                self.outcome.failed += 1;
                self.post(device, life, ticket, What::Busy);
                return Ok(());
            }
            Err(failure) => bail!("the server refuses a request: {failure}"),
        };
        if let Some(image) = before {
            self.server_down();
            self.city.hub = None;
            self.city.machine.set_image(&image);
            self.city.open(&mut self.chance, self.now_ms);
        }
        if self.bug == Some(Bug::CursorAhead) {
            self.cursor_ahead(&session, &mut reply);
        }
        reply.verdicts.extend(untaken.iter().filter_map(accepted_unseen));
        let own: Vec<_> = letters.iter().filter_map(|l| l.open().ok()).map(|c| c.head.id).collect();
        self.sabotage_answer(&mut reply, &own);
        self.post(device, life, ticket, What::Reply(serde_json::to_vec(&reply)?));
        Ok(())
    }

    fn cursor_ahead(&mut self, session: &hub::Session, reply: &mut Reply) {
        let next = Exchange {
            epoch: Some(reply.epoch),
            cursor: Some(reply.cursor.clone()),
            batch: None,
            notes_seen: 0,
            notes: vec![],
            copies: vec![],
            room: None,
            app: String::new(),
        };
        if let Ok(next) = self.city.hub().exchange(session, next, ServerTime(self.now_ms)) {
            (reply.cursor, reply.more) = (next.cursor, next.more);
        }
    }

    fn renew(&mut self, device: usize, life: u32, ticket: Ticket) -> Result<()> {
        if self.devices[device].alive() && self.devices[device].life == life {
            self.drop_batch_if(Bug::RenewDropsBatch, device);
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
        self.sabotage_taking(number, &mut reply);
        if !self.store(number, &reply)? {
            return Ok(());
        }
        if !self.calm && self.chance.permille(30) {
            self.down(number);
            return Ok(());
        }
        if self.bug == Some(Bug::RefusedIsDiscarded) {
            for trouble in self.devices[number].store().tray()? {
                self.devices[number].store().discard(trouble.act)?;
            }
        }
        let at = self.devices[number].clock(self.now_ms);
        let unsent = self.devices[number].store().has_unsent(at);
        let Some(unsent) = self.survived(number, unsent)? else { return Ok(()) };
        self.tell(number, Input::Taken { ticket, more: reply.more, unsent })
    }

    /// Stores a reply, sometimes twice; false if it was not stored.
    fn store(&mut self, number: usize, reply: &Reply) -> Result<bool> {
        let at = self.devices[number].clock(self.now_ms);
        let times = if self.chance.permille(50) { 2 } else { 1 };
        let settled = reply.verdicts.iter().any(|answered| !matches!(answered.verdict, Verdict::Later { .. }));
        let moved =
            settled || reply.more || !(reply.page.is_empty() && reply.lost.is_empty() && reply.forget.is_empty());
        self.moved |= moved || self.devices[number].epoch != Some(reply.epoch);
        self.say(|| {
            let verdicts: Vec<_> = reply.verdicts.iter().map(|a| (a.change, word(&a.verdict))).collect();
            let page: Vec<_> = reply.page.iter().chain(&reply.echoes).map(|r| (r.head.id, r.seq)).collect();
            format!(
                "{number} takes {verdicts:?} {page:?} lost {:?} forget {:?} epoch {:?}",
                reply.lost, reply.forget, reply.epoch
            )
        });
        self.oracle.taking(number, reply);
        for _ in 0..times {
            let taken = self.devices[number].store().take(reply, at);
            if self.survived(number, taken)?.is_none() {
                return Ok(false);
            }
        }
        self.oracle.took(reply);
        self.devices[number].epoch = Some(reply.epoch);
        if moved || !self.calm {
            self.look(number)?;
        }
        Ok(true)
    }
}

fn word(verdict: &Verdict) -> &str {
    match verdict {
        Verdict::Accepted { .. } => "accepted",
        Verdict::Held { .. } => "held",
        Verdict::Refused { code } | Verdict::Later { code, .. } => code,
    }
}

/// An answer for what the server has not taken.
fn accepted_unseen(letter: &Letter) -> Option<Answered> {
    let change = letter.open().ok()?.id;
    Some(Answered { change, verdict: Verdict::Accepted { seq: Seq(1), receipt: String::new() } })
}
