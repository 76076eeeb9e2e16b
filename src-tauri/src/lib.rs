//! The window of Sazanami, for desktops and phones: wiring, keyring, camera.
//!
//! `ui` asks and acts through three commands; behind them `nursery` answers over `replica`'s store. Absent: rules.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic))]

pub mod camera;
mod clock;
mod desk;
mod doors;
pub mod folder;
mod ids;
pub mod keyring;
mod link;
mod pairing;
mod person;
mod pin;
mod report;
mod shell;
mod standings;
pub mod trouble;

use clock::Clock;
use folder::Folder;
use shell::{Event, Shell};
use std::path::PathBuf;
use std::sync::Arc;
use tauri::{App, Emitter, Manager, WebviewWindowBuilder};

/// Opens the window and returns when it is closed.
///
/// # Errors
/// If there is no display, no web view, or no place for data.
pub fn start() -> Result<(), tauri::Error> {
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![doors::ask, doors::act, doors::host])
        .setup(|app| wire(app))
        .run(tauri::generate_context!())
}

/// As [`start`], for the projects of phones.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    if let Err(error) = start() {
        eprintln!("sazanami: {error}");
    }
}

fn wire(app: &mut App) -> Result<(), Box<dyn std::error::Error>> {
    let folder = match std::env::var_os(folder::DATA_DIR) {
        Some(path) => PathBuf::from(path),
        None => app.path().app_data_dir()?,
    };
    let window = app.handle().clone();
    let tell = move |event| {
        let told = match event {
            Event::Touched(kinds) => window.emit("touched", kinds),
            Event::Sync(badge) => window.emit("sync", badge),
        };
        if let Err(error) = told {
            eprintln!("sazanami: the screens were not told: {error}");
        }
    };
    let clock = Clock::from_environment();
    app.manage(Arc::new(Shell::new(Folder::open(folder)?, clock, Arc::new(tell))));
    open_windows(app, clock)
}

/// The windows of `tauri.conf.json`, with a clock that agrees with this one.
fn open_windows(app: &App, clock: Clock) -> Result<(), Box<dyn std::error::Error>> {
    for window in &app.config().app.windows {
        let mut builder = WebviewWindowBuilder::from_config(app.handle(), window)?;
        if let Some(script) = clock.script() {
            builder = builder.initialization_script(script);
        }
        builder.build()?;
    }
    Ok(())
}
