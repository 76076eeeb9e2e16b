//! The sealed outbox: a file beside the database with every change that the server has not answered, sealed to the
//! server. If the database or its key is lost, the server still opens it.
//!
//! The row in the database is the truth; the file is appended after the commit, reconciled at opening, and emptied
//! when the outbox is empty (rule 33). Each frame is `hash of the letter (32) ‖ item`, where the item is the JSON of a
//! [`Letter`] sealed by `seal::seal_item`. Of several letters with one change id the last counts.

use super::{Store, outbox};
use crate::{Fault, ServerKey};
use records::{Letter, Salt};
use rusqlite::Connection;
use seal::rand_core::{Rng, SeedableRng};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Where the sealed outbox of the database at `path` lies.
#[must_use]
pub fn sealed_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".outbox");
    PathBuf::from(name)
}

/// Randomness of one opening of the store.
pub struct Chance(seal::Chance);

impl Chance {
    pub fn new(seed: [u8; 32]) -> Self {
        Self(seal::Chance::from_seed(seed))
    }

    pub fn salt(&mut self) -> Salt {
        Salt(format!("{:032x}", u128::from_ne_bytes(self.bytes())))
    }

    pub fn id(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    fn bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// `None` only if the server's key is unusable.
    pub fn seal(&mut self, server: &ServerKey, letter: &Letter) -> Option<Vec<u8>> {
        let json = serde_json::to_vec(letter).ok()?;
        seal::seal_item(&server.seal, &json, &mut self.0).ok()
    }
}

/// The open file.
pub struct SealedFile {
    file: File,
    bytes: u64,
}

impl SealedFile {
    /// Opens or makes the file, cuts a torn tail off, and appends what it lacks.
    pub fn open(path: &Path, db: &Connection, server: &ServerKey, chance: &mut Chance) -> Result<Self, Fault> {
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(sealed_path(path))?;
        let mut all = vec![];
        file.read_to_end(&mut all)?;
        let mut frames = seal::frames(&all);
        let has: BTreeSet<[u8; 32]> =
            frames.by_ref().filter_map(|item| item.split_first_chunk::<32>().map(|(hash, _)| *hash)).collect();
        let whole = u64::try_from(frames.whole_bytes()).unwrap_or(0);
        file.set_len(whole)?;
        file.seek(SeekFrom::Start(whole))?;
        let mut sealed = Self { file, bytes: whole };
        if outbox::is_empty(db)? {
            sealed.clear()?;
            return Ok(sealed);
        }
        let missing: Vec<Letter> =
            outbox::letters(db)?.into_iter().filter(|letter| !has.contains(&seal::hash(letter).0)).collect();
        sealed.append(&missing, server, chance)?;
        Ok(sealed)
    }

    fn append(&mut self, letters: &[Letter], server: &ServerKey, chance: &mut Chance) -> Result<(), Fault> {
        let mut all = vec![];
        for letter in letters {
            let Some(item) = chance.seal(server, letter) else { continue };
            let mut framed = seal::hash(letter).0.to_vec();
            framed.extend_from_slice(&item);
            all.extend_from_slice(&seal::frame(&framed));
        }
        self.file.write_all(&all)?;
        self.bytes += u64::try_from(all.len()).unwrap_or(0);
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Fault> {
        if self.bytes > 0 {
            self.file.set_len(0)?;
            self.file.seek(SeekFrom::Start(0))?;
            self.bytes = 0;
        }
        Ok(())
    }
}

impl Store {
    /// Appends what was just committed. A failure is made good at the next opening: the row is the truth.
    pub(super) fn append_sealed(&mut self, letters: &[Letter]) {
        if let (Some(sealed), Some(server)) = (&mut self.sealed, &self.keys.server) {
            let _ = sealed.append(letters, server, &mut self.chance);
        }
    }

    /// Empties the file once nothing waits for the server.
    pub(super) fn trim_sealed(&mut self) -> Result<(), Fault> {
        if let Some(sealed) = &mut self.sealed
            && sealed.bytes > 0
            && outbox::is_empty(&self.db)?
        {
            sealed.clear()?;
        }
        Ok(())
    }
}
