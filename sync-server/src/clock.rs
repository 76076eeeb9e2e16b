//! The one clock of the server. Made once by `main` (or a test) and passed in; nothing else reads time.

use records::ServerTime;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The system's clock, one that began at another moment and runs on with it, or one whose hands somebody else moves.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_ms: i64,
    hands: Option<Arc<AtomicI64>>,
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
        Self { ahead_ms: moment.0.saturating_sub(system_ms()), hands: None }
    }

    /// A clock that shows what `hands` say, in ms since 1970: a test lets ten minutes pass by moving them.
    #[must_use]
    pub fn moved_by(hands: Arc<AtomicI64>) -> Self {
        Self { ahead_ms: 0, hands: Some(hands) }
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> ServerTime {
        match &self.hands {
            Some(hands) => ServerTime(hands.load(Ordering::Relaxed)),
            None => ServerTime(system_ms().saturating_add(self.ahead_ms)),
        }
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
    }

    #[test]
    fn a_moved_clock_stands_until_it_is_moved() {
        let hands = Arc::new(AtomicI64::new(5));
        let clock = Clock::moved_by(Arc::clone(&hands));
        assert_eq!(clock.now(), ServerTime(5));
        hands.store(7, Ordering::Relaxed);
        assert_eq!(clock.now(), ServerTime(7));
    }
}
