-- Written by `cargo xtask schema`; do not edit.

-- ── server (crates/hub) ──────────────────────────────────────────

-- hub.db

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE epoch (
    number   INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    parent   BLOB,                   -- NULL for the first
    begun    INTEGER NOT NULL,       -- ms since 1970-01-01 UTC
    branched TEXT NOT NULL           -- JSON: seq and chain of each feed where it branched off
) STRICT;

CREATE TABLE feed (
    feed  INTEGER PRIMARY KEY,      -- what other tables call it
    id    BLOB NOT NULL UNIQUE,     -- facility or municipality
    head  INTEGER NOT NULL,         -- seq of the newest accepted change
    chain BLOB NOT NULL             -- chained hash of all accepted changes
) STRICT;

CREATE TABLE batch (
    batch       INTEGER PRIMARY KEY,
    device      BLOB NOT NULL,        -- device, or the server's own id for what came by a browser or from itself
    incarnation BLOB NOT NULL,
    number      INTEGER NOT NULL,
    via_web     INTEGER NOT NULL,     -- 1: signed by the server
    hashes      BLOB NOT NULL,        -- 32 bytes each, in order
    signature   TEXT NOT NULL,        -- Ed25519, 128 hexadecimal letters
    received    INTEGER NOT NULL,     -- ms since 1970-01-01 UTC
    UNIQUE (device, incarnation, number)
) STRICT;

