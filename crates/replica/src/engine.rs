//! The conversation with the server, without data, clock or socket: what to do next, given what happened.
//!
//! One exchange is under way at a time, and only the reply to the latest ticket is taken. What fails is tried again
//! after a growing pause with jitter, so that after an outage not every device returns in the same second.

use std::fmt;

/// Milliseconds of a monotonic clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mono(pub u64);

impl Mono {
    fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

/// Names one exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A whole reply is there, to be stored.
    Reply,
    /// The server has no time; it named the milliseconds to wait.
    Busy(u32),
    /// The sign-in is over. Recording goes on.
    SignIn,
    /// The server speaks no longer to this version of the app.
    Upgrade,
    /// No network, no answer, half an answer.
    Broken,
}

/// What the store says after it was asked to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFault {
    /// It may work later: the disk is full, a file is busy, a reply could not be true.
    Passing,
    /// The file is damaged.
    Damaged,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The host has started, or the person has signed in again; the seed makes the jitter.
    Started {
        /// From the operating system, or the simulator.
        seed: u64,
    },
    /// Something was saved that may be sent at once.
    Saved,
    /// Something was saved that rests while somebody types.
    Typed,
    /// The server has something new.
    Poked,
    /// Pokes no longer come: the server or the way to it may be gone.
    Unheard,
    /// The network has come back, or the app to the front.
    Online,
    /// A time asked for with [`Effect::WakeAt`] has come.
    Woke,
    /// A request has ended.
    Answered {
        /// Which.
        ticket: Ticket,
        /// How.
        outcome: Outcome,
    },
    /// A reply is stored.
    Taken {
        /// Which.
        ticket: Ticket,
        /// The server has another page.
        more: bool,
        /// Something waits to be sent.
        unsent: bool,
    },
    /// The store could not make a request or take a reply.
    Failed(StoreFault),
    /// The host stops.
    Stopped,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask the store for the next exchange and send it; what came before is given up.
    Exchange(Ticket),
    /// Store the reply to this ticket.
    Take(Ticket),
    /// Listen for pokes, or stop listening.
    Listen(bool),
    /// Come back at this time, unless another time is named first.
    WakeAt(Mono),
    /// Tell the person how the conversation goes.
    Show(Talk),
    /// Ask the person to sign in again.
    SignInAgain,
    /// The store is damaged: set it aside (never delete it) and begin anew.
    SetStoreAside,
}

/// How the conversation goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Talk {
    /// Not begun.
    #[default]
    Silent,
    /// An exchange is under way.
    Talking,
    /// Everything is said.
    Idle,
    /// The server cannot be reached. Grey, not red.
    Offline,
    /// The server asked to wait.
    Waiting,
    /// The sign-in is over.
    SignedOut,
    /// The app is too old for the server.
    TooOld,
    /// The store failed.
    Failed,
}

impl Talk {
    /// True if a person must do something before the conversation goes on.
    #[must_use]
    pub fn has_failed(self) -> bool {
        matches!(self, Self::SignedOut | Self::TooOld | Self::Failed)
    }
}

/// Without news, a device asks after this time.
const QUIET_MS: u64 = 5 * 60_000;
/// What is typed may be sent after this time without a further key; a little more than the store waits.
const RESTING_MS: u64 = 10_250;
/// After the loss of its pokes a device asks within this time.
const UNHEARD_MS: u64 = 3_000;
/// The first pause after a failure; it doubles with each.
const FIRST_PAUSE_MS: u64 = 1_000;
/// The longest pause after failures.
const LONGEST_PAUSE_MS: u64 = 60_000;
/// An app that is too old asks again after this time: the server may have been rolled back.
const TOO_OLD_MS: u64 = 60 * 60_000;
/// An exchange without an answer is given up after this time.
const PATIENCE_MS: u64 = 60_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Stopped,
    Asking,
    Taking,
    Resting,
    Pausing,
    SignedOut,
    Damaged,
}

