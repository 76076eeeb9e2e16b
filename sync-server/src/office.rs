//! What the office does beside the records: seeing which devices wait, and pairing them.

use crate::http::Problem;
use crate::invite::invites;
use crate::server::Server;
use axum::http::{HeaderMap, header};
use nursery::access::{Principal, Standing};
use nursery::core::Code;
use nursery::devices::Purpose;
use nursery::ids::FacilityId;
use nursery::view::host::HostReply;
use records::PersonId;
use uuid::Uuid;

/// Shared devices that wait.
///
/// # Errors
/// [`Code::NotFound`] for anybody but office and ICT contact.
pub fn waiting(server: &Server, person: PersonId) -> Result<HostReply, Problem> {
    let now = server.now();
    let held = server.hub().held(Principal::Person(person), now)?;
    if !held.standing.city && !held.standing.places.values().any(invites) {
        return Err(Code::NotFound.into());
    }
    Ok(HostReply::PairWaiting { devices: server.pairings().shared(now) })
}

/// Pairs the device whose code somebody has typed: a shared one for a facility, a personal one for a guardian.
///
/// # Errors
/// [`Code::NotFound`] for a code that is not open or not this person's to confirm, [`Code::PinLocked`] after five such.
pub fn confirm(server: &Server, person: PersonId, code: &str, facility: FacilityId) -> Result<HostReply, Problem> {
    let now = server.now();
    let held = server.hub().held(Principal::Person(person), now)?;
    let waiting = server.pairings().typed(code, person, now)?;
    let owner = owner(&held.standing, person, facility, waiting.purpose).ok_or(Code::NotFound)?;
    server.hub().pair_confirm(code, person, owner, waiting.purpose, now)?;
    Ok(HostReply::Ok)
}

/// Staff confirm devices of their site only: a code that somebody sends them must never open their own rights.
fn owner(standing: &Standing, person: PersonId, facility: FacilityId, purpose: Purpose) -> Option<Uuid> {
    let works = standing.city || !standing.places.is_empty();
    match purpose {
        Purpose::Personal => (!works).then_some(person.0),
        Purpose::ClassTablet | Purpose::Kiosk => {
            (standing.city || standing.places.get(&facility).is_some_and(invites)).then_some(facility.0)
        }
    }
}

/// Address for links: as the server was told, else as the request names it.
#[must_use]
pub fn address(server: &Server, headers: &HeaderMap) -> String {
    if let Some(url) = server.url() {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = if crate::http::loopback(headers) { "http" } else { "https" };
    format!("{scheme}://{host}")
}
