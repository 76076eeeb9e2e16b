//! The one clock of the app. Everything that needs a time is given one.

use records::DeviceTime;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds by which the app's clock is ahead of the system's (negative: behind). For demonstrations and tests.
pub const OFFSET: &str = "SAZANAMI_CLOCK_OFFSET_MS";

/// A moment: what the wall clock shows, which can be set, and how long the app has run, which cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Wall clock.
    pub at: DeviceTime,
    /// Since the app began.
    pub running: Duration,
}

impl Now {
    /// Milliseconds since `earlier` by the clock that counted more: a tablet that slept counts only on the wall.
    #[must_use]
    pub fn since_ms(&self, earlier: &Self) -> u64 {
        let wall = u64::try_from(self.at.0.saturating_sub(earlier.at.0)).unwrap_or(0);
        let running = self.running.saturating_sub(earlier.running).as_millis();
        wall.max(u64::try_from(running).unwrap_or(u64::MAX))
    }
}

/// The system's clock, or one that is ahead of it.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    begun: Instant,
    ahead_ms: i64,
}

impl Clock {
    /// A clock ahead of the system's by this many milliseconds.
    #[must_use]
    pub fn ahead(ahead_ms: i64) -> Self {
        Self { begun: Instant::now(), ahead_ms }
    }

    /// The clock that the environment asks for with [`OFFSET`]; else the system's.
    #[must_use]
    pub fn from_environment() -> Self {
        Self::ahead(std::env::var(OFFSET).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0))
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Now {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let system = i64::try_from(since).unwrap_or(i64::MAX);
        Now { at: DeviceTime(system.saturating_add(self.ahead_ms)), running: self.begun.elapsed() }
    }

    /// What makes the screens' own clock agree, if this one is not the system's: a script that runs before theirs.
    #[must_use]
    pub fn script(&self) -> Option<String> {
        let ahead = self.ahead_ms;
        (ahead != 0).then(|| {
            format!(
                "(() => {{ const System = Date; const now = () => System.now() + ({ahead});
                window.Date = class extends System {{
                    constructor(...given) {{ given.length ? super(...given) : super(now()); }}
                    static now() {{ return now(); }}
                }}; }})();"
            )
        })
    }
}
