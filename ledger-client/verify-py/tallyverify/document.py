"""The document of an agreement: its members with their defaults, and the checks of agreement-1 section 8."""

from __future__ import annotations

from typing import Any

from .forms import day_of, read_date, sha256, spelled
from .instruction import ascending
from .periods import Calendar, add_months
from .schema import Schema
from .terms_checks import amends, filters_of, parties_of, types_of
from .engine import priced_alone
from .values import read_rational

FACTS = {"fx", "kpi", "milestone"}
SALE_LIKE = {"sale", "cost", "delivery", "usage", "subscribers", "mdf-claim"}
ONE_SOURCE = {"advance", "capital", "milestone", "kpi", "fx"}
DAYS = {"grace": 10, "close": 20, "claim": 90, "answer": 14, "dispute": 30, "decide": 60}
CLASSES = ["govern", "seat", "admit", "succeed", "terms", "extend", "appoint"]
_FORM = Schema("agreement-1.schema.json", "", frozenset({"urn:terms:1:terms"}))
FOURTEEN_HOURS = 14 * 3600


class Document:
    """One version of an agreement whose form holds, read as the rules read it."""

    def __init__(self, stated: dict[str, Any]) -> None:
        self.stated = stated
        self.hash = sha256(spelled(stated))
        self.terms: dict[str, Any] = stated["terms"]
        self.parties: dict[str, str] = stated["parties"]
        self.calendar = Calendar(self.terms["calendar"]["frequency"])
        self.roles: dict[str, Any] = stated["roles"]
        self.governance: dict[str, Any] = stated["governance"]
        self.sources = {one["id"]: one for one in self.roles["sources"]}
        self.term: dict[str, Any] = stated["term"]
        self.opening = self.calendar.read(stated["opening"])
        self.starts = self.calendar.read(stated["starts"])
        self.matching: list[dict[str, Any]] = self.roles.get("matching", [])
        self.notices = {one["notices"] for one in self.matching}

    def days(self, name: str) -> int:
        return self.stated.get("days", {}).get(name, DAYS[name])

    @property
    def hub(self) -> str:
        return self.terms["hub"]

    def person(self, name: str) -> str:
        """The ledger party of a person, which is a terms party or a ledger party."""
        return name if "/" in name else self.parties.get(name, name)

    def sides(self) -> set[str]:
        return set(self.parties.values())

    def rule(self, kind: str) -> dict[str, Any]:
        """The rule of governance of a class."""
        own = {name: one for name, one in self.governance.items() if name not in ("overrides", "movers", "breach", "successors")}
        return self.governance.get("overrides", {}).get(kind, own)

    def rules(self) -> list[dict[str, Any]]:
        return [self.rule("")] + list(self.governance.get("overrides", {}).values())

    def persons(self) -> list[str]:
        """All who are named in roles and governance, as they are named there."""
        named = [one["owner"] for one in self.roles["sources"]]
        for persons in self.roles.get("attesters", {}).values():
            named += persons
        named += self.roles.get("closers", [])
        named += [self.roles["arbiter"]] if "arbiter" in self.roles else []
        named += [one["party"] for one in self.roles.get("auditors", [])]
        for rule in self.rules():
            named += [rule["principal"]] if "principal" in rule else []
            named += [seat["party"] for seat in rule.get("seats", [])]
            named += list(rule.get("weights", {}))
        named += self.governance.get("movers", [])
        named += [one["party"] for one in self.governance.get("successors", {}).values()]
        return named

    def bound(self) -> set[str]:
        return self.sides() | {self.person(one) for one in self.persons()}

    def closers(self) -> set[str]:
        return {self.person(one) for one in self.roles.get("closers", [self.hub])}

    def movers(self) -> set[str]:
        named = self.governance.get("movers")
        return self.sides() if named is None else {self.person(one) for one in named}

    def must_accept(self) -> set[str]:
        return self.sides() | {self.person(one) for one in self.stated.get("mustAccept", [])}

    def attesters(self, source: str, event: dict[str, Any], attrs: dict[str, Any]) -> set[str]:
        """Those who must attest an event, the owner of its source not among them."""
        return self.named_attesters(source, event, attrs) - {self.owner(source)}

    def owner(self, source: str) -> str | None:
        """The ledger party that owns a source; of `arbiter` the arbiter."""
        if source == "arbiter" and "arbiter" in self.roles:
            return self.person(self.roles["arbiter"])
        named = self.sources.get(source)
        return self.parties.get(named["owner"]) if named else None

    def named_attesters(self, source: str, event: dict[str, Any], attrs: dict[str, Any]) -> set[str]:
        """Those who must attest an event; the owner of its source has attested it by reporting it."""
        kind, named = event["type"], self.roles.get("attesters", {})
        if kind in named:
            persons = list(named[kind])
        elif kind in FACTS or kind == "capital":
            persons = [self.hub]
        elif kind == "advance":
            clause = next((one for one in self.terms["clauses"] if one["id"] == attrs.get("clause")), None)
            persons = [clause["from"]] if clause else []
        else:
            persons = []
        if source == "arbiter":
            return set()
        owner = self.owner(source)
        out = {self.person(one) for one in persons}
        held = self.roles.get("held", {})
        flagged = [name for name in ("territory", "certificate") if held.get(name) == "hold" and attrs.get(f"flag-{name}") is True]
        if kind in SALE_LIKE and flagged:
            # Those of its type; where these are nobody but the owner, the hub.
            out = out if out - {owner} else out | {self.parties[self.hub]}
        for one in self.matching:
            if one["rule"] == "agree" and one["counts"] == source and kind in one["types"]:
                out = out | {self.parties[self.sources[one["notices"]]["owner"]]}
        return out

    # ---- the last day (section 4)

    def until_on(self, day: int) -> int | None:
        """`until` as renewals have moved it, seen on a day."""
        if "until" not in self.term:
            return None
        until, renewal = read_date(self.term["until"]), self.term.get("renewal")
        if renewal is None:
            return until
        k, at = 0, until
        while at <= day and k < renewal.get("times", 10**6):
            k += 1
            at = add_months(until, k * renewal["months"])
        return at

    def last_day(self, day: int, ends: int | None) -> int | None:
        """L, seen on a day; None without an end."""
        until = self.until_on(day)
        known = [one for one in (None if until is None else until - 1, ends) if one is not None]
        return min(known) if known else None


