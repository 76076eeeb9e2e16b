//! The C side: SQLite's calls, each passed on to the machine that the file belongs to.
//!
//! <https://sqlite.org/c3ref/vfs.html>, <https://sqlite.org/c3ref/io_methods.html>. Time does not pass here and chance
//! is always the same, so that nothing but the seed of a run decides about it.

use super::machine::{Fails, Open, State, find, lock};
use super::shared::{Level, Shared};
use rusqlite::ffi;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::{null, null_mut};
use std::slice;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Once};

/// Longest path, bytes.
const PATH_BYTES: c_int = 1024;
/// As on the disks that people have: SQLite pads what it writes to this.
const SECTOR_BYTES: c_int = 4096;
/// 2026-01-01, in milliseconds of the Julian day: nothing that is stored asks SQLite for the time.
const JULIAN_MS: i64 = 212_634_115_200_000;

/// One open file of one connection.
struct Handle {
    who: u64,
    /// None: a temporary file without a name, which nothing survives.
    place: Option<Place>,
    open: Open,
}

struct Place {
    machine: Arc<Mutex<State>>,
    path: String,
    life: u32,
    shared: Arc<Mutex<Shared>>,
    delete_on_close: bool,
}

/// What SQLite allocates for each file.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    handle: *mut Handle,
}

/// Makes this the disk of every connection that the process opens from now on.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let vfs = ffi::sqlite3_vfs {
            iVersion: 2,
            szOsFile: c_int::try_from(size_of::<File>()).unwrap(),
            mxPathname: PATH_BYTES,
            pNext: null_mut(),
            zName: c"simulated".as_ptr(),
            pAppData: null_mut(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_path),
            xDlOpen: None,
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: None,
            xGetLastError: None,
            xCurrentTimeInt64: Some(time),
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        };
        // SAFETY: SQLite keeps the pointer for ever, and so does the leak.
        let code = unsafe { ffi::sqlite3_vfs_register(Box::leak(Box::new(vfs)), 1) };
        assert_eq!(code, ffi::SQLITE_OK);
    });
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(take_lock),
    xUnlock: Some(give_lock),
    xCheckReservedLock: Some(is_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(map),
    xShmLock: Some(lock_index),
    xShmBarrier: Some(barrier),
    xShmUnmap: Some(unmap),
    xFetch: None,
    xUnfetch: None,
};

/// SAFETY of all below: SQLite passes pointers that are valid for the call, and to a file's methods only what [`open`]
/// has made and [`close`] has not taken back.
unsafe fn handle<'a>(file: *mut ffi::sqlite3_file) -> &'a mut Handle {
    unsafe { &mut *(*file.cast::<File>()).handle }
}

unsafe fn text<'a>(name: *const c_char) -> &'a str {
    unsafe { CStr::from_ptr(name) }.to_str().unwrap()
}

fn code(done: Result<(), Fails>, broken: c_int) -> c_int {
    match done {
        Ok(()) => ffi::SQLITE_OK,
        Err(Fails::Full) => ffi::SQLITE_FULL,
        Err(Fails::Broken | Fails::Absent) => broken,
    }
}

// ── the file system ──

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let file = file.cast::<File>();
    unsafe { (*file).base.pMethods = null() };
    let who = NEXT.fetch_add(1, Ordering::Relaxed);
    let made = if name.is_null() {
        Ok(Handle { who, place: None, open: Open::default() })
    } else {
        opened(unsafe { text(name) }, flags, who)
    };
    let Ok(made) = made else { return ffi::SQLITE_CANTOPEN };
    unsafe {
        (*file).handle = Box::into_raw(Box::new(made));
        (*file).base.pMethods = &raw const METHODS;
        if !out.is_null() {
            *out = flags;
        }
    }
    ffi::SQLITE_OK
}

fn opened(path: &str, flags: c_int, who: u64) -> Result<Handle, Fails> {
    let machine = find(path).ok_or(Fails::Absent)?;
    let (open, life, shared) = {
        let mut state = lock(&machine);
        (state.open(path, flags & ffi::SQLITE_OPEN_CREATE != 0)?, state.life(), state.shared(path))
    };
    let delete_on_close = flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0;
    Ok(Handle { who, place: Some(Place { machine, path: path.to_owned(), life, shared, delete_on_close }), open })
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    let path = unsafe { text(name) };
    let Some(machine) = find(path) else { return ffi::SQLITE_IOERR_DELETE_NOENT };
    let done = lock(&machine).delete(path, sync != 0);
    let absent = done == Err(Fails::Absent);
    code(done, if absent { ffi::SQLITE_IOERR_DELETE_NOENT } else { ffi::SQLITE_IOERR_DELETE })
}

