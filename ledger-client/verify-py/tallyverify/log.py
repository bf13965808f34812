"""The final form: leaves, nodes, checkpoint, heads and consistency of a pack's log (pack-1 sections 3.1 and 6)."""

from __future__ import annotations

import re
from array import array
from typing import Any, Iterator

from .chains import Chains
from .container import MAX_LEAF, Entry
from .findings import Answer
from .forms import ZERO_HASH, Fault, is_hash, leaf_hash, need, node_hash, read_json
from .notes import (
    MOST_IN_NOTE, Checkpoint, NoteKey, consistent, policy_fault, read_checkpoint, read_hash, read_note, read_size, signers,
)  # fmt: skip
from .schema import Schema
from .trust import Trust

INCLUDED, VALID, CHAINS = "occurrence.included", "occurrence.valid", "completeness.chains"
HEADS, CONSISTENT = "completeness.heads", "completeness.consistent"
_LEAF = Schema("ledger-1.schema.json", "/$defs/leaf")
_LEAF_KINDS = {
    "verdict": {"at", "chain", "i", "kind", "leaf", "prev", "seq", "t", "tx", "v"},
    "function": {"at", "chain", "f", "kind", "leaf", "prev", "seq", "t", "tx", "v"},
    "config": {"at", "chain", "config", "kind", "leaf", "prev", "seq", "t", "tx"},
}


