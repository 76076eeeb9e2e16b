//! Sockets and time for the engine: `POST /v1/sync`, `GET /v1/pokes`, and the store on a thread that may block.
//!
//! The driver decides nothing. What the engine wants done is done here, and what happened is told to it.

mod http;
mod pokes;

pub use http::client;

use crate::device::{Device, Pushed};
use crate::engine::{Effect, Engine, Input, Mono, Outcome, StoreFault, Talk, Ticket};
use crate::{Fault, SyncState, read_reply};
use http::{Answer, Door};
use pokes::Heard;
use records::DeviceTime;
use records::wire::Reply;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::sleep_until;

/// Where the server is, and as whom to speak to it.
#[derive(Clone)]
pub struct Address {
    /// Such as `https://sazanami.example.jp`.
    pub server: String,
    /// The device's bearer token, from pairing.
    pub token: String,
}

/// The device's clock, as the host brings it.
pub type Wall = Arc<dyn Fn() -> DeviceTime + Send + Sync>;

/// What the host is told besides records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// What waits.
    pub state: Option<SyncState>,
    /// How the conversation goes.
    pub talk: Talk,
}

/// Something that the host tells the driver.
#[derive(Clone, Copy, Debug)]
enum Call {
    Engine(Input),
    Stop,
}

/// A running conversation. It ends when the handle is dropped; the store stays.
pub struct Driver {
    calls: mpsc::UnboundedSender<Call>,
    status: watch::Receiver<Status>,
    task: JoinHandle<()>,
}

impl Driver {
    /// Begins to speak with the server. Must be called inside a tokio runtime; `wall` is the device's clock, `seed`
    /// makes the jitter of pauses.
    ///
    /// # Errors
    /// The address cannot be used.
    pub fn start(device: Arc<Device>, address: Address, wall: Wall, seed: u64) -> Result<Self, reqwest::Error> {
        let door = Door::new(address)?;
        let (calls, inbox) = mpsc::unbounded_channel();
        let (show, status) = watch::channel(Status { state: None, talk: Talk::Silent });
        let heard = calls.clone();
        device.listen(Box::new(move |_, pushed| {
            let input = match pushed {
                Pushed::Now => Input::Saved,
                Pushed::Soon => Input::Typed,
                Pushed::No => return,
            };
            let _ = heard.send(Call::Engine(input)); // the driver has stopped: nobody needs to know
        }));
        let run = Run {
            device,
            door,
            wall,
            calls: calls.clone(),
            show,
            engine: Engine::new(),
            began: Instant::now(),
            wake: None,
            reply: None,
            asking: None,
            listening: None,
            counted: Instant::now(),
        };
        let task = tokio::spawn(run.run(inbox, seed));
        Ok(Self { calls, status, task })
    }

    /// How it stands, and a way to wait for news of it.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// The network has come back, the app to the front, or a person wants it now.
    pub fn now(&self) {
        let _ = self.calls.send(Call::Engine(Input::Online));
    }

    /// The person has signed in again under the same token.
    pub fn signed_in(&self, seed: u64) {
        let _ = self.calls.send(Call::Engine(Input::Started { seed }));
    }

    /// Ends the conversation after what is being stored is stored.
    pub async fn stop(mut self) {
        let _ = self.calls.send(Call::Stop);
        let _ = (&mut self.task).await;
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.calls.send(Call::Stop);
    }
}

struct Run {
    device: Arc<Device>,
    door: Door,
    wall: Wall,
    calls: mpsc::UnboundedSender<Call>,
    show: watch::Sender<Status>,
    engine: Engine,
    began: Instant,
    wake: Option<Mono>,
    reply: Option<(Ticket, Reply)>,
    asking: Option<JoinHandle<()>>,
    listening: Option<JoinHandle<()>>,
    counted: Instant,
}

/// What a task brings back.
enum News {
    Call(Call),
    Answer(Ticket, Box<Result<Answer, Fault>>),
}

