//! Listening for pokes: server-sent events that say only that there is something; the data comes by sync.

use super::http::Door;
use std::time::Duration;

/// Between two attempts to listen; syncing goes on without it.
const AGAIN: Duration = Duration::from_secs(15);
/// A line longer than this is no event of ours.
const LINE_BYTES: usize = 4096;

/// Calls `poked` for each event, and opens the stream again when it ends. Never returns; the caller aborts it.
pub async fn listen(door: Door, poked: impl Fn() + Send) {
    loop {
        if let Some(mut stream) = door.pokes().await {
            let mut events = Events::default();
            while let Ok(Some(chunk)) = stream.chunk().await {
                if events.read(&chunk) {
                    poked();
                }
            }
        }
        tokio::time::sleep(AGAIN).await;
    }
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
