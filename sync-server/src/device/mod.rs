//! The devices' door: exchange, pokes, pairing, joining.

mod join;
mod pair;
mod sync;

pub use join::{join, join_look};
pub use pair::{pair, pair_poll};
pub use sync::{SYNC_BYTES, pokes, read_exchange, sync};

use crate::http::Problem;
use crate::server::Server;
use nursery::devices::Purpose;
use nursery::ids::MunicipalityId;
use records::{DeviceId, PersonId};
use serde::Serialize;

/// Everything that a device keeps from its pairing.
#[derive(Debug, Serialize)]
pub struct Paired {
    /// Its id.
    pub device: DeviceId,
    /// For every request from now on.
    pub token: String,
    /// Where its records lie.
    pub municipality: MunicipalityId,
    /// The person of a personal device.
    pub person: Option<PersonId>,
    /// Whose hands.
    pub purpose: Purpose,
    /// As people call it.
    pub name: String,
    /// With this the server's restriction notes are checked: Ed25519, 64 hexadecimal letters.
    pub server_key: String,
    /// To this is sealed what only the server opens: 64 hexadecimal letters.
    pub server_box_key: String,
}

impl Paired {
    /// A device that was admitted just now.
    ///
    /// # Errors
    /// `busy` if the store cannot be read.
    pub fn new(
        server: &Server,
        device: DeviceId,
        token: String,
        person: Option<PersonId>,
        (purpose, name): (Purpose, String),
    ) -> Result<Self, Problem> {
        let (server_key, seal) = server.hub().public_keys()?;
        let municipality = server.hub().municipality()?;
        let server_box_key = seal.to_string();
        Ok(Self { device, token, municipality, person, purpose, name, server_key, server_box_key })
    }
}
