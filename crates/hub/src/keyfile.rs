//! The server's seed in a file of its own, readable by the server alone; outside database and backup.

use crate::error::StoreError;
use crate::store::Keyring;
use seal::{ServerKeys, SubjectKey};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// File name in the server's folder: 64 hexadecimal letters.
pub const FILE: &str = "server.key";

/// The server's keys; made on first use.
pub fn open(folder: &Path, keys: &Keyring) -> Result<ServerKeys, StoreError> {
    let path = folder.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(ServerKeys::from_seed(SubjectKey::from_hex(text.trim())?.0)),
        Err(error) if error.kind() == ErrorKind::NotFound => make(&path, keys.random()),
        Err(error) => Err(error.into()),
    }
}

fn make(path: &Path, seed: [u8; 32]) -> Result<ServerKeys, StoreError> {
    private(path)?;
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.write_all(data_encoding::HEXLOWER.encode(&seed).as_bytes())?;
    file.sync_all()?;
    Ok(ServerKeys::from_seed(seed))
}

/// Makes an empty file that only the server may read, if there is none.
pub fn private(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.into()),
    }
}