/// State of the conversation only.
pub struct Engine {
    doing: Doing,
    ticket: Ticket,
    /// Something happened while an exchange was under way.
    again: bool,
    failures: u32,
    /// When to wake; also the end of the patience with an exchange.
    until: Mono,
    talk: Talk,
    listening: bool,
    jitter: u64,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Engine({:?}, {:?}, {} failures)", self.doing, self.ticket, self.failures)
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// Silent until [`Input::Started`].
    #[must_use]
    pub fn new() -> Self {
        Self {
            doing: Doing::Stopped,
            ticket: Ticket(0),
            again: false,
            failures: 0,
            until: Mono(0),
            talk: Talk::Silent,
            listening: false,
            jitter: 0,
        }
    }

    /// The ticket whose reply would be taken.
    #[must_use]
    pub fn ticket(&self) -> Ticket {
        self.ticket
    }

    /// What to do, given what happened at `now`.
    pub fn step(&mut self, now: Mono, input: Input) -> Vec<Effect> {
        let mut effects = vec![];
        match (input, self.doing) {
            (Input::Stopped, _) => self.stop(Doing::Stopped, Talk::Silent, &mut effects),
            (Input::Started { seed }, _) => {
                self.jitter = seed | 1;
                self.failures = 0;
                self.ask(now, &mut effects);
            }
            (_, Doing::Stopped | Doing::Damaged | Doing::SignedOut) => {}
            (Input::Failed(StoreFault::Damaged), _) => {
                self.stop(Doing::Damaged, Talk::Failed, &mut effects);
                effects.push(Effect::SetStoreAside);
            }
            (Input::Failed(StoreFault::Passing), _) => self.pause(now, Talk::Failed, None, &mut effects),
            (Input::Unheard, _) => self.unheard(now, &mut effects),
            (Input::Saved | Input::Poked, Doing::Resting) => self.ask(now, &mut effects),
            (Input::Online, Doing::Resting | Doing::Pausing) => self.ask(now, &mut effects),
            (Input::Saved | Input::Poked | Input::Online, Doing::Asking | Doing::Taking) => self.again = true,
            (Input::Saved | Input::Poked | Input::Typed, Doing::Pausing) => {}
            (Input::Typed, _) => self.wake_by(now.plus(RESTING_MS), &mut effects),
            (Input::Woke, _) => self.woke(now, &mut effects),
            (Input::Answered { ticket, outcome }, Doing::Asking) if ticket == self.ticket => {
                self.answered(now, outcome, &mut effects);
            }
            (Input::Taken { ticket, more, unsent }, Doing::Taking) if ticket == self.ticket => {
                self.failures = 0;
                self.listen(true, &mut effects);
                if more || unsent || std::mem::take(&mut self.again) {
                    self.ask(now, &mut effects);
                } else {
                    self.rest(now, &mut effects);
                }
            }
            (Input::Answered { .. } | Input::Taken { .. }, _) => {} // not to the latest ticket
        }
        effects
    }

    fn answered(&mut self, now: Mono, outcome: Outcome, effects: &mut Vec<Effect>) {
        match outcome {
            Outcome::Reply => {
                self.doing = Doing::Taking;
                effects.push(Effect::Take(self.ticket));
            }
            Outcome::Busy(ms) => self.pause(now, Talk::Waiting, Some(u64::from(ms)), effects),
            Outcome::Broken => self.pause(now, Talk::Offline, None, effects),
            Outcome::Upgrade => self.pause(now, Talk::TooOld, Some(TOO_OLD_MS), effects),
            Outcome::SignIn => {
                self.stop(Doing::SignedOut, Talk::SignedOut, effects);
                effects.push(Effect::SignInAgain);
            }
        }
    }

