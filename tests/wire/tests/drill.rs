//! The restore drill, as `docs/operations.md` describes it.

use wire::drill::{Counts, run};

#[tokio::test]
async fn after_a_restore_nothing_that_was_saved_is_lost_and_nothing_that_was_taken_away_comes_back() {
    let expected = Counts {
        saved: 30,
        in_backup: 10,
        by_themselves: 10,
        as_copies: 10,
        lost: 0,
        doubled: 0,
        to_the_blocked: 0,
        first_status: 503,
        family_status: (503, 200),
        announced_meanwhile: true,
    };
    assert_eq!(run().await, expected);
}
