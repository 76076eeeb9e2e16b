//! The server's folder: one process at a time.

use crate::chance;
use anyhow::{Context, bail};
use hub::Hub;
use records::ServerTime;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// Locked by whoever uses the folder.
pub const LOCK: &str = "lock";

/// The folder of a server, held by this process as long as this value lives.
pub struct Folder {
    _lock: File,
}

impl Folder {
    /// Takes the folder, making it if it is not there; `None` if another process holds it.
    ///
    /// # Errors
    /// From the file system.
    pub fn take(path: &Path) -> anyhow::Result<Option<Self>> {
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(path).with_context(|| format!("cannot make {}", path.display()))?;
        let lock = OpenOptions::new().create(true).append(true).open(path.join(LOCK));
        let lock = lock.with_context(|| format!("cannot write in {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// As [`Folder::take`], for what cannot be done beside a running server.
    ///
    /// # Errors
    /// Also if another process holds it.
    pub fn take_alone(path: &Path) -> anyhow::Result<Self> {
        match Self::take(path)? {
            Some(folder) => Ok(folder),
            None => bail!("another sazanami-server uses {}; stop it first", path.display()),
        }
    }
}

/// Opens the records in a folder that this process holds.
///
/// # Errors
/// In words for the operator.
pub fn open(_held: &Folder, path: &Path, now: ServerTime) -> anyhow::Result<Hub> {
    Hub::open(path, chance::bytes()?, now).with_context(|| format!("cannot open the records in {}", path.display()))
}
