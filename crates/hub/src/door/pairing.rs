//! Pairing: the new device shows a code; somebody of the office sees the same code with the device's name and confirms.

use super::token;
use crate::error::{Failure, StoreError};
use crate::hub::{Hub, Session};
use nursery::access::{Principal, Standing};
use nursery::core::{Code, Kind};
use nursery::devices::{Device, Purpose};
use nursery::ids::FacilityId;
use nursery::people::Role;
use records::{DeviceId, PersonId, ServerTime};
use rusqlite::OptionalExtension;
use uuid::Uuid;

/// A request is over after ten minutes.
const LASTS_MS: i64 = 10 * 60_000;
/// Requests that may be open at a time.
const OPEN: i64 = 200;
/// Codes tried until one is free.
const TRIES: usize = 20;

/// What a new device says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairingSubject {
    /// Ed25519, 64 hexadecimal letters.
    pub public_key: String,
    /// As people will call it, such as うさぎ組 1.
    pub name: String,
}

/// An open request.
#[derive(Clone, Debug)]
pub struct Pairing {
    /// What the new device asks with; kept by it alone.
    pub ticket: String,
    /// Six digits, shown on both sides.
    pub code: String,
    /// Over after this.
    pub expires: ServerTime,
}

/// How a request stands.
#[derive(Clone, Debug)]
pub enum PairingState {
    /// Nobody has confirmed yet.
    Waiting,
    /// Confirmed. Asking again within the ten minutes gives a new token, of which the newest opens.
    Confirmed {
        /// The device that it is now.
        session: Session,
        /// For every request from now on.
        token: String,
    },
}

impl Hub {
    /// A new device asks to be paired.
    ///
    /// # Errors
    /// `bad_input` for a malformed key or name; [`Failure::Busy`] if too many requests are open.
    pub fn pair_begin(&self, subject: PairingSubject, now: ServerTime) -> Result<Pairing, Failure> {
        let PairingSubject { public_key, name } = subject;
        let like = Device { name: Some(name.clone()), public_key: Some(public_key.clone()), ..Device::default() };
        Device::check(None, &like)?;
        let made = self.write(now, move |turn| {
            let (conn, keys) = (turn.rows.conn, &turn.hub.keys);
            conn.execute("DELETE FROM pairing WHERE expires <= ?1", [turn.now.0])?;
            let open: i64 = conn.query_row("SELECT count(*) FROM pairing", [], |row| row.get(0))?;
            if open >= OPEN {
                return Ok(None);
            }
            let ticket = token(keys);
            let expires = ServerTime(turn.now.0.saturating_add(LASTS_MS));
            for _ in 0..TRIES {
                let code = format!("{:06}", u64::from_be_bytes(keys.random()) % 1_000_000);
                let free = conn
                    .prepare_cached(
                        "INSERT OR IGNORE INTO pairing (ticket, code, public_key, name, expires)
                         VALUES (?1, ?2, ?3, ?4, ?5)",
                    )?
                    .execute((seal::token_hash(&ticket).0, &code, &public_key, &name, expires.0))?;
                if free == 1 {
                    return Ok(Some(Pairing { ticket, code, expires }));
                }
            }
            Ok(None)
        })?;
        made.ok_or_else(|| Failure::Busy("too many pairings are open".to_owned()))
    }

    /// What stands behind a code, for the person who is to confirm it.
    ///
    /// # Errors
    /// `not_found` for a code that is not open.
    pub fn pair_seen(&self, code: &str, now: ServerTime) -> Result<PairingSubject, Failure> {
        let records = self.records()?;
        let found = records
            .rows()?
            .conn
            .prepare_cached("SELECT public_key, name FROM pairing WHERE code = ?1 AND expires > ?2 AND device IS NULL")?
            .query_row((code, now.0), |row| Ok(PairingSubject { public_key: row.get(0)?, name: row.get(1)? }))
            .optional()?;
        found.ok_or(Code::NotFound.into())
    }

    /// Somebody confirms a code: office, lead teacher, director or ICT contact of the facility that will own it, or the
    /// city; for a personal device also its owner.
    ///
    /// # Errors
    /// `not_allowed`; `not_found` for a code that is not open.
    pub fn pair_confirm(
        &self,
        code: &str,
        by: PersonId,
        owner: Uuid,
        purpose: Purpose,
        now: ServerTime,
    ) -> Result<DeviceId, Failure> {
        let held = self.held(Principal::Person(by), now)?;
        if !may_confirm(&held.standing, by, owner, purpose) {
            return Err(Code::NotAllowed.into());
        }
        let code = code.to_owned();
        let device = self.write(now, move |turn| {
            let found: Option<(String, String)> = turn
                .rows
                .conn
                .prepare_cached(
                    "SELECT public_key, name FROM pairing WHERE code = ?1 AND expires > ?2 AND device IS NULL",
                )?
                .query_row((&code, turn.now.0), |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((public_key, name)) = found else { return Ok(None) };
            let new = Device {
                owner,
                purpose: Some(purpose),
                name: Some(name),
                public_key: Some(public_key),
                ..Device::default()
            };
            let device = turn.register(new)?;
            turn.rows.conn.execute("UPDATE pairing SET device = ?2 WHERE code = ?1", (&code, device.0.as_bytes()))?;
            Ok(Some(device))
        })?;
        device.ok_or(Code::NotFound.into())
    }

    /// How a request stands; the new device asks again until it is confirmed or over.
    ///
    /// # Errors
    /// `not_found` for a request that was never made or is over.
    pub fn pair_state(&self, ticket: &str, now: ServerTime) -> Result<PairingState, Failure> {
        let ticket = seal::token_hash(ticket).0;
        let state = self.write(now, move |turn| {
            let found: Option<Option<[u8; 16]>> = turn
                .rows
                .conn
                .prepare_cached("SELECT device FROM pairing WHERE ticket = ?1 AND expires > ?2")?
                .query_row((ticket, turn.now.0), |row| row.get(0))
                .optional()?;
            match found {
                None => Ok(None),
                Some(None) => Ok(Some(PairingState::Waiting)),
                Some(Some(device)) => {
                    let device = DeviceId(Uuid::from_bytes(device));
                    let token = turn.give_token(device)?;
                    Ok::<_, StoreError>(Some(PairingState::Confirmed { session: Session { device }, token }))
                }
            }
        })?;
        state.ok_or(Code::NotFound.into())
    }
}

fn may_confirm(standing: &Standing, by: PersonId, owner: Uuid, purpose: Purpose) -> bool {
    if standing.blocked {
        return false;
    }
    let leads = |facility: FacilityId| {
        standing.places.get(&facility).is_some_and(|place| place.office() || place.roles.contains(&Role::IctContact))
    };
    let leads_somewhere = standing.places.keys().any(|facility| leads(*facility));
    match purpose {
        Purpose::ClassTablet | Purpose::Kiosk => standing.city || leads(FacilityId(owner)),
        Purpose::Personal => {
            owner == by.0 || standing.city || (leads_somewhere && standing.known.contains(&PersonId(owner)))
        }
    }
}
