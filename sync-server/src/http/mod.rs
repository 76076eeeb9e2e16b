//! What is the same for every route: limits, errors, the log line, headers, cookies, the web build.

mod auth;
mod doors;
mod headers;
mod log;
mod patience;
mod problem;
mod rate;
mod stream;
mod web;

pub use auth::{Browser, Device, SESSION_MS, closed_cookie, loopback, open_cookie};
pub use doors::{Door, doors};
pub use problem::Problem;
pub use rate::{Buckets, Caller};
pub use stream::{Heard, Listening};

use crate::server::Server;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::any;
use std::path::Path;

/// Every route. `web` is the folder of the web build, if the screens are served from here.
pub fn router(server: &Server, web: Option<&Path>) -> Router {
    let add = |api: Router<Server>, door: Door| api.route(door.path, door.route(server));
    let api = doors()
        .into_iter()
        .fold(Router::new(), add)
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
