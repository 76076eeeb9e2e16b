//! Bugs that can be planted, to see that the simulator finds them. Each is a mistake that somebody could really make.

use std::str::FromStr;

macro_rules! bugs {
    ($($(#[doc = $doc:literal])+ $bug:ident = $name:literal,)+) => {
        /// A planted bug.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Bug { $($(#[doc = $doc])+ $bug,)+ }

        impl Bug {
            /// All of them, by the name that the command line takes.
            pub const ALL: &[(&'static str, Self)] = &[$(($name, Self::$bug),)+];
        }
    };
}

bugs! {
    // ── a device ──
    /// The person is told 「保存しました」 before the change is on disk.
    AcknowledgeBeforeCommit = "acknowledge-before-commit",
    /// The cursor is stored, and then the page is not.
    CursorBeforeRows = "cursor-before-rows",
    /// A save names what the store holds, not what the screen showed (rule 1).
    PredecessorsFromStore = "predecessors-from-store",
    /// Any reply is taken, not only that to the latest request (rule 5).
    OldReplyTaken = "old-reply-taken",
    /// A server that is busy is taken for one that refuses: the batch is dropped.
    BusyDropsBatch = "busy-drops-batch",
    /// Half a reply is taken for a yes.
    HalfReplyIsYes = "half-reply-is-yes",
    /// What somebody was still typing is gone after a restart.
    RestingLostAtRestart = "resting-lost-at-restart",
    /// An update of the app empties what waits.
    OutboxLostAtUpdate = "outbox-lost-at-update",
    /// After a kill in the middle of an exchange the conversation is not taken up again.
    WedgedAfterKill = "wedged-after-kill",
    /// What the server refuses is thrown away.
    RefusedIsDiscarded = "refused-is-discarded",
    /// A field that this version does not know is dropped (rule 52).
    UnknownFieldsDropped = "unknown-fields-dropped",
    /// What was in flight is dropped when the store begins a new incarnation (rule 35).
    RenewDropsBatch = "renew-drops-batch",
    /// The disk is not asked to keep what was committed.
    NothingSynced = "nothing-synced",
    /// The folder is not asked to forget a deleted journal.
    FolderNotSynced = "folder-not-synced",
    /// After a crash the write-ahead log is thrown away.
    LogThrownAway = "log-thrown-away",
    /// What is lost from sight, and what is to be forgotten, stays (rules 19, 33).
    ForgetIgnored = "forget-ignored",
    /// A new epoch is taken for the old one (rule 30).
    EpochIgnored = "epoch-ignored",
    /// What is offered again after a restore comes without its receipt (rule 31).
    ReceiptsNotSent = "receipts-not-sent",

    // ── the server ──
    /// A reply brings verdicts without the merged records (rule 5).
    NoEcho = "no-echo",
    /// A page misses one row, as with a cursor that is a time (rule 20).
    RowSkipped = "row-skipped",
    /// The cursor of the next page comes with this one.
    CursorAhead = "cursor-ahead",
    /// It answers before its commit is durable.
    AnswersBeforeCommit = "answers-before-commit",
    /// It forgets at a restart which changes it has met (rule 3).
    ForgetsWhatItMet = "forgets-what-it-met",
    /// It takes the first half of a batch and answers for the whole.
    TakesHalfABatch = "takes-half-a-batch",
    /// Two verdicts of a reply are mixed up.
    VerdictsMixedUp = "verdicts-mixed-up",
    /// Of several entries it sends the last only (rule 7).
    LastWriterWins = "last-writer-wins",
    /// It believes the clock of whoever asks.
    ClockOfTheDevice = "clock-of-the-device",
    /// A restriction is answered and not written.
    RestrictionNotWritten = "restriction-not-written",
    /// A restore rolls the restrictions back with the database (rule 32).
    RestrictionsRolledBack = "restrictions-rolled-back",
    /// A restore copies the file back and begins no epoch (rule 30).
    RestoreWithoutEpoch = "restore-without-epoch",
    /// Its disk is not asked to keep what was committed.
    ServerSyncsNothing = "server-syncs-nothing",
}

impl Bug {
    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, bug)| *bug == self).map_or("", |(name, _)| name)
    }
}

impl FromStr for Bug {
    type Err = anyhow::Error;
    fn from_str(name: &str) -> anyhow::Result<Self> {
        let names = || Self::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, bug)| *bug).ok_or_else(|| anyhow::anyhow!("no bug named {name}; there are {}", names()))
    }
}
