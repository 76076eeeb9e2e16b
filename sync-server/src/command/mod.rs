//! The commands of `sazanami-server`.

mod demo;
mod folder;
mod serve;

use crate::clock::Clock;
use clap::{Args, Parser, Subcommand};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// The server of Sazanami (さざなみ): keeps a city's records, lets devices meet, and serves the screens to browsers.
///
/// A city begins with `admin create-city` and `serve`; `demo` shows an invented city at once. Everything the server
/// keeps lies in one folder (--data). Put a reverse proxy with TLS before it; by itself it speaks plain HTTP and listens
/// on this machine alone.
#[derive(Debug, Parser)]
#[command(name = "sazanami-server", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the city in a folder.
    Serve(Serving),
    /// Make an invented city, say how to sign in to it, and serve it.
    Demo(Demo),
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
    #[arg(long, value_name = "YYYY-MM-DD HH:MM", value_parser = demo::moment)]
    at: Option<records::ServerTime>,
    /// Begin the city anew.
    #[arg(long)]
    reset: bool,
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
        }
    }
}
