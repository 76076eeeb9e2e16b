//! 未連絡欠席: of whom nothing is known although we could hear.

use super::{ChildDay, Expectation, Site};
use crate::attendance::Announced;
use crate::clock::{service_day, time_on};
use crate::core::Clock;
use crate::view::Hearing;
use records::{Day, DeviceTime, TimeOfDay};

/// Minutes after the expected or announced time before somebody calls.
pub const CALL_MARGIN_MINUTES: u16 = 30;
/// Messages older than this are no hearing at all.
const FRESH_MS: i64 = 10 * 60_000;

/// From when on somebody calls about this child if nothing comes: the site's time; for a child who is expected or
/// announced later, half an hour after that. `None` if the child is not expected.
#[must_use]
pub fn due(site: &Site, facts: &ChildDay) -> Option<TimeOfDay> {
    let Some(Expectation::Expected(span)) = facts.expectation else { return None };
    let late = facts.counting(site.id).filter_map(|a| match a.announced {
        Some(Announced::Late { at, .. }) => Some(at),
        _ => None,
    });
    let from = site.facility.calls_from();
    Some(match late.max() {
        Some(late) => from.max(TimeOfDay(late.0 + CALL_MARGIN_MINUTES)),
        None if span.from < from => from,
        None => TimeOfDay(span.from.0 + CALL_MARGIN_MINUTES),
    })
}

/// How well guardians' messages are heard at `now`.
#[must_use]
pub fn hearing(clock: &Clock, day: Day, now: DeviceTime, boundary: TimeOfDay) -> Hearing {
    if clock.heard_ms == 0 {
        return Hearing { until: None, day: None, fresh: false };
    }
    let heard = DeviceTime(clock.heard_ms);
    let heard_day = service_day(heard, boundary);
    Hearing {
        until: Some(time_on(heard_day, heard)),
        day: (heard_day != day).then_some(heard_day),
        fresh: now.0 - heard.0 <= FRESH_MS,
    }
}
