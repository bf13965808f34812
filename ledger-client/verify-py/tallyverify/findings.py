"""What a verifier found, and the answer that it makes of it (pack-1 section 6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LISTED = 100

# Each check: what its PASS says; is it required in the first form, in the final form?
CHECKS: dict[str, tuple[str, bool, bool]] = {
    "pack.container": ("the container has its form, and pack.json says what is there", True, True),
    "pack.trust": ("the trust file is for this ledger and has its members' authorities", True, True),
    "pack.ledger": ("the ledger id follows from the genesis block and is everywhere the same", True, True),
    "pack.trial": ("pack.json says of a trial what init says", True, True),
    "occurrence.signatures": ("each instruction is signed by the keys that its act needs", True, True),
    "occurrence.keys": ("each key record follows from the acts before it", True, True),
    "occurrence.endorsed": ("each transaction is endorsed by enough members", True, True),
    "occurrence.valid": ("each transaction's leaves are in the log", False, True),
    "occurrence.included": ("the leaves are in the tree of the checkpoint, and it meets the policy", False, True),
    "occurrence.anchor": ("the anchored root is that of the checkpoint", False, False),
    "completeness.sources": ("each source runs from 1 without a gap", True, True),
    "completeness.declared": ("each source declared each settled period as it is", True, True),
    "completeness.periods": ("settlements run from the opening period without a gap", True, True),
    "completeness.chains": ("each chain runs from 1 without a gap", False, True),
    "completeness.heads": ("enough members state where each chain ends", False, True),
    "completeness.consistent": ("the tree of the older pack is part of this one", False, False),
    "accuracy.version": ("each document is the one signed, and its checks pass", True, True),
    "accuracy.settled": ("each settlement, computed again from the signed events, is the same", True, True),
    "accuracy.verdicts": ("each instruction, decided again, has the same verdict", False, False),
    "accuracy.items": ("open items are those of the settlements", True, True),
    "accuracy.zero-sum": ("accounts balance in each settlement", True, True),
    "cutoff.booking": ("each event is booked in the right period", True, True),
    "cutoff.windows": ("each act was within its window and after its period", True, True),
    "cutoff.time": ("time never goes back, and each transaction read what the one before wrote", True, True),
    "authorization.roles": ("each act was by who holds its role", True, True),
    "authorization.governance": ("each version was accepted by all who must", True, True),
    "authorization.keys": ("each key was good, and for its purpose, when it signed", True, True),
    "authorization.registrars": ("registrar keys come from their member's admin", True, True),
}

ATTENTION: dict[str, str] = {
    "late": "events booked later than their date",
    "sealed": "sources that were sealed",
    "self-attested": "events attested by the owner of their source",
    "contradicted": "events that an attester contradicted",
    "held": "events still held",
    "keys": "changes of keys",
    "compromised": "verdicts of keys that were compromised since",
    "adjusted": "agreed adjustments",
    "disputed": "disputes",
    "refused": "refused instructions",
    "taken": "codes taken as stated",
    "not-endorsed-by-host": "acts that the party's member did not endorse",
    "claims": "missing-event claims",
    "matched": "sales that two sources report differently, or only one",
    "undone": "closes that other rules undid",
}

NOT_CHECKED_FIRST = {
    "occurrence.valid": "a block's signature does not cover validity",
    "occurrence.included": "the first form has no log",
    "occurrence.anchor": "the first form has no log",
    "completeness.chains": "that no transaction was left out",
    "completeness.heads": "the first form has no log",
    "completeness.consistent": "the first form has no log",
}

NOTHING = object()


@dataclass
class Finding:
    check: str
    result: str
    text: str
    place: str | None = None
    stated: Any = NOTHING
    computed: Any = NOTHING

    def json(self) -> dict[str, Any]:
        out = {"check": self.check, "result": self.result, "text": self.text}
        for name, value in (("place", self.place), ("stated", self.stated), ("computed", self.computed)):
            if value is not NOTHING and value is not None:
                out[name] = value
        return out


@dataclass
class Answer:
    """All findings of one pack, and what its first lines say."""

    form: str = "first"
    trial: bool = False
    members: list[str] = field(default_factory=list)
    need: int = 0
    agreement: str = ""
    ledger: str = ""
    range: str = ""
    height: int = 0
    has_trust: bool = True
    asks_log: bool = False
    later: int = 0
    goes_on: bool = False
    is_pack: bool = True
    failed: dict[str, list[Finding]] = field(default_factory=dict)
    not_checked: dict[str, str] = field(default_factory=dict)
    listed: dict[str, list[Finding]] = field(default_factory=dict)

    def fail(self, check: str, text: str, place: str | None = None, stated: Any = NOTHING, computed: Any = NOTHING) -> None:
        found = self.failed.setdefault(check, [])
        if len(found) < LISTED and not any(one.place == place and one.text == text for one in found[-8:]):
            found.append(Finding(check, "FAIL", text, place, stated, computed))

    def leave(self, check: str, reason: str) -> None:
        """A check that cannot run."""
        self.not_checked.setdefault(check, reason)

    def list(self, name: str, text: str, place: str | None = None) -> None:
        found = self.listed.setdefault("attention." + name, [])
        if len(found) < LISTED:
            found.append(Finding("attention." + name, "PASS", text, place))

    def required(self) -> list[str]:
        """The checks without which nothing is better than 2; which depends on the form of the pack, and on whether the trust file has a policy."""
        log = self.form == "final" or self.asks_log
        required = [check for check, (_, first, final) in CHECKS.items() if (final if log else first)]
        return required + (["completeness.consistent"] if self.goes_on else [])

    @property
    def exit(self) -> int:
        if not self.is_pack:
            return 2
        if self.failed:
            return 1
        return 2 if any(check in self.not_checked for check in self.required()) else 0

    @property
    def result(self) -> str:
        return ("holds", "does not hold", "could not check")[self.exit]

    def checks(self) -> list[Finding]:
        out: list[Finding] = []
        for check, (text, _, _) in CHECKS.items():
            if check in self.failed:
                out.extend(sorted(self.failed[check], key=lambda one: one.place or ""))
            elif check in self.not_checked:
                out.append(Finding(check, "NOT CHECKED", self.not_checked[check]))
            else:
                out.append(Finding(check, "PASS", text))
        for name, text in ATTENTION.items():
            check = "attention." + name
            out.extend(sorted(self.listed.get(check, []), key=lambda one: one.place or ""))
            if check not in self.listed:
                out.append(Finding(check, "PASS", "none: " + text))
        return out

    def json(self) -> dict[str, Any]:
        return {
            "checks": [one.json() for one in self.checks()],
            "exit": self.exit,
            "form": self.form,
            "result": self.result,
            "trial": self.trial,
            "trust": {"members": self.members, "need": self.need},
            "verify": "1",
        }
