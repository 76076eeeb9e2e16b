//! `POST /v1/join/look` and `/v1/join`: from an app with its key, or from a browser without.

use super::Paired;
use crate::app::signed;
use crate::http::Problem;
use crate::join::{self, Joining, NewDevice};
use crate::server::Server;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use nursery::devices::Purpose;
use nursery::view::host::HostReply;
use serde::Deserialize;

/// What a phone is called that does not say its name.
const NAMELESS: &str = "スマートフォン";

/// Which invitation.
#[derive(Deserialize)]
pub struct Look {
    token: String,
}

/// What somebody typed, and the key of the app if it is one.
#[derive(Deserialize)]
pub struct Join {
    #[serde(flatten)]
    new: Joining,
    #[serde(default)]
    public_key: Option<String>,
    #[serde(default)]
    device_name: Option<String>,
}

/// What an invitation is for.
pub async fn join_look(State(server): State<Server>, Json(asked): Json<Look>) -> Result<Json<HostReply>, Problem> {
    server.run(move |server| join::look(server, &asked.token)).await.map(Json)
}

/// Uses an invitation.
pub async fn join(
    State(server): State<Server>,
    headers: HeaderMap,
    Json(asked): Json<Join>,
) -> Result<Response, Problem> {
    let Join { new, public_key, device_name } = asked;
    let Some(public_key) = public_key else {
        let signed_in = server.run(move |server| join::in_browser(server, &new, None)).await?;
        return Ok(signed_in.map_or_else(|| Json(HostReply::Ok).into_response(), |new| signed(&new, &headers)));
    };
    let device = NewDevice { public_key, name: device_name.unwrap_or_else(|| NAMELESS.to_owned()) };
    let paired = server.run(move |server| {
        let (person, session, token) = join::on_device(server, &new, &device)?;
        Paired::new(server, session.device, token, Some(person), (Purpose::Personal, device.name))
    });
    Ok(Json(paired.await?).into_response())
}
