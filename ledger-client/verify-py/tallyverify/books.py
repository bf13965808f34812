"""The books of one agreement: events, declarations and settlements, computed from the signed instructions.

What an act did is taken as stated and followed; who may do it, when, and what it comes to is computed here and compared
(ledger-1 sections 6 to 9).
"""

from __future__ import annotations

import json
import re
from typing import Any

from .document import FACTS, FOURTEEN_HOURS, SALE_LIKE, Document
from .engine import Engine, Event, Refused, event_of
from .events import (
    Declaration, Mark, Matches, Source, event_fault, event_id, number_fault, proves, reference_fault, root_of, stated_totals,
)  # fmt: skip
from .findings import Answer
from .forms import DAY, ZERO_HASH, Fault, canonical, date_text, day_of, merkle_root, read_date, read_json, sha256, spelled, start_of_day, time_of
from .instruction import Instruction, ascending
from .life import ROLES, TIME, WINDOWS, Life, Say
from .registry import Registry
from .values import read_amount, shown

ENGINE, RULES = "terms-1/1", "1"
SOURCES, DECLARED, PERIODS = "completeness.sources", "completeness.declared", "completeness.periods"
SETTLED, ITEMS, ZERO_SUM, BOOKING = "accuracy.settled", "accuracy.items", "accuracy.zero-sum", "cutoff.booking"
# What is wrong with a record, and can be told without the rules.
VERDICTS = "accuracy.verdicts"
PAGE = 256 * 1024


