-- db/sqlite has the same under the same names: what is changed here is changed there.

-- The stream: verdicts, and the last steps of closes, in the order of the ledger.
CREATE INDEX verdict_at ON verdict (block, tx, item);
CREATE INDEX story_step_at ON story (block, tx, item) WHERE act = 'step';
