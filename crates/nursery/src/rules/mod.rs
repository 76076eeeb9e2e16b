//! Rules over facts: where a child is, who is expected, of whom nothing is known, how far something has come.

mod calls;
mod expectation;
mod facts;
mod guide;
mod protection;
mod reach;
mod site;
mod whereabouts;

pub use calls::{CALL_MARGIN_MINUTES, due, hearing};
pub use expectation::{Expectation, expectation, next_open_day};
pub use facts::{ChildDay, Today};
pub use guide::{class_age, staff_guide};
pub use protection::{barred, barred_entry, protected_from};
pub use reach::{Progress, progress};
pub use site::Site;
pub use whereabouts::{Where, Whereabouts, whereabouts};