class Books:
    """Follows the acts on events, and settles."""

    def __init__(self, agreement: str, registry: Registry, answer: Answer) -> None:
        self.id = agreement
        self.registry = registry
        self.answer = answer
        self.life = Life(agreement, registry)
        self.life.on_adopted = self._adopted
        self.life.on_made = self._made
        self.sources: dict[str, Source] = {}
        self.marks: dict[str, Mark] = {}
        self.matches = Matches()
        self.engine: Engine | None = None
        self.facts: dict[int, dict[str, list[tuple[int, str, bytes]]]] = {}
        self.agreed: dict[int, list[dict[str, Any]]] = {}
        self.claims: dict[str, dict[str, Any]] = {}
        self.settlements: dict[str, tuple[bytes, str, int]] = {}
        self.previous = ZERO_HASH
        self.number = 0
        self.engines: set[str] = set()
        self.rules: set[str] = set()
        self.blocked: str | None = None
        self.accepted: list[str] | None = None  # engines; by default those of this verifier
        self.writes: dict[str, bytes | None] = {}
        self.items: dict[str, bytes] = {}
        self._close_record: dict[str, Any] | None = None
        self._pages: dict[str, bytes] = {}
        self._carried: dict[str, int] = {}
        self._transaction: Any = None

    # ---- what the life of the agreement tells

    def _adopted(self, document: Document) -> None:
        if self.engine is None:
            self.engine = Engine(document.calendar.frequency, document.opening, document.terms["currency"])
            self.engine.under(document.terms)
        self.engine.looks_at(document.terms)

    def _made(self, made: dict[str, Any]) -> None:
        """A decision that suspends or resumes is an event of the reserved source `ledger`."""
        document, period = self.life.newest, self.life.u
        calendar = document.calendar
        day = max(calendar.start(document.opening), min(made["day"], calendar.end(period) - 1))
        stated = {"attrs": {"party": made["party"]}, "date": date_text(day), "type": made["kind"]}
        event = event_of(event_id("ledger", made["number"]), stated, None, document.terms["currency"])
        self._fact("ledger", period, event)
        self.engine.book(event, period)

    def _fact(self, kind: str, period: int, event: Event) -> None:
        leaf = canonical({"event": event.stated, "id": event.id})
        self.facts.setdefault(period, {}).setdefault(kind, []).append((event.date, event.id, leaf))

    # ---- sources

    def _source(self, name: str) -> Source:
        if name not in self.sources:
            document = self.life.newest
            named = document.sources.get(name)
            self.sources[name] = Source(name, document.calendar.read(named["first"]) if named else document.opening)
        return self.sources[name]

    def _o(self, source: Source) -> int:
        return max(source.open, self.life.u)

    def _owner(self, name: str) -> str | None:
        return self.life.newest.owner(name)

    def _last_period(self, name: str) -> int | None:
        named = self.life.newest.sources.get(name, {})
        return self.life.newest.calendar.read(named["last"]) if "last" in named else None

    # ---- acts

    def apply(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say, place: str, transaction: Any) -> None:
        self._transaction = transaction
        self._place = place
        if one.act in ("offer", "counter", "accept", "decline", "withdraw", "amend", "motion", "vote", "execute", "notice"):
            self.life.apply(one, effects, t, say)
            return
        if self.life.newest is None:
            return
        {
            "report": self._report,
            "attest": self._attest,
            "contradict": self._contradict,
            "declare": self._declare,
            "seal": self._seal,
            "take-back": self._take_back,
            "claim": self._claim,
            "claim-answer": self._claim_answer,
            "close": self._close,
            "adjust": self._adjust,
        }[one.act](one, effects, t, say)

    def _list(self, name: str, text: str) -> None:
        self.answer.list(name, text, self._place)

    def _owns(self, one: Instruction, say: Say) -> bool:
        """Is it the owner's act, of a source that the newest version names?"""
        name = one.body["source"]
        owner = self._owner(name)
        if owner is None:
            say(ROLES, f"there is no source {name}: source_unknown")
            return False
        if owner != one.party:
            say(ROLES, f"{one.party} does not own the source {name}: not_owner")
            return False
        return True

    # ---- reports and booking (section 6)

    def _report(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        body, document = one.body, self.life.newest
        if not self._owns(one, say):
            return
        source = self._source(body["source"])
        first, count = body["first"], len(body["events"])
        if first != source.last + 1:
            say(SOURCES, f"source {source.name} goes on with {first} after {source.last}")
            if first <= source.last:
                return  # these numbers are taken, and count once
        self._not_before(source, t, say)
        last = self._last_period(source.name)
        if last is not None and last < self._o(source):
            say(WINDOWS, f"source {source.name} has ended: source_ended")
        named = document.sources.get(source.name)
        if named and document.calendar.start(document.calendar.read(named["first"])) > day_of(t + FOURTEEN_HOURS):
            say(WINDOWS, f"source {source.name} has not begun: source_not_begun")
        if source.name == "arbiter":
            self._arbiter_may(t, say)
        o = self._o(source)
        run = source.begin_report(first, count, root_of(body["events"]), o, self._transaction)
        proofs = self._proven(body.get("proofs", []), say)
        booked, held, late = self._take_all(body["events"], source, first, o, run, proofs, t, say)
        source.last = max(source.last, first + count - 1)
        source.at = t
        self._compare_report(effects, booked, held, say)
        if late:
            self._list("late", f"{late} of the events of source {source.name} booked later than their date")
        if self._own:
            self._list("self-attested", f"{self._own} of the events of source {source.name} count as attested by their reporter")
        self._compare_released(effects, self._released, say)

    def _not_before(self, source: Source, t: int, say: Say) -> None:
        if t < source.at:
            say(TIME, f"it is earlier than the act before it on source {source.name}: too_early")

    def _arbiter_may(self, t: int, say: Say) -> None:
        document = self.life.newest
        if t < start_of_day(document.calendar.end(self.life.u)) + document.days("decide") * DAY:
            say(WINDOWS, "the arbiter reports before the agreed days are over: not_allowed")

    def _proven(self, proofs: list[dict[str, Any]], say: Say) -> dict[str, dict[str, Any]]:
        out = {}
        for proof in proofs:
            name = proof["id"].split("/")[0]
            if name not in self.sources or not proves(proof, self.sources[name]):
                say(VERDICTS, f"the proof of {proof['id']} does not lead to what was reported: proof_wrong")
            elif name in self.life.newest.notices:
                say(VERDICTS, f"{proof['id']} is a notice: EVENT_REF")
            else:
                out[proof["id"]] = proof["event"]
        return out

    def _line_fault(self, event: dict[str, Any], source: Source, notice: bool) -> str | None:
        fault = event_fault(event) or number_fault(event)
        if fault:
            return fault
        if source.name == "arbiter":
            return None if event["type"] in FACTS else "reporter_not_allowed"
        return None if event["type"] in self.life.newest.sources[source.name]["types"] else "reporter_not_allowed"

    def _take_all(
        self,
        events: list[dict[str, Any]],
        source: Source,
        first: int,
        o: int,
        run: int,
        proofs: dict[str, dict[str, Any]],
        t: int,
        say: Say,
    ) -> tuple[dict[str, int], int, int]:
        document, calendar = self.life.newest, self.life.newest.calendar
        notice = source.name in document.notices
        booked: dict[str, int] = {}
        held = late = 0
        here: dict[str, Event] = {}
        here_booked: dict[str, int] = {}
        to_release: list[str] = []
        self._released: list[str] = []
        self._own, owner = 0, document.owner(source.name)
        for index, stated in enumerate(events):
            one_id = event_id(source.name, first + index)
            fault = self._line_fault(stated, source, notice)
            if fault == "reporter_not_allowed":
                say(ROLES, f"{one_id} is of a type that source {source.name} does not carry: {fault}")
            elif fault:
                say(VERDICTS, f"{one_id} should have been refused: {fault}")
                self.engine.fault("EVENT_FORM", o)
                continue
            named_id, named = stated.get("refOf"), None
            if named_id is not None:
                named = here[named_id].stated if named_id in here else proofs.get(named_id)
                fault = reference_fault(stated, named_id, named, document.terms["currency"])
                if fault:
                    say(VERDICTS, f"{one_id} should have been refused: {fault}")
                    self.engine.fault(fault, max(o, calendar.of(read_date(stated["date"]))))
                    continue
            event = event_of(one_id, stated, named, document.terms["currency"])
            here[one_id] = event
            self._check_line(event, t, say)
            attested = self._match(event, source.name, notice, to_release, say)
            if notice:
                continue
            waits_for = named_id if named_id in self.marks and self.marks[named_id].held else None
            needed = document.named_attesters(source.name, stated, event.attrs)
            self._own += owner in needed
            missing = needed - attested - {owner}
            if missing or waits_for:
                held += 1
                source.held += 1
                origin = None if named_id is None or waits_for else self._booked_of(named_id, named, here_booked)
                self._hold(event, source, first + index, attested, waits_for, origin)
                continue
            if attested:
                self.marks[one_id] = Mark(source.name, first + index, event, attested=attested)
            period = self._book(event, source, o, None if named_id is None else self._booked_of(named_id, named, here_booked))
            here_booked[one_id] = period
            if one_id in self.marks:
                self.marks[one_id].booked = period
            total = source.total(period)
            total.first_run = total.first_run or run
            name = calendar.name(period)
            booked[name] = booked.get(name, 0) + 1
            late += period > calendar.of(event.date)
        for one_id in sorted(to_release):
            self._complete_and_release(one_id)
        self._touch_released(t)
        return booked, held, late

    def _check_line(self, event: Event, t: int, say: Say) -> None:
        document = self.life.newest
        if event.date > day_of(t + FOURTEEN_HOURS):
            say(WINDOWS, f"{event.id} is of a later day: event_future")
        if event.type != "fx" and document.calendar.of(event.date) < document.opening:
            say(WINDOWS, f"{event.id} is of before the opening period: EVENT_PERIOD")
        if event.type not in SALE_LIKE:
            return
        last = self.life.last_day(t)
        if event.date < read_date(document.term["from"]):
            say(WINDOWS, f"{event.id} is of before the agreement: before_start")
        if last is not None and event.date > last:
            say(WINDOWS, f"{event.id} is of after the last day: after_end")
        if self.life.paused is not None and event.date >= self.life.paused:
            say(WINDOWS, f"{event.id} is of a pause: while_paused")

    def _booked_of(self, named_id: str, named: dict[str, Any], here: dict[str, int]) -> int:
        """b(x): the period in which the event that another names is booked."""
        if named_id in here:
            return here[named_id]
        if named_id in self.marks and self.marks[named_id].booked is not None:
            return self.marks[named_id].booked
        name, digits = named_id.split("/")
        return max(self.life.newest.calendar.of(read_date(named["date"])), self.sources[name].open_at(int(digits)))

    def _book(self, event: Event, source: Source, o: int, origin: int | None) -> int:
        dated = self.life.newest.calendar.of(event.date)
        if event.type in FACTS:
            period = max(dated, self.life.u)
            self._fact(event.type, period, event)
        else:
            period = max(dated, o, origin if origin is not None else o)
        source.total(period).add(event)
        source.booked_last = max(source.booked_last, period)
        self.engine.book(event, period)
        return period

    def _hold(self, event: Event, source: Source, number: int, attested: set[str], waits_for: str | None, origin: int | None) -> None:
        mark = Mark(source.name, number, event, attested=set(attested), held=True, held_by=waits_for, origin_booked=origin)
        self.marks[event.id] = mark
        if waits_for is not None:
            self.marks[waits_for].holds.add(event.id)

    def _compare_report(self, effects: list[dict[str, Any]], booked: dict[str, int], held: int, say: Say) -> None:
        stated = next((effect for effect in effects if effect.get("kind") == "report"), {})
        if stated.get("booked") != booked or stated.get("held", 0) != held:
            told = {"booked": stated.get("booked"), "held": stated.get("held", 0)}
            self.answer.fail(BOOKING, "the events are booked in other periods", self._place, told, {"booked": booked, "held": held})

    # ---- matching

    def _match(self, event: Event, source: str, notice: bool, to_release: list[str], say: Say) -> set[str]:
        """Pairs the event; returns who attests it by that, and collects the held events that a notice may release."""
        attested: set[str] = set()
        document = self.life.newest
        for element in document.matching:
            if source not in (element["counts"], element["notices"]) or event.type not in element["types"]:
                continue
            reference = event.attrs.get(element["by"])
            if not isinstance(reference, str) or not 1 <= len(reference) <= 200:
                say(BOOKING, f"{event.id} should have been refused: reference_missing")
                continue
            if self.matches.full(element, source, event):
                say(BOOKING, f"{event.id} should have been refused: reference_full")
                continue
            other = self.matches.add(element, source, event, event.id)
            if other is None or element["rule"] != "agree":
                continue
            owner = document.parties[document.sources[element["notices"]]["owner"]]
            if not notice:
                attested.add(owner)
            elif other in self.marks:
                mark = self.marks[other]
                mark.attested.add(owner)
                mark.contradicted.discard(owner)
                to_release.append(other)
        return attested

    # ---- attestation

    def _is_complete(self, mark: Mark) -> bool:
        needed = self.life.newest.attesters(mark.source, mark.event.stated, mark.event.attrs)
        return needed <= mark.attested and not mark.contradicted

    def _complete_and_release(self, one_id: str) -> None:
        mark = self.marks[one_id]
        if mark.held and mark.held_by is None and self._is_complete(mark):
            self._release(one_id, mark)

    def _release(self, one_id: str, mark: Mark) -> None:
        source, last = self._source(mark.source), self._last_period(mark.source)
        dated = self.life.newest.calendar.of(mark.event.date)
        if mark.event.type not in FACTS:
            period = max(dated, self._o(source), mark.origin_booked if mark.origin_booked is not None else dated)
            if last is not None and period > last:
                return
        mark.booked = self._book(mark.event, source, self._o(source), mark.origin_booked)
        mark.held = False
        source.held -= 1
        self._released.append(one_id)
        for other in sorted(mark.holds):
            waiting = self.marks[other]
            waiting.held_by, waiting.origin_booked = None, mark.booked
            self._complete_and_release(other)
        mark.holds.clear()

    def _touch_released(self, t: int) -> None:
        """A release writes the heads of the sources of what it books."""
        for one_id in self._released:
            self._source(self.marks[one_id].source).at = t

    def _compare_released(self, effects: list[dict[str, Any]], computed: list[str], say: Say) -> None:
        stated = next((effect.get("events") for effect in effects if effect.get("kind") == "released"), [])
        if stated != sorted(computed):
            self.answer.fail(BOOKING, "other events are released", self._place, stated, sorted(computed))
        by_source: dict[str, int] = {}
        for one_id in computed:
            mark = self.marks[one_id]
            if mark.booked > self.life.newest.calendar.of(mark.event.date):
                by_source[mark.source] = by_source.get(mark.source, 0) + 1
        for name, count in sorted(by_source.items()):
            self._list("late", f"{count} of the events of source {name} booked later than their date")

    def _word_on(self, one: Instruction, t: int, say: Say) -> list[tuple[str, Mark]]:
        """The events that an attester speaks of, as far as the proofs hold."""
        out, document = [], self.life.newest
        for proof in one.body["proofs"]:
            one_id = proof["id"]
            name, digits = one_id.split("/")
            if name in document.notices:
                say(ROLES, f"{one_id} is a notice: source_of_notices")
                continue
            if name not in self.sources or not proves(proof, self.sources[name]):
                say(BOOKING, f"the proof of {one_id} does not lead to what was reported: proof_wrong")
                continue
            self._not_before(self.sources[name], t, say)
            mark = self.marks.get(one_id)
            if mark is None:
                # Only its own attributes are known here; what it names changes neither its type nor its flags.
                event = event_of(one_id, proof["event"], None, document.terms["currency"])
                booked = max(document.calendar.of(event.date), self.sources[name].open_at(int(digits)))
                mark = Mark(name, int(digits), event, booked=booked)
            if self._owner(name) == one.party:
                say(ROLES, f"{one.party} owns the source of {one_id}: own_event")
            elif one.party not in document.attesters(name, mark.event.stated, mark.event.attrs):
                say(ROLES, f"{one.party} is no attester of {one_id}: not_allowed")
            out.append((one_id, mark))
        return out

    def _attest(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        self._released = []
        words = self._word_on(one, t, say)
        for one_id, mark in words:
            if not mark.held:
                say(BOOKING, f"{one_id} was not held: not_held")
            mark.attested.add(one.party)
            mark.contradicted.discard(one.party)
        for one_id, mark in sorted(words, key=lambda word: word[0]):
            if one_id in self.marks:
                self._complete_and_release(one_id)
        self._touch_released(t)
        self._compare_released(effects, self._released, say)

    def _contradict(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        for one_id, mark in self._word_on(one, t, say):
            mark.contradicted.add(one.party)
            mark.attested.discard(one.party)
            self.marks[one_id] = mark
        self._list("contradicted", f"{one.party} contradicts {', '.join(one.body['events'])}: {one.body['reason']}")

    # ---- declarations

    def _period(self, one: Instruction, say: Say) -> int | None:
        period = self.life.newest.calendar.read(one.body["period"])
        if period is None or period < self.life.newest.opening:
            say(WINDOWS, f"{one.body['period']} is no period of the agreement: period_wrong")
            return None
        return period

    def _may_declare(self, source: Source, period: int, say: Say) -> None:
        name = self.life.newest.calendar.name(period)
        if period < self.life.unsettled:
            say(DECLARED, f"{name} is settled: period_settled")
        elif period == self.life.closing:
            say(DECLARED, f"{name} is being closed: period_closing")
        elif period != self._o(source):
            code = "already_declared" if period < self._o(source) else "declare_in_order"
            say(DECLARED, f"source {source.name} declares {name} out of order: {code}")
        last = self._last_period(source.name)
        if last is not None and last < self._o(source):
            say(WINDOWS, f"source {source.name} has ended: source_ended")

    def _declare(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        period = self._period(one, say)
        if period is None or not self._owns(one, say):
            return
        source, calendar, body = self._source(one.body["source"]), self.life.newest.calendar, one.body
        self._not_before(source, t, say)
        self._may_declare(source, period, say)
        if source.name in self.life.newest.notices:
            say(ROLES, f"source {source.name} is of notices: source_of_notices")
        if calendar.end(period) > day_of(t):
            say(WINDOWS, f"{body['period']} was declared before it was over: period_not_over")
        total = source.total(period)
        stated = body["last"], body["count"], body["held"], stated_totals(body["totals"])
        computed = source.last, total.count, source.held, total.value()
        for name, one_stated, one_computed in zip(("last", "count", "held", "totals"), stated, computed):
            if one_stated != one_computed:
                text = f"source {source.name} declared another {name} for {body['period']}"
                self.answer.fail(DECLARED, text, self._place, _plain(one_stated), _plain(one_computed))
        self._note_declared(source, period, t, sealed=False, effects=effects, say=say)

    def _note_declared(self, source: Source, period: int, t: int, sealed: bool, effects: list[dict[str, Any]], say: Say) -> None:
        total = source.total(period)
        source.declared[period] = Declaration(total.count, total.first_run, source.last, sealed, source.held)
        source.open, source.at = period + 1, t
        source.end_run()
        expected = {
            "kind": "declared",
            "last": source.last,
            "period": self.life.newest.calendar.name(period),
            "sealed": sealed,
            "source": source.name,
        }
        if expected not in effects:
            say(VERDICTS, f"the declaration of source {source.name} is recorded as another")

    def _seal(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        period, name, document = self._period(one, say), one.body["source"], self.life.newest
        if one.party not in document.sides():
            say(ROLES, f"{one.party} is no side: not_allowed")
        if period is None or self._owner(name) is None:
            return
        source = self._source(name)
        self._not_before(source, t, say)
        self._may_declare(source, period, say)
        if t < start_of_day(document.calendar.end(period)) + document.days("grace") * DAY:
            say(WINDOWS, f"source {name} was sealed before the grace was over: grace_running")
        self._list("sealed", f"source {name} was sealed for {one.body['period']} by {one.party}")
        self._note_declared(source, period, t, sealed=True, effects=effects, say=say)

    def _take_back(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        period, document = self._period(one, say), self.life.newest
        if period is None or not self._owns(one, say):
            return
        source = self._source(one.body["source"])
        self._not_before(source, t, say)
        declared = source.declared.get(period)
        if declared is None or period != source.open - 1 or period < self.life.u:
            say(DECLARED, f"source {source.name} takes back {one.body['period']}, which is not its newest: not_newest")
            return
        if declared.sealed or t >= start_of_day(document.calendar.end(period)) + document.days("grace") * DAY:
            say(WINDOWS, f"source {source.name} took {one.body['period']} back too late: grace_over")
        del source.declared[period]
        source.open, source.at = period, t
        source.end_run()

    # ---- claims and adjustments

    def _claim(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        body, document = one.body, self.life.newest
        owner = self._owner(body["source"])
        if one.party not in document.sides():
            say(ROLES, f"{one.party} is no side: not_allowed")
        if owner is None or owner == one.party:
            say(ROLES, f"{one.party} claims of source {body['source']}: {'source_unknown' if owner is None else 'own_event'}")
        day = read_date(body["event"]["date"])
        if day is not None:
            period = max(document.calendar.of(day), document.opening)
            if t >= start_of_day(document.calendar.end(period)) + document.days("claim") * DAY:
                say(WINDOWS, f"{one.party} claims too late: claim_too_late")
            if day > day_of(t + FOURTEEN_HOURS):
                say(WINDOWS, f"{one.party} claims an event of a later day: event_future")
        self.claims[one.hash] = {"source": body["source"], "answered": False, "due": t + document.days("answer") * DAY}
        self._list("claims", f"{one.party} claims an event of source {body['source']}")

    def _claim_answer(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        body = one.body
        claim = self.claims.get(body["claim"])
        if claim is None or claim["answered"]:
            say(ROLES, f"{one.party} answers a claim that is not open: {'claim_unknown' if claim is None else 'claim_answered'}")
            return
        if self._owner(claim["source"]) != one.party:
            say(ROLES, f"{one.party} does not own the source {claim['source']}: not_owner")
        claim["answered"] = True
        late = ", late" if t >= claim["due"] else ""
        if "refusal" in body:
            self._list("claims", f"the claim {body['claim']} was refused: {body['refusal']}{late}")
            return
        name = body["event"].split("/")[0]
        if name != claim["source"] or name not in self.sources or not proves(body["proof"], self.sources[name]):
            say(BOOKING, f"the proof of {body['event']} does not lead to what was reported: proof_wrong")
        self._list("claims", f"the claim {body['claim']} was answered with {body['event']}{late}")

    def _adjust(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        body, document = one.body, self.life.newest
        payer, payee = document.parties.get(body["payer"]), document.parties.get(body["payee"])
        if document.hub not in (body["payer"], body["payee"]) or body["payer"] == body["payee"]:
            say(ROLES, f"{body['payer']} and {body['payee']} adjust without the hub: not_with_hub")
        owners = {signature.owner for signature in one.signatures}
        if {payer, payee} != owners:
            say(ROLES, f"not both of {body['payer']} and {body['payee']} signed: not_both_sides")
        period = self._period(one, say)
        if period is None:
            return
        if period >= self.life.unsettled:
            say(WINDOWS, f"{body['period']} was adjusted before it was settled: period_not_settled")
        line = {
            "amount": shown(read_amount(body["amount"])),
            "from": body["payer"],
            "hash": one.hash,
            "period": body["period"],
            "reason": body["reason"],
            "to": body["payee"],
        }
        self.agreed.setdefault(self.life.u, []).append(line)
        self.life.at = t
        settled_in = document.calendar.name(self.life.u)
        expected = {"amount": line["amount"], "from": line["from"], "kind": "adjusted", "period": settled_in, "to": line["to"]}
        if expected not in effects:
            say(VERDICTS, "the adjustment is recorded as another")
        self._list("adjusted", f"{body['payer']} and {body['payee']} agreed on {body['amount']} for {body['period']}: {body['reason']}")

    # ---- closing (sections 8 and 9)

    def _close(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        period, document = self._period(one, say), self.life.newest
        if period is None:
            return
        calendar, name = document.calendar, one.body["period"]
        if self.life.closing is not None or period != self.life.unsettled:
            say(PERIODS, f"{name} is closed, and the next period is {calendar.name(self.life.unsettled)}")
            return
        if calendar.end(period) > day_of(t):
            say(WINDOWS, f"{name} was closed before it was over: period_not_over")
        if one.party not in document.closers():
            if one.party not in document.sides():
                say(ROLES, f"{one.party} may not close: not_allowed")
            elif t < start_of_day(calendar.end(period)) + document.days("close") * DAY:
                say(ROLES, f"{one.party} may not close yet: not_closer_yet")
        self._check_declared(period, say)
        self.life.closing, self.life.at = period, t
        self._pages = {}
        self._close_record = self._begun(period, say) if any(effect.get("kind") == "closing" for effect in effects) else None
        self._collect_pages(period)
        self.go_on(period, effects, t, say, self._place, first=True)

    def _check_declared(self, period: int, say: Say) -> None:
        document = self.life.in_effect(period) or self.life.newest
        for name, source in document.sources.items():
            first = document.calendar.read(source["first"])
            last = document.calendar.read(source["last"]) if "last" in source else period
            if name in document.notices or not first <= period <= last:
                continue
            if name not in self.sources or period not in self.sources[name].declared:
                say(DECLARED, f"source {name} neither declared {document.calendar.name(period)} nor was sealed")

    def _begun(self, period: int, say: Say) -> dict[str, Any] | None:
        """The `cls` that the first step wrote, whose rules may be others than ours (pack-1 section 6.2)."""
        name = self.life.newest.calendar.name(period)
        record = _read(self.writes.get(f"cls/{self.id}/{name}"))
        if not isinstance(record, dict) or set(record) != {"done", "pages", "parts", "rules", "settlement"} or record["done"] != 0:
            say(VERDICTS, f"the record of the close of {name} has another form")
            return None
        period_form = "[1-9][0-9]{3}(-(0[1-9]|1[0-2])|-Q[1-4])?"
        own = re.compile(f"(set|roll)/{self.id}/{name}/[1-9][0-9]*|past/{self.id}/{period_form}/{name}/(sums|singles)/[1-9][0-9]*")
        pages = record["pages"]
        if not isinstance(pages, list) or not all(isinstance(one, str) and own.fullmatch(one) for one in pages) or not ascending(pages):
            say(VERDICTS, f"the close of {name} names pages that are not its own")
            return None
        return record

    def _collect_pages(self, period: int) -> None:
        """Keeps the pages of lines that the steps write, until they are compared."""
        start = f"set/{self.id}/{self.life.newest.calendar.name(period)}/"
        self._pages.update({key: value for key, value in self.writes.items() if key.startswith(start) and value is not None})

    def go_on(self, period: int, effects: list[dict[str, Any]], t: int, say: Say, place: str, first: bool = False) -> None:
        """What a `close` or a `step` says that it did: parts are left, it settled, or other rules undid the close."""
        self._place = place
        kinds = [effect.get("kind") for effect in effects]
        name = self.life.newest.calendar.name(period)
        self.life.at = t
        if not first:
            self._collect_pages(period)
        if "close_undone" in kinds:
            self._undone(name, effects[kinds.index("close_undone")], say)
            self.life.closing = None
        elif "settlement" in kinds:
            if self._close_record is not None and self.writes.get(f"cls/{self.id}/{name}", b"") is not None:
                say(VERDICTS, f"the record of the close of {name} was not deleted")
            self._settle(period, effects[kinds.index("settlement")], t, say)
            self._close_record = None
            for effect in effects:
                if effect.get("kind") == "state" and effect.get("state") == "closed":
                    self.life.state = "closed"
        elif not first:
            self._went_on(name, say)

    def _went_on(self, name: str, say: Say) -> None:
        """A step that is not the last adds one to `done`, and writes nothing but its pages."""
        if self._close_record is None:
            return
        expected = self._close_record | {"done": self._close_record["done"] + 1}
        key = f"cls/{self.id}/{name}"
        if self.writes.get(key) != canonical(expected):
            say(VERDICTS, f"a step of the close of {name} does not go on where the one before ended")
        self._close_record = expected
        others = {one for one in self.writes if one != key and not one.startswith(f"agr/{self.id}")} - set(expected["pages"])
        if others:
            say(VERDICTS, f"a step of the close of {name} writes {', '.join(sorted(others))}")

    def _undone(self, name: str, effect: dict[str, Any], say: Say) -> None:
        record, began, rules = self._close_record, effect.get("began"), effect.get("rules")
        place = self._place.removesuffix(", item 0")
        self.answer.list("undone", f"the close of {name}, begun by rules {began}, was undone by rules {rules}", place)
        self._close_record, self._pages = None, {}
        if record is None:
            return
        numbers = type(began) is int and type(rules) is int and set(effect) == {"began", "kind", "period", "rules"}
        if not numbers or began == rules or began != record["rules"] or effect.get("period") != name:
            say(VERDICTS, f"the close of {name} was begun by rules {record['rules']}, and not undone by others")
        deleted = {f"cls/{self.id}/{name}", *record["pages"]}
        if {one for one, value in self.writes.items() if value is None} != deleted or set(self.writes) != deleted | {f"agr/{self.id}"}:
            say(VERDICTS, f"what undid the close of {name} does not leave the period as it was")

    def _settle(self, period: int, stated: dict[str, Any], t: int, say: Say) -> None:
        document = self.life.in_effect(period)
        name = self.life.newest.calendar.name(period)
        self.life.closing, self.life.settled = None, period
        self.life.unsettled = period + 1
        if stated.get("period") != name:
            say(PERIODS, f"{name} is closed, and another period is said to be settled")
        if document is None or self.blocked is not None:
            return
        self._check_balance(name, say)
        if self._other_rules(name, stated, say):
            return
        try:
            record, lines = self._compute(document, period, say)
        except Refused as refused:
            say(SETTLED, f"{name} cannot be settled: {', '.join(refused.codes)}")
            self.blocked = f"{name} could not be computed, nor what follows from it"
            self.answer.leave(SETTLED, self.blocked)
            return
        written = _read(self.writes.get(f"set/{self.id}/{name}"))
        written = written if isinstance(written, dict) else {}
        if written.get("previous") != self.previous:
            text = f"the settlement of {name} does not go on from the one before"
            self.answer.fail(PERIODS, text, self._place, written.get("previous"), self.previous)
        raw = canonical(record)
        self.settlements[name] = raw, record["postings"], len(lines)
        if stated.get("hash") != sha256(raw) or stated.get("postings") != record["postings"] or stated.get("count") != len(lines):
            told = {one: stated.get(one) for one in ("count", "hash", "postings")}
            found = {"count": len(lines), "hash": sha256(raw), "postings": record["postings"]}
            self.answer.fail(SETTLED, f"the settlement of {name} is another", self._place, told, found)
        if self.writes.get(f"set/{self.id}/{name}") != raw:
            self.answer.fail(SETTLED, f"the settlement of {name} is written as another", self._place)
        self._compare_pages(name, lines, say)
        self._pages = {}
        self.previous = sha256(raw)
        self.items = self._open_items(document, record, t)

    def _other_rules(self, name: str, stated: dict[str, Any], say: Say) -> bool:
        """Is it a settlement of rules or of an engine that this verifier does not have? Then nothing after it is computed."""
        raw = self.writes.get(f"set/{self.id}/{name}") or b""
        record = _read(raw)
        rules, engine = (str(record.get(one, "")) for one in ("rules", "engine")) if isinstance(record, dict) else ("", "")
        self.rules.add(rules)
        self.engines.add(engine)
        if (rules, engine) == (RULES, ENGINE) and (self.accepted is None or ENGINE in self.accepted):
            return False
        if stated.get("hash") != sha256(raw):
            say(VERDICTS, f"the settlement of {name} has another hash than the verdict says")
        if rules == RULES and engine != ENGINE:
            say(SETTLED, f"the settlement of {name} is of rules {rules}, which have no engine {engine}")
        self.blocked = f"{name} was settled by rules {rules} and engine {engine}, which are not known or not accepted here"
        self.answer.leave(SETTLED, self.blocked)
        return True

    def _compare_pages(self, name: str, lines: list[bytes], say: Say) -> None:
        """The lines as the ledger keeps them: each page has as many as fit."""
        pages, page, size = {}, [], 0
        frame = len(b'{"lines":[]}')
        for line in lines:
            more = len(line) + (1 if page else 0)
            if page and frame + size + more > PAGE:
                pages[f"set/{self.id}/{name}/{len(pages) + 1}"] = b'{"lines":[' + b",".join(page) + b"]}"
                page, size, more = [], 0, len(line)
            page.append(line)
            size += more
        if page:
            pages[f"set/{self.id}/{name}/{len(pages) + 1}"] = b'{"lines":[' + b",".join(page) + b"]}"
        if pages == self._pages:
            return
        told = [_lines(self._pages[key]) for key in sorted(self._pages, key=lambda one: (len(one), one))]
        found = [line for page_lines in told for line in page_lines or ()]
        if found == [json.loads(line) for line in lines]:
            say(VERDICTS, f"the pages of lines of {name} are cut or spelled in another way")
        else:
            say(SETTLED, f"the lines of {name} are written as others")

    def _check_balance(self, name: str, say: Say) -> None:
        """What is written, whether it is right or not: each account was carried, earned, and is paid or carried on."""
        record = _read(self.writes.get(f"set/{self.id}/{name}"))
        told = [line for page in self._pages.values() for line in _lines(page) or ()]
        try:
            sums: dict[str, int] = {}
            for line in told:
                sums[line["to"]] = sums.get(line["to"], 0) + int(line["amount"])
                sums[line["from"]] = sums.get(line["from"], 0) - int(line["amount"])
            carried = {party: int(one) for party, one in record["balances"].get("carried", {}).items()}
            for party, pay in record["payments"].items():
                balance = self._carried.get(party, 0) + sums.get(party, 0) - int(pay)
                if balance != carried.get(party, 0):
                    text = f"the account of {party} does not balance in {name}"
                    self.answer.fail(ZERO_SUM, text, self._place, carried.get(party, 0), balance)
            self._carried = carried
        except (ValueError, KeyError, TypeError, AttributeError):
            say(ZERO_SUM, f"the settlement of {name} is not written as one")

    def _compute(self, document: Document, period: int, say: Say) -> tuple[dict[str, Any], list[bytes]]:
        self.engine.under(document.terms)
        self.engine.settled = period - 1
        settled = self.engine.settle()
        lines = [canonical(line) for line in settled.lines]
        self.number += 1
        calendar = document.calendar
        consumed = []
        for name in sorted(self.sources):
            source = self.sources[name]
            declared = source.declared.pop(period, None)
            source.totals.pop(period, None)
            if declared is not None and name in document.sources:
                consumed.append(
                    {"count": declared.count, "from": declared.first, "last": declared.last, "sealed": declared.sealed, "source": name}
                )
        facts = {}
        for kind, listed in self.facts.pop(period, {}).items():
            facts[kind] = {"count": len(listed), "root": merkle_root(leaf for _, _, leaf in sorted(listed))}
        record = {
            "agreed": self.agreed.pop(period, []),
            "agreement": self.id,
            "balances": settled.balances,
            "consumed": consumed,
            "count": len(lines),
            "engine": ENGINE,
            "facts": facts,
            "number": self.number,
            "payments": settled.payments,
            "period": calendar.name(period),
            "postings": merkle_root(lines),
            "previous": self.previous,
            "rules": RULES,
            "settlement": "1",
            "terms": sha256(spelled(document.terms)),
            "version": document.hash,
        }
        return record, lines

    def _open_items(self, document: Document, record: dict[str, Any], t: int) -> dict[str, bytes]:
        """One open item for each party of the payments, and for each that only an agreed line names."""
        agreed = {party: 0 for party in record["payments"]}
        for line in record["agreed"]:
            amount = int(line["amount"])
            for party, sign in ((line["to"], 1), (line["from"], -1)):
                if party != document.hub:
                    agreed[party] = agreed.get(party, 0) + sign * amount
        due = date_text(day_of(t) + self.life.newest.stated.get("payment", {}).get("netDays", 30))
        items = {
            party: {"agreed": shown(one), "computed": record["payments"].get(party, 0), "disputed": 0, "due": due, "paid": 0}
            for party, one in agreed.items()
        }
        return {f"itm/{self.id}/{record['period']}": canonical({"items": items})}

    # ---- what the ledger keeps

    def written(self) -> dict[str, bytes]:
        """The heads as they are after a transaction, to be compared with what it wrote of them."""
        out = {}
        if self.life.current is not None:
            out[f"agr/{self.id}"] = canonical(self.life.head())
        for name, source in self.sources.items():
            if f"src/{self.id}/{name}" in self.writes:
                out[f"src/{self.id}/{name}"] = canonical(self._source_head(source))
        return out

    def _source_head(self, source: Source) -> dict[str, Any]:
        calendar = self.life.newest.calendar
        record = {
            "at": time_of(source.at),
            "held": source.held,
            "last": source.last,
            "lastRun": source.last_run,
            "open": calendar.name(source.open),
        }
        if source.booked_last:
            record["booked"] = calendar.name(source.booked_last)
        return record

    # ---- at the end

    def finish(self) -> None:
        for name in sorted(self.sources):
            if self.sources[name].held:
                self.answer.list("held", f"{self.sources[name].held} events of source {name} are still held", "pack.json")
        for (_, kind, reference), waiting in sorted(self.matches.waiting.items()):
            told = ", ".join(f"{one_id} says {canonical(said).decode()}" for one_id, said in sorted(waiting, key=self._counts_first))
            sides = {one_id.split("/")[0] for one_id, _ in waiting}
            what = "the two differ" if len(sides) > 1 else "only one side has it"
            self.answer.list("matched", f'{kind} "{reference}": {what}: {told}', "pack.json")

    def _counts_first(self, one: tuple[str, Any]) -> tuple[bool, str]:
        return one[0].split("/")[0] in self.life.newest.notices, one[0]


def _read(raw: bytes | None) -> Any:
    try:
        return None if raw is None else read_json(raw)
    except Fault:
        return None


def _lines(page: bytes | None) -> list[Any] | None:
    """The lines of a page, in whatever spelling."""
    try:
        return None if page is None else json.loads(page)["lines"]
    except (ValueError, KeyError, TypeError):
        return None


def _plain(value: Any) -> Any:
    """A computed value as JSON has it."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
