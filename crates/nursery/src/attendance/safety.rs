//! Rooms in use, staff in them, and counting heads.

use crate::access::{Audience, atoms};
use crate::core::{Code, Kind, Shape};
use crate::form;
use crate::ids::{ChildId, ClassId, FacilityId, RoomId};
use records::{Atoms, DeviceTime, PersonId, TimeOfDay};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

form! {
    /// 合同保育: children of several classes in one room for a span of the day.
    RoomSession = "room_session", 70,
    keys {
        /// Where.
        room: RoomId,
    }
    fields {
        /// Whose children; empty: of all classes.
        classes: Vec<ClassId>,
        /// From when.
        from: TimeOfDay,
        /// Until when.
        to: TimeOfDay,
    }
}
impl Kind for RoomSession {
    const SHAPE: Shape = Shape::Form;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(13);
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.from.and(after.meta.day.map(|_| ())).ok_or(Code::Incomplete)
    }
}

form! {
    /// A member of staff came into a room or left it. The last fact of a person counts.
    Presence = "presence", 71,
    keys {
        /// Who.
        person: Uuid,
        /// Which room; nil when the person left the building.
        room: RoomId,
    }
    fields {
        /// When.
        at: DeviceTime,
    }
}
impl Kind for Presence {
    const SHAPE: Shape = Shape::Fact;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(13);
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(self.meta.feed.into())])
    }
    fn check(_: Option<&Self>, after: &Self) -> Result<(), Code> {
        after.at.and(after.meta.day.map(|_| ())).ok_or(Code::Incomplete)
    }
}

/// 場面の切替 that needs a count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    /// 散歩へ
    #[default]
    WalkOut,
    /// 散歩から
    WalkIn,
    /// 部屋を移る
    RoomChange,
}

/// Where a count stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum CountState {
    /// The first person has chosen and counted; the second has not.
    #[default]
    Waiting,
    /// Two people, one number, equal to the roster.
    Agreed,
    /// The numbers differed: both count again.
    Differed,
    /// Given up.
    Cancelled,
}

/// A child that was chosen for a count and is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Gap {
    /// Who is missing.
    pub child: ChildId,
    /// Why: `with_staff`, `with_family`, `picked_wrongly`, or words.
    pub why: String,
}

/// Longest reason of a gap, in characters.
pub const GAP_WHY_MOST: usize = 100;

form! {
    /// 人数確認: two people count, the second blind. Concerns several children, so it is a staff record; each child gets its own [`super::Away`] or [`super::Movement`].
    HeadCount = "head_count", 72,
    keys {
        /// The room that was left.
        room: RoomId,
    }
    fields {
        /// Which change of scene.
        transition: Transition,
        /// Where to, in words.
        place: String,
        /// Whom the first person chose, face by face.
        children: Vec<ChildId>,
        /// Who chose and counted first.
        first_by: PersonId,
        /// When.
        first_at: DeviceTime,
        /// Who counted second.
        second_by: PersonId,
        /// What the second person counted.
        second_count: u16,
        /// When.
        second_at: DeviceTime,
        /// Where it stands.
        state: CountState,
        /// Who of the chosen is missing and why; each of them stays where it was.
        gaps: Vec<Gap>,
    }
}
impl Kind for HeadCount {
    const SHAPE: Shape = Shape::Form;
    const KEEP: crate::core::Keep = crate::core::Keep::Months(13);
    fn audiences(&self) -> Atoms {
        atoms(&[Audience::Staff(FacilityId::from(self.meta.feed))])
    }
    fn check(before: Option<&Self>, after: &Self) -> Result<(), Code> {
        let chosen = after.children.as_ref().ok_or(Code::Incomplete)?;
        if before.is_some() && after.state == Some(CountState::Agreed) {
            let counted = after.second_count.map(usize::from);
            let gaps = after.gaps.as_deref().unwrap_or_default();
            let explained = gaps_fit(gaps, chosen) && counted.map(|n| n + gaps.len()) == Some(chosen.len());
            if after.second_by == after.first_by || !explained {
                return Err(Code::BadInput);
            }
        }
        Ok(())
    }
}

/// True if each gap is another one of the chosen, with a reason.
fn gaps_fit(gaps: &[Gap], chosen: &[ChildId]) -> bool {
    let named: std::collections::BTreeSet<_> = gaps.iter().map(|gap| gap.child).collect();
    let reason = |gap: &Gap| !gap.why.trim().is_empty() && gap.why.chars().count() <= GAP_WHY_MOST;
    named.len() == gaps.len() && gaps.iter().all(|gap| chosen.contains(&gap.child) && reason(gap))
}
