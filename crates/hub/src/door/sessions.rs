//! Browser sessions and the links that open one.

use super::token;
use crate::commit::Turn;
use crate::error::{Failure, StoreError};
use crate::hub::Hub;
use nursery::core::Code;
use records::{DeviceId, PersonId, ServerTime};
use rusqlite::OptionalExtension;
use uuid::Uuid;

/// Sessions of one person; a further one ends the oldest.
const SESSIONS_PER_PERSON: usize = 20;
/// Unused links of one person; a further one ends the oldest.
const LINKS_PER_PERSON: usize = 5;

/// A signed-in person in a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebSession {
    /// Who.
    pub person: PersonId,
    /// The session as the device of what is written in it.
    pub device: DeviceId,
    /// Over after this.
    pub expires: ServerTime,
}

/// A new session and the token that opens it; the token is not kept.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// For the cookie.
    pub token: String,
    /// The session.
    pub session: WebSession,
}

impl Hub {
    /// Opens a session for a person who has proved to be themselves.
    ///
    /// # Errors
    /// [`Failure::Busy`].
    pub fn session_open(&self, person: PersonId, lasts_ms: i64, now: ServerTime) -> Result<SignedIn, Failure> {
        self.write(now, move |turn| turn.open_session(person, lasts_ms))
    }

    /// The session that a token opens.
    ///
    /// # Errors
    /// `not_found` for one that was never opened, is over, or was closed.
    pub fn session_of(&self, token: &str, now: ServerTime) -> Result<WebSession, Failure> {
        let records = self.records()?;
        let found = records
            .rows()?
            .conn
            .prepare_cached("SELECT session, person, expires FROM web_session WHERE hash = ?1 AND expires > ?2")?
            .query_row((seal::token_hash(token).0, now.0), |row| {
                Ok(WebSession {
                    device: DeviceId(Uuid::from_bytes(row.get(0)?)),
                    person: PersonId(Uuid::from_bytes(row.get(1)?)),
                    expires: ServerTime(row.get(2)?),
                })
            })
            .optional()?;
        found.ok_or(Code::NotFound.into())
    }

    /// Closes the session of a token, if there is one.
    ///
    /// # Errors
    /// [`Failure::Busy`].
    pub fn session_close(&self, token: &str, now: ServerTime) -> Result<(), Failure> {
        let hash = seal::token_hash(token).0;
        self.write(now, move |turn| {
            turn.rows.conn.execute("DELETE FROM web_session WHERE hash = ?1", [hash])?;
            Ok(())
        })
    }

    /// Signs a person out of every browser; returns of how many.
    ///
    /// # Errors
    /// [`Failure::Busy`].
    pub fn sessions_close_all(&self, person: PersonId, now: ServerTime) -> Result<usize, Failure> {
        self.write(now, move |turn| {
            Ok(turn.rows.conn.execute("DELETE FROM web_session WHERE person = ?1", [person.0.as_bytes()])?)
        })
    }

    /// Makes a link that signs a person in once; the token is not kept.
    ///
    /// # Errors
    /// [`Failure::Busy`].
    pub fn link_make(&self, person: PersonId, lasts_ms: i64, now: ServerTime) -> Result<String, Failure> {
        self.write(now, move |turn| {
            let token = token(&turn.hub.keys);
            let expires = turn.now.0.saturating_add(lasts_ms);
            let conn = turn.rows.conn;
            conn.execute("DELETE FROM sign_in_link WHERE expires <= ?1", [turn.now.0])?;
            conn.prepare_cached("INSERT INTO sign_in_link (hash, person, expires) VALUES (?1, ?2, ?3)")?.execute((
                seal::token_hash(&token).0,
                person.0.as_bytes(),
                expires,
            ))?;
            conn.prepare_cached(
                "DELETE FROM sign_in_link WHERE person = ?1 AND hash NOT IN
                 (SELECT hash FROM sign_in_link WHERE person = ?1 ORDER BY expires DESC LIMIT ?2)",
            )?
            .execute((person.0.as_bytes(), i64::try_from(LINKS_PER_PERSON).unwrap_or(1)))?;
            Ok(token)
        })
    }

    /// Uses a link: the link is gone, a session is open.
    ///
    /// # Errors
    /// `not_found` for one that was never made, was used, or has expired.
    pub fn link_use(&self, token: &str, lasts_ms: i64, now: ServerTime) -> Result<SignedIn, Failure> {
        let hash = seal::token_hash(token).0;
        let used = self.write(now, move |turn| {
            let person: Option<[u8; 16]> = turn
                .rows
                .conn
                .prepare_cached("DELETE FROM sign_in_link WHERE hash = ?1 AND expires > ?2 RETURNING person")?
                .query_row((hash, turn.now.0), |row| row.get(0))
                .optional()?;
            person.map(|person| turn.open_session(PersonId(Uuid::from_bytes(person)), lasts_ms)).transpose()
        })?;
        used.ok_or(Code::NotFound.into())
    }
}

impl Turn<'_> {
    fn open_session(&mut self, person: PersonId, lasts_ms: i64) -> Result<SignedIn, StoreError> {
        let token = token(&self.hub.keys);
        let device = DeviceId(self.hub.keys.new_id(self.now));
        let expires = ServerTime(self.now.0.saturating_add(lasts_ms));
        let conn = self.rows.conn;
        conn.execute("DELETE FROM web_session WHERE expires <= ?1", [self.now.0])?;
        conn.prepare_cached(
            "INSERT INTO web_session (hash, session, person, made, expires) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((
            seal::token_hash(&token).0,
            device.0.as_bytes(),
            person.0.as_bytes(),
            self.now.0,
            expires.0,
        ))?;
        conn.prepare_cached(
            "DELETE FROM web_session WHERE person = ?1 AND hash NOT IN
             (SELECT hash FROM web_session WHERE person = ?1 ORDER BY made DESC LIMIT ?2)",
        )?
        .execute((person.0.as_bytes(), i64::try_from(SESSIONS_PER_PERSON).unwrap_or(1)))?;
        Ok(SignedIn { token, session: WebSession { person, device, expires } })
    }
}
