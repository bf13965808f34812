"""The examples of docs/spec: cases of terms/1 with their text and hash, and signed instructions."""

import json
import unittest
from pathlib import Path

import _path  # noqa: F401
from tallyverify.engine import Engine, event_of, line_order
from tallyverify.forms import Fault, canonical, seconds, sha256
from tallyverify.instruction import read_instruction
from tallyverify.periods import Calendar
from tallyverify.registry import Registry
from tallyverify.terms_checks import codes_of
from tallyverify.text import rendered

SPEC = Path(__file__).resolve().parents[3] / "docs" / "spec"
# Answers of steps 2, 3, 6 and 7, which need the state of a ledger and are asked elsewhere.
OF_THE_LEDGER = {"wrong_ledger", "expired", "not_yet_valid", "id_reused", "version_wrong"}


def cases():
    return sorted((SPEC / "examples").glob("*.json"))


class Terms(unittest.TestCase):
    def test_each_case_settles_as_it_expects(self):
        for path in cases():
            case = json.loads(path.read_text())
            terms, calendar = case["terms"], Calendar(case["terms"]["calendar"]["frequency"])
            engine = Engine(calendar.frequency, calendar.read(case["settlements"][0]["period"]), terms["currency"])
            engine.under(terms)
            by_id = {event["id"]: event for event in case["events"]}
            for stated in case["events"]:
                event = event_of(stated["id"], stated, by_id.get(stated.get("refOf")), terms["currency"])
                engine.book(event, calendar.read(stated["booked"]) if "booked" in stated else calendar.of(event.date))
            for settlement in case["settlements"]:
                with self.subTest(path.name, period=settlement["period"]):
                    settled = engine.settle()

                    expected = settlement["expected"]
                    self.assertEqual(sorted(expected["lines"], key=line_order), settled.lines)
                    self.assertEqual(expected["payments"], settled.payments)
                    self.assertEqual(expected.get("balances", {}), settled.balances)

    def test_each_text_is_rendered_byte_for_byte(self):
        for path in cases():
            with self.subTest(path.name):
                self.assertEqual(path.with_suffix(".txt").read_text(), rendered(json.loads(path.read_text())["terms"]))

    def test_each_terms_hash_is_that_of_the_text(self):
        text = (SPEC / "terms-1.md").read_text()
        for path in cases():
            with self.subTest(path.name):
                terms = json.loads(path.read_text())["terms"]

                self.assertEqual(set(), codes_of(terms))
                self.assertIn(f"| {path.name} | `{sha256(canonical(terms))}` |", text)


class Instructions(unittest.TestCase):
    def test_each_instruction_is_decided_as_it_expects(self):
        seen = 0
        for path in sorted((SPEC / "examples-instruction").glob("*/*.json")):
            case = json.loads(path.read_text())
            if case["expect"] in OF_THE_LEDGER:
                continue
            seen += 1
            with self.subTest(path.name):
                self.assertEqual(case["expect"], self.decide(case))
        self.assertGreater(seen, 130)

    @staticmethod
    def decide(case):
        try:
            one = read_instruction(case["envelope"].encode())
        except Fault as fault:
            return fault.code
        registry, codes = Registry(), []
        registry.keys = case["keys"]
        for party, named in case["state"].get("recovery", {}).items():
            recovery = {name: named[name] for name in ("parties", "threshold")}
            registry.parties[party] = {"recovery": recovery, "replaced": named.get("replaced", [])}
        registry.check(one, seconds(case["time"]), lambda code, _: codes.append(code), applied=True)
        return codes[0] if codes else "ok"


if __name__ == "__main__":
    unittest.main()
