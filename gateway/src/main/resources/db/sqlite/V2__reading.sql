-- db/postgresql has the same tables under the same names: what is changed here is changed there.

-- The lists that are served, in generations: all in one can be thrown away and made again from the blocks. A generation
-- says which rules made it and the last block that is in it. One is served; another may be in the making; what is left
-- of old ones is deleted in steps.
CREATE TABLE reading (
    generation INTEGER PRIMARY KEY AUTOINCREMENT,
    rules INTEGER NOT NULL,
    block INTEGER NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('building', 'served', 'old'))
);
CREATE UNIQUE INDEX reading_stage ON reading (stage) WHERE stage <> 'old';

-- What is listed, each item where it came to be on the ledger. Empty is what an item has not; periods stand between
-- blanks.
CREATE TABLE reading_listed (
    generation INTEGER NOT NULL,
    listing TEXT NOT NULL,
    block INTEGER NOT NULL,
    tx INTEGER NOT NULL,
    item INTEGER NOT NULL,
    part INTEGER NOT NULL,
    agreement TEXT NOT NULL,
    party TEXT NOT NULL,
    act TEXT NOT NULL,
    state TEXT NOT NULL,
    source TEXT NOT NULL,
    period TEXT NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (generation, listing, block, tx, item, part)
) WITHOUT ROWID;
CREATE INDEX reading_of_agreement ON reading_listed (generation, listing, agreement, block, tx, item, part);
CREATE INDEX reading_of_party ON reading_listed (generation, listing, party, block, tx, item, part);

-- Of each version that was offered or moved: which ledger party stands for which of the terms, and the sources.
CREATE TABLE reading_document (
    generation INTEGER NOT NULL,
    agreement TEXT NOT NULL,
    version TEXT NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (generation, agreement, version)
) WITHOUT ROWID;
