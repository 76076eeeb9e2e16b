//! Nobody is waited for without an end: a body that stops coming holds no connection for ever.

use super::problem::Problem;
use crate::server::Server;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Answers within the server's patience. What is asked with GET has no body, and streams have no end of their own.
pub async fn limited(State(server): State<Server>, request: Request, next: Next) -> Response {
    if request.method() == Method::GET {
        return next.run(request).await;
    }
    let answered = tokio::time::timeout(server.patience(), next.run(request)).await;
    answered.unwrap_or_else(|_| Problem::too_slow().into_response())
}
