"""A decoder of the few protobuf messages that a pack holds (pack-1 sections 3 and 7)."""

from __future__ import annotations

from .forms import BIG, Fault, need

FIELDS = 10_000
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


class Message:
    """The fields of one message, each as often as it was there, in order."""

    def __init__(self, fields: dict[int, list[int | bytes]]) -> None:
        self._fields = fields

    def all(self, number: int) -> list[bytes]:
        return self._fields.get(number, [])

    def bytes(self, number: int) -> bytes:
        """The last one, as protobuf reads it; empty if there is none."""
        found = self._fields.get(number)
        return found[-1] if found else b""

    def has(self, number: int) -> bool:
        return number in self._fields

    def integer(self, number: int) -> int:
        found = self._fields.get(number)
        return found[-1] if found else 0

    def text(self, number: int) -> str:
        try:
            return self.bytes(number).decode("utf-8")
        except UnicodeDecodeError:
            raise Fault("protobuf", "a text is not UTF-8") from None


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        need(at < len(raw) and shift < 70, "protobuf", "an integer does not end")
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            need(value < 2**64, "protobuf", "an integer is too large")
            return value, at
        shift += 7


def read_message(
    raw: bytes, integers: tuple[int, ...], lengths: tuple[int, ...], repeated: tuple[int, ...] = (), strict: bool = True
) -> Message:
    """Reads a message whose integer fields and length-delimited fields have these numbers.

    If strict, others are refused, and so is one that is there twice and is not repeated: two readers could take another.
    """
    fields: dict[int, list[int | bytes]] = {}
    at = count = 0
    while at < len(raw):
        tag, at = _varint(raw, at)
        number, kind = tag >> 3, tag & 7
        count += 1
        need(count <= FIELDS and number > 0, "protobuf", "too many fields, or one without a number")
        if kind == VARINT:
            value, at = _varint(raw, at)
            if number in integers:
                need(value <= BIG, "protobuf", f"field {number} is negative or too large")
            known = number in integers
        elif kind == BYTES:
            length, at = _varint(raw, at)
            need(length <= len(raw) - at, "protobuf", "a field is longer than its message")
            value, at = raw[at : at + length], at + length
            known = number in lengths
        elif kind in (FIXED64, FIXED32):
            at += 8 if kind == FIXED64 else 4
            need(at <= len(raw), "protobuf", "a field is longer than its message")
            value, known = b"", False
        else:
            raise Fault("protobuf", f"wire type {kind}")
        if known:
            need(not strict or number in repeated or number not in fields, "protobuf", f"field {number} is there twice")
            fields.setdefault(number, []).append(value)
        elif strict:
            raise Fault("protobuf", f"an unknown field {number}")
    return Message(fields)
