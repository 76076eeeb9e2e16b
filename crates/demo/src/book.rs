//! Where acts are written down.

use crate::chance::FixedIds;
use nursery::access::Standing;
use nursery::core::{Clock, Composer, Kind, Moment, Proof, Refusal, Who};
use records::{Change, Day, DeviceId, DeviceTime, FeedId, GrantsVersion, PersonId, RecordId, Subject};
use uuid::Uuid;

/// The server's own hand, as a device.
pub(crate) const SERVER: DeviceId = DeviceId(Uuid::from_u128(0x5a2a_11a1_0000_4000_8000_0000_0000_0002));

/// Who writes, on what, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pen {
    pub(crate) author: PersonId,
    pub(crate) device: DeviceId,
    pub(crate) at: DeviceTime,
}

impl Pen {
    /// The server itself.
    pub(crate) fn system(at: DeviceTime) -> Self {
        Self { author: nursery::server::SYSTEM, device: SERVER, at }
    }
}

/// Acts in the order of writing.
pub(crate) struct Book {
    pub(crate) ids: FixedIds,
    pub(crate) acts: Vec<Vec<Change>>,
    pub(crate) refused: Vec<Refusal>,
}

impl Book {
    pub(crate) fn new(ids: FixedIds) -> Self {
        Self { ids, acts: vec![], refused: vec![] }
    }

    /// Writes one act; an act that a kind refuses is left out and noted.
    pub(crate) fn act(&mut self, pen: Pen, write: impl FnOnce(&mut Composer) -> Result<(), Refusal>) {
        self.ids.set(pen.at);
        let who = Who {
            device: pen.device,
            person: Some(pen.author),
            standing: Standing::default(),
            proof: Proof::default(),
        };
        let clock = Clock { error_ms: Some(0), ..Clock::default() };
        let app = env!("CARGO_PKG_VERSION");
        let mut moment = Moment { at: pen.at, clock, basis: GrantsVersion(0), app, ids: &mut self.ids };
        let mut composer = Composer::new(&who, pen.author, &mut moment);
        match write(&mut composer) {
            Ok(()) => self.acts.push(composer.finish().changes),
            Err(refusal) => self.refused.push(refusal),
        }
    }
}

/// Makes a record whose keys are those of its struct.
pub(crate) fn make<K: Kind>(
    composer: &mut Composer,
    feed: impl Into<FeedId>,
    subject: impl Into<Subject>,
    day: Option<Day>,
    (new, keys): (K, Vec<Uuid>),
) -> Result<RecordId, Refusal> {
    composer.make(feed.into(), subject.into(), day, new, keys)
}
