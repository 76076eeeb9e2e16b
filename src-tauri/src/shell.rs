//! The app as a whole: opens the store when it is first needed, keeps it open, and tells the screens what moved.

use crate::clock::Clock;
use crate::desk::Desk;
use crate::folder::Folder;
use crate::keyring::{Keyring, Pairing, Secrets, random, unhex};
use crate::link::Link;
use crate::pairing::{self, Asked};
use crate::report;
use crate::trouble::Trouble;
use nursery::view::host::{HostReply, HostRequest, SyncView};
use replica::{Device, DeviceKey, Key, Keys, OutboxSeal, ServerKey, Unopened};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the screens are told without asking.
#[derive(Clone, Debug)]
pub enum Event {
    /// Kinds of which something may look different now.
    Touched(Vec<String>),
    /// The badge.
    Sync(SyncView),
}

/// Hands events to the screens.
pub type Tell = Arc<dyn Fn(Event) + Send + Sync>;

/// The app behind the window.
pub struct Shell {
    folder: Folder,
    clock: Clock,
    tell: Tell,
    open: Mutex<Option<Open>>,
    asked: Mutex<Option<Asked>>,
}

#[derive(Clone)]
struct Open {
    desk: Arc<Desk>,
    link: Arc<Link>,
}

impl Shell {
    /// Opens nothing yet: the keyring may have to ask the person first, and the window should be there by then.
    #[must_use]
    pub fn new(folder: Folder, clock: Clock, tell: Tell) -> Self {
        Self { folder, clock, tell, open: Mutex::default(), asked: Mutex::default() }
    }

    /// The desk of a paired device.
    ///
    /// # Errors
    /// [`Trouble::Unpaired`] before pairing; else why the store was not opened. The next call tries again.
    pub fn desk(&self) -> Result<Arc<Desk>, Trouble> {
        Ok(self.opened()?.desk)
    }

    /// Answers what a screen asks of its host.
    ///
    /// # Errors
    /// A refusal, the store's, or the server's.
    pub async fn host(&self, request: HostRequest) -> Result<HostReply, Trouble> {
        match request {
            HostRequest::Start => self.start(),
            HostRequest::PairStart { server, name, purpose } => {
                let asked = pairing::ask(&self.secrets()?, &server, &name, purpose).await?;
                let reply = asked.reply(false);
                *lock(&self.asked) = Some(asked);
                Ok(reply)
            }
            HostRequest::PairPoll => self.poll().await,
            HostRequest::JoinLook { server, token } => pairing::look(&server, &token).await,
            HostRequest::Join { server, token, name, kana, relation, phone } => {
                let joining = pairing::Joining { token, name, kana, relation, phone };
                self.paired(pairing::join(&self.secrets()?, &server, &joining).await?)?;
                Ok(HostReply::Ok)
            }
            other => self.at_desk(other),
        }
    }

    fn at_desk(&self, request: HostRequest) -> Result<HostReply, Trouble> {
        let Open { desk, link } = self.opened()?;
        match request {
            HostRequest::Sync => return Ok(HostReply::Sync(link.badge()?)),
            HostRequest::SyncNow => {
                link.now();
                return Ok(HostReply::Sync(link.badge()?));
            }
            HostRequest::Queue => return Ok(HostReply::Queue { items: report::queue(&desk)? }),
            HostRequest::ExportQueue => return Ok(HostReply::Text { text: report::export(&desk)? }),
            HostRequest::Dismiss { change } => {
                report::dismiss(&desk, change)?;
                link.moved();
            }
            HostRequest::ChoosePerson { person, pin } => desk.choose(person, pin.as_deref())?,
            HostRequest::SignOut => desk.choose(None, None)?,
            HostRequest::ConfirmDate { day } => desk.device.with(|store| store.confirm_date(day))?,
            // the office does these in a browser
            _ => return Err(nursery::core::Code::NotAllowed.into()),
        }
        Ok(HostReply::Ok)
    }

