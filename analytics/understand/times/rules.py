"""What the rules for time expressions share: their shape, and the words they are made of."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.types import TimeRange
from analytics.understand.times.units import Calendar

Handler = Callable[[re.Match[str], date, Calendar], TimeRange]
"""(match, today, calendar) → the range meant. Raises ValueError where no calendar has such a day."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A form of words for a period, and what it means."""

    pattern: re.Pattern[str]
    handler: Handler


class Rules(list[Rule]):
    """The rules of one noun, in the order written."""

    def add(self, pattern: str) -> Callable[[Handler], Handler]:
        """Registers the decorated handler for a pattern of whole words (lower case)."""

        def register(handler: Handler) -> Handler:
            self.append(Rule(re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])"), handler))
            return handler

        return register


MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
MONTHS["sept"] = 9
WEEKDAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)}
SHORT_WEEKDAYS = {name.lower(): i for i, name in enumerate(calendar.day_abbr)}
SHORT_WEEKDAYS |= {"tues": 1, "thurs": 3}

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_NUMBERS = {word: n for n, word in enumerate(_SMALL)} | {
    "a": 1, "an": 1, "couple of": 2, "a couple of": 2, "few": 3, "a few": 3, "couple": 2, "twenty-four": 24,
    "thirty": 30, "sixty": 60, "ninety": 90, "hundred": 100,
}  # fmt: skip
ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5,
}  # fmt: skip


def _one_of(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def month(name: str = "month") -> str:
    """A month by name, as a named group."""
    return rf"(?P<{name}>{_one_of(MONTHS)})\.?"


def year(name: str = "year") -> str:
    """A year as "2026" or "'26", as a named group."""
    return rf"(?P<{name}>(?:19|20)\d\d|['’]\d\d)"


def day(name: str = "day") -> str:
    """A day of a month, as a named group."""
    return rf"(?P<{name}>\d{{1,2}})(?:st|nd|rd|th)?"


MONTH, YEAR, DAY = month(), year(), day()
COUNT = rf"(?P<count>\d{{1,4}}|{_one_of(_NUMBERS)})"
UNIT = r"(?P<unit>day|week|month|quarter|year)s?"
PERIOD = r"(?P<unit>week|month|quarter|year)"
WEEKDAY = rf"(?P<weekday>{_one_of(WEEKDAYS)})"
SHORT_WEEKDAY = rf"(?P<short>{_one_of(SHORT_WEEKDAYS)})"
"""Only where something says that a day is meant: "sun" and "sat" are words too."""
ORDINAL = rf"(?P<ordinal>{_one_of(ORDINALS)})"
LAST = r"(?:last|previous|prior|past|preceding)"


def count_of(words: str) -> int:
    """A number in digits or words."""
    return int(words) if words.isdigit() else _NUMBERS[words]


def year_of(words: str | None) -> int | None:
    """A year as typed: "2026", "'26"."""
    if not words:
        return None
    return int(words) if words[0].isdigit() else 2000 + int(words[1:])


def one_day(which: date, label: str | None = None) -> TimeRange:
    """The range of a day."""
    return TimeRange(which, which + timedelta(days=1), label or f"{which.day} {which:%B %Y}")


def dates(first: date, last: date) -> str:
    """First and last day in words: "1 to 7 May 2026"."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {last.day} {last:%B %Y}"
    if first.year == last.year:
        return f"{first.day} {first:%B} to {last.day} {last:%B %Y}"
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"
