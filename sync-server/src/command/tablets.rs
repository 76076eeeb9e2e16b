//! The demonstration's classroom tablets. A class tablet of each site is awake: it pulls by the ordinary exchange, as
//! a device of the books, so that what families send arrives in a classroom as it would.

use crate::server::Server;
use hub::Session;
use records::wire::{Cursor, Exchange};
use records::{DeviceId, Epoch};
use std::thread;
use std::time::Duration;

/// Between two looks of one tablet; a real one is poked within about this time.
const PAUSE: Duration = Duration::from_secs(1);

/// A tablet that keeps nothing but its place: what is pulled is looked at by nobody.
struct Tablet {
    session: Session,
    epoch: Option<Epoch>,
    cursor: Option<Cursor>,
}

/// Lets these tablets pull until the server closes.
///
/// # Errors
/// If the system gives no thread.
pub fn wake(server: &Server, tablets: &[DeviceId]) -> std::io::Result<()> {
    let asleep = |device: &DeviceId| Tablet { session: Session { device: *device }, epoch: None, cursor: None };
    let mut tablets: Vec<Tablet> = tablets.iter().map(asleep).collect();
    let server = server.clone();
    let closing = server.closing();
    let pulling = move || {
        while !*closing.borrow() {
            tablets.iter_mut().for_each(|tablet| tablet.pull(&server));
            thread::sleep(PAUSE);
        }
    };
    thread::Builder::new().name("tablets".to_owned()).spawn(pulling).map(|_| ())
}

impl Tablet {
    /// Pulls all that is new. The cursor, sent again with the next look, is what proves that it was stored.
    fn pull(&mut self, server: &Server) {
        let mut more = true;
        while more && !*server.closing().borrow() {
            let request = Exchange {
                epoch: self.epoch,
                cursor: self.cursor.clone(),
                batch: None,
                notes_seen: 0,
                notes: vec![],
                copies: vec![],
                room: None,
                app: env!("CARGO_PKG_VERSION").to_owned(),
            };
            match server.hub().exchange(&self.session, request, server.now()) {
                Ok(reply) => {
                    (self.epoch, self.cursor, more) = (Some(reply.epoch), Some(reply.cursor), reply.more);
                }
                Err(failure) => {
                    tracing::warn!("a tablet of the demonstration cannot pull: {failure}");
                    more = false;
                }
            }
        }
    }
}
