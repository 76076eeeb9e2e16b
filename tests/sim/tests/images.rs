//! Some of the crash images in every test run; `cargo xtask sim --images` makes them all.

#[test]
fn a_cut_at_any_write_takes_nothing_that_was_acknowledged_and_leaves_no_half() {
    for report in sim::images(Some(40)) {
        assert!(report.steps > 0 && report.failed.is_empty(), "{report}");
    }
}
