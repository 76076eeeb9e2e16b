//! The disk under SQLite: memory that keeps apart what a process has written and what would survive a power cut.
//!
//! It is the process's default VFS, so that stores open their files as they always do. Each device and the server has
//! a [`Machine`]: the files under one folder, and a fuse that ends everything at the n-th write or sync, whatever is
//! running then.

mod inode;
mod machine;
mod shared;
mod vfs;

pub use inode::Loss;
pub use machine::{Image, Machine};
pub use vfs::install;

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;
    use std::path::Path;

    fn opened(path: &Path) -> Connection {
        let db = Connection::open(path).unwrap();
        db.pragma_update(None, "synchronous", "EXTRA").unwrap();
        db.pragma_update(None, "journal_mode", "WAL").unwrap();
        db
    }

    fn rows(db: &Connection) -> i64 {
        db.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn connections_see_what_others_commit() {
        let folder = Path::new("/simulated/connections");
        let _machine = Machine::new(folder);
        let path = folder.join("a.db");
        let writer = opened(&path);
        writer.execute_batch("CREATE TABLE t (x TEXT)").unwrap();
        let reader = opened(&path);
        for n in 1..500 {
            writer.execute_batch("BEGIN").unwrap();
            writer.execute("INSERT INTO t VALUES (?1)", ["x".repeat(300)]).unwrap();
            writer.execute_batch("SAVEPOINT s; INSERT INTO t VALUES ('y'); ROLLBACK TO s; RELEASE s; COMMIT").unwrap();
            assert_eq!((rows(&reader), rows(&writer)), (n, n));
        }
        let checked: String = writer.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(checked, "ok");
    }
}
