//! What a host (device app or server) tells about itself, beside the records: sync, queue, pairing, joining. Data only;
//! hosts fill it in.

use crate::devices::Purpose;
use crate::ids::{ChildId, FacilityId};
use records::{ChangeId, Day, DeviceTime, PersonId};
use serde::{Deserialize, Serialize};

/// State of an item, in six words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case")]
pub enum SyncWord {
    /// 端末に保存
    Saved,
    /// 送信待ち
    Waiting,
    /// 送信中
    Sending,
    /// 送信済み
    Sent,
    /// 失敗
    Failed,
    /// 見直し
    Review,
}

/// The badge in the header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct SyncView {
    /// Of everything together.
    pub word: SyncWord,
    /// Items that the server has not accepted yet.
    pub waiting: u32,
    /// Refused or held items.
    pub troubles: u32,
    /// Set while the server cannot be reached: since when.
    pub offline_since: Option<DeviceTime>,
    /// Last completed exchange.
    pub last_sync: Option<DeviceTime>,
    /// Guardians' messages are complete up to this time.
    pub heard: Option<DeviceTime>,
    /// A safety item (absence, allergy, pick-up) has waited ten minutes: amber.
    pub urgent: bool,
    /// True in a browser: nothing is kept here.
    pub online_only: bool,
    /// The server wants a new sign-in before it talks to this device.
    pub sign_in_again: bool,
}

/// One item of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct QueueItem {
    /// Which change.
    pub change: ChangeId,
    /// Kind of record.
    pub kind: String,
    /// Name of the child on the tile, if it is about one.
    pub child: Option<String>,
    /// Further code, such as `arrival`.
    pub what: String,
    /// When it was written.
    pub at: DeviceTime,
    /// State.
    pub word: SyncWord,
    /// Why, for `failed` and `review`.
    pub code: Option<String>,
}

/// What a screen asks of its host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "request")]
pub enum HostRequest {
    /// → [`HostReply::Start`]: paired or not, signed in or not.
    Start,
    /// → [`HostReply::Sync`].
    Sync,
    /// → [`HostReply::Queue`].
    Queue,
    /// Try now. → [`HostReply::Sync`].
    SyncNow,
    /// The queue as JSON text, to be kept or sent to support. → [`HostReply::Text`].
    ExportQueue,
    /// Take an item out of the tray after reading it. → [`HostReply::Ok`].
    Dismiss {
        /// Which.
        change: ChangeId,
    },
    /// This person records from now on; PIN if asked. → [`HostReply::Ok`].
    ChoosePerson {
        /// Who; nobody when not set.
        person: Option<PersonId>,
        /// If asked.
        #[serde(default)]
        pin: Option<String>,
    },
    /// A person has confirmed today's date. → [`HostReply::Ok`].
    ConfirmDate {
        /// Which.
        day: Day,
    },
    /// Pairing, on the new device: shows a code. → [`HostReply::Pairing`].
    PairStart {
        /// Address of the server.
        server: String,
        /// As people call the device.
        name: String,
        /// Whose hands.
        purpose: Purpose,
    },
    /// Pairing, on the new device: confirmed yet? → [`HostReply::Pairing`].
    PairPoll,
    /// Pairing, at the office: which devices wait. → [`HostReply::PairWaiting`].
    PairWaiting,
    /// Pairing, at the office: the code shown there, typed here. → [`HostReply::Ok`].
    PairConfirm {
        /// Six digits.
        code: String,
        /// For which facility.
        facility: FacilityId,
    },
    /// A new invitation for a child; text is the link. → [`HostReply::Invitation`].
    Invite {
        /// For whose guardian.
        child: ChildId,
        /// At which site.
        facility: FacilityId,
    },
    /// What an invitation is for, before it is used; tells the first kana of the child only. → [`HostReply::Invited`].
    JoinLook {
        /// Address of the server; empty in a browser.
        server: String,
        /// From link or QR.
        token: String,
    },
    /// Use an invitation. → [`HostReply::Ok`]; pending until the nursery confirms.
    Join {
        /// Address of the server; empty in a browser.
        server: String,
        /// From link or QR.
        token: String,
        /// As typed.
        name: String,
        /// Reading.
        kana: String,
        /// 続柄 code.
        relation: String,
        /// Number.
        phone: String,
    },
    /// End this browser's session, or forget the chosen person. → [`HostReply::Ok`].
    SignOut,
}

/// What a host answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "snake_case", tag = "reply")]
pub enum HostReply {
    /// Done.
    Ok,
    /// At start.
    Start {
        /// True if this device or browser may ask and act.
        ready: bool,
        /// True in a browser.
        browser: bool,
        /// The person was refused or waits for confirmation.
        pending: bool,
        /// Address of the server, if known.
        server: Option<String>,
        /// Whom to call about it, for whoever was refused or waits, where this host knows.
        nursery: Option<Nursery>,
    },
    /// Badge.
    Sync(SyncView),
    /// Queue.
    Queue {
        /// Newest last.
        items: Vec<QueueItem>,
    },
    /// Text.
    Text {
        /// It.
        text: String,
    },
    /// Pairing.
    Pairing {
        /// Six digits, shown on both sides.
        code: String,
        /// Confirmed: the device is ready.
        paired: bool,
        /// Not valid after.
        expires: DeviceTime,
    },
    /// Devices that wait.
    PairWaiting {
        /// Each.
        devices: Vec<WaitingDevice>,
    },
    /// A new invitation.
    Invitation {
        /// The link.
        url: String,
        /// To be typed where nothing can be scanned.
        code: String,
        /// The QR as SVG.
        qr_svg: String,
        /// Not valid after.
        expires: DeviceTime,
    },
    /// What an invitation is for.
    Invited {
        /// Name of the municipality.
        municipality: String,
        /// Name of the facility.
        facility_name: String,
        /// Initial of the child's name.
        initial: String,
        /// Not valid after.
        expires: DeviceTime,
    },
}

/// A nursery to be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct Nursery {
    /// As shown.
    pub name: String,
    /// The number families call.
    pub phone: String,
}

/// A device that waits to be paired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
pub struct WaitingDevice {
    /// As people call it.
    pub name: String,
    /// Whose hands.
    pub purpose: Purpose,
    /// The last two digits of its code, to tell several apart; the whole code is typed.
    pub hint: String,
    /// Not valid after.
    pub expires: DeviceTime,
}
