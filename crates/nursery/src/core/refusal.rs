//! Why something was not done: a closed code for machines, a short support text for the log.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Closed list of reasons; the screen turns each into a sentence in the reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Not there, or not yours to see: the same answer for both.
    NotFound,
    /// You may see it, but not do this.
    NotAllowed,
    /// Nobody is chosen as the recording person.
    WhoIsThere,
    /// A PIN is needed, or it was wrong.
    PinNeeded,
    /// Too many wrong PINs; wait.
    PinLocked,
    /// This adult must not collect the child: call the director.
    CallDirector,
    /// The device's date cannot be right; a person must confirm it.
    ConfirmDate,
    /// What was written makes no sense (empty, out of range, unknown choice).
    BadInput,
    /// No day about which anything may be announced: over, or too far ahead.
    DayNotOffered,
    /// The site is closed on that day.
    DayClosed,
    /// The site is not open at that time.
    OutsideHours,
    /// Nobody who may collect this child, as far as the asking person may know.
    NotCollector,
    /// Already done, by somebody or by a second tap.
    AlreadyDone,
    /// Another state than the screen showed; look again.
    Changed,
    /// Too many versions stand unread in this field.
    LookFirst,
    /// The record's beginning is missing.
    Incomplete,
    /// Head or audience are not what the server computes.
    BadHead,
    /// The subject was erased.
    Gone,
    /// Larger than allowed.
    TooLarge,
    /// This server does not know the kind yet.
    Upgrade,
    /// The server was restored and waits for something that has not come yet.
    Recovering,
    /// The invitation was used, has expired or was taken back.
    InvitationOver,
    /// Twice made the server itself fail; held for its operator.
    Fault,
    /// The store could not be read or written.
    Store,
}

impl Code {
    /// As it is written on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NotAllowed => "not_allowed",
            Self::WhoIsThere => "who_is_there",
            Self::PinNeeded => "pin_needed",
            Self::PinLocked => "pin_locked",
            Self::CallDirector => "call_director",
            Self::ConfirmDate => "confirm_date",
            Self::BadInput => "bad_input",
            Self::DayNotOffered => "day_not_offered",
            Self::DayClosed => "day_closed",
            Self::OutsideHours => "outside_hours",
            Self::NotCollector => "not_collector",
            Self::AlreadyDone => "already_done",
            Self::Changed => "changed",
            Self::LookFirst => "look_first",
            Self::Incomplete => "incomplete",
            Self::BadHead => "bad_head",
            Self::Gone => "gone",
            Self::TooLarge => "too_large",
            Self::Upgrade => "upgrade",
            Self::Recovering => "recovering",
            Self::InvitationOver => "invitation_over",
            Self::Fault => "fault",
            Self::Store => "store",
        }
    }
}

/// A refusal: nothing was changed and nothing was lost.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: {detail}", .code.as_str())]
pub struct Refusal {
    /// Why.
    pub code: Code,
    /// For the log and for support; never shown as it is.
    pub detail: String,
}

impl Refusal {
    /// A refusal with a detail for support.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self { code, detail: String::new() }
    }
}

impl From<super::Fault> for Refusal {
    fn from(fault: super::Fault) -> Self {
        Self { code: Code::Store, detail: fault.0 }
    }
}
