"""How the reader writes numbers and money. Sentences are English everywhere; figures follow the reader.

Both hold for one answer: ``with speaking("de-DE", "EUR"): …``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol

from analytics.catalog.calendar import MONDAY_AND_JANUARY, Calendar, fiscal_year_of

DEFAULT = "en"
_WHOLE_FROM = 1000
"""Amounts from here on are written without cents."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What stands between thousands, before a fraction, and around money; the order of a date."""

    group: str = ","
    decimal: str = "."
    before: str = ""
    after: str = ""
    currency: str | None = None
    month_first: bool = False
    tag: str = DEFAULT
    calendar: Calendar = MONDAY_AND_JANUARY


_ENGLISH = Speech()
_SPEECH: ContextVar[Speech] = ContextVar("speech", default=_ENGLISH)


@contextmanager
def speaking(
    tag: str,
    currency: str | None = None,
    calendar: Calendar = MONDAY_AND_JANUARY,
) -> Iterator[None]:
    """Figures inside are written as in the locale ``tag`` (BCP 47); an unknown one is English.

    ``currency``: ISO 4217 code of the amounts; None leaves them without a sign. ``calendar``: the company's,
    by which its quarters and years are called.
    """
    token = _SPEECH.set(replace(speech(tag, currency), calendar=calendar))
    try:
        yield
    finally:
        _SPEECH.reset(token)


@lru_cache(maxsize=256)
def speech(tag: str, currency: str | None = None) -> Speech:
    """How a locale writes; as English where it is not known."""
    try:
        locale = Locale.parse(tag.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        tag, locale = DEFAULT, Locale(DEFAULT)
    before, after = "", ""
    if currency:
        symbol = get_currency_symbol(currency, locale)
        leads = str(locale.currency_formats["standard"].pattern).lstrip("\u200f").startswith("¤")
        gap = "\u00a0" if symbol[-1:].isalpha() else ""
        before, after = (symbol + gap, "") if leads else ("", "\u00a0" + symbol)
    # Digits stay Latin, which every reader of an English sentence reads.
    return Speech(
        get_group_symbol(locale, numbering_system="latn"),
        get_decimal_symbol(locale, numbering_system="latn"),
        before,
        after,
        currency,
        # English without a country has the day first, as most of its readers have.
        tag != DEFAULT and str(locale.date_formats["medium"].pattern).startswith("M"),
        tag,
    )


def number(value: float, spec: str) -> str:
    """``format(value, spec)`` with the reader's separators."""
    now = _SPEECH.get()
    return format(value, spec).translate({ord(","): now.group, ord("."): now.decimal})


def money(value: float) -> str:
    """An amount with its sign of currency, where that is known: "€1,234", "€4.20"."""
    now = _SPEECH.get()
    size = number(abs(value), ",.0f" if abs(value) >= _WHOLE_FROM else ",.2f")
    return f"{'-' if value < 0 else ''}{now.before}{size}{now.after}"


def day(value: date) -> str:
    """A day in English, its parts in the reader's order: "28 Oct 2026" or "Oct 28, 2026"."""
    if _SPEECH.get().month_first:
        return f"{value:%b} {value.day}, {value.year}"
    return f"{value.day} {value:%b} {value.year}"


def spoken() -> str:
    """The tag of the locale that holds now, for what writes more than numbers (charts)."""
    return _SPEECH.get().tag


def quarter(value: date) -> str:
    """A quarter by its first day: "Q3 2026", "Q1 FY27"."""
    cal = _SPEECH.get().calendar
    place = (value.month - cal.fiscal_start) % 12 // 3 + 1
    return f"Q{place} {year(value)}"


def year(value: date) -> str:
    """A year by its first day: "2026", "FY27"."""
    cal = _SPEECH.get().calendar
    named = fiscal_year_of(value, cal)
    return str(named) if cal.fiscal_start == 1 else f"FY{named % 100:02d}"


def currency() -> str | None:
    """ISO 4217 code of the amounts in the answer that is being written."""
    return _SPEECH.get().currency
