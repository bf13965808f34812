-- Verdicts on keys: which keys an owner has or had stands under no key of the ledger's.
CREATE INDEX verdict_on_key ON verdict (party) WHERE instr(answer, '"kind":"key"') > 0;
