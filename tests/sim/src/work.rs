//! What people do: punches, voids, announcements, counts, and free text in forms that stay open while others write.

use crate::chance::Chance;
use crate::city::{City, compose};
use crate::device::Device;
use nursery::attendance::{
    Announced, Announcement, CountState, HeadCount, Punch, PunchSort, PunchSource, Reason, Transition,
};
use nursery::core::{Composer, Form, Records, Scan, Void};
use nursery::ids::facility_year;
use records::{Change, Day, DeviceTime, Record, RecordId, Seen, Write};
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
    if !device.shared {
        return said(chance, device, |c| announce(c, city, 0, false), now_ms);
    }
    let child = chance.below(city.children.len());
    match chance.below(100) {
        0..30 => said(chance, device, |c| punch(c, city, child), now_ms),
        30..42 => {
            let punches = all::<Punch>(device);
            let record = chance.pick(&punches).filter(|r| r.shown("void").is_none())?;
            let void = Void { reason: "undo".into(), note: String::new() };
            said(chance, device, |c| c.void(&record, &void), now_ms)
        }
        42..50 => said(chance, device, |c| announce(c, city, child, true), now_ms),
        50..58 => said(chance, device, |c| count(c, city), now_ms),
        58..74 => {
            let counts = all::<HeadCount>(device);
            let record = chance.pick(&counts)?;
            let field = chance.pick(&["place", "gaps"])?;
            forms.push(OpenForm { record: record.head.id, field, seen: record.seen(field) });
            None
        }
        _ => type_text(chance, device, forms, now_ms),
    }
}

fn type_text(chance: &mut Chance, device: &mut Device, forms: &mut Vec<OpenForm>, now_ms: i64) -> Option<Deed> {
    if forms.is_empty() {
        return None;
    }
    let form = forms.remove(chance.below(forms.len()));
    let head = device.store().records().unwrap().record(form.record).unwrap()?.head;
    let text = format!("text {}", chance.id(now_ms));
    let pace = if chance.permille(500) { Pace::Resting } else { Pace::Now };
    let writes = vec![Write { field: form.field.into(), value: Some(text.into()), over: form.seen.clone() }];
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
    let stranger = device.shared && chance.permille(60); // refused by the server; what follows must not suffer
    let author = if stranger { device.stranger } else { chance.pick(&device.authors)? };
    let at = device.clock(now_ms).0;
    let mut changes = compose(chance, now_ms, device.session.device, author, basis, write);
    changes.iter_mut().for_each(|change| change.at = DeviceTime(at));
    Some(Deed { changes, pace: Pace::Now, form: None })
}

fn today(c: &Composer<'_, '_>) -> Day {
    nursery::clock::service_day(c.at(), nursery::clock::DEFAULT_BOUNDARY)
}

fn punch(c: &mut Composer<'_, '_>, city: &City, child: usize) {
    let child = city.children[child];
    let at = Some(c.at());
    let (sort, source) = (Some(PunchSort::Arrival), Some(PunchSource::Staff));
    let new = Punch { child, sort, at, source, error_ms: Some(0), ..Punch::default() };
    let (keys, day) = (new.key_ids(), today(c));
    c.make(city.feed(), child.into(), Some(day), new, keys).unwrap();
}

fn announce(c: &mut Composer<'_, '_>, city: &City, child: usize, entered: bool) {
    let child = city.children[child];
    let announced = Some(Announced::Absence { reason: Reason::Fever });
    let by_name = entered.then(|| "花".to_owned());
    let new = Announcement { child, announced, at: Some(c.at()), by_name, ..Announcement::default() };
    let (keys, day) = (new.key_ids(), today(c));
    c.make(city.feed(), child.into(), Some(day), new, keys).unwrap();
}

fn count(c: &mut Composer<'_, '_>, city: &City) {
    let new = HeadCount {
        transition: Some(Transition::WalkOut),
        children: Some(city.children.clone()),
        state: Some(CountState::Waiting),
        ..HeadCount::default()
    };
    let (keys, day) = (new.key_ids(), today(c));
    c.make(city.feed(), facility_year(city.feed(), day), Some(day), new, keys).unwrap();
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