def form_codes(stated: Any) -> set[str]:
    """Stage 1."""
    if not isinstance(stated, dict) or stated.get("agreement") != "1":
        return {"agreement_version_unknown"}
    if len(spelled(stated)) > 224 * 1024:
        return {"too_large"}
    if not _FORM.holds(stated) or not _in_order(stated):
        return {"form"}
    return set()


def _in_order(stated: dict[str, Any]) -> bool:
    """What is sorted, and how many parties there are."""
    roles, governance = stated["roles"], stated["governance"]
    lists = [one["types"] for one in roles["sources"]]
    lists += [one["types"] for one in roles.get("matching", [])] + [one.get("compare", []) for one in roles.get("matching", [])]
    lists.append([one["notices"] for one in roles.get("matching", [])])
    lists.append(stated.get("mustAccept", []))
    for rule in [governance] + list(governance.get("overrides", {}).values()):
        lists.append([seat["seat"] for seat in rule.get("seats", [])])
    if stated["home"]["kind"] == "private":
        lists.append(stated["home"]["members"])
    ids = [one["id"] for one in roles["sources"]]
    for rule in [governance] + list(governance.get("overrides", {}).values()):
        for name in ("quorum", "threshold"):
            if name in rule and not 0 < read_rational(rule[name]) <= 1:
                return False
    return all(map(ascending, lists)) and len(set(ids)) == len(ids) and 2 <= len(set(stated["parties"].values())) <= 500


def meaning_codes(document: Document, agreement: str) -> set[str]:
    """Stage 3."""
    return _Meaning(document, agreement).codes()