    /// A device with nothing to send finds out too that it is alone; not all of them in the same moment.
    fn unheard(&mut self, now: Mono, effects: &mut Vec<Effect>) {
        self.listen(false, effects);
        let soon = now.plus(self.chance(UNHEARD_MS));
        match self.doing {
            Doing::Resting => self.wake_by(soon, effects),
            Doing::Asking | Doing::Taking => self.again = true,
            Doing::Stopped | Doing::Pausing | Doing::SignedOut | Doing::Damaged => {}
        }
    }

    fn woke(&mut self, now: Mono, effects: &mut Vec<Effect>) {
        if now < self.until {
            effects.push(Effect::WakeAt(self.until));
            return;
        }
        match self.doing {
            Doing::Resting | Doing::Pausing => self.ask(now, effects),
            Doing::Asking => self.pause(now, Talk::Offline, None, effects), // the patience is over
            Doing::Taking => self.wake_by(now.plus(PATIENCE_MS), effects),  // the disk is slow; nothing is given up
            Doing::Stopped | Doing::SignedOut | Doing::Damaged => {}
        }
    }

    fn ask(&mut self, now: Mono, effects: &mut Vec<Effect>) {
        self.doing = Doing::Asking;
        self.again = false;
        self.ticket = Ticket(self.ticket.0 + 1);
        self.until = now.plus(PATIENCE_MS);
        self.show(Talk::Talking, effects);
        effects.push(Effect::Exchange(self.ticket));
        effects.push(Effect::WakeAt(self.until));
    }

    fn rest(&mut self, now: Mono, effects: &mut Vec<Effect>) {
        self.doing = Doing::Resting;
        self.until = now.plus(QUIET_MS / 2 + self.chance(QUIET_MS / 2));
        self.show(Talk::Idle, effects);
        effects.push(Effect::WakeAt(self.until));
    }

    fn pause(&mut self, now: Mono, talk: Talk, named_ms: Option<u64>, effects: &mut Vec<Effect>) {
        self.doing = Doing::Pausing;
        let longest = named_ms.unwrap_or_else(|| {
            let doubled = FIRST_PAUSE_MS.saturating_mul(1 << self.failures.min(16));
            doubled.min(LONGEST_PAUSE_MS)
        });
        self.failures = self.failures.saturating_add(1);
        // what the server names is the least; of our own pauses a half is left to chance
        let ms = if named_ms.is_some() {
            longest + self.chance(longest / 2)
        } else {
            longest / 2 + self.chance(longest / 2)
        };
        self.until = now.plus(ms.max(1));
        self.listen(false, effects);
        self.show(talk, effects);
        effects.push(Effect::WakeAt(self.until));
    }

    fn stop(&mut self, doing: Doing, talk: Talk, effects: &mut Vec<Effect>) {
        self.doing = doing;
        self.ticket = Ticket(self.ticket.0 + 1); // whatever is under way is given up
        self.listen(false, effects);
        self.show(talk, effects);
    }

    fn wake_by(&mut self, at: Mono, effects: &mut Vec<Effect>) {
        if self.doing == Doing::Resting {
            self.until = self.until.min(at);
        } else if self.doing == Doing::Taking {
            self.until = at;
        } else {
            self.again = true;
        }
        effects.push(Effect::WakeAt(self.until));
    }

    fn show(&mut self, talk: Talk, effects: &mut Vec<Effect>) {
        if self.talk != talk {
            self.talk = talk;
            effects.push(Effect::Show(talk));
        }
    }

    fn listen(&mut self, on: bool, effects: &mut Vec<Effect>) {
        if self.listening != on {
            self.listening = on;
            effects.push(Effect::Listen(on));
        }
    }

    /// A number from 0 to `most`: xorshift, enough to spread devices over a minute.
    fn chance(&mut self, most: u64) -> u64 {
        self.jitter ^= self.jitter << 13;
        self.jitter ^= self.jitter >> 7;
        self.jitter ^= self.jitter << 17;
        self.jitter % (most + 1)
    }
}

#[cfg(test)]
mod tests;
