//! Devices and how people join.

use crate::access::{Audience, atoms};
use crate::core::{Code, Kind, Shape};
use crate::form;
use crate::ids::{ChildId, FacilityId};
use crate::place::named;
use records::{Atoms, Day, DeviceTime, PersonId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whose hands a device is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 保育室タブレット: shared by the staff of a site.
    ClassTablet,
    /// 玄関端末: the door.
    Kiosk,
    /// One person's own.
    #[default]
    Personal,
}

form! {
    /// A paired device. For shared ones `owner` is the facility, for personal ones the person.
    Device = "device", 30,
    keys {
        /// Facility or person.
        owner: Uuid,
    }
    fields {
        /// Whose hands.
        purpose: Purpose,
        /// As people call it, such as うさぎ組 1.
        name: String,
        /// Ed25519, 64 hexadecimal letters.
        public_key: String,
        /// Set when it is lost or retired: nothing reaches it any more.
        retired: Day,
    }
}
impl Kind for Device {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    const GRANTS: bool = true;
    fn audiences(&self) -> Atoms {
        match self.purpose.unwrap_or_default() {
            Purpose::Personal => atoms(&[Audience::Person(PersonId(self.owner))]),
            Purpose::ClassTablet | Purpose::Kiosk => {
                atoms(&[Audience::Staff(FacilityId(self.owner)), Audience::City(self.meta.feed.into())])
            }
        }
    }
    fn check(before: Option<&Self>, after: &Self) -> Result<(), Code> {
        named(after.name.as_deref())?;
        // a key is a device: another key is another device
        if before.is_some_and(|b| b.public_key != after.public_key || b.purpose != after.purpose) {
            return Err(Code::NotAllowed);
        }
        match &after.public_key {
            Some(key) if key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit()) => Ok(()),
            Some(_) => Err(Code::BadInput),
            None => Err(Code::Incomplete),
        }
    }
}

form! {
    /// An invitation bound to one child: 128 random bits on paper or screen, of which only the hash is kept;
    /// single use, expiring, pending until the nursery confirms.
    Invitation = "invitation", 31,
    keys {
        /// For whose guardian.
        child: ChildId,
        /// By whom it was made, at which site.
        facility: FacilityId,
        /// The guardian it is meant for, if the office knows one; nil otherwise.
        person: Uuid,
    }
    fields {
        /// BLAKE3 of the token, 64 hexadecimal letters.
        token_hash: String,
        /// Nobody may use it after this moment.
        expires: DeviceTime,
        /// Used at this moment, by the person in `used_by`.
        used: DeviceTime,
        /// Who used it.
        used_by: PersonId,
        /// Taken back by the site.
        revoked: bool,
    }
}
impl Kind for Invitation {
    const SHAPE: Shape = Shape::Form;
    const OF_THE_CITY: bool = true;
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Office(self.facility)])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.token_hash.as_ref().and(after.expires).map(|_| ()).ok_or(Code::Incomplete)
    }
}
