"""Exact values of terms-1 section 2: rationals, rounding, largest remainder."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from .forms import BIG

_RATIONAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+|/[1-9][0-9]*)?")
_AMOUNT = re.compile("0|[1-9][0-9]{0,29}")
HALF = Fraction(1, 2)


def read_rational(value: Any) -> Fraction | None:
    if not isinstance(value, str) or len(value) > 40 or not _RATIONAL.fullmatch(value):
        return None
    return Fraction(value)


def is_integer(value: Any) -> bool:
    return type(value) is int and abs(value) <= BIG


def read_number(value: Any) -> Fraction | None:
    """An integer or a rational."""
    return Fraction(value) if is_integer(value) else read_rational(value)


def read_amount(value: Any) -> int | None:
    if is_integer(value) and value >= 0:
        return value
    return int(value) if isinstance(value, str) and _AMOUNT.fullmatch(value) else None


def shown(units: int) -> int | str:
    """An amount as JSON has it: beyond 2^53-1 a string of digits."""
    return units if abs(units) <= BIG else str(units)


def rounded(value: Fraction | int, mode: str = "half-up") -> int:
    if isinstance(value, int):
        return value
    whole, rest = divmod(abs(value.numerator), value.denominator)
    twice = 2 * rest
    if mode == "half-up":
        up = twice >= value.denominator
    elif mode == "half-even":
        up = twice > value.denominator or (twice == value.denominator and whole % 2 == 1)
    else:
        up = mode == "up" and rest > 0
    size = whole + 1 if up else whole
    return -size if value < 0 else size


def largest_remainder(total: int, weights: dict[str, Fraction], order: dict[str, int]) -> dict[str, int]:
    """Divides an integer; ties go to the party that is listed earlier in the document."""
    if total < 0:
        return {party: -part for party, part in largest_remainder(-total, weights, order).items()}
    sum_of_weights = sum(weights.values())
    exact = {party: total * weight / sum_of_weights for party, weight in weights.items()}
    parts = {party: one.numerator // one.denominator for party, one in exact.items()}
    left = total - sum(parts.values())
    by_rest = sorted(parts, key=lambda party: (parts[party] - exact[party], order[party]))
    for party in by_rest[:left]:
        parts[party] += 1
    return parts
