"""Ballots and votes: who may vote, and whether a motion has what its rules ask for (agreement-1 section 7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .document import Document, classes_of, entering
from .forms import DAY, spelled
from .values import read_rational

HOUR = 3600


@dataclass
class Vote:
    choice: str
    by: str
    holder: str | None
    at: int


@dataclass
class Ballot:
    classes: list[str]
    rule: dict[str, Any]
    deadline: int
    snapshot: list[str]
    votes: dict[str, Vote] = field(default_factory=dict)
    decided: int | None = None


@dataclass
class Motion:
    hash: str
    by: str
    moved: int
    expires: int
    under: Document
    ballots: list[Ballot]
    document: Document | None = None
    decision: dict[str, Any] | None = None
    ended: bool = False


def constituents(rule: dict[str, Any], document: Document) -> list[str]:
    kind = rule["kind"]
    if kind == "unanimous":
        return sorted(document.parties)
    if kind == "principal":
        return ["principal"]
    if kind == "board":
        return [seat["seat"] for seat in rule["seats"]]
    return sorted(rule["weights"]) if kind == "weighted" else [rule["party"]]


def succession(old: Document, new: Document) -> dict[str, dict[str, Any]] | None:
    """The terms parties that are succeeded as agreed in advance, if the amendment does nothing else."""
    if classes_of(old, new) != ["succeed"]:
        return None
    changed = {name for name, party in old.parties.items() if new.parties[name] != party}
    agreed = old.governance.get("successors", {})
    if not all(name in agreed and agreed[name]["party"] == new.parties[name] for name in changed):
        return None
    return {name: agreed[name] for name in changed}


def ballots_of(under: Document, classes: list[str], moved: int, expires: int, agreed: dict[str, dict[str, Any]] | None) -> list[Ballot]:
    """Classes with the same rule have one ballot together."""
    if agreed:
        rules = [({"kind": "objection", "days": one["days"], "party": name}, ["succeed"]) for name, one in sorted(agreed.items())]
    else:
        by_rule: dict[bytes, tuple[dict[str, Any], list[str]]] = {}
        for one in classes:
            rule = under.rule(one)
            by_rule.setdefault(spelled(dict(sorted(rule.items()))), (rule, []))[1].append(one)
        rules = list(by_rule.values())
    out = []
    for rule, named in rules:
        days = rule["days"] if rule["kind"] == "objection" else rule.get("voteDays", 30)
        out.append(Ballot(named, rule, min(moved + days * DAY, expires), constituents(rule, under)))
    return out


def latest_expiry(ballots: list[Ballot], moved: int) -> int:
    """The last deadline, with its lock or notice, and 30 days more; the deadlines are not cut by what is stated."""
    latest = moved
    for ballot in ballots:
        days = ballot.rule["days"] if ballot.rule["kind"] == "objection" else ballot.rule.get("voteDays", 30)
        latest = max(latest, moved + days * DAY + lock_of(ballot.rule))
    return latest + 30 * DAY


def lock_of(rule: dict[str, Any]) -> int:
    return rule.get("lockHours", 0) * HOUR + rule.get("noticeDays", 0) * DAY


def _holder_now(ballot: Ballot, newest: Document) -> dict[str, tuple[str, str | None]]:
    """Who may vote for each constituent by the newest version: the ledger party, and the holder if one is named."""
    rule = ballot.rule
    if rule["kind"] == "objection":
        return {rule["party"]: (newest.parties[rule["party"]], None)} if rule["party"] in newest.parties else {}
    now = newest.rule(ballot.classes[0])
    if now["kind"] != rule["kind"]:
        return {}
    if rule["kind"] == "principal":
        return {"principal": (newest.person(now["principal"]), None)}
    if rule["kind"] == "board":
        return {seat["seat"]: (newest.person(seat["party"]), seat.get("holder")) for seat in now["seats"]}
    names = newest.parties if rule["kind"] == "unanimous" else now["weights"]
    return {name: (newest.parties[name], None) for name in names if name in newest.parties}


def voters(ballot: Ballot, newest: Document) -> dict[str, tuple[str, str | None]]:
    """The constituents of the snapshot that still have a vote, with who casts it."""
    return {name: one for name, one in _holder_now(ballot, newest).items() if name in ballot.snapshot}


def may_vote(ballot: Ballot, newest: Document, party: str, holder: str | None) -> list[str]:
    """The constituents that the party votes for; a seat with a holder takes votes by keys of that holder only."""
    return sorted(name for name, (who, needed) in voters(ballot, newest).items() if who == party and needed in (None, holder))


def same_holder(ballot: Ballot, seats: list[str], party: str, holder: str | None) -> bool:
    """Has the same person a vote on another seat of the board?"""
    if ballot.rule["kind"] != "board":
        return False
    for seat, vote in ballot.votes.items():
        if seat in seats:
            continue
        one_person = holder is not None and vote.holder == holder and vote.by.split("/")[0] == party.split("/")[0]
        if vote.by == party or one_person:
            return True
    return False


def tally(ballot: Ballot, newest: Document) -> dict[str, list[str]]:
    """The constituents by their choice, of those that still have a vote."""
    out: dict[str, list[str]] = {"yes": [], "no": [], "abstain": []}
    still = voters(ballot, newest)
    for name, vote in ballot.votes.items():
        if name in still:
            out[vote.choice].append(name)
    return out


def has_votes(ballot: Ballot, newest: Document, t: int) -> bool:
    """Does the ballot have what its rule asks for, whenever that counts?"""
    rule, votes = ballot.rule, tally(ballot, newest)
    if rule["kind"] == "unanimous":
        return set(votes["yes"]) == set(ballot.snapshot)
    if rule["kind"] == "principal":
        return votes["yes"] == ["principal"]
    if rule["kind"] == "board":
        return len(votes["yes"]) >= rule["need"]
    if rule["kind"] == "objection":
        return bool(votes["yes"]) or (not votes["no"] and t >= ballot.deadline)
    weights = rule["weights"]
    yes, no, abstain = (sum(weights[name] for name in votes[choice]) for choice in ("yes", "no", "abstain"))
    quorum, threshold = read_rational(rule["quorum"]), read_rational(rule["threshold"])
    return (
        t >= ballot.deadline
        and Fraction(yes + no + abstain) >= quorum * sum(weights.values())
        and yes > 0
        and Fraction(yes) >= threshold * (yes + no)
    )


def note_decision(ballot: Ballot, newest: Document, t: int) -> None:
    """Keeps when a ballot first had its votes; weighted ones are decided at their deadline."""
    if ballot.decided is None and ballot.rule["kind"] != "weighted" and t < ballot.deadline and has_votes(ballot, newest, t):
        ballot.decided = t


def not_carried(motion: Motion, newest: Document, t: int) -> str | None:
    """The code of what the motion lacks to be carried out, but for acceptances."""
    for ballot in motion.ballots:
        if not has_votes(ballot, newest, t):
            return "not_carried"
        decided = ballot.deadline if ballot.decided is None else ballot.decided
        if ballot.decided is None and ballot.rule["kind"] not in ("weighted", "objection"):
            return "not_carried"
        if t < decided + lock_of(ballot.rule):
            return "notice_running" if ballot.rule["kind"] == "principal" else "lock_running"
    return None if t < motion.expires else "motion_ended"


def must_enter(motion: Motion) -> set[str]:
    return entering(motion.under, motion.document) if motion.document is not None else set()
