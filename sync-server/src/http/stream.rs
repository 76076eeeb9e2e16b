//! Pokes as server-sent events: which kinds moved for whom is connected, and never what.

use super::problem::Problem;
use crate::server::Server;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use futures_util::stream::unfold;
use hub::{Subscription, Touched};
use nursery::access::Principal;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// How often a quiet stream says that it lives; shorter than what proxies wait.
const QUIET: Duration = Duration::from_secs(20);

/// Somebody who listens.
pub struct Listening {
    server: Server,
    of: Principal,
    token: Option<String>,
    subscription: Subscription,
    woken: Arc<Notify>,
    closing: watch::Receiver<bool>,
}

/// What a listener hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// These kinds moved; none named: anything may have.
    Moved(Vec<&'static str>),
    /// The stream is over: signed out, rights taken away, or the server closes.
    Over,
}

impl Listening {
    /// Listens for a principal; with the `token` of a browser's session, only as long as that lasts.
    ///
    /// # Errors
    /// `busy` if too many listen.
    pub async fn begin(server: &Server, of: Principal, token: Option<String>) -> Result<Self, Problem> {
        let woken = Arc::new(Notify::new());
        let wake = Arc::clone(&woken);
        let subscribed =
            move |server: &Server| Ok(server.hub().subscribe(of, server.now(), move || wake.notify_one())?);
        let subscription = server.run(subscribed).await?;
        Ok(Self { closing: server.closing(), server: server.clone(), of, token, subscription, woken })
    }

    /// Waits for the next move.
    pub async fn next(&mut self) -> Heard {
        loop {
            tokio::select! {
                () = self.woken.notified() => {}
                _ = self.closing.wait_for(|closing| *closing) => return Heard::Over,
            }
            let touched = self.subscription.take();
            if touched == Touched::default() {
                continue;
            }
            if !self.still().await {
                return Heard::Over;
            }
            return Heard::Moved(if touched.all { vec![] } else { touched.kinds.into_iter().collect() });
        }
    }

    /// Before anything is told: whether this principal may still listen. Reading its rights also lets the hub poke it
    /// by the new ones, after rights have moved.
    async fn still(&self) -> bool {
        let (of, token) = (self.of, self.token.clone());
        let asked = self.server.run(move |server| {
            let now = server.now();
            let open = token.is_none_or(|token| server.hub().session_of(&token, now).is_ok());
            Ok(open && !server.hub().held(of, now)?.standing.blocked)
        });
        asked.await.unwrap_or(false)
    }

    /// As server-sent events. The first only leaves a mark; who comes back with it after a gap is told at once that
    /// anything may have moved.
    pub fn events(self, again: bool) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
        let stream = unfold((self, Some(again)), |(mut listening, beginning)| async move {
            let kinds = match beginning {
                Some(false) => return Some((Ok(Event::default().id("1")), (listening, None))),
                Some(true) => vec![],
                None => match listening.next().await {
                    Heard::Moved(kinds) => kinds,
                    Heard::Over => return None,
                },
            };
            let event = Event::default().id("1").json_data(kinds).unwrap_or_default();
            Some((Ok(event), (listening, None)))
        });
        Sse::new(stream).keep_alive(KeepAlive::new().interval(QUIET))
    }
}
