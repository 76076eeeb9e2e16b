//! Which child is expected where and when. A child who is not expected can never ring.

use super::Site;
use crate::calendar::{CarePattern, DayType, ExpectedDay, Span, Visit};
use crate::core::{Fault, Form, Records, Scan, collect, get};
use crate::ids::ChildId;
use crate::people::Placement;
use records::{Day, RecordId, TimeOfDay};

/// Whether a child is expected at a site on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// From when to when.
    Expected(Span),
    /// Not at all: closed, on leave, not placed, not a day of the pattern.
    Not,
}

/// Whether `child` is expected at `site` on its day. The order of what counts: a visit to this site; a word about this
/// very day; leave and the site's calendar; a visit that takes the child elsewhere; the pattern by weekday; and for a
/// child without any pattern, Monday to Friday in the site's hours.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn expectation(
    r: &dyn Records,
    site: &Site,
    child: ChildId,
    placement: Option<&Placement>,
    visits: &[Visit],
) -> Result<Expectation, Fault> {
    let day = site.day;
    if let Some(visit) = visits.iter().find(|v| v.host == site.id && v.holds_on(day)) {
        return Ok(Expectation::Expected(visit.span.unwrap_or_else(|| usual(site))));
    }
    let Some(placement) = placement.filter(|p| p.holds_on(day)) else { return Ok(Expectation::Not) };
    let id = RecordId::derived(site.id.into(), ExpectedDay::NAME, &format!("{child} {day}"));
    let said = get::<ExpectedDay>(r, id.0)?.filter(|e| e.meta.counts());
    if site.day_type() == DayType::Closed || placement.on_leave(day) {
        return Ok(Expectation::Not);
    }
    if let Some(said) = said {
        return Ok(match said.expected {
            Some(true) => Expectation::Expected(said.span.unwrap_or_else(|| usual(site))),
            _ => Expectation::Not,
        });
    }
    let goes_elsewhere = |v: &&Visit| v.home == site.id && v.holds_on(day) && v.purpose.as_deref() != Some("centre");
    if site.day_type() == DayType::OnRequest || visits.iter().any(|v| goes_elsewhere(&v)) {
        return Ok(Expectation::Not);
    }
    Ok(by_pattern(site, collect::<CarePattern>(r, &Scan::of::<CarePattern>().feed(site.id).key(0, child))?))
}

fn by_pattern(site: &Site, mut patterns: Vec<CarePattern>) -> Expectation {
    let day = site.day;
    if patterns.is_empty() {
        return if day.weekday() <= 5 { Expectation::Expected(usual(site)) } else { Expectation::Not };
    }
    patterns.retain(|p| p.meta.counts() && p.from.is_some_and(|f| f <= day) && p.until.is_none_or(|u| day <= u));
    let newest = patterns.into_iter().max_by_key(|p| (p.from, p.meta.id));
    let span = newest.and_then(|p| p.week).and_then(|week| week.get(&day.weekday().to_string()).copied());
    span.map_or(Expectation::Not, |span| Expectation::Expected(shortened(site, span)))
}

fn shortened(site: &Site, span: Span) -> Span {
    match site.special.as_ref().and_then(|s| s.closes) {
        Some(closes) if site.day_type() == DayType::Shortened => Span { from: span.from, to: span.to.min(closes) },
        _ => span,
    }
}

fn usual(site: &Site) -> Span {
    Span {
        from: TimeOfDay::hm(8, 30),
        to: site.facility.closes.unwrap_or(TimeOfDay::hm(16, 30)).min(TimeOfDay::hm(16, 30)),
    }
}

/// The first day after the site's day on which the child is expected there; looked for over two months.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn next_open_day(
    r: &dyn Records,
    site: &Site,
    child: ChildId,
    placement: Option<&Placement>,
    visits: &[Visit],
) -> Result<Option<Day>, Fault> {
    for ahead in 1..=62 {
        let day = site.day.plus(ahead);
        let Some(then) = Site::read(r, site.id, day)? else { return Ok(None) };
        if matches!(expectation(r, &then, child, placement, visits)?, Expectation::Expected(_)) {
            return Ok(Some(day));
        }
    }
    Ok(None)
}
