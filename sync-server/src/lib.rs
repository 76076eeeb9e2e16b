//! The server over HTTP.
//!
//! Routes, sign-in, pairing, joining, the web build of the screens, and the commands of `sazanami-server`. Decisions
//! about records are `hub`'s and `nursery`'s; time is one [`Clock`] that is passed in.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

mod app;
mod chance;
mod clock;
mod command;
mod device;
mod http;
mod invite;
mod join;
mod links;
mod looks;
mod office;
mod pairings;
mod pin;
mod qr;
mod server;

pub use clock::Clock;
pub use command::Cli;
pub use device::read_exchange;
pub use http::{Door, Problem, doors, router};
pub use join::{invitation_id, new_token};
pub use links::Links;
pub use server::{Server, Setting};
