//! What the sites plan ahead for single days: slots at the centre, and Saturdays.

use crate::book::{Book, Pen, make};
use crate::chance::{Chance, FixedIds};
use crate::register::site_day;
use crate::town::{Class, Kid, Site, Town};
use nursery::calendar::{DayType, ExpectedDay, Span, Visit};
use nursery::clock;
use nursery::core::{Composer, Refusal};
use records::{Day, DeviceTime, TimeOfDay};

/// Sites without Saturday care of their own: their children go to みなと.
const SATURDAY_GUESTS: &[&str] = &["tsubame", "wanomori"];
/// Saturday hours.
pub(crate) const SATURDAY: Span = Span { from: TimeOfDay::hm(8, 30), to: TimeOfDay::hm(16, 30) };

/// Where the children of a site are on Saturdays; `None`: there is no care.
pub(crate) fn saturday_host<'a>(town: &'a Town, site: &'a Site) -> Option<&'a Site> {
    match site.key {
        "hidamari" => None,
        key if SATURDAY_GUESTS.contains(&key) => town.site("minato"),
        _ => Some(site),
    }
}

/// Children of a site who have asked for this Saturday.
pub(crate) fn saturday_children<'a>(town: &'a Town, site: &'a Site, day: Day) -> impl Iterator<Item = &'a Kid> {
    town.children_of(site, day).into_iter().filter(move |(_, stay)| stay.comes_on(day)).map(|(kid, _)| kid)
}

/// The hours of a child at the centre on this day, and its group there: Tuesday or Thursday for those who belong there by
/// slots, Thursday for those who are on trial.
pub(crate) fn slot<'a>(kid: &Kid, centre: &'a Site, day: Day) -> Option<(Span, &'a Class)> {
    let time = |(h, m)| TimeOfDay::hm(h, m);
    let span = |from, to| Span { from: time(from), to: time(to) };
    if kid.tries_centre {
        let group = centre.class("グループB")?;
        return (day.weekday() == 4).then(|| (span((9, 40), (11, 0)), group));
    }
    let stay = kid.stay_at(centre.id, day).filter(|stay| stay.usual.is_none())?;
    let group = centre.class_of(stay.class)?;
    let hours = if group.name == "グループA" { span((9, 5), (11, 25)) } else { span((13, 30), (15, 30)) };
    matches!(day.weekday(), 2 | 4).then_some((hours, group))
}

/// Writes the plans for the weeks around `today` that had been made by `at`: ten days ahead.
pub(crate) fn dated(town: &Town, seed: u64, today: Day, at: DeviceTime, book: &mut Book) {
    for day in (-14..=21).map(|n| today.plus(n)).filter(|day| town.year.is_open(*day)) {
        let planned = clock::moment(day.plus(-10), TimeOfDay::hm(15, 0));
        if planned > at {
            continue;
        }
        book.ids = FixedIds::new(Chance::of(seed, "plans for day", day.number()));
        if day.weekday() == 6 {
            saturday(town, day, Pen::system(planned), book);
        } else {
            slots(town, day, Pen::system(planned), book);
        }
    }
}

fn slots(town: &Town, day: Day, pen: Pen, book: &mut Book) {
    let Some(centre) = town.site("hidamari") else { return };
    for kid in &town.kids {
        let Some((span, _)) = slot(kid, centre, day) else { continue };
        let home = kid.stays.first().and_then(|stay| town.sites.iter().find(|site| site.id == stay.site));
        match home {
            Some(home) if kid.tries_centre => {
                book.act(pen, |c| visit(town, c, kid, (home, centre), (day, span, "centre")));
            }
            _ => book.act(pen, |c| expected(c, centre, kid, day, (span, "centre_slot"))),
        }
    }
}

fn saturday(town: &Town, day: Day, pen: Pen, book: &mut Book) {
    for site in &town.sites {
        let Some(host) = saturday_host(town, site) else { continue };
        let guest = host.id != site.id;
        if guest {
            book.act(pen, |c| site_day(c, site, day, DayType::Closed, "土曜はみなと保育園で合同保育"));
        }
        for kid in saturday_children(town, site, day) {
            book.act(pen, |c| {
                if guest {
                    visit(town, c, kid, (site, host), (day, SATURDAY, "saturday"))
                } else {
                    request(c, site, kid, day)
                }
            });
        }
    }
}

fn request(c: &mut Composer, site: &Site, kid: &Kid, day: Day) -> Result<(), Refusal> {
    expected(c, site, kid, day, (SATURDAY, "saturday"))
}

fn expected(c: &mut Composer, site: &Site, kid: &Kid, day: Day, (span, reason): (Span, &str)) -> Result<(), Refusal> {
    let new = ExpectedDay {
        child: kid.id,
        expected: Some(true),
        span: Some(span),
        reason: Some(reason.to_owned()),
        ..Default::default()
    };
    let keys = new.key_ids();
    make(c, site.id, kid.id, Some(day), (new, keys))?;
    Ok(())
}

fn visit(
    town: &Town,
    c: &mut Composer,
    kid: &Kid,
    (home, host): (&Site, &Site),
    (day, span, purpose): (Day, Span, &str),
) -> Result<(), Refusal> {
    let new = Visit {
        child: kid.id,
        host: host.id,
        home: home.id,
        from: Some(day),
        until: Some(day),
        span: Some(span),
        purpose: Some(purpose.to_owned()),
        ..Default::default()
    };
    let keys = new.key_ids();
    make(c, town.municipality, kid.id, None, (new, keys))?;
    Ok(())
}
