//! Every look at a sensitive record, written down before it is shown: `looks.jsonl` in the server's folder, appended
//! only, ids and no names.

use nursery::view::Look;
use records::{DeviceId, PersonId, RecordId, ServerTime};
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// File name in the server's folder.
const FILE: &str = "looks.jsonl";

/// The open file.
pub struct LookLog(Mutex<File>);

#[derive(Serialize)]
struct Line {
    at: ServerTime,
    person: Option<PersonId>,
    device: DeviceId,
    record: RecordId,
}

impl LookLog {
    /// Opens the file in `folder`, or makes it.
    ///
    /// # Errors
    /// From the file system.
    pub fn open(folder: &Path) -> std::io::Result<Self> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Self(Mutex::new(options.open(folder.join(FILE))?)))
    }

    /// Writes looks down; durable when it returns. Nothing may be shown if it fails.
    ///
    /// # Errors
    /// From the file system.
    pub fn keep(&self, looks: &[Look], device: DeviceId, at: ServerTime) -> std::io::Result<()> {
        if looks.is_empty() {
            return Ok(());
        }
        let mut lines = vec![];
        for look in looks {
            serde_json::to_writer(&mut lines, &Line { at, person: look.person, device, record: look.record })?;
            lines.push(b'\n');
        }
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&lines)?;
        file.sync_data()
    }
}
