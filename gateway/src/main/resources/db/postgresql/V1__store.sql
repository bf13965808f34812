-- db/sqlite has the same tables under the same names: what is changed here is changed there.
-- Text is compared by its bytes, as SQLite does: the order must not depend on the language of the database, nor an index
-- on the version of its library.

-- Which ledger this store follows, the last block whose verdicts are in it, and the leaves of the log: one row.
CREATE TABLE ledger (
    one SMALLINT PRIMARY KEY CHECK (one = 1),
    id TEXT COLLATE "C" NOT NULL,
    trial BOOLEAN NOT NULL,
    block BIGINT NOT NULL,
    leaves BIGINT NOT NULL
);

-- Who carries what belongs to a home, or has another task of which one instance is enough. The fence is higher for each
-- holder; the time is of the database's clock, in milliseconds.
CREATE TABLE lease (
    name TEXT COLLATE "C" PRIMARY KEY,
    owner TEXT COLLATE "C" NOT NULL,
    fence BIGINT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX lease_of_owner ON lease (owner);

-- Every envelope taken in, in the order in which it was acknowledged. Its bytes go when its answer is there.
-- The fence is that of the lease under which it was handed out; 0 if it was not yet.
CREATE TABLE instruction (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    envelope_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    hash TEXT COLLATE "C" NOT NULL,
    home TEXT COLLATE "C" NOT NULL,
    party TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    received BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'waiting', 'refused', 'done')),
    answer TEXT,
    envelope BYTEA,
    CHECK ((envelope IS NULL) = (state IN ('refused', 'done')))
);
CREATE INDEX instruction_by_id ON instruction (party, id);
CREATE INDEX instruction_by_hash ON instruction (hash);
CREATE INDEX instruction_pending ON instruction (home, fence) WHERE state IN ('received', 'waiting');
CREATE INDEX instruction_refused ON instruction (received) WHERE state = 'refused';

-- Signed Fabric envelopes that may be on their way: stored before they are sent, gone when a block holds them.
CREATE TABLE sending (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction_id TEXT COLLATE "C" NOT NULL UNIQUE,
    home TEXT COLLATE "C" NOT NULL,
    envelope BYTEA NOT NULL
);
CREATE INDEX sending_of_home ON sending (home);

-- Every verdict of the ledger, whoever carried the instruction, and where it lies.
CREATE TABLE verdict (
    hash TEXT COLLATE "C" PRIMARY KEY,
    home TEXT COLLATE "C" NOT NULL,
    party TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    answer TEXT NOT NULL,
    block BIGINT NOT NULL,
    tx INTEGER NOT NULL,
    item INTEGER NOT NULL
);
CREATE INDEX verdict_by_id ON verdict (party, id);

-- Verdicts that are asked for by what they did: settled a period of an agreement, opened a claim under it, changed a
-- key of an owner. The name is the period, the claim, or the key.
CREATE TABLE effect (
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('settlement', 'claim', 'key')),
    subject TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    verdict TEXT COLLATE "C" NOT NULL REFERENCES verdict,
    PRIMARY KEY (kind, subject, name, verdict)
);

-- Reports that do not begin their run: where the proof of an event looks for its root.
CREATE TABLE report (
    agreement TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    first BIGINT NOT NULL,
    run BIGINT NOT NULL,
    PRIMARY KEY (agreement, source, first)
);

CREATE TABLE agreement (id TEXT COLLATE "C" PRIMARY KEY);

-- The story of each agreement: who signed what, in the order of the ledger.
CREATE TABLE story (
    agreement TEXT COLLATE "C" NOT NULL,
    block BIGINT NOT NULL,
    tx INTEGER NOT NULL,
    item INTEGER NOT NULL,
    act TEXT NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (agreement, block, tx, item)
);

-- Always empty: whether something can still be written is tried here.
CREATE TABLE probe (filler BYTEA);

-- The transparency log: docs/spec/ledger-1.md section 14. Members of the channel, by its newest configuration.
CREATE TABLE log_member (member TEXT COLLATE "C" PRIMARY KEY);

-- How far each chain goes.
CREATE TABLE log_chain (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    count BIGINT NOT NULL,
    last TEXT NOT NULL
);

-- The leaves, by their index in the log, which is from 0.
CREATE TABLE log_leaf (
    number BIGINT PRIMARY KEY,
    chain BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    entry BYTEA NOT NULL
);
CREATE INDEX log_leaf_of_chain ON log_leaf (chain, number, seq);

-- The tree over them: full tiles, and of each level the one that grows.
CREATE TABLE log_tile (
    level INTEGER NOT NULL,
    number BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, number)
);

-- The checkpoints that this member's log signed last, with the cosignatures that came; and whether a majority of the
-- members is among them.
CREATE TABLE log_checkpoint (
    size BIGINT PRIMARY KEY,
    signed BIGINT NOT NULL,
    majority BOOLEAN NOT NULL,
    note BYTEA NOT NULL
);

-- The checkpoint that this member's witness cosigned last, whoever asked for it: one row.
CREATE TABLE log_witnessed (
    one SMALLINT PRIMARY KEY CHECK (one = 1),
    note BYTEA NOT NULL
);

-- Every size that it ever cosigned: for these it says where chains end.
CREATE TABLE log_cosigned (size BIGINT PRIMARY KEY);

-- Checkpoints that cannot be true beside this member's own. Never deleted. The hash is of the text.
CREATE TABLE log_evidence (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash TEXT COLLATE "C" NOT NULL UNIQUE,
    text TEXT NOT NULL
);

-- Log keys whose checkpoints this member's witness does not cosign, until its operator says so.
CREATE TABLE log_distrusted (vkey TEXT COLLATE "C" PRIMARY KEY);
