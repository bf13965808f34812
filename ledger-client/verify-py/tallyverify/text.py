"""The text of terms that the parties read (terms-1 section 17), whose hash an acceptance may state."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .currencies import EXPONENTS
from .forms import spell
from .terms_checks import types_of
from .values import read_amount, read_number, read_rational

_ROUNDINGS = {"half-even": ", rounded half to even", "down": ", rounded down", "up": ", rounded up"}
_NOUNS = {"amount": "the amounts of", "quantity": "the quantities of", "count": "the number of"}


def decimals(value: Fraction) -> int | None:
    """How many decimals a finite expansion has, or None."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def _plain(value: Fraction, places: int) -> str:
    units = abs(value) * 10**places
    whole, part = divmod(units.numerator // units.denominator, 10**places)
    return f"{whole:,}" + (f".{part:0{places}d}" if places else "")


def dec(value: Fraction) -> str:
    places = decimals(value)
    if places is None:
        return f"{value.numerator}/{value.denominator}"
    return ("-" if value < 0 else "") + _plain(value, places)


def pct(text: str) -> str:
    value = read_rational(text)
    return f"{value.numerator}/{value.denominator}" if decimals(value) is None else dec(value * 100) + "%"


def _joined(names: list[str]) -> str:
    return ", ".join(f"[{name}]" for name in names)


class _Text:
    def __init__(self, terms: dict[str, Any]) -> None:
        self.terms = terms
        self.currency = terms["currency"]
        self.exponent = EXPONENTS[self.currency]
        self.frequency = terms["calendar"]["frequency"]
        self.names = {party["id"]: party.get("name", party["id"]) for party in terms["parties"]}
        self.order = {party["id"]: index for index, party in enumerate(terms["parties"])}

    # ---- numbers

    def money(self, units: Any) -> str:
        return self._money(Fraction(read_amount(units)), self.exponent)

    def _money(self, units: Fraction, places: int) -> str:
        sign = "-" if units < 0 else ""
        return f"{self.currency} {sign}{_plain(units / 10**self.exponent, places)}"

    def price(self, text: str) -> str:
        value = read_rational(text)
        more = decimals(value)
        if more is None:
            return f"{value.numerator}/{value.denominator} minor units of {self.currency}"
        # As many more decimals as the value needs, and none that is not needed.
        return self._money(value, self.exponent + more)

    def per(self, window: str) -> str:
        return {"period": f"per {self.frequency}", "year": "per calendar year", "life": "over the life of the agreement"}[window]

    # ---- filters

    @staticmethod
    def _value(value: Any) -> str:
        return spell(value)

    def _bound(self, value: Any) -> str:
        return value if isinstance(value, str) else str(value)

    def conditions(self, one: dict[str, Any]) -> str:
        parts = []
        for name in sorted(one.get("attrs", {}), key=str.encode):
            wanted = one["attrs"][name]
            if isinstance(wanted, dict):
                bounds = [f"at least {self._bound(wanted['gte'])}"] if "gte" in wanted else []
                bounds += [f"below {self._bound(wanted['lt'])}"] if "lt" in wanted else []
                parts.append(f"{name} is {' and '.join(bounds)}")
            else:
                parts.append(f"{name} is {' or '.join(map(self._value, wanted if isinstance(wanted, list) else [wanted]))}")
        day = {"date": "the event date", "saleDate": "the origin date"}
        for days in one.get("days", []):
            parts.append(f"{day.get(days['to'], days['to'])} is at most {days['max']} days after {day.get(days['from'], days['from'])}")
        for months in one.get("monthsBefore", []):
            parts.append(f"the origin date is within {months['months']} months from {day.get(months['since'], months['since'])}")
        return " and ".join(parts)

    def filter(self, one: dict[str, Any]) -> str:
        conditions = self.conditions(one)
        return f"{' or '.join(types_of(one))} events" + (f" where {conditions}" if conditions else "")

    def where(self, clause: dict[str, Any]) -> str:
        one = clause.get("where")
        if one is None:
            return ""
        return f" for {self.filter(one)}" if "type" in one else f" where {self.conditions(one)}"

    def measure(self, name: str, measure: dict[str, Any]) -> str:
        noun, parts = _NOUNS[measure.get("of", "amount")], []
        if measure.get("plus"):
            parts.append(f"plus {noun} {' and '.join(map(self.filter, measure['plus']))}")
        if measure.get("minus"):
            parts.append(f"less {noun} {' and '.join(map(self.filter, measure['minus']))}")
        if measure.get("plusClauses"):
            parts.append(f"plus the result of {_joined(measure['plusClauses'])}")
        if measure.get("lessClauses"):
            parts.append(f"less the result of {_joined(measure['lessClauses'])}")
        return f"{name} means {' '.join(parts).removeprefix('plus ')}."

    # ---- rates, tiers, limits

    def rate(self, rate: Any, shown: Any) -> str:
        if isinstance(rate, str):
            return shown(rate)
        if rate["by"] == "attr":
            rows = sorted((key for key in rate["table"] if key != "*"), key=str.encode) + (["*"] if "*" in rate["table"] else [])
            out = []
            for key in rows:
                row = rate["table"][key]
                text = self.rate(row, shown) if isinstance(row, str) else f"({self.rate(row, shown)})"
                out.append(f"{text} otherwise" if key == "*" else f"{text} where {rate['attr']} is {spell(key)}")
            return "; ".join(out)
        if rate["by"] == "date":
            return ", then ".join(f"{shown(step['rate'])} from {step['from']}" for step in rate["steps"])
        if rate["by"] == "fact":
            return f"{shown(rate['before'])}, or {shown(rate['after'])} from the day {spell(rate['fact'])} is recorded"
        return f"the {rate['attr']} agreed on each event, from {shown(rate['min'])} to {shown(rate['max'])}"

    def _of(self, measure: str) -> str:
        return self.terms["measures"][measure].get("of", "amount")

    def tiers(self, clause: dict[str, Any], shown: Any) -> str:
        tiers, steps = clause["tiers"], []
        measure = tiers.get("measure", clause["of"])
        units = {"quantity": " units", "count": " events"}
        for step in tiers["steps"]:
            if "upTo" in step:
                number = read_number(step["upTo"])
                limit = self._limit_money(number) if self._of(measure) == "amount" else dec(number) + units[self._of(measure)]
                steps.append(f"{shown(step['rate'])} up to {limit}")
            else:
                steps.append(shown(step["rate"]) + (" above" if len(tiers["steps"]) > 1 else ""))
        mode = {
            "marginal": "each rate for its own band only",
            "whole": f"the rate reached by {measure} for the whole",
            "forward": "by the total before each event",
            "per-event": "by the size of each event",
            "lookback": f"by {measure} of the {self.frequency} before",
            "blended": f"averaged over the bands of {measure}",
        }[tiers["mode"]]
        return f"{'; '.join(steps)} ({mode})"

    def _limit_money(self, number: Fraction) -> str:
        more = decimals(number)
        return self._money(number, self.exponent + (more or 0))

    def limit(self, limit: dict[str, Any], clause: dict[str, Any]) -> str:
        if clause.get("per") == "event":
            return f"{self.money(limit['amount'])} per event" if "amount" in limit else f"{self.price(limit['price'])} per unit of each event"
        if "amount" in limit:
            return f"{self.money(limit['amount'])} {self.per(limit.get('window', 'period'))}"
        if self._of(limit["of"]) == "amount":
            return f"{pct(limit['rate'])} of {limit['of']}"
        return f"{self.price(limit['rate'])} per unit of {limit['of']}"

    def more(self, clause: dict[str, Any]) -> str:
        out = f", multiplied by the recorded {clause['factor']['kpi']}" if "factor" in clause else ""
        out += ", event by event" if clause.get("per") == "event" else ""
        window = clause.get("window", "period")
        out += f", added up {self.per(window)}" if window != "period" and "tiers" not in clause else ""
        out += f", at least {self.limit(clause['floor'], clause)}" if "floor" in clause else ""
        out += f", at most {self.limit(clause['cap'], clause)}" if "cap" in clause else ""
        return out + _ROUNDINGS.get(clause.get("round", "half-up"), "")

    def _shares(self, shares: dict[str, str]) -> str:
        return ", ".join(f"{self.names[party]} {pct(shares[party])}" for party in sorted(shares, key=self.order.__getitem__))

    # ---- clauses

    def priced(self, clause: dict[str, Any], pays: str) -> str:
        unit = clause["type"] == "unit"
        shown = self.price if unit else pct
        of, where, more = clause["of"], self.where(clause), self.more(clause)
        if "tiers" in clause:
            return f"{pays} on {of}{where}, {self.per(clause.get('window', 'period'))}: {self.tiers(clause, shown)}{more}"
        rate = clause.get("rate", clause.get("price"))
        text = self.rate(rate, shown)
        if isinstance(rate, str):
            return f"{pays} {text} {'per unit of' if unit else 'of'} {of}{where}{more}"
        return f"{pays} a {'price per unit' if unit else 'share'} of {of}{where}: {text}{more}"

    def clause(self, clause: dict[str, Any]) -> str:
        kind, name = clause["type"], self.names
        giver, taker = name.get(clause.get("from", "")), name.get(clause.get("to", ""))
        if kind in ("fee", "unit"):
            return self.priced(clause, f"{giver} pays {taker}")
        if kind == "fund":
            claims = clause["claims"]
            paid = f"; {name[claims['to']]} is paid {pct(claims['reimburse'])} of each of the {self.filter(claims['on'])} from it while it lasts"
            return self.priced(clause, f"{giver} sets aside in fund {clause['id']}") + paid
        if kind == "split":
            pro = ""
            if "proRata" in clause:
                rata = clause["proRata"]
                among = ", ".join(name[party] for party in rata["among"])
                use = f"in proportion to {rata['of']} by {rata['by']}"
                pro = f", and {pct(rata['share'])} among {among} {use} (to {name[rata['ifNone']]} if there is none)"
            per = "per event" if clause.get("per") == "event" else self.per("period")
            shared = f"{self._shares(clause['shares'])}{pro}, {per}, odd minor units by largest remainder"
            return f"{clause['of']}{self.where(clause)}, held by {name[clause['holder']]}, is shared {shared}"
        if kind == "fixed":
            cap = f", at most {self.limit(clause['cap'], clause)}" if "cap" in clause else ""
            return f"{giver} pays {taker} {self.money(clause['amount'])} for each of the {self.filter(clause['on'])}{cap}"
        if kind == "kpi":
            return self.by_figures(clause, giver, taker)
        if kind == "guarantee":
            unit = clause.get("perUnit")
            what = self.money(clause["amount"]) if unit is None else f"{self.price(unit['price'])} per unit of {unit['of']}"
            return f"{giver} guarantees {taker} {what} {self.per(clause['window'])} from {_joined(clause['clauses'])} and tops up any shortfall"
        if kind == "advance":
            rate = pct(clause.get("recoupRate", "1"))
            return f"advances paid by {giver} to {taker} are recouped at {rate} from {_joined(clause['clauses'])} and are not repaid otherwise"
        earned = f"{pct(clause['rate'])} of what {name[clause['party']]} earns under {_joined(clause['clauses'])}" if "party" in clause else ""
        if kind == "reserve":
            n = clause["releaseAfter"]
            return f"{earned} is held back and released after {n} {self.frequency}{'' if n == 1 else 's'}"
        if kind == "withholding":
            return f"{earned} is withheld and paid to {name[clause['authority']]}"
        tiers = "; ".join(f"[{tier['id']}] {self.waterfall_tier(clause, tier)}" for tier in clause["tiers"])
        return f"{clause['of']}, held by {name[clause['holder']]}, is paid in this order: {tiers}"

    def by_figures(self, clause: dict[str, Any], giver: str, taker: str) -> str:
        tables = []
        for table in clause["table"]:
            steps = "; ".join(f"{pct(step['rate'])} from {dec(read_rational(step['gte']))}" for step in table["steps"])
            tables.append(f"by {spell(table['kpi'])} {steps}")
        collar, bounds = clause.get("collar", {}), ""
        if "min" in collar:
            bounds += f", in total not below {pct(collar['min'])}"
        if "max" in collar:
            bounds += f" and not above {pct(collar['max'])}" if bounds else f", in total not above {pct(collar['max'])}"
        of = f"{clause['of']}{self.where(clause)}"
        told = f"a percentage of {of}: {' plus '.join(tables)}, nothing for a figure not recorded{bounds}"
        return f"{giver} pays {taker}, or is paid if negative, {told}"

    def waterfall_tier(self, clause: dict[str, Any], tier: dict[str, Any]) -> str:
        investors = ", ".join(self.names[party] for party in clause["investors"])
        if tier["kind"] == "recover":
            return f"{tier['of']} to {self.names[tier['party']]} until recovered"
        if tier["kind"] == "preferred":
            rate = clause["preferredRate"]
            a_year = pct(rate if isinstance(rate, str) else str(rate))
            return f"a preferred return of {a_year} a year (actual/365, not compounded) on capital outstanding to {investors}"
        if tier["kind"] == "return-of-capital":
            return f"capital outstanding to {investors}"
        if tier["kind"] == "catch-up":
            return f"to {self.names[tier['party']]} until it has {pct(tier['target'])} of preferred return and catch-up together"
        return f"the rest shared {self._shares(tier['shares'])}"

    def lines(self) -> list[str]:
        terms = self.terms
        title = terms.get("title", terms["id"])
        out = [f"{title}: settled every {self.frequency} in {self.currency}; {self.names[terms['hub']]} keeps the books."]
        if "timeZone" in terms["calendar"]:
            out.append(f"Days are counted in {terms['calendar']['timeZone']}.")
        for name in sorted(terms["measures"], key=str.encode):
            out.append(self.measure(name, terms["measures"][name]))
        for index, clause in enumerate(terms["clauses"]):
            when = clause.get("when", {})
            spans = ([f"from {when['from']}"] if "from" in when else []) + ([f"until {when['to']}"] if "to" in when else [])
            validity = " ".join(spans) + ": " if spans else ""
            out.append(f"{index + 1}. [{clause['id']}] {validity}{self.clause(clause)}.")
        settlement = terms["settlement"]
        for party in self.names:
            least = settlement.get("minimumPayout", {}).get(party)
            if least is not None and read_amount(least) > 0:
                out.append(f"Balances of {self.names[party]} below {self.money(least)} are carried forward.")
        invoiced = settlement.get("negative", "carry") == "invoice"
        out.append(f"Negative balances are {'invoiced' if invoiced else 'carried forward'}.")
        if "fx" in settlement:
            fx = settlement["fx"]
            fixing = f"last fixing of the {self.frequency}" if fx["fixing"] == "period-end" else "fixing of the day"
            refunds = "original" if fx["refunds"] == "original" else "refund"
            out.append(f"Amounts in other currencies are converted at the {fixing}, refunds at that of the {refunds}.")
        last = "shares by largest remainder, ties in the order of the parties."
        out.append(f"Amounts are rounded half away from zero unless stated otherwise; {last}")
        return out


def rendered(terms: dict[str, Any]) -> str:
    """The text of a document that has no finding."""
    return "".join(line + "\n" for line in _Text(terms).lines())
