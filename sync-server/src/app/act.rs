//! `POST /v1/app/act`.

use super::known_clock;
use crate::chance::NewIds;
use crate::http::{Browser, Problem};
use crate::server::Server;
use axum::Json;
use axum::extract::State;
use hub::{Committed, Hands, Here, WebSession};
use nursery::access::{Principal, Standing};
use nursery::command::Order;
use nursery::core::{Act, Code, Done, Moment, Proof, Refusal, Who, get};
use nursery::people::Person;
use records::wire::Verdict;
use records::{Change, DeviceTime, PersonId, RecordId, ServerTime};
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
    let (recorder, proof) = recorder(server, session, &order, now)?;
    let mut ids = NewIds::at(now).map_err(|error| Problem::busy(error.to_string()))?;
    let hands = Hands { session: session.person, recorder };
    let (act, committed) = server.hub().act_as(hands, now, move |here| {
        let who = Who { device: session.device, person: Some(recorder), standing: standing(hands, here)?, proof };
        let (at, clock) = (DeviceTime(now.0), known_clock(now));
        let mut moment = Moment { at, clock, basis: here.basis, app: env!("CARGO_PKG_VERSION"), ids: &mut ids };
        nursery::command::act(here.records, &who, &mut moment, order.command)
    })?;
    told(&act.changes, act.done, &committed)
}

/// Whoever records: the signed-in person, or a colleague who types a PIN for this one order. A PIN that is typed is
/// checked, also the own one: it may be what the order asks for.
fn recorder(
    server: &Server,
    session: WebSession,
    order: &Order,
    now: ServerTime,
) -> Result<(PersonId, Proof), Problem> {
    let signed_in = session.person;
    let person = order.person.unwrap_or(signed_in);
    if person == signed_in && order.pin.is_none() {
        return Ok((person, Proof::Own));
    }
    let records = server.hub().records_for(Principal::Person(signed_in), now)?;
    let colleague = server.hub().held(Principal::Person(person), now)?;
    // the same answer for somebody who is not there, is no colleague, or has typed a wrong PIN; oneself is whoever works
    // nowhere too: the city
    let at_work = || !together(&records.held().standing, &colleague.standing).places.is_empty();
    if person != signed_in && !at_work() {
        return Err(Code::PinNeeded.into()); // uncounted: a stranger locks nobody's PIN
    }
    let kept = get::<Person>(&records, person.0)?.and_then(|person| person.pin);
    server.pins().check((signed_in, person), order.pin.as_deref().unwrap_or_default(), kept.as_deref(), now)?;
    Ok((person, Proof::Pin))
}

/// What the recorder may do in this session. Asked again in the turn: rights may have gone since the PIN was typed.
fn standing(hands: Hands, here: &Here<'_>) -> Result<Standing, Refusal> {
    if hands.recorder == hands.session {
        return Ok(here.session.clone());
    }
    let standing = together(here.session, here.recorder);
    if standing.places.is_empty() { Err(Code::PinNeeded.into()) } else { Ok(standing) }
}

/// What a colleague may do at somebody else's screen: what both work at, and nothing of the own family or the city.
fn together(signed_in: &Standing, colleague: &Standing) -> Standing {
    let mut standing = colleague.clone();
    standing.places.retain(|facility, _| signed_in.staff_at(*facility));
    standing.family.clear();
    standing.city = false;
    standing
}

/// Commits an act in the name of a person.
///
/// # Errors
/// The code of the first refusal if nothing of the act was accepted.
pub fn commit(server: &Server, person: PersonId, act: Act, now: ServerTime) -> Result<Done, Problem> {
    let committed = server.hub().commit_as(person, act.changes.clone(), now)?;
    told(&act.changes, act.done, &committed)
}

/// What the screen is told: only what was accepted.
fn told(changes: &[Change], mut done: Done, committed: &Committed) -> Result<Done, Problem> {
    let accepted = accepted(changes, committed);
    if accepted.is_empty() && !changes.is_empty() {
        return Err(Problem::refused(committed.refused().unwrap_or(Code::Upgrade.as_str())));
    }
    done.records.retain(|record| accepted.contains(record));
    Ok(done)
}

fn accepted(changes: &[Change], committed: &Committed) -> BTreeSet<RecordId> {
    let fine = committed.verdicts.iter().map(|answered| matches!(answered.verdict, Verdict::Accepted { .. }));
    changes.iter().zip(fine).filter(|(_, fine)| *fine).map(|(change, _)| change.head.id).collect()
}
