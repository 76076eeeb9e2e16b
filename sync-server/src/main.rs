//! `sazanami-server`.

use clap::Parser;
use std::process::ExitCode;
use sync_server::Cli;

fn main() -> ExitCode {
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).with_ansi(false);
    // whoever reads the log may go away: the city is served all the same
    let log = log.log_internal_errors(false);
    log.with_max_level(tracing::Level::INFO).init();
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sazanami-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
