//! What every request shares.

use crate::clock::Clock;
use crate::http::Buckets;
use crate::http::Problem;
use crate::links::Links;
use crate::looks::LookLog;
use crate::pairings::Pairings;
use crate::pin::PinTries;
use hub::Hub;
use records::ServerTime;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// The running server; cheap to clone.
#[derive(Clone)]
pub struct Server(Arc<Inner>);

struct Inner {
    hub: Hub,
    clock: Clock,
    /// Address by which people reach the server, where it is not the one that their request names.
    url: Option<String>,
    buckets: Buckets,
    pins: PinTries,
    pairings: Pairings,
    links: Links,
    looks: LookLog,
    joining: Mutex<()>,
    patience: Duration,
    requests: AtomicU32,
    closing: watch::Sender<bool>,
}

/// What a server needs besides its records.
#[derive(Debug)]
pub struct Setting {
    /// The one clock.
    pub clock: Clock,
    /// Address by which people reach the server, such as `https://hoiku.example.jp`.
    pub url: Option<String>,
    /// Links that open more than once: a demonstration's.
    pub links: Links,
    /// Tries that one address has at once at the doors where anybody may knock.
    pub knocks: u32,
    /// How long the whole of a request may take to come and to be answered.
    pub patience: Duration,
}

impl Default for Setting {
    fn default() -> Self {
        let (clock, links) = (Clock::system(), Links::default());
        Self { clock, url: None, links, knocks: KNOCKS, patience: PATIENCE }
    }
}

/// A whole nursery may stand behind one address.
const KNOCKS: u32 = 60;
/// Longer than the slowest mobile network takes for a whole batch.
const PATIENCE: Duration = Duration::from_secs(120);

impl Server {
    /// A server over an open hub; looks at sensitive records are logged in `folder`.
    ///
    /// # Errors
    /// If the log of looks cannot be opened.
    pub fn new(hub: Hub, folder: &Path, setting: Setting) -> std::io::Result<Self> {
        let Setting { clock, url, links, knocks, patience } = setting;
        Ok(Self(Arc::new(Inner {
            hub,
            clock,
            url,
            links,
            looks: LookLog::open(folder)?,
            buckets: Buckets::of(knocks),
            pins: PinTries::default(),
            pairings: Pairings::default(),
            joining: Mutex::default(),
            patience,
            requests: AtomicU32::default(),
            closing: watch::Sender::new(false),
        })))
    }

    /// Records, tokens and sessions. Blocks: call it in [`Server::run`].
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// The moment by the one clock.
    #[must_use]
    pub fn now(&self) -> ServerTime {
        self.0.clock.now()
    }

    /// Where people reach the server, if it was told.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    pub(crate) fn buckets(&self) -> &Buckets {
        &self.0.buckets
    }

    pub(crate) fn pins(&self) -> &PinTries {
        &self.0.pins
    }

    pub(crate) fn pairings(&self) -> &Pairings {
        &self.0.pairings
    }

    pub(crate) fn links(&self) -> &Links {
        &self.0.links
    }

    pub(crate) fn looks(&self) -> &LookLog {
        &self.0.looks
    }

    pub(crate) fn patience(&self) -> Duration {
        self.0.patience
    }

    pub(crate) fn next_request(&self) -> u32 {
        self.0.requests.fetch_add(1, Ordering::Relaxed)
    }

    /// Invitations are used one at a time, so that none is used twice.
    pub(crate) fn joining(&self) -> MutexGuard<'_, ()> {
        self.0.joining.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends every stream, so that connections can be closed.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.subscribe()
    }

    /// Runs what blocks (store, argon2) beside the tasks that serve sockets.
    ///
    /// # Errors
    /// What `work` says; a panic in it is `busy`, and the server lives on.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let server = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&server)).await;
        done.unwrap_or_else(|error| Err(Problem::busy(error.to_string())))
    }
}
