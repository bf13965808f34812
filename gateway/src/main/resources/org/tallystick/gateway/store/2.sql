-- Verdicts that settled a period, and verdicts on claims: what is asked for by agreement and stands under no key.
CREATE INDEX verdict_of_settlement ON verdict (home) WHERE instr(answer, '"kind":"settlement"') > 0;
CREATE INDEX verdict_on_claim ON verdict (home) WHERE instr(answer, '"kind":"claim"') > 0;
