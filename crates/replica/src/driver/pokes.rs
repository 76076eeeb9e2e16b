//! Listening for pokes: server-sent events that say only that there is something; the data comes by sync.

use super::http::Door;
use std::time::{Duration, Instant};
use tokio::time::{sleep, sleep_until, timeout};

/// Between two attempts to listen, and the least time between two losses that are told.
const AGAIN: Duration = Duration::from_secs(15);
/// A stream without a byte for this long is dead: the server says every 20 s that it lives.
const SILENCE: Duration = Duration::from_secs(50);
/// A line longer than this is no event of ours.
const LINE_BYTES: usize = 4096;

/// What a listener tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// There is something new.
    Poke,
    /// The stream has ended or gone silent: the server or the way to it may be gone.
    Loss,
}

/// Tells each event, and the loss of the stream; opens it again where it cannot be opened. Ends with the loss.
pub async fn listen(door: Door, tell: impl Fn(Heard) + Send) {
    let mut stream = loop {
        match door.pokes().await {
            Some(stream) => break stream,
            None => sleep(AGAIN).await,
        }
    };
    let opened = Instant::now();
    let mut events = Events::default();
    while let Ok(Ok(Some(chunk))) = timeout(SILENCE, stream.chunk()).await {
        if events.read(&chunk) {
            tell(Heard::Poke);
        }
    }
    // where something on the way cuts every stream at once, this must not become a loop without rest
    sleep_until((opened + AGAIN).into()).await;
    tell(Heard::Loss);
}

/// Lines of a stream that comes in pieces.
#[derive(Default)]
struct Events {
    line: Vec<u8>,
}

impl Events {
    /// True if an event is in what came; several at once are one.
    fn read(&mut self, chunk: &[u8]) -> bool {
        let mut event = false;
        for byte in chunk {
            match byte {
                b'\n' => {
                    event |= self.line.starts_with(b"data");
                    self.line.clear();
                }
                byte if self.line.len() < LINE_BYTES => self.line.push(*byte),
                _ => {}
            }
        }
        event
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_heard_however_it_is_cut() {
        let stream = b": hello\n\nevent: poke\ndata: {}\n\n";
        for cut in 0..stream.len() {
            let mut events = Events::default();
            let heard = [events.read(&stream[..cut]), events.read(&stream[cut..])];
            assert_eq!(heard.iter().filter(|h| **h).count(), 1, "cut at {cut}");
        }
    }

    #[test]
    fn a_comment_that_keeps_the_line_open_is_no_event() {
        assert!(!Events::default().read(b": still here\n\n"));
    }
}
