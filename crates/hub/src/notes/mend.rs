//! The way out when the file of restrictions was lost or damaged and no copy of it is left.

use super::{FILE, known};
use crate::error::StoreError;
use crate::hub::KEYS;
use crate::keyfile;
use crate::store::{Keyring, Rows, Store};
use records::wire::Note;
use records::{Epoch, ServerTime};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What was written again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// Numbers of the notes that the file lacked and the database knew.
    pub back: Vec<u64>,
    /// Where the file lies now that was there before; none if there was none.
    pub before: Option<PathBuf>,
}

/// Writes `restrictions.log` in `folder` anew while the server is stopped: what of it is whole, and what the database
/// knows beside. Nothing that this server still knows is lost; what was taken away after the backup of which the database
/// was restored comes back with the first tablet that holds it.
///
/// # Errors
/// [`StoreError`]; the file that was there stays as it is.
pub fn mend_restrictions(folder: &Path, seed: [u8; 32], now: ServerTime) -> Result<Mended, StoreError> {
    let keys = Keyring::open(&folder.join(KEYS), seed)?;
    let public = keyfile::open(folder, &keys)?.public();
    let path = folder.join(FILE);
    let bytes = match std::fs::read(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        read => Some(read?),
    };
    let mut notes = whole(bytes.as_deref().unwrap_or_default(), &public);
    let store = Store::open(folder)?;
    let known = known::all(&Rows { conn: &store.writer(), keys: &keys })?;
    let lacked = |note: &Note| notes.iter().all(|kept| (kept.number, &kept.what) != (note.number, &note.what));
    let back: Vec<Note> =
        known.into_iter().filter(|note| lacked(note) && seal::verify_note(&public, note).is_ok()).collect();
    let numbers = back.iter().map(|note| note.number).collect();
    notes.extend(back);
    let new = folder.join(format!("{FILE}.new"));
    write(&new, &notes)?;
    let aside = folder.join(format!("{FILE}.before-{}", Epoch(keys.new_id(now))));
    let before = bytes.is_some().then_some(aside);
    if let Some(before) = &before {
        std::fs::rename(&path, before)?;
    }
    std::fs::rename(&new, &path)?;
    Ok(Mended { back: numbers, before })
}

/// The notes of a file that this server signed, up to where it is damaged.
fn whole(bytes: &[u8], public: &str) -> Vec<Note> {
    let read = seal::frames(bytes).map_while(|frame| serde_json::from_slice::<Note>(frame).ok());
    read.filter(|note| seal::verify_note(public, note).is_ok()).collect()
}

fn write(path: &Path, notes: &[Note]) -> Result<(), StoreError> {
    if path.exists() {
        std::fs::remove_file(path)?; // of an attempt that was broken off
    }
    keyfile::private(path)?;
    let mut file = File::options().write(true).open(path)?;
    for note in notes {
        file.write_all(&seal::frame(&serde_json::to_vec(note)?))?;
    }
    Ok(file.sync_all()?)
}
