//! The domain of Sazanami: kinds, commands, views, access and rules. Pure over `trait Records`.
//!
//! The crate performs no I/O, reads no clock and no randomness: moments and ids are parameters. Every host (device,
//! server, simulator) runs the same code over exactly the records that a principal may hold.

pub mod access;
pub mod ask;
pub mod attendance;
pub mod calendar;
pub mod clock;
pub mod command;
pub mod core;
pub mod devices;
pub mod ids;
pub mod judge;
pub mod people;
pub mod place;
pub mod registry;
pub mod rules;
pub mod server;
pub mod view;
