//! Brings what was written out of the write-ahead log into the database file, on a thread of its own: the tap whose
//! commit filled the log would otherwise wait for it. <https://sqlite.org/wal.html#performance_considerations>

use crate::{Key, store};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Nobody taps any more.
const QUIET: Duration = Duration::from_secs(1);
/// So many commits without a pause end the waiting: the log would grow for ever.
const MOST_COMMITS: usize = 200;

/// The thread; it ends when this is dropped.
pub struct Upkeep {
    commits: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Upkeep {
    /// Begins to watch over the store that is open in the file `path`.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn begin(path: &Path, key: Key) -> std::io::Result<Self> {
        let (commits, told) = channel();
        let path = path.to_owned();
        let thread = Builder::new().name("upkeep".into()).spawn(move || keep_up(&path, &key, &told))?;
        Ok(Self { commits: Some(commits), thread: Some(thread) })
    }

    /// Something was committed.
    pub fn committed(&self) {
        if let Some(commits) = &self.commits {
            let _ = commits.send(()); // where the thread is gone, the writer's own limit does its work
        }
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        self.commits = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn keep_up(path: &Path, key: &Key, commits: &Receiver<()>) {
    let mut side = None;
    while commits.recv().is_ok() {
        for _ in 1..MOST_COMMITS {
            match commits.recv_timeout(QUIET) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return, // closing the store empties the log
            }
        }
        let Some(db) = side.take().or_else(|| store::connect_beside(path, key).ok()) else { return };
        // waits for nobody, and nobody for it: what it cannot reach now it reaches the next time
        let _ = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        side = Some(db);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Keys, Store};

    struct Uncounted;

    impl crate::Counter for Uncounted {
        fn get(&self) -> Result<u64, String> {
            Ok(0)
        }
        fn set(&mut self, _: u64) -> Result<(), String> {
            Ok(())
        }
    }

    /// What is in the database file after so many commits without a pause, bytes.
    fn filed_after(commits: usize) -> u64 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tablet.db");
        let (device, database) = (seal::DeviceKey::from_seed([5; 32]), Key([7; 32]));
        let keys = Keys { database: database.clone(), device, server: None, chance: [1; 32], app: "test".into() };
        let _store = Store::open(&path, keys, Box::new(Uncounted)).unwrap();
        let (sender, told) = channel();
        (0..commits).for_each(|_| sender.send(()).unwrap());
        drop(sender);
        keep_up(&path, &database, &told);
        std::fs::metadata(&path).unwrap().len()
    }

    #[test]
    fn many_commits_without_a_pause_are_brought_into_the_file_and_few_wait_for_one() {
        assert!(filed_after(MOST_COMMITS) > filed_after(MOST_COMMITS - 1));
    }
}
