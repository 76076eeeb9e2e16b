//! Headers that guard every answer.

use super::problem::Problem;
use crate::server::Server;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use nursery::core::Code;

/// Own scripts only, none inline; nobody frames a page; nothing is sent elsewhere. Styles may be inline: drawn faces and
/// positions are attributes.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
    font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const GUARDS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "geolocation=(), microphone=(), camera=(self)"),
];

/// Adds the guards.
pub async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in GUARDS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// No cache keeps an answer about people.
pub async fn never_kept(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Turns away what another site's page sends through a browser, besides `SameSite=Strict`.
pub async fn same_origin(State(server): State<Server>, request: Request, next: Next) -> Response {
    if request.method() == Method::GET || own(request.headers(), server.url()) {
        next.run(request).await
    } else {
        Problem::code(Code::NotAllowed).into_response()
    }
}

/// Browsers of today say from where a request comes; older ones name the origin of the page. An app says neither.
fn own(headers: &HeaderMap, url: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            let ours = url.is_some_and(|url| url.trim_end_matches('/') == origin);
            ours || host.is_some_and(|host| text("host") == Some(host))
        }
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::own;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    fn from(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_pages_of_this_server_and_apps_are_own() {
        let host = ("host", "hoiku.example.jp");
        for (headers, fine) in [
            (from(&[host]), true),
            (from(&[host, ("sec-fetch-site", "same-origin"), ("origin", "https://hoiku.example.jp")]), true),
            (from(&[host, ("sec-fetch-site", "same-site")]), false),
            (from(&[host, ("sec-fetch-site", "cross-site")]), false),
            (from(&[host, ("origin", "https://hoiku.example.jp")]), true),
            (from(&[host, ("origin", "https://hoiku.example.jp.evil.example")]), false),
            (from(&[host, ("origin", "null")]), false),
        ] {
            assert_eq!(own(&headers, None), fine, "{headers:?}");
        }
    }

    #[test]
    fn behind_a_proxy_the_address_that_the_server_was_told_is_own() {
        let headers = from(&[("host", "127.0.0.1:8700"), ("origin", "https://hoiku.example.jp")]);
        assert!(own(&headers, Some("https://hoiku.example.jp/")));
        assert!(!own(&headers, Some("https://other.example.jp")));
    }
}
