#!/usr/bin/env python3
"""Settles drawn cases, and compares with what another engine made of them: a line `{"case", "settled"}` each.

Prints what differs, and how many were compared; exit 0 if none differs. What differs is kept in KEPT, if that is named.
Usage: settle_cases.py FILE [KEPT]
"""

import json
import sys

import _path  # noqa: F401
from tallyverify.engine import Engine, Refused, event_of, line_order
from tallyverify.periods import Calendar
from tallyverify.terms_checks import codes_of


def settle(case):
    """The statements up to the first refusal; None for it and what follows."""
    terms, calendar = case["terms"], Calendar(case["terms"]["calendar"]["frequency"])
    engine = Engine(calendar.frequency, calendar.read(case["settlements"][0]["period"]), terms["currency"])
    engine.under(terms)
    by_id = {event["id"]: event for event in case["events"]}
    for stated in case["events"]:
        event = event_of(stated["id"], stated, by_id.get(stated.get("refOf")), terms["currency"])
        engine.book(event, calendar.read(stated["booked"]) if "booked" in stated else calendar.of(event.date))
    for settlement in case["settlements"]:
        try:
            settled = engine.settle()
        except Refused as refused:
            yield refused.codes
            return
        yield {"balances": settled.balances, "lines": settled.lines, "payments": settled.payments, "period": settlement["period"]}


def faults_of_events(codes):
    """Codes of events at fault by themselves: a ledger refuses these events, and no pack has them."""
    return any(code.startswith("EVENT_") for code in codes)


def difference(line):
    case, expected = line["case"], line["settled"]
    if codes_of(case["terms"]):
        return None if not expected else f"valid terms are refused: {codes_of(case['terms'])}"
    if any("codes" in one and faults_of_events(one["codes"]) for one in expected) or not expected:
        return None
    for said, found in zip(expected, settle(case)):
        if "codes" in said:
            # Of several codes an engine need not find all (terms-1 section 16), so two may say another one.
            return f"{said['period']}: refused with {said['codes']}, here settled" if isinstance(found, dict) else None
        if isinstance(found, list):
            return f"{said['period']}: refused here with {found}"
        said = dict(said, lines=sorted(said["lines"], key=line_order))
        said.setdefault("balances", {})
        if said != found:
            return f"{said['period']}:\n  expected {json.dumps(said)}\n  here     {json.dumps(found)}"
    return None


def main():
    count = different = 0
    with open(sys.argv[1]) as lines:
        for line in lines:
            one = json.loads(line)
            count += 1
            found = difference(one)
            if found:
                different += 1
                if len(sys.argv) > 2:
                    with open(sys.argv[2], "a") as kept:
                        kept.write(line)
                if different <= 5:
                    print(f"case {count - 1}: {found}\n  terms {json.dumps(one['case']['terms'])}")
    print(f"{count} cases compared, {different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
