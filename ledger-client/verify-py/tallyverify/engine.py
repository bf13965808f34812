"""The engine of terms/1: settles period after period with exact rationals (terms-1 sections 6 to 13).

Events are folded when they are known: those that nothing in the terms can tell apart are one row with their sums. Only
where a clause prices events one by one are they kept alone. What is computed of a period is kept until something that is
dated before the settled period is booked, or the terms change.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Callable, Iterable

from .periods import Calendar, add_months
from .currencies import EXPONENTS
from .forms import read_date
from .values import largest_remainder, read_amount, read_number, read_rational, rounded, shown

MEASURED = {"sale", "refund", "cost", "delivery", "return", "usage", "subscribers", "mdf-claim", "milestone"}
ACCRUALS = ("fee", "unit", "split", "fixed", "kpi")


class Refused(Exception):
    """No statement can be made; the argument is the set of codes (terms-1 section 16)."""

    def __init__(self, *codes: str) -> None:
        super().__init__(*codes)
        self.codes = sorted(set(codes))


@dataclass(frozen=True, slots=True)
class Event:
    """A known event with what it has from its origin already filled in (terms-1 section 6.3)."""

    id: str
    type: str
    date: int
    origin: int
    amount: int | None
    currency: str | None
    quantity: Fraction | None
    attrs: dict[str, Any]
    ref: str | None
    stated: dict[str, Any]
    told: str | None  # the currency that it or its origin states, if any


def event_of(event_id: str, stated: dict[str, Any], named: dict[str, Any] | None, currency: str) -> Event:
    """Makes an event of what was stated, and of the one that its `refOf` names; both have the form of section 6.

    The currency is that of the terms, for an amount that has none.
    """
    day = read_date(stated["date"])
    attrs, stated_currency, origin = stated.get("attrs", {}), stated.get("currency"), day
    if named is not None:
        attrs = {**named.get("attrs", {}), **attrs}
        origin = read_date(named["date"])
        stated_currency = stated_currency or named.get("currency")
    amount = read_amount(stated["amount"]) if "amount" in stated else None
    return Event(
        event_id,
        stated["type"],
        day,
        origin,
        amount,
        None if amount is None else stated_currency or currency,
        read_number(stated["quantity"]) if "quantity" in stated else None,
        attrs,
        stated.get("refOf"),
        stated,
        stated_currency,
    )


class Row:
    """Events that the terms cannot tell apart, with their sums; or one event that a clause prices alone."""

    __slots__ = ("type", "date", "origin", "currency", "attrs", "has_quantity", "count", "amount", "quantity", "id", "ref")

    def __init__(self, event: Event, attrs: dict[str, Any], alone: bool) -> None:
        self.type = event.type
        self.date = event.date
        self.origin = event.origin
        self.currency = event.currency
        self.attrs = attrs
        self.has_quantity = event.quantity is not None
        self.count = 0
        self.amount = 0
        self.quantity = Fraction(0)
        self.id = event.id if alone else ""
        self.ref = event.ref if alone else None

    def add(self, count: int, amount: int, quantity: Fraction) -> None:
        self.count += count
        self.amount += amount
        self.quantity += quantity


def attributes_of(terms: dict[str, Any]) -> set[str]:
    """The attributes that the terms look at."""
    seen: set[str] = set()

    def look(value: Any) -> None:
        if isinstance(value, list):
            for one in value:
                look(one)
        if not isinstance(value, dict):
            return
        if isinstance(value.get("attrs"), dict):
            seen.update(value["attrs"])
        for days in value.get("days", []) if isinstance(value.get("days"), list) else []:
            seen.update((days["from"], days["to"]))
        for months in value.get("monthsBefore", []) if isinstance(value.get("monthsBefore"), list) else []:
            seen.add(months["since"])
        if isinstance(value.get("attr"), str):
            seen.add(value["attr"])
        if isinstance(value.get("proRata"), dict):
            seen.add(value["proRata"]["by"])
        for one in value.values():
            look(one)

    look(terms["measures"])
    look(terms["clauses"])
    return seen - {"date", "saleDate"}


def priced_alone(clause: dict[str, Any]) -> bool:
    """Does the clause ask for events one by one?"""
    tiers = clause.get("tiers")  # of a waterfall these are a list, and something else
    return clause.get("per") == "event" or (isinstance(tiers, dict) and tiers["mode"] in ("forward", "per-event", "lookback"))


# ---- filters (7.2)


def _day(name: str, row: Row) -> int | None:
    if name == "date":
        return row.date
    return row.origin if name == "saleDate" else read_date(row.attrs.get(name))


def _same(value: Any, wanted: Any) -> bool:
    return type(value) is type(wanted) and value == wanted


def _bounded(value: Any, bound: dict[str, Any]) -> bool:
    """Both sides are numbers, or both are dates."""
    for name, one in bound.items():
        as_number = not isinstance(value, bool) and read_number(value), read_number(one)
        as_date = read_date(value), read_date(one)
        if None not in as_number and as_number[0] is not False:
            left, right = as_number
        elif None not in as_date:
            left, right = as_date
        else:
            return False
        if not (left >= right if name == "gte" else left < right):
            return False
    return True


def _condition(attrs: dict[str, Any], name: str, wanted: Any) -> bool:
    if name not in attrs:
        return False
    value = attrs[name]
    if isinstance(wanted, dict):
        return _bounded(value, wanted)
    return any(_same(value, one) for one in wanted) if isinstance(wanted, list) else _same(value, wanted)


def matches(one: dict[str, Any], row: Row) -> bool:
    types = one.get("type")
    if types is not None and row.type not in (types if isinstance(types, list) else (types,)):
        return False
    for name, wanted in one.get("attrs", {}).items():
        if not _condition(row.attrs, name, wanted):
            return False
    for days in one.get("days", ()):
        start, end = _day(days["from"], row), _day(days["to"], row)
        if start is None or end is None or not 0 <= end - start <= days["max"]:
            return False
    for months in one.get("monthsBefore", ()):
        since = _day(months["since"], row)
        if since is None or not since <= row.origin < add_months(since, months["months"]):
            return False
    return True


def within(when: dict[str, Any] | None, day: int) -> bool:
    if not when:
        return True
    return ("from" not in when or read_date(when["from"]) <= day) and ("to" not in when or day < read_date(when["to"]))


# ---- tiers (10)


def tier_rate(steps: list[tuple[Fraction | None, Fraction]], x: Fraction | int) -> Fraction:
    for up_to, rate in steps:
        if up_to is None or x <= up_to:
            return rate
    return steps[-1][1]


def tier_sum(steps: list[tuple[Fraction | None, Fraction]], x: Fraction | int) -> Fraction:
    if x < 0:
        return -tier_sum(steps, -x)
    total, lower = Fraction(0), Fraction(0)
    for up_to, rate in steps:
        upper = x if up_to is None else min(Fraction(x), up_to)
        total += rate * max(Fraction(0), upper - lower)
        if up_to is None or x <= up_to:
            break
        lower = up_to
    return total


@dataclass
class Facts:
    """Recorded values, each in event order: (date, id, value)."""

    figures: dict[tuple[str, int], list[tuple[int, str, Fraction]]] = field(default_factory=dict)
    milestones: dict[str, int] = field(default_factory=dict)
    fixings: dict[str, list[tuple[int, str, Fraction]]] = field(default_factory=dict)


@dataclass
class Settled:
    """A statement (13.3)."""

    period: int
    lines: list[dict[str, Any]]
    payments: dict[str, Any]
    balances: dict[str, dict[str, Any]]


def line_order(line: dict[str, Any]) -> tuple:
    return (line["clause"], line.get("adjusts", ""), line["from"], line["to"], line.get("kind", ""), int(line["amount"]))


class Engine:
    """Settles one agreement. Events are booked before their period is settled; a settled period is never changed."""

    def __init__(self, frequency: str, opening: int, currency: str) -> None:
        self.calendar = Calendar(frequency)
        self.first = opening
        self.settled = opening - 1
        self.currency = currency
        self.terms: dict[str, Any] = {}
        self._attributes: set[str] = set()
        self._alone_types: set[str] = set()
        # By the period in whose settlement they are known: single events that are asked for, and all others folded.
        self._waiting: dict[int, list[Event]] = {}
        self._staged: dict[int, dict[tuple, Row]] = {}
        self._claimed_types: set[str] = set()
        self._faults: dict[int, set[str]] = {}
        self._rows: dict[int, dict[tuple, Row]] = {}
        self._alone: dict[int, list[Row]] = {}
        self._facts = Facts()
        self._known: dict[Any, Any] = {}
        self._posted: dict[tuple[str, int], dict[tuple[str, str], int]] = {}
        # What is carried from settlement to settlement.
        self._carried: dict[str, int] = {}
        self._advances: dict[str, int] = {}
        self._funds: dict[str, int] = {}
        self._holds: dict[str, dict[int, int]] = {}
        self._disputed: dict[str, int] = {}
        self._suspended: set[str] = set()
        self._capital: dict[str, int] = {}
        self._due: dict[str, Fraction] = {}
        self._tier_paid: dict[str, int] = {}
        self._preferred_paid = 0
        self._used = 0

    # ---- what is known

    def under(self, terms: dict[str, Any]) -> None:
        """From the next event and settlement on these terms are in force. What they look at includes what the old ones did."""
        if terms == self.terms:
            return
        self.terms = terms
        self._known.clear()
        self.looks_at(terms)
        self._order = {party["id"]: index for index, party in enumerate(terms["parties"])}
        self._clauses = {clause["id"]: clause for clause in terms["clauses"]}
        self._index = {clause["id"]: index for index, clause in enumerate(terms["clauses"])}
        self._steps = {
            clause["id"]: [(read_number(step["upTo"]) if "upTo" in step else None, read_rational(step["rate"])) for step in clause["tiers"]["steps"]]
            for clause in terms["clauses"]
            if isinstance(clause.get("tiers"), dict)
        }

    def looks_at(self, terms: dict[str, Any]) -> None:
        """Keeps, of what is booked from now on, what these terms will look at."""
        self._attributes |= attributes_of(terms)
        for clause in terms["clauses"]:
            if clause["type"] == "fund":
                on = clause["claims"]["on"]["type"]
                self._claimed_types.update(on if isinstance(on, list) else [on])
            if priced_alone(clause):
                measure = terms["measures"][clause["of"]]
                for one in measure.get("plus", []) + measure.get("minus", []):
                    self._alone_types.update(one["type"] if isinstance(one["type"], list) else [one["type"]])

    def book(self, event: Event, booked: int) -> None:
        """Adds an event to the period in whose settlement it is first known."""
        if event.type in MEASURED:
            event = self._thin(event)
            self._stage(event, booked)
        if event.type not in MEASURED or event.type == "milestone" or event.type in self._claimed_types:
            self._waiting.setdefault(booked, []).append(event)

    def fault(self, code: str, booked: int) -> None:
        """An event that is at fault by itself: the period in which it is booked cannot be settled (terms-1 section 16)."""
        self._faults.setdefault(booked, set()).add(code)

    def _thin(self, event: Event) -> Event:
        """Drops what the terms do not look at, so that a long wait costs little."""
        attrs = {name: value for name, value in event.attrs.items() if name in self._attributes or (name == "name" and event.type == "milestone")}
        return Event(event.id, event.type, event.date, event.origin, event.amount, event.currency, event.quantity, attrs, event.ref, {}, None)

    def _stage(self, event: Event, booked: int) -> None:
        rows = self._staged.setdefault(booked, {})
        key = (event.type, event.date, event.origin, event.currency, event.quantity is None) + tuple(
            sorted((name, type(value).__name__, value) for name, value in event.attrs.items())
        )
        if key not in rows:
            rows[key] = Row(event, event.attrs, alone=False)
        rows[key].add(1, event.amount or 0, event.quantity or Fraction(0))
        if event.type in self._alone_types:
            alone = rows[(event.id,)] = Row(event, rows[key].attrs, alone=True)
            alone.add(1, event.amount or 0, event.quantity or Fraction(0))

    def _learn(self, period: int) -> list[Event]:
        """Makes what is booked in the period known, and returns the single events of it in event order."""
        # A fixing may be of before the opening period.
        for booked in [one for one in self._staged if one <= period]:
            for key, staged in self._staged.pop(booked).items():
                self._merge(key, staged, period)
        known = [one for one in self._waiting if one <= period]
        events = sorted((event for one in known for event in self._waiting.pop(one)), key=lambda event: (event.date, event.id))
        for event in events:
            if self.calendar.of(event.date) < period:
                self._known.clear()
            self._learn_fact(event)
        return events

    def _merge(self, key: tuple, staged: Row, period: int) -> None:
        dated = self.calendar.of(staged.date)
        if dated < period:
            self._known.clear()
        if staged.id:
            self._alone.setdefault(dated, []).append(staged)
            return
        row = self._rows.setdefault(dated, {}).setdefault(key, staged)
        if row is not staged:
            row.add(staged.count, staged.amount, staged.quantity)

    def _learn_fact(self, event: Event) -> None:
        if event.type == "kpi":
            figures = self._facts.figures.setdefault((event.stated["kpi"], self.calendar.of(event.date)), [])
            insort(figures, (event.date, event.id, read_number(event.stated["value"])))
        elif event.type == "fx":
            insort(self._facts.fixings.setdefault(event.stated["pair"], []), (event.date, event.id, read_rational(event.stated["rate"])))
        elif event.type == "milestone":
            name = event.attrs["name"]
            self._facts.milestones[name] = min(event.date, self._facts.milestones.get(name, event.date))

    def _remember(self, key: Any, compute: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = compute()
        return self._known[key]

    # ---- measures (7) and fixings (8)

    def _sign(self, measure: dict[str, Any], row: Row) -> int:
        if any(matches(one, row) for one in measure.get("plus", ())):
            return 1
        return -1 if any(matches(one, row) for one in measure.get("minus", ())) else 0

    def _selected(self, clause: dict[str, Any] | None, measure_id: str, rows: Iterable[Row]) -> list[tuple[int, Row]]:
        measure, out = self.terms["measures"][measure_id], []
        for row in rows:
            sign = self._sign(measure, row)
            if not sign:
                continue
            if clause is not None and not (within(clause.get("when"), row.origin) and matches(clause.get("where", {}), row)):
                continue
            out.append((sign, row))
        return out

    def _sel(self, clause: dict[str, Any] | None, measure_id: str, period: int) -> list[tuple[int, Row]]:
        key = ("sel", clause["id"] if clause else None, measure_id, period)
        return self._remember(key, lambda: self._selected(clause, measure_id, self._rows.get(period, {}).values()))

    def _alone_in(self, clause: dict[str, Any], period: int) -> list[tuple[int, Row]]:
        """The events of a clause that prices them one by one, in event order."""
        rows = sorted(self._alone.get(period, []), key=lambda row: (row.date, row.id))
        return self._selected(clause, clause["of"], rows)

    def _fixing(self, row: Row) -> Fraction:
        if row.currency is None or row.currency == self.currency:
            return Fraction(1)
        fx = self.terms["settlement"].get("fx")
        if fx is None:
            raise Refused("FX_MISSING")
        day = row.origin if fx["refunds"] == "original" else row.date
        if fx["fixing"] == "period-end":
            period = self.calendar.of(day)
            first, after = self.calendar.start(period), self.calendar.end(period)
        else:
            first, after = day - 7, day + 1
        found = [one for one in self._facts.fixings.get(f"{row.currency}/{self.currency}", ()) if first <= one[0] < after]
        if not found:
            raise Refused("FX_MISSING")
        return found[-1][2] * Fraction(10) ** (EXPONENTS[self.currency] - EXPONENTS[row.currency])

    def _val(self, measure_id: str, selected: Iterable[tuple[int, Row]]) -> Fraction | int:
        of = self.terms["measures"][measure_id].get("of", "amount")
        if of == "count":
            return sum(sign * row.count for sign, row in selected)
        if of == "quantity":
            total = Fraction(0)
            for sign, row in selected:
                if not row.has_quantity:
                    raise Refused("FIGURE_MISSING")
                total += sign * row.quantity
            return total
        groups: dict[tuple[str | None, Fraction], int] = {}
        for sign, row in selected:
            group = row.currency, self._fixing(row)
            groups[group] = groups.get(group, 0) + sign * row.amount
        return sum(rounded(rate * total) for (_, rate), total in groups.items())

    def _der(self, measure_id: str, period: int) -> int:
        measure = self.terms["measures"][measure_id]
        added = sum(self._accrual_to(self._clauses[one], period) for one in measure.get("plusClauses", ()))
        return added - sum(self._accrual_to(self._clauses[one], period) for one in measure.get("lessClauses", ()))

    def _accrual_to(self, clause: dict[str, Any], period: int) -> int:
        """A(k,q) of a clause with one from and one to."""
        return self._accrual(clause, period).get((clause["from"], clause["to"]), 0)

    def _tot(self, clause: dict[str, Any] | None, measure_id: str, period: int) -> Fraction | int:
        if not self.first <= period:
            return 0
        key = ("tot", clause["id"] if clause else None, measure_id, period)
        return self._remember(key, lambda: self._val(measure_id, self._sel(clause, measure_id, period)) + self._der(measure_id, period))

    def _window(self, kind: str, period: int) -> range:
        return self.calendar.window(kind, self.first, period)

    def _whole(self, measure_id: str, window: Iterable[int]) -> Fraction | int:
        return sum(self._tot(None, measure_id, period) for period in window)

    # ---- rates (9)

    def _rate(self, rate: Any, row: Row) -> Fraction:
        if isinstance(rate, str):
            return read_rational(rate)
        if rate["by"] == "attr":
            value = row.attrs.get(rate["attr"])
            text = None if value is None else ("true" if value else "false") if isinstance(value, bool) else str(value)
            found = rate["table"].get(text, rate["table"].get("*")) if text is not None else rate["table"].get("*")
            if found is None:
                raise Refused("RATE_MISSING")
            return self._rate(found, row)
        if rate["by"] == "date":
            found = [step["rate"] for step in rate["steps"] if read_date(step["from"]) <= row.origin]
            if not found:
                raise Refused("RATE_MISSING")
            return read_rational(found[-1])
        if rate["by"] == "fact":
            since = self._facts.milestones.get(rate["fact"])
            return read_rational(rate["after"] if since is not None and row.origin >= since else rate["before"])
        value = read_rational(row.attrs.get(rate["attr"]))
        if value is None:
            raise Refused("RATE_MISSING")
        if not read_rational(rate["min"]) <= value <= read_rational(rate["max"]):
            raise Refused("RATE_BOUNDS")
        return value

    # ---- accruals (11)

    def _accrual(self, clause: dict[str, Any], period: int) -> dict[tuple[str, str], int]:
        """A(c,q) for each pair of accounts, in the direction of its sign."""
        return self._remember(("A", clause["id"], period), lambda: self._compute(clause, period))

    def _compute(self, clause: dict[str, Any], period: int) -> dict[tuple[str, str], int]:
        kind = clause["type"]
        if kind == "split":
            return self._split(clause, period)
        if kind == "fixed":
            return {(clause["from"], clause["to"]): self._fixed(clause, period)}
        if kind == "kpi":
            return {(clause["from"], clause["to"]): self._by_figures(clause, period)}
        to = f"fund:{clause['id']}" if kind == "fund" else clause["to"]
        due = self._per_event(clause, period) if clause.get("per") == "event" else self._per_period(clause, period)
        return {(clause["from"], to): due}

    def _priced(self, clause: dict[str, Any], period: int) -> Fraction:
        """What a rate or price without tiers makes of one period."""

        def compute() -> Fraction:
            rate, of = clause.get("rate", clause.get("price")), clause["of"]
            by_rate: dict[Fraction, list[tuple[int, Row]]] = {}
            selected = self._sel(clause, of, period)
            for sign, row in selected:
                by_rate.setdefault(self._rate(rate, row), []).append((sign, row))
            total = sum((one * self._val(of, rows) for one, rows in by_rate.items()), Fraction(0))
            derived = self._der(of, period)
            if isinstance(rate, str):
                total += read_rational(rate) * derived
            if "factor" not in clause or not (selected or derived):
                return total
            figures = self._facts.figures.get((clause["factor"]["kpi"], period))
            if not figures:
                raise Refused("FIGURE_MISSING")
            return total * figures[-1][2]

        return self._remember(("priced", clause["id"], period), compute)

    def _entitlement(self, clause: dict[str, Any], window: range) -> Fraction | int:
        tiers = clause.get("tiers")
        if tiers is None:
            return sum((self._priced(clause, period) for period in window), Fraction(0))
        steps = self._steps[clause["id"]]
        if tiers["mode"] in ("forward", "per-event", "lookback"):
            return sum((self._one_by_one(clause, period) for period in window), Fraction(0))
        base = sum(self._tot(clause, clause["of"], period) for period in window)
        x = sum(self._tot(clause, tiers.get("measure", clause["of"]), period) for period in window)
        if tiers["mode"] == "marginal":
            return tier_sum(steps, base)
        if tiers["mode"] == "whole":
            return tier_rate(steps, x) * base
        return base * (tier_sum(steps, x) / x if x else steps[0][1])

    def _one_by_one(self, clause: dict[str, Any], period: int) -> Fraction:
        """What forward, per-event and lookback tiers make of one period: one pass over all events up to it."""
        return self._remember(("pass", clause["id"], period), lambda: self._go_on(clause, period)[0])

    def _go_on(self, clause: dict[str, Any], period: int) -> tuple[Fraction, Fraction | int]:
        """The sum of the period, and the running total at its end; goes on from where the period before ended."""

        def compute() -> tuple[Fraction, Fraction | int]:
            tiers, steps, kind = clause["tiers"], self._steps[clause["id"]], clause.get("window", "period")
            rates: dict[str, Fraction] = self._remember(("rates", clause["id"]), dict)
            for before in range(self.first, period):
                self._go_on(clause, before)
            same_window = period - 1 in self._window(kind, period)
            run = self._go_on(clause, period - 1)[1] if same_window else 0
            total = Fraction(0)
            for sign, row in self._alone_in(clause, period):
                value = self._val(clause["of"], [(sign, row)])
                if row.ref is not None and row.ref in rates:
                    rate = rates[row.ref]
                elif tiers["mode"] == "forward":
                    rate = tier_rate(steps, run)
                elif tiers["mode"] == "per-event":
                    rate = tier_rate(steps, abs(value))
                else:
                    rate = tier_rate(steps, self._tot(clause, tiers.get("measure", clause["of"]), period - 1))
                rates[row.id] = rate
                total += rate * value
                run += value
            return total, run

        return self._remember(("run", clause["id"], period), compute)

    def _limited(self, clause: dict[str, Any], period: int) -> int:
        """R(q): the rounded total of the window up to the period, within the cap."""

        def compute() -> int:
            window, mode = self._window(clause.get("window", "period"), period), clause.get("round", "half-up")
            due, cap = rounded(self._entitlement(clause, window), mode), clause.get("cap")
            if cap is None:
                return due
            if "amount" in cap:
                limit = read_amount(cap["amount"])
            else:
                limit = max(0, rounded(read_rational(cap["rate"]) * self._whole(cap["of"], window), mode))
            return max(-limit, min(limit, due))

        return self._remember(("R", clause["id"], period), compute)

    def _per_period(self, clause: dict[str, Any], period: int) -> int:
        due = self._limited(clause, period)
        if period - 1 in self._window(clause.get("window", "period"), period):
            due -= self._limited(clause, period - 1)
        floor = clause.get("floor")
        if floor is not None and within(clause.get("when"), self.calendar.start(period)):
            if "amount" in floor:
                return max(due, read_amount(floor["amount"]))
            return max(due, rounded(read_rational(floor["rate"]) * self._tot(None, floor["of"], period), clause.get("round", "half-up")))
        return due

    def _event_limit(self, limit: dict[str, Any], row: Row, mode: str) -> int:
        if "amount" in limit:
            return read_amount(limit["amount"])
        if not row.has_quantity:
            raise Refused("FIGURE_MISSING")
        return rounded(read_rational(limit["price"]) * row.quantity, mode)

    def _per_event(self, clause: dict[str, Any], period: int) -> int:
        mode, total = clause.get("round", "half-up"), 0
        for sign, row in self._alone_in(clause, period):
            rate = self._rate(clause.get("rate", clause.get("price")), row)
            due = abs(rounded(rate * self._val(clause["of"], [(sign, row)]), mode))
            if "cap" in clause:
                due = min(due, self._event_limit(clause["cap"], row, mode))
            if "floor" in clause:
                due = max(due, self._event_limit(clause["floor"], row, mode))
            total += sign * due
        return total

    def _weights(self, clause: dict[str, Any], period: int) -> dict[str, Fraction]:
        def compute() -> dict[str, Fraction]:
            weights = {party: read_rational(share) for party, share in clause["shares"].items()}
            rata = clause.get("proRata")
            if rata is None:
                return weights
            share, selected, use = read_rational(rata["share"]), self._sel(None, rata["of"], period), {}
            for party in rata["among"]:
                mine = [(sign, row) for sign, row in selected if row.attrs.get(rata["by"]) == party]
                use[party] = max(Fraction(0), Fraction(self._val(rata["of"], mine)))
            total = sum(use.values())
            given = {rata["ifNone"]: share} if total == 0 else {party: share * one / total for party, one in use.items()}
            for party, one in given.items():
                weights[party] = weights.get(party, Fraction(0)) + one
            return weights

        return self._remember(("weights", clause["id"], period), compute)

    def _split(self, clause: dict[str, Any], period: int) -> dict[tuple[str, str], int]:
        if clause.get("per") == "event":
            pools = [self._val(clause["of"], [one]) for one in self._alone_in(clause, period)]
        else:
            pools = [self._tot(clause, clause["of"], period)]
        out: dict[tuple[str, str], int] = {}
        for pool in pools:
            for party, part in largest_remainder(int(pool), self._weights(clause, period), self._order).items():
                if party != clause["holder"]:
                    pair = clause["holder"], party
                    out[pair] = out.get(pair, 0) + part
        return out

    def _matching(self, clause: dict[str, Any], period: int) -> int:
        rows = self._rows.get(period, {}).values()
        return sum(row.count for row in rows if matches(clause["on"], row) and within(clause.get("when"), row.origin))

    def _fixed(self, clause: dict[str, Any], period: int) -> int:
        amount = read_amount(clause["amount"])
        now, cap = amount * self._matching(clause, period), clause.get("cap")
        if cap is None:
            return now
        limit = read_amount(cap["amount"])
        total = amount * sum(self._matching(clause, one) for one in self._window(cap.get("window", "period"), period))
        return min(total, limit) - min(total - now, limit)

    def _by_figures(self, clause: dict[str, Any], period: int) -> int:
        rate = Fraction(0)
        for table in clause["table"]:
            figures = self._facts.figures.get((table["kpi"], period))
            if figures:
                reached = [step for step in table["steps"] if figures[-1][2] >= read_rational(step["gte"])]
                rate += read_rational(reached[0]["rate"]) if reached else 0
        collar = clause.get("collar", {})
        if "max" in collar:
            rate = min(rate, read_rational(collar["max"]))
        if "min" in collar:
            rate = max(rate, read_rational(collar["min"]))
        return rounded(rate * self._tot(clause, clause["of"], period))

    # ---- settlement (12, 13)

    def settle(self) -> Settled:
        """Settles the next period under the terms in force."""
        period = self.settled + 1
        if period in self._faults:
            raise Refused(*self._faults[period])
        events = self._learn(period)
        self.settled = period
        lines: list[dict[str, Any]] = []

        def post(clause: str, giver: str, taker: str, amount: int, kind: str | None = None, adjusts: int | None = None) -> None:
            if amount:
                line = {"amount": amount, "clause": clause, "from": giver, "to": taker}
                if kind is not None:
                    line["kind"] = kind
                if adjusts is not None:
                    line["adjusts"] = self.calendar.name(adjusts)
                lines.append(line)

        clauses = self.terms["clauses"]
        for clause in clauses:
            if clause["type"] in ACCRUALS:
                self._post_accruals(clause, period, post)
        for clause in clauses:
            if clause["type"] == "guarantee":
                self._guarantee(clause, period, post)
        for clause in clauses:
            if clause["type"] == "advance":
                for event in events:
                    if event.type == "advance" and event.attrs.get("clause") == clause["id"]:
                        post(clause["id"], clause["from"], clause["to"], event.amount, "advance")
                        self._advances[clause["id"]] = self._advances.get(clause["id"], 0) + event.amount
        for clause in clauses:
            if clause["type"] == "waterfall":
                self._waterfall(clause, period, events, post)
        for clause in clauses:
            if clause["type"] == "fund":
                self._fund(clause, period, events, post)
        for clause in clauses:
            if clause["type"] == "reserve":
                self._reserve(clause, period, post, lines)
        for clause in clauses:
            if clause["type"] == "advance":
                base = self._earned(clause["to"], clause["clauses"], lines, without="advance")
                balance = self._advances.get(clause["id"], 0)
                recouped = max(0, min(balance, rounded(read_rational(clause.get("recoupRate", "1")) * base)))
                post(clause["id"], clause["to"], clause["from"], recouped, "recoup")
                self._advances[clause["id"]] = balance - recouped
        for clause in clauses:
            if clause["type"] == "withholding":
                base = self._earned(clause["party"], clause["clauses"], lines)
                if base > 0 and within(clause.get("when"), self.calendar.start(period)):
                    post(clause["id"], clause["party"], clause["authority"], rounded(read_rational(clause["rate"]) * base))
        for event in events:
            self._dispute_or_suspension(event, post)
        payments = self._payments(lines)
        for line in lines:
            line["amount"] = shown(line["amount"])
        lines.sort(key=line_order)
        return Settled(period, lines, payments, self._balances())

    def _post_accruals(self, clause: dict[str, Any], period: int, post: Callable[..., None]) -> int:
        """Posts what differs from what earlier settlements posted, period by period; the sum, as seen from `from`."""
        posted_now = 0
        for one in range(self.first, period + 1):
            if one < period and ("posted", clause["id"], one) in self._known:
                continue
            before = self._posted.get((clause["id"], one), {})
            now = self._accrual(clause, one)
            for pair in set(before) | set(now):
                difference = now.get(pair, 0) - before.get(pair, 0)
                giver, taker = pair if difference > 0 else pair[::-1]
                post(clause["id"], giver, taker, abs(difference), None, one if one < period else None)
                posted_now += difference
            self._posted[(clause["id"], one)] = now
            self._known[("posted", clause["id"], one)] = True
        return posted_now

    def _earned(self, party: str, listed: list[str], lines: list[dict[str, Any]], without: str | None = None) -> int:
        """earn(p, list) of 12.2; a waterfall stands for its tier lines."""
        wanted, total = set(listed), 0
        for line in lines:
            if line["clause"].split(".")[0] in wanted and (without is None or line.get("kind") != without):
                total += line["amount"] * ((line["to"] == party) - (line["from"] == party))
        return total

    def _guarantee(self, clause: dict[str, Any], period: int, post: Callable[..., None]) -> None:
        if clause["window"] == "year" and not self.calendar.last_of_year(period):
            return
        if not within(clause.get("when"), self.calendar.start(period)):
            return
        window, got = self._window(clause["window"], period), 0
        for listed in clause["clauses"]:
            for one in window:
                for (giver, taker), amount in self._accrual(self._clauses[listed], one).items():
                    got += amount * ((taker == clause["to"]) - (giver == clause["to"]))
        if "amount" in clause:
            promised = read_amount(clause["amount"])
        else:
            promised = rounded(read_rational(clause["perUnit"]["price"]) * self._whole(clause["perUnit"]["of"], window))
        post(clause["id"], clause["from"], clause["to"], max(0, promised - got))

    def _fund(self, clause: dict[str, Any], period: int, events: list[Event], post: Callable[..., None]) -> None:
        account, claims, mode = f"fund:{clause['id']}", clause["claims"], clause.get("round", "half-up")
        balance = self._funds.get(clause["id"], 0) + self._post_accruals(clause, period, post)
        for event in events:
            if event.type not in MEASURED:
                continue
            row = Row(event, event.attrs, alone=True)
            row.add(1, event.amount or 0, event.quantity or Fraction(0))
            if not matches(claims["on"], row):
                continue
            asked = 0 if event.amount is None else rounded(self._fixing(row) * event.amount)
            paid = max(0, min(rounded(read_rational(claims["reimburse"]) * asked, mode), balance))
            post(clause["id"], account, claims["to"], paid, "claim")
            balance -= paid
        self._funds[clause["id"]] = balance

    def _reserve(self, clause: dict[str, Any], period: int, post: Callable[..., None], lines: list[dict[str, Any]]) -> None:
        party, account, holds = clause["party"], f"reserve:{clause['party']}", self._holds.setdefault(clause["id"], {})
        base = self._earned(party, clause["clauses"], lines)
        held = 0
        if base > 0 and within(clause.get("when"), self.calendar.start(period)):
            held = rounded(read_rational(clause["rate"]) * base)
        post(clause["id"], party, account, held, "hold")
        holds[period] = held
        post(clause["id"], account, party, holds.pop(period - clause["releaseAfter"], 0), "release")

    def _waterfall(self, clause: dict[str, Any], period: int, events: list[Event], post: Callable[..., None]) -> None:
        holder, rate = clause["holder"], read_number(clause["preferredRate"])
        end, days = self.calendar.end(period), self.calendar.end(period) - self.calendar.start(period)
        for investor in clause["investors"]:
            self._due[investor] = self._due.get(investor, Fraction(0)) + self._capital.get(investor, 0) * rate * days / 365
        for event in events:
            if event.type == "capital":
                investor = event.attrs["party"]
                self._capital[investor] = self._capital.get(investor, 0) + event.amount
                self._due[investor] = self._due.get(investor, Fraction(0)) + event.amount * rate * (end - event.date) / 365
        available = int(self._whole(clause["of"], range(self.first, period + 1))) - self._used
        if available <= 0:
            return
        self._used += available

        def give(tier: dict[str, Any], parts: dict[str, int]) -> None:
            for party in sorted(parts, key=lambda one: self._order[one]):
                if party != holder:
                    post(f"{clause['id']}.{tier['id']}", holder, party, parts[party])

        for tier in clause["tiers"]:
            paid = self._tier_paid.get(tier["id"], 0)
            if tier["kind"] == "recover":
                spent = int(self._whole(tier["of"], range(self.first, period + 1)))
                part = min(available, max(0, spent - paid))
                self._tier_paid[tier["id"]] = paid + part
                parts = {tier["party"]: part}
            elif tier["kind"] == "preferred":
                owed = {one: max(Fraction(0), self._due[one]) for one in clause["investors"]}
                part = min(available, rounded(sum(owed.values(), Fraction(0))))
                parts = largest_remainder(part, owed, self._order) if part else {}
                for investor, one in parts.items():
                    self._due[investor] -= one
                self._preferred_paid += part
            elif tier["kind"] == "return-of-capital":
                capital = {one: Fraction(self._capital.get(one, 0)) for one in clause["investors"]}
                part = min(available, int(sum(capital.values())))
                parts = largest_remainder(part, capital, self._order) if part else {}
                for investor, one in parts.items():
                    self._capital[investor] = self._capital.get(investor, 0) - one
            elif tier["kind"] == "catch-up":
                target = read_rational(tier["target"])
                part = min(available, max(0, rounded(target / (1 - target) * self._preferred_paid) - paid))
                self._tier_paid[tier["id"]] = paid + part
                parts = {tier["party"]: part}
            else:
                part = available
                parts = largest_remainder(part, {party: read_rational(one) for party, one in tier["shares"].items()}, self._order)
            available -= part
            give(tier, parts)

    def _dispute_or_suspension(self, event: Event, post: Callable[..., None]) -> None:
        party = event.attrs.get("party")
        if event.type == "suspend":
            self._suspended.add(party)
        elif event.type == "resume":
            self._suspended.discard(party)
        elif event.type == "dispute-hold":
            post("dispute", party, f"dispute:{party}", event.amount, "hold")
            self._disputed[party] = self._disputed.get(party, 0) + event.amount
        elif event.type == "dispute-release":
            if event.amount > self._disputed.get(party, 0):
                raise Refused("DISPUTE_OVERDRAWN")
            post("dispute", f"dispute:{party}", event.attrs["to"], event.amount, "release")
            self._disputed[party] -= event.amount

    def _payments(self, lines: list[dict[str, Any]]) -> dict[str, Any]:
        settlement, sums, payments = self.terms["settlement"], {}, {}
        for line in lines:
            sums[line["to"]] = sums.get(line["to"], 0) + line["amount"]
            sums[line["from"]] = sums.get(line["from"], 0) - line["amount"]
        for party in self._order:
            if party == self.terms["hub"]:
                continue
            balance = self._carried.get(party, 0) + sums.get(party, 0)
            if party in self._suspended:
                pay = 0
            elif balance < 0:
                pay = balance if settlement.get("negative", "carry") == "invoice" else 0
            else:
                pay = 0 if balance < read_amount(settlement.get("minimumPayout", {}).get(party, 0)) else balance
            self._carried[party] = balance - pay
            payments[party] = shown(pay)
        return payments

    def _balances(self) -> dict[str, dict[str, Any]]:
        groups = {
            "carried": self._carried,
            "advance": self._advances,
            "reserve": {clause: sum(holds.values()) for clause, holds in self._holds.items()},
            "fund": self._funds,
            "capital": self._capital,
        }
        kept = {group: {key: shown(one) for key, one in values.items() if one} for group, values in groups.items()}
        return {group: values for group, values in kept.items() if values}
