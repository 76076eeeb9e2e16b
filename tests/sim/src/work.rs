//! What people do: punches, voids, announcements, counts, and free text in forms that stay open while others write.

use crate::chance::Chance;
use crate::city::{City, compose};
use crate::device::{Device, Hands};
use nursery::attendance::{
    Announced, Announcement, CountState, HeadCount, Punch, PunchSort, PunchSource, Reason, Transition,
};
use nursery::core::{Composer, Form, Records, Scan, Void};
use nursery::ids::facility_year;
use records::{Change, Day, DeviceTime, KindName, Record, RecordId, Seen, Write};
use replica::Pace;
use std::ops::ControlFlow;

/// A form as it stands on a screen: what it showed when it was last drawn.
#[derive(Clone, Debug)]
pub struct OpenForm {
    pub record: RecordId,
    pub field: &'static str,
    pub seen: Seen,
}

/// Something that a person does.
pub struct Deed {
    pub changes: Vec<Change>,
    pub pace: Pace,
    /// The form it came from.
    pub form: Option<OpenForm>,
}

/// One deed of a person at a device; `None` if there was nothing to do, or a form was only opened.
pub fn deed(
    city: &City,
    chance: &mut Chance,
    device: &mut Device,
    forms: &mut Vec<OpenForm>,
    now_ms: i64,
) -> Option<Deed> {
    let site = match device.hands {
        Hands::Staff(site) => site,
        Hands::Parent(parent) => {
            let child = city.folk.parents[parent].child;
            return said(chance, device, |c| announce(c, city, child, false), now_ms);
        }
    };
    let here: Vec<usize> = (0..city.folk.children.len())
        .filter(|child| city.folk.children[*child].placements.iter().any(|(_, at)| *at == site))
        .collect();
    let child = chance.pick(&here)?;
    match chance.below(100) {
        0..28 => said(chance, device, |c| punch(c, city, site, child), now_ms),
        28..40 => {
            let punches = all::<Punch>(device);
            let record = chance.pick(&punches).filter(|r| r.shown("void").is_none())?;
            let void = Void { reason: "undo".into(), note: String::new() };
            said(chance, device, |c| c.void(&record, &void), now_ms)
        }
        40..48 => said(chance, device, |c| announce(c, city, child, true), now_ms),
        48..56 => said(chance, device, |c| count(c, city, site), now_ms),
        56..60 => said(chance, device, |c| arrivals(c, city, site, &here), now_ms),
        60..61 => from_the_future(city, chance, device, site, now_ms),
        61..75 => {
            let counts = all::<HeadCount>(device);
            let record = chance.pick(&counts)?;
            let field = chance.pick(&FIELDS)?;
            forms.push(OpenForm { record: record.head.id, field, seen: record.seen(field) });
            None
        }
        _ => type_text(chance, device, forms, now_ms),
    }
}

/// Fields of a head count in which people write; this app knows nothing of the last.
const FIELDS: [&str; 3] = ["place", "gaps", UNKNOWN_FIELD];
/// What a newer version of the app writes.
pub const UNKNOWN_FIELD: &str = "from_the_future";

/// Written by a newer app, in a kind that this server does not know.
fn from_the_future(city: &City, chance: &mut Chance, device: &mut Device, site: usize, now_ms: i64) -> Option<Deed> {
    let mut deed = said(chance, device, |c| count(c, city, site), now_ms)?;
    deed.changes.iter_mut().for_each(|change| change.head.kind = KindName::of(UNKNOWN_FIELD));
    Some(deed)
}

fn type_text(chance: &mut Chance, device: &mut Device, forms: &mut Vec<OpenForm>, now_ms: i64) -> Option<Deed> {
    if forms.is_empty() {
        return None;
    }
    let form = forms.remove(chance.below(forms.len()));
    let head = device.store().records().unwrap().record(form.record).unwrap()?.head;
    let text = chance.id(now_ms).to_string();
    let value =
        if form.field == UNKNOWN_FIELD { serde_json::json!({ "z": [1, text], "a": null }) } else { text.into() };
    let pace = if chance.permille(500) { Pace::Resting } else { Pace::Now };
    let writes = vec![Write { field: form.field.into(), value: Some(value), over: form.seen.clone() }];
    let deed = said(chance, device, |c| c.write(head, writes), now_ms)?;
    Some(Deed { pace, form: Some(form), ..deed })
}

