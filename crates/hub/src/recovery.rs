//! After a restore: families wait until every site has shown the restrictions that its devices hold, or somebody lets
//! them in (rule 32).

use crate::error::{Failure, StoreError};
use crate::hub::Hub;
use crate::reading::View;
use crate::standings::Held;
use crate::store::Rows;
use nursery::access::Standing;
use nursery::core::{Code, Scan, collect};
use nursery::devices::{Device, Purpose};
use records::wire::{Answered, Cursor, Reply, Verdict};
use records::{Epoch, GrantsVersion, ServerTime};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// Its table.
pub const TABLE: &str = "
CREATE TABLE recovery_site (
    facility BLOB PRIMARY KEY       -- no device of it has shown its restrictions since the restore
) STRICT, WITHOUT ROWID;
";

/// Seconds after which a family's device asks again.
const AGAIN_S: u32 = 60;

/// Every site whose devices may hold restrictions that this database has never met.
pub fn begin(rows: &Rows<'_>) -> Result<(), StoreError> {
    let devices = collect::<Device>(&View(*rows), &Scan::of::<Device>())?;
    let shared = devices.iter().filter(|device| device.purpose == Some(Purpose::ClassTablet));
    let sites: BTreeSet<Uuid> =
        shared.filter(|device| device.meta.counts() && device.retired.is_none()).map(|device| device.owner).collect();
    let mut add = rows.conn.prepare("INSERT OR IGNORE INTO recovery_site (facility) VALUES (?1)")?;
    for site in sites {
        add.execute([site.as_bytes()])?;
    }
    Ok(())
}

fn waiting(conn: &Connection) -> Result<Vec<Uuid>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT facility FROM recovery_site")?;
    let sites = statement.query_map([], |row| Ok(Uuid::from_bytes(row.get(0)?)))?;
    Ok(sites.collect::<Result<_, _>>()?)
}

/// Acts only as family, or as nobody yet.
fn is_family(standing: &Standing) -> bool {
    standing.places.is_empty() && !standing.city
}

impl Hub {
    /// Facilities for which families wait, because none of their devices has shown its restrictions since the restore.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn awaited_sites(&self) -> Result<Vec<Uuid>, StoreError> {
        if !self.recovering.load(Ordering::Acquire) {
            return Ok(vec![]);
        }
        let sites = waiting(self.records()?.rows()?.conn)?;
        self.recovering.store(!sites.is_empty(), Ordering::Release); // a restore is another opening of the server
        Ok(sites)
    }

    /// Lets families in: somebody knows that no restriction is missing.
    ///
    /// # Errors
    /// [`Failure::Busy`].
    pub fn let_families_in(&self, now: ServerTime) -> Result<(), Failure> {
        self.write(now, |turn| Ok(turn.rows.conn.execute_batch("DELETE FROM recovery_site")?))
    }

    /// A view for a principal must wait for the end of a recovery.
    ///
    /// # Errors
    /// `recovering` then.
    pub fn may_look(&self, held: &Held) -> Result<(), Failure> {
        if is_family(&held.standing) && !self.awaited_sites()?.is_empty() {
            return Err(Code::Recovering.into());
        }
        Ok(())
    }

    /// A device of a site that already stands in this epoch has brought all restrictions that it holds.
    pub(crate) fn shown(&self, held: &Held, seen: u64, now: ServerTime) -> Result<(), Failure> {
        let standing = &held.standing;
        if !standing.shared || standing.blocked || seen > self.notes.highest() {
            return Ok(());
        }
        let awaited = self.awaited_sites()?;
        let here: Vec<Uuid> =
            standing.places.keys().map(|facility| facility.0).filter(|f| awaited.contains(f)).collect();
        if here.is_empty() {
            return Ok(());
        }
        self.write(now, move |turn| {
            let mut done = turn.rows.conn.prepare_cached("DELETE FROM recovery_site WHERE facility = ?1")?;
            for facility in here {
                done.execute([facility.as_bytes()])?;
            }
            Ok(())
        })
    }
}

/// What a family's device is told meanwhile: that it stands where it stood. What it brought is written, but promised only
/// once it can be echoed.
pub fn patience(stood: (Epoch, Cursor), grants: GrantsVersion, verdicts: Vec<Answered>, now: ServerTime) -> Reply {
    let (epoch, cursor) = stood;
    let later = |answered: Answered| Answered {
        verdict: Verdict::Later { after_s: AGAIN_S, code: Code::Recovering.as_str().to_owned() },
        ..answered
    };
    Reply {
        epoch,
        grants,
        verdicts: verdicts.into_iter().map(later).collect(),
        echoes: vec![],
        page: vec![],
        lost: vec![],
        forget: vec![],
        notes: vec![],
        want: vec![],
        copied: vec![],
        cursor,
        more: false,
        now,
        schema: nursery::registry::SCHEMA,
    }
}
