"""Sources of an agreement: reports, booking, attestations, matching and declarations (ledger-1 section 6)."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .document import SALE_LIKE
from .engine import Event
from .forms import leaf_hash, merkle_root, read_date, root_by_path
from .instruction import event_leaf
from .schema import Schema
from .values import read_number, read_rational

MOST_HELD, MOST_RELEASED, MOST_PERIODS, RUN, MATCHES = 100, 500, 4, 64, 16
_EVENT = Schema("instruction-1.schema.json", "/$defs/event")

# What the types require and may have besides `type` and `date` (terms-1 section 6.2).
_MEMBERS: dict[str, tuple[set[str], set[str]]] = {
    "sale": ({"amount", "currency"}, {"quantity", "attrs"}),
    "cost": ({"amount", "currency"}, {"quantity", "attrs"}),
    "delivery": ({"amount", "currency"}, {"quantity", "attrs"}),
    "refund": ({"amount"}, {"currency", "quantity", "attrs", "refOf"}),
    "return": ({"amount"}, {"currency", "quantity", "attrs", "refOf"}),
    "usage": ({"quantity"}, {"attrs"}),
    "subscribers": ({"quantity"}, {"attrs"}),
    "mdf-claim": ({"amount"}, {"currency", "quantity", "attrs"}),
    "milestone": ({"attrs"}, set()),
    "kpi": ({"kpi", "value"}, {"attrs"}),
    "fx": ({"pair", "rate"}, set()),
    "advance": ({"amount", "attrs"}, {"currency"}),
    "capital": ({"amount", "attrs"}, {"currency"}),
}
_NEEDED_ATTRIBUTE = {"milestone": "name", "advance": "clause", "capital": "party"}


def event_fault(event: dict[str, Any]) -> str | None:
    """Is the form of an event other than its type asks for?"""
    if not _EVENT.holds(event) or read_date(event["date"]) is None:
        return "EVENT_FORM"
    required, optional = _MEMBERS[event["type"]]
    if not required <= set(event) - {"type", "date"} <= required | optional:
        return "EVENT_FORM"
    if event["type"] in ("refund", "return") and "refOf" not in event and "currency" not in event:
        return "EVENT_FORM"
    needed = _NEEDED_ATTRIBUTE.get(event["type"])
    if needed is not None and not isinstance(event["attrs"].get(needed), str):
        return "EVENT_FORM"
    if "quantity" in event and read_number(event["quantity"]) < 0:
        return "EVENT_FORM"
    return "EVENT_FORM" if event["type"] == "fx" and read_rational(event["rate"]) <= 0 else None


def number_fault(event: dict[str, Any]) -> str | None:
    for name in ("quantity", "value", "rate"):
        value = read_number(event[name]) if name in event else None
        if value is not None and 10**18 % value.denominator:
            return "too_fine"
        if value is not None and abs(value.numerator) > 10**36:
            return "too_big"
    return None


def reference_fault(event: dict[str, Any], named_id: str, named: dict[str, Any] | None, terms_currency: str) -> str | None:
    """May the event name this one (terms-1 section 6.3)?"""
    if named is None or named["type"] not in SALE_LIKE or read_date(named["date"]) > read_date(event["date"]):
        return "EVENT_REF"
    if "currency" in event and "amount" in named and event["currency"] != named.get("currency", terms_currency):
        return "EVENT_REF"
    own, other = event.get("attrs", {}), named.get("attrs", {})
    if any(name in other and (type(other[name]) is not type(value) or other[name] != value) for name, value in own.items()):
        return "EVENT_REF"
    return None


@dataclass
class Mark:
    """What is special about an event: it was held, attested or contradicted."""

    source: str
    number: int
    event: Event
    attested: set[str] = field(default_factory=set)
    contradicted: set[str] = field(default_factory=set)
    held: bool = False
    holds: set[str] = field(default_factory=set)
    held_by: str | None = None
    origin_booked: int | None = None
    booked: int | None = None


class Totals:
    """What is booked of a source in one period."""

    def __init__(self) -> None:
        self.count = 0
        self.first_run = 0
        self._sums: dict[tuple[str, str], list[Any]] = {}

    def add(self, event: Event) -> None:
        self.count += 1
        row = self._sums.setdefault((event.type, event.told or ""), [0, None, None])
        row[0] += 1
        if event.amount is not None:
            row[1] = (row[1] or 0) + event.amount
        if event.quantity is not None:
            row[2] = (row[2] or Fraction(0)) + event.quantity

    def value(self) -> list[tuple]:
        """By value: type, currency, count, amount, quantity."""
        return [(kind, currency, *row) for (kind, currency), row in sorted(self._sums.items())]


def stated_totals(totals: list[dict[str, Any]]) -> list[tuple]:
    out = []
    for one in totals:
        amount = int(one["amount"]) if "amount" in one else None
        quantity = Fraction(one["quantity"]) if "quantity" in one else None
        out.append((one["type"], one.get("currency", ""), one["count"], amount, quantity))
    return out


@dataclass
class Declaration:
    count: int
    first: int
    last: int
    sealed: bool
    held: int


class Source:
    """A gap-free numbered stream of events, and the roots of its reports."""

    def __init__(self, name: str, first_period: int) -> None:
        self.name = name
        self.open = first_period
        self.last = 0
        self.held = 0
        self.at = 0
        self.last_run = 0
        self.run_of: tuple[Any, int, int] = (None, 0, 0)  # transaction, first number, reports so far
        self._firsts = array("Q")
        self._counts = array("H")
        self._opens = array("L")
        self._roots = bytearray()
        self.totals: dict[int, Totals] = {}
        self.declared: dict[int, Declaration] = {}
        self.booked_last = 0

    def begin_report(self, first: int, count: int, root: str, o: int, transaction: Any) -> int:
        """Adds a report and returns the first number of its run."""
        self._firsts.append(first)
        self._counts.append(count)
        self._opens.append(o)
        self._roots += bytes.fromhex(root)
        run, start, reports = self.run_of
        if run != transaction or reports >= RUN:
            start, reports = first, 0
        self.run_of = transaction, start, reports + 1
        self.last_run = start
        return start

    def end_run(self) -> None:
        self.run_of = (None, 0, 0)

    def report_of(self, first: int) -> tuple[int, str, int] | None:
        """Of the report with that first number: its count, its root, and the first period that was open."""
        at = bisect_right(self._firsts, first) - 1
        if at < 0 or self._firsts[at] != first:
            return None
        return self._counts[at], self._roots[32 * at : 32 * at + 32].hex(), self._opens[at]

    def open_at(self, number: int) -> int:
        return self._opens[bisect_right(self._firsts, number) - 1]

    def total(self, period: int) -> Totals:
        return self.totals.setdefault(period, Totals())


def proves(proof: dict[str, Any], source: Source) -> bool:
    """Does the proof show that this event is the one of its id?"""
    name, digits = proof["id"].split("/")
    report, number = source.report_of(proof["first"]), int(digits)
    if name != source.name or report is None or any(len(one) != 64 for one in proof["path"]):
        return False
    count, root, _ = report
    leaf = leaf_hash(event_leaf(proof["event"]))
    found = root_by_path(leaf, number - proof["first"], count, [bytes.fromhex(one) for one in proof["path"]])
    return found is not None and found.hex() == root


def event_id(source: str, number: int) -> str:
    return f"{source}/{number:010d}"


def root_of(events: list[dict[str, Any]]) -> str:
    return merkle_root(event_leaf(event) for event in events)


def says(event: Event, compare: list[str]) -> dict[str, Any]:
    """The compared members of an event, by value (ledger-1 section 6, matching)."""
    out: dict[str, Any] = {}
    if "amount" in compare and event.amount is not None:
        out["amount"] = str(event.amount)
    if "currency" in compare and event.currency is not None:
        out["currency"] = event.currency
    if "date" in compare:
        out["date"] = event.stated["date"]
    if "quantity" in compare and event.quantity is not None:
        out["quantity"] = str(event.quantity)
    return out


class Matches:
    """What both sides said of each reference of one element of `matching`."""

    def __init__(self) -> None:
        self.waiting: dict[tuple[str, str, str], list[tuple[str, dict[str, Any]]]] = {}
        self.per_side: dict[tuple[str, str, str, str], int] = {}

    def add(self, element: dict[str, Any], source: str, event: Event, one_id: str) -> str | None:
        """Pairs the event with one of the other side that says the same, and returns that one's id."""
        reference = event.attrs[element["by"]]
        key = element["notices"], event.type, reference
        said = says(event, element.get("compare", ["amount", "currency", "quantity"]))
        waiting = self.waiting.setdefault(key, [])
        side = key + (source,)
        self.per_side[side] = self.per_side.get(side, 0) + 1
        for index, (other, other_said) in enumerate(waiting):
            if other.split("/")[0] != source and other_said == said:
                del waiting[index]
                if not waiting:
                    del self.waiting[key]
                return other
        waiting.append((one_id, said))
        return None

    def full(self, element: dict[str, Any], source: str, event: Event) -> bool:
        return self.per_side.get((element["notices"], event.type, event.attrs[element["by"]], source), 0) >= MATCHES
