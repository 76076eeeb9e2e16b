//! What every capability stands on: reading records, kinds as typed structs, composing acts, refusals.

mod act;
mod kind;
mod reads;
mod refusal;

pub use act::{Act, Clock, Composer, Done, Ids, Moment, Proof, Who};
pub use kind::{Definition, Form, Keep, Kind, Meta, Shape, Void, text_key, typed};
pub use reads::{Fault, MemoryRecords, Records, Scan, collect, get, scan_kind};
pub use refusal::{Code, Refusal};
