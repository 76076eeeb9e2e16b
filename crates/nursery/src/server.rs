//! Records that only the server writes, author [`SYSTEM`].

use crate::access::{Audience, atoms};
use crate::attendance::Collector;
use crate::core::{Code, Form, Kind, Shape};
use crate::form;
use crate::ids::ChildId;
use records::{Atoms, Day, Epoch, PersonId, Record, ServerTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The server as an author.
pub const SYSTEM: PersonId = PersonId(Uuid::from_u128(0x5a2a_11a1_0000_4000_8000_0000_0000_0001));

form! {
    /// 保育室の端末に届きました: a device of the place where a tracked record happened has stored it. One per record.
    Delivery = "delivery", 80,
    keys {
        /// The record that arrived.
        record: Uuid,
        /// Whom it is about.
        child: ChildId,
    }
    fields {
        /// When, by the server's clock.
        at: ServerTime,
        /// Name of the device, such as うさぎ組 1.
        device_name: String,
    }
}
impl Kind for Delivery {
    const SHAPE: Shape = Shape::Fact;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(13);
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.meta.feed.into()), Audience::Family(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.at.map(|_| ()).ok_or(Code::Incomplete)
    }
    fn natural_key(&self) -> Option<String> {
        Some(self.record.to_string())
    }
}

form! {
    /// A change that was allowed when it was written and is not now: waits for the office.
    Hold = "hold", 81,
    keys {
        /// Who wrote it.
        author: Uuid,
        /// The record it is about.
        record: Uuid,
    }
    fields {
        /// The letters of the act, as they came.
        letters: Vec<records::Value>,
        /// Why it waits.
        code: String,
        /// `accepted` or `refused`, once the office has decided.
        decision: String,
    }
}
impl Kind for Hold {
    const SHAPE: Shape = Shape::Form;
    fn audiences(&self) -> Atoms {
        atoms(&[
            Audience::Office(self.meta.feed.into()),
            Audience::City(self.meta.feed.into()),
            Audience::Person(PersonId(self.author)),
        ])
    }
    fn check(before: Option<&Self>, after: &Self) -> Result<(), Code> {
        // the office decides, nothing else: letters and reason stay as the server wrote them
        if before.is_some_and(|before| before.letters != after.letters || before.code != after.code) {
            return Err(Code::NotAllowed);
        }
        after.code.as_ref().map(|_| ()).ok_or(Code::Incomplete)
    }
}

form! {
    /// A copy of a record that an earlier epoch of the server had and this one lacks, in whole or in part, brought by a
    /// device after a restore: waits for the office.
    Witness = "witness", 83,
    keys {
        /// The record it is a copy of.
        record: Uuid,
    }
    fields {
        /// The copy, as the device held it.
        copy: Record,
        /// The epoch that lacks it.
        epoch: Epoch,
        /// Name of the device that brought it.
        device_name: String,
        /// `accepted` or `refused`, once the office has decided.
        decision: String,
    }
}
impl Kind for Witness {
    const SHAPE: Shape = Shape::Form;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Office(self.meta.feed.into()), Audience::City(self.meta.feed.into())])
    }
    fn check(before: Option<&Self>, after: &Self) -> Result<(), Code> {
        // the office decides, nothing else: the copy stays as it came
        if before.is_some_and(|before| before.copy != after.copy || before.device_name != after.device_name) {
            return Err(Code::NotAllowed);
        }
        after.copy.as_ref().map(|_| ()).ok_or(Code::Incomplete)
    }
    /// A hundred devices with the same copy make one record.
    fn natural_key(&self) -> Option<String> {
        let seq = self.copy.as_ref().and_then(|copy| copy.seq).unwrap_or_default();
        Some(format!("{}/{}/{}", self.epoch.unwrap_or_default(), self.record, seq.0))
    }
}

/// True for kinds that only the server writes: after a restore it writes them anew.
#[must_use]
pub fn writes_alone(kind: &str) -> bool {
    [Delivery::NAME, Hold::NAME, Collectors::NAME, Witness::NAME].contains(&kind)
}

/// Somebody who may collect a child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MayCollect {
    /// A guardian, or somebody registered.
    pub collector: Collector,
    /// 続柄 code or words.
    pub relation: String,
    /// As in the register.
    pub name: String,
    /// From this day on.
    #[serde(default)]
    pub from: Option<Day>,
    /// To this day.
    #[serde(default)]
    pub until: Option<Day>,
}

impl MayCollect {
    /// True on this day.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

form! {
    /// お迎えの人 of a child, told to its families: what a guardian may know of other guardians, who hold facts of their
    /// own that are none of each other's business. The server writes it anew whenever it has become another
    /// ([`crate::rules::told_to_families`]).
    Collectors = "collectors", 82,
    keys {
        /// Whose.
        child: ChildId,
    }
    fields {
        /// Guardians in the order of calling, then those who are registered.
        list: Vec<MayCollect>,
    }
}
impl Kind for Collectors {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Family(self.child)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.list.as_ref().map(|_| ()).ok_or(Code::Incomplete)
    }
    fn natural_key(&self) -> Option<String> {
        Some(self.child.to_string())
    }
}
