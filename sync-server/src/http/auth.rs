//! Who asks: a browser by its cookie, a device by its token.

use super::problem::Problem;
use crate::server::Server;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use hub::{Failure, Session, SignedIn, WebSession};
use std::net::IpAddr;

/// Name of the cookie.
const NAME: &str = "sazanami";
/// Its name where it travels over TLS only: no neighbouring site and no page in the clear can set one of this name, so
/// nobody is slipped into somebody else's session.
const HOST_NAME: &str = "__Host-sazanami";
/// Letters of a token at most; ours have 43.
const CHARS: usize = 64;
/// A browser stays signed in for thirty days.
pub const SESSION_MS: i64 = 30 * 86_400_000;

/// A signed-in browser.
pub struct Browser {
    /// Its session.
    pub session: WebSession,
    /// What the cookie holds.
    pub token: String,
}

/// A paired device.
pub struct Device(pub Session);

impl FromRequestParts<Server> for Browser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let token = cookie(&parts.headers).ok_or_else(Problem::signed_out)?;
        server.run(move |server| Self::of(server, token)).await
    }
}

impl OptionalFromRequestParts<Server> for Browser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Option<Self>, Problem> {
        let Some(token) = cookie(&parts.headers) else { return Ok(None) };
        let found = server.run(move |server| Self::of(server, token)).await;
        match found {
            Err(problem) if problem == Problem::signed_out() => Ok(None),
            found => found.map(Some),
        }
    }
}

impl Browser {
    fn of(server: &Server, token: String) -> Result<Self, Problem> {
        let session = server.hub().session_of(&token, server.now()).map_err(unknown)?;
        Ok(Self { session, token })
    }
}

impl FromRequestParts<Server> for Device {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or_else(Problem::signed_out)?;
        server.run(move |server| Ok(Self(server.hub().device_of(&token).map_err(unknown)?))).await
    }
}

/// A token that nobody has is no session; a store that fails is not the same.
fn unknown(failure: Failure) -> Problem {
    match failure {
        Failure::Refused { .. } => Problem::signed_out(),
        busy @ Failure::Busy(_) => busy.into(),
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    token(value.strip_prefix("Bearer ")?)
}

/// The session's token in a request's cookies.
fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE);
    let mut pairs = all.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    let name = if in_the_clear(headers) { NAME } else { HOST_NAME };
    pairs.find_map(|pair| token(pair.trim().strip_prefix(name)?.strip_prefix('=')?))
}

fn token(text: &str) -> Option<String> {
    (!text.is_empty() && text.len() <= CHARS).then(|| text.to_owned())
}

/// The cookie that opens a session. No script reads it, no other site sends it, and outside this machine it never
/// travels in the clear.
#[must_use]
pub fn open_cookie(signed_in: &SignedIn, headers: &HeaderMap) -> Option<HeaderValue> {
    set(&signed_in.token, SESSION_MS / 1_000, headers)
}

/// The cookie that takes it back.
#[must_use]
pub fn closed_cookie(headers: &HeaderMap) -> Option<HeaderValue> {
    set("", 0, headers)
}

fn set(token: &str, lasts_s: i64, headers: &HeaderMap) -> Option<HeaderValue> {
    let (name, secure) = if in_the_clear(headers) { (NAME, "") } else { (HOST_NAME, "; Secure") };
    let text = format!("{name}={token}; Path=/; Max-Age={lasts_s}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).ok()
}

/// True if nothing but this machine lies between browser and server. A proxy that does not pass the host's name on is
/// told by what it adds.
fn in_the_clear(headers: &HeaderMap) -> bool {
    let forwarded = ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "via"];
    loopback(headers) && !forwarded.iter().any(|name| headers.contains_key(*name))
}

/// True if the browser runs on this machine: it names the server `localhost` or by a loopback address.
#[must_use]
pub fn loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    let name = name.unwrap_or_default();
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn the_cookie_travels_in_the_clear_only_on_this_machine() {
        for (host, secure) in [
            ("localhost:8700", false),
            ("127.0.0.1:8700", false),
            ("[::1]:8700", false),
            ("hoiku.example.jp", true),
            ("192.168.1.5:8700", true),
            ("localhost.example.jp", true),
            ("[2001:db8::1]", true),
        ] {
            let cookie = closed_cookie(&with("host", host)).unwrap();
            assert_eq!(cookie.to_str().unwrap().contains("Secure"), secure, "{host}");
        }
        assert!(closed_cookie(&HeaderMap::new()).unwrap().to_str().unwrap().contains("Secure"));
    }

    #[test]
    fn behind_a_proxy_that_keeps_the_hosts_name_to_itself_the_cookie_is_secure_too() {
        let mut headers = with("host", "127.0.0.1:8700");
        headers.insert("x-forwarded-for", "203.0.113.7".parse().unwrap());
        assert!(closed_cookie(&headers).unwrap().to_str().unwrap().starts_with("__Host-sazanami=;"));
    }

    #[test]
    fn the_token_is_found_among_other_cookies_and_never_too_long() {
        let cookie = |cookies: &str| {
            let mut headers = with("host", "localhost:8700");
            headers.insert("cookie", cookies.parse().unwrap());
            cookie(&headers)
        };
        assert_eq!(cookie("a=b; sazanami=tok; c=d").as_deref(), Some("tok"));
        assert_eq!(cookie("xsazanami=tok"), None);
        assert_eq!(cookie("sazanami="), None);
        assert_eq!(cookie(&format!("sazanami={}", "x".repeat(65))), None);
    }

    #[test]
    fn over_tls_only_the_cookie_that_no_neighbour_can_set_is_read() {
        let mut headers = with("host", "hoiku.example.jp");
        headers.insert("cookie", "sazanami=theirs; __Host-sazanami=mine".parse().unwrap());
        assert_eq!(cookie(&headers).as_deref(), Some("mine"));
        headers.insert("cookie", "sazanami=theirs".parse().unwrap());
        assert_eq!(cookie(&headers), None);
    }
}
