//! Composing an act: the changes that one command makes.

use super::kind::{Form, Kind, Meta};
use super::refusal::{Code, Refusal};
use crate::access::Standing;
use records::{
    ActId, Change, ChangeId, Day, DeviceId, DeviceTime, FeedId, GrantsVersion, Head, KindName, PersonId, Record,
    RecordId, Seen, Subject, Write,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How the person proved to be who they say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Tapped a face on a shared tablet, or nothing at all.
    #[default]
    Face,
    /// Typed the PIN within the last five minutes, for this act.
    Pin,
    /// The only person of this personal device, or signed in to this browser.
    Own,
}

/// Who asks or acts: a device, and the person whose hands it is in.
#[derive(Clone, Debug)]
pub struct Who {
    /// The device, or the browser session.
    pub device: DeviceId,
    /// The recording person; `None` on a shared tablet that nobody has claimed.
    pub person: Option<PersonId>,
    /// What they may, from records.
    pub standing: Standing,
    /// How the person proved it.
    pub proof: Proof,
}

impl Who {
    /// The recording person.
    ///
    /// # Errors
    /// [`Code::WhoIsThere`] if nobody is chosen.
    pub fn person(&self) -> Result<PersonId, Refusal> {
        self.person.ok_or_else(|| Code::WhoIsThere.into())
    }
}

/// What is known about the device's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Clock {
    /// Server's clock minus the device's at the last exchange, ms; `None` if the device has never synced.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub error_ms: Option<i64>,
    /// Highest time ever seen (server, records, own clock), ms; 0 if none.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub highest_ms: i64,
    /// The day that a person confirmed after the device's date looked wrong.
    pub confirmed: Option<Day>,
    /// True if the guardians' messages are known to be complete up to this time, ms since the epoch (0: never).
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub heard_ms: i64,
}

/// Chance comes in here.
pub trait Ids {
    /// A new time-ordered id (version 7).
    fn next(&mut self) -> Uuid;
}

/// The moment of an act: clock and chance come in here.
pub struct Moment<'a> {
    /// What the device's clock says.
    pub at: DeviceTime,
    /// What is known about that clock.
    pub clock: Clock,
    /// The version of rights that the device knows.
    pub basis: GrantsVersion,
    /// Version of the app.
    pub app: &'a str,
    /// New ids.
    pub ids: &'a mut dyn Ids,
}

/// What a command did, told to the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Done {
    /// Records that the command made or touched, in order; what 「取り消す」 brings back.
    pub records: Vec<RecordId>,
    /// A text to show or hand on, such as the code of an invitation; empty for most commands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Changes that stand or fall together; several acts when a command is over several children.
#[derive(Clone, Debug, Default)]
pub struct Act {
    /// In the order of writing; those with one `act` id belong together.
    pub changes: Vec<Change>,
    /// What the screen is told.
    pub done: Done,
}

/// Writes the changes of a command. One act until [`Composer::next_act`].
pub struct Composer<'a, 'm> {
    who: &'a Who,
    author: PersonId,
    moment: &'a mut Moment<'m>,
    act: ActId,
    out: Act,
}

impl<'a, 'm> Composer<'a, 'm> {
    /// Begins; `author` is usually [`Who::person`].
    pub fn new(who: &'a Who, author: PersonId, moment: &'a mut Moment<'m>) -> Self {
        let act = ActId(moment.ids.next());
        Self { who, author, moment, act, out: Act::default() }
    }

    /// What follows stands or falls by itself.
    pub fn next_act(&mut self) {
        self.act = ActId(self.moment.ids.next());
    }

    /// The device's time.
    #[must_use]
    pub fn at(&self) -> DeviceTime {
        self.moment.at
    }

    /// A new id.
    pub fn id(&mut self) -> Uuid {
        self.moment.ids.next()
    }

    /// Makes a record of kind `K` and returns its id. The id is derived if the kind has a natural key, else new.
    ///
    /// # Errors
    /// [`Code::BadInput`] if the kind's own check refuses it.
    pub fn make<K: Kind>(
        &mut self,
        feed: FeedId,
        subject: Subject,
        day: Option<Day>,
        new: K,
        keys: Vec<Uuid>,
    ) -> Result<RecordId, Refusal> {
        let random = RecordId(self.moment.ids.next());
        self.make_as(random, feed, subject, day, new, keys)
    }

    /// As [`Composer::make`], with this id for kinds without a natural key.
    ///
    /// # Errors
    /// As [`Composer::make`].
    pub fn make_as<K: Kind>(
        &mut self,
        id: RecordId,
        feed: FeedId,
        subject: Subject,
        day: Option<Day>,
        new: K,
        keys: Vec<Uuid>,
    ) -> Result<RecordId, Refusal> {
        let mut head = Head {
            id,
            kind: KindName::of(K::NAME),
            feed,
            subject,
            day,
            keys,
            audiences: std::collections::BTreeSet::new(),
        };
        let writes = new
            .written()
            .map_err(|e| Refusal::new(Code::BadInput, e.to_string()))?
            .into_iter()
            .map(|(field, value)| Write { field: field.to_owned(), value: Some(value), over: Seen::new() })
            .collect();
        let mut change = self.change(head.clone(), writes);
        let first = typed::<K>(&change);
        if let Some(key) = first.natural_key() {
            head.id = RecordId::derived(feed, K::NAME, &key);
        }
        head.audiences = first.audiences();
        change.head = head;
        K::check(None, &typed::<K>(&change)).map_err(|code| Refusal::new(code, K::NAME))?;
        let id = change.head.id;
        self.push(change);
        Ok(id)
    }

    /// Writes fields of a record that the screen showed; `seen` is what the screen brought back, per field.
    pub fn write(&mut self, head: Head, writes: Vec<Write>) {
        let change = self.change(head, writes);
        self.push(change);
    }

    /// Voids a fact.
    pub fn void(&mut self, record: &Record, void: &super::Void) {
        let value = serde_json::to_value(void).ok();
        let over = record.seen("void");
        self.write(record.head.clone(), vec![Write { field: "void".to_owned(), value, over }]);
    }

    /// Sets the text that the screen is given.
    pub fn tell(&mut self, text: String) {
        self.out.done.text = Some(text);
    }

    /// The finished act.
    #[must_use]
    pub fn finish(self) -> Act {
        self.out
    }

    fn change(&mut self, head: Head, writes: Vec<Write>) -> Change {
        Change {
            id: ChangeId(self.moment.ids.next()),
            act: self.act,
            head,
            writes,
            author: self.author,
            device: self.who.device,
            basis: self.moment.basis,
            at: self.moment.at,
            app: self.moment.app.to_owned(),
        }
    }

    fn push(&mut self, change: Change) {
        self.out.done.records.push(change.head.id);
        self.out.changes.push(change);
    }
}

/// The record that a creating change makes, typed.
fn typed<K: Form>(change: &Change) -> K {
    let record = records::overlay(None, change);
    K::read(Meta::of(&record), &record)
}
