//! One computer: the files under its folder, its fuse, and what may be wrong with its disk.

use super::inode::{Inode, Loss};
use super::shared::Shared;
use crate::chance::Chance;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// Why SQLite does not get what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fails {
    /// There is no power, or the disk does not answer.
    Broken,
    Full,
    Absent,
}

/// A file as a connection has it open.
pub type Open = Arc<Mutex<Inode>>;

/// Content of a machine's files, by name within its folder.
pub type Image = BTreeMap<String, Arc<Vec<u8>>>;

#[derive(Default)]
pub struct State {
    files: BTreeMap<String, Open>,
    /// Deleted, which the directory on the disk does not know yet.
    deleted: BTreeMap<String, Vec<u8>>,
    shared: BTreeMap<String, Arc<Mutex<Shared>>>,
    /// Files that were read from the real disk.
    real: BTreeSet<String>,
    /// Which start of the computer this is: what was opened in an earlier one is dead.
    life: u32,
    dead: bool,
    full: bool,
    steps: u64,
    fuse: Option<u64>,
    fault: Option<u64>,
    /// Something was refused that was no power cut.
    troubled: bool,
    /// For bugs: what is synced is not, be it a file or a folder.
    ignores: Ignores,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Ignores {
    #[default]
    Nothing,
    Folders,
    All,
}

/// Machines by folder. A path belongs to the one whose folder it lies in.
static MACHINES: RwLock<BTreeMap<String, Arc<Mutex<State>>>> = RwLock::new(BTreeMap::new());

/// One computer. Its files are gone when this is dropped.
pub struct Machine {
    folder: String,
    state: Arc<Mutex<State>>,
}

impl Machine {
    /// A computer whose files lie in `folder`, which need not exist.
    pub fn new(folder: &Path) -> Self {
        super::install();
        let folder = folder.to_str().unwrap().to_owned();
        let state = Arc::<Mutex<State>>::default();
        MACHINES.write().unwrap_or_else(PoisonError::into_inner).insert(folder.clone(), Arc::clone(&state));
        Self { folder, state }
    }

    /// Writes and syncs so far.
    pub fn steps(&self) -> u64 {
        self.state().steps
    }

    /// The power fails at the write or sync after so many more.
    pub fn set_fuse(&self, after: u64) {
        let mut state = self.state();
        state.fuse = Some(state.steps + after + 1);
    }

    /// The write or sync after so many more fails, and the process lives on.
    pub fn set_fault(&self, after: u64) {
        let mut state = self.state();
        state.fault = Some(state.steps + after + 1);
    }

    /// From now on no file grows, or files may grow again.
    pub fn set_full(&self, full: bool) {
        self.state().full = full;
    }

    /// Nothing is wrong with the disk any more, and the power is safe.
    pub fn mend(&self) {
        let mut state = self.state();
        (state.fuse, state.fault, state.full, state.troubled) = (None, None, false, false);
    }

    /// True if something has failed since the last call although there was power.
    pub fn is_troubled(&self) -> bool {
        std::mem::take(&mut self.state().troubled)
    }

    /// True once the power has failed.
    pub fn is_dead(&self) -> bool {
        self.state().dead
    }

    /// Ends the process: what it still tries to do has no effect. Drop its connections, then [`Machine::start`].
    pub fn stop(&self) {
        self.state().dead = true;
    }

    /// Starts again with what is on the disk after such a loss. Nothing may be open any more.
    pub fn start(&self, loss: Loss, chance: &mut Chance) {
        let mut state = self.state();
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for (path, open) in &state.files {
            files.insert(path.clone(), lock(open).after(loss, chance));
        }
        for (path, bytes) in &state.deleted {
            let back = loss == Loss::All || (loss != Loss::None && chance.permille(500));
            if back && files.get(path).is_none_or(Vec::is_empty) {
                files.insert(path.clone(), bytes.clone());
            }
        }
        state.put(files);
    }

    /// From now on no file is kept because of a sync.
    pub fn ignore_syncs(&self) {
        self.state().ignores = Ignores::All;
    }

    /// From now on no deletion is kept because of a sync of the folder.
    pub fn ignore_folder_syncs(&self) {
        self.state().ignores = Ignores::Folders;
    }

    /// Takes a file away, as a person does while nothing runs.
    pub fn remove(&self, name: &str) {
        let path = format!("{}/{name}", self.folder);
        let mut state = self.state();
        state.files.remove(&path);
        state.deleted.remove(&path);
    }

    /// The content of every file as a process sees it now.
    pub fn image(&self) -> Image {
        let state = self.state();
        let name = |path: &String| path[self.folder.len()..].trim_start_matches('/').to_owned();
        state.files.iter().map(|(path, open)| (name(path), Arc::new(lock(open).bytes().to_vec()))).collect()
    }

