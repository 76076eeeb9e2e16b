//! Restriction notes: what was taken away, signed and numbered, in an append-only file beside the database that no
//! restore rolls back. Notes only take away; what a restored database does not know of applies until it is released.
//! What the database knows of and the file lacks is no start at all: somebody's rights would come back unseen.

pub mod known;
mod mend;

pub use mend::{Mended, mend_restrictions};

use crate::error::{Failure, StoreError};
use crate::hub::Hub;
use crate::keyfile;
use crate::store::{Rows, meta, record};
use nursery::access::{Principal, Standing};
use nursery::core::Code;
use records::wire::Note;
use records::{DeviceId, PersonId, RecordId, ServerTime, Subject};
use seal::ServerKeys;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Its table.
pub const TABLE: &str = "
CREATE TABLE note_open (
    number INTEGER PRIMARY KEY      -- applies although this database does not know its cause; until released
) STRICT;
";

/// File name in the server's folder.
pub const FILE: &str = "restrictions.log";
/// Notes of one reply at most.
const NOTES_PER_REPLY: usize = 200;
/// Notes of one request at most.
pub const NOTES_PER_REQUEST: usize = 1_000;

/// What a note takes away. Ids only, no names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Restriction {
    /// This person sees and writes nothing.
    Block {
        /// Who.
        person: PersonId,
    },
    /// This person must not learn anything about this child; nil person: nobody in particular.
    Protect {
        /// The child.
        child: Subject,
        /// From whom.
        person: PersonId,
    },
    /// This device is lost or retired.
    Retire {
        /// Which.
        device: DeviceId,
    },
    /// Everything about this subject is erased, for ever.
    Erase {
        /// Who.
        subject: Subject,
    },
    /// This record was taken back.
    Recall {
        /// Which.
        record: RecordId,
    },
}

/// What a transaction takes away.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// What.
    pub what: Restriction,
    /// True if nothing but the note takes it away; false if a record of the same transaction does.
    pub applies_by_itself: bool,
}

/// A note as it lies in the file is shorter than this, and each is durable before the next: nothing longer is a torn
/// tail.
const TORN_BYTES: usize = 1_024;
/// What an operator reads of a file that somebody or something has changed.
const DAMAGED: StoreError = StoreError::Lacks(
    "a whole restrictions.log; put a copy of it in its place, or see \"A lost restrictions.log\" in docs/operations.md",
);

struct Kept {
    file: File,
    /// Where a torn tail begins, until it is cut off.
    torn: Option<u64>,
    notes: Vec<Note>,
    erased: BTreeSet<Subject>,
}

/// The notes of this server's life.
pub struct Notes(Mutex<Kept>);

