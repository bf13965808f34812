-- The transparency log: docs/spec/ledger-1.md section 14. Blocks that were followed before are read again.
ALTER TABLE ledger ADD COLUMN leaves INTEGER NOT NULL DEFAULT 0;
UPDATE ledger SET block = -1;

-- Members of the channel, by its newest configuration.
CREATE TABLE log_member (member TEXT PRIMARY KEY) WITHOUT ROWID;

-- How far each chain goes.
CREATE TABLE log_chain (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    count INTEGER NOT NULL,
    last TEXT NOT NULL
);

-- The leaves, by their index in the log, which is from 0.
CREATE TABLE log_leaf (
    number INTEGER PRIMARY KEY,
    chain INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    entry BLOB NOT NULL
);
CREATE INDEX log_leaf_of_chain ON log_leaf (chain, number, seq);

-- The tree over them: full tiles, and of each level the one that grows.
CREATE TABLE log_tile (
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, number)
);

-- The checkpoints that this member's log signed last, with the cosignatures that came; and whether a majority of the members is among them.
CREATE TABLE log_checkpoint (
    size INTEGER PRIMARY KEY,
    signed INTEGER NOT NULL,
    majority INTEGER NOT NULL,
    note BLOB NOT NULL
);

-- The checkpoint that this member's witness cosigned last, whoever asked for it: one row.
CREATE TABLE log_witnessed (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    note BLOB NOT NULL
);

-- Every size that it ever cosigned: for these it says where chains end.
CREATE TABLE log_cosigned (size INTEGER PRIMARY KEY);

-- Checkpoints that cannot be true beside this member's own. Never deleted.
CREATE TABLE log_evidence (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    text TEXT NOT NULL UNIQUE
);

-- Log keys whose checkpoints this member's witness does not cosign, until its operator says so.
CREATE TABLE log_distrusted (vkey TEXT PRIMARY KEY) WITHOUT ROWID;
