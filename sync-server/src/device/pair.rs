//! `POST /v1/pair` and `/v1/pair/poll`: a new device shows a code until somebody has typed it.

use super::Paired;
use crate::http::Problem;
use crate::pairings::Waiting;
use crate::server::Server;
use axum::Json;
use axum::extract::State;
use hub::{PairingState, PairingSubject};
use nursery::core::{Code, get};
use nursery::devices::{Device, Purpose};
use records::{PersonId, ServerTime};
use serde::{Deserialize, Serialize};

/// What a new device says of itself.
#[derive(Deserialize)]
pub struct Begin {
    public_key: String,
    name: String,
    #[serde(default)]
    purpose: Purpose,
}

/// What it shows, and what it keeps.
#[derive(Serialize)]
pub struct Begun {
    code: String,
    secret: String,
    expires: ServerTime,
}

/// With this it asks again.
#[derive(Deserialize)]
pub struct Poll {
    secret: String,
}

/// How it stands.
#[derive(Serialize)]
pub struct Polled {
    paired: bool,
    code: String,
    expires: ServerTime,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    with: Option<Paired>,
}

/// Begins a pairing.
pub async fn pair(State(server): State<Server>, Json(new): Json<Begin>) -> Result<Json<Begun>, Problem> {
    server.run(move |server| begin(server, new)).await.map(Json)
}

/// Says whether it is confirmed. Asked again within its ten minutes, the newest token opens.
pub async fn pair_poll(State(server): State<Server>, Json(asked): Json<Poll>) -> Result<Json<Polled>, Problem> {
    server.run(move |server| poll(server, &asked.secret)).await.map(Json)
}

fn begin(server: &Server, new: Begin) -> Result<Begun, Problem> {
    let Begin { public_key, name, purpose } = new;
    let now = server.now();
    let pairing = server.hub().pair_begin(PairingSubject { public_key, name: name.clone() }, now)?;
    let waiting = Waiting { ticket: seal::token_hash(&pairing.ticket), name, purpose, expires: pairing.expires };
    server.pairings().add(pairing.code.clone(), waiting, now);
    Ok(Begun { code: pairing.code, secret: pairing.ticket, expires: pairing.expires })
}

fn poll(server: &Server, secret: &str) -> Result<Polled, Problem> {
    let now = server.now();
    let (code, waiting) = server.pairings().of_ticket(seal::token_hash(secret), now).ok_or(Code::NotFound)?;
    let expires = waiting.expires;
    match server.hub().pair_state(secret, now)? {
        PairingState::Waiting => Ok(Polled { paired: false, code, expires, with: None }),
        PairingState::Confirmed { session, token } => {
            let record: Option<Device> = get(&server.hub().records()?, session.device.0)?;
            let owner = record.map(|device| PersonId(device.owner));
            let person = owner.filter(|_| waiting.purpose == Purpose::Personal);
            let paired = Paired::new(server, session.device, token, person, (waiting.purpose, waiting.name))?;
            Ok(Polled { paired: true, code, expires, with: Some(paired) })
        }
    }
}
