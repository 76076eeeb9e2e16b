//! Local time and service days. Japan has one offset and no summer time (JST, UTC+9), so no time zone data is needed.

use crate::core::Clock;
use records::{Day, DeviceTime, TimeOfDay};

/// JST is nine hours ahead of UTC.
pub const OFFSET_MS: i64 = 9 * 3_600_000;
const DAY_MS: i64 = 86_400_000;
/// A service day ends at 04:00 unless the site says otherwise: a pick-up at 00:20 belongs to the evening before.
pub const DEFAULT_BOUNDARY: TimeOfDay = TimeOfDay::hm(4, 0);
/// From this error on, a time is shown as uncertain and never bills: two minutes.
pub const DOUBTFUL_MS: i64 = 2 * 60_000;

/// The service day of a moment: the calendar day that began at `boundary`.
#[must_use]
pub fn service_day(at: DeviceTime, boundary: TimeOfDay) -> Day {
    let local = at.0.saturating_add(OFFSET_MS).saturating_sub(i64::from(boundary.0) * 60_000);
    Day::from_number(i32::try_from(local.div_euclid(DAY_MS)).unwrap_or(i32::MAX))
}

/// The time of day on `day`'s clock, counting on over midnight (24:20 is twenty past).
#[must_use]
pub fn time_on(day: Day, at: DeviceTime) -> TimeOfDay {
    let start = i64::from(day.number()) * DAY_MS - OFFSET_MS;
    let minutes = at.0.saturating_sub(start).div_euclid(60_000).clamp(0, 48 * 60 - 1);
    TimeOfDay(u16::try_from(minutes).unwrap_or(0))
}

/// The moment at which it is `time` on `day`.
#[must_use]
pub fn moment(day: Day, time: TimeOfDay) -> DeviceTime {
    DeviceTime(i64::from(day.number()) * DAY_MS - OFFSET_MS + i64::from(time.0) * 60_000)
}

/// The best guess of the true time, from what is known about the device's clock.
#[must_use]
pub fn corrected(at: DeviceTime, error_ms: Option<i64>) -> DeviceTime {
    at.plus_ms(error_ms.unwrap_or(0))
}

/// Whole minutes of a clock's error, for screens; one beyond all sense stops at the end of the range.
#[must_use]
pub fn whole_minutes(error_ms: i64) -> i32 {
    let minutes = error_ms / 60_000;
    i32::try_from(minutes).unwrap_or(if minutes < 0 { i32::MIN } else { i32::MAX })
}

/// True if a person must confirm the date before the first record: the device's day is before the day of the highest
/// time it ever saw, or more than three days after it.
#[must_use]
pub fn date_is_doubtful(at: DeviceTime, clock: &Clock, boundary: TimeOfDay) -> bool {
    if clock.highest_ms == 0 {
        return false;
    }
    let today = service_day(corrected(at, clock.error_ms), boundary);
    if clock.confirmed == Some(today) {
        return false;
    }
    let last = service_day(DeviceTime(clock.highest_ms), boundary);
    today < last || today.number() > last.number() + 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn twenty_past_midnight_belongs_to_the_evening_before() {
        let late = moment(day("2026-11-25"), TimeOfDay::hm(0, 20));
        assert_eq!(service_day(late, DEFAULT_BOUNDARY), day("2026-11-24"));
        assert_eq!(time_on(day("2026-11-24"), late).to_string(), "24:20");
    }

    #[test]
    fn four_in_the_morning_begins_the_next_day() {
        assert_eq!(service_day(moment(day("2026-11-25"), TimeOfDay::hm(4, 0)), DEFAULT_BOUNDARY), day("2026-11-25"));
    }

    #[test]
    fn yesterdays_date_must_be_confirmed_once() {
        let now = moment(day("2026-11-23"), TimeOfDay::hm(8, 0));
        let mut clock = Clock { highest_ms: moment(day("2026-11-24"), TimeOfDay::hm(7, 0)).0, ..Clock::default() };
        assert!(date_is_doubtful(now, &clock, DEFAULT_BOUNDARY));
        clock.confirmed = Some(day("2026-11-23"));
        assert!(!date_is_doubtful(now, &clock, DEFAULT_BOUNDARY));
    }

    #[test]
    fn a_long_weekend_is_no_reason_to_ask() {
        let clock = Clock { highest_ms: moment(day("2026-11-20"), TimeOfDay::hm(18, 0)).0, ..Clock::default() };
        assert!(!date_is_doubtful(moment(day("2026-11-23"), TimeOfDay::hm(7, 0)), &clock, DEFAULT_BOUNDARY));
        assert!(date_is_doubtful(moment(day("2026-11-24"), TimeOfDay::hm(7, 0)), &clock, DEFAULT_BOUNDARY));
    }
}
