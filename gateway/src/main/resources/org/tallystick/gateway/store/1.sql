-- Which ledger this store follows, and the last block whose verdicts are in it: one row.
CREATE TABLE ledger (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    trial INTEGER NOT NULL,
    block INTEGER NOT NULL
);

-- Every envelope taken in, in the order in which it was acknowledged. Its bytes go when its answer is there.
CREATE TABLE instruction (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    envelope_hash TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL,
    home TEXT NOT NULL,
    party TEXT NOT NULL,
    id TEXT NOT NULL,
    received INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'waiting', 'refused', 'done')),
    answer TEXT,
    envelope BLOB,
    CHECK ((envelope IS NULL) = (state IN ('refused', 'done')))
);
CREATE INDEX instruction_by_id ON instruction (party, id);
CREATE INDEX instruction_by_hash ON instruction (hash);
CREATE INDEX instruction_pending ON instruction (seq) WHERE state IN ('received', 'waiting');
CREATE INDEX instruction_refused ON instruction (received) WHERE state = 'refused';

-- Signed Fabric envelopes that may be on their way: stored before they are sent, gone when a block holds them.
CREATE TABLE sending (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id TEXT NOT NULL UNIQUE,
    home TEXT NOT NULL,
    envelope BLOB NOT NULL
);

-- Every verdict of the ledger, whoever carried the instruction, and where it lies.
CREATE TABLE verdict (
    hash TEXT PRIMARY KEY,
    home TEXT NOT NULL,
    party TEXT NOT NULL,
    id TEXT NOT NULL,
    answer TEXT NOT NULL,
    block INTEGER NOT NULL,
    tx INTEGER NOT NULL,
    item INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX verdict_by_id ON verdict (party, id);

-- Reports that do not begin their run: where the proof of an event looks for its root.
CREATE TABLE report (
    agreement TEXT NOT NULL,
    source TEXT NOT NULL,
    first INTEGER NOT NULL,
    run INTEGER NOT NULL,
    PRIMARY KEY (agreement, source, first)
) WITHOUT ROWID;

CREATE TABLE agreement (id TEXT PRIMARY KEY) WITHOUT ROWID;

-- Always empty: whether something can still be written is tried here.
CREATE TABLE probe (filler BLOB);