impl Notes {
    /// Reads the file. Nothing is cut off it here: what looks torn may be a restriction that somebody has damaged.
    pub fn open(folder: &Path, public: &str) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        keyfile::private(&path)?;
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        let mut bytes = vec![];
        file.read_to_end(&mut bytes)?;
        let mut frames = seal::frames(&bytes);
        let mut kept = vec![];
        for frame in frames.by_ref() {
            let note: Note = serde_json::from_slice(frame)?;
            seal::verify_note(public, &note)?;
            kept.push(note);
        }
        let tail = bytes.len() - frames.whole_bytes();
        if tail > TORN_BYTES {
            return Err(DAMAGED);
        }
        let whole = u64::try_from(frames.whole_bytes()).unwrap_or(0);
        file.seek(SeekFrom::Start(whole))?;
        let torn = (tail > 0).then_some(whole);
        let erased = kept.iter().filter_map(erasure).collect();
        Ok(Self(Mutex::new(Kept { file, torn, notes: kept, erased })))
    }

    /// Lets every note apply that this database does not know of. A torn tail is cut off, but not while the file lacks a
    /// note that this database knows of: it may have been in it.
    ///
    /// # Errors
    /// [`StoreError::NotesLost`] if the file lacks one; nothing was changed then.
    pub fn reconcile(&self, rows: &Rows<'_>) -> Result<(), StoreError> {
        let mut kept = self.lock();
        kept.must_have(&known::all(rows)?)?;
        if let Some(whole) = kept.torn {
            kept.file.set_len(whole)?;
            kept.torn = None;
        }
        let known = meta::notes(rows)?;
        for note in &kept.notes {
            known::keep(rows, note)?;
        }
        for subject in &kept.erased {
            rows.keys.drop_key(*subject)?; // the server may have stopped between note and key
        }
        let newer: Vec<&Note> = kept.notes.iter().filter(|note| note.number > known).collect();
        let Some(highest) = newer.iter().map(|note| note.number).max() else { return Ok(()) };
        for note in newer {
            apply(rows, note.number)?;
            if let Some(subject) = erasure(note) {
                record::delete_subject(rows, subject)?;
            }
        }
        meta::set_notes(rows, highest)?;
        meta::move_grants(rows)
    }

    /// Signs and appends what the running transaction took away; durable when it returns, before the commit.
    pub fn append(&self, rows: &Rows<'_>, server: &ServerKeys, what: &[Taken]) -> Result<(), StoreError> {
        let mut kept = self.lock();
        for taken in what {
            let text = serde_json::to_string(&taken.what)?;
            // said once is said for ever
            let said = kept.notes.iter().find(|note| note.what == text).cloned();
            let note = match said {
                Some(note) => note,
                None => {
                    let number = kept.highest().max(meta::notes(rows)?) + 1;
                    let note = server.sign_note(number, &text)?;
                    kept.write(note.clone())?;
                    meta::set_notes(rows, number)?;
                    note
                }
            };
            known::keep(rows, &note)?;
            if taken.applies_by_itself {
                apply(rows, note.number)?;
                meta::move_grants(rows)?;
            }
        }
        Ok(())
    }

    /// Takes notes that a device brings back after the file was lost; those whose cause this database does not know
    /// apply.
    fn bring_back(&self, rows: &Rows<'_>, notes: Vec<Note>) -> Result<(), StoreError> {
        let known = meta::notes(rows)?;
        let mut kept = self.lock();
        for note in notes {
            if kept.has(&note) {
                continue;
            }
            // a number that was given anew after a loss says nothing about what this database knows
            if note.number > known || kept.notes.iter().any(|kept| kept.number == note.number) {
                apply(rows, note.number)?;
                meta::set_notes(rows, note.number.max(meta::notes(rows)?))?;
            }
            if let Some(subject) = erasure(&note) {
                record::delete_subject(rows, subject)?;
                rows.keys.drop_key(subject)?;
            }
            known::keep(rows, &note)?;
            kept.write(note)?;
        }
        meta::move_grants(rows)
    }

    /// Notes after `number`, as many as fit one reply.
    pub fn after(&self, number: u64) -> Vec<Note> {
        let mut notes: Vec<Note> = self.lock().notes.iter().filter(|note| note.number > number).cloned().collect();
        notes.sort_by_key(|note| note.number);
        notes.truncate(NOTES_PER_REPLY);
        notes
    }

    /// Highest number, and subjects erased by notes after `number`.
    pub fn erased_after(&self, number: u64) -> (u64, Vec<Subject>) {
        let kept = self.lock();
        (kept.highest(), kept.notes.iter().filter(|note| note.number > number).filter_map(erasure).collect())
    }

    /// Highest number.
    pub fn highest(&self) -> u64 {
        self.lock().highest()
    }

    fn has_all(&self, notes: &[Note]) -> bool {
        let kept = self.lock();
        notes.iter().all(|note| kept.has(note))
    }

    /// True if everything about the subject was erased.
    pub fn erased(&self, subject: Subject) -> bool {
        self.lock().erased.contains(&subject)
    }

    /// Takes from a standing what open notes take.
    pub fn restrict(&self, rows: &Rows<'_>, of: Principal, standing: &mut Standing) -> Result<(), StoreError> {
        let open = open(rows)?;
        let kept = self.lock();
        for note in kept.notes.iter().filter(|note| open.contains(&note.number)) {
            match serde_json::from_str(&note.what)? {
                Restriction::Block { person } => standing.blocked |= standing.person == Some(person),
                Restriction::Retire { device } => standing.blocked |= of == Principal::Device(device),
                Restriction::Protect { child, person } if standing.person == Some(person) => {
                    standing.excluded.insert(child);
                    standing.family.remove(&child.into());
                }
                Restriction::Protect { .. } | Restriction::Erase { .. } | Restriction::Recall { .. } => {}
            }
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn highest(&self) -> u64 {
        self.notes.iter().map(|note| note.number).max().unwrap_or(0)
    }

    fn has(&self, note: &Note) -> bool {
        self.notes.iter().any(|kept| kept.number == note.number && kept.what == note.what)
    }

    /// Whether every note lies in the file that the database knows of.
    fn must_have(&self, known: &[Note]) -> Result<(), StoreError> {
        let mut lost = known.iter().filter(|note| !self.has(note));
        match lost.next() {
            None => Ok(()),
            Some(first) => Err(StoreError::NotesLost { first: first.number, more: lost.count() }),
        }
    }

    fn write(&mut self, note: Note) -> Result<(), StoreError> {
        self.file.write_all(&seal::frame(&serde_json::to_vec(&note)?))?;
        self.file.sync_data()?;
        self.erased.extend(erasure(&note));
        self.notes.push(note);
        Ok(())
    }
}

/// From here on the note applies, whatever the records say, until it is released.
fn apply(rows: &Rows<'_>, number: u64) -> Result<(), StoreError> {
    rows.conn
        .prepare_cached("INSERT OR IGNORE INTO note_open (number) VALUES (?1)")?
        .execute([crate::store::int(number)?])?;
    Ok(())
}

fn erasure(note: &Note) -> Option<Subject> {
    match serde_json::from_str(&note.what) {
        Ok(Restriction::Erase { subject }) => Some(subject),
        _ => None,
    }
}

fn open(rows: &Rows<'_>) -> Result<BTreeSet<u64>, StoreError> {
    let mut statement = rows.conn.prepare_cached("SELECT number FROM note_open")?;
    let found = statement.query_map([], |row| Ok(crate::store::count(row.get(0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

impl Hub {
    /// Takes something away, for ever: signed, numbered, durable when it returns. A block or a retired device applies
    /// until [`Hub::release`]; an erasure drops the subject's key and cannot be taken back.
    ///
    /// # Errors
    /// [`Failure::Busy`].
    pub fn restrict(&self, what: Restriction, now: ServerTime) -> Result<(), Failure> {
        use Restriction::{Block, Erase, Protect, Recall, Retire};
        self.write(now, move |turn| {
            let applies_by_itself = match what {
                Block { .. } | Protect { .. } | Retire { .. } => true,
                Erase { .. } | Recall { .. } => false,
            };
            turn.restrictions.push(Taken { what, applies_by_itself });
            turn.touched.rights = true;
            if let Erase { subject } = what {
                record::delete_subject(&turn.rows, subject)?;
            }
            meta::move_grants(&turn.rows)
        })?;
        match what {
            Erase { subject } => Ok(self.keys.drop_key(subject)?),
            Block { .. } | Protect { .. } | Retire { .. } | Recall { .. } => Ok(()),
        }
    }

    /// An open note no longer applies: the office has entered its cause again, or lifts it.
    ///
    /// # Errors
    /// [`Failure::Busy`].
    pub fn release(&self, number: u64, now: ServerTime) -> Result<(), Failure> {
        self.write(now, move |turn| {
            let number = crate::store::int(number)?;
            turn.rows.conn.execute("DELETE FROM note_open WHERE number = ?1", [number])?;
            turn.touched.rights = true;
            meta::move_grants(&turn.rows)
        })
    }

    /// Notes that apply although the database does not know their cause.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_notes(&self) -> Result<Vec<Note>, StoreError> {
        let records = self.records()?;
        let open = open(&records.rows()?)?;
        Ok(self.notes.lock().notes.iter().filter(|note| open.contains(&note.number)).cloned().collect())
    }

    /// Notes that a device brings back: each must be signed by this server; those that are missing apply at once.
    pub(crate) fn take_notes(&self, notes: Vec<Note>, now: ServerTime) -> Result<(), Failure> {
        if notes.is_empty() {
            return Ok(());
        }
        if notes.len() > NOTES_PER_REQUEST {
            return Err(Code::TooLarge.into());
        }
        let public = self.server.public();
        if notes.iter().any(|note| seal::verify_note(&public, note).is_err()) {
            return Err(Failure::refused("bad_signature"));
        }
        if self.notes.has_all(&notes) {
            return Ok(());
        }
        self.write(now, move |turn| {
            turn.touched.rights = true;
            turn.hub.notes.bring_back(&turn.rows, notes)
        })
    }
}
