//! A walk: two people count, the second blind; every child has its own record of going out and coming back.

use super::fates::Coming;
use super::{Script, Tag};
use crate::book::{Pen, make};
use crate::town::{Class, Kid, Site, Worker};
use nursery::attendance::{Away, AwayBack, CountState, HeadCount, Transition};
use nursery::core::{Composer, Refusal};
use nursery::ids::facility_year;
use records::{Day, DeviceTime, PersonId, TimeOfDay, Write};

const PLACES: &[&str] = &["川岸公園", "神社の森", "図書館の庭"];

/// Children of one class who go out together.
#[derive(Clone, Copy)]
struct Group<'a> {
    site: &'a Site,
    class: &'a Class,
    first: &'a Worker,
    second: &'a Worker,
    place: &'static str,
    day: Day,
}

impl<'a> Script<'a> {
    /// One class of every nursery goes for a walk in the morning.
    pub(crate) fn walk(&mut self, site: &'a Site, comings: &[Coming<'a>]) {
        let name = if site.key == "minato" { "うさぎ組" } else { "きりん組" };
        let Some(class) = site.class(name) else { return };
        let leaves = TimeOfDay::hm(9, 59);
        let there = |c: &&Coming| {
            c.stay.class == class.id
                && c.kid.stays.len() == 1
                && !c.kid.tries_centre
                && c.comes.is_some_and(|comes| comes < leaves)
                && c.goes.is_none_or(|goes| goes > TimeOfDay::hm(11, 30))
        };
        let most = if site.key == "minato" { 8 } else { 13 };
        let kids: Vec<&Kid> = comings.iter().filter(there).map(|c| c.kid).take(most).collect();
        let staff = |class_only: bool| {
            self.town.workers_of(site).filter(move |w| {
                w.class.is_some() == class_only && (w.class == Some(class.id) || !class_only) && shift_fits(w)
            })
        };
        let mut two = staff(true).chain(staff(false));
        let (Some(first), Some(second)) = (two.next(), two.next()) else { return };
        let place = self.chance.pick(PLACES);
        let place = if site.key == "minato" { "川岸公園" } else { place };
        let group = Group { site, class, first, second, place, day: self.day };
        self.goes(group, &kids, leaves);
        self.returns(group, &kids, TimeOfDay::hm(11, 5));
    }

    fn goes(&mut self, group: Group<'a>, kids: &[&'a Kid], time: TimeOfDay) {
        let at = self.time(time);
        self.counts_first(at, group, kids, (Transition::WalkOut, Tag::CountOut));
        let ids = kids.to_vec();
        let later = at.plus_ms(140_000);
        let pen = Pen { author: group.second.person, device: group.class.tablet, at: later };
        self.add(pen, move |c, known| {
            let count = known.get(Tag::CountOut, group.class.room)?;
            let (head, first) = known.count(count)?;
            agree(c, head, first, (group.second.person, ids.len(), later))?;
            for kid in ids {
                let new = Away {
                    child: kid.id,
                    head_count: count.0,
                    at: Some(later),
                    reason: Some("walk".to_owned()),
                    place: Some(group.place.to_owned()),
                    with: Some(format!("{}・{}", group.first.by_name(), group.second.by_name())),
                    expected_back: Some(TimeOfDay::hm(11, 10)),
                    ..Default::default()
                };
                let keys = new.key_ids();
                let id = make(c, group.site.id, kid.id, Some(group.day), (new, keys))?;
                known.put(Tag::Away, kid.id, id);
            }
            Ok(())
        });
    }

    fn returns(&mut self, group: Group<'a>, kids: &[&'a Kid], time: TimeOfDay) {
        let at = self.time(time);
        self.counts_first(at, group, kids, (Transition::WalkIn, Tag::CountIn));
        let ids = kids.to_vec();
        let later = at.plus_ms(120_000);
        let pen = Pen { author: group.second.person, device: group.class.tablet, at: later };
        self.add(pen, move |c, known| {
            let (head, first) = known.count(known.get(Tag::CountIn, group.class.room)?)?;
            agree(c, head, first, (group.second.person, ids.len(), later))?;
            for kid in ids {
                let away = known.get(Tag::Away, kid.id)?.0;
                let room = Some(group.class.room);
                let new = AwayBack { child: kid.id, away, at: Some(later), room, ..Default::default() };
                let keys = new.key_ids();
                make(c, group.site.id, kid.id, Some(group.day), (new, keys))?;
            }
            Ok(())
        });
    }

    fn counts_first(&mut self, at: DeviceTime, group: Group<'a>, kids: &[&'a Kid], (of, tag): (Transition, Tag)) {
        let children = kids.iter().map(|kid| kid.id).collect();
        let pen = Pen { author: group.first.person, device: group.class.tablet, at };
        self.add(pen, move |c, known| {
            let new = HeadCount {
                room: group.class.room,
                transition: Some(of),
                place: Some(group.place.to_owned()),
                children: Some(children),
                first_by: Some(group.first.person),
                first_at: Some(at),
                state: Some(CountState::Waiting),
                ..Default::default()
            };
            let keys = new.key_ids();
            let subject = facility_year(group.site.id.into(), group.day);
            let id = make(c, group.site.id, subject, Some(group.day), (new, keys))?;
            known.put(tag, group.class.room, id);
            Ok(())
        });
    }
}

/// The second person counted the same.
fn agree(
    c: &mut Composer,
    head: records::Head,
    first: records::ChangeId,
    (by, count, at): (PersonId, usize, DeviceTime),
) -> Result<(), Refusal> {
    let value = |field: &str, value: serde_json::Value, over: bool| Write {
        field: field.to_owned(),
        value: Some(value),
        over: over.then_some(first).into_iter().collect(),
    };
    c.write(
        head,
        vec![
            value("second_by", by.0.to_string().into(), false),
            value("second_count", count.into(), false),
            value("second_at", at.0.into(), false),
            value("state", "agreed".into(), true),
        ],
    );
    Ok(())
}

fn shift_fits(worker: &Worker) -> bool {
    use crate::town::Shift;
    matches!(worker.shift, Shift::Early | Shift::Middle)
}
