//! What waits, in the six words of the screen: 端末に保存・送信待ち・送信中・送信済み・失敗・見直し.

use super::{Reader, Store, copy, meta, next, outbox};
use crate::Fault;
use nursery::view::host::SyncWord;
use records::wire::Code;
use records::{ActId, Change, ChangeId, DeviceTime, KindName, RecordId, ServerTime};
use rusqlite::Connection;
use std::io::Write;
use uuid::Uuid;

/// One change that the server has not taken.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Item {
    /// Which change.
    pub change: ChangeId,
    /// In which record.
    pub record: RecordId,
    /// Of which kind.
    pub kind: KindName,
    /// Where it stands.
    pub word: SyncWord,
    /// When it was last written, by the device's clock.
    pub at: DeviceTime,
    /// Why it is not sent, if it was answered.
    pub code: Option<Code>,
}

/// Something in the 見直し tray: with its reason and its content.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// What stands or falls together with it.
    pub act: ActId,
    /// What was written, wholly.
    pub change: Change,
    /// Why; such as `not_allowed`.
    pub code: Code,
    /// For what waits for the office: the record that tells about it.
    pub hold: Option<RecordId>,
}

/// How many changes stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Still being typed.
    pub saved: u64,
    /// To be sent, or to be sent later.
    pub waiting: u64,
    /// In the batch in flight.
    pub sending: u64,
    /// In the tray.
    pub review: u64,
}

/// The whole device in one word, with the numbers behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SyncState {
    /// The word.
    pub word: SyncWord,
    /// The numbers.
    pub counts: Counts,
    /// Server time of the last exchange that left nothing to fetch; `None` if there was none.
    pub heard: Option<ServerTime>,
}

impl Store {
    /// What must be looked at, oldest first.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn tray(&self) -> Result<Vec<Trouble>, Fault> {
        tray(&self.db)
    }

    /// Every change that the server has not taken, oldest first.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn queue(&self) -> Result<Vec<Item>, Fault> {
        queue(&self.db)
    }

    /// The whole device in one word. The host says `failed` if the last attempt failed for another reason than no
    /// network.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn sync_state(&self, failed: bool) -> Result<SyncState, Fault> {
        sync_state(&self.db, failed)
    }

    /// True if another request would bring something now. What stands behind a change that the server told to come later
    /// would not: asking at once would be asking without end. `at`: the device's clock.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn has_unsent(&self, at: DeviceTime) -> Result<bool, Fault> {
        Ok(next::flight(&self.db)?.is_some() || next::may_go(&self.db, at)? || copy::waits(&self.db)?)
    }

    /// A person has looked at a refused act and lets go of it. What waits for the office or the server stays.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn discard(&mut self, act: ActId) -> Result<bool, Fault> {
        let sql = "DELETE FROM outbox WHERE act = ?1 AND state = 'refused'";
        let gone = self.db.execute(sql, [act.0.as_bytes()])? > 0;
        self.trim_sealed()?;
        Ok(gone)
    }

    /// Writes everything that this device holds as JSON lines: records as they are shown, then letters that the server
    /// has not taken.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn export(&self, out: &mut dyn Write) -> Result<(), Fault> {
        let view = self.records()?;
        let mut statement = self.db.prepare("SELECT id FROM record WHERE before < 2 ORDER BY row")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(record) = view.record(RecordId(Uuid::from_bytes(row.get(0)?)))? {
                serde_json::to_writer(&mut *out, &serde_json::json!({ "record": record }))?;
                out.write_all(b"\n")?;
            }
        }
        for letter in outbox::letters(&self.db)? {
            serde_json::to_writer(&mut *out, &serde_json::json!({ "letter": letter }))?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

impl Reader {
    /// As [`Store::tray`].
    ///
    /// # Errors
    /// [`Fault`].
    pub fn tray(&self) -> Result<Vec<Trouble>, Fault> {
        tray(&self.db)
    }

    /// As [`Store::queue`].
    ///
    /// # Errors
    /// [`Fault`].
    pub fn queue(&self) -> Result<Vec<Item>, Fault> {
        queue(&self.db)
    }

    /// As [`Store::sync_state`].
    ///
    /// # Errors
    /// [`Fault`].
    pub fn sync_state(&self, failed: bool) -> Result<SyncState, Fault> {
        sync_state(&self.db, failed)
    }
}

fn tray(db: &Connection) -> Result<Vec<Trouble>, Fault> {
    let sql = "SELECT bytes, coalesce(code, ''), hold FROM outbox WHERE state IN ('held', 'refused') ORDER BY ord";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut all = vec![];
    while let Some(row) = rows.next()? {
        let change: Change = serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
        let hold = row.get::<_, Option<[u8; 16]>>(2)?.map(|id| RecordId(Uuid::from_bytes(id)));
        all.push(Trouble { act: change.act, change, code: row.get(1)?, hold });
    }
    Ok(all)
}

fn queue(db: &Connection) -> Result<Vec<Item>, Fault> {
    let sql = "SELECT change, record, kind, state, written_ms, code FROM outbox ORDER BY ord";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(Item {
            change: ChangeId(Uuid::from_bytes(row.get(0)?)),
            record: RecordId(Uuid::from_bytes(row.get(1)?)),
            kind: KindName(row.get::<_, String>(2)?.into()),
            word: word(row.get_ref(3)?.as_str()?),
            at: DeviceTime(row.get(4)?),
            code: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn word(state: &str) -> SyncWord {
    match state {
        "resting" => SyncWord::Saved,
        "flying" => SyncWord::Sending,
        "held" | "refused" => SyncWord::Review,
        _ => SyncWord::Waiting,
    }
}

fn sync_state(db: &Connection, failed: bool) -> Result<SyncState, Fault> {
    let mut counts = Counts::default();
    let mut statement = db.prepare_cached("SELECT state, count(*) FROM outbox GROUP BY state")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let many = row.get::<_, i64>(1)?.unsigned_abs();
        match word(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?) {
            SyncWord::Saved => counts.saved += many,
            SyncWord::Sending => counts.sending += many,
            SyncWord::Review => counts.review += many,
            SyncWord::Waiting | SyncWord::Sent | SyncWord::Failed => counts.waiting += many,
        }
    }
    let heard = meta::get(db, &meta::HEARD_MS)?.map(ServerTime);
    Ok(SyncState { word: one_word(&counts, failed), counts, heard })
}

fn one_word(counts: &Counts, failed: bool) -> SyncWord {
    match counts {
        _ if failed => SyncWord::Failed,
        Counts { review: 1.., .. } => SyncWord::Review,
        Counts { sending: 1.., .. } => SyncWord::Sending,
        Counts { waiting: 1.., .. } => SyncWord::Waiting,
        Counts { saved: 1.., .. } => SyncWord::Saved,
        _ => SyncWord::Sent,
    }
}