    /// Stops, and starts again with these files only.
    pub fn set_image(&self, image: &Image) {
        let path = |name: &String| format!("{}/{name}", self.folder);
        self.state().put(image.iter().map(|(name, bytes)| (path(name), bytes.as_ref().clone())).collect());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        MACHINES.write().unwrap_or_else(PoisonError::into_inner).remove(&self.folder);
    }
}

/// The machine that a path belongs to.
pub fn find(path: &str) -> Option<Arc<Mutex<State>>> {
    let machines = MACHINES.read().unwrap_or_else(PoisonError::into_inner);
    let mut folders = path.match_indices('/').rev().map(|(at, _)| &path[..at]);
    folders.find_map(|folder| machines.get(folder).cloned())
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn put(&mut self, files: BTreeMap<String, Vec<u8>>) {
        let files = files.into_iter().filter(|(_, bytes)| !bytes.is_empty());
        self.files = files.map(|(path, bytes)| (path, Arc::new(Mutex::new(Inode::durable(bytes))))).collect();
        self.deleted.clear();
        self.shared.clear();
        self.real.clear();
        self.life += 1;
        self.dead = false;
        self.fuse = None;
        self.fault = None;
    }

    pub fn life(&self) -> u32 {
        self.life
    }

    /// Whether something opened in that life still works.
    pub fn alive(&self, life: u32) -> Result<(), Fails> {
        if self.dead || life != self.life { Err(Fails::Broken) } else { Ok(()) }
    }

    /// Counts a write or sync. `Err` if the power fails at it, or has failed before.
    fn step(&mut self, life: u32) -> Result<(), Fails> {
        self.alive(life)?;
        self.steps += 1;
        self.dead = self.fuse == Some(self.steps);
        self.troubled |= self.fault == Some(self.steps);
        if self.dead || self.fault == Some(self.steps) { Err(Fails::Broken) } else { Ok(()) }
    }

    /// Opens a file. One that is not in memory yet but on the real disk, where a restore has put it, is read from there.
    pub fn open(&mut self, path: &str, make: bool) -> Result<Open, Fails> {
        self.alive(self.life)?;
        if let Some(open) = self.files.get(path) {
            return Ok(Arc::clone(open));
        }
        let real = std::fs::read(path).unwrap_or_default();
        if real.is_empty() && !make {
            return Err(Fails::Absent);
        }
        if !real.is_empty() {
            self.real.insert(path.to_owned());
        }
        let open = Arc::new(Mutex::new(Inode::durable(real)));
        self.files.insert(path.to_owned(), Arc::clone(&open));
        Ok(open)
    }

    pub fn shared(&mut self, path: &str) -> Arc<Mutex<Shared>> {
        Arc::clone(self.shared.entry(path.to_owned()).or_default())
    }

    /// Nobody has a file open any more. One that a restore has put on the real disk is moved there when it is ready.
    pub fn closed(&mut self, path: &str) {
        if self.dead || !self.real.contains(path) {
            return;
        }
        if let Some(open) = self.files.get(path) {
            let _ = std::fs::write(path, lock(open).bytes()); // gone, if it has been moved
        }
    }

    pub fn exists(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(|open| !lock(open).bytes().is_empty())
    }

    /// A write that the power cuts off is one that was under way: it may have reached the disk.
    pub fn write(&mut self, life: u32, open: &Open, at: usize, bytes: &[u8]) -> Result<(), Fails> {
        let mut inode = lock(open);
        if self.full && inode.grows(at + bytes.len()) {
            self.alive(life)?;
            self.troubled = true;
            return Err(Fails::Full);
        }
        let before = self.dead;
        let done = self.step(life);
        if done.is_ok() || (self.dead && !before) {
            inode.write(at, bytes);
        }
        done
    }

    pub fn cut(&mut self, life: u32, open: &Open, length: usize) -> Result<(), Fails> {
        self.step(life)?;
        lock(open).cut(length);
        Ok(())
    }

    pub fn sync(&mut self, life: u32, path: &str, open: &Open) -> Result<(), Fails> {
        self.step(life)?;
        if self.ignores != Ignores::All {
            lock(open).sync();
            self.deleted.remove(path);
        }
        Ok(())
    }

    /// Deletes a file; `sync`: and lets the directory on the disk know.
    pub fn delete(&mut self, path: &str, sync: bool) -> Result<(), Fails> {
        self.step(self.life)?;
        let Some(open) = self.files.remove(path) else { return Err(Fails::Absent) };
        if sync && self.ignores == Ignores::Nothing {
            self.deleted.remove(path);
        } else {
            self.deleted.entry(path.to_owned()).or_insert_with(|| lock(&open).on_disk());
        }
        Ok(())
    }
}
