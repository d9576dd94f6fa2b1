"""Holidays and days of commerce, by name.

Public holidays come from the library ``holidays`` for the country that the calendar is set to; Easter and the
days that hang on it are computed (``dateutil.easter``), and so are the days of commerce: Black Friday is the
day after the fourth Thursday of November, Cyber Monday the Monday after it, the Black Friday weekend those
four days. The Christmas season (also "the holiday season") is November and December, as the National Retail
Federation counts it; "over Christmas" and "over the holidays" are 24 December to 1 January. A feast without
a year is its latest occurrence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays
from dateutil.easter import easter

from analytics.types import TimeRange
from analytics.understand.times.rules import YEAR, Rules, dates, year_of
from analytics.understand.times.units import Calendar, clip

RULES = Rules()

Span = tuple[date, date]
"""First and last day."""


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _black_friday(year: int) -> date:
    return _nth(year, 11, 3, 4) + timedelta(days=1)


def _fixed(month: int, day: int) -> Callable[[int], Span]:
    return lambda year: (date(year, month, day), date(year, month, day))


def _from_easter(first: int, last: int | None = None) -> Callable[[int], Span]:
    end = first if last is None else last
    return lambda y: (easter(y) + timedelta(days=first), easter(y) + timedelta(days=end))


def _from_black_friday(first: int, last: int | None = None) -> Callable[[int], Span]:
    end = first if last is None else last
    return lambda y: (
        _black_friday(y) + timedelta(days=first),
        _black_friday(y) + timedelta(days=end),
    )


_KNOWN: Mapping[str, Callable[[int], Span]] = {
    "black friday": _from_black_friday(0),
    "cyber monday": _from_black_friday(3),
    "black friday weekend": _from_black_friday(0, 3),
    "black friday week": _from_black_friday(-4, 3),
    "cyber week": _from_black_friday(-4, 3),
    "singles day": _fixed(11, 11),
    "valentine's day": _fixed(2, 14),
    "valentines day": _fixed(2, 14),
    "valentine's": _fixed(2, 14),
    "valentines": _fixed(2, 14),
    "halloween": _fixed(10, 31),
    "new year's eve": _fixed(12, 31),
    "new years eve": _fixed(12, 31),
    "new year's day": _fixed(1, 1),
    "new years day": _fixed(1, 1),
    "christmas eve": _fixed(12, 24),
    "christmas day": _fixed(12, 25),
    "christmas": _fixed(12, 25),
    "xmas": _fixed(12, 25),
    "boxing day": _fixed(12, 26),
    "easter": _from_easter(0),
    "easter sunday": _from_easter(0),
    "easter monday": _from_easter(1),
    "good friday": _from_easter(-2),
    "easter weekend": _from_easter(-2, 1),
    "holy week": _from_easter(-6, -1),
    "christmas season": lambda y: (date(y, 11, 1), date(y, 12, 31)),
    "holiday season": lambda y: (date(y, 11, 1), date(y, 12, 31)),
    "xmas season": lambda y: (date(y, 11, 1), date(y, 12, 31)),
    "over christmas": lambda y: (date(y, 12, 24), date(y + 1, 1, 1)),
    "over xmas": lambda y: (date(y, 12, 24), date(y + 1, 1, 1)),
    "over the holidays": lambda y: (date(y, 12, 24), date(y + 1, 1, 1)),
    "during the holidays": lambda y: (date(y, 12, 24), date(y + 1, 1, 1)),
    "christmas holidays": lambda y: (date(y, 12, 24), date(y + 1, 1, 1)),
    "christmas week": lambda y: (date(y, 12, 24), date(y, 12, 31)),
    "over easter": _from_easter(-2, 1),
}
_PUBLIC = (
    "thanksgiving", "thanksgiving day", "memorial day", "labor day", "labour day", "independence day",
    "veterans day", "columbus day", "presidents day", "presidents' day", "juneteenth", "whit monday",
    "ascension day", "epiphany", "all saints' day", "all saints day", "german unity day", "bastille day",
    "australia day",
    "anzac day", "canada day", "victoria day", "king's day", "assumption day", "corpus christi",
)  # fmt: skip
"""Names of public holidays that are looked up in the country's list."""

_NAMES = "|".join(
    re.escape(n).replace("'", "['’]?") for n in sorted((*_KNOWN, *_PUBLIC), key=len, reverse=True)
)


@RULES.add(
    rf"(?:on |at )?(?:the )?(?:(?P<which>last|this|past|previous) (?:year['’]s )?)?(?P<name>{_NAMES})"
    rf"(?:,? (?:of |in )?(?:{YEAR}|(?P<rel>this|last) year))?"
)
def _feast(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    name = match["name"].replace("’", "'")
    found = _finder(name, cal.country)
    named = year_of(match["year"])
    if match["rel"]:
        named = today.year - (match["rel"] == "last")
    if "year" in match.group().split(name)[0] and match["which"]:
        named = today.year - (match["which"] != "this")
    if named is not None:
        first, last = found(named)
    else:
        first, last = next(
            span for back in range(3) if (span := found(today.year - back))[0] <= today
        )
    label = _label(name, first, last)
    return clip(first, last + timedelta(days=1), today, label)


def _label(name: str, first: date, last: date) -> str:
    """The name and year of a day; of several days their dates, which the name leaves open."""
    if first != last:
        return dates(first, last)
    words = " ".join(word[0].upper() + word[1:] for word in name.split())
    return f"{words} {first.year}"


def _finder(name: str, country: str) -> Callable[[int], Span]:
    plain = name.replace("'", "")
    for known, find in _KNOWN.items():
        if known.replace("'", "") == plain:
            return find
    return lambda year: _public(plain, country, year)


def _public(name: str, country: str, year: int) -> Span:
    try:
        listed = _listed(country, year)
    except NotImplementedError:  # a country that the library does not know
        raise UnknownFeast(name) from None
    days = [d for d, title in listed if _same(name, title)]
    if not days:
        raise UnknownFeast(name)
    return days[0], days[0]


class UnknownFeast(ValueError):
    """A holiday that the country does not have."""


def _same(name: str, title: str) -> bool:
    told = title.lower().replace("'", "").replace("’", "")
    return name in told or f"{name} day" == told


@lru_cache(maxsize=64)
def _listed(country: str, year: int) -> tuple[tuple[date, str], ...]:
    found = holidays.country_holidays(country, years=year, observed=False, language="en_US")
    return tuple(sorted((day, title) for day, title in found.items()))
