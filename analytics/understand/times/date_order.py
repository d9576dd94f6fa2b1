"""Whether "3/5/2026" is the 3rd of May, by how a reader's locale writes dates."""

from __future__ import annotations

_UNDECIDED = frozenset({"en", "zh", "ja", "ko", "hu", "lt", "mn"})
"""English without a country is written both ways; the others put the year first."""
_MONTH_FIRST = frozenset({"en-us", "en-ph", "es-us", "es-pr", "fil-ph"})


def day_first(locale: str) -> bool | None:
    """True for the day before the month, False for the month first, None where it must be asked."""
    tag = locale.replace("_", "-").lower()
    if tag in _MONTH_FIRST:
        return False
    if tag in _UNDECIDED or tag.split("-")[0] in _UNDECIDED - {"en"}:
        return None
    return True
