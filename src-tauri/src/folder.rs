//! Where a device keeps its files.

use crate::keyring::{hex, random};
use crate::trouble::Trouble;
use records::DeviceTime;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Another place than the operating system's for data of apps.
pub const DATA_DIR: &str = "SAZANAMI_DATA_DIR";

/// Folder of one store.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder if it is missing.
    ///
    /// # Errors
    /// From the file system.
    pub fn open(path: PathBuf) -> Result<Self, Trouble> {
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.0.join("store.sqlite")
    }

    /// The store's name in the keyring, drawn at the first start and kept beside the store, so that a folder may be
    /// moved and two stores of one user do not share keys.
    ///
    /// # Errors
    /// From the file system.
    pub fn name(&self) -> Result<String, Trouble> {
        let path = self.0.join("name");
        match fs::read_to_string(&path) {
            Ok(name) if !name.trim().is_empty() => return Ok(name.trim().to_owned()),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let drawn: String = hex(&random()?).chars().take(32).collect();
        replace(&path, drawn.as_bytes())?;
        Ok(drawn)
    }

    /// Moves a store that cannot be read into a folder of its own. Nothing is deleted: what is sealed to the server in
    /// it may still be sent by people who can.
    ///
    /// # Errors
    /// From the file system.
    pub fn set_aside(&self, at: DeviceTime) -> Result<PathBuf, Trouble> {
        let aside = self.0.join(format!("aside-{}", at.0));
        fs::create_dir_all(&aside)?;
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with("store.") {
                fs::rename(entry.path(), aside.join(entry.file_name()))?;
            }
        }
        Ok(aside)
    }
}

/// Whole or not at all, also when the power fails.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let new = path.with_extension("new");
    let mut file = fs::File::create(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_keeps_its_name_and_another_has_another() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let one = Folder::open(one.path().join("data")).unwrap();
        let other = Folder::open(other.path().to_owned()).unwrap();
        assert_eq!(one.name().unwrap(), one.name().unwrap());
        assert_ne!(one.name().unwrap(), other.name().unwrap());
    }

    #[test]
    fn what_is_set_aside_is_still_there() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Folder::open(folder.path().to_owned()).unwrap();
        fs::write(folder.store(), "damaged").unwrap();
        fs::write(folder.0.join("store.sqlite-wal"), "too").unwrap();
        let name = folder.name().unwrap();

        let aside = folder.set_aside(DeviceTime(7)).unwrap();

        assert!(!folder.store().exists());
        assert_eq!(fs::read_to_string(aside.join("store.sqlite")).unwrap(), "damaged");
        assert_eq!(fs::read_to_string(aside.join("store.sqlite-wal")).unwrap(), "too");
        assert_eq!(folder.name().unwrap(), name);
    }
}
