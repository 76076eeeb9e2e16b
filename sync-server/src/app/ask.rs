//! `POST /v1/app/ask`.

use super::{known_clock, who};
use crate::http::{Browser, Problem};
use crate::server::Server;
use axum::Json;
use axum::extract::State;
use hub::WebSession;
use nursery::access::Principal;
use nursery::view::{Query, View};
use records::DeviceTime;
use serde::Serialize;

/// A view, and when it is worth asking again.
#[derive(Serialize)]
pub struct Answered {
    view: View,
    /// Ask again when one of these moves …
    kinds: Vec<&'static str>,
    /// … or after so many milliseconds.
    stale_in_ms: u32,
    /// What the server's clock says, ms since the epoch: the screens' clock goes by it.
    now_ms: i64,
}

/// Answers a question over what this person may see.
pub async fn ask(
    State(server): State<Server>,
    browser: Browser,
    Json(query): Json<Query>,
) -> Result<Json<Answered>, Problem> {
    server.run(move |server| answer(server, browser.session, &query)).await.map(Json)
}

fn answer(server: &Server, session: WebSession, query: &Query) -> Result<Answered, Problem> {
    let now = server.now();
    let records = server.hub().records_for(Principal::Person(session.person), now)?;
    server.hub().may_look(records.held())?;
    let who = who(session, records.held().standing.clone());
    let answer = nursery::ask::ask(&records, &who, DeviceTime(now.0), known_clock(now), query)?;
    let kept = server.looks().keep(&answer.looks, session.device, now);
    kept.map_err(|error| Problem::busy(format!("the log of looks: {error}")))?;
    let nursery::view::Answer { view, kinds, stale_in_ms, now, .. } = answer;
    Ok(Answered { view, kinds, stale_in_ms, now_ms: now.0 })
}
