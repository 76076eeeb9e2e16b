//! An invented city for trying Sazanami, for tests and for measuring: さざなみ市 with six public nurseries, a
//! development centre and a private こども園 on trial.
//!
//! Made purely from a seed and a moment: no I/O, no clock, no file read. Nobody in it exists; its telephone numbers
//! belong to nobody. Everything comes through the real kinds, as acts that [`nursery::judge::judge`] accepts in order.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod book;
mod chance;
mod city;
mod day;
mod history;
mod names;
mod register;
mod town;
mod year;

pub use city::{City, Notables, Options, SiteIds, Tablet, city, city_with};
pub use history::{History, history};
