//! `serve`: until it is told to stop.

use super::folder::{self, Folder};
use super::{Serving, control};
use crate::clock::Clock;
use crate::http::router;
use crate::server::{Server, Setting};
use anyhow::{Context, bail};
use hub::Hub;
use std::net::SocketAddr;
use std::path::Path;
use tokio::net::TcpListener;
use tokio::signal;

/// Threads for what blocks: the store takes one writer at a time, argon2 a processor each.
const BLOCKING: usize = 16;
/// Threads for sockets.
const WORKERS: usize = 2;

/// Serves the city in a folder.
pub fn serve(serving: &Serving, clock: Clock) -> anyhow::Result<()> {
    let folder = Folder::take_alone(&serving.data)?;
    let hub = folder::open(&folder, &serving.data, clock.now())?;
    let setting = Setting { clock, url: serving.url.clone(), ..Setting::default() };
    let server = open(hub, &serving.data, setting)?;
    let _socket = control::listen(&server, &serving.data)?;
    run(server, serving, |address| tracing::info!("listening on http://{address}"))
}

/// The server over the records in a folder.
pub fn open(hub: Hub, data: &Path, setting: Setting) -> anyhow::Result<Server> {
    Server::new(hub, data, setting).with_context(|| format!("cannot write the log of looks in {}", data.display()))
}

/// Listens, tells `ready` where, and serves until it is told to stop.
pub fn run(server: Server, serving: &Serving, ready: impl FnOnce(SocketAddr)) -> anyhow::Result<()> {
    if let Some(web) = &serving.web {
        check_web(web)?;
    }
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(WORKERS).max_blocking_threads(BLOCKING).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(serving.socket()).await;
        let listener = listener.with_context(|| format!("cannot listen on {}", serving.socket()))?;
        let stop = told_to_stop(server.clone())?;
        ready(listener.local_addr()?);
        let router = router(&server, serving.web.as_deref());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(stop).await?;
        Ok(())
    })
}

fn check_web(web: &Path) -> anyhow::Result<()> {
    if !web.join("index.html").is_file() {
        bail!("{} holds no web build; make it with `npm run build` in ui/", web.display());
    }
    Ok(())
}

/// Listens for the wish to stop from the moment of the call on: whoever is told where the server listens may stop it.
#[cfg(unix)]
fn told_to_stop(server: Server) -> std::io::Result<impl Future<Output = ()>> {
    use signal::unix::{SignalKind, signal};
    let (mut interrupted, mut terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        server.close();
    })
}

/// As on Unix, but for the moment from which on it is heard.
#[cfg(not(unix))]
fn told_to_stop(server: Server) -> std::io::Result<impl Future<Output = ()>> {
    Ok(async move {
        let _ = signal::ctrl_c().await;
        server.close();
    })
}
