-- db/sqlite has the same tables under the same names: what is changed here is changed there.

-- The lists that are served, in generations: all in one can be thrown away and made again from the blocks. A generation
-- says which rules made it and the last block that is in it. One is served; another may be in the making; what is left
-- of old ones is deleted in steps.
CREATE TABLE reading (
    generation BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rules INTEGER NOT NULL,
    block BIGINT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('building', 'served', 'old'))
);
CREATE UNIQUE INDEX reading_stage ON reading (stage) WHERE stage <> 'old';

-- What is listed, each item where it came to be on the ledger. Empty is what an item has not; periods stand between
-- blanks.
CREATE TABLE reading_listed (
    generation BIGINT NOT NULL,
    listing TEXT COLLATE "C" NOT NULL,
    block BIGINT NOT NULL,
    tx INTEGER NOT NULL,
    item INTEGER NOT NULL,
    part INTEGER NOT NULL,
    agreement TEXT COLLATE "C" NOT NULL,
    party TEXT COLLATE "C" NOT NULL,
    act TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (generation, listing, block, tx, item, part)
);
CREATE INDEX reading_of_agreement ON reading_listed (generation, listing, agreement, block, tx, item, part);
CREATE INDEX reading_of_party ON reading_listed (generation, listing, party, block, tx, item, part);

-- Of each version that was offered or moved: which ledger party stands for which of the terms, and the sources.
CREATE TABLE reading_document (
    generation BIGINT NOT NULL,
    agreement TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (generation, agreement, version)
);
