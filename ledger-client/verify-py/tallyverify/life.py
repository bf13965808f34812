"""The life of an agreement: offers, votes, notices, and who may do what when (instruction-1 section 6.3, agreement-1)."""

from __future__ import annotations

from typing import Any, Callable

from . import motions
from .document import Document, amendment_codes, classes_of, form_codes, meaning_codes
from .forms import DAY, date_text, day_of, read_date, seconds, sha256, spelled, time_of
from .instruction import Instruction
from .motions import Motion, Vote
from .registry import Registry
from .terms_checks import codes_of
from .text import rendered

WEEK, OFFER_DAYS = 7 * DAY, 90
_NOT_SUPPORTED = (("/payment/chain", "chain"), ("/payment/token", "token"))

# Checks by short names; `say` adds where it was.
VERSION, ROLES, GOVERNANCE, WINDOWS, TIME = (
    "accuracy.version",
    "authorization.roles",
    "authorization.governance",
    "cutoff.windows",
    "cutoff.time",
)
Say = Callable[[str, str], None]


class Offer:
    def __init__(self, document: Document, by: str, expires: int, instruction: str, motion: str | None = None) -> None:
        self.document = document
        self.by = by
        self.expires = expires
        self.accepted = {by: instruction} if motion is None else {}
        self.motion = motion
        self.ended: str | None = None


