//! Who comes in: tokens of paired devices, browser sessions, sign-in links, pairing. Everything is bounded, expires,
//! and is kept as a hash. How a person proves to be one (mail, passkey, invitation) is the host's business.

mod devices;
mod pairing;
mod sessions;

pub use pairing::{Pairing, PairingState, PairingSubject};
pub use sessions::{SignedIn, WebSession};

use crate::store::Keyring;
use data_encoding::BASE64URL_NOPAD;

/// Their tables.
pub const TABLES: &str = "
CREATE TABLE device_token (
    device BLOB PRIMARY KEY,
    hash   BLOB NOT NULL UNIQUE,    -- BLAKE3 of the token
    made   INTEGER NOT NULL         -- ms since 1970-01-01 UTC
) STRICT, WITHOUT ROWID;
CREATE TABLE web_session (
    hash    BLOB PRIMARY KEY,
    session BLOB NOT NULL UNIQUE,   -- named as the device of what is written in it
    person  BLOB NOT NULL,
    made    INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX web_session_person ON web_session (person, made);
CREATE TABLE sign_in_link (
    hash    BLOB PRIMARY KEY,
    person  BLOB NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_link_person ON sign_in_link (person, expires);
CREATE TABLE pairing (
    ticket     BLOB PRIMARY KEY,    -- hash of what the new device asks with
    code       TEXT NOT NULL UNIQUE,
    public_key TEXT NOT NULL,
    name       TEXT NOT NULL,
    expires    INTEGER NOT NULL,
    device     BLOB                 -- set once confirmed
) STRICT, WITHOUT ROWID;
";

/// After a restore: browsers sign in again, links and codes of then are over. Devices keep their tokens, because they
/// bring back what was lost; a retired one is kept out by its restriction.
pub fn forget_visitors(conn: &rusqlite::Connection) -> rusqlite::Result<()> {
    conn.execute_batch("DELETE FROM web_session; DELETE FROM sign_in_link; DELETE FROM pairing;")
}

/// A new bearer token: 256 random bits.
fn token(keys: &Keyring) -> String {
    BASE64URL_NOPAD.encode(&keys.random::<32>())
}
