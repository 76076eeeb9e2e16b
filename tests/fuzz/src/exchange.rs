//! A whole exchange with a paired device whose letters, cursor, notes and copies are whatever the bytes say.

use hub::{Hub, Session};
use nursery::devices::Purpose;
use records::ServerTime;
use records::wire::{Answered, Verdict};
use std::cell::RefCell;
use tempfile::TempDir;
use uuid::Uuid;

const NOW: ServerTime = ServerTime(1_795_474_800_000);
/// A hub grows with what it accepts: a new one after so many exchanges.
const LIFE: u32 = 2_000;

struct World {
    hub: Hub,
    session: Session,
    key: seal::DeviceKey,
    left: u32,
    _folder: TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hub = Hub::open(folder.path(), [1; 32], NOW).unwrap();
        let key = seal::DeviceKey::from_seed([7; 32]);
        let owner = Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0001);
        let (session, _) = hub.admit(owner, Purpose::ClassTablet, "うさぎ組 1", &key.public(), NOW).unwrap();
        Self { hub, session, key, left: LIFE, _folder: folder }
    }
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World::new());
}

pub fn exchange(data: &[u8]) {
    let Ok(mut request) = sync_server::read_exchange(data, false) else { return };
    WORLD.with_borrow_mut(|world| {
        if world.left == 0 {
            *world = World::new();
        }
        world.left -= 1;
        if let Some(batch) = &mut request.batch {
            let hashes: Vec<_> = batch.letters.iter().map(seal::hash).collect();
            batch.signature = world.key.sign_batch(batch.incarnation, batch.number, &hashes);
        }
        let Ok(first) = world.hub.exchange(&world.session, request.clone(), NOW) else { return };
        let letters = request.batch.as_ref().map_or(0, |batch| batch.letters.len());
        assert_eq!(first.verdicts.len(), letters, "one verdict for each letter");
        let again = world.hub.exchange(&world.session, request, NOW).unwrap();
        assert_eq!(settled(&again.verdicts), settled(&first.verdicts), "a repeated batch is answered as before");
    });
}

/// Verdicts but for those that promise another.
fn settled(verdicts: &[Answered]) -> Vec<&Answered> {
    verdicts.iter().filter(|answered| !matches!(answered.verdict, Verdict::Later { .. })).collect()
}
