//! A new invitation for a child, made by the office or the ICT contact of its site.

use crate::app::commit;
use crate::chance::NewIds;
use crate::http::Problem;
use crate::join::{invitation_id, new_token};
use crate::qr;
use crate::server::Server;
use hub::WebSession;
use nursery::access::{Place, Principal};
use nursery::core::{Clock, Code, Composer, Moment, Proof, Scan, Who, collect};
use nursery::devices::Invitation;
use nursery::ids::{ChildId, FacilityId};
use nursery::people::{Placement, Role};
use nursery::view::host::HostReply;
use records::DeviceTime;

/// An invitation lasts two weeks: a sheet of paper goes home and lies there.
const LASTS_MS: i64 = 14 * 86_400_000;
/// Letters of a token in one group on paper.
const GROUP: usize = 5;

/// Makes an invitation; the token is told once and not kept.
///
/// # Errors
/// [`Code::NotFound`] for a child or site that is not there or not this person's.
pub fn invite(
    server: &Server,
    session: WebSession,
    child: ChildId,
    facility: FacilityId,
    url: &str,
) -> Result<HostReply, Problem> {
    let now = server.now();
    let basis = server.hub().grants()?;
    let records = server.hub().records_for(Principal::Person(session.person), now)?;
    let standing = records.held().standing.clone();
    if !standing.places.get(&facility).is_some_and(invites) || !standing.care.contains(&child) {
        return Err(Code::NotFound.into());
    }
    let placements: Vec<Placement> = collect(&records, &Scan::of::<Placement>().key(0, child))?;
    if !placements.iter().any(|placement| placement.facility == facility && placement.meta.counts()) {
        return Err(Code::NotFound.into());
    }
    let failed = |error: std::io::Error| Problem::busy(error.to_string());
    let (token, mut ids) = (new_token().map_err(failed)?, NewIds::at(now).map_err(failed)?);
    let expires = DeviceTime(now.0).plus_ms(LASTS_MS);
    let feed = standing.municipality.into();
    let who = Who { device: session.device, person: Some(session.person), standing, proof: Proof::Own };
    let (at, app) = (DeviceTime(now.0), env!("CARGO_PKG_VERSION"));
    let mut moment = Moment { at, clock: Clock::default(), basis, app, ids: &mut ids };
    let mut composer = Composer::new(&who, session.person, &mut moment);
    let new = Invitation {
        child,
        facility,
        token_hash: Some(seal::token_hash(&token).to_string()),
        expires: Some(expires),
        ..Invitation::default()
    };
    let keys = new.key_ids();
    composer.make_as(invitation_id(&token), feed, child.into(), None, new, keys)?;
    commit(server, session.person, composer.finish(), now)?;
    let url = format!("{url}/join#{token}");
    Ok(HostReply::Invitation { qr_svg: qr::svg(&url), url, code: grouped(&token), expires })
}

/// Whether somebody in this place may pair devices and invite.
#[must_use]
pub fn invites(place: &Place) -> bool {
    place.office() || place.roles.contains(&Role::IctContact)
}

fn grouped(token: &str) -> String {
    let letters: Vec<char> = token.chars().collect();
    letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_code_to_be_typed_comes_in_groups() {
        assert_eq!(super::grouped("abcdefghijklmnopqrstuvwxyz"), "abcde-fghij-klmno-pqrst-uvwxy-z");
    }
}
