//! What can go wrong with a device's store.

use thiserror::Error;

/// Something was not done; the store is as it was before the call.
#[derive(Debug, Error)]
pub enum Fault {
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The file is damaged. What can still be read stays where it is.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The database did not do what was asked.
    #[error("the store failed: {0}")]
    Sql(rusqlite::Error),
    /// An act or a change is larger than [`records::limits`] allows.
    #[error("larger than allowed: {0}")]
    TooLarge(&'static str),
    /// A reply that cannot be to what was asked, or breaks a limit. Nothing of it was stored.
    #[error("a reply that cannot be true: {0}")]
    BadReply(&'static str),
    /// Something stored or sent is not the JSON it should be.
    #[error("not readable: {0}")]
    Json(#[from] serde_json::Error),
    /// A file beside the database.
    #[error("a file could not be written: {0}")]
    File(#[from] std::io::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::Full,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Sql(error),
        }
    }
}

impl From<Fault> for nursery::core::Fault {
    fn from(fault: Fault) -> Self {
        Self(fault.to_string())
    }
}

impl From<Fault> for nursery::core::Refusal {
    fn from(fault: Fault) -> Self {
        nursery::core::Fault::from(fault).into()
    }
}

/// Why a store was not opened. Nothing was deleted or changed, whatever the reason.
#[derive(Debug, Error)]
pub enum Unopened {
    /// The key does not open this file (or its first page is destroyed, which looks the same).
    #[error("the key does not open this store")]
    WrongKey,
    /// Written by a newer version of the app.
    #[error("the store is of version {found}, this app knows {known}")]
    Newer {
        /// The version of the file.
        found: u32,
        /// The newest version that this app reads.
        known: u32,
    },
    /// No database of this app, cut off, or damaged inside.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The key or its counter could not be had from the keyring.
    #[error("the keyring did not answer: {0}")]
    Keyring(String),
    /// The disk or the database failed.
    #[error(transparent)]
    Fault(Fault),
}

impl From<Fault> for Unopened {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Damaged(why) => Self::Damaged(why),
            other => Self::Fault(other),
        }
    }
}

impl From<rusqlite::Error> for Unopened {
    fn from(error: rusqlite::Error) -> Self {
        Fault::from(error).into()
    }
}
