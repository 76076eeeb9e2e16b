//! The server without HTTP: judge, commit, pull, notes, stores.
