"""Verifies a pack: goes through its entries once, follows what they say, and compares (pack-1 section 6)."""

from __future__ import annotations

from array import array
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.hashes import SHA256

from . import container as containers
from .books import ENGINE, ITEMS, PERIODS, RULES, SETTLED, Books
from .certificates import load
from .chains import Chains, config_leaf, function_leaf, verdict_leaf
from .container import Container, Entry, Newer, read_pack_json
from .fabric import (
    ConfigBlock, Transaction, authorities_at, endorsement_faults, proposal_hash, read_config_block, read_transaction,
)  # fmt: skip
from .findings import CHECKS, NOT_CHECKED_FIRST, Answer
from .forms import Fault, canonical, merkle_root, read_json, seconds, sha256, spelled, time_of
from .instruction import NOT_ENFORCED, OF_MEMBERS, REGISTRY, Instruction, read_instruction
from .log import LogCheck
from .registry import OF_SIGNATURES, Registry
from .signing import thumb
from .trust import Trust

CONTAINER, TRUST, LEDGER, TRIAL = "pack.container", "pack.trust", "pack.ledger", "pack.trial"
SIGNATURES, KEYS, ENDORSED = "occurrence.signatures", "occurrence.keys", "occurrence.endorsed"
CHAINS, VERDICTS, TIME = "completeness.chains", "accuracy.verdicts", "cutoff.time"
# What rests on other parties' chains, and is taken as stated.
TAKEN = {"key_known", "party_known", "party_unknown"}
# Keys that others write, too: a later version than that of the pack's last writer says nothing.
SHARED_KEYS = ("net", "kid/")


class Signed:
    """The verdicts on what each key signed, for what may be said of the key later; 40 bytes for each."""

    def __init__(self) -> None:
        self._by_key: dict[str, tuple[array, array]] = {}
        self._acts: list[str] = []

    def add(self, kid: str, act: str, t: int, block: int, index: int, item: int) -> None:
        if act not in self._acts:
            self._acts.append(act)
        times, places = self._by_key.setdefault(kid, (array("q"), array("q")))
        times.append(t)
        places.extend((block, index, item, self._acts.index(act)))

    def since(self, kid: str, since: int) -> list[tuple[str, int, int, int, int]]:
        times, places = self._by_key.get(kid, (array("q"), array("q")))
        found = []
        for index, t in enumerate(times):
            if t >= since:
                block, number, item, act = places[4 * index : 4 * index + 4]
                found.append((self._acts[act], t, block, number, item))
        return found