impl Run {
    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Call>, seed: u64) {
        let (answers, mut answered) = mpsc::unbounded_channel::<News>();
        self.step(Input::Started { seed }, &answers).await;
        loop {
            let wake = self.wake.map(|at| self.began + std::time::Duration::from_millis(at.0));
            let news = tokio::select! {
                call = inbox.recv() => call.map_or(News::Call(Call::Stop), News::Call),
                Some(answer) = answered.recv() => answer,
                () = sleep_until(wake.unwrap_or(self.began).into()), if wake.is_some() => {
                    self.wake = None;
                    News::Call(Call::Engine(Input::Woke))
                }
            };
            match news {
                News::Call(Call::Stop) => break,
                News::Call(Call::Engine(input)) => self.step(input, &answers).await,
                News::Answer(ticket, answer) => self.answered(ticket, *answer, &answers).await,
            }
        }
        self.step(Input::Stopped, &answers).await;
        self.asking.take().inspect(JoinHandle::abort);
        self.listening.take().inspect(JoinHandle::abort);
    }

    fn mono(&self) -> Mono {
        Mono(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// Tells the engine, and does what it wants, until it wants nothing more at once.
    async fn step(&mut self, input: Input, answers: &mpsc::UnboundedSender<News>) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            let now = self.mono();
            for effect in self.engine.step(now, input) {
                match effect {
                    Effect::Exchange(ticket) => self.ask(ticket, answers),
                    Effect::Take(ticket) => inputs.push(self.take(ticket).await),
                    Effect::WakeAt(at) => self.wake = Some(at),
                    Effect::Listen(on) => self.listen(on),
                    Effect::Show(talk) => {
                        self.show.send_modify(|status| status.talk = talk);
                    }
                    // the host sees both in the status, and acts
                    Effect::SignInAgain | Effect::SetStoreAside => {}
                }
            }
        }
        self.count().await;
    }

    fn ask(&mut self, ticket: Ticket, answers: &mpsc::UnboundedSender<News>) {
        self.reply = None;
        self.asking.take().inspect(JoinHandle::abort); // an older request is given up
        let (device, door, answers) = (Arc::clone(&self.device), self.door.clone(), answers.clone());
        let wall = Arc::clone(&self.wall);
        self.asking = Some(tokio::spawn(async move {
            let exchange = blocking(move || device.next(None, wall())).await;
            let answer = match exchange {
                Ok(exchange) => Ok(door.sync(&exchange).await),
                Err(fault) => Err(fault),
            };
            let _ = answers.send(News::Answer(ticket, Box::new(answer)));
        }));
    }

    async fn answered(&mut self, ticket: Ticket, answer: Result<Answer, Fault>, answers: &mpsc::UnboundedSender<News>) {
        if ticket != self.engine.ticket() {
            return;
        }
        let outcome = match answer {
            Err(fault) => return self.step(Input::Failed(gravity(&fault)), answers).await,
            Ok(Answer::Bytes(bytes)) => match read_reply(&bytes) {
                Ok(reply) => {
                    self.reply = Some((ticket, reply));
                    Outcome::Reply
                }
                Err(_) => Outcome::Broken,
            },
            Ok(Answer::Twin) => {
                let device = Arc::clone(&self.device);
                if let Err(fault) = blocking(move || device.with(crate::Store::renew)).await {
                    return self.step(Input::Failed(gravity(&fault)), answers).await;
                }
                Outcome::Busy(0)
            }
            Ok(Answer::Other(outcome)) => outcome,
        };
        self.step(Input::Answered { ticket, outcome }, answers).await;
    }

    async fn take(&mut self, ticket: Ticket) -> Input {
        let Some((_, reply)) = self.reply.take().filter(|(of, _)| *of == ticket) else {
            return Input::Failed(StoreFault::Passing);
        };
        let (device, wall) = (Arc::clone(&self.device), Arc::clone(&self.wall));
        let more = reply.more;
        match blocking(move || device.take(&reply, wall())).await {
            Ok(unsent) => Input::Taken { ticket, more, unsent },
            Err(fault) => Input::Failed(gravity(&fault)),
        }
    }

    fn listen(&mut self, on: bool) {
        self.listening.take().inspect(JoinHandle::abort);
        if on {
            let (door, calls) = (self.door.clone(), self.calls.clone());
            self.listening = Some(tokio::spawn(pokes::listen(door, move |heard| {
                let input = match heard {
                    Heard::Poke => Input::Poked,
                    Heard::Loss => Input::Unheard,
                };
                let _ = calls.send(Call::Engine(input)); // the driver has stopped: nobody needs to know
            })));
        }
    }

    /// Publishes what waits, and lets the highest time seen move on by what the monotonic clock has counted.
    async fn count(&mut self) {
        let device = Arc::clone(&self.device);
        let failed = self.show.borrow().talk.has_failed();
        let ms = u32::try_from(self.counted.elapsed().as_millis()).unwrap_or(u32::MAX);
        let minute = ms >= 60_000;
        if minute {
            self.counted = Instant::now();
        }
        let state = blocking(move || {
            if minute {
                device.with(|store| store.elapsed(ms))?;
            }
            device.sync_state(failed)
        })
        .await;
        if let Ok(state) = state {
            self.show.send_if_modified(|status| status.state.replace(state) != Some(state));
        }
    }
}

fn gravity(fault: &Fault) -> StoreFault {
    if matches!(fault, Fault::Damaged(_)) { StoreFault::Damaged } else { StoreFault::Passing }
}

/// File work never holds up the conversation of other devices in the same runtime.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(ended) => Err(Fault::File(std::io::Error::other(ended))),
    }
}