unsafe extern "C" fn access(_: *mut ffi::sqlite3_vfs, name: *const c_char, _: c_int, out: *mut c_int) -> c_int {
    let path = unsafe { text(name) };
    let exists = find(path).is_some_and(|machine| lock(&machine).exists(path));
    unsafe { *out = c_int::from(exists) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_path(_: *mut ffi::sqlite3_vfs, name: *const c_char, room: c_int, out: *mut c_char) -> c_int {
    let name = unsafe { CStr::from_ptr(name) }.to_bytes_with_nul();
    if name.len() > usize::try_from(room).unwrap() {
        return ffi::SQLITE_CANTOPEN;
    }
    unsafe { std::ptr::copy_nonoverlapping(name.as_ptr().cast(), out, name.len()) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn randomness(_: *mut ffi::sqlite3_vfs, bytes: c_int, out: *mut c_char) -> c_int {
    let many = usize::try_from(bytes).unwrap();
    let out = unsafe { slice::from_raw_parts_mut(out.cast::<u8>(), many) };
    out.iter_mut().zip(1_u8..).for_each(|(byte, number)| *byte = number.wrapping_mul(181));
    bytes
}

unsafe extern "C" fn sleep(_: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    microseconds
}

unsafe extern "C" fn time(_: *mut ffi::sqlite3_vfs, out: *mut ffi::sqlite3_int64) -> c_int {
    unsafe { *out = JULIAN_MS };
    ffi::SQLITE_OK
}

// ── a file ──

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let handle = unsafe { Box::from_raw((*file.cast::<File>()).handle) };
    unsafe { (*file).pMethods = null() };
    if let Some(place) = handle.place {
        lock(&place.shared).leave(handle.who);
        lock(&place.machine).closed(&place.path);
        if place.delete_on_close {
            let _ = lock(&place.machine).delete(&place.path, false);
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, out: *mut c_void, many: c_int, at: i64) -> c_int {
    let handle = unsafe { handle(file) };
    let out = unsafe { slice::from_raw_parts_mut(out.cast::<u8>(), usize::try_from(many).unwrap()) };
    if handle.place.as_ref().is_some_and(|place| lock(&place.machine).alive(place.life).is_err()) {
        return ffi::SQLITE_IOERR_READ;
    }
    let there = lock(&handle.open).read(usize::try_from(at).unwrap(), out);
    out[there..].fill(0);
    if there < out.len() { ffi::SQLITE_IOERR_SHORT_READ } else { ffi::SQLITE_OK }
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, bytes: *const c_void, many: c_int, at: i64) -> c_int {
    let handle = unsafe { handle(file) };
    let bytes = unsafe { slice::from_raw_parts(bytes.cast::<u8>(), usize::try_from(many).unwrap()) };
    let at = usize::try_from(at).unwrap();
    let done = match &handle.place {
        Some(place) => lock(&place.machine).write(place.life, &handle.open, at, bytes),
        None => {
            lock(&handle.open).write(at, bytes);
            lock(&handle.open).sync();
            Ok(())
        }
    };
    code(done, ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: i64) -> c_int {
    let handle = unsafe { handle(file) };
    let length = usize::try_from(length).unwrap();
    let done = match &handle.place {
        Some(place) => lock(&place.machine).cut(place.life, &handle.open, length),
        None => {
            lock(&handle.open).cut(length);
            Ok(())
        }
    };
    code(done, ffi::SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    let Some(place) = &handle.place else { return ffi::SQLITE_OK };
    code(lock(&place.machine).sync(place.life, &place.path, &handle.open), ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn size(file: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    let handle = unsafe { handle(file) };
    unsafe { *out = i64::try_from(lock(&handle.open).bytes().len()).unwrap() };
    ffi::SQLITE_OK
}

unsafe extern "C" fn take_lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    let Some(place) = &handle.place else { return ffi::SQLITE_OK };
    if lock(&place.shared).lock(handle.who, Level::of(level)) { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
}

unsafe extern "C" fn give_lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    if let Some(place) = &handle.place {
        lock(&place.shared).set(handle.who, Level::of(level));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn is_reserved(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    let handle = unsafe { handle(file) };
    let reserved = handle.place.as_ref().is_some_and(|place| lock(&place.shared).reserved());
    unsafe { *out = c_int::from(reserved) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector(_: *mut ffi::sqlite3_file) -> c_int {
    SECTOR_BYTES
}

/// As SQLite takes it to be on every system of ours: a write changes no byte beside its own.
unsafe extern "C" fn characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

// ── the index of the write-ahead log ──

unsafe extern "C" fn map(
    file: *mut ffi::sqlite3_file,
    number: c_int,
    bytes: c_int,
    make: c_int,
    out: *mut *mut c_void,
) -> c_int {
    let handle = unsafe { handle(file) };
    let Some(place) = &handle.place else { return ffi::SQLITE_IOERR_SHMMAP };
    let (number, bytes) = (usize::try_from(number).unwrap(), usize::try_from(bytes).unwrap());
    unsafe { *out = lock(&place.shared).region(handle.who, number, bytes, make != 0).cast() };
    ffi::SQLITE_OK
}

unsafe extern "C" fn lock_index(file: *mut ffi::sqlite3_file, at: c_int, many: c_int, flags: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    let Some(place) = &handle.place else { return ffi::SQLITE_IOERR_SHMLOCK };
    let from = usize::try_from(at).unwrap();
    let locks = from..from + usize::try_from(many).unwrap();
    if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        lock(&place.shared).give(handle.who, locks);
        return ffi::SQLITE_OK;
    }
    let alone = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
    if lock(&place.shared).take(handle.who, locks, alone) { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
}

unsafe extern "C" fn barrier(_: *mut ffi::sqlite3_file) {}

/// The index lies in memory and goes with the machine; the next connection finds it as it is.
unsafe extern "C" fn unmap(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    if let Some(place) = &handle.place {
        lock(&place.shared).unmap(handle.who);
    }
    ffi::SQLITE_OK
}
