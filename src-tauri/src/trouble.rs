//! What goes wrong, and how the screens are told: a closed code and a short text for the telephone.

use nursery::core::{Code, Refusal};
use replica::{Fault, Unopened};
use serde::Serialize;
use std::hash::{DefaultHasher, Hash, Hasher};
use thiserror::Error;

/// Something was not done.
#[derive(Debug, Error)]
pub enum Trouble {
    /// The domain refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Fault),
    /// The store was not opened.
    #[error(transparent)]
    Unopened(#[from] Unopened),
    /// The operating system's keyring did not answer.
    #[error("the keyring: {0}")]
    Keyring(String),
    /// The operating system gave no randomness.
    #[error("no randomness: {0}")]
    Chance(String),
    /// The device belongs to no server yet.
    #[error("not paired")]
    Unpaired,
    /// No answer from the server.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// The server refused, with its own code.
    #[error("the server refused: {code}")]
    Server {
        /// As the server said it.
        code: String,
    },
    /// A file beside the store.
    #[error("a file: {0}")]
    File(#[from] std::io::Error),
    /// A bug: the work gave up half-way. What was saved before stays.
    #[error("gave up: {0}")]
    GaveUp(String),
}

impl From<Code> for Trouble {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

impl From<nursery::core::Fault> for Trouble {
    fn from(fault: nursery::core::Fault) -> Self {
        Self::Refused(fault.into())
    }
}

impl Trouble {
    /// The closed code at the door.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Refused(refusal) => refusal.code.as_str(),
            Self::Store(Fault::Full) => "disk_full",
            Self::Store(Fault::TooLarge(_)) => Code::TooLarge.as_str(),
            Self::Store(_) | Self::File(_) => Code::Store.as_str(),
            Self::Unopened(_) => "store_closed",
            Self::Keyring(_) => "keyring",
            Self::Unpaired => "unpaired",
            Self::Unreachable(_) => "unreachable",
            Self::Server { code } => code,
            Self::Chance(_) | Self::GaveUp(_) => Code::Fault.as_str(),
        }
    }

    /// As the screens get it. The log keeps the whole text under the same support code.
    #[must_use]
    pub fn told(&self) -> Problem {
        let problem = Problem { code: self.code().to_owned(), support: self.support() };
        if !matches!(self, Self::Refused(refusal) if refusal.code != Code::Store) {
            eprintln!("sazanami {}: {self}", problem.support);
        }
        problem
    }

    /// The same for the same cause, so that two calls about it are known to be about one thing: `STORE-3F0A`.
    fn support(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.to_string().hash(&mut hasher);
        format!("{}-{:04X}", self.code().to_uppercase().replace('_', "-"), hasher.finish() & 0xffff)
    }
}

/// An error at the door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Closed list; the screen turns each into sentences.
    pub code: String,
    /// To be read out on the telephone.
    pub support: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_its_code() {
        assert_eq!(Trouble::from(Code::WhoIsThere).told().code, "who_is_there");
        assert_eq!(Trouble::from(nursery::core::Fault("x".into())).told().code, "store");
    }

    #[test]
    fn a_full_disk_is_told_apart_from_a_broken_store() {
        assert_eq!(Trouble::from(Fault::Full).told().code, "disk_full");
        assert_eq!(Trouble::from(Fault::Damaged("page 3".into())).told().code, "store");
        assert_eq!(Trouble::from(Unopened::WrongKey).told().code, "store_closed");
    }

    #[test]
    fn the_server_s_code_goes_through_and_details_do_not() {
        let told = Trouble::Unreachable("connect 192.0.2.7".into()).told();
        assert_eq!(told.code, "unreachable");
        assert!(!serde_json::to_string(&told).unwrap().contains("192"));
        assert_eq!(Trouble::Server { code: "invitation_over".into() }.told().code, "invitation_over");
    }

    #[test]
    fn the_same_cause_has_the_same_support_code() {
        let damaged = |page: &str| Trouble::from(Fault::Damaged(page.to_owned())).told().support;
        assert_eq!(damaged("page 3"), damaged("page 3"));
        assert_ne!(damaged("page 3"), damaged("page 4"));
        assert!(damaged("page 3").starts_with("STORE-"));
    }
}
