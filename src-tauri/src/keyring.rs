//! The operating system's keyring: keys of the store, key of the device, what pairing gave, and the counter that a copied
//! file does not carry along.

use crate::trouble::Trouble;
use nursery::devices::Purpose;
use records::DeviceId;
use serde::{Deserialize, Serialize};
use std::fmt;

const SERVICE: &str = "sazanami";

/// What pairing gave.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// Address of the server, without a slash at its end.
    pub server: String,
    /// As the server knows this device.
    pub device: DeviceId,
    /// With this the device signs in.
    pub token: String,
    /// Whose hands.
    pub purpose: Purpose,
    /// As people call it.
    pub name: String,
    /// Checks restriction notes: Ed25519, 64 hexadecimal letters.
    pub server_key: String,
    /// What only the server may read is sealed to this: X25519, 64 hexadecimal letters.
    pub server_box_key: String,
}

impl fmt::Debug for Pairing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pairing({} at {})", self.device, self.server)
    }
}

/// All secrets of one store.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// Opens the database: 64 hexadecimal letters.
    pub database: String,
    /// Makes the key with which the device signs: 64 hexadecimal letters.
    pub device_seed: String,
    /// Not set before pairing.
    pub pairing: Option<Pairing>,
}

impl Secrets {
    /// New keys from the operating system's randomness, not paired.
    ///
    /// # Errors
    /// [`Trouble::Chance`].
    pub fn draw() -> Result<Self, Trouble> {
        Ok(Self { database: hex(&random()?), device_seed: hex(&random()?), pairing: None })
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets(paired: {})", self.pairing.is_some())
    }
}

/// The keyring's entries for one store, by the name of the store.
#[derive(Clone, Debug)]
pub struct Keyring {
    store: String,
}

impl Keyring {
    /// Of the store with this name.
    #[must_use]
    pub fn of(store: &str) -> Self {
        Self { store: store.to_owned() }
    }

    /// The secrets, if any were kept.
    ///
    /// # Errors
    /// [`Trouble::Keyring`]: no keyring, or it is locked. A store is never begun anew because of that.
    pub fn secrets(&self) -> Result<Option<Secrets>, Trouble> {
        let Some(text) = self.get(&self.store)? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|error| Trouble::Keyring(error.to_string()))
    }

    /// Keeps secrets in place of those before.
    ///
    /// # Errors
    /// [`Trouble::Keyring`].
    pub fn keep(&self, secrets: &Secrets) -> Result<(), Trouble> {
        let text = serde_json::to_string(secrets).map_err(|error| Trouble::Keyring(error.to_string()))?;
        self.set(&self.store, &text)
    }

    /// Lets the entries go: for tests, and for a device that is given away.
    ///
    /// # Errors
    /// [`Trouble::Keyring`].
    pub fn erase(&self) -> Result<(), Trouble> {
        for account in [self.store.clone(), self.counter_account()] {
            apart(move || match entry(&account)?.delete_credential() {
                Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
                Err(error) => Err(error),
            })?;
        }
        Ok(())
    }

    fn counter_account(&self) -> String {
        format!("{}/counter", self.store)
    }

    fn get(&self, account: &str) -> Result<Option<String>, Trouble> {
        let account = account.to_owned();
        apart(move || match entry(&account)?.get_password() {
            Ok(text) => Ok(Some(text)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn set(&self, account: &str, text: &str) -> Result<(), Trouble> {
        let (account, text) = (account.to_owned(), text.to_owned());
        apart(move || entry(&account)?.set_password(&text))
    }
}

impl replica::Counter for Keyring {
    fn get(&self) -> Result<u64, String> {
        let text = Self::get(self, &self.counter_account()).map_err(|error| error.to_string())?;
        text.map_or(Ok(0), |text| text.parse().map_err(|_| format!("not a number: {text}")))
    }

    fn set(&mut self, value: u64) -> Result<(), String> {
        Self::set(self, &self.counter_account(), &value.to_string()).map_err(|error| error.to_string())
    }
}

fn entry(account: &str) -> keyring::Result<keyring::Entry> {
    keyring::Entry::new(SERVICE, account)
}

/// On a thread of its own: the Secret Service is spoken to by blocking calls, which must not happen on the threads of an
/// asynchronous runtime.
fn apart<T: Send + 'static>(work: impl FnOnce() -> keyring::Result<T> + Send + 'static) -> Result<T, Trouble> {
    match std::thread::spawn(work).join() {
        Ok(done) => done.map_err(|error| Trouble::Keyring(error.to_string())),
        Err(_) => Err(Trouble::Keyring("the keyring's library gave up".to_owned())),
    }
}

/// 32 bytes of the operating system's randomness.
///
/// # Errors
/// [`Trouble::Chance`].
pub fn random() -> Result<[u8; 32], Trouble> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Trouble::Chance(error.to_string()))?;
    Ok(bytes)
}

/// As lower-case hexadecimal letters.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 32 bytes of 64 hexadecimal letters.
#[must_use]
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let bytes: Option<Vec<u8>> = digits?
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_letters_come_back_as_their_bytes() {
        let bytes: [u8; 32] = std::array::from_fn(|n| u8::try_from(n * 7).unwrap());
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        assert_eq!(unhex("abc"), None);
        assert_eq!(unhex(&"zz".repeat(32)), None);
        assert_eq!(unhex(&"00".repeat(31)), None);
    }

    #[test]
    fn secrets_do_not_show_themselves() {
        let secrets = Secrets::draw().unwrap();
        assert_eq!(format!("{secrets:?}"), "Secrets(paired: false)");
        assert_ne!(secrets.database, Secrets::draw().unwrap().database);
    }
}
