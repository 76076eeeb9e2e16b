//! Becoming a device of a server: by a code that the office confirms, by an invitation, or by a demonstration's file.

use crate::keyring::{Pairing, Secrets, unhex};
use crate::trouble::Trouble;
use nursery::devices::Purpose;
use nursery::view::host::HostReply;
use records::{DeviceId, DeviceTime};
use replica::DeviceKey;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::Duration;

/// A file that pairs a fresh store at once: the `demo-devices.json` that `sazanami-server demo` writes.
const DEVICE_FILE: &str = "SAZANAMI_DEVICE_FILE";
/// Which device of that file; the classroom's tablet if not said.
const DEVICE: &str = "SAZANAMI_DEVICE";
const CLASS_TABLET: &str = "class_tablet";
/// Address that the pairing page proposes.
const SERVER: &str = "SAZANAMI_SERVER";
/// A person waits in front of the screen.
const PATIENCE: Duration = Duration::from_secs(15);

/// A code is shown; somebody at the office has to type it.
#[derive(Clone, Debug)]
pub struct Asked {
    server: String,
    begun: Begun,
}

#[derive(Clone, Debug, Deserialize)]
struct Begun {
    code: String,
    secret: String,
    expires: DeviceTime,
}

/// What the server gives to a device that it has admitted.
#[derive(Debug, Deserialize)]
struct Given {
    device: DeviceId,
    token: String,
    purpose: Purpose,
    name: String,
    server_key: String,
    server_box_key: String,
}

impl Given {
    fn of(self, server: &str) -> Pairing {
        let Self { device, token, purpose, name, server_key, server_box_key } = self;
        Pairing { server: server.to_owned(), device, token, purpose, name, server_key, server_box_key }
    }
}

impl Asked {
    /// As the screen shows it.
    #[must_use]
    pub fn reply(&self, paired: bool) -> HostReply {
        HostReply::Pairing { code: self.begun.code.clone(), paired, expires: self.begun.expires }
    }
}

/// What somebody who was invited typed.
#[derive(Debug, Serialize)]
pub struct Joining {
    /// From link or QR.
    pub token: String,
    /// As typed.
    pub name: String,
    /// Reading.
    pub kana: String,
    /// 続柄 code.
    pub relation: String,
    /// Number.
    pub phone: String,
}

/// Asks a server to be one of its devices.
///
/// # Errors
/// [`Trouble::Unreachable`], or what the server says.
pub async fn ask(secrets: &Secrets, server: &str, name: &str, purpose: Purpose) -> Result<Asked, Trouble> {
    #[derive(Serialize)]
    struct Begin<'a> {
        public_key: String,
        name: &'a str,
        purpose: Purpose,
    }
    let server = address(server);
    let new = Begin { public_key: public_key(secrets)?, name, purpose };
    let begun = post(&server, "/v1/pair", &new).await?;
    Ok(Asked { server, begun })
}

/// Asks whether the code was confirmed; what was given, once it was.
///
/// # Errors
/// [`Trouble::Unreachable`]; `not_found` when the code is over.
pub async fn poll(asked: &Asked) -> Result<Option<Pairing>, Trouble> {
    #[derive(Deserialize)]
    struct Polled {
        paired: bool,
        #[serde(flatten)]
        given: Option<Given>,
    }
    let secret = serde_json::json!({ "secret": asked.begun.secret });
    let polled: Polled = post(&asked.server, "/v1/pair/poll", &secret).await?;
    Ok(polled.given.filter(|_| polled.paired).map(|given| given.of(&asked.server)))
}

/// What an invitation is for.
///
/// # Errors
/// [`Trouble::Unreachable`], `invitation_over`.
pub async fn look(server: &str, token: &str) -> Result<HostReply, Trouble> {
    post(&address(server), "/v1/join/look", &serde_json::json!({ "token": token })).await
}

/// Uses an invitation; this device becomes the new guardian's own.
///
/// # Errors
/// [`Trouble::Unreachable`], or what the server says.
pub async fn join(secrets: &Secrets, server: &str, joining: &Joining) -> Result<Pairing, Trouble> {
    #[derive(Serialize)]
    struct Join<'a> {
        #[serde(flatten)]
        joining: &'a Joining,
        public_key: String,
        device_name: &'a str,
    }
    let server = address(server);
    let new = Join { joining, public_key: public_key(secrets)?, device_name: &joining.name };
    let given: Given = post(&server, "/v1/join", &new).await?;
    Ok(given.of(&server))
}

