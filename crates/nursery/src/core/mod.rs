//! What every capability stands on: reading records, kinds as typed structs, composing acts, refusals.

mod act;
mod kind;
mod reads;
mod refusal;
mod text;

pub use act::{Act, Clock, Composer, Done, Ids, Moment, Proof, Who};
pub use kind::{Definition, Form, Keep, Kind, Meta, Shape, Void, typed};
pub use reads::{Fault, MemoryRecords, Records, Scan, collect, get, scan_kind};
pub use refusal::{Code, Refusal};
pub use text::{may_be_name, same_name, text_key};
