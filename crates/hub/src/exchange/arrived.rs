//! 保育室の端末に届きました: once a device shared by a site has stored a tracked record of that site, the server says so.

use super::cursor::Reached;
use crate::commit::Turn;
use crate::error::{Failure, StoreError};
use crate::hub::{Hub, Session};
use crate::standings::today;
use crate::store::{feed, record, tracked};
use nursery::access::Principal;
use nursery::core::get;
use nursery::devices::Device;
use nursery::server::Delivery;
use records::{FeedId, RecordId, Seq, ServerTime};

/// Arrivals told per request; the rest with the next.
const TOLD: usize = 500;

impl Hub {
    /// Tells what the request's cursor proves to be stored.
    pub(super) fn arrived(&self, who: &Session, reached: &Reached, now: ServerTime) -> Result<(), Failure> {
        let held = self.held(Principal::Device(who.device), now)?;
        if !held.standing.shared || held.standing.blocked {
            return Ok(());
        }
        let here: Vec<(FeedId, i64, Seq)> = {
            let snapshot = self.records()?;
            let rows = snapshot.rows()?;
            let mut here = vec![];
            for facility in held.standing.places.keys() {
                let Some(feed) = feed::find(&rows, (*facility).into())? else { continue };
                let stored = stored(reached, feed.number);
                if !tracked::arrived(&rows, feed.number, stored, 1)?.is_empty() {
                    here.push(((*facility).into(), feed.number, stored));
                }
            }
            here
        };
        if here.is_empty() {
            return Ok(());
        }
        let name = get::<Device>(&self.records()?, who.device.0)?.and_then(|device| device.name).unwrap_or_default();
        self.write(now, move |turn| {
            for (id, feed, stored) in here {
                for (seq, record) in tracked::arrived(&turn.rows, feed, stored, TOLD)? {
                    turn.tell_arrival(id, record, &name)?;
                    tracked::done(&turn.rows, feed, seq)?;
                }
            }
            Ok(())
        })
    }
}

/// Up to where a cursor proves that everything of a feed is stored: what is still being filled is not.
fn stored(reached: &Reached, feed: i64) -> Seq {
    let sent = reached.feeds.get(&feed).copied().unwrap_or_default();
    reached.fills.iter().filter(|fill| fill.feed == feed).map(|fill| fill.at).fold(sent, Seq::min)
}

impl Turn<'_> {
    fn tell_arrival(&mut self, feed: FeedId, id: RecordId, device_name: &str) -> Result<(), StoreError> {
        let Some((_, record)) = record::find(&self.rows, id)? else { return Ok(()) };
        let derived = RecordId::derived(feed, <Delivery as nursery::core::Form>::NAME, &id.to_string());
        if record::find(&self.rows, derived)?.is_some() {
            return Ok(());
        }
        let delivery = Delivery {
            record: id.0,
            child: record.head.subject.into(),
            at: Some(self.now),
            device_name: Some(device_name.to_owned()),
            ..Delivery::default()
        };
        let day = record.head.day.unwrap_or_else(|| today(self.now));
        self.make(feed, record.head.subject, Some(day), delivery, Delivery::key_ids)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::cursor::Fill;
    use records::{Epoch, GrantsVersion};

    #[test]
    fn what_is_still_being_filled_has_not_arrived() {
        let mut reached = Reached::nothing(Epoch::default(), GrantsVersion(1), 0);
        reached.feeds.insert(7, Seq(900));
        assert_eq!(stored(&reached, 7), Seq(900));
        reached.fills.push(Fill { atoms: vec![1], feed: 7, at: Seq(200), to: Seq(900) });
        reached.fills.push(Fill { atoms: vec![1], feed: 8, at: Seq(1), to: Seq(900) });
        assert_eq!(stored(&reached, 7), Seq(200));
    }
}
