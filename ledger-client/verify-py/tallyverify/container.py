"""The container of a pack, read in one pass, and pack.json (pack-1 sections 2, 4 and 7)."""

from __future__ import annotations

import hashlib
import re
from typing import Any, BinaryIO, Iterator

from .findings import Answer
from .forms import AGREEMENT, BIG, Fault, is_hash, is_time, need, read_json

MAGIC = b"tallypack/1\n"
GIB = 2**30
MAX_ENTRY, MAX_PACK, MAX_ENTRIES = 2 * GIB, 64 * GIB, 10_000_000
MAX_SMALL, MAX_TX, MAX_SETTLEMENT, MAX_LINE, MAX_LEAF = 2**20, 2**24, 2**26, 8 * 2**10, 1_100
MAX_NODES, MAX_HEADS = 2**28, 2**24
CHUNK = 2**20

_ENTRY = re.compile(rb"entry ([A-Za-z0-9./-]{1,100}) (0|[1-9][0-9]{0,15}) ([0-9a-f]{64})\n")
_END = re.compile(rb"end (0|[1-9][0-9]{0,15}) ([0-9a-f]{64})\n")
_PERIOD = "[1-9][0-9]{3}(?:-(?:0[1-9]|1[0-2])|-Q[1-4])?"
GROUPS = [
    re.compile(one)
    for one in (
        r"pack\.json",
        r"config/[0-9]{10}",
        r"tx/[0-9]{10}-[0-9]{6}",
        r"private/[0-9]{10}-[0-9]{6}-[0-9]{6}",
        f"settlements/{_PERIOD}",
        r"documents/[0-9a-f]{64}",
        r"log/checkpoint",
        r"log/nodes",
        r"log/leaves",
        r"log/heads",
        r"log/consistency",
        r"anchor/[1-9][0-9]*-(?:0|[1-9][0-9]*)",
    )
]
# The first segments of names that the known groups use: another name below them is a fault and no newer group.
_KNOWN = ("pack.json", "config", "tx", "private", "settlements", "documents", "log", "anchor")
UNKNOWN_GROUP = len(GROUPS)
_LIMITS = [MAX_SMALL, MAX_TX, MAX_TX, MAX_TX, MAX_SETTLEMENT, MAX_ENTRY, MAX_SMALL, MAX_NODES, MAX_ENTRY, MAX_HEADS, MAX_SMALL, MAX_TX]


def group_of(name: str) -> int | None:
    """The index of the group of a name; that behind all for a group of a newer text; None for a wrong name."""
    for index, pattern in enumerate(GROUPS):
        if pattern.fullmatch(name):
            return index
    if name.split("/")[0] in _KNOWN or any(segment in ("", ".", "..") for segment in name.split("/")):
        return None
    return UNKNOWN_GROUP


class Entry:
    """One entry while it is read; what is left of it is skipped before the next."""

    def __init__(self, container: Container, name: str, group: int, length: int) -> None:
        self.name = name
        self.group = group
        self.length = length
        self._container = container
        self._left = length
        self._digest = hashlib.sha256()

    def _take(self, count: int) -> bytes:
        part = self._container.take(min(count, self._left))
        need(len(part) == min(count, self._left), "container", f"{self.name}: the pack ends in this entry")
        self._left -= len(part)
        self._digest.update(part)
        return part

    def read(self) -> bytes:
        return self._take(self._left)

    def lines(self, limit: int = MAX_LINE) -> Iterator[bytes]:
        """Its lines without their LF; the last must have one, too."""
        rest = b""
        while self._left or rest:
            while b"\n" not in rest and self._left:
                need(len(rest) <= limit, "too_large", f"{self.name}: a line is longer than {limit}")
                rest += self._take(CHUNK)
            need(b"\n" in rest, "container", f"{self.name}: the last line has no end")
            *whole, rest = rest.split(b"\n")
            for line in whole:
                need(len(line) <= limit, "too_large", f"{self.name}: a line is longer than {limit}")
                yield line

    def finish(self) -> str:
        while self._left:
            self._take(CHUNK)
        return self._digest.hexdigest()


