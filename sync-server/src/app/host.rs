//! `POST /v1/app/host`: what a screen asks of its host and not of the records.

use super::sign_in::{close, signed};
use crate::http::{Browser, Caller, Problem, closed_cookie};
use crate::server::Server;
use crate::{invite, join, office};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use hub::WebSession;
use nursery::access::Principal;
use nursery::core::Code;
use nursery::view::host::{HostReply, HostRequest, SyncView, SyncWord};
use records::DeviceTime;

/// Answers a screen's request of its host. A browser keeps nothing, so there is no queue and nothing to pair here.
pub async fn host(
    State(server): State<Server>,
    browser: Option<Browser>,
    caller: Caller,
    headers: HeaderMap,
    Json(request): Json<HostRequest>,
) -> Result<Response, Problem> {
    match (request, browser) {
        (HostRequest::Start, browser) => {
            let session = browser.map(|browser| browser.session);
            told(server.run(move |server| start(server, session)).await?)
        }
        (HostRequest::JoinLook { token, .. }, _) => {
            caller.knocks(&server)?;
            told(server.run(move |server| join::look(server, &token)).await?)
        }
        (HostRequest::Join { token, name, kana, relation, phone, .. }, browser) => {
            let new = join::Joining { token, name, kana, relation, phone };
            caller.knocks(&server)?;
            let joined = server.run(move |server| {
                let joined = join::in_browser(server, &new, browser.as_ref().map(|browser| browser.session))?;
                close(server, browser.filter(|_| joined.is_some()))?;
                Ok(joined)
            });
            let joined = joined.await?;
            joined.map_or_else(|| told(HostReply::Ok), |signed_in| Ok(signed(&signed_in, &headers)))
        }
        (HostRequest::SignOut, browser) => sign_out(&server, browser, &headers).await,
        (request, Some(browser)) => {
            let url = office::address(&server, &headers);
            told(server.run(move |server| signed_in(server, browser.session, request, &url)).await?)
        }
        (_, None) => Err(Problem::signed_out()),
    }
}

fn told(reply: HostReply) -> Result<Response, Problem> {
    Ok(Json(reply).into_response())
}

fn start(server: &Server, session: Option<WebSession>) -> Result<HostReply, Problem> {
    let anybody = match session {
        Some(session) => server.hub().held(Principal::Person(session.person), server.now())?.standing.anybody(),
        None => false,
    };
    let waiting = session.filter(|_| !anybody);
    let nursery = match waiting {
        Some(session) => join::nursery_of(server, session.person)?,
        None => None,
    };
    Ok(HostReply::Start { ready: anybody, browser: true, pending: waiting.is_some(), server: None, nursery })
}

fn signed_in(server: &Server, session: WebSession, request: HostRequest, url: &str) -> Result<HostReply, Problem> {
    match request {
        HostRequest::Sync | HostRequest::SyncNow => Ok(HostReply::Sync(online(server))),
        HostRequest::Queue => Ok(HostReply::Queue { items: vec![] }),
        HostRequest::ExportQueue => Ok(HostReply::Text { text: "[]".to_owned() }),
        HostRequest::PairWaiting => office::waiting(server, session.person),
        HostRequest::PairConfirm { code, facility } => office::confirm(server, session.person, &code, facility),
        HostRequest::Invite { child, facility } => invite::invite(server, session, child, facility, url),
        // a browser belongs to one person, keeps nothing, and its date is the server's
        _ => Err(Code::NotAllowed.into()),
    }
}

fn online(server: &Server) -> SyncView {
    let now = DeviceTime(server.now().0);
    SyncView {
        word: SyncWord::Sent,
        waiting: 0,
        troubles: 0,
        offline_since: None,
        last_sync: Some(now),
        heard: Some(now),
        urgent: false,
        online_only: true,
        sign_in_again: false,
    }
}

async fn sign_out(server: &Server, browser: Option<Browser>, headers: &HeaderMap) -> Result<Response, Problem> {
    server.run(move |server| close(server, browser)).await?;
    let mut response = Json(HostReply::Ok).into_response();
    if let Some(cookie) = closed_cookie(headers) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