CREATE TABLE log (
    feed     INTEGER NOT NULL REFERENCES feed,
    seq      INTEGER NOT NULL,
    change   BLOB NOT NULL,
    act      BLOB NOT NULL,
    record   BLOB NOT NULL,
    hash     BLOB NOT NULL,       -- BLAKE3(salt, bytes)
    chain    BLOB NOT NULL,       -- of the feed up to here
    batch    INTEGER NOT NULL REFERENCES batch,
    received INTEGER NOT NULL,    -- ms since 1970-01-01 UTC
    body     BLOB NOT NULL,       -- salt and bytes, sealed by the subject's key
    PRIMARY KEY (feed, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_record ON log (record);

CREATE TABLE change (
    id      BLOB PRIMARY KEY,
    hash    BLOB NOT NULL,
    feed    INTEGER REFERENCES feed,    -- where it was accepted
    seq     INTEGER,
    verdict TEXT                        -- JSON, if it was not accepted
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
    record  INTEGER PRIMARY KEY,
    id      BLOB NOT NULL UNIQUE,
    feed    INTEGER NOT NULL REFERENCES feed,
    seq     INTEGER NOT NULL,     -- of its newest accepted change
    kind    INTEGER NOT NULL,     -- number of the kind
    subject BLOB NOT NULL,        -- whose key seals the body
    day     INTEGER,              -- service day, days since 1970-01-01
    key1    BLOB,
    key2    BLOB,
    key3    BLOB,
    gone    INTEGER NOT NULL,     -- 1: only the head is left
    body    BLOB NOT NULL         -- JSON of the record, sealed
) STRICT;
CREATE INDEX record_key1 ON record (kind, key1, day) WHERE key1 IS NOT NULL;
CREATE INDEX record_key2 ON record (kind, key2, day) WHERE key2 IS NOT NULL;
CREATE INDEX record_key3 ON record (kind, key3, day) WHERE key3 IS NOT NULL;
CREATE INDEX record_feed ON record (kind, feed, day);
CREATE INDEX record_day ON record (kind, day);
CREATE INDEX record_subject ON record (subject, kind, day);

CREATE TABLE atom (
    atom INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE     -- such as staff@ and the id of a facility
) STRICT;
CREATE TABLE audience (
    atom   INTEGER NOT NULL REFERENCES atom,
    feed   INTEGER NOT NULL REFERENCES feed,
    seq    INTEGER NOT NULL,      -- of the record's newest change
    record INTEGER NOT NULL REFERENCES record,
    PRIMARY KEY (atom, feed, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE standing (
    principal BLOB NOT NULL,      -- 'd' or 'p' and the id of the device or person
    since     INTEGER NOT NULL,   -- version of rights from which it held
    until     INTEGER,            -- version from which it no longer held; NULL while it holds
    ended     INTEGER,            -- ms since 1970-01-01 UTC when it ended
    body      BLOB NOT NULL,      -- JSON, sealed by the key of the device or person
    PRIMARY KEY (principal, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE tracked (
    feed   INTEGER NOT NULL REFERENCES feed,
    seq    INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (feed, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE note_open (
    number INTEGER PRIMARY KEY      -- applies although this database does not know its cause; until released
) STRICT;

CREATE TABLE device_token (
    device BLOB PRIMARY KEY,
    hash   BLOB NOT NULL UNIQUE,    -- BLAKE3 of the token
    made   INTEGER NOT NULL         -- ms since 1970-01-01 UTC
) STRICT, WITHOUT ROWID;
CREATE TABLE web_session (
    hash    BLOB PRIMARY KEY,
    session BLOB NOT NULL UNIQUE,   -- named as the device of what is written in it
    person  BLOB NOT NULL,
    made    INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX web_session_person ON web_session (person, made);
CREATE TABLE sign_in_link (
    hash    BLOB PRIMARY KEY,
    person  BLOB NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_link_person ON sign_in_link (person, expires);
CREATE TABLE pairing (
    ticket     BLOB PRIMARY KEY,    -- hash of what the new device asks with
    code       TEXT NOT NULL UNIQUE,
    public_key TEXT NOT NULL,
    name       TEXT NOT NULL,
    expires    INTEGER NOT NULL,
    device     BLOB                 -- set once confirmed
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
    number    INTEGER NOT NULL,  -- given twice only where file and database were lost together
    what      TEXT NOT NULL,     -- as in the file, which must hold it: ids, no names
    signature TEXT NOT NULL,
    PRIMARY KEY (number, what)
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_site (
    facility BLOB PRIMARY KEY       -- no device of it has shown its restrictions since the restore
) STRICT, WITHOUT ROWID;

-- keys.db, beside it and outside backups

CREATE TABLE subject_key (
    subject BLOB PRIMARY KEY,   -- 16 bytes
    key     BLOB NOT NULL       -- 32 bytes; the row is deleted when the subject is erased
) STRICT, WITHOUT ROWID;

-- ── device (crates/replica), inside SQLCipher ────────────────────

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
    row     INTEGER PRIMARY KEY,
    id      BLOB NOT NULL UNIQUE,
    kind    TEXT NOT NULL,
    feed    BLOB NOT NULL,
    subject BLOB NOT NULL,
    day     INTEGER,                    -- days since 1970-01-01
    k1      BLOB,
    k2      BLOB,
    k3      BLOB,
    seq     INTEGER,                    -- NULL: only pending here
    before  INTEGER NOT NULL DEFAULT 0, -- of an earlier epoch: 1 shown until it comes again, 2 did not come again,
                                        -- 3 offered to the server as a copy, 4 the server cannot take it
    pending INTEGER NOT NULL DEFAULT 0, -- 1: the outbox has a change to lay over
    atoms   TEXT NOT NULL,              -- JSON list of atom numbers
    body    TEXT NOT NULL               -- JSON
) STRICT;
CREATE INDEX record_by_day ON record (kind, day);
CREATE INDEX record_by_feed ON record (feed, kind, day);
CREATE INDEX record_by_subject ON record (subject, kind, day);
CREATE INDEX record_by_k1 ON record (k1, kind, day) WHERE k1 IS NOT NULL;
CREATE INDEX record_by_k2 ON record (k2, kind, day) WHERE k2 IS NOT NULL;
CREATE INDEX record_by_k3 ON record (k3, kind, day) WHERE k3 IS NOT NULL;
CREATE INDEX record_of_before ON record (before) WHERE before > 0;

CREATE TABLE atom (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE
) STRICT;

-- Which confirmed records an atom gives sight of.
CREATE TABLE held (
    atom   INTEGER NOT NULL,
    record INTEGER NOT NULL,
    PRIMARY KEY (atom, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_by_record ON held (record);

CREATE TABLE outbox (
    ord        INTEGER PRIMARY KEY AUTOINCREMENT, -- order of writing; re-offers of a new epoch come before, below zero
    change     BLOB NOT NULL UNIQUE,
    act        BLOB NOT NULL,
    record     BLOB NOT NULL,
    subject    BLOB NOT NULL,
    kind       TEXT NOT NULL,
    day        INTEGER,
    fact       INTEGER NOT NULL,
    author     BLOB NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('resting', 'waiting', 'flying', 'held', 'refused', 'later')),
    frozen     INTEGER NOT NULL DEFAULT 0, -- 1: was in a batch once; salt and bytes never change again
    place      INTEGER,                    -- in the batch in flight
    code       TEXT,                       -- reason of held, refused or later
    hold       BLOB,                       -- the record that tells about a held change
    not_before INTEGER,                    -- of later: server time, ms
    written_ms INTEGER NOT NULL,           -- device time of the last writing
    salt       TEXT NOT NULL,
    bytes      TEXT NOT NULL,              -- JSON of the change, verbatim
    hash       BLOB NOT NULL,              -- BLAKE3(salt || bytes)
    receipt    TEXT                        -- of a re-offer: proof that it was accepted once
) STRICT;
CREATE INDEX outbox_by_record ON outbox (record, ord);
CREATE INDEX outbox_by_act ON outbox (act);
CREATE INDEX outbox_by_state ON outbox (state, ord);
CREATE INDEX outbox_by_day ON outbox (state, fact, day, ord);

-- The batch in flight; its letters are the rows of the outbox in state 'flying', by place.
CREATE TABLE flight (
    one         INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    incarnation BLOB NOT NULL,
    number      INTEGER NOT NULL,
    signature   TEXT NOT NULL
) STRICT;

CREATE TABLE offered (
    change    BLOB NOT NULL PRIMARY KEY,
    subject   BLOB NOT NULL,
    epoch     BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL, -- server time of the verdict
    salt      TEXT NOT NULL,
    bytes     TEXT NOT NULL,
    receipt   TEXT NOT NULL
) STRICT;
CREATE INDEX offered_by_time ON offered (at_ms);
CREATE INDEX offered_by_subject ON offered (subject);

CREATE TABLE note (
    number    INTEGER NOT NULL PRIMARY KEY,
    what      TEXT NOT NULL,
    signature TEXT NOT NULL
) STRICT;

CREATE TABLE sealed_away (
    change  BLOB NOT NULL PRIMARY KEY,
    item    BLOB NOT NULL, -- a letter, sealed to the server
    receipt TEXT           -- NULL: never accepted
) STRICT;

CREATE TABLE host (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

-- Looks at sensitive records, written down before anything was shown.
CREATE TABLE look (
    ord    INTEGER PRIMARY KEY,
    record BLOB NOT NULL,
    person BLOB,
    at_ms  INTEGER NOT NULL
) STRICT;
