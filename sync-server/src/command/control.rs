//! How an operator's command reaches a server that runs: a socket in its folder, which only the server's user may open.
//! One order as JSON, one answer as JSON, and the connection is over.

use super::admin::{self, Order};
use super::folder::{self, Folder};
use crate::clock::Clock;
use crate::server::Server;
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

const SOCKET: &str = "control.sock";
/// Bytes of an order at most.
const ORDER: u64 = 64 * 1024;
/// How long a silent connection is waited for.
const WAIT: Duration = Duration::from_secs(5);

#[derive(Serialize, Deserialize)]
enum Answer {
    Done(String),
    Failed(String),
}

/// Carries an order out: beside a running server through its socket, else on the folder itself.
///
/// # Errors
/// In words for the operator.
pub fn order(data: &Path, order: Order) -> anyhow::Result<String> {
    let clock = Clock::system();
    match Folder::take(data)? {
        Some(folder) => admin::carry_out(&folder::open(&folder, data, clock.now())?, order, clock.now()),
        None => send(data, &order),
    }
}

fn send(data: &Path, order: &Order) -> anyhow::Result<String> {
    let mut stream = UnixStream::connect(data.join(SOCKET))
        .with_context(|| format!("another process uses {}, and does not answer", data.display()))?;
    stream.write_all(&serde_json::to_vec(order)?)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = vec![];
    stream.read_to_end(&mut answer)?;
    match serde_json::from_slice(&answer)? {
        Answer::Done(text) => Ok(text),
        Answer::Failed(text) => bail!(text),
    }
}

/// Takes orders in a thread of its own as long as the process lives.
///
/// # Errors
/// If the socket cannot be made.
pub fn listen(server: &Server, data: &Path) -> anyhow::Result<Socket> {
    let path = data.join(SOCKET);
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path).with_context(|| format!("cannot make {}", path.display()))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    let server = server.clone();
    std::thread::Builder::new().name("control".to_owned()).spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Err(error) = answer(&server, stream) {
                tracing::warn!("an operator's order was not answered: {error:#}");
            }
        }
    })?;
    Ok(Socket(path))
}

/// Removes the socket when the server ends.
pub struct Socket(PathBuf);

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn answer(server: &Server, mut stream: UnixStream) -> anyhow::Result<()> {
    stream.set_read_timeout(Some(WAIT))?;
    stream.set_write_timeout(Some(WAIT))?;
    let mut order = vec![];
    Read::by_ref(&mut stream).take(ORDER).read_to_end(&mut order)?;
    let done = match serde_json::from_slice(&order) {
        Ok(order) => admin::carry_out(server.hub(), order, server.now()),
        Err(error) => Err(error.into()),
    };
    let answer = done.map_or_else(|error| Answer::Failed(format!("{error:#}")), Answer::Done);
    stream.write_all(&serde_json::to_vec(&answer)?)?;
    Ok(())
}