class LogCheck:
    """Takes the entries of `log/` in their order, and compares them with the leaves that the transactions make."""

    def __init__(self, answer: Answer, stated: dict[str, Any], trust: Trust | None, chains: Chains) -> None:
        self._answer = answer
        self._stated = stated
        self._trust = trust
        self._chains = chains
        self.checkpoint: Checkpoint | None = None
        self._indexes = array("Q")
        self._hashes = bytearray()
        self._ends: dict[str, tuple[int, str]] = {}
        self._later = 0
        self._read: set[int] = set()
        self._unreadable = False
        self._statements: dict[str, dict[str, set[str]]] = {}
        self._consistency: list[bytes] | None = None
        self._node_hashes = bytearray()
        self._unknown_keys: set[str] = set()
        self.last_position = (0, 0)

    def entry(self, entry: Entry) -> None:
        self._read.add(entry.group)
        {6: self._checkpoint, 7: self._nodes, 8: self._leaves, 9: self._heads, 10: self._consistent}[entry.group](entry)

    # ---- the checkpoint

    def _checkpoint(self, entry: Entry) -> None:
        answer = self._answer
        try:
            self.checkpoint = read_checkpoint(entry.read())
        except Fault as fault:
            answer.fail(INCLUDED, f"it is no checkpoint: {fault.text}", entry.name)
            return
        checkpoint = self.checkpoint
        for name, stated, computed in (
            ("origin", self._stated["origin"], checkpoint.origin),
            ("size", self._stated["size"], checkpoint.size),
        ):
            if stated != computed:
                answer.fail(INCLUDED, f"the checkpoint is of another {name}", entry.name, stated, computed)
        if self._trust is None or self._trust.policy is None:
            answer.leave(INCLUDED, "the trust file has no policy")
            return
        fault = policy_fault(self._trust.policy, checkpoint, self._unknown_keys)
        if fault is not None and self._unknown_keys:
            answer.leave(INCLUDED, f"the keys {', '.join(sorted(self._unknown_keys))} are of a kind that is not known here; {fault}")
        elif fault is not None:
            answer.fail(INCLUDED, f"the checkpoint does not meet the policy: {fault}", entry.name)

    # ---- leaves

    def _leaves(self, entry: Entry) -> None:
        before_at: tuple[int, ...] = (-1,)
        other, number = False, 0
        lines = entry.lines(MAX_LEAF)
        while True:
            place = f"{entry.name}, line {number + 1}"
            try:
                line = next(lines, None)
                if line is None:
                    break
                index, raw = self._index(line)
            except Fault as fault:
                self._answer.fail(INCLUDED, f"it is no leaf: {fault.text}", place)
                self._unreadable = True
                return
            one = leaf_hash(raw)
            self._indexes.append(index)
            self._hashes += one
            try:
                leaf = self._read_leaf(raw)
                need(tuple(leaf["at"]) > before_at, "form", "it is not behind the one before")
                before_at = tuple(leaf["at"])
                if 32 * number >= len(self._chains.hashes):
                    self._after_all(leaf, place)
                self._follow(leaf, one, place)
            except Fault as fault:
                self._answer.fail(CHAINS, f"the leaf has not its form: {fault.text}", place)
            expected = self._chains.hashes[32 * number : 32 * number + 32]
            if expected and not other and expected != one:
                other = True
                self._differs("the log has another leaf than the transactions make", place)
            number += 1
        missing = len(self._chains.hashes) // 32 - number
        if missing > 0:
            self._differs(f"{missing} leaves of the transactions are not in the log", entry.name)

    def _differs(self, text: str, place: str) -> None:
        for check in (VALID, INCLUDED, CHAINS):
            self._answer.fail(check, text, place)

    def _after_all(self, leaf: dict[str, Any], place: str) -> None:
        """A leaf behind those of the transactions: only a pack up to a period leaves later ones out."""
        need(_LEAF.holds(leaf), "form", "members")
        if self._stated["kind"] == "period" and tuple(leaf["at"][:2]) > self.last_position:
            self._later += 1
        else:
            self._answer.fail(CHAINS, "a leaf whose transaction is not in the pack", place)

    def _index(self, line: bytes) -> tuple[int, bytes]:
        number, space, raw = line.partition(b" ")
        need(space and raw and len(raw) <= 1024, "form", "no index and a leaf, or too long")
        index = read_size(number.decode("ascii", "replace"))
        need(index < self._stated["size"], "form", "its index is not below the size")
        need(not self._indexes or index > self._indexes[-1], "form", "its index is not above the one before")
        return index, raw

    @staticmethod
    def _read_leaf(raw: bytes) -> dict[str, Any]:
        leaf = read_json(raw)
        need(isinstance(leaf, dict) and set(leaf) == _LEAF_KINDS.get(leaf.get("kind")) and leaf["leaf"] == "1", "form", "members")
        at = leaf["at"]
        need(isinstance(at, list) and len(at) == 3 and all(type(one) is int and one >= 0 for one in at), "form", "at")
        need(isinstance(leaf["chain"], str) and isinstance(leaf["prev"], str) and type(leaf["seq"]) is int, "form", "chain, prev or seq")
        return leaf

    def _follow(self, leaf: dict[str, Any], one: bytes, place: str) -> None:
        chain = leaf["chain"]
        if chain not in self._chains:
            self._answer.fail(CHAINS, f"a leaf of another chain: {chain}", place)
            return
        count, last = self._ends.get(chain, (0, ZERO_HASH))
        if leaf["seq"] != count + 1 or leaf["prev"] != last:
            self._answer.fail(CHAINS, f"the chain {chain} has a hole", place, [leaf["seq"], leaf["prev"]], [count + 1, last])
        self._ends[chain] = leaf["seq"], one.hex()

    # ---- the tree

    def _nodes(self, entry: Entry) -> None:
        """Keeps the hashes of the nodes, which come before the leaves that they stand between."""
        try:
            for line in entry.lines():
                self._node_hashes += read_hash(line.decode("ascii", "replace"))
        except Fault as fault:
            self._answer.fail(INCLUDED, f"it is no node: {fault.text}", entry.name)

    def _check_root(self) -> None:
        at = range(0, len(self._node_hashes), 32)
        nodes = (bytes(self._node_hashes[one : one + 32]) for one in at)
        try:
            root = self._root(nodes)
            need(next(nodes, None) is None, "form", "a line that is not used")
        except Fault as fault:
            self._answer.fail(INCLUDED, f"the nodes do not make a tree: {fault.text}", "log/nodes")
            return
        self._compare_root(root, "log/leaves")

    def _compare_root(self, root: bytes, place: str) -> None:
        if self.checkpoint is not None and root != self.checkpoint.root:
            text = "the leaves and nodes give another root than the checkpoint has"
            self._answer.fail(INCLUDED, text, place, self.checkpoint.root.hex(), root.hex())

    def _root(self, nodes: Iterator[bytes]) -> bytes:
        position = 0

        def of(first: int, after: int) -> bytes:
            nonlocal position
            if position == len(self._indexes) or self._indexes[position] >= after:
                node = next(nodes, None)
                need(node is not None, "form", "a line is missing")
                return node
            if after == first + 1:
                position += 1
                return bytes(self._hashes[32 * (position - 1) : 32 * position])
            half = 1 << ((after - first - 1).bit_length() - 1)
            left = of(first, first + half)
            return node_hash(left, of(first + half, after))

        return of(0, self._stated["size"])

    # ---- heads

    def _heads(self, entry: Entry) -> None:
        if self._trust is None or self._trust.heads is None:
            return
        try:
            self._read_heads(entry, self._trust.head_keys)
        except Fault as fault:
            self._answer.fail(HEADS, fault.text, entry.name)

    def _read_heads(self, entry: Entry, keys: list[NoteKey]) -> None:
        note: list[bytes] = []
        for line in entry.lines():
            if line != b"=":
                note.append(line)
                if len(note) > 64:
                    self._answer.fail(HEADS, "a head statement is too long", entry.name)
                    return
                continue
            try:
                self._head(b"".join(one + b"\n" for one in note), keys)
            except Fault as fault:
                self._answer.fail(HEADS, f"a head statement does not hold: {fault.text}", entry.name)
            note = []
        if note:
            self._answer.fail(HEADS, "a head statement has no end", entry.name)

    def _head(self, raw: bytes, keys: list[NoteKey]) -> None:
        note = read_note(raw, MOST_IN_NOTE)
        lines = note.text[:-1].split("\n")
        by = signers(note, keys, None, self._unknown_keys)
        if not by:
            return  # a stranger's word counts nothing, and spoils nothing
        need(len(lines) == 7 and lines[0] == "tallystick/head/1", "note", "it has not its seven lines")
        checkpoint = self.checkpoint
        need(checkpoint is not None and lines[1] == checkpoint.origin, "note", "it is of another log")
        need(read_size(lines[2]) == checkpoint.size and read_hash(lines[3]) == checkpoint.root, "note", "it is of another tree")
        chain, said = lines[4], f"{read_size(lines[5])} {lines[6]}"
        need(re.fullmatch("[!-~]{1,300}", chain) and is_hash(lines[6]), "note", "chain or leaf")
        need(read_size(lines[5]) <= checkpoint.size and (lines[5] == "0") == (lines[6] == ZERO_HASH), "note", "the number of a leaf")
        need(chain in self._chains, "note", f"{chain} is not of this pack")
        for key in by:
            member = key.name.removesuffix("/head")
            self._statements.setdefault(chain, {}).setdefault(said, set()).add(member)

    # ---- consistency, and the end

    def _consistent(self, entry: Entry) -> None:
        lines = entry.lines()
        self._consistency = []
        try:
            for line in lines:
                need(len(self._consistency) < 64, "too_large", "more than 64 hashes")
                self._consistency.append(read_hash(line.decode("ascii", "replace")))
        except Fault as fault:
            self._answer.fail(CONSISTENT, fault.text, entry.name)

    def finish(self) -> None:
        answer = self._answer
        if self.checkpoint is None:
            answer.fail(INCLUDED, "there is no checkpoint", "pack.json")
            answer.leave(HEADS, "there is no checkpoint")
        answer.leave("occurrence.anchor", "anchors are not checked by this verifier")
        for group, name in ((7, "log/nodes"), (8, "log/leaves")):
            if group not in self._read:
                answer.fail(INCLUDED, f"the pack has no {name}", "pack.json")
        if self._unreadable or 8 not in self._read:
            for check in (VALID, CHAINS, HEADS, CONSISTENT):
                answer.leave(check, "the leaves could not be read")
            return
        self._check_root()
        for one in self._stated["chains"]:
            count, last = self._ends.get(one["chain"], (0, ZERO_HASH))
            stated, computed = [one["count"], one.get("last")], [count, last if count else None]
            if stated != computed:
                answer.fail(CHAINS, f"the chain {one['chain']} ends elsewhere", "pack.json", stated, computed)
        self._check_heads()
        self._check_older()

    @property
    def later(self) -> int:
        """How many leaves come after the close of a `period` pack."""
        return self._later

    def _check_heads(self) -> None:
        if self._trust is None or self._trust.heads is None:
            self._answer.leave(HEADS, "the trust file has no keys of heads")
            return
        needed = self._trust.heads["need"]
        for one in self._stated["chains"]:
            count, last = self._ends.get(one["chain"], (0, ZERO_HASH))
            said = self._statements.get(one["chain"], {})
            agree = said.get(f"{count} {last}", set())
            for other in sorted(set(said) - {f"{count} {last}"}):
                text = f"{', '.join(sorted(said[other]))} states another end of the chain {one['chain']}"
                self._answer.fail(HEADS, text, "log/heads", other, f"{count} {last}")
            if len(agree) < needed:
                text = f"{len(agree)} members state where the chain {one['chain']} ends, {needed} are needed"
                self._answer.fail(HEADS, text, "log/heads", sorted(agree), needed)

    def _check_older(self) -> None:
        stated, trusted = self._stated.get("older"), self._trust.older if self._trust else None
        self._answer.goes_on = stated is not None or trusted is not None
        if stated is None:
            if self._consistency is not None:
                self._answer.fail(CONSISTENT, "a proof of consistency with no older pack", "log/consistency")
            if trusted is None:
                self._answer.leave(CONSISTENT, "no older pack")
            else:
                self._answer.fail(CONSISTENT, "the trust file has an older root, and the pack no proof", "pack.json")
            return
        if trusted is not None and trusted != stated:
            self._answer.fail(CONSISTENT, "the older pack is another than the trust file's", "pack.json", stated, trusted)
        elif self._consistency is None or self.checkpoint is None:
            self._answer.fail(CONSISTENT, "there is no proof of consistency", "pack.json")
        else:
            root = bytes.fromhex(stated["root"])
            if not consistent(stated["size"], self.checkpoint.size, root, self.checkpoint.root, self._consistency):
                self._answer.fail(CONSISTENT, "the older tree is not part of this one", "log/consistency")
            elif trusted is None:
                self._answer.leave(CONSISTENT, "the trust file has no older root")
