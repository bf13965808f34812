"""Periods of a calendar, counted as integers, and windows (terms-1 section 5)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Any

PERIODS_A_YEAR = {"month": 12, "quarter": 4, "year": 1}
_FORM = {
    "month": re.compile("([1-9][0-9]{3})-(0[1-9]|1[0-2])"),
    "quarter": re.compile("([1-9][0-9]{3})-Q([1-4])"),
    "year": re.compile("([1-9][0-9]{3})"),
}
_LAST_DAY = date.max.toordinal()


def add_months(day: int, months: int) -> int:
    """The same day so many months later, or the last one of a month that is shorter."""
    at = date.fromordinal(day)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    if year > 9999:
        return _LAST_DAY + 1
    return date(year, month + 1, min(at.day, monthrange(year, month + 1)[1])).toordinal()


class Calendar:
    """A frequency; a period is its index, so that the next one is one more."""

    def __init__(self, frequency: str) -> None:
        self.frequency = frequency
        self.per_year = PERIODS_A_YEAR[frequency]

    def read(self, text: Any) -> int | None:
        found = _FORM[self.frequency].fullmatch(text) if isinstance(text, str) else None
        if not found:
            return None
        return int(found[1]) * self.per_year + (int(found[2]) - 1 if self.per_year > 1 else 0)

    def name(self, period: int) -> str:
        year, index = divmod(period, self.per_year)
        return {12: f"{year:04d}-{index + 1:02d}", 4: f"{year:04d}-Q{index + 1}", 1: f"{year:04d}"}[self.per_year]

    def of(self, day: int) -> int:
        at = date.fromordinal(min(day, _LAST_DAY))
        return at.year * self.per_year + (at.month - 1) * self.per_year // 12

    def start(self, period: int) -> int:
        year, index = divmod(period, self.per_year)
        return _LAST_DAY + 1 if year > 9999 else date(year, index * (12 // self.per_year) + 1, 1).toordinal()

    def end(self, period: int) -> int:
        """The first day after it."""
        return self.start(period + 1)

    def window(self, kind: str, first: int, period: int) -> range:
        """The periods of the window of `period`, from the history's first on, up to and including it."""
        if kind == "period":
            return range(period, period + 1)
        return range(first if kind == "life" else max(first, period - period % self.per_year), period + 1)

    def last_of_year(self, period: int) -> bool:
        return period % self.per_year == self.per_year - 1
