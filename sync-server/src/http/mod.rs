//! What is the same for every route: limits, errors, the log line, headers, cookies, the web build.

mod auth;
mod headers;
mod log;
mod patience;
mod problem;
mod rate;
mod stream;
mod web;

pub use auth::{Browser, Device, SESSION_MS, closed_cookie, loopback, open_cookie};
pub use problem::Problem;
pub use rate::{Buckets, Caller};
pub use stream::{Heard, Listening};

use crate::server::Server;
use crate::{app, device};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use std::path::Path;

/// Bytes of a question or a form.
const SMALL: usize = 16 * 1024;
/// Bytes of an order over a whole class.
const ORDER: usize = 64 * 1024;

/// Every route. `web` is the folder of the web build, if the screens are served from here.
pub fn router(server: &Server, web: Option<&Path>) -> Router {
    let open = Router::new()
        .route("/v1/app/sign-in", post(app::sign_in))
        .route("/v1/pair", post(device::pair))
        .route("/v1/pair/poll", post(device::pair_poll))
        .route("/v1/join/look", post(device::join_look))
        .route("/v1/join", post(device::join))
        .route_layer(from_fn_with_state(server.clone(), rate::limited))
        .layer(DefaultBodyLimit::max(SMALL));
    let app = Router::new()
        .route("/v1/app/ask", post(app::ask))
        .route("/v1/app/host", post(app::host))
        .route("/v1/app/pokes", get(app::pokes))
        .layer(DefaultBodyLimit::max(SMALL))
        .route("/v1/app/act", post(app::act).layer(DefaultBodyLimit::max(ORDER)));
    let device = Router::new()
        .route("/v1/sync", post(device::sync).layer(DefaultBodyLimit::max(device::SYNC_BYTES)))
        .route("/v1/pokes", get(device::pokes));
    let api = open
        .merge(app)
        .merge(device)
        .route("/v1/health", get(health))
        .route("/v1/{*rest}", any(unknown))
        .layer(from_fn_with_state(server.clone(), patience::limited))
        .layer(from_fn_with_state(server.clone(), headers::same_origin))
        .layer(from_fn(headers::never_kept));
    web::screens(api, web)
        .layer(from_fn_with_state(server.clone(), log::each_request))
        .layer(from_fn(headers::guarded))
        .with_state(server.clone())
}

/// Says that the server serves, and its version; nothing about its records.
async fn health() -> axum::Json<serde_json::Value> {
    axum::Json(serde_json::json!({ "ok": true, "version": env!("CARGO_PKG_VERSION") }))
}

async fn unknown() -> Problem {
    Problem::code(nursery::core::Code::NotFound)
}
