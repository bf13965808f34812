-- Verdicts that settled a period: who asks for a settlement asks where its verdict stands.
CREATE INDEX verdict_of_settlement ON verdict (home) WHERE instr(answer, '"kind":"settlement"') > 0;
