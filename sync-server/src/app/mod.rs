//! The browser's door: the same questions and orders as on a device, over the server's records behind the same sight.

mod act;
mod ask;
mod host;
mod sign_in;

pub use act::{act, commit};
pub use ask::ask;
pub use host::host;
pub use sign_in::{sign_in, signed};

use crate::http::{Browser, Listening, Problem};
use crate::server::Server;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use hub::WebSession;
use nursery::access::{Principal, Standing};
use nursery::core::{Clock, Proof, Who};
use records::ServerTime;

/// `GET /v1/app/pokes`: which kinds moved for this person, as server-sent events.
pub async fn pokes(
    State(server): State<Server>,
    browser: Browser,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let of = Principal::Person(browser.session.person);
    let again = headers.contains_key("last-event-id");
    Ok(Listening::begin(&server, of, Some(browser.token)).await?.events(again))
}

/// Who asks in a browser.
fn who(session: WebSession, standing: Standing) -> Who {
    Who { device: session.device, person: Some(session.person), standing, proof: Proof::Own }
}

/// What is known about the clock of a browser's host: it is the server's own.
fn known_clock(now: ServerTime) -> Clock {
    Clock { error_ms: Some(0), highest_ms: now.0, confirmed: None, heard_ms: now.0 }
}
