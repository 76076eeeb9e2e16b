//! `POST /v1/sync` and `GET /v1/pokes`.

use crate::http::{Device, Heard, Listening, Problem};
use crate::server::Server;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use nursery::access::Principal;
use nursery::core::Code;
use records::limits;
use records::wire::Exchange;
use serde::Serialize;
use std::io::Read;
use std::time::Duration;

/// Bytes of a request as it travels: a whole batch, notes and cursor, were none of it compressed.
pub const SYNC_BYTES: usize = 3 * limits::BATCH_BYTES;
/// Level of compression: where time is won on a mobile network and not lost on the server.
const LEVEL: i32 = 3;
/// How long a poke is waited for where streams do not get through.
const LONG_POLL: Duration = Duration::from_secs(50);

/// What a long poll hears.
#[derive(Serialize)]
struct Poked {
    kinds: Vec<&'static str>,
}

/// One exchange. JSON, with zstd where the headers say so.
pub async fn sync(
    State(server): State<Server>,
    Device(session): Device,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let packed = says_zstd(&headers, &header::CONTENT_ENCODING);
    let wants = says_zstd(&headers, &header::ACCEPT_ENCODING);
    let reply = server.run(move |server| {
        let request = read_exchange(&body, packed)?;
        drop(body);
        let reply = server.hub().exchange(&session, request, server.now())?;
        let json = serde_json::to_vec(&reply).map_err(|error| Problem::busy(error.to_string()))?;
        if !wants {
            return Ok(json);
        }
        zstd::encode_all(json.as_slice(), LEVEL).map_err(|error| Problem::busy(error.to_string()))
    });
    let mut response = reply.await?.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if wants {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("zstd"));
    }
    Ok(response)
}

fn says_zstd(headers: &HeaderMap, name: &header::HeaderName) -> bool {
    let values = headers.get_all(name);
    let mut words = values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split([',', ';']));
    words.any(|word| word.trim() == "zstd")
}

/// Reads a request as it travelled. Unpacks no more than the limit, whatever the packed bytes claim.
///
/// # Errors
/// `bad_input`, or `too_large` beyond [`SYNC_BYTES`].
pub fn read_exchange(body: &[u8], packed: bool) -> Result<Exchange, Problem> {
    if !packed {
        return serde_json::from_slice(body).map_err(|_| Code::BadInput.into());
    }
    let mut json = vec![];
    let unpacked = zstd::Decoder::new(body).map_err(|_| Code::BadInput)?;
    let limit = u64::try_from(SYNC_BYTES).unwrap_or(u64::MAX);
    unpacked.take(limit + 1).read_to_end(&mut json).map_err(|_| Code::BadInput)?;
    if json.len() > SYNC_BYTES {
        return Err(Code::TooLarge.into());
    }
    serde_json::from_slice(&json).map_err(|_| Code::BadInput.into())
}

/// Which kinds moved for this device: as server-sent events, or once for who accepts only JSON.
pub async fn pokes(
    State(server): State<Server>,
    Device(session): Device,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut listening = Listening::begin(&server, Principal::Device(session.device), None).await?;
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if !accept.starts_with("application/json") {
        return Ok(listening.events(headers.contains_key("last-event-id")).into_response());
    }
    // nothing heard is answered as "anything may have moved": between two polls nobody listens
    let kinds = match tokio::time::timeout(LONG_POLL, listening.next()).await {
        Ok(Heard::Moved(kinds)) => kinds,
        Ok(Heard::Over) | Err(_) => vec![],
    };
    Ok(Json(Poked { kinds }).into_response())
}
