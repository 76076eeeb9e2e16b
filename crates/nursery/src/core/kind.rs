//! A kind of record: a typed struct for rules, a generic record in store and on the wire.

use super::refusal::Code;
use records::{
    Atoms, Day, DeviceId, DeviceTime, FeedId, KindName, PersonId, Record, RecordId, Seq, ServerTime, Subject,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use uuid::Uuid;

/// Whether a record may be written again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Written once; afterwards only the field `void` may be written.
    Fact,
    /// Fields may be written again by whoever may.
    Form,
}

/// How long devices keep it. The server keeps everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// As long as it is in sight.
    Always,
    /// This many months after its day; older ones come on demand.
    Months(u8),
}

/// Why a fact no longer counts. The fact itself stays visible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Void {
    /// Code of the reason: `undo`, `wrong_child`, `wrong_day`, `wrong_time`, `was_present`, `other`.
    pub reason: String,
    /// In somebody's words; may be empty.
    #[serde(default)]
    pub note: String,
}

/// What every record has besides its own fields.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    /// Its id.
    pub id: RecordId,
    /// Where it happened.
    pub feed: FeedId,
    /// Whose key seals it.
    pub subject: Subject,
    /// The service day.
    pub day: Option<Day>,
    /// Clear keys.
    pub keys: Vec<Uuid>,
    /// Who wrote it first.
    pub author: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// When, by that device's clock.
    pub at: DeviceTime,
    /// Accepted by the server (its newest change), or `None` while it is only on this device.
    pub seq: Option<Seq>,
    /// When the server accepted it first, by the server's clock.
    pub accepted: Option<ServerTime>,
    /// Set if it no longer counts.
    pub void: Option<Void>,
    /// Fields in which entries disagree.
    pub disagree: Vec<String>,
}

impl Meta {
    /// The common part of a record.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let head = &record.head;
        let origin = record.origin();
        Self {
            id: head.id,
            feed: head.feed,
            subject: head.subject,
            day: head.day,
            keys: head.keys.clone(),
            author: origin.map(|e| e.author).unwrap_or_default(),
            device: origin.map(|e| e.device).unwrap_or_default(),
            at: origin.map(|e| e.at).unwrap_or_default(),
            seq: record.seq,
            accepted: record.accepted,
            void: record.read("void").ok(),
            disagree: record.fields.iter().filter(|(_, r)| r.disagrees()).map(|(n, _)| n.clone()).collect(),
        }
    }

    /// True while the fact counts.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.void.is_none()
    }
}

/// The stored form of a kind; written by the macro [`crate::form!`].
pub trait Form: Sized {
    /// Name on the wire and in device stores.
    const NAME: &'static str;
    /// Number in server stores; never given to another kind.
    const NUMBER: u16;
    /// Names of the clear keys, in order.
    const KEYS: &'static [&'static str];
    /// Names of the fields.
    const FIELDS: &'static [&'static str];
    /// Reads a record; never fails, fields that cannot be read are `None`.
    fn read(meta: Meta, record: &Record) -> Self;
    /// The common part.
    fn meta(&self) -> &Meta;
    /// Fields that are set, as they are written.
    ///
    /// # Errors
    /// If a value has no JSON form.
    fn written(&self) -> Result<Vec<(&'static str, records::Value)>, serde_json::Error>;
}

/// Everything a kind must say for itself.
pub trait Kind: Form {
    /// Whether it may be written again.
    const SHAPE: Shape;
    /// How long devices keep it.
    const KEEP: Keep = Keep::Always;
    /// Every look at it is logged.
    const SENSITIVE: bool = false;
    /// The server notes when a device of the place where it happened has stored it.
    const TRACKED: bool = false;
    /// An accepted change of it may alter somebody's rights.
    const GRANTS: bool = false;
    /// It outlives any site and lies in the municipality's feed; all others lie where they happened.
    const OF_THE_CITY: bool = false;
    /// Who may hold it; a function of feed, subject, keys and the fields' first writing, and of nothing else.
    fn audiences(&self) -> Atoms;
    /// Whether the record that would result makes sense. `before` is `None` when it is being made.
    ///
    /// # Errors
    /// The code that the author is told.
    fn check(before: Option<&Self>, after: &Self) -> Result<(), Code>;
    /// The natural key from which the id is derived, for kinds in which two offline devices must meet.
    fn natural_key(&self) -> Option<String> {
        None
    }
    /// What a search finds it by.
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }
}

