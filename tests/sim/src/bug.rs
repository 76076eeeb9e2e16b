//! Bugs that can be planted, to see that the simulator finds them.

use std::str::FromStr;

/// A planted bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// The person is told 「保存しました」 before the change is on disk.
    AcknowledgeBeforeCommit,
    /// The cursor is stored, and then the page is not.
    CursorBeforeRows,
    /// A save names what the store holds, not what the screen showed (rule 1).
    PredecessorsFromStore,
    /// A reply brings verdicts without the merged records (rule 5).
    NoEcho,
}

impl Bug {
    /// All of them, by the name that the command line takes.
    pub const ALL: [(&'static str, Self); 4] = [
        ("acknowledge-before-commit", Self::AcknowledgeBeforeCommit),
        ("cursor-before-rows", Self::CursorBeforeRows),
        ("predecessors-from-store", Self::PredecessorsFromStore),
        ("no-echo", Self::NoEcho),
    ];
}

impl FromStr for Bug {
    type Err = anyhow::Error;
    fn from_str(name: &str) -> anyhow::Result<Self> {
        let names = || Self::ALL.map(|(name, _)| name).join(", ");
        let found = Self::ALL.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, bug)| bug).ok_or_else(|| anyhow::anyhow!("no bug named {name}; there are {}", names()))
    }
}
