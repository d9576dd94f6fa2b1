"""How a locale writes figures and dates, from CLDR (Babel)."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_compact_decimal

_FALLBACK = "en-US"


@lru_cache(maxsize=256)
def locale_of(tag: str) -> Locale:
    """The locale of a BCP 47 tag, or of its language, or American English."""
    for known in (tag, tag.split("-")[0], _FALLBACK):
        try:
            return Locale.parse(known, sep="-")
        except (ValueError, TypeError, UnknownLocaleError):
            continue
    raise AssertionError("Babel knows American English")


@lru_cache(maxsize=256)
def compact(tag: str, size: float) -> tuple[float, str]:
    """How large figures shrink: what to divide them by, and what to write after (1e6, "M")."""
    if size < 10_000:
        return 1.0, ""
    power = 1e9 if size >= 1e9 else 1e6 if size >= 1e6 else 1e3
    written = format_compact_decimal(int(power), locale=locale_of(tag))
    shown = re.match(r"\d+", written)
    if shown is None or written == shown.group():
        return 1.0, ""
    return power / int(shown.group()), written[shown.end() :].replace(" ", "\u00a0")
