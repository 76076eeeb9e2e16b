//! What can go wrong: in the store, and towards those who ask.

use nursery::core::{Code, Fault, Refusal};
use thiserror::Error;

/// The store could not be read or written, or holds something that it never wrote.
#[derive(Debug, Error)]
pub enum StoreError {
    /// From SQLite.
    #[error("sqlite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// From a file beside the database.
    #[error("file: {0}")]
    Io(#[from] std::io::Error),
    /// One of the server's files, and what is wrong with it.
    #[error("{0}: {1}")]
    In(&'static str, Box<StoreError>),
    /// A body does not open with its key.
    #[error("a sealed body: {0}")]
    Sealed(#[from] seal::Broken),
    /// A body opens, but is not what was written.
    #[error("a stored text: {0}")]
    Json(#[from] serde_json::Error),
    /// The domain could not read.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Written by a newer version of this program.
    #[error("the store has schema {0}, newer than this program")]
    Newer(i64),
    /// Something that must be there is not.
    #[error("the store lacks {0}")]
    Lacks(&'static str),
    /// The file of restrictions lacks notes that the database knows of.
    #[error(
        "restrictions.log lacks restriction {first} and {more} more that hub.db knows of; put its newest copy in its \
         place, or see \"A lost restrictions.log\" in docs/operations.md"
    )]
    NotesLost {
        /// The lowest number that it lacks.
        first: u64,
        /// How many beside that one.
        more: usize,
    },
    /// A part of an import does not fit, so nothing of it was written: code and detail.
    #[error("{0}: {1}")]
    NotWhole(&'static str, String),
    /// The act is refused with this code, and what it began to write is taken back.
    #[error("declined: {}", .0.as_str())]
    Declined(Code),
    /// The server's own record was not accepted.
    #[error("the server's own record: {0}")]
    Own(String),
    /// A number is out of range.
    #[error("out of range: {0}")]
    Range(&'static str),
}

impl StoreError {
    /// Says in which file, for the operator.
    pub(crate) fn in_file(file: &'static str) -> impl FnOnce(Self) -> Self {
        move |error| Self::In(file, Box::new(error))
    }

    /// True if nothing more can be written in this transaction: disk full or broken, out of memory, damaged file.
    pub(crate) fn ends_transaction(&self) -> bool {
        use rusqlite::ErrorCode as E;
        match self {
            Self::Io(_) => true,
            Self::Sqlite(rusqlite::Error::SqliteFailure(error, _)) => matches!(
                error.code,
                E::DiskFull
                    | E::SystemIoFailure
                    | E::DatabaseCorrupt
                    | E::NotADatabase
                    | E::OutOfMemory
                    | E::DatabaseBusy
                    | E::DatabaseLocked
                    | E::ReadOnly
                    | E::CannotOpen
            ),
            _ => false,
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

/// Why a request was not answered. Nothing was changed, nothing was lost.
#[derive(Debug, Error)]
pub enum Failure {
    /// Come again: the store could not be read or written just now. The text is for the log.
    #[error("busy: {0}")]
    Busy(String),
    /// Not done, with a closed code. The detail is for the log.
    #[error("{code}: {detail}")]
    Refused {
        /// Why, such as `bad_signature`.
        code: &'static str,
        /// For the log and for support.
        detail: String,
    },
}

impl Failure {
    /// A refusal without a detail.
    pub(crate) fn refused(code: &'static str) -> Self {
        Self::Refused { code, detail: String::new() }
    }

    /// The code for machines: `busy` or the refusal's.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Busy(_) => "busy",
            Self::Refused { code, .. } => code,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotWhole(code, detail) => Self::Refused { code, detail },
            StoreError::Declined(code) => code.into(),
            other => Self::Busy(other.to_string()),
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Busy(fault.0)
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::refused(code.as_str())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { code: refusal.code.as_str(), detail: refusal.detail }
    }
}
