//! The web build of the screens. Files in `assets/` carry the hash of their content in their name and are kept for
//! ever; every other file is asked about again; an unknown path is a page of the app.

use super::problem::Problem;
use crate::server::Server;
use axum::Router;
use axum::http::{HeaderValue, Response, header};
use nursery::core::Code;
use std::path::Path;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Adds the screens to the routes; without a folder there is nothing but the routes.
pub fn screens(api: Router<Server>, web: Option<&Path>) -> Router<Server> {
    let Some(web) = web else { return api.fallback(|| async { Problem::code(Code::NotFound) }) };
    let assets = Router::new()
        .fallback_service(ServeDir::new(web.join("assets")))
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, kept_if_found))
        .layer(CompressionLayer::new());
    let pages = Router::new()
        .fallback_service(ServeDir::new(web).fallback(ServeFile::new(web.join("index.html"))))
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, ASK_AGAIN))
        .layer(CompressionLayer::new());
    api.nest("/assets", assets).fallback_service(pages)
}

fn kept_if_found<B>(response: &Response<B>) -> Option<HeaderValue> {
    response.status().is_success().then_some(FOR_EVER)
}
