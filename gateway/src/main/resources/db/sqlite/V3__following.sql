-- db/postgresql has the same under the same names: what is changed here is changed there.

-- The stream: verdicts, and the last steps of closes, in the order of the ledger.
CREATE INDEX verdict_at ON verdict (block, tx, item);
CREATE INDEX story_step_at ON story (block, tx, item) WHERE act = 'step';

-- Who is told over HTTP what the ledger brings. The position is behind the last that was delivered or given up; what comes
-- next was tried so often, since when, and is tried again at a time in milliseconds. The revision is higher with each change
-- by the operator.
CREATE TABLE webhook (
    name TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    filter TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'gone')),
    revision INTEGER NOT NULL,
    block INTEGER NOT NULL,
    tx INTEGER NOT NULL,
    item INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    since INTEGER NOT NULL,
    due INTEGER NOT NULL,
    answer TEXT NOT NULL
) WITHOUT ROWID;

-- What was given up, with the last answer, until it is delivered after all.
CREATE TABLE webhook_dead (
    name TEXT NOT NULL,
    block INTEGER NOT NULL,
    tx INTEGER NOT NULL,
    item INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    died INTEGER NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (name, block, tx, item)
) WITHOUT ROWID;
