#!/usr/bin/env python3
"""The second verifier of Tallystick's audit packs, written from docs/spec alone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TextIO

from tallyverify.findings import NOTHING, Answer
from tallyverify.forms import Fault, canonical
from tallyverify.notes import MAGIC as PROOF
from tallyverify.pack import Verifier
from tallyverify.posting import verify_posting
from tallyverify.schema import NoSpecification
from tallyverify.trust import Trust

FIRST_FORM = "first form: that no transaction was left out, and that each was valid, is NOT CHECKED"
REMAINS = {
    "first": "that the endorsing members were honest about validity, and that the giver of the pack left nothing out",
    "final": "that the quorum of the trust file saw this tree and where the chains end; that the parties' own facts are true is shown by nobody",
    "posting": "that the quorum of the trust file saw this tree; that the settlement is right is not shown by this proof",
}
HELP = """\
Checks an audit pack (NAME.tallypack), or the proof of one posting (NAME.tlog-proof), offline: recomputes everything it
says, and believes nothing that it says. What is trusted is in the trust file, which you make of what you got elsewhere
(tally trust), above all the members' certificate authorities.

Each check is PASS, FAIL or NOT CHECKED with the reason; what each means is in docs/spec/pack-1.md section 6. A FAIL names
its place: the entry of the pack, then block, transaction and item, with what the pack states and what was computed.
Lines of attention.* are no faults, but what an auditor should look at. accuracy.verdicts is NOT CHECKED: this verifier has
no rules, and checks what they do by the other checks.

Example:
  python3 tally_verify.py reseller.tallypack --trust demo.tallytrust

Exit codes: 0 it holds; 1 it does not hold; 2 it could not be checked, for instance without a trust file."""
MAX_PROOF = 2**22


def read_trust(path: str | None) -> Trust | None:
    return None if path is None else Trust(Path(path).read_bytes())


def answer_of(pack: str, trust: Trust | None) -> Answer:
    """Verifies a pack, or the proof of one posting."""
    with open(pack, "rb") as source:
        if source.read(len(PROOF)) == PROOF:
            return verify_posting(PROOF + source.read(MAX_PROOF), trust)
        source.seek(0)
        return Verifier(trust).verify(source)


def lines_of(pack: str, answer: Answer) -> list[str]:
    """What is printed for a person (pack-1 section 6.1)."""
    trial = " (a trial)" if answer.trial else ""
    trusted = "NOT CHECKED"
    if answer.has_trust:
        trusted = f"{answer.need} of {len(answer.members)} members: {', '.join(answer.members)}" if answer.need else ", ".join(answer.members)
    out = [f"pack: {pack}{trial}" + (f"; {FIRST_FORM}" if answer.form == "first" else "")]
    out.append(f"agreement: {answer.agreement}, {answer.range}, to block {answer.height}")
    out += [f"ledger: {answer.ledger}", f"form: {answer.form}", f"trial: {'yes' if answer.trial else 'no'}"]
    out += [f"trust root: {trusted}", f"result: {answer.result}{trial}"]
    if answer.later:
        out.append(f"{answer.later} later leaves of the pack's chains have no transaction in it")
    for one in answer.checks():
        place = f"{one.place}: " if one.place else ""
        out.append(f"{one.result} {one.check} {place}{one.text}")
        for name, value in (("stated  ", one.stated), ("computed", one.computed)):
            if value is not NOTHING:
                out.append(f"    {name} {canonical(value).decode()}")
    return out + [f"what remains to be trusted: {REMAINS[answer.form]}"]


def verify_each(listed: str, out: TextIO) -> int:
    """A JSON answer a line for each line `PACK<TAB>TRUST` of a file (TRUST may be empty): many packs without many starts."""
    for line in Path(listed).read_text().splitlines():
        pack, _, trust = line.partition("\t")
        try:
            out.write(canonical(answer_of(pack, read_trust(trust or None)).json()).decode() + "\n")
        except Fault:
            out.write(canonical({"checks": [], "exit": 2, "result": "could not check"}).decode() + "\n")
    return 0


def failed(text: str, hint: str) -> int:
    print(f"tally_verify: error: {text}\ntally_verify: hint: {hint}", file=sys.stderr)
    return 2


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tally_verify.py", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("pack", metavar="PACK", nargs="?", help="the pack, NAME.tallypack, or a proof, NAME.tlog-proof")
    parser.add_argument("--trust", metavar="FILE", help="what you trust, NAME.tallytrust")
    parser.add_argument("--json", action="store_true", help="answer for programs, in the form of docs/spec/pack-1.md section 6.1")
    parser.add_argument("--each", metavar="LIST", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.each is not None:
        return verify_each(options.each, sys.stdout)
    if options.pack is None:
        return failed("no pack was named", "python3 tally_verify.py PACK --trust FILE, or --help")
    try:
        trust = read_trust(options.trust)
    except Fault as fault:
        return failed(f"{options.trust} is no trust file: {fault.text}", "make one with: tally trust MEMBER=CA.pem ... --ledger ID -o FILE")
    except OSError as error:
        return failed(f"cannot read {options.trust}: {error.strerror}", "name the file that tally trust wrote")
    try:
        answer = answer_of(options.pack, trust)
    except OSError as error:
        return failed(f"cannot read {options.pack}: {error.strerror}", "name the file that tally pack wrote")
    except NoSpecification as missing:
        return failed(str(missing), "keep the files *.schema.json of docs/spec in a folder spec beside the modules")
    if options.json:
        print(canonical(answer.json()).decode())
    else:
        print("\n".join(lines_of(options.pack, answer)))
    return answer.exit


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