/// The server that the environment proposes.
#[must_use]
pub fn known_server() -> Option<String> {
    std::env::var(SERVER).ok().map(|server| address(&server)).filter(|server| !server.is_empty())
}

/// What the device file of a demonstration gives, with the seed of the device's key.
///
/// # Errors
/// If there is such a file and it cannot be read.
pub fn from_device_file() -> Result<Option<(Pairing, String)>, Trouble> {
    let Some(path) = std::env::var_os(DEVICE_FILE) else { return Ok(None) };
    let name = std::env::var(DEVICE).unwrap_or_else(|_| CLASS_TABLET.to_owned());
    device_file(&std::fs::read_to_string(path)?, &name).map(Some)
}

fn device_file(text: &str, name: &str) -> Result<(Pairing, String), Trouble> {
    #[derive(Deserialize)]
    struct File {
        server: String,
        seed_hex: String,
        #[serde(flatten)]
        given: Given,
    }
    let malformed = |why: String| Trouble::File(std::io::Error::other(why));
    let mut all: HashMap<String, File> = serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
    let file = all.remove(name).ok_or_else(|| malformed(format!("it has no device {name}")))?;
    if unhex(&file.seed_hex).is_none() {
        return Err(malformed("seed_hex has not 64 hexadecimal letters".to_owned()));
    }
    Ok((file.given.of(&address(&file.server)), file.seed_hex))
}

fn public_key(secrets: &Secrets) -> Result<String, Trouble> {
    let seed =
        unhex(&secrets.device_seed).ok_or_else(|| Trouble::Keyring("the device's key is malformed".to_owned()))?;
    Ok(DeviceKey::from_seed(seed).public())
}

/// As typed: without a slash at its end, and with TLS unless it says otherwise.
fn address(typed: &str) -> String {
    let typed = typed.trim().trim_end_matches('/');
    if typed.is_empty() || typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") }
}

async fn post<A: DeserializeOwned>(server: &str, path: &str, body: &impl Serialize) -> Result<A, Trouble> {
    let unreachable = |error: reqwest::Error| Trouble::Unreachable(error.to_string());
    let client = replica::driver::client().map_err(unreachable)?;
    let request = client.post(format!("{server}{path}")).timeout(PATIENCE).json(body);
    let reply = request.send().await.map_err(unreachable)?;
    if reply.status().is_success() {
        return reply.json().await.map_err(unreachable);
    }
    #[derive(Deserialize)]
    struct Told {
        code: String,
    }
    let status = reply.status();
    let told = reply.json::<Told>().await.map_err(|_| Trouble::Unreachable(format!("it answered {status}")))?;
    Err(Trouble::Server { code: told.code })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_people_type_it() {
        assert_eq!(address(" hoiku.example.jp/ "), "https://hoiku.example.jp");
        assert_eq!(address("http://127.0.0.1:8700/"), "http://127.0.0.1:8700");
    }

    fn file(seed: &str) -> String {
        let tablet = serde_json::json!({
            "server": "http://127.0.0.1:8700/", "device": "0193a000-0000-7000-8000-000000000001", "token": "t",
            "seed_hex": seed, "purpose": "class_tablet", "name": "うさぎ組 1", "person": null,
            "server_key": "00".repeat(32), "server_box_key": "00".repeat(32),
        });
        serde_json::json!({ "class_tablet": tablet }).to_string()
    }

    #[test]
    fn a_demonstration_s_file_pairs_a_device() {
        let (pairing, seed) = device_file(&file(&"07".repeat(32)), CLASS_TABLET).unwrap();
        assert_eq!(pairing.server, "http://127.0.0.1:8700");
        assert_eq!(pairing.purpose, Purpose::ClassTablet);
        assert_eq!(seed, "07".repeat(32));
    }

    #[test]
    fn half_a_seed_or_another_name_pairs_nothing() {
        assert!(device_file(&file("07"), CLASS_TABLET).is_err());
        assert!(device_file(&file(&"07".repeat(32)), "kiosk").is_err());
    }
}
