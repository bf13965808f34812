-- The story of each agreement: who signed what, in the order of the ledger. Blocks that were followed before are read again.
CREATE TABLE story (
  agreement TEXT NOT NULL,
  block INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  item INTEGER NOT NULL,
  act TEXT NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (agreement, block, tx, item)
) WITHOUT ROWID;
UPDATE ledger SET block = -1;
