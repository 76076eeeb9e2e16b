//! Restriction notes: what was taken away, signed and numbered, in an append-only file beside the database that no
//! restore rolls back. Notes only take away; what a restored database does not know of applies until it is released.

use crate::error::{Failure, StoreError};
use crate::hub::Hub;
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
const FILE: &str = "restrictions.log";
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

struct Kept {
    file: File,
    notes: Vec<Note>,
    erased: BTreeSet<Subject>,
}

/// The notes of this server's life.
pub struct Notes(Mutex<Kept>);

impl Notes {
    /// Reads the file; a torn tail is cut off.
    pub fn open(folder: &Path, public: &str) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(folder.join(FILE))?;
        let mut bytes = vec![];
        file.read_to_end(&mut bytes)?;
        let mut frames = seal::frames(&bytes);
        let mut kept = vec![];
        for frame in frames.by_ref() {
            let note: Note = serde_json::from_slice(frame)?;
            seal::verify_note(public, &note)?;
            kept.push(note);
        }
        let whole = u64::try_from(frames.whole_bytes()).unwrap_or(0);
        file.set_len(whole)?;
        file.seek(SeekFrom::Start(whole))?;
        let erased = kept.iter().filter_map(erasure).collect();
        Ok(Self(Mutex::new(Kept { file, notes: kept, erased })))
    }

    /// Lets every note apply that this database does not know of.
    pub fn reconcile(&self, rows: &Rows<'_>) -> Result<(), StoreError> {
        let known = meta::notes(rows)?;
        let kept = self.lock();
        let newer: Vec<&Note> = kept.notes.iter().filter(|note| note.number > known).collect();
        let Some(highest) = newer.iter().map(|note| note.number).max() else { return Ok(()) };
        for note in newer {
            rows.conn
                .prepare_cached("INSERT OR IGNORE INTO note_open (number) VALUES (?1)")?
                .execute([crate::store::int(note.number)?])?;
            if let Some(subject) = erasure(note) {
                record::delete_subject(rows, subject)?;
                rows.keys.drop_key(subject)?;
            }
        }
        meta::set_notes(rows, highest)?;
        meta::move_grants(rows)
    }

    /// Signs and appends what the running transaction took away; durable when it returns, before the commit.
    pub fn append(&self, rows: &Rows<'_>, server: &ServerKeys, what: &[Restriction]) -> Result<(), StoreError> {
        let mut kept = self.lock();
        for restriction in what {
            let text = serde_json::to_string(restriction)?;
            if kept.notes.iter().any(|note| note.what == text) {
                continue; // said once is said for ever
            }
            let number = kept.notes.iter().map(|note| note.number).max().unwrap_or(0) + 1;
            let note = server.sign_note(number, &text)?;
            kept.write(note)?;
            meta::set_notes(rows, number)?;
        }
        Ok(())
    }

    /// Takes notes that devices bring back after the file was lost. Returns the numbers of those that were missing.
    fn bring_back(&self, notes: Vec<Note>) -> Result<Vec<u64>, StoreError> {
        let mut kept = self.lock();
        let mut missing = vec![];
        for note in notes {
            if !kept.notes.iter().any(|known| known.number == note.number) {
                missing.push(note.number);
                kept.write(note)?;
            }
        }
        Ok(missing)
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
        let highest = kept.notes.iter().map(|note| note.number).max().unwrap_or(0);
        (highest, kept.notes.iter().filter(|note| note.number > number).filter_map(erasure).collect())
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
    fn write(&mut self, note: Note) -> Result<(), StoreError> {
        self.file.write_all(&seal::frame(&serde_json::to_vec(&note)?))?;
        self.file.sync_data()?;
        self.erased.extend(erasure(&note));
        self.notes.push(note);
        Ok(())
    }
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
        self.write(now, move |turn| {
            turn.restrictions.push(what);
            turn.touched.rights = true;
            if let Restriction::Erase { subject } = what {
                record::delete_subject(&turn.rows, subject)?;
            }
            meta::move_grants(&turn.rows)
        })?;
        // the note is durable: from here on a crash only leaves the rest to be done again at the next opening
        match what {
            Restriction::Erase { subject } => Ok(self.keys.drop_key(subject)?),
            Restriction::Block { .. } | Restriction::Protect { .. } | Restriction::Retire { .. } => {
                self.hold_open(what, now)
            }
            Restriction::Recall { .. } => Ok(()),
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

    fn hold_open(&self, what: Restriction, now: ServerTime) -> Result<(), Failure> {
        let text = serde_json::to_string(&what).map_err(StoreError::from)?;
        let number = self.notes.lock().notes.iter().find(|note| note.what == text).map(|note| note.number);
        let Some(number) = number else { return Ok(()) };
        self.open_numbers(vec![number], now)
    }

    fn open_numbers(&self, numbers: Vec<u64>, now: ServerTime) -> Result<(), Failure> {
        self.write(now, move |turn| {
            for number in numbers {
                turn.rows
                    .conn
                    .execute("INSERT OR IGNORE INTO note_open (number) VALUES (?1)", [crate::store::int(number)?])?;
            }
            turn.touched.rights = true;
            meta::move_grants(&turn.rows)
        })
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
        let missing = self.notes.bring_back(notes)?;
        if missing.is_empty() {
            return Ok(());
        }
        let erased: Vec<Subject> = self.notes.erased_after(0).1;
        self.write(now, move |turn| {
            for subject in erased {
                record::delete_subject(&turn.rows, subject)?;
                turn.rows.keys.drop_key(subject)?;
            }
            Ok(())
        })?;
        self.open_numbers(missing, now)
    }
}
