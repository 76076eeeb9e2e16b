//! `POST /v1/app/sign-in`: a link becomes a session.

use crate::http::{Browser, Problem, SESSION_MS, open_cookie};
use crate::server::Server;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use hub::{Failure, SignedIn};
use nursery::core::Code;
use nursery::view::host::HostReply;
use serde::Deserialize;

/// What the page of a sign-in link sends.
#[derive(Deserialize)]
pub struct SignIn {
    token: String,
}

/// Uses a link: a new session in a cookie. The session that the browser had before is over.
pub async fn sign_in(
    State(server): State<Server>,
    before: Option<Browser>,
    headers: HeaderMap,
    Json(link): Json<SignIn>,
) -> Result<Response, Problem> {
    let signed_in = server.run(move |server| {
        let signed_in = open(server, &link.token)?;
        close(server, before)?;
        Ok(signed_in)
    });
    Ok(signed(&signed_in.await?, &headers))
}

/// Closes a session whose cookie is being replaced or taken back: nobody holds its token any more.
///
/// # Errors
/// `busy` if the store cannot be written.
pub fn close(server: &Server, session: Option<Browser>) -> Result<(), Problem> {
    if let Some(browser) = session {
        server.hub().session_close(&browser.token, server.now())?;
    }
    Ok(())
}

/// Done, with the session's cookie.
#[must_use]
pub fn signed(signed_in: &SignedIn, headers: &HeaderMap) -> Response {
    let mut response = Json(HostReply::Ok).into_response();
    if let Some(cookie) = open_cookie(signed_in, headers) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The same answer for a link that never was, was used, or has expired.
fn open(server: &Server, token: &str) -> Result<SignedIn, Problem> {
    let now = server.now();
    if let Some(person) = server.links().person(token) {
        return Ok(server.hub().session_open(person, SESSION_MS, now)?);
    }
    server.hub().link_use(token, SESSION_MS, now).map_err(|failure| match failure {
        Failure::Refused { .. } => Code::InvitationOver.into(),
        busy @ Failure::Busy(_) => busy.into(),
    })
}
