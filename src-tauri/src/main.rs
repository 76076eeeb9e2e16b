//! The program `sazanami-app`.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> anyhow::Result<()> {
    Ok(sazanami_app::start()?)
}
