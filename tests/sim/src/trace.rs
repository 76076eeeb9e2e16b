//! A fingerprint of a run: the same seed must give the same one.

use std::sync::atomic::{AtomicBool, Ordering};

static ALOUD: AtomicBool = AtomicBool::new(false);

/// From now on runs say what happens in them.
pub fn aloud() {
    ALOUD.store(true, Ordering::Relaxed);
}

/// FNV-1a, 64 bits. <https://www.rfc-editor.org/rfc/rfc9923>
pub struct Trace(u64);

impl Default for Trace {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Trace {
    pub fn note(&mut self, what: &[u8]) {
        for byte in what.iter().chain(&[0xff]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// What happens, for those who replay a seed.
    pub fn say(&self, now_ms: i64, what: impl FnOnce() -> String) {
        if ALOUD.load(Ordering::Relaxed) {
            println!("{:>10}.{:03}  {}", (now_ms - crate::city::MORNING_MS) / 1000, now_ms % 1000, what());
        }
    }

    pub fn value(&self) -> u64 {
        self.0
    }
}