    fn start(&self) -> Result<HostReply, Trouble> {
        let desk = match self.desk() {
            Ok(desk) => desk,
            Err(Trouble::Unpaired) => {
                let server = pairing::known_server();
                return Ok(HostReply::Start { ready: false, browser: false, pending: false, server, nursery: None });
            }
            Err(trouble) => return Err(trouble),
        };
        let pending = !desk.shared() && !desk.standing()?.anybody();
        let server = Some(desk.pairing.server.clone());
        Ok(HostReply::Start { ready: true, browser: false, pending, server, nursery: None })
    }

    async fn poll(&self) -> Result<HostReply, Trouble> {
        let asked = lock(&self.asked).clone().ok_or(Trouble::Unpaired)?;
        match pairing::poll(&asked).await? {
            Some(given) => {
                self.paired(given)?;
                *lock(&self.asked) = None;
                Ok(asked.reply(true))
            }
            None => Ok(asked.reply(false)),
        }
    }

    /// Keeps what pairing gave, before anything is said of it.
    fn paired(&self, given: Pairing) -> Result<(), Trouble> {
        let mut open = lock(&self.open);
        let mut secrets = self.secrets()?;
        secrets.pairing = Some(given);
        Keyring::of(&self.folder.name()?).keep(&secrets)?;
        *open = None;
        Ok(())
    }

    /// The keys of this store; drawn and kept at the first start. A device file of a demonstration pairs a fresh store,
    /// and tells a paired one where its server has moved to.
    fn secrets(&self) -> Result<Secrets, Trouble> {
        let keyring = Keyring::of(&self.folder.name()?);
        let known = keyring.secrets()?;
        let mut secrets = known.clone().map_or_else(Secrets::draw, Ok)?;
        match (&mut secrets.pairing, pairing::from_device_file()?) {
            (Some(paired), Some((given, _))) if paired.device == given.device => paired.server = given.server,
            (None, Some((given, seed))) => (secrets.pairing, secrets.device_seed) = (Some(given), seed),
            _ => {}
        }
        if known.as_ref() != Some(&secrets) {
            keyring.keep(&secrets)?;
        }
        Ok(secrets)
    }

    fn opened(&self) -> Result<Open, Trouble> {
        let mut slot = lock(&self.open);
        if let Some(open) = &*slot {
            return Ok(open.clone());
        }
        let secrets = self.secrets()?;
        let pairing = secrets.pairing.clone().ok_or(Trouble::Unpaired)?;
        let keyring = Keyring::of(&self.folder.name()?);
        let device = Arc::new(self.store(&secrets, &pairing, &keyring)?);
        let desk = Arc::new(Desk::new(device, pairing, self.clock));
        let link = Link::start(Arc::clone(&desk), Arc::clone(&self.tell))?;
        let open = Open { desk, link };
        *slot = Some(open.clone());
        Ok(open)
    }

    /// The store; one that cannot be read is set aside, never deleted, and what the server has comes again.
    fn store(&self, secrets: &Secrets, pairing: &Pairing, keyring: &Keyring) -> Result<Device, Trouble> {
        let path = self.folder.store();
        match open(&path, secrets, pairing, keyring) {
            Err(Trouble::Unopened(Unopened::WrongKey | Unopened::Damaged(_))) => {
                let aside = self.folder.set_aside(self.clock.now().at)?;
                eprintln!("sazanami: the store could not be read and was set aside in {}", aside.display());
                open(&path, secrets, pairing, keyring)
            }
            opened => opened,
        }
    }
}

fn open(path: &Path, secrets: &Secrets, pairing: &Pairing, keyring: &Keyring) -> Result<Device, Trouble> {
    let bytes = |text: &str| unhex(text).ok_or_else(|| Trouble::Keyring("a key is malformed".to_owned()));
    let keys = Keys {
        database: Key(bytes(&secrets.database)?),
        device: DeviceKey::from_seed(bytes(&secrets.device_seed)?),
        server: Some(ServerKey {
            public: pairing.server_key.clone(),
            seal: OutboxSeal(bytes(&pairing.server_box_key)?),
        }),
        chance: random()?,
        app: crate::desk::APP.to_owned(),
    };
    Ok(Device::open(path, keys, Box::new(keyring.clone()))?)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