fn said(
    chance: &mut Chance,
    device: &mut Device,
    write: impl FnOnce(&mut Composer<'_, '_>),
    now_ms: i64,
) -> Option<Deed> {
    let basis = device.store().basis().unwrap();
    let stranger = device.shared() && chance.permille(60); // refused by the server; what follows must not suffer
    let author = if stranger { device.stranger } else { chance.pick(&device.authors)? };
    let at = device.clock(now_ms).0;
    let mut changes = compose(chance, now_ms, device.session.device, author, basis, write);
    changes.iter_mut().for_each(|change| change.at = DeviceTime(at));
    Some(Deed { changes, pace: Pace::Now, form: None })
}

fn today(c: &Composer<'_, '_>) -> Day {
    nursery::clock::service_day(c.at(), nursery::clock::DEFAULT_BOUNDARY)
}

fn punch(c: &mut Composer<'_, '_>, city: &City, site: usize, child: usize) {
    let child = city.folk.children[child].id;
    let at = Some(c.at());
    let (sort, source) = (Some(PunchSort::Arrival), Some(PunchSource::Staff));
    let new = Punch { child, sort, at, source, error_ms: Some(0), ..Punch::default() };
    let (keys, day) = (new.key_ids(), today(c));
    c.make(city.folk.sites[site].id.into(), child.into(), Some(day), new, keys).unwrap();
}

fn announce(c: &mut Composer<'_, '_>, city: &City, child: usize, entered: bool) {
    let site = city.folk.children[child].placements[0].1;
    let child = city.folk.children[child].id;
    let announced = Some(Announced::Absence { reason: Reason::Fever });
    let by_name = entered.then(|| "花".to_owned());
    let new = Announcement { child, announced, at: Some(c.at()), by_name, ..Announcement::default() };
    let (keys, day) = (new.key_ids(), today(c));
    c.make(city.folk.sites[site].id.into(), child.into(), Some(day), new, keys).unwrap();
}

fn count(c: &mut Composer<'_, '_>, city: &City, site: usize) {
    let new = HeadCount {
        transition: Some(Transition::WalkOut),
        children: Some(city.folk.children.iter().map(|child| child.id).collect()),
        state: Some(CountState::Waiting),
        ..HeadCount::default()
    };
    let (keys, day) = (new.key_ids(), today(c));
    let feed = city.folk.sites[site].id.into();
    c.make(feed, facility_year(feed, day), Some(day), new, keys).unwrap();
}

/// The act in which all children of a tablet's site arrive.
pub fn arrival_of_all(device: &Device, city: &City, chance: &mut Chance, now_ms: i64) -> Vec<Change> {
    let Hands::Staff(site) = device.hands else { return vec![] };
    let (author, basis) = (device.authors[0], records::GrantsVersion(0));
    let all: Vec<usize> = (0..2).collect();
    compose(chance, now_ms, device.session.device, author, basis, |c| arrivals(c, city, site, &all))
}

/// One act of several changes: it stands or falls whole.
fn arrivals(c: &mut Composer<'_, '_>, city: &City, site: usize, children: &[usize]) {
    children.iter().for_each(|child| punch(c, city, site, *child));
}

/// Every record of a kind on this device.
pub fn all<K: Form>(device: &mut Device) -> Vec<Record> {
    let mut all = vec![];
    let view = device.store().records().unwrap();
    view.scan(&Scan::of::<K>(), &mut |record| {
        all.push(record);
        ControlFlow::Continue(())
    })
    .unwrap();
    all.sort_by_key(|record| record.head.id); // rows come in the order of storing, which a restart may change
    all
}