class _Meaning:
    def __init__(self, document: Document, agreement: str) -> None:
        self.d = document
        self.agreement = agreement
        self.found: set[str] = set()

    def say(self, holds: bool, code: str) -> None:
        if not holds:
            self.found.add(code)

    def codes(self) -> set[str]:
        d = self.d
        self.say(d.stated["id"] == self.agreement, "id_wrong")
        charged = {d.hub}.union(*(parties_of(clause) for clause in d.terms["clauses"]))
        self.say(charged <= set(d.parties), "party_unbound")
        self.say(set(d.parties) <= {party["id"] for party in d.terms["parties"]}, "party_not_in_terms")
        self.say(all("/" in one or one in d.parties for one in d.persons()), "person_unknown")
        accepting = d.stated.get("mustAccept", [])
        self.say(all(one in d.bound() if "/" in one else one in d.parties for one in accepting), "person_unknown")
        self._periods()
        if d.opening is None or d.starts is None or not self._sources_in_calendar():
            return self.found
        self._sources()
        self._attesters()
        self._matching()
        self._governance()
        for one in d.roles.get("auditors", []):
            self._engagement(one)
        self.say(self._pairs() * d.stated.get("limits", {}).get("singleEvents", 1) <= 20_000, "single_events_many")
        return self.found

    def _periods(self) -> None:
        d = self.d
        self.say(d.opening is not None, "opening_wrong")
        self.say(d.starts is not None, "starts_wrong")
        begins = read_date(d.term["from"])
        if d.opening is not None:
            self.say(d.calendar.of(begins) == d.opening, "term_wrong")
            self.say(d.stated["number"] != 1 or d.starts == d.opening, "starts_wrong")
        self.say("until" not in d.term or read_date(d.term["until"]) > begins, "term_wrong")
        self.say("renewal" not in d.term or "until" in d.term, "term_wrong")

    def _sources_in_calendar(self) -> bool:
        calendar = self.d.calendar
        good = all(
            calendar.read(one["first"]) is not None and ("last" not in one or calendar.read(one["last"]) is not None)
            for one in self.d.roles["sources"]
        )
        self.say(good, "first_wrong")
        return good

    def _span(self, source: dict[str, Any]) -> tuple[int, int]:
        calendar = self.d.calendar
        return calendar.read(source["first"]), calendar.read(source["last"]) if "last" in source else 10**6

    def _sources(self) -> None:
        d = self.d
        carried: dict[str, list[tuple[int, int]]] = {}
        for source in d.roles["sources"]:
            first, last = self._span(source)
            self.say(d.opening <= first <= last, "first_wrong")
            if source["id"] not in d.notices:
                for kind in source["types"]:
                    carried.setdefault(kind, []).append((first, last))
        for kind in ONE_SOURCE:
            spans = sorted(carried.get(kind, []))
            self.say(all(a[1] < b[0] for a, b in zip(spans, spans[1:])), "source_many")
        self.say(self._needed() <= set(carried), "type_without_source")

    def _needed(self) -> set[str]:
        terms, needed = self.d.terms, set()
        for measure in terms["measures"].values():
            needed.update(one for each in filters_of(measure) for one in types_of(each))
        for clause in terms["clauses"]:
            for one in (clause.get("on"), clause.get("claims", {}).get("on")):
                needed.update(types_of(one) if one else [])
            if "factor" in clause or clause["type"] == "kpi":
                needed.add("kpi")
            if '"by":"fact"' in spelled(clause).decode():
                needed.add("milestone")
            if clause["type"] == "advance":
                needed.add("advance")
            if clause["type"] == "waterfall":
                needed.add("capital")
        if "fx" in terms["settlement"]:
            needed.add("fx")
        return needed

    def _attesters(self) -> None:
        d = self.d
        if "hold" not in d.roles.get("held", {}).values():
            return
        hub = d.parties.get(d.hub)
        for source in d.roles["sources"]:
            if source["id"] in d.notices or d.parties.get(source["owner"]) != hub:
                continue
            for kind in set(source["types"]) & SALE_LIKE:
                others = {d.person(one) for one in d.roles.get("attesters", {}).get(kind, [])} - {hub}
                self.say(bool(others), "attester_missing")

    def _matching(self) -> None:
        d = self.d
        counting = {one["counts"] for one in d.matching}
        self.say(not counting & d.notices, "matching_wrong")
        for one in d.matching:
            counts, notices = d.sources.get(one["counts"]), d.sources.get(one["notices"])
            if counts is None or notices is None:
                self.found.add("matching_wrong")
                continue
            self.say(d.parties.get(counts["owner"]) != d.parties.get(notices["owner"]), "matching_wrong")
            self.say(notices["types"] == one["types"] and set(one["types"]) <= set(counts["types"]), "matching_wrong")

    def _governance(self) -> None:
        d = self.d
        for rule in d.rules():
            seats = rule.get("seats", [])
            self.say("need" not in rule or rule["need"] <= len(seats), "governance_wrong")
            holders = [d.person(seat["party"]) for seat in seats]
            self.say(len(set(holders)) == len(holders), "governance_wrong")
            self.say(set(rule.get("weights", {})) <= set(d.parties), "governance_wrong")
        for party, one in d.governance.get("successors", {}).items():
            self.say(party in d.parties, "governance_wrong")
            self.say(d.stated["number"] > 1 or d.parties.get(party) != one["party"], "governance_wrong")

    def _engagement(self, one: dict[str, Any]) -> None:
        calendar, periods = self.d.calendar, one["periods"]
        first, last = calendar.read(periods["from"]), calendar.read(periods.get("to", periods["from"]))
        self.say(first is not None and last is not None and first <= last, "engagement_wrong")
        self.say("until" not in one or read_date(one["from"]) < read_date(one["until"]), "engagement_wrong")

    def _pairs(self) -> int:
        """Clauses that keep events one by one, each with each source of their types (section 6)."""
        terms, pairs = self.d.terms, 0
        for clause in terms["clauses"]:
            if not keeps_single(clause, terms):
                continue
            types = {kind for one in filters_of(terms["measures"][clause["of"]]) for kind in types_of(one)}
            pairs += sum(bool(types & set(source["types"])) for source in self.d.roles["sources"] if source["id"] not in self.d.notices)
        return pairs


