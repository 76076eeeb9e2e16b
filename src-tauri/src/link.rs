//! The conversation with the server, and what the screens hear of it.

use crate::desk::Desk;
use crate::report::Conversation;
use crate::shell::{Event, Tell};
use crate::trouble::Trouble;
use nursery::view::host::SyncView;
use replica::driver::{Address, Driver, Status};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::watch;

/// Keeps a desk in conversation with its server. The conversation ends when this is dropped.
pub struct Link {
    desk: Arc<Desk>,
    tell: Tell,
    driver: Driver,
    conversation: Mutex<Conversation>,
}

impl Link {
    /// Begins the conversation. Harmless without a network: it is tried again by itself.
    ///
    /// # Errors
    /// [`Trouble::Unreachable`] for an address that cannot be used.
    pub fn start(desk: Arc<Desk>, tell: Tell) -> Result<Arc<Self>, Trouble> {
        let address = Address { server: desk.pairing.server.clone(), token: desk.pairing.token.clone() };
        let watch = Arc::clone(&desk);
        let wall = Arc::new(move || watch.now().at);
        let device = Arc::clone(&desk.device);
        let seed = seed()?;
        let runtime = tauri::async_runtime::handle();
        let inside = runtime.inner().enter();
        let started = Driver::start(device, address, wall, seed);
        drop(inside);
        let driver = started.map_err(|error| Trouble::Unreachable(error.to_string()))?;
        let status = driver.status();
        let link = Arc::new(Self { desk, tell, driver, conversation: Mutex::default() });
        link.listen();
        tauri::async_runtime::spawn(follow(Arc::downgrade(&link), status));
        Ok(link)
    }

    /// The badge as it is now.
    ///
    /// # Errors
    /// The store's.
    pub fn badge(&self) -> Result<SyncView, Trouble> {
        let conversation = *self.conversation();
        let state = self.desk.device.sync_state(conversation.failed())?;
        let queue = self.desk.device.with(|store| store.queue())?;
        Ok(conversation.badge(&state, &queue, self.desk.now().at))
    }

    /// Tries to reach the server now.
    pub fn now(&self) {
        self.driver.now();
    }

    /// Tells the screens the badge.
    pub fn moved(&self) {
        match self.badge() {
            Ok(badge) => (self.tell)(Event::Sync(badge)),
            Err(trouble) => eprintln!("sazanami: the badge could not be read: {trouble}"),
        }
    }

    fn listen(self: &Arc<Self>) {
        let link = Arc::downgrade(self);
        self.desk.device.listen(Box::new(move |touched, _| {
            let Some(link) = link.upgrade() else { return };
            if !touched.kinds.is_empty() {
                (link.tell)(Event::Touched(touched.kinds.iter().cloned().collect()));
            }
            link.moved();
        }));
    }

    fn heard(&self, status: &Status) {
        self.conversation().heard(status.talk, self.desk.now().at);
        self.moved();
    }

    fn conversation(&self) -> MutexGuard<'_, Conversation> {
        self.conversation.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Follows the conversation until the link is gone.
async fn follow(link: Weak<Link>, mut status: watch::Receiver<Status>) {
    while status.changed().await.is_ok() {
        let now = *status.borrow_and_update();
        let Some(link) = link.upgrade() else { return };
        link.heard(&now);
    }
}

fn seed() -> Result<u64, Trouble> {
    getrandom::u64().map_err(|error| Trouble::Chance(error.to_string()))
}
