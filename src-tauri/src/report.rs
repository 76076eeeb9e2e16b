//! What badge and queue say about the store and the conversation with the server.

use crate::desk::Desk;
use crate::trouble::Trouble;
use nursery::core::{Records, get};
use nursery::people::Child;
use nursery::view::host::{QueueItem, SyncView, SyncWord};
use records::{ChangeId, DeviceTime, Record};
use replica::engine::Talk;
use replica::{Item, SyncState, Trouble as Tray};

/// Kinds on which a child's safety hangs …
const SAFETY: [&str; 4] = ["announcement", "child_safety", "authorized_pickup", "protection"];
/// … and which must not wait longer than this.
const PATIENCE_MS: i64 = 10 * 60_000;

/// How the conversation goes, as far as the badge tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conversation {
    offline_since: Option<DeviceTime>,
    /// The server has answered since the app was opened.
    answered: bool,
    failed: bool,
    signed_out: bool,
}

impl Conversation {
    /// The engine has said how it goes.
    pub fn heard(&mut self, talk: Talk, at: DeviceTime) {
        match talk {
            // trying again says nothing yet
            Talk::Silent | Talk::Talking => return,
            Talk::Offline => self.offline_since = self.offline_since.or(Some(at)),
            _ => {
                self.offline_since = None;
                self.answered |= talk != Talk::Failed;
            }
        }
        self.failed = matches!(talk, Talk::Failed | Talk::TooOld);
        self.signed_out = talk == Talk::SignedOut;
    }

    /// True if the last attempt failed for another reason than no network.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.failed
    }

    /// An app that was opened without a network has been alone for longer than it has been open.
    fn alone_since(&self, noticed: DeviceTime, heard: Option<DeviceTime>) -> DeviceTime {
        if self.answered { noticed } else { heard.map_or(noticed, |heard| heard.min(noticed)) }
    }

    /// The badge.
    #[must_use]
    pub fn badge(&self, state: &SyncState, queue: &[Item], at: DeviceTime) -> SyncView {
        let count = |many: u64| u32::try_from(many).unwrap_or(u32::MAX);
        let counts = &state.counts;
        let heard = state.heard.map(|heard| DeviceTime(heard.0));
        SyncView {
            word: state.word,
            waiting: count(counts.saved + counts.waiting + counts.sending),
            troubles: count(counts.review),
            offline_since: self.offline_since.map(|noticed| self.alone_since(noticed, heard)),
            last_sync: heard,
            heard,
            urgent: queue.iter().any(|item| is_urgent(item, at)),
            online_only: false,
            sign_in_again: self.signed_out,
        }
    }
}

fn is_urgent(item: &Item, at: DeviceTime) -> bool {
    let waits = !matches!(item.word, SyncWord::Sent);
    waits && SAFETY.contains(&item.kind.as_str()) && at.0.saturating_sub(item.at.0) >= PATIENCE_MS
}

/// Every item that the server has not taken, the oldest first.
///
/// # Errors
/// The store's.
pub fn queue(desk: &Desk) -> Result<Vec<QueueItem>, Trouble> {
    let items = desk.device.with(|store| store.queue())?;
    desk.device.ask(|view, _| items.iter().map(|item| described(view, item)).collect())
}

fn described(r: &dyn Records, item: &Item) -> Result<QueueItem, Trouble> {
    let record = r.get(item.record)?;
    let child = match &record {
        Some(record) => get::<Child>(r, record.head.subject.0)?.and_then(|child| child.names),
        None => None,
    };
    Ok(QueueItem {
        change: item.change,
        kind: item.kind.as_str().to_owned(),
        child: child.map(|names| names.tile().to_owned()),
        what: record.as_ref().map(what).unwrap_or_default(),
        at: item.at,
        word: item.word,
        code: item.code.clone(),
    })
}

