//! A small bucket per address for the doors that anybody may knock at: signing in, joining, pairing.

use super::problem::Problem;
use crate::server::Server;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use records::ServerTime;
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

/// The time in which an address gets a try back, ms.
const REFILL_MS: i64 = 1_000;
/// Addresses remembered; beyond, those with a full bucket are forgotten.
const REMEMBERED: usize = 20_000;

/// Tries left per address.
pub struct Buckets {
    /// Tries that one address has at once.
    full: u32,
    all: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    left: u32,
    since: i64,
}

impl Buckets {
    /// Buckets of this size.
    pub fn of(full: u32) -> Self {
        Self { full, all: Mutex::default() }
    }

    /// Takes one try of this address; false if it has none.
    pub fn take(&self, address: IpAddr, now: ServerTime) -> bool {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.retain(|_, bucket| self.refilled(*bucket, now.0).left < self.full);
        }
        if all.len() >= REMEMBERED && !all.contains_key(&address) {
            return false;
        }
        let bucket = all.entry(address).or_insert(Bucket { left: self.full, since: now.0 });
        *bucket = self.refilled(*bucket, now.0);
        let fine = bucket.left > 0;
        bucket.left = bucket.left.saturating_sub(1);
        fine
    }

    fn refilled(&self, bucket: Bucket, now: i64) -> Bucket {
        let back = now.saturating_sub(bucket.since).max(0) / REFILL_MS;
        let left = bucket.left.saturating_add(u32::try_from(back).unwrap_or(self.full)).min(self.full);
        let since = if left == self.full { now } else { bucket.since + back * REFILL_MS };
        Bucket { left, since }
    }
}

/// The address that asks.
pub struct Caller(IpAddr);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        Ok(Self(address(peer.unwrap_or(Ipv4Addr::LOCALHOST.into()), &parts.headers)))
    }
}

impl Caller {
    /// Takes one of this address's tries.
    ///
    /// # Errors
    /// `too_many` if it has none left.
    pub fn knocks(&self, server: &Server) -> Result<(), Problem> {
        if server.buckets().take(self.0, server.now()) { Ok(()) } else { Err(Problem::too_many()) }
    }
}

/// Lets a request through while its address has tries left.
pub async fn limited(State(server): State<Server>, caller: Caller, request: Request, next: Next) -> Response {
    match caller.knocks(&server) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// Whom to count: the peer, or whom a proxy on this machine names last. An IPv6 network of 64 bits counts as one.
fn address(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = || {
        let all = headers.get_all("x-forwarded-for").iter().next_back()?;
        all.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let address = if peer.is_loopback() { forwarded().unwrap_or(peer) } else { peer };
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
    const OTHER: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 8));

    #[test]
    fn an_address_runs_dry_alone_and_fills_with_time() {
        let buckets = Buckets::of(60);
        let spent = (0..65).filter(|_| buckets.take(HOME, ServerTime(0))).count();
        assert_eq!(spent, 60);
        assert!(buckets.take(OTHER, ServerTime(0)));
        assert!(!buckets.take(HOME, ServerTime(REFILL_MS - 1)));
        assert!(buckets.take(HOME, ServerTime(REFILL_MS)));
        assert!(!buckets.take(HOME, ServerTime(REFILL_MS)));
    }

    #[test]
    fn only_a_proxy_on_this_machine_may_name_another_address() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "198.51.100.1, 203.0.113.7".parse().unwrap());
        assert_eq!(address(Ipv4Addr::LOCALHOST.into(), &headers), HOME);
        assert_eq!(address(OTHER, &headers), OTHER);
        headers.insert("x-forwarded-for", "nonsense".parse().unwrap());
        assert_eq!(address(Ipv4Addr::LOCALHOST.into(), &headers), IpAddr::from(Ipv4Addr::LOCALHOST));
    }

    #[test]
    fn one_network_of_ipv6_counts_as_one_address() {
        let of = |text: &str| address(text.parse().unwrap(), &HeaderMap::new());
        assert_eq!(of("2001:db8:1:2::3"), of("2001:db8:1:2:ffff::4"));
        assert_ne!(of("2001:db8:1:2::3"), of("2001:db8:1:3::3"));
        assert_eq!(of("::ffff:203.0.113.7"), HOME);
    }
}
