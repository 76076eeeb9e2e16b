//! Every door of the server, in one list. The router is built from it, tests knock at each of it, and
//! `docs/protocol.md` explains each: a door that is not in the list does not exist.

use super::rate;
use crate::server::Server;
use crate::{app, device};
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{self, MethodRouter};

/// Bytes of a question or a form.
const SMALL: usize = 16 * 1024;
/// Bytes of an order over a whole class.
const ORDER: usize = 64 * 1024;

/// One path, with the one method that it takes.
pub struct Door {
    /// GET or POST.
    pub method: Method,
    /// Below the server's address.
    pub path: &'static str,
    /// Bytes of a body that it reads.
    pub most_bytes: usize,
    /// Anybody may knock here: tries are counted by address.
    pub counted: bool,
    opens: MethodRouter<Server>,
}

impl Door {
    fn get<T: 'static>(path: &'static str, handler: impl Handler<T, Server>) -> Self {
        Self { method: Method::GET, path, most_bytes: SMALL, counted: false, opens: routing::get(handler) }
    }

    fn post<T: 'static>(path: &'static str, most_bytes: usize, handler: impl Handler<T, Server>) -> Self {
        Self { method: Method::POST, path, most_bytes, counted: false, opens: routing::post(handler) }
    }

    fn counted<T: 'static>(path: &'static str, handler: impl Handler<T, Server>) -> Self {
        Self { counted: true, ..Self::post(path, SMALL, handler) }
    }

    /// Its route, with what guards it.
    pub(super) fn route(self, server: &Server) -> MethodRouter<Server> {
        let route = self.opens.layer(DefaultBodyLimit::max(self.most_bytes));
        if self.counted { route.layer(from_fn_with_state(server.clone(), rate::limited)) } else { route }
    }
}

/// All of them.
#[must_use]
pub fn doors() -> Vec<Door> {
    vec![
        Door::get("/v1/health", super::health),
        Door::counted("/v1/app/sign-in", app::sign_in),
        Door::post("/v1/app/ask", SMALL, app::ask),
        Door::post("/v1/app/act", ORDER, app::act),
        Door::post("/v1/app/host", SMALL, app::host),
        Door::get("/v1/app/pokes", app::pokes),
        Door::counted("/v1/pair", device::pair),
        Door::counted("/v1/pair/poll", device::pair_poll),
        Door::counted("/v1/join/look", device::join_look),
        Door::counted("/v1/join", device::join),
        Door::post("/v1/sync", device::SYNC_BYTES, device::sync),
        Door::get("/v1/pokes", device::pokes),
    ]
}
