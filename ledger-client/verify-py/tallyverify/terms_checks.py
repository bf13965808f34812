"""The static checks of a terms document (terms-1 section 14), and whether one amends another (18.3)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Iterator

from .currencies import EXPONENTS
from .engine import priced_alone
from .forms import depth_of, read_date, spelled
from .schema import Schema
from .values import read_amount, read_number, read_rational

EARNERS = {"fee", "unit", "split", "fixed", "kpi"}
DERIVABLE = {"fee", "unit", "fixed", "kpi"}
LISTABLE = {
    "guarantee": EARNERS,
    "reserve": EARNERS | {"guarantee", "waterfall"},
    "advance": EARNERS | {"guarantee", "waterfall", "reserve", "advance"},
    "withholding": EARNERS | {"guarantee", "advance", "waterfall", "fund", "reserve"},
}
_TERMS = Schema("urn:terms:1:terms")


def codes_of(terms: Any) -> set[str]:
    """The codes of the findings; those of the form are all FORM here, since any of them refuses the document."""
    if not isinstance(terms, dict) or terms.get("terms") != "1":
        return {"VERSION_UNKNOWN"}
    if _too_large(terms):
        return {"TOO_LARGE"}
    if not _TERMS.holds(terms):
        return {"FORM"}
    return _Checks(terms).codes()


def _rows(rate: Any) -> int:
    if not isinstance(rate, dict) or not isinstance(rate.get("table"), dict):
        return 0
    return sum(1 + _rows(one) for one in rate["table"].values())


def _too_large(terms: dict[str, Any]) -> bool:
    if len(spelled(terms)) > 192 * 1024 or depth_of(terms) > 32:
        return True
    lists = [terms.get("parties"), terms.get("clauses"), terms.get("measures")]
    if any(isinstance(one, (list, dict)) and len(one) > 500 for one in lists):
        return True
    measures = terms["measures"].values() if isinstance(terms.get("measures"), dict) else []
    for measure in measures:
        if isinstance(measure, dict):
            filters = [one for name in ("plus", "minus") for one in measure.get(name, []) if isinstance(measure.get(name, []), list)]
            if len(filters) > 100:
                return True
    clauses = terms["clauses"] if isinstance(terms.get("clauses"), list) else []
    for clause in clauses:
        if not isinstance(clause, dict):
            continue
        tables = [clause.get("tiers"), clause.get("rate"), clause.get("price")]
        tables += clause["table"] if isinstance(clause.get("table"), list) else []
        for table in tables:
            if isinstance(table, dict) and isinstance(table.get("steps"), list) and len(table["steps"]) > 200:
                return True
            if _rows(table) > 2000:
                return True
    return False


def filters_of(measure: dict[str, Any]) -> list[dict[str, Any]]:
    return measure.get("plus", []) + measure.get("minus", [])


def types_of(one: dict[str, Any]) -> list[str]:
    return one["type"] if isinstance(one.get("type"), list) else [one["type"]] if "type" in one else []


def parties_of(clause: dict[str, Any]) -> set[str]:
    """The parties that a clause pays or charges; the authority of a withholding is none of them."""
    named = {clause[name] for name in ("from", "to", "holder", "party") if name in clause}
    if "claims" in clause:
        named.add(clause["claims"]["to"])
    named.update(clause.get("shares", {}))
    named.update(clause.get("investors", []))
    if "proRata" in clause:
        named.update(clause["proRata"]["among"] + [clause["proRata"]["ifNone"]])
    if clause["type"] == "waterfall":
        for tier in clause["tiers"]:
            named.update(tier.get("shares", {}))
            if "party" in tier:
                named.add(tier["party"])
    return named


def measures_of(clause: dict[str, Any]) -> dict[str, list[str]]:
    """The measures that a clause uses, by the way in which it does."""
    out: dict[str, list[str]] = {"of": [clause["of"]] if "of" in clause else [], "tiers": [], "whole": [], "limit": []}
    if isinstance(clause.get("tiers"), dict) and "measure" in clause["tiers"]:
        out["tiers"].append(clause["tiers"]["measure"])
    for name in ("cap", "floor"):
        if isinstance(clause.get(name), dict) and "of" in clause[name]:
            out["limit"].append(clause[name]["of"])
    for name in ("perUnit", "proRata"):
        if name in clause:
            out["whole"].append(clause[name]["of"])
    if clause["type"] == "waterfall":
        out["whole"] += [tier["of"] for tier in clause["tiers"] if "of" in tier]
    return out


def rates_of(rate: Any) -> Iterator[Any]:
    """Each form in a rate, its inner tables included."""
    yield rate
    if isinstance(rate, dict) and rate["by"] == "attr":
        for one in rate["table"].values():
            yield from rates_of(one)


class _Checks:
    def __init__(self, terms: dict[str, Any]) -> None:
        self.terms = terms
        self.measures: dict[str, Any] = terms["measures"]
        self.clauses: list[dict[str, Any]] = terms["clauses"]
        self.position = {}
        for index, clause in enumerate(self.clauses):
            self.position.setdefault(clause["id"], index)
        self.parties = {party["id"] for party in terms["parties"]}
        self.found: set[str] = set()

    def say(self, holds: bool, code: str) -> None:
        if not holds:
            self.found.add(code)

    def codes(self) -> set[str]:
        self.say(self.terms["currency"] in EXPONENTS, "CURRENCY_UNKNOWN")
        self.say(len(self.parties) == len(self.terms["parties"]), "PARTY_DUP")
        payouts = self.terms["settlement"].get("minimumPayout", {})
        self.say(self.terms["hub"] in self.parties and set(payouts) <= self.parties - {self.terms["hub"]}, "PARTY_UNKNOWN")
        ids = [clause["id"] for clause in self.clauses]
        self.say(len(set(ids)) == len(ids), "CLAUSE_DUP")
        self.say("dispute" not in ids, "ID_RESERVED")
        self.say(sum(clause["type"] == "waterfall" for clause in self.clauses) <= 1, "WATERFALL_MANY")
        for measure in self.measures.values():
            self._measure(measure)
        for index, clause in enumerate(self.clauses):
            self._clause(index, clause)
        return self.found

    def _measure(self, measure: dict[str, Any]) -> None:
        of = measure.get("of", "amount")
        types = {one for each in filters_of(measure) for one in types_of(each)}
        self.say(of != "amount" or not types & {"usage", "subscribers", "milestone"}, "MEASURE_KIND")
        self.say(of != "quantity" or "milestone" not in types, "MEASURE_KIND")
        for name in measure.get("plusClauses", []) + measure.get("lessClauses", []):
            if name not in self.position:
                self.found.add("CLAUSE_UNKNOWN")
            else:
                self.say(self.clauses[self.position[name]]["type"] in DERIVABLE, "CLAUSE_KIND")

    def _clause(self, index: int, clause: dict[str, Any]) -> None:
        kind = clause["type"]
        named = parties_of(clause) | ({clause["authority"]} if kind == "withholding" else set())
        self.say(named <= self.parties, "PARTY_UNKNOWN")
        self.say("from" not in clause or clause["from"] != clause.get("to"), "SELF_PAYMENT")
        self.say(kind != "withholding" or clause["party"] != clause["authority"], "SELF_PAYMENT")
        when = clause.get("when", {})
        self.say(not ("from" in when and "to" in when) or read_date(when["from"]) < read_date(when["to"]), "WHEN_EMPTY")
        self._used_measures(index, clause)
        for name in clause.get("clauses", []):
            self._listed(index, clause, name)
        for rate in rates_of(clause.get("rate", clause.get("price"))):
            self._rate(kind, rate)
        self._numbers(clause)
        if isinstance(clause.get("tiers"), dict):
            self._tiers(clause)
        self._limits(clause)
        if kind == "split":
            shares = [read_rational(one) for one in clause["shares"].values()]
            rata = clause.get("proRata")
            shares += [read_rational(rata["share"])] if rata else []
            self.say(sum(shares) == 1, "SHARES_NOT_ONE")
            self.say(all(one >= 0 for one in shares), "SHARE_NEGATIVE")
            self.say(clause["holder"] in clause["shares"], "HOLDER_NO_SHARE")
        if kind == "kpi":
            for table in clause["table"]:
                steps = [read_rational(step["gte"]) for step in table["steps"]]
                self.say(all(a > b for a, b in zip(steps, steps[1:])), "TIER_UNREACHABLE")
            collar = clause.get("collar", {})
            self.say(len(collar) < 2 or read_rational(collar["min"]) <= read_rational(collar["max"]), "BOUNDS_EMPTY")
        if kind == "waterfall":
            self._waterfall(clause)

    def _used_measures(self, index: int, clause: dict[str, Any]) -> None:
        used, kind = measures_of(clause), clause["type"]
        every = [one for names in used.values() for one in names]
        self.say(all(one in self.measures for one in every), "MEASURE_UNKNOWN")
        alone = priced_alone(clause) or isinstance(clause.get("rate", clause.get("price")), dict)
        for name in every:
            measure = self.measures.get(name, {})
            derived = measure.get("plusClauses", []) + measure.get("lessClauses", [])
            known = [one for one in derived if one in self.position]
            later = [one for one in known if self.position[one] >= index]
            self.say(not later, "FORWARD_REFERENCE")
            bad = len(known) < len(derived) or later or any(self.clauses[self.position[one]]["type"] not in DERIVABLE for one in known)
            singly = name in used["of"] and alone or kind == "split" and name in used["whole"]
            self.say(not (derived and singly and not bad), "DERIVED_BASE")
        of = [self.measures[one].get("of", "amount") for one in used["of"] if one in self.measures]
        if kind in ("fee", "fund", "split", "kpi", "waterfall"):
            self.say(all(one == "amount" for one in of), "MEASURE_KIND")
        if kind == "unit":
            self.say(all(one != "amount" for one in of), "MEASURE_KIND")
        whole = [self.measures[one].get("of", "amount") for one in used["whole"] if one in self.measures]
        if kind == "waterfall":
            self.say(all(one == "amount" for one in whole), "MEASURE_KIND")
        if kind == "guarantee":
            self.say(all(one != "amount" for one in whole), "MEASURE_KIND")

    def _listed(self, index: int, clause: dict[str, Any], name: str) -> None:
        kind = clause["type"]
        if name not in self.position:
            self.found.add("CLAUSE_UNKNOWN")
            return
        listed, at = self.clauses[self.position[name]]["type"], self.position[name]
        if at >= index and (kind == "guarantee" or (kind == "advance" and listed == "advance")):
            self.found.add("FORWARD_REFERENCE")
        else:
            self.say(listed in LISTABLE[kind], "CLAUSE_KIND")

    def _rate(self, kind: str, rate: Any) -> None:
        if rate is None:
            return
        if isinstance(rate, str):
            value = read_rational(rate)
            self.say(value >= 0 and (kind not in ("reserve", "withholding") or value <= 1), "RATE_RANGE")
        elif rate["by"] == "date":
            days = [read_date(step["from"]) for step in rate["steps"]]
            self.say(all(a < b for a, b in zip(days, days[1:])), "TIER_UNREACHABLE")
            self.say(all(read_rational(step["rate"]) >= 0 for step in rate["steps"]), "RATE_RANGE")
        elif rate["by"] == "fact":
            self.say(read_rational(rate["before"]) >= 0 and read_rational(rate["after"]) >= 0, "RATE_RANGE")
        elif rate["by"] == "event":
            self.say(read_rational(rate["min"]) >= 0, "RATE_RANGE")
            self.say(read_rational(rate["min"]) <= read_rational(rate["max"]), "BOUNDS_EMPTY")

    def _numbers(self, clause: dict[str, Any]) -> None:
        for one in (clause.get("cap"), clause.get("floor"), clause.get("perUnit")):
            if isinstance(one, dict):
                self.say(all(read_rational(one[name]) >= 0 for name in ("rate", "price") if name in one), "RATE_RANGE")
        parts = [clause.get("recoupRate"), clause.get("claims", {}).get("reimburse")]
        self.say(all(0 <= read_rational(one) <= 1 for one in parts if one is not None), "RATE_RANGE")
        self.say("preferredRate" not in clause or read_number(clause["preferredRate"]) >= 0, "RATE_RANGE")

    def _tiers(self, clause: dict[str, Any]) -> None:
        tiers = clause["tiers"]
        limits = [read_number(step["upTo"]) if "upTo" in step else None for step in tiers["steps"]]
        self.say(limits[-1] is None, "TIER_GAP")
        self.say(None not in limits[:-1], "TIER_UNREACHABLE")
        real = [one for one in limits if one is not None]
        self.say(all(a < b for a, b in zip(real, real[1:])), "TIER_UNREACHABLE")
        self.say(all(read_rational(step["rate"]) >= 0 for step in tiers["steps"]), "RATE_RANGE")
        alone = tiers["mode"] in ("marginal", "forward", "per-event")
        self.say(not alone or tiers.get("measure", clause["of"]) == clause["of"], "TIER_MIXED_MARGINAL")

    def _limits(self, clause: dict[str, Any]) -> None:
        cap, floor, window = clause.get("cap"), clause.get("floor"), clause.get("window", "period")
        if clause["type"] in ("fee", "unit", "fund") and clause.get("per") != "event":
            self.say(cap is None or cap.get("window", "period") == window, "CAP_WINDOW")
            self.say(floor is None or window == "period", "FLOOR_WINDOW")
        if cap is None or floor is None:
            return
        if "amount" in cap and "amount" in floor:
            self.say(read_amount(cap["amount"]) >= read_amount(floor["amount"]), "CAP_BELOW_FLOOR")
        for name in ("price", "rate"):
            if name in cap and name in floor and cap.get("of") == floor.get("of"):
                self.say(read_rational(cap[name]) >= read_rational(floor[name]), "CAP_BELOW_FLOOR")

    def _waterfall(self, clause: dict[str, Any]) -> None:
        tiers = clause["tiers"]
        self.say(len({tier["id"] for tier in tiers}) == len(tiers), "CLAUSE_DUP")
        self.say(tiers[-1]["kind"] == "split", "WATERFALL_OPEN")
        self.say(all(tier["kind"] != "split" for tier in tiers[:-1]), "TIER_UNREACHABLE")
        for tier in tiers:
            if tier["kind"] == "split":
                shares = [read_rational(one) for one in tier["shares"].values()]
                self.say(sum(shares) == 1, "SHARES_NOT_ONE")
                self.say(all(one >= 0 for one in shares), "SHARE_NEGATIVE")
            if tier["kind"] == "catch-up":
                self.say(Fraction(0) <= read_rational(tier["target"]) < 1, "RATE_RANGE")


# ---- versions (18.3)


def amends(old: dict[str, Any], new: dict[str, Any], starts: int) -> bool:
    """May the new document follow the old one, from the day `starts` on?"""
    if any(old[name] != new[name] for name in ("id", "hub", "currency", "calendar")):
        return False
    if old["settlement"].get("fx") != new["settlement"].get("fx"):
        return False
    if new.get("version", 1) <= old.get("version", 1):
        return False
    if new["parties"][: len(old["parties"])] != old["parties"]:
        return False
    if any(new["measures"].get(name) != measure for name, measure in old["measures"].items()):
        return False
    olds, news = old["clauses"], new["clauses"]
    if len(news) < len(olds) or not all(_continues(a, b, starts) for a, b in zip(olds, news)):
        return False
    added = news[len(olds) :]
    names = {clause["id"] for clause in added}
    return all(_is_new(clause, old, new, names, starts) for clause in added)


def _continues(old: dict[str, Any], new: dict[str, Any], starts: int) -> bool:
    """Is it the old clause, but for an end that lies ahead, or shares in the last tier of a waterfall?"""

    def rest(clause: dict[str, Any]) -> dict[str, Any]:
        out = dict(clause)
        when = {name: day for name, day in clause.get("when", {}).items() if name != "to"}
        out.pop("when", None)
        if when:
            out["when"] = when
        if clause["type"] == "waterfall":
            out["tiers"] = [{k: v for k, v in tier.items() if k != "shares" or tier["kind"] != "split"} for tier in clause["tiers"]]
        return out

    if rest(old) != rest(new):
        return False
    before, after = old.get("when", {}).get("to"), new.get("when", {}).get("to")
    return before == after or all(one is None or read_date(one) >= starts for one in (before, after))


def _is_new(clause: dict[str, Any], old: dict[str, Any], new: dict[str, Any], names: set[str], starts: int) -> bool:
    if clause["type"] == "advance":
        return True
    begins = clause.get("when", {}).get("from")
    if begins is None or read_date(begins) < starts:
        return False
    used = measures_of(clause)
    for name in (one for each in used.values() for one in each):
        measure = new["measures"][name]
        if not set(measure.get("plusClauses", []) + measure.get("lessClauses", [])) <= names:
            return False
    taken = {one for each in old["clauses"] for one in _whole_over_windows(each, any_window=True)}
    return _whole_over_windows(clause, any_window=False) <= taken


def _whole_over_windows(clause: dict[str, Any], any_window: bool) -> set[str]:
    """The measures that a clause takes whole; only those over more than a period, unless any window counts."""
    out = set()
    for name in ("cap", "floor"):
        limit = clause.get(name)
        if isinstance(limit, dict) and "of" in limit and (any_window or clause.get("window", "period") != "period"):
            out.add(limit["of"])
    if "perUnit" in clause and (any_window or clause["window"] != "period"):
        out.add(clause["perUnit"]["of"])
    if "proRata" in clause and any_window:
        out.add(clause["proRata"]["of"])
    if clause["type"] == "waterfall":
        out |= {clause["of"]} | {tier["of"] for tier in clause["tiers"] if "of" in tier}
    return out
