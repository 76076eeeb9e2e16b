//! What fails leaves nothing behind and stops nobody else.

use crate::hub::Hub;
use crate::store::meta;
use records::{FeedId, ServerTime};
use uuid::Uuid;

const NOW: ServerTime = ServerTime(1_795_474_800_000);

#[test]
fn rule_54_a_job_that_panics_leaves_nothing_and_the_next_one_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::open(folder.path(), [1; 32], NOW).unwrap();
    let failed = hub.write(NOW, |turn| {
        meta::set_notes(&turn.rows, 7)?;
        if meta::notes(&turn.rows)? == 7 {
            panic!("on purpose");
        }
        Ok(())
    });
    assert_eq!(failed.unwrap_err().code(), "busy");
    hub.write(NOW, |turn| meta::set_municipality(&turn.rows, FeedId(Uuid::from_u128(1)))).unwrap();
    let records = hub.records().unwrap();
    assert_eq!(meta::notes(&records.rows().unwrap()).unwrap(), 0);
    assert_eq!(hub.municipality().unwrap().0, Uuid::from_u128(1));
}

#[test]
fn a_savepoint_within_a_job_takes_back_only_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::open(folder.path(), [1; 32], NOW).unwrap();
    let inner = hub.write(NOW, |turn| {
        meta::set_notes(&turn.rows, 1)?;
        turn.savepoint(|turn| -> Result<(), _> {
            meta::set_notes(&turn.rows, 2)?;
            Err(crate::StoreError::Lacks("something"))
        })
    });
    assert!(inner.unwrap().is_err());
    let records = hub.records().unwrap();
    assert_eq!(meta::notes(&records.rows().unwrap()).unwrap(), 1);
}
