//! Many devices, one server, one thread, one seed.
//!
//! Real stores and the real server; what lies between and under them (network, disk, power, clocks, people) is played
//! here, and breaks in every way that one number can think of. An oracle keeps its own books of what people were told,
//! and compares.

mod bug;
mod chance;
mod city;
mod device;
mod disk;
mod founding;
mod images;
mod oracle;
mod run;
mod trace;
mod work;

pub use bug::Bug;
pub use images::{Report, images};
pub use run::{Outcome, run};
pub use trace::aloud;
