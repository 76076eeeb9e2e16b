//! `POST /v1/app/act`.

use super::{known_clock, who};
use crate::chance::NewIds;
use crate::http::{Browser, Problem};
use crate::server::Server;
use axum::Json;
use axum::extract::State;
use hub::{Committed, WebSession};
use nursery::access::Principal;
use nursery::command::Order;
use nursery::core::{Act, Code, Done, Moment, Proof, Records, Who, get};
use nursery::people::Person;
use records::wire::Verdict;
use records::{DeviceTime, PersonId, RecordId, ServerTime};
use std::collections::BTreeSet;

/// Carries an order out; the server signs for the browser.
pub async fn act(
    State(server): State<Server>,
    browser: Browser,
    Json(order): Json<Order>,
) -> Result<Json<Done>, Problem> {
    server.run(move |server| carry_out(server, browser.session, order)).await.map(Json)
}

fn carry_out(server: &Server, session: WebSession, order: Order) -> Result<Done, Problem> {
    let now = server.now();
    let basis = server.hub().grants()?;
    let records = server.hub().records_for(Principal::Person(session.person), now)?;
    let own = who(session, records.held().standing.clone());
    let who = recording(server, own, &order, &records, now)?;
    let person = who.person()?;
    let mut ids = NewIds::at(now).map_err(|error| Problem::busy(error.to_string()))?;
    let mut moment =
        Moment { at: DeviceTime(now.0), clock: known_clock(now), basis, app: env!("CARGO_PKG_VERSION"), ids: &mut ids };
    let act = nursery::command::act(&records, &who, &mut moment, order.command)?;
    commit(server, person, act, now)
}

/// Whoever records: the signed-in person, or a colleague who types a PIN for this one order.
fn recording(server: &Server, own: Who, order: &Order, records: &dyn Records, now: ServerTime) -> Result<Who, Problem> {
    let Some(person) = order.person.filter(|person| Some(*person) != own.person) else { return Ok(own) };
    let colleague = server.hub().held(Principal::Person(person), now)?;
    // the same answer for somebody who is not there, is no colleague, or has typed a wrong PIN
    let mut standing = colleague.standing.clone();
    standing.places.retain(|facility, _| own.standing.staff_at(*facility));
    if standing.places.is_empty() {
        return Err(Code::PinNeeded.into()); // uncounted: a stranger locks nobody's PIN
    }
    let kept = get::<Person>(records, person.0)?.and_then(|person| person.pin);
    server.pins().check(person, order.pin.as_deref().unwrap_or_default(), kept.as_deref(), now)?;
    standing.family.clear();
    standing.city = false;
    Ok(Who { device: own.device, person: Some(person), standing, proof: Proof::Pin })
}

/// Commits an act in the name of a person.
///
/// # Errors
/// The code of the first refusal if nothing of the act was accepted.
pub fn commit(server: &Server, person: PersonId, act: Act, now: ServerTime) -> Result<Done, Problem> {
    let records: Vec<RecordId> = act.changes.iter().map(|change| change.head.id).collect();
    let committed = server.hub().commit_as(person, act.changes, now)?;
    let accepted = accepted(&records, &committed);
    if accepted.is_empty() {
        return Err(Problem::refused(committed.refused().unwrap_or(Code::Upgrade.as_str())));
    }
    let mut done = act.done;
    done.records.retain(|record| accepted.contains(record));
    Ok(done)
}

fn accepted(records: &[RecordId], committed: &Committed) -> BTreeSet<RecordId> {
    let fine = committed.verdicts.iter().map(|answered| matches!(answered.verdict, Verdict::Accepted { .. }));
    records.iter().zip(fine).filter(|(_, fine)| *fine).map(|(record, _)| *record).collect()
}
