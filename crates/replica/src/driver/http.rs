//! The door of the server: one request, one answer, both compressed.

use super::Address;
use crate::engine::Outcome;
use records::wire::Exchange;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use serde::Deserialize;
use std::io::Read;
use std::time::Duration;

/// Bytes of an answer at most, compressed; a page and its echoes stay far below.
const ANSWER_BYTES: usize = 16 << 20;
/// Bytes of an answer at most once it is unpacked.
const UNPACKED_BYTES: u64 = 64 << 20;
const CONNECT: Duration = Duration::from_secs(10);
const WHOLE: Duration = Duration::from_secs(55);
/// A server that names no time is left alone this long.
const BUSY_MS: u32 = 5_000;

/// What came of a request.
pub enum Answer {
    /// A whole answer.
    Bytes(Vec<u8>),
    /// The server has met a twin of this store.
    Twin,
    /// Anything else, as the engine needs it.
    Other(Outcome),
}

/// What the server says when it takes nothing of a request.
#[derive(Deserialize)]
struct Refusal {
    code: String,
}

/// A client that speaks TLS as this app does: for the exchange, and for what a host asks before it is paired.
///
/// # Errors
/// If the operating system's certificates cannot be used.
pub fn client() -> Result<Client, reqwest::Error> {
    // a second call finds the provider installed, which is as good
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().connect_timeout(CONNECT).build()
}

/// One server, one token.
#[derive(Clone)]
pub struct Door {
    client: Client,
    address: Address,
}

impl Door {
    pub fn new(address: Address) -> Result<Self, reqwest::Error> {
        Ok(Self { client: client()?, address })
    }

    pub async fn sync(&self, exchange: &Exchange) -> Answer {
        let Ok(json) = serde_json::to_vec(exchange) else { return Answer::Other(Outcome::Broken) };
        let Ok(body) = zstd::bulk::compress(&json, 3) else { return Answer::Other(Outcome::Broken) };
        let request = self
            .client
            .post(self.url("/v1/sync"))
            .timeout(WHOLE)
            .bearer_auth(&self.address.token)
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_ENCODING, "zstd")
            .header(ACCEPT_ENCODING, "zstd")
            .body(body);
        match request.send().await {
            Ok(response) if response.status() == StatusCode::OK => whole(response).await,
            Ok(response) => refused(response).await,
            Err(_) => Answer::Other(Outcome::Broken),
        }
    }

    /// Opens the stream of pokes; it has no end of its own.
    pub async fn pokes(&self) -> Option<Response> {
        let request = self.client.get(self.url("/v1/pokes")).bearer_auth(&self.address.token);
        let response = request.header(ACCEPT, "text/event-stream").send().await.ok()?;
        (response.status() == StatusCode::OK).then_some(response)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address.server.trim_end_matches('/'))
    }
}

async fn whole(mut response: Response) -> Answer {
    let packed = response.headers().get(CONTENT_ENCODING).is_some_and(|how| how == "zstd");
    let mut bytes = vec![];
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() <= ANSWER_BYTES => bytes.extend_from_slice(&chunk),
            Ok(None) => break,
            Ok(Some(_)) | Err(_) => return Answer::Other(Outcome::Broken),
        }
    }
    if !packed {
        return Answer::Bytes(bytes);
    }
    match unpacked(&bytes) {
        Ok(bytes) => Answer::Bytes(bytes),
        Err(_) => Answer::Other(Outcome::Broken),
    }
}

fn unpacked(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = vec![];
    zstd::stream::read::Decoder::new(bytes)?.take(UNPACKED_BYTES).read_to_end(&mut out)?;
    Ok(out)
}

/// 401 and 403 never delete anything: the person signs in again, and recording goes on.
async fn refused(response: Response) -> Answer {
    let status = response.status();
    let wait = response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok()?.parse::<u32>().ok());
    let code = match response.bytes().await {
        Ok(bytes) => serde_json::from_slice::<Refusal>(&bytes).map(|r| r.code).unwrap_or_default(),
        Err(_) => String::new(),
    };
    if code == "new_incarnation" {
        return Answer::Twin;
    }
    Answer::Other(match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Outcome::SignIn,
        StatusCode::UPGRADE_REQUIRED => Outcome::Upgrade,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            Outcome::Busy(wait.map_or(BUSY_MS, |s| s.saturating_mul(1000)))
        }
        _ => Outcome::Broken,
    })
}
