//! The commands of `sazanami-server`.

mod admin;
mod control;
mod demo;
mod folder;
mod serve;
mod tablets;

use crate::chance;
use crate::clock::Clock;
use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use folder::Folder;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// The server of Sazanami (さざなみ): keeps a city's records, lets devices meet, and serves the screens to browsers.
///
/// `demo` shows an invented city at once. A real one begins with `admin create-city`, `admin add-facility` and
/// `admin add-person`, then `serve`, and `admin link` lets the first person in. Everything the server keeps lies in one
/// folder (--data). Put a reverse proxy with TLS before it; by itself it speaks plain HTTP and listens on this machine
/// alone. Step by step: docs/operations.md.
#[derive(Debug, Parser)]
#[command(name = "sazanami-server", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the city in a folder, until it is told to stop (Ctrl-C, SIGTERM).
    ///
    /// Logs one line per request to stderr, without names and ids. Speaks plain HTTP: leave --bind as it is and put a
    /// proxy with TLS before it, one that passes Host on or adds X-Forwarded-For, and give its address with --url.
    Serve(Serving),
    /// Make an invented city, say how to sign in to it, and serve it.
    ///
    /// Needs a folder of its own; the city stays in it until --reset. Nobody in it exists. A classroom tablet of each
    /// site is awake and pulls, so that what families send arrives.
    Demo(Demo),
    /// Begin a city, let people in, take devices back. Works while the server runs.
    Admin(Admin),
    /// Copy the database while the server runs.
    ///
    /// The copy is opened again and checked. Without keys.db it cannot be read: keys and restrictions have backups of
    /// their own, see docs/operations.md.
    Backup(Backup),
    /// Put a backup in the place of the database, while the server is stopped.
    ///
    /// What was there stays beside it (before-….db). Devices offer again what they hold; no restriction is undone, and
    /// everybody signs in again in browsers.
    Restore(Restore),
    /// Write restrictions.log again from what hub.db knows, while the server is stopped.
    ///
    /// Only where the server does not start because that file was lost or damaged, and no copy of it is left. The file
    /// that was there stays beside it.
    MendRestrictions(Mend),
}

#[derive(Debug, Args)]
struct Admin {
    /// Folder of everything the server keeps; made if it is not there.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(subcommand)]
    order: admin::Order,
}

#[derive(Debug, Args)]
struct Backup {
    /// Folder of everything the server keeps.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The copy; must not exist.
    file: PathBuf,
}

#[derive(Debug, Args)]
struct Restore {
    /// Folder of everything the server keeps.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// A copy that `backup` made.
    file: PathBuf,
}

#[derive(Debug, Args)]
struct Mend {
    /// Folder of everything the server keeps.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

/// Where and how to serve.
#[derive(Clone, Debug, Args)]
pub struct Serving {
    /// Folder of everything the server keeps; made if it is not there.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Port to listen on; 0 takes a free one.
    #[arg(long, value_name = "N", default_value_t = 8700)]
    port: u16,
    /// Address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    bind: IpAddr,
    /// Folder of the web build of the screens (ui/dist); without it only apps are served.
    #[arg(long, value_name = "DIR")]
    web: Option<PathBuf>,
    /// Address by which people reach the server, for links; else what their browser names.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

impl Serving {
    fn socket(&self) -> SocketAddr {
        SocketAddr::new(self.bind, self.port)
    }
}

#[derive(Clone, Debug, Args)]
struct Demo {
    #[command(flatten)]
    serving: Serving,
    /// Let the city's clock begin there, in Japanese time, and run on: "2026-11-24 08:15" is a busy morning.
    #[arg(long, value_name = "YYYY-MM-DD HH:MM[:SS]", value_parser = demo::moment)]
    at: Option<records::ServerTime>,
    /// Begin the city anew.
    #[arg(long)]
    reset: bool,
    /// Leave this site's tablet away, such as minato: what families send it waits on the server. May be given again.
    #[arg(long, value_name = "SITE")]
    tablets_away: Vec<String>,
}

impl Cli {
    /// Does what the command line says; returns when it is done or the server is told to stop.
    ///
    /// # Errors
    /// In words for whoever typed the command.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(serving) => serve::serve(&serving, Clock::system()),
            Command::Demo(demo) => demo::demo(&demo),
            Command::Admin(admin) => say(&control::order(&admin.data, admin.order)?),
            Command::Backup(backup) => back_up(&backup),
            Command::Restore(backup) => restore(&backup),
            Command::MendRestrictions(mend) => mend_restrictions(&mend.data),
        }
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    println!("{}", text.trim_end());
    Ok(())
}

fn back_up(backup: &Backup) -> anyhow::Result<()> {
    let file = std::path::absolute(&backup.file)?;
    say(&control::order(&backup.data, admin::Order::Backup { file })?)
}

fn restore(backup: &Restore) -> anyhow::Result<()> {
    let _held = Folder::take_alone(&backup.data)?;
    let epoch = hub::restore(&backup.data, &backup.file, chance::bytes()?, Clock::system().now())
        .with_context(|| format!("cannot restore from {}; nothing was changed", backup.file.display()))?;
    say(&format!("restored; a new epoch {epoch} begins, and devices offer again what they hold"))
}

fn mend_restrictions(data: &Path) -> anyhow::Result<()> {
    let _held = Folder::take_alone(data)?;
    let mended = hub::mend_restrictions(data, chance::bytes()?, Clock::system().now())
        .with_context(|| format!("cannot mend restrictions.log in {}; it stays as it is", data.display()))?;
    let before = mended.before.map_or_else(String::new, |path| format!("; what was there: {}", path.display()));
    say(&format!("restrictions.log holds {} more restrictions, as hub.db knew them{before}", mended.back.len()))
}