class Container:
    """Goes through the entries of a pack and says what is wrong with the container.

    What is wrong with one entry is said and the reading goes on; where the lines themselves are wrong nothing behind
    can be read, and the reading ends.
    """

    def __init__(self, source: BinaryIO, answer: Answer) -> None:
        self._source = source
        self._answer = answer
        self._lines = hashlib.sha256()
        self._read = 0
        self.broken = False

    def take(self, count: int) -> bytes:
        part = self._source.read(count)
        self._read += len(part)
        need(self._read <= MAX_PACK, "too_large", "the pack is longer than 64 GiB")
        return part

    def _line(self) -> bytes:
        line = self._source.readline(256)
        self._read += len(line)
        return line

    def _fail(self, text: str, place: str | None, **sides: Any) -> None:
        self._answer.fail("pack.container", text, place, **sides)

    def begin(self) -> bool:
        """Do the bytes begin as those of a pack do?"""
        self._read = len(MAGIC)
        self._lines.update(MAGIC)
        return self._source.read(len(MAGIC)) == MAGIC

    def entries(self) -> Iterator[Entry]:
        """The entries that can be read; what is wrong goes to the answer."""
        try:
            yield from self._entries()
        except Fault as fault:
            self.broken = True
            self._fail(fault.text, None)

    def _entries(self) -> Iterator[Entry]:
        count, last = 0, (-1, "")
        while True:
            line = self._line()
            found = _ENTRY.fullmatch(line)
            if not found:
                self._end(line, count)
                return
            self._lines.update(line)
            name, length = found[1].decode(), int(found[2])
            group = group_of(name)
            need(group is not None, "container", f"{name}: no name of an entry")
            need((group, name) > last if group < UNKNOWN_GROUP else last[0] <= group, "container", f"{name}: out of order, or twice")
            need(count or group == 0, "container", "pack.json is not the first entry")
            limit = MAX_ENTRY if group == UNKNOWN_GROUP else _LIMITS[group]
            need(length <= limit, "too_large", f"{name}: longer than {limit}")
            last, count = (group, name), count + 1
            need(count <= MAX_ENTRIES, "too_large", "more entries than 10,000,000")
            entry = Entry(self, name, group, length)
            if group == UNKNOWN_GROUP:
                self._answer.leave("pack.container", f"{name}: a group that this verifier does not know; the pack is newer")
            try:
                yield entry
            finally:
                digest = entry.finish()
            if digest != found[3].decode():
                self._fail("the bytes have another checksum than their line says", name, stated=found[3].decode(), computed=digest)
            need(self.take(1) == b"\n", "container", f"{name}: no LF behind it")

    def _end(self, line: bytes, count: int) -> None:
        found = _END.fullmatch(line)
        if not found:
            self.broken = True
            self._fail("neither a line of an entry nor the last line", None)
            return
        if int(found[1]) != count:
            self._fail("another number of entries", "end", stated=int(found[1]), computed=count)
        lines = self._lines.hexdigest()
        if found[2].decode() != lines:
            self._fail("the checksum of the lines is another", "end", stated=found[2].decode(), computed=lines)
        if self._source.read(1):
            self._fail("bytes behind the last line", "end")


# Which chains may be there is asked with what the pack is of.
_CHAIN = re.compile("[a-z]{3}(?:/[A-Za-z0-9-]{1,64}){0,3}")
_NEWER = re.compile("(?!1$)[1-9][0-9]{0,8}")
_MEMBERS = {"agreement", "chains", "engines", "form", "height", "kind", "ledger", "made", "origin", "pack", "private", "rules", "trial"}


def _count(value: Any, least: int = 0) -> bool:
    return type(value) is int and least <= value <= BIG


def _size_and_root(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"root", "size"} and is_hash(value["root"]) and _count(value["size"], 1)


def _list_of(value: Any, pattern: str) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 0
        and all(isinstance(one, str) and re.fullmatch(pattern, one) for one in value)
        and len(set(value)) == len(value)
    )


class Newer(Exception):
    """The pack is of a version that is not known here."""


def read_pack_json(raw: bytes) -> dict[str, Any]:
    """pack.json, whose form holds; what it says is compared elsewhere. Raises Newer for one of a later version."""
    value = read_json(raw)
    if isinstance(value, dict) and isinstance(value.get("pack"), str) and _NEWER.fullmatch(value["pack"]):
        raise Newer(value["pack"])
    need(isinstance(value, dict) and _MEMBERS <= set(value) <= _MEMBERS | {"older", "period", "size"}, "form", "a member is missing or unknown")
    need(value["pack"] == "1", "version_unknown", "the version of the pack is not 1")
    need(value["form"] in ("first", "final") and value["kind"] in ("history", "period"), "form", "form or kind")
    need(is_hash(value["ledger"]) and is_time(value["made"]) and _count(value["height"]), "form", "ledger, made or height")
    need(isinstance(value["agreement"], str) and re.fullmatch(AGREEMENT, value["agreement"]), "form", "agreement")
    need(value["origin"] == f"tallystick/{value['ledger']}", "form", "origin")
    need(isinstance(value["private"], bool) and isinstance(value["trial"], bool), "form", "private or trial")
    need(_list_of(value["engines"], "terms-1/[1-9][0-9]{0,5}") and _list_of(value["rules"], "[1-9][0-9]{0,5}"), "form", "engines or rules")
    need(("period" in value) == (value["kind"] == "period"), "form", "period")
    need("period" not in value or (isinstance(value["period"], str) and re.fullmatch(_PERIOD, value["period"])), "form", "period")
    final = value["form"] == "final"
    need(("size" in value) == final and (not final or _count(value["size"], 1)), "form", "size")
    need("older" not in value or (final and _size_and_root(value["older"])), "form", "older")
    chains = value["chains"]
    need(isinstance(chains, list) and chains, "form", "chains")
    for one in chains:
        need(isinstance(one, dict) and {"chain", "count"} <= set(one) <= {"chain", "count", "last"}, "form", "chains")
        need(isinstance(one["chain"], str) and _CHAIN.fullmatch(one["chain"]) and _count(one["count"]), "form", "chains")
        need("last" not in one or is_hash(one["last"]), "form", "chains")
        need(not final or "last" in one or one["count"] == 0, "form", "chains")
    names = [one["chain"] for one in chains]
    need(all(a < b for a, b in zip(names, names[1:])), "form", "chains are not in order")
    return value
