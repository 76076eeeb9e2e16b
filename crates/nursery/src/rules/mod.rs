//! Rules over facts: where a child is, who is expected, of whom nothing is known, how far something has come.

mod announcing;
mod calls;
mod collectors;
mod expectation;
mod facts;
mod guardians;
mod guide;
mod protection;
mod reach;
mod site;
mod whereabouts;

pub use announcing::{DAYS_AHEAD, against_days, against_family, against_time};
pub use calls::{CALL_MARGIN_MINUTES, due, hearing};
pub use collectors::{as_registered, known_to, may_collect, named, told_to_families};
pub use expectation::{Expectation, expectation, next_open_day};
pub use facts::{ChildDay, Today};
pub use guardians::{guardians, may_speak};
pub use guide::{class_age, staff_guide};
pub use protection::{barred, barred_entry, protected_from};
pub use reach::{ARRIVAL_GRACE_MINUTES, Progress, progress};
pub use site::Site;
pub use whereabouts::{Where, Whereabouts, whereabouts};
