//! The one clock of the server. Made once by `main` (or a test) and passed in; nothing else reads time.

use records::ServerTime;
use std::time::{SystemTime, UNIX_EPOCH};

/// The system's clock, or one that began at another moment and runs on with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    ahead_ms: i64,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that shows `moment` now and runs on.
    #[must_use]
    pub fn starting_at(moment: ServerTime) -> Self {
        Self { ahead_ms: moment.0.saturating_sub(system_ms()) }
    }

    /// What it shows.
    #[must_use]
    pub fn now(self) -> ServerTime {
        ServerTime(system_ms().saturating_add(self.ahead_ms))
    }

    /// A moment of this clock as a browser with the true time counts it: only a demonstration's clock differs.
    #[must_use]
    pub fn as_browsers_count(self, moment_ms: i64) -> i64 {
        moment_ms.saturating_sub(self.ahead_ms)
    }
}

fn system_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_millis());
    since.ok().and_then(|ms| i64::try_from(ms).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demonstration_begins_at_its_moment_and_runs_on() {
        let moment = ServerTime(1_795_475_700_000);
        let clock = Clock::starting_at(moment);
        let now = clock.now();
        assert!(now >= moment && now.0 - moment.0 < 60_000, "{now:?}");
        assert_eq!(clock.as_browsers_count(moment.0), moment.0 - clock.ahead_ms);
    }
}