/// A punch says of which sort it is, an announcement what it announces, other kinds nothing more.
fn what(record: &Record) -> String {
    let shown = |field: &str| record.fields.get(field)?.shown()?.value.clone();
    let sort = shown("sort").and_then(|value| value.as_str().map(str::to_owned));
    let announced = || shown("announced")?.get("what")?.as_str().map(str::to_owned);
    sort.or_else(announced).unwrap_or_default()
}

/// The queue with everything that was written in it, as JSON text.
///
/// # Errors
/// The store's.
pub fn export(desk: &Desk) -> Result<String, Trouble> {
    let tray = desk.device.with(|store| store.tray())?;
    let tray: Vec<_> =
        tray.iter().map(|Tray { change, code, .. }| serde_json::json!({ "code": code, "change": change })).collect();
    let queue = queue(desk)?;
    let text = serde_json::to_string_pretty(&serde_json::json!({ "queue": queue, "tray": tray }));
    text.map_err(|error| Trouble::Store(error.into()))
}

/// Lets go of the refused act to which a change belongs.
///
/// # Errors
/// `not_found` if nothing of that name waits in the tray.
pub fn dismiss(desk: &Desk, change: ChangeId) -> Result<(), Trouble> {
    let discarded = desk.device.with(|store| {
        let found = store.tray()?.into_iter().find(|trouble| trouble.change.id == change);
        found.map_or(Ok(false), |trouble| store.discard(trouble.act))
    })?;
    if discarded { Ok(()) } else { Err(nursery::core::Code::NotFound.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::{KindName, RecordId, ServerTime};
    use replica::Counts;
    use uuid::Uuid;

    const SEVEN: DeviceTime = DeviceTime(7 * 3_600_000);

    fn state() -> SyncState {
        SyncState { word: SyncWord::Waiting, counts: Counts { waiting: 2, ..Counts::default() }, heard: None }
    }

    fn item(kind: &str) -> Item {
        let id = Uuid::nil();
        let (change, record) = (ChangeId(id), RecordId(id));
        Item { change, record, kind: KindName(kind.to_owned().into()), word: SyncWord::Waiting, at: SEVEN, code: None }
    }

    fn badge(conversation: Conversation, queue: &[Item], minutes: i64) -> SyncView {
        conversation.badge(&state(), queue, SEVEN.plus_ms(minutes * 60_000))
    }

    #[test]
    fn offline_began_when_it_began_and_ends_with_an_answer() {
        let mut conversation = Conversation::default();
        conversation.heard(Talk::Offline, SEVEN);
        conversation.heard(Talk::Talking, SEVEN.plus_ms(1));
        conversation.heard(Talk::Offline, SEVEN.plus_ms(2));
        assert_eq!(badge(conversation, &[], 0).offline_since, Some(SEVEN));
        conversation.heard(Talk::Idle, SEVEN.plus_ms(3));
        assert_eq!(badge(conversation, &[], 0).offline_since, None);
    }

    #[test]
    fn an_app_opened_without_a_network_is_alone_since_it_last_heard_from_the_server() {
        let last = SyncState { heard: Some(ServerTime(SEVEN.0 - 60_000)), ..state() };
        let since = |conversation: Conversation| conversation.badge(&last, &[], SEVEN).offline_since;
        let mut conversation = Conversation::default();
        conversation.heard(Talk::Offline, SEVEN);
        assert_eq!(since(conversation), Some(SEVEN.plus_ms(-60_000)));
        conversation.heard(Talk::Idle, SEVEN);
        conversation.heard(Talk::Offline, SEVEN);
        assert_eq!(since(conversation), Some(SEVEN), "it was heard while the app was open");
    }

    #[test]
    fn an_absence_that_waits_ten_minutes_turns_the_badge_amber_and_an_arrival_does_not() {
        let offline = Conversation::default();
        assert!(!badge(offline, &[item("announcement")], 9).urgent);
        assert!(badge(offline, &[item("announcement")], 10).urgent);
        assert!(!badge(offline, &[item("punch")], 60).urgent);
    }

    #[test]
    fn what_waits_is_counted() {
        assert_eq!(badge(Conversation::default(), &[], 0).waiting, 2);
    }
}
