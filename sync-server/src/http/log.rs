//! One line per request on stderr: a number, the route (never a path with ids, never a query), the status, how long.
//! The same number is what a person reads out on the telephone.

use super::problem::Problem;
use crate::server::Server;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;

/// Letters that are not mistaken for one another when read out.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Logs a request, and gives whatever failed its code and number.
pub async fn each_request(State(server): State<Server>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let number = number(server.next_request());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let problem = Problem::behind(&response);
    let (code, detail) = problem.as_ref().map_or(("", ""), Problem::for_log);
    let (status, ms) = (response.status().as_u16(), began.elapsed().as_millis());
    if status >= 500 {
        tracing::error!("{number} {method} {route} {status} {ms} ms {code} {detail}");
    } else {
        tracing::info!("{number} {method} {route} {status} {ms} ms {code}");
    }
    match problem {
        Some(problem) => problem.told(&number, response.headers()),
        None => response,
    }
}

/// Six letters; numbers that follow one another look unlike, so that a misheard letter finds no neighbour.
fn number(count: u32) -> String {
    let mut mixed = count.wrapping_mul(0x9E37_79B1);
    (0..6)
        .map(|_| {
            let letter = LETTERS.get((mixed & 31) as usize).copied().unwrap_or(b'2');
            mixed = mixed.rotate_right(5);
            char::from(letter)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::number;
    use std::collections::BTreeSet;

    #[test]
    fn ten_thousand_requests_have_ten_thousand_numbers() {
        assert_eq!((0..10_000).map(number).collect::<BTreeSet<_>>().len(), 10_000);
    }
}
