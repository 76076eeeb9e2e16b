//! What screens ask for and get. A view is plain data, complete for its screen: codes and times, no words in any
//! language; the screen turns codes into words.
//!
//! TypeScript declarations of everything here are generated (`cargo xtask codegen`) into `ui/src/lib/generated`.

mod board;
mod child;
mod family;
pub mod host;
mod messages;
mod office;
mod waiting;

pub use board::{
    Badge, BoardView, CallItem, CallList, Callee, CallsView, CareItem, ClassLine, ClockNotice, Contradiction, CountGap,
    Counts, GapChild, Hearing, RoomLine, RoomState, StaffFace, State, Tile, WaitingCount,
};
pub use child::{
    AwayNow, Candidate, CareNotesView, ChildSheetView, CollectingView, DayProgress, DepartureView, OpenEnd,
    OpenEndKind, OpenEndsView, PickupChange, ProtectedNote, Sibling, TimelineItem, TimelineWhat,
};
pub use family::{
    AbsenceFormView, ChildCard, DayChoice, FormChild, GuardianHomeView, PickupChoice, Reach, ReceiptView, SaidBefore,
    SentLine, Stuck, TimelineEntry,
};
pub use messages::{Caller, EntryChild, EntryFormView, MessageItem, MessageSort, MessagesView};
pub use office::{
    ClassRow, InviteChild, JoinItem, JoinsView, JointRoom, MeView, PlaceChoice, Post, RollItem, Side, SiteTodayView,
};
pub use waiting::{WaitingItem, WaitingView, WaitingWhat, WaitingWhy};

use crate::ids::{ChildId, ClassId, FacilityId, RoomId};
use records::{Day, PersonId, RecordId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A drawn face, or a large initial where none is wanted. Drawn from the id alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Face {
    /// From which the face is drawn.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: Uuid,
    /// True: drawn; false: the initial.
    pub drawn: bool,
    /// First kana of the used name.
    pub initial: String,
}

/// A class, a room, or a whole facility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "place")]
pub enum PlaceRef {
    /// Children placed in a class, wherever they are.
    Class {
        /// Of which facility.
        facility: FacilityId,
        /// Which class.
        class: ClassId,
    },
    /// Children who are or are expected in a room now (合同).
    Room {
        /// Of which facility.
        facility: FacilityId,
        /// Which room.
        room: RoomId,
    },
    /// Every child of a facility.
    Facility {
        /// Which.
        facility: FacilityId,
    },
}

impl PlaceRef {
    /// Of which facility.
    #[must_use]
    pub fn facility(self) -> FacilityId {
        match self {
            Self::Class { facility, .. } | Self::Room { facility, .. } | Self::Facility { facility } => facility,
        }
    }
}

/// What a screen asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "query")]
pub enum Query {
    /// Who am I, where, with which places and colleagues.
    Me,
    /// The class grid.
    Board {
        /// Of what.
        place: PlaceRef,
    },
    /// Of whom nothing is known: what every staff page rings by.
    Calls {
        /// Of which children.
        place: PlaceRef,
    },
    /// Everything about one child on one day.
    ChildSheet {
        /// At which facility.
        facility: FacilityId,
        /// Who.
        child: ChildId,
        /// Which day; today if not set.
        #[serde(default)]
        day: Option<Day>,
    },
    /// Protected notes of one child; needs a PIN on a shared tablet.
    CareNotes {
        /// At which facility.
        facility: FacilityId,
        /// Whose.
        child: ChildId,
    },
    /// Handing over.
    Departure {
        /// At which facility.
        facility: FacilityId,
        /// Who.
        child: ChildId,
    },
    /// May somebody who gave this name collect the child? Asked before anything else is done about that person.
    Collecting {
        /// At which facility.
        facility: FacilityId,
        /// Whom.
        child: ChildId,
        /// As the person said.
        name: String,
    },
    /// Morning messages of families.
    Messages {
        /// Of which children.
        place: PlaceRef,
    },
    /// Form for what comes by telephone, orally or on paper.
    EntryForm {
        /// For which children.
        place: PlaceRef,
    },
    /// Evening list of open ends.
    OpenEnds {
        /// Where.
        facility: FacilityId,
        /// Which day; today if not set.
        #[serde(default)]
        day: Option<Day>,
    },
    /// Home of a guardian.
    GuardianHome,
    /// The guardian's form for absence, lateness, early pick-up and change of pick-up.
    AbsenceForm,
    /// How far one announcement has come.
    Receipt {
        /// Which.
        announcement: RecordId,
    },
    /// The office's overview of today.
    SiteToday {
        /// Where.
        facility: FacilityId,
    },
    /// Guardians who wait to be confirmed, and children without any.
    Joins {
        /// Where.
        facility: FacilityId,
    },
    /// What waits for the office: held changes, and copies after a restore.
    Waiting {
        /// Where.
        facility: FacilityId,
    },
    /// What somebody types into a search, folded as names are: a screen looks for the key in the `search` of each row.
    SearchKey {
        /// As typed.
        text: String,
    },
}

/// What a screen gets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "view")]
#[allow(clippy::large_enum_variant)] // an answer lives for one paint
pub enum View {
    /// To [`Query::Me`].
    Me(MeView),
    /// To [`Query::Board`].
    Board(BoardView),
    /// To [`Query::Calls`].
    Calls(CallsView),
    /// To [`Query::ChildSheet`].
    ChildSheet(ChildSheetView),
    /// To [`Query::CareNotes`].
    CareNotes(CareNotesView),
    /// To [`Query::Departure`].
    Departure(DepartureView),
    /// To [`Query::Collecting`].
    Collecting(CollectingView),
    /// To [`Query::Messages`].
    Messages(MessagesView),
    /// To [`Query::EntryForm`].
    EntryForm(EntryFormView),
    /// To [`Query::OpenEnds`].
    OpenEnds(OpenEndsView),
    /// To [`Query::GuardianHome`].
    GuardianHome(GuardianHomeView),
    /// To [`Query::AbsenceForm`].
    AbsenceForm(AbsenceFormView),
    /// To [`Query::Receipt`].
    Receipt(ReceiptView),
    /// To [`Query::SiteToday`].
    SiteToday(SiteTodayView),
    /// To [`Query::Joins`].
    Joins(JoinsView),
    /// To [`Query::Waiting`].
    Waiting(WaitingView),
    /// To [`Query::SearchKey`].
    SearchKey(SearchKeyView),
}

/// What was typed into a search, made comparable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct SearchKeyView {
    /// Empty where nothing is typed that could be looked for.
    pub key: String,
}

/// A look at a sensitive record, to be logged before it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Which record.
    pub record: RecordId,
    /// Who looked.
    pub person: Option<PersonId>,
}

/// A view, the kinds it was read from (the screen asks again when one of them moves), and the looks it made.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What the screen shows.
    pub view: View,
    /// Kinds that were read.
    pub kinds: Vec<&'static str>,
    /// Looks at sensitive records.
    pub looks: Vec<Look>,
    /// After how many ms the answer may be another one by the clock alone (an alarm becomes due). A span, because the
    /// clock of whoever shows it may be wrong.
    pub stale_in_ms: u32,
    /// The best guess of the true time at which this was answered.
    pub now: records::DeviceTime,
}