/// A kind without its type, for stores and for the judge.
#[derive(Clone, Copy)]
pub struct Definition {
    /// [`Form::NAME`].
    pub name: &'static str,
    /// [`Form::NUMBER`].
    pub number: u16,
    /// [`Kind::SHAPE`].
    pub shape: Shape,
    /// [`Kind::KEEP`].
    pub keep: Keep,
    /// [`Kind::SENSITIVE`].
    pub sensitive: bool,
    /// [`Kind::TRACKED`].
    pub tracked: bool,
    /// [`Kind::GRANTS`].
    pub grants: bool,
    /// [`Kind::OF_THE_CITY`].
    pub of_the_city: bool,
    /// [`Form::KEYS`].
    pub keys: &'static [&'static str],
    /// [`Kind::audiences`] of a record.
    pub audiences: fn(&Record) -> Atoms,
    /// [`Kind::check`] of two records.
    pub check: fn(Option<&Record>, &Record) -> Result<(), Code>,
    /// [`Kind::natural_key`] of a record.
    pub natural_key: fn(&Record) -> Option<String>,
    /// [`Kind::text`] of a record.
    pub text: fn(&Record) -> String,
}

impl Definition {
    /// The definition of `K`.
    #[must_use]
    pub const fn of<K: Kind>() -> Self {
        Self {
            name: K::NAME,
            number: K::NUMBER,
            shape: K::SHAPE,
            keep: K::KEEP,
            sensitive: K::SENSITIVE,
            tracked: K::TRACKED,
            grants: K::GRANTS,
            of_the_city: K::OF_THE_CITY,
            keys: K::KEYS,
            audiences: |record| typed::<K>(record).audiences(),
            check: |before, after| {
                let before = before.map(typed::<K>);
                K::check(before.as_ref(), &typed::<K>(after))
            },
            natural_key: |record| typed::<K>(record).natural_key(),
            text: |record| typed::<K>(record).text().into_owned(),
        }
    }

    /// Name as the wire has it.
    #[must_use]
    pub const fn kind(&self) -> KindName {
        KindName::of(self.name)
    }
}

/// A record, typed.
#[must_use]
pub fn typed<K: Form>(record: &Record) -> K {
    K::read(Meta::of(record), record)
}

/// Declares the stored form of a kind: a struct with `meta`, its clear keys and its fields (all optional when read).
#[macro_export]
macro_rules! form {
    (
        $(#[$doc:meta])*
        $name:ident = $text:literal, $number:literal,
        keys { $($(#[$kdoc:meta])* $key:ident : $kty:ty),* $(,)? }
        fields { $($(#[$fdoc:meta])* $field:ident : $fty:ty),* $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            /// The part that every record has.
            pub meta: $crate::core::Meta,
            $($(#[$kdoc])* pub $key: $kty,)*
            $($(#[$fdoc])* pub $field: Option<$fty>,)*
        }
        impl $crate::core::Form for $name {
            const NAME: &'static str = $text;
            const NUMBER: u16 = $number;
            const KEYS: &'static [&'static str] = &[$(stringify!($key)),*];
            const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
            fn read(meta: $crate::core::Meta, record: &::records::Record) -> Self {
                #[allow(unused_mut, unused_variables)]
                let mut keys = meta.keys.clone().into_iter();
                $(let $key: $kty = keys.next().unwrap_or_default().into();)*
                $(let $field = record.read::<$fty>(stringify!($field)).ok();)*
                Self { meta, $($key,)* $($field,)* }
            }
            fn meta(&self) -> &$crate::core::Meta { &self.meta }
            fn written(&self) -> Result<Vec<(&'static str, ::records::Value)>, serde_json::Error> {
                #[allow(unused_mut)]
                let mut all = vec![];
                $(if let Some(value) = &self.$field {
                    all.push((stringify!($field), serde_json::to_value(value)?));
                })*
                Ok(all)
            }
        }
        impl $name {
            /// The clear keys in order, as the head carries them.
            #[must_use]
            pub fn key_ids(&self) -> Vec<uuid::Uuid> { vec![$(self.$key.into()),*] }
        }
    };
}