class Life:
    """Head, versions, offers, motions and notices of one agreement, as the applied acts make them."""

    def __init__(self, agreement: str, registry: Registry) -> None:
        self.id = agreement
        self._registry = registry
        self.state = "none"
        self.at = 0
        self.offer: Offer | None = None
        self.offers: dict[str, Offer] = {}
        self.versions: list[tuple[Document, int]] = []
        self.motions: dict[str, Motion] = {}
        self.notices: dict[str, dict[str, Any]] = {}
        self.ends: int | None = None
        self.paused: int | None = None
        self.made = 0
        self.settled: int | None = None
        self.unsettled = 0
        self.closing: int | None = None
        self.parties_ever: set[str] = set()
        self.on_made: Callable[[dict[str, Any]], None] = lambda event: None
        self.on_adopted: Callable[[Document], None] = lambda document: None

    # ---- what it is now

    @property
    def newest(self) -> Document | None:
        return self.versions[-1][0] if self.versions else None

    @property
    def current(self) -> Document | None:
        """The newest version; before anything was adopted, that of the last offer."""
        return self.newest or (self.offer.document if self.offer else None)

    @property
    def u(self) -> int:
        """The first period neither settled nor closing."""
        return self.unsettled if self.closing is None else self.closing + 1

    def in_effect(self, period: int) -> Document | None:
        found = [document for document, _ in self.versions if document.starts <= period]
        return found[-1] if found else None

    def last_day(self, t: int) -> int | None:
        return self.newest.last_day(day_of(t), self.ends) if self.newest else None

    def phase(self, t: int) -> str:
        """The state with what the clock adds to it."""
        if self.state == "offered" and self.offer and t >= self.offer.expires:
            return "lapsed"
        if self.state in ("active", "paused"):
            last = self.last_day(t)
            if last is not None and day_of(t) > last:
                return "run-off"
        return self.state

    def head(self) -> dict[str, Any]:
        """The head as the ledger keeps it (ledger-1 section 4)."""
        document = self.current
        calendar = document.calendar
        record: dict[str, Any] = {
            "at": time_of(self.at),
            "made": self.made,
            "state": self.state,
            "unsettled": calendar.name(self.unsettled if self.versions else document.opening),
            "versions": [{"at": time_of(at), "hash": one.hash, "starts": one.stated["starts"]} for one, at in self.versions[-50:]],
        }
        if self.versions:
            record |= {"newest": self.newest.hash, "number": self.newest.stated["number"]}
        elif self.offer is not None:
            record["offer"] = self.offer.document.hash
        for name, period in (("closing", self.closing), ("settled", self.settled)):
            if period is not None:
                record[name] = calendar.name(period)
        for name, day in (("ends", self.ends), ("paused", self.paused)):
            if day is not None:
                record[name] = date_text(day)
        return record

    # ---- what every act is asked for

    def check_common(self, one: Instruction, t: int, say: Say) -> None:
        """Who is bound, the window, the state and the version that the act names."""
        act, party, body = one.act, one.party, one.body
        if t < seconds(one.payload["from"]):
            say(WINDOWS, f"{act} of {party} was before its window: not_yet_valid")
        if t >= seconds(one.payload["until"]):
            say(WINDOWS, f"{act} of {party} was after its window: expired")
        if act == "offer":
            if not self.id.startswith(party + "/"):
                say(ROLES, f"the offer of {self.id} is not {party}'s: not_a_party")
            return
        document = self.current
        if document is None:
            say(GOVERNANCE, f"{act} of {party} before any offer: agreement_unknown")
            return
        bound = document.bound()
        if act in ("accept", "decline") and self._amendment(one.payload["version"]):
            bound = bound | self.offers[one.payload["version"]].document.bound()
        if act == "amend":
            bound = bound | {given["party"] for given in document.governance.get("successors", {}).values()}
        if party not in bound:
            say(ROLES, f"{act} of {party}, who is not bound: not_a_party")
        if t < self.at and act not in ("report", "declare", "take-back", "seal", "attest", "contradict"):
            say(TIME, f"{act} of {party} is earlier than the act before it: too_early")
        if act not in ("offer", "counter", "accept", "decline", "withdraw", "amend"):
            self._check_version(one, t, say)
        self._check_state(one, t, say)

    def _amendment(self, version: str) -> bool:
        return version in self.offers and self.offers[version].motion is not None

    def _check_version(self, one: Instruction, t: int, say: Say) -> None:
        version = one.payload["version"]
        if not self.versions:
            return  # no version is in force: a fault of the state
        allowed = [self.versions[-1][0].hash] if self.versions else []
        if len(self.versions) > 1 and t < self.versions[-1][1] + WEEK:
            allowed.append(self.versions[-2][0].hash)
        if version not in allowed:
            say(VERSION, f"{one.act} of {one.party} names another version than the newest: version_wrong")

    def _check_state(self, one: Instruction, t: int, say: Say) -> None:
        act, phase = one.act, self.phase(t)
        if act in ("counter", "accept", "decline", "withdraw"):
            return
        if phase in ("offered", "closed", "lapsed", "none"):
            say(GOVERNANCE, f"{act} of {one.party} while the agreement is {phase}")

    # ---- acts

    def apply(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        act = {
            "offer": self._offer,
            "counter": self._counter,
            "accept": self._accept,
            "decline": self._decline,
            "withdraw": self._withdraw,
            "amend": self._amend,
            "motion": self._motion,
            "vote": self._vote,
            "execute": self._execute,
            "notice": self._notice,
        }[one.act]
        act(one, effects, t, say)

    def _read_document(self, one: Instruction, say: Say, first: bool) -> Document | None:
        """The document that was signed, if its form holds; all its other checks are said."""
        stated = one.body["document"]
        if sha256(spelled(stated)) != one.payload["version"]:
            say(VERSION, f"the document of {one.act} has another hash than the version signed: version_wrong")
        codes = form_codes(stated)
        if codes:
            say(VERSION, f"the document is refused: {', '.join(sorted(codes))}")
            return None
        if first and (stated["number"] != 1 or "supersedes" in stated):
            say(VERSION, "it is no first version: not_first_offer")
        payment = stated.get("payment", {})
        if stated["home"]["kind"] == "private" or payment.get("payoutOn") == "chain" or any(name in payment for _, name in _NOT_SUPPORTED):
            say(VERSION, "the document asks for what is not enforced: not_supported_yet")
        codes = codes_of(stated["terms"])
        if codes:
            say(VERSION, f"the terms are refused: {', '.join(sorted(codes))}")
            return None
        document = Document(stated)
        codes = meaning_codes(document, self.id)
        if codes:
            say(VERSION, f"the document is refused: {', '.join(sorted(codes))}")
        return document if document.opening is not None and document.starts is not None else None

    def _open_offer(self, one: Instruction, t: int, say: Say) -> None:
        document = self._read_document(one, say, first=True)
        expires = seconds(one.body["expires"])
        if not t < expires <= seconds(one.payload["from"]) + OFFER_DAYS * DAY:
            say(WINDOWS, f"the offer ends too early or too late: expires_wrong")
        if document is None:
            return
        if one.party not in document.sides():
            say(ROLES, f"{one.party} is no side of its offer: not_allowed")
        self.offer = self.offers[document.hash] = Offer(document, one.party, expires, one.hash)
        self.parties_ever |= document.bound()
        self.state, self.at = "offered", t

    def _offer(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        if self.phase(t) not in ("none", "lapsed"):
            say(GOVERNANCE, "the agreement is there already: agreement_known")
        self._open_offer(one, t, say)

    def _counter(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        to = self.offers.get(one.body["to"])
        if to is None or to is not self.offer or to.ended or self.phase(t) != "offered":
            say(GOVERNANCE, "what it counters is not open: offer_ended")
        elif one.party not in to.document.sides():
            say(ROLES, f"{one.party} is no side of what it counters: not_allowed")
        elif one.payload["version"] == to.document.hash:
            say(GOVERNANCE, "it is the same offer again: same_offer")
        if to is not None:
            to.ended = "countered"
        self._open_offer(one, t, say)

    def _adopt(self, document: Document, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        stated = next((effect for effect in effects if effect.get("kind") == "version"), {})
        expected = {"kind": "version", "number": document.stated["number"], "starts": document.stated["starts"], "version": document.hash}
        if stated != expected:
            say("accuracy.verdicts", "the version that is said to be adopted is another")
        if not self.versions:
            self.unsettled, self.state = document.opening, "active"
        self.versions.append((document, t))
        self.at = t
        self.on_adopted(document)

    def _accept(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        version = one.payload["version"]
        offer = self.offers.get(version)
        if offer is None:
            say(GOVERNANCE, f"{one.party} accepts what was not offered: offer_unknown")
            return
        if "text" in one.body and one.body["text"] != sha256(rendered(offer.document.terms).encode()):
            say(VERSION, f"{one.party} read another text than the terms say: text_wrong")
        if offer.motion is not None:
            self._accept_amendment(one, offer, effects, t, say)
            return
        if offer.ended or offer is not self.offer or self.phase(t) != "offered":
            say(GOVERNANCE, f"{one.party} accepts an offer that has ended: offer_ended")
        if one.party not in offer.document.must_accept():
            say(ROLES, f"{one.party} need not accept: not_allowed")
        if one.party in offer.accepted:
            say(GOVERNANCE, f"{one.party} has accepted already: already_accepted")
        offer.accepted[one.party] = one.hash
        self.at = t
        complete = offer.document.must_accept() <= set(offer.accepted)
        stated = any(effect.get("kind") == "version" for effect in effects)
        if stated and not complete:
            missing = sorted(offer.document.must_accept() - set(offer.accepted))
            say(GOVERNANCE, f"a version was adopted without {', '.join(missing)}")
        if complete and not stated:
            say(GOVERNANCE, "all have accepted, and the version was not adopted")
        if stated:
            offer.ended = "adopted"
            self._adopt(offer.document, effects, t, say)

    def _decline(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        offer = self.offers.get(one.payload["version"])
        if offer is None or (offer.motion is None and offer.ended):
            say(GOVERNANCE, f"{one.party} declines what is not open: offer_ended")
            return
        if offer.motion is not None:
            self._decline_amendment(one, offer, effects, t, say)
            return
        if one.party not in offer.document.must_accept():
            say(ROLES, f"{one.party} need not accept: not_allowed")
        offer.ended, self.state, self.at = "declined", "lapsed", t

    def _withdraw(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        if "motion" in one.body:
            motion = self._open_motion(one.body["motion"], t, say)
            if motion is not None:
                if motion.by != one.party:
                    say(ROLES, f"{one.party} did not move what it withdraws: not_yours")
                self._end(motion, t)
            return
        offer = self.offers.get(one.payload["version"])
        if offer is None or offer.ended:
            say(GOVERNANCE, f"{one.party} withdraws what is not open: offer_ended")
            return
        if offer.by == one.party:
            offer.ended, self.state = "withdrawn", "lapsed"
        elif offer.accepted.pop(one.party, None) is None:
            say(ROLES, f"{one.party} did not accept what it withdraws: not_yours")
        self.at = t

    # ---- motions

    def _open_motion(self, name: str, t: int, say: Say) -> Motion | None:
        motion = self.motions.get(name)
        if motion is None:
            say(GOVERNANCE, "there is no such motion: motion_unknown")
        elif motion.ended or t >= motion.expires:
            say(GOVERNANCE, "the motion has ended: motion_ended")
        return motion

    def _end(self, motion: Motion, t: int) -> None:
        motion.ended = True
        if motion.document is not None and motion.document.hash in self.offers:
            self.offers[motion.document.hash].ended = "declined"

    def _holder(self, one: Instruction) -> str | None:
        return self._registry.keys.get(one.signatures[0].kid, {}).get("holder")

    def _move(self, one: Instruction, motion: Motion, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        if not t < motion.expires <= motions.latest_expiry(motion.ballots, t):
            say(WINDOWS, "the motion ends too early or too late: expires_wrong")
        self.motions[motion.hash] = motion
        holder = self._holder(one)
        if any(effect.get("kind") == "vote" for effect in effects):
            self._cast(motion, one.party, holder, "yes", t, say, moving=True)
        self._carry(motion, one, effects, t, say)

    def _amend(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        under, document = self.newest, self._read_document(one, say, first=False)
        if under is None or document is None:
            return
        agreed = motions.succession(under, document)
        successors = {given["party"] for given in agreed.values()} if agreed else set()
        if one.party not in under.movers() | successors:
            say(ROLES, f"{one.party} may not move an amendment: not_allowed")
        if document.stated["number"] != under.stated["number"] + 1 or document.stated.get("supersedes") != under.hash:
            say(VERSION, "it does not supersede the newest version: supersedes_wrong")
        self._check_amendment(under, document, t, say)
        classes = classes_of(under, document)
        if one.body["class"] != classes[0]:
            say(VERSION, f"it is of class {classes[0]}: class_wrong")
        if self.phase(t) == "run-off" and classes[0] not in ("seat", "succeed", "appoint"):
            say(GOVERNANCE, "it amends an agreement in its run-off: agreement_in_run_off")
        open_ones = [other for other in self.motions.values() if other.document and other.document.hash == document.hash]
        if any(not other.ended and t < other.expires for other in open_ones):
            say(GOVERNANCE, "the same document is moved already: motion_open")
        expires = seconds(one.body["expires"])
        ballots = motions.ballots_of(under, classes, t, expires, agreed)
        motion = Motion(one.hash, one.party, t, expires, under, ballots, document=document)
        offer = self.offers[document.hash] = Offer(document, one.party, expires, one.hash, motion=one.hash)
        self.parties_ever |= document.bound()
        if one.party in motions.must_enter(motion):
            offer.accepted[one.party] = one.hash
        self._move(one, motion, effects, t, say)

    def _check_amendment(self, under: Document, document: Document, t: int, say: Say) -> None:
        named = {name for version, _ in self.versions for name in version.sources}
        codes = amendment_codes(under, document, t, self.u, self.ends, named)
        early = codes & {"starts_too_soon", "last_wrong"}
        if early:
            say(WINDOWS, f"the amendment is too late for what it changes: {', '.join(sorted(early))}")
        if codes - early:
            say(VERSION, f"the amendment may not follow the version before: {', '.join(sorted(codes - early))}")

    def _motion(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        under, decision = self.newest, one.body["decision"]
        if under is None:
            return
        if one.party not in under.movers() and not self._by_notifier(one.party, decision):
            say(ROLES, f"{one.party} may not move: not_allowed")
        expires = seconds(one.body["expires"])
        alone = self._by_notifier(one.party, decision)
        ballots = [] if alone else motions.ballots_of(under, [decision["kind"]], t, expires, None)
        motion = Motion(one.hash, one.party, t, expires, under, ballots, decision=decision)
        if alone:
            self.motions[motion.hash] = motion
            self._carry(motion, one, effects, t, say)
            return
        self._check_decision(decision, t, say)
        self._move(one, motion, effects, t, say)

    def _by_notifier(self, party: str, decision: dict[str, Any]) -> bool:
        """Does the notifier of a breach end the agreement alone?"""
        if self.newest is None or self.newest.governance.get("breach") != "notifier" or decision.get("cause") != "breach":
            return False
        notice = self.notices.get(decision.get("notice", ""))
        return notice is not None and notice["by"] == party

    def _check_decision(self, decision: dict[str, Any], t: int, say: Say) -> None:
        kind, phase = decision["kind"], self.phase(t)
        if kind in ("pause", "continue", "terminate") and phase == "run-off":
            say(GOVERNANCE, "it is in its run-off: agreement_in_run_off")
        elif kind == "pause" and self.state == "paused":
            say(GOVERNANCE, "it is paused already: agreement_paused")
        elif kind == "continue" and self.state != "paused":
            say(GOVERNANCE, "it is not paused: agreement_not_paused")
        elif kind == "terminate":
            last, now = read_date(decision["last"]), self.last_day(t)
            if last < day_of(t) or (now is not None and last >= now):
                say(GOVERNANCE, "the last day is not from that day on and before the one that is: decision_wrong")
            if decision["cause"] == "breach":
                notice = self.notices.get(decision.get("notice", ""))
                if notice is None or notice["kind"] != "breach" or notice.get("ended"):
                    say(GOVERNANCE, "there is no notice of the breach: notice_missing")
                elif t < notice["at"] + self.newest.term.get("cureDays", 30) * DAY:
                    say(GOVERNANCE, "the breach may still be cured: cure_running")
        elif kind in ("suspend", "resume"):
            if decision["party"] not in self.newest.parties or decision["party"] == self.newest.hub:
                say(GOVERNANCE, "nobody whose payments can be suspended: decision_wrong")

    def _cast(self, motion: Motion, party: str, holder: str | None, choice: str, t: int, say: Say, moving: bool = False) -> None:
        cast = False
        for ballot in motion.ballots:
            seats = motions.may_vote(ballot, self.newest, party, holder)
            if not seats or (choice != "none" and (ballot.decided is not None or t >= ballot.deadline)):
                continue
            if choice != "none" and motions.same_holder(ballot, seats, party, holder):
                if not moving:
                    say(GOVERNANCE, f"{party} votes on two seats: same_holder")
                continue
            cast = True
            for seat in seats:
                if choice == "none":
                    ballot.votes.pop(seat, None)
                else:
                    ballot.votes[seat] = Vote(choice, party, holder, t)
            motions.note_decision(ballot, self.newest, t)
        if not cast:
            say(GOVERNANCE, f"{party} has no vote: no_vote")

    def _vote(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        motion = self._open_motion(one.body["motion"], t, say)
        if motion is not None:
            self._cast(motion, one.party, self._holder(one), one.body["choice"], t, say)
            self._carry(motion, one, effects, t, say)

    def _execute(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        if self.newest is not None and one.party not in self.newest.sides():
            say(ROLES, f"{one.party} is no side: not_allowed")
        motion = self._open_motion(one.body["motion"], t, say)
        if motion is not None:
            self._carry(motion, one, effects, t, say)

    def _accept_amendment(self, one: Instruction, offer: Offer, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        motion = self._open_motion(offer.motion, t, say)
        if motion is None:
            return
        enters = one.party in motions.must_enter(motion)
        if enters:
            offer.accepted[one.party] = one.hash
        if any(effect.get("kind") == "vote" for effect in effects):
            self._cast(motion, one.party, self._holder(one), "yes", t, say)
        elif not enters:
            say(ROLES, f"{one.party} neither enters nor has a vote: not_allowed")
        self._carry(motion, one, effects, t, say)

    def _decline_amendment(self, one: Instruction, offer: Offer, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        motion = self._open_motion(offer.motion, t, say)
        if motion is None:
            return
        if one.party in motions.must_enter(motion):
            self._end(motion, t)
            return
        self._cast(motion, one.party, self._holder(one), "no", t, say)
        self._carry(motion, one, effects, t, say)

    def _carry(self, motion: Motion, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        """Counts again what is said to be carried out, and does it."""
        decided = next((effect for effect in effects if effect.get("kind") == "decided"), None)
        carried = decided is not None and decided.get("carried") is True
        changes = [effect for effect in effects if effect.get("kind") in ("version", "state", "made")]
        if decided is None and not changes:
            return
        if decided is not None and decided.get("motion") != motion.hash:
            say(GOVERNANCE, "another motion is said to be decided")
        if not carried:
            if changes:
                say(GOVERNANCE, "something was carried out that nothing decided")
            self._end(motion, t)
            return
        lacks = motions.not_carried(motion, self.newest, t)
        if lacks is not None:
            say(GOVERNANCE, f"what was carried out had not what its rules ask for: {lacks}")
        if motion.document is not None:
            self._carry_amendment(motion, effects, t, say)
        else:
            self._carry_decision(motion, effects, t, say)
        motion.ended = True

    def _carry_amendment(self, motion: Motion, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        document, under = motion.document, self.newest
        offer = self.offers[document.hash]
        missing = motions.must_enter(motion) - set(offer.accepted)
        if missing:
            say(GOVERNANCE, f"a version was adopted without {', '.join(sorted(missing))}, who enter: not_accepted_yet")
        if document.stated.get("supersedes") != under.hash:
            say(VERSION, "another version came first: supersedes_wrong")
        self._check_amendment(under, document, t, say)
        if under.term != document.term:
            self.ends = None
        offer.ended = "adopted"
        self._adopt(document, effects, t, say)

    def _carry_decision(self, motion: Motion, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        decision = motion.decision
        self._check_decision(decision, t, say)
        self.at = t
        if decision["kind"] == "pause":
            self.state, self.paused = "paused", day_of(t)
        elif decision["kind"] == "continue":
            self.state, self.paused = "active", None
        elif decision["kind"] == "terminate":
            self.ends = read_date(decision["last"])
        else:
            self.made += 1
            self.on_made({"kind": decision["kind"], "party": decision["party"], "number": self.made, "day": day_of(t)})

    # ---- notices

    def _notice(self, one: Instruction, effects: list[dict[str, Any]], t: int, say: Say) -> None:
        document, body, day = self.newest, one.body, day_of(t)
        if document is None:
            return
        kind = body["kind"]
        if one.party not in document.sides():
            say(ROLES, f"{one.party} is no side: not_allowed")
        if self.phase(t) == "run-off" and kind != "cured":
            say(GOVERNANCE, "a notice in the run-off: agreement_in_run_off")
        if kind == "cured":
            ended = self.notices.get(body.get("notice", ""))
            if ended is None or ended["by"] != one.party:
                say(ROLES, f"{one.party} gave no such notice: not_yours")
            else:
                ended["ended"] = True
        if kind in ("leave", "no-renewal"):
            self._ending_notice(kind, document, day, t, say)
        self.notices[one.hash] = {"kind": kind, "by": one.party, "at": t}

    def _ending_notice(self, kind: str, document: Document, day: int, t: int, say: Say) -> None:
        term = document.term
        if (kind == "leave" and "leaveDays" not in term) or (kind == "no-renewal" and "renewal" not in term):
            say(GOVERNANCE, "no such notice was agreed: notice_not_agreed")
            return
        if kind == "leave":
            period = document.calendar.of(day)
            while document.calendar.end(period) <= day or document.calendar.end(period) < day + term["leaveDays"]:
                period += 1
            ends = document.calendar.end(period) - 1
        else:
            until = document.until_on(day)
            late = day > until - term["renewal"]["noticeDays"]
            ends = (document.until_on(until) if late else until) - 1
        now = self.ends
        if now is not None and ends >= now:
            say(GOVERNANCE, "the notice brings the end no nearer: notice_ended")
        self.ends = ends if now is None else min(now, ends)
        self.at = t