class Verifier:
    """Checks one pack against one trust file."""

    def __init__(self, trust: Trust | None) -> None:
        self.trust = trust
        self.answer = Answer(has_trust=trust is not None, asks_log=trust is not None and trust.policy is not None)
        self.registry = Registry()
        self.stated: dict[str, Any] = {}
        self.newer = False
        self.config: ConfigBlock | None = None
        self.genesis: ConfigBlock | None = None
        self.books: Books | None = None
        self.chains = Chains([])
        self.log: LogCheck | None = None
        self.ledger = ""
        self.offset = 0
        self.initialized: dict[str, Any] | None = None
        self._last: tuple[int, int] = (-1, 0)
        self._made = 0
        self._writers: dict[str, tuple[int, int] | None] = {}
        self._signers: set[str] = set()
        self._signed = Signed()
        self._authorities: tuple[Any, Any] = (None, None)
        self._settlements: list[str] = []
        self._configs: list[ConfigBlock] = []
        self._config_leaves = 0

    # ---- the way through the pack

    def verify(self, source: BinaryIO) -> Answer:
        container = Container(source, self.answer)
        if not container.begin():
            self.answer.is_pack = False
            self.answer.fail(CONTAINER, "it does not begin as a pack does")
            self._finish(True)
            return self.answer
        for entry in container.entries():
            if not self._entry(entry):
                break
        self._finish(container.broken)
        return self.answer

    def _entry(self, entry: Entry) -> bool:
        """Reads one entry; False if nothing behind it can be judged."""
        try:
            if entry.group == 0:
                return self._pack_json(entry)
            if self.newer:
                return True  # its checksum was looked at, and nothing else is judged
            if not self.stated:
                if entry.group == 4:
                    self.answer.fail(SETTLED, "no transaction settled this period", entry.name)
                return True
            if entry.group == 1:
                self._config_block(entry)
            elif entry.group == 2:
                self._transaction(entry)
            elif entry.group == 4:
                self._settlement(entry)
            elif entry.group in (3, 5, 6, 7, 8, 9, 10, 11):
                self._other(entry)
        except Fault as fault:
            self.answer.fail(CONTAINER, fault.text, entry.name)
        except Exception as error:
            # A fault of this verifier, that only bytes bring about which no ledger makes: nothing is taken as good.
            self.answer.fail(CONTAINER, f"this verifier failed on it: {type(error).__name__}", entry.name)
        return True

    def _pack_json(self, entry: Entry) -> bool:
        raw = entry.read()
        try:
            self.stated = read_pack_json(raw)
        except Newer as newer:
            self.newer = True
            self.answer.leave(CONTAINER, f"a pack of version {newer}")
            return True
        except Fault as fault:
            self.answer.fail(CONTAINER, f"it has not its form: {fault.text}", "pack.json")
            return True
        stated, answer = self.stated, self.answer
        answer.form, answer.trial = stated["form"], stated["trial"]
        answer.agreement, answer.ledger, answer.height = stated["agreement"], stated["ledger"], stated["height"]
        answer.range = "whole history" if stated["kind"] == "history" else f"up to {stated['period']}"
        self.books = Books(stated["agreement"], self.registry, answer)
        self.books.accepted = self.trust.engines if self.trust else None
        self.chains = Chains([one["chain"] for one in stated["chains"]])
        if stated["form"] == "final":
            self.chains.keep_hashes = True
            self.log = LogCheck(answer, stated, self.trust, self.chains)
        own = f"agr/{stated['agreement']}"
        names = [one["chain"] for one in stated["chains"]]
        if own not in names or "reg" not in names or not all(one in (own, "reg") or one.startswith("pty/") for one in names):
            answer.fail(CONTAINER, "the chains of the agreement or the registry are missing, or others are there", "pack.json")
        self._trust()
        return True

    def _trust(self) -> None:
        answer = self.answer
        if self.trust is None:
            answer.leave(TRUST, "trust root: NOT CHECKED")
            return
        answer.members = self.trust.names()
        if self.trust.ledger != self.stated["ledger"]:
            answer.fail(TRUST, "the trust file is for another ledger", None, self.stated["ledger"], self.trust.ledger)

    # ---- configuration blocks

    def _config_block(self, entry: Entry) -> None:
        raw = entry.read()
        try:
            block = read_config_block(raw)
        except Fault as fault:
            self.answer.fail(LEDGER, f"it is no configuration block: {fault.text}", entry.name)
            return
        if block.data_hash != block.stated_data_hash:
            self.answer.fail(LEDGER, "the hash of the data is not that of the header", entry.name, block.stated_data_hash, block.data_hash)
        if block.number != int(entry.name[7:]):
            self.answer.fail(LEDGER, "its number is not that of its name", entry.name)
        if self.config is None:
            if block.number:
                self.answer.fail(LEDGER, "the first configuration block is not the genesis block", entry.name)
            self.genesis = block
        elif block.channel != self.genesis.channel:
            self.answer.fail(LEDGER, "it is of another channel", entry.name)
        self._configs.append(block)
        self.config = block
        self._check_members(block, entry.name)

    def _check_members(self, block: ConfigBlock, place: str) -> None:
        """The members' authorities in the configuration are those of the trust file."""
        if self.trust is None:
            return
        trusted = self.trust.at(block.number)
        for name in sorted(set(block.members) | set(trusted)):
            if name not in block.members or name not in trusted:
                where = "the trust file" if name in trusted else "the configuration"
                self.answer.fail(TRUST, f"only {where} has the member {name}", place)
                continue
            found = {_fingerprint(one) for one in block.members[name].roots}
            if found != {one.fingerprint(SHA256()) for one in trusted[name].authorities}:
                self.answer.fail(TRUST, f"the authorities of {name} are others than in the trust file", place)

    def _config_at(self, block: int) -> ConfigBlock | None:
        found = None
        for one in self._configs:
            if one.number <= block:
                found = one
        return found

    def _add_config_leaves(self, before: int) -> None:
        """The leaves of the configuration blocks before a block, in the order of the ledger."""
        waiting = self._configs
        index = self._config_leaves
        while index < len(waiting) and waiting[index].number < before:
            one = waiting[index]
            self.chains.add("reg", config_leaf(one.number, one.data_hash, one.time, one.tx))
            index += 1
        self._config_leaves = index

    # ---- transactions

    def _transaction(self, entry: Entry) -> None:
        block, index = int(entry.name[3:13]), int(entry.name[14:])
        self._add_config_leaves(block)
        raw = entry.read()
        self._last = block, index
        place = f"{entry.name}, block {block}, transaction {index}"
        try:
            tx = read_transaction(block, index, raw)
        except Fault as fault:
            self.answer.fail(ENDORSED, f"it is no transaction of this form: {fault.text}", place)
            return
        self._made = tx.header.time
        if self.genesis is None:
            return  # nothing says which ledger it is of; pack.ledger fails
        self._endorsed(tx)
        self._read_versions(tx)
        if self.initialized is None and tx.function != "init":
            self._count_leaves(tx)
            self.books.blocked = "the ledger was not begun"
            self.answer.leave(SETTLED, self.books.blocked)
            return  # a ledger that was not begun decides nothing; pack.ledger fails
        self.ledger = self.ledger or self._computed_ledger(tx.chaincode)
        t = tx.header.time + self.offset
        self.books.writes = tx.writes
        self._followed = True
        if tx.function == "submit":
            self._submit(tx, t)
        elif tx.function in ("init", "step", "sweep", "advance-epoch"):
            self._function(tx, t)
        else:
            self.answer.fail(VERDICTS, f"a function that there is not: {tx.function}", tx.place)
        self._written(tx, t)

    def _endorsed(self, tx: Transaction) -> None:
        answer, place = self.answer, tx.place
        config = self._config_at(tx.block)
        spans = None if self.trust is None else tuple(sorted(self.trust.at(tx.block)))
        key = (None if config is None else config.number, spans)
        if self._authorities[0] != key:
            self._authorities = key, authorities_at(tx.block, config, self.trust)
        authorities = self._authorities[1]
        self.authorities = authorities
        members, faults, creator = endorsement_faults(tx, authorities)
        self.endorsers = members
        need = self.trust.need_at(tx.block) if self.trust else len(authorities.roots) // 2 + 1
        self.answer.need = need if self.trust else 0
        if creator is not None:
            answer.fail(ENDORSED, f"of the creator: {creator}", place)
        if len(members) < need:
            told = "; ".join([f"{len(members)} members endorsed it, {need} are needed"] + faults)
            answer.fail(ENDORSED, told, place, sorted(members), need)
        if proposal_hash(tx) != tx.proposal_hash:
            answer.fail(ENDORSED, "what was endorsed is another proposal", place, tx.proposal_hash.hex(), proposal_hash(tx).hex())
        if self.genesis is not None and tx.header.channel != self.genesis.channel:
            answer.fail(LEDGER, "it is of another channel", place)

    def _own_key(self, key: str) -> bool:
        """Is it written only by transactions that are in the pack?"""
        if key.startswith(("pty/", "key/", "log/")):
            owner = key.split("/", 1)[1]
            if key.startswith("key/"):
                owner = owner.rsplit("/", 1)[0]
            return key.startswith("log/") or "/" not in owner or f"pty/{owner}" in self.chains
        if key.startswith("once/") and key.split("/")[2:3] == ["reg"]:
            # What is swept is of days whose markers nobody reads any more.
            owner = "/".join(key.split("/")[3:-1])
            return "/" not in owner or f"pty/{owner}" in self.chains
        return not key.startswith(SHARED_KEYS)

    def _read_versions(self, tx: Transaction) -> None:
        for key, version in tx.reads:
            own, writer = self._own_key(key), self._writers.get(key)
            stale = version != writer if own else version is not None and writer is not None and version < writer
            if stale:
                told = None if version is None else list(version)
                text = f"it read another version of {key} than the last one"
                self.answer.fail(TIME, text, tx.place, told, None if writer is None else list(writer))

    def _written(self, tx: Transaction, t: int) -> None:
        """Compares the key records and open items that were written, and notes who wrote what."""
        judged = self.registry.written(t)
        for key in sorted(set(judged) | {key for key in tx.writes if key.startswith(("key/", "pty/", "log/")) and self._own_key(key)}):
            if tx.writes.get(key) != judged.get(key):
                check = KEYS if self._followed else VERDICTS
                text = f"the record {key} is not what the acts make of it"
                self.answer.fail(check, text, tx.place, _json(tx.writes.get(key)), _json(judged.get(key)))
        heads = self.books.written()
        for key in sorted(set(heads) & set(tx.writes)):
            if tx.writes[key] != heads[key]:
                self.answer.fail(VERDICTS, f"the head {key} is not what the acts make of it", tx.place, _json(tx.writes[key]), _json(heads[key]))
        items = self.books.items
        for key in sorted(set(items) | {key for key in tx.writes if key.startswith("itm/")}):
            if tx.writes.get(key) != items.get(key) and not items and self.books.blocked is None:
                self.answer.fail(VERDICTS, f"an open item is written without a settlement: {key}", tx.place)
            elif tx.writes.get(key) != items.get(key) and items:
                self.answer.fail(ITEMS, f"the open item {key} is another", tx.place, _json(tx.writes.get(key)), _json(items.get(key)))
        self.books.items = {}
        for key, value in tx.writes.items():
            self._writers[key] = None if value is None else (tx.block, tx.index)

    # ---- functions

    def _function(self, tx: Transaction, t: int) -> None:
        items = tx.response["items"]
        if len(items) != 1 or items[0].get("f") != tx.function or not isinstance(items[0].get("effects"), list):
            self.answer.fail(VERDICTS, f"the response to {tx.function} has another form", tx.place)
            return
        item = items[0]
        self._check_time(item.get("t"), t, tx.place)
        chain = {"init": "reg", "step": f"agr/{self.stated['agreement']}"}.get(tx.function)
        if tx.function == "init":
            self._init(tx, item)
        elif tx.function == "step":
            self._step(tx, item, t)
        if chain is None:
            return
        if tx.function == "step" and [one.decode("utf-8", "replace") for one in tx.arguments[:1]] != [self.stated["agreement"]]:
            self.answer.fail(CHAINS, "a step of another agreement", tx.place)
            return
        at = tx.block, tx.index, 0
        self.chains.add(chain, function_leaf(at, tx.function, tx.header.time, tx.header.tx, sha256(spelled(item))))
        self._count_event(tx, {chain: 1})

    def _init(self, tx: Transaction, item: dict[str, Any]) -> None:
        if self.initialized is not None:
            self.answer.fail(VERDICTS, "the ledger is begun twice", tx.place)
            return
        arguments = [one.decode("utf-8", "replace") for one in tx.arguments]
        if len(arguments) != 2:
            self.answer.fail(LEDGER, "init has two arguments", tx.place)
            return
        self.initialized = {"ledger": arguments[0], "trial": arguments[1] == "true", "chaincode": tx.chaincode}
        net = next((one for one in item["effects"] if isinstance(one, dict) and one.get("kind") == "net"), {})
        if arguments != [net.get("ledger"), "true" if net.get("trial") else "false"]:
            self.answer.fail(VERDICTS, "init tells of another ledger than it was asked for", tx.place)
        if not self.authorities.is_admin(tx.header.creator):
            self.answer.fail("authorization.registrars", "init was not sent by a member's admin", tx.place)

    def _step(self, tx: Transaction, item: dict[str, Any], t: int) -> None:
        books, arguments = self.books, [one.decode("utf-8", "replace") for one in tx.arguments]
        if len(arguments) != 2 or arguments[0] != self.stated["agreement"] or books.life.newest is None:
            return
        period = books.life.newest.calendar.read(arguments[1])
        if period is None or period != books.life.closing:
            self.answer.fail(PERIODS, f"a step of {arguments[1]}, which is not being closed", tx.place)
            return
        say = self._say(f"{tx.place}, item 0")
        books.go_on(period, item["effects"], t, say, f"{tx.place}, item 0")

    # ---- instructions

    def _say(self, place: str) -> Any:
        return lambda check, text: self.answer.fail(check, text, place)

    def _check_time(self, stated: Any, t: int, place: str) -> None:
        if stated != time_of(t):
            self.answer.fail(VERDICTS, "the time of the verdict is not that of the transaction", place, stated, time_of(t))

    def _submit(self, tx: Transaction, t: int) -> None:
        items, envelopes = tx.response["items"], tx.arguments[:-1]
        if not envelopes or len(items) != len(envelopes):
            self.answer.fail(VERDICTS, "the response has another number of items than there are instructions", tx.place)
            return
        if not tx.response_holds or tx.response["net"]["trial"] != self.stated["trial"]:
            self.answer.fail(VERDICTS, "the response has another form, or says something else of a trial", tx.place)
        leaves: dict[str, int] = {}
        for index, (raw, item) in enumerate(zip(envelopes, items)):
            told_briefly = "booked" in item and "result" not in item
            if item.get("repeat") is True or (not told_briefly and item.get("verdict") != "1"):
                self._followed = False
                continue  # told before, waiting, or refused before there was anything to hold against the party
            place = f"{tx.place}, item {index}"
            chain = self._item(tx, index, raw, item, told_briefly, t, place)
            if chain is not None:
                leaves[chain] = leaves.get(chain, 0) + 1
        self._count_event(tx, leaves)

    def _count_leaves(self, tx: Transaction) -> None:
        """Numbers the leaves that the event counts, of a transaction that is not followed."""
        for chain, count in (tx.event or {"chains": {}})["chains"].items():
            for index in range(min(count, 1000)):
                self.chains.add(chain, verdict_leaf((tx.block, tx.index, index), "", tx.header.time, tx.header.tx, ""))

    def _count_event(self, tx: Transaction, leaves: dict[str, int]) -> None:
        told = tx.event["chains"] if tx.event else {}
        if told != leaves:
            self.answer.fail(VERDICTS, "the event counts other leaves than there are", tx.place, told, leaves)

    @staticmethod
    def _record(item: dict[str, Any], brief: bool, one: Instruction, t: str) -> dict[str, Any]:
        if not brief:
            return item
        first = one.body["first"]
        effect = {
            "booked": item["booked"],
            "first": first,
            "held": item.get("held", 0),
            "kind": "report",
            "last": first + len(one.body["events"]) - 1,
        }
        return {"effects": [effect], "hash": one.hash, "result": "applied", "t": t, "verdict": "1"}

    def _item(self, tx: Transaction, index: int, raw: bytes, item: dict[str, Any], brief: bool, t: int, place: str) -> str | None:
        """Follows one verdict; returns the chain of its leaf, as far as it can be told."""
        try:
            one = read_instruction(raw)
        except Fault as fault:
            self.answer.fail(SIGNATURES, f"the envelope has not its form: {fault.text}", place)
            self._followed = False
            return None
        chain = self._chain_of(one)
        if brief and one.act != "report":
            self.answer.fail(VERDICTS, "a verdict is told briefly that is not of a report", place)
            return chain
        told_t = tx.response.get("t") if brief else item.get("t")
        record = self._record(item, brief, one, told_t)
        self._check_time(told_t, t, place)
        if record.get("hash") != one.hash:
            self.answer.fail(VERDICTS, "the verdict is on another instruction", place, record.get("hash"), one.hash)
        leaf = verdict_leaf((tx.block, tx.index, index), one.hash, tx.header.time, tx.header.tx, sha256(canonical(record)))
        self.chains.add(chain, leaf)
        if chain not in self.chains:
            if one.agreement is not None:
                self.answer.fail(CHAINS, f"an instruction of another agreement: {one.agreement}", place)
            return chain
        if one.payload["ledger"] != self.ledger:
            self.answer.fail(SIGNATURES, "it was signed for another ledger: wrong_ledger", place)
        applied = record.get("result") == "applied"
        signed = self._check_keys(one, t, place, applied)
        self._attend(one, record, tx, index, t, place, applied)
        if not applied or not signed:
            self._followed &= not applied
            return chain  # what is not signed moves nothing
        stated = record.get("effects")
        effects = [effect for effect in stated if isinstance(effect, dict)] if isinstance(stated, list) else []
        if one.act in REGISTRY:
            self._registry_act(one, tx, t, place)
        elif one.act in NOT_ENFORCED:
            self.answer.fail("authorization.roles", f"{one.act} was applied, which is not enforced: not_supported_yet", place)
        else:
            say = self._say(place)
            self.books.life.check_common(one, t, say)
            self.books.apply(one, effects, t, say, place, (tx.block, tx.index))
        return chain

    @staticmethod
    def _chain_of(one: Instruction) -> str:
        if one.agreement is not None:
            return f"agr/{one.agreement}"
        return "reg" if one.act in OF_MEMBERS else f"pty/{one.party}"

    def _check_keys(self, one: Instruction, t: int, place: str, applied: bool) -> bool:
        good = True

        def say(code: str, of: str) -> None:
            nonlocal good
            good = False
            check = SIGNATURES if code in OF_SIGNATURES else "authorization.keys"
            self.answer.fail(check, f"{one.act} of {one.party}: {code} ({of})", place)

        self.registry.check(one, t, say, applied)
        return good

    def _attend(self, one: Instruction, record: dict[str, Any], tx: Transaction, index: int, t: int, place: str, applied: bool) -> None:
        for signature in one.signatures:
            self._signed.add(signature.kid, one.act, t, tx.block, tx.index, index)
            if "/" in signature.owner:
                self._signers.add(signature.owner)
        host = self.registry.host(one.party) if "/" in one.party else one.party
        if host not in self.endorsers:
            self.answer.list("not-endorsed-by-host", f"{one.act} of {one.party}: {host} did not endorse it", place)
        if applied:
            return
        code = record.get("code")
        self.answer.list("refused", f"{one.act} of {one.party} was refused: {code}", place)
        if code in TAKEN:
            self.answer.list("taken", f"refused with {code}, taken as stated", place)

    def _registry_act(self, one: Instruction, tx: Transaction, t: int, place: str) -> None:
        if one.act == "register-registrar":
            member = self.authorities.identity(tx.header.creator)[0]
            if member != one.party or not self.authorities.is_admin(tx.header.creator):
                self.answer.fail("authorization.registrars", f"a registrar of {one.party} that its admin did not send: not_member_admin", place)
        if one.act in REGISTRY and one.act not in ("register-registrar", "enroll"):
            self._window(one, t, place)
        if one.act == "trial-clock":
            self._trial_clock(one, place)
            return
        if one.act in NOT_ENFORCED:
            self.answer.fail("authorization.roles", f"{one.act} was applied, which is not enforced: not_supported_yet", place)
            return
        moved_from = self.registry.host(one.party) if one.act == "rehost" else ""
        try:
            self.registry.apply(one, t)
        except Fault as fault:
            self.answer.fail(KEYS, f"{one.act} of {one.party} should have been refused: {fault.code}", place)
            return
        text = _key_change(one, moved_from)
        if text:
            self.answer.list("keys", text, place)
        if self.registry.came_back:
            self.registry.came_back = False
            again = f"those who might recover the party {one.party} before may again, and nobody named after them"
            self.answer.list("keys", again, place)

    def _window(self, one: Instruction, t: int, place: str) -> None:
        if not seconds(one.payload["from"]) <= t < seconds(one.payload["until"]):
            self.answer.fail("cutoff.windows", f"{one.act} of {one.party} was not within its window", place)

    def _trial_clock(self, one: Instruction, place: str) -> None:
        offset = one.body["offset"]
        if not self.stated["trial"]:
            self.answer.fail(TRIAL, "the clock of a ledger was moved that is no trial: not_a_trial", place)
        if offset < self.offset:
            self.answer.fail(TIME, "the clock of a trial was moved back: clock_back", place)
        self.offset = offset

    # ---- settlements as stated

    def _settlement(self, entry: Entry) -> None:
        name = entry.name.split("/")[1]
        self._settlements.append(name)
        try:
            self._compare_settlement(entry, name)
        except Fault as fault:
            self.answer.fail(SETTLED, fault.text, entry.name)

    def _compare_settlement(self, entry: Entry, name: str) -> None:
        lines = entry.lines(containers.MAX_SETTLEMENT)
        raw = next(lines, b"")
        computed = self.books.settlements.get(name)
        if computed is None:
            if self.books.blocked is None:
                self.answer.fail(SETTLED, "no transaction settled this period", entry.name)
            return
        count = 0

        def counted() -> Any:
            nonlocal count
            for line in lines:
                count += 1
                yield line

        root = merkle_root(counted())
        if raw != computed[0]:
            self.answer.fail(SETTLED, "the settlement is another than what was computed", entry.name, _json(raw), _json(computed[0]))
        if root != computed[1] or count != computed[2]:
            self.answer.fail(SETTLED, "the lines are others than what was computed", entry.name, [count, root], [computed[2], computed[1]])

    def _other(self, entry: Entry) -> None:
        if entry.group == 5:
            digest = sha256(entry.read()) if entry.length <= containers.MAX_TX else entry.finish()
            if digest != entry.name.split("/")[1]:
                self.answer.fail(CONTAINER, "the document has another hash than its name", entry.name)
        elif self.log is None or entry.group == 3:
            self.answer.fail(CONTAINER, "no entry of this form of a pack", entry.name)
        elif entry.group == 11:
            self.answer.leave("occurrence.anchor", "anchors are not checked by this verifier")
        else:
            self._add_config_leaves(2**63)
            self.log.last_position = self._last
            self.log.entry(entry)

    # ---- at the end

    def _finish(self, broken: bool) -> None:
        answer = self.answer
        answer.leave(VERDICTS, "no rules")  # a FAIL stands before it: of what is at fault without the rules
        if answer.form == "first":
            for check, reason in NOT_CHECKED_FIRST.items():
                answer.leave(check, reason)
        if not self.stated or broken:
            for check in CHECKS:
                if check not in answer.failed:
                    answer.leave(check, "the pack could not be read so far")
            return
        self._add_config_leaves(2**63)
        self._check_ledger()
        self._check_stated()
        self._check_chains()
        if self.log is not None:
            self.log.finish()
            answer.later = self.log.later
        self.books.finish()
        for kid, record in sorted(self.registry.keys.items()):
            if "since" in record:
                for act, t, block, index, item in self._signed.since(kid, seconds(record["since"])):
                    place = f"tx/{block:010d}-{index:06d}, block {block}, transaction {index}, item {item}"
                    answer.list("compromised", f"{act} was signed at {time_of(t)} by the key {kid}, compromised since {record['since']}", place)

    def _check_ledger(self) -> None:
        answer, begun = self.answer, self.initialized
        if self.genesis is None or begun is None:
            answer.fail(LEDGER, "there is no genesis block, or no init")
            return
        computed = self._computed_ledger(begun["chaincode"])
        for where, stated in (("pack.json", self.stated["ledger"]), ("init", begun["ledger"])):
            if stated != computed:
                answer.fail(LEDGER, f"{where} states another ledger than the genesis block makes", None, stated, computed)
        if begun["trial"] != self.stated["trial"]:
            answer.fail(TRIAL, "pack.json says of a trial what init does not", "pack.json", self.stated["trial"], begun["trial"])

    def _computed_ledger(self, chaincode: str) -> str:
        return sha256(f"tallystick ledger 1\n{self.genesis.hash}\n{self.genesis.channel}\n{chaincode}\n".encode())

    def _check_stated(self) -> None:
        """What pack.json says of the pack, computed again."""
        books, stated = self.books, self.stated
        configs = self._configs
        last_config = configs[-1].number if configs else -1
        height = max(self._last[0], last_config)
        made = configs[-1].time if last_config > self._last[0] else self._made
        # Of the settlements, or where there are none those in use.
        engines, rules = sorted(books.engines or {ENGINE}), sorted(books.rules or {RULES})
        computed = {"height": height, "made": time_of(made), "private": False, "engines": engines, "rules": rules}
        for name, value in computed.items():
            if stated[name] != value:
                self.answer.fail(CONTAINER, f"{name} is another", "pack.json", stated[name], value)
        missing = [name for name in books.settlements if name not in self._settlements]
        if missing:
            self.answer.fail(SETTLED, f"the settlements of {', '.join(sorted(missing))} are not stated", "pack.json")
        if stated["kind"] == "period" and (not books.settlements or list(books.settlements)[-1] != stated["period"]):
            self.answer.fail(PERIODS, f"the pack does not end with {stated['period']}", "pack.json")

    def _check_chains(self) -> None:
        books, agreement = self.books, self.stated["agreement"]
        parties = set(books.life.parties_ever) | self._signers
        expected = sorted({"reg", f"agr/{agreement}"} | {f"pty/{party}" for party in parties})
        stated = [one["chain"] for one in self.stated["chains"]]
        if stated != expected:
            self.answer.fail(CHAINS, "the pack's chains are others", "pack.json", stated, expected)
        for one in self.stated["chains"]:
            chain = self.chains.chains[one["chain"]]
            computed = {"chain": one["chain"], "count": chain.count} | ({"last": chain.last} if chain.count else {})
            if self.stated["form"] == "first" and one != computed:
                self.answer.fail(CHAINS, f"the chain {one['chain']} ends elsewhere", "pack.json", one, computed)


def _json(raw: bytes | None) -> Any:
    """What a record says, for whoever reads the finding."""
    if raw is None:
        return None
    try:
        return read_json(raw)
    except Fault:
        return raw.decode("utf-8", "replace")


def _key_change(one: Instruction, moved_from: str) -> str | None:
    party, body, own = one.party, one.body, one.party + "#"
    if one.act == "rehost":
        return f"the party {party} moved from {moved_from} to {body['member']}"
    if one.act == "recovery-set":
        return f"the party {party} named others to recover it"
    if one.act == "key-revoke":
        return f"the key {own}{body['key']} was revoked: {body['reason']}"
    if one.act == "key-compromised":
        return f"the key {own}{body['key']} was said to be compromised since {body['since']}"
    if one.act not in ("key-add", "key-rotate", "key-recover"):
        return None
    key = own + thumb(body["key"])
    if one.act == "key-add":
        return f"the key {key} was added"
    if one.act == "key-rotate":
        return f"the key {key} took the place of {own}{body['old']}"
    return f"the party {party} was recovered, and has the key {key}"


def _fingerprint(pem: bytes) -> bytes:
    certificate = load(pem)
    return b"" if certificate is None else certificate.fingerprint(SHA256())
