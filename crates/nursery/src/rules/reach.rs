//! How far an announcement has come: four facts, each from a record.

use super::facts::acknowledged;
use crate::attendance::{Acknowledgement, Announcement};
use crate::core::{Fault, Form, Records, get};
use crate::server::Delivery;
use crate::view::Reach;
use records::RecordId;

/// Minutes in which an announcement may be on its way to the classroom before the family is asked to call: a tablet
/// that is awake has it within seconds, one that sleeps wakes within minutes.
pub const ARRIVAL_GRACE_MINUTES: u16 = 5;

/// The facts of a receipt.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The furthest.
    pub reach: Reach,
    /// 保育室の端末に届きました
    pub delivery: Option<Delivery>,
    /// 先生が確認しました
    pub acknowledged: Option<Acknowledgement>,
}

/// How far an announcement has come. The server alone is never 「園に届きました」.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn progress(r: &dyn Records, announcement: &Announcement) -> Result<Progress, Fault> {
    let id = announcement.meta.id;
    let acknowledged = acknowledged(r, id)?;
    let delivery = get::<Delivery>(r, RecordId::derived(announcement.meta.feed, Delivery::NAME, &id.to_string()).0)?;
    let reach = if acknowledged.is_some() {
        Reach::Person
    } else if delivery.is_some() {
        Reach::Classroom
    } else if announcement.meta.seq.is_some() {
        Reach::Server
    } else {
        Reach::Device
    };
    Ok(Progress { reach, delivery, acknowledged })
}
