"""Canonical JSON, base64url, times, days and Merkle trees (instruction-1 sections 1 and 2, ledger-1 section 1)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from datetime import date, datetime, timezone
from typing import Any, Callable, Iterable

BIG = 2**53 - 1
DEPTH = 40
MEMBERS = 100_000
ZERO_HASH = "0" * 64


class Fault(Exception):
    """What is read does not have the form that the text asks for; the first argument is a code of the texts."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text or code


def need(holds: Any, code: str, text: str = "") -> None:
    if not holds:
        raise Fault(code, text)


# ---- canonical JSON


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    need(len(value) == len(pairs), "duplicate_member")
    need(len(value) <= MEMBERS, "too_large")
    names = [name for name, _ in pairs]
    # Most names are ASCII, where the order of UTF-16 units is that of the text.
    if any(not a < b for a, b in zip(names, names[1:])) or not all(map(str.isascii, names)):
        names = [_utf16(name) for name in names]
        need(all(a < b for a, b in zip(names, names[1:])), "not_canonical")
    return value


def _integer(text: str) -> int:
    need(len(text) <= 17 and text != "-0", "number_form")
    value = int(text)
    need(abs(value) <= BIG, "number_form")
    return value


def _no_number(text: str) -> Any:
    raise Fault("number_form")


def _no_constant(text: str) -> Any:
    raise Fault("not_json")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_no_number, parse_constant=_no_constant, strict=True
)


def depth_of(value: Any) -> int:
    deepest, todo = 0, [(value, 1)]
    while todo:
        one, depth = todo.pop()
        if isinstance(one, (dict, list)):
            deepest = max(deepest, depth)
            todo.extend((inner, depth + 1) for inner in (one.values() if isinstance(one, dict) else one))
    return deepest


def has_null(value: Any) -> bool:
    todo = [value]
    while todo:
        one = todo.pop()
        if one is None:
            return True
        if isinstance(one, (dict, list)):
            todo.extend(one.values() if isinstance(one, dict) else one)
    return False


def spell(value: Any) -> str:
    """The one spelling of a value whose objects are already in order, as those that were read are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: ordered(value[name]) for name in sorted(value, key=_utf16)}
    if isinstance(value, list):
        return [ordered(one) for one in value]
    return value


def canonical(value: Any) -> bytes:
    """The canonical bytes of a value that was made here, in whatever order."""
    return spell(ordered(value)).encode()


def spelled(value: Any) -> bytes:
    """The canonical bytes of a value that was read by `read_json`, or a part of one."""
    return spell(value).encode()


def read_json(raw: bytes) -> Any:
    """Reads bytes that must be the one spelling of a value."""
    try:
        text = raw.decode("utf-8")
        value = _DECODER.decode(text)
        need(spell(value).encode("utf-8") == raw, "not_canonical")
    except UnicodeError:
        raise Fault("not_json") from None
    except RecursionError:
        raise Fault("too_deep") from None
    except ValueError:
        raise Fault("not_json") from None
    if raw.count(b"[") + raw.count(b"{") > DEPTH:
        need(depth_of(value) <= DEPTH, "too_deep")
    if b"null" in raw:
        need(not has_null(value), "payload_form")
    return value


# ---- hashes and base64


def sha256(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """A Merkle tree (RFC 6962) that is added to leaf by leaf and keeps one hash for each level."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        self.add_hash(leaf_hash(leaf))

    def add_hash(self, one: bytes) -> None:
        size = self.size
        while size & 1:
            one = node_hash(self._peaks.pop(), one)
            size >>= 1
        self._peaks.append(one)
        self.size += 1

    def root(self) -> bytes:
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def merkle_root(leaves: Iterable[bytes]) -> str:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root().hex()


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that a leaf hash leads to by its audit path, or None if the path is not of that length (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    last, at, one = size - 1, index, leaf
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            one = node_hash(sibling, one)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            one = node_hash(one, sibling)
        at >>= 1
        last >>= 1
    return one if last == 0 else None


_B64U = re.compile("[A-Za-z0-9_-]*")


def b64u(text: str) -> bytes:
    """base64url without padding, whose unused bits are 0."""
    need(_B64U.fullmatch(text) and len(text) % 4 != 1, "base64_form")
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(to_b64u(raw) == text, "base64_form")
    return raw


def to_b64u(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def base64_strict(text: str) -> bytes:
    """Standard base64 with padding, in its one spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Fault("base64_form") from None
    need(base64.b64encode(raw).decode() == text, "base64_form")
    return raw


# ---- the types of instruction-1 section 1


def form(expression: str) -> Callable[[Any], bool]:
    compiled = re.compile(expression)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


MEMBER = "[A-Za-z][A-Za-z0-9-]{0,31}"
PARTY = MEMBER + "/[a-z][a-z0-9-]{0,31}"
AGREEMENT = PARTY + "/[a-z0-9][a-z0-9-]{0,39}"
SOURCE = "[A-Za-z][A-Za-z0-9_-]{0,31}"
is_hash = form("[0-9a-f]{64}")
is_member = form(MEMBER)
is_party = form(PARTY)
is_agreement = form(AGREEMENT)
is_event_id = form(SOURCE + "/(?!0{10})[0-9]{10}")
is_thumb = form("[A-Za-z0-9_-]{43}")
is_id = form("[A-Za-z][A-Za-z0-9_-]{0,63}")

_ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid_millis(ulid: str) -> int:
    millis = 0
    for letter in ulid[:10]:
        millis = millis * 32 + _ULID.index(letter)
    return millis


_TIME = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def seconds(time: Any) -> int:
    """Seconds since 1970 of a time."""
    need(isinstance(time, str) and _TIME.fullmatch(time), "payload_form", "a time is wrong")
    try:
        return int(datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())
    except ValueError:
        raise Fault("payload_form", "a time is wrong") from None


def is_time(value: Any) -> bool:
    try:
        seconds(value)
        return True
    except Fault:
        return False


def time_of(at: int) -> str:
    try:
        return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        raise Fault("payload_form", "a time is out of range") from None


EPOCH_DAY = date(1970, 1, 1).toordinal()
DAY = 86_400


def day_of(at: int) -> int:
    """The UTC day of a time, counted as `date.toordinal` does."""
    return EPOCH_DAY + at // DAY


def start_of_day(day: int) -> int:
    return (day - EPOCH_DAY) * DAY


_DATE = re.compile("[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}")


def read_date(value: Any) -> int | None:
    """The day of a `YYYY-MM-DD`, or None if it is no real day."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date(int(value[:4]), int(value[5:7]), int(value[8:])).toordinal()
    except ValueError:
        return None


def date_text(day: int) -> str:
    return date.fromordinal(day).isoformat()