def keeps_single(clause: dict[str, Any], terms: dict[str, Any]) -> bool:
    tiers = clause.get("tiers")
    if isinstance(tiers, dict) and tiers["mode"] == "forward":
        return True
    if clause["type"] == "split":
        return clause.get("per") == "event" and ("proRata" in clause or "fx" in terms["settlement"])
    return clause["type"] != "waterfall" and priced_alone(clause) and "fx" in terms["settlement"]


def amendment_codes(old: Document, new: Document, t: int, unsettled: int, ends: int | None, named_before: set[str]) -> set[str]:
    """Stage 4, for an amendment at a time, with the first period neither settled nor closing.

    `named_before` are the sources that an earlier version names.
    """
    found: set[str] = set()
    calendar, day = new.calendar, day_of(t)
    starts = calendar.start(new.starts)
    same_terms = spelled(old.terms) == spelled(new.terms)
    if any(old.stated[name] != new.stated[name] for name in ("id", "opening", "home")) or not set(old.parties) <= set(new.parties):
        found.add("amendment_restates")
    if not same_terms and not amends(old.terms, new.terms, starts):
        found.add("amendment_restates")
    for name, source in old.sources.items():
        other = new.sources.get(name)
        if other is None or any(source[one] != other[one] for one in ("owner", "types", "first")):
            found.add("amendment_restates")
        elif source.get("last") != other.get("last"):
            earliest = calendar.of(day_of(t + FOURTEEN_HOURS))
            before, after = source.get("last"), other.get("last")
            if before is not None and calendar.read(before) < earliest or after is not None and calendar.read(after) < earliest:
                found.add("last_wrong")
    if any(one not in new.matching for one in old.matching):
        found.add("amendment_restates")
    if any(one not in old.matching and one["notices"] in named_before for one in new.matching):
        found.add("amendment_restates")
    for name, source in new.sources.items():
        if name not in named_before and calendar.read(source["first"]) < new.starts:
            found.add("first_wrong")
    if old.term != new.term:
        last = new.last_day(day, None)
        if last is not None and last < day:
            found.add("term_wrong")
    if (not same_terms and starts < day + 2) or new.starts < unsettled:
        found.add("starts_too_soon")
    return found


def classes_of(old: Document, new: Document) -> list[str]:
    """The classes of change that apply, in their order (section 7.1)."""

    def seatless(value: Any) -> Any:
        if isinstance(value, list):
            return [seatless(one) for one in value]
        if isinstance(value, dict):
            return {name: seatless(one) for name, one in value.items() if not ("seat" in value and name in ("party", "holder"))}
        return value

    found = []
    if seatless(old.governance) != seatless(new.governance):
        found.append("govern")
    elif old.governance != new.governance:
        found.append("seat")
    if set(new.parties) - set(old.parties):
        found.append("admit")
    if any(new.parties.get(party, one) != one for party, one in old.parties.items()):
        found.append("succeed")
    if old.terms != new.terms:
        found.append("terms")
    if old.term != new.term:
        found.append("extend")
    rest = {"number", "supersedes", "starts", "governance", "parties", "terms", "term"}
    others = {name for name in set(old.stated) | set(new.stated) if old.stated.get(name) != new.stated.get(name)} - rest
    if others or not found:
        found.append("appoint")
    return found


def entering(old: Document, new: Document) -> set[str]:
    """The ledger parties that are newly bound to a terms party."""
    return {party for name, party in new.parties.items() if old.parties.get(name) != party}
