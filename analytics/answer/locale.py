"""How the reader writes numbers. Sentences are English everywhere; their figures follow the reader.

The locale holds for one answer: ``with speaking("de-DE"): …``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

DEFAULT = "en-US"


@dataclass(frozen=True, slots=True)
class Separators:
    """What stands between thousands, and before a fraction."""

    group: str = ","
    decimal: str = "."


_ENGLISH = Separators()
_SEPARATORS: ContextVar[Separators] = ContextVar("separators", default=_ENGLISH)
_TAG: ContextVar[str] = ContextVar("tag", default=DEFAULT)


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Figures inside are written as in the locale ``tag`` (BCP 47); an unknown one is English."""
    token, tag_token = _SEPARATORS.set(separators(tag)), _TAG.set(tag)
    try:
        yield
    finally:
        _SEPARATORS.reset(token)
        _TAG.reset(tag_token)


def spoken() -> str:
    """The tag of the locale that holds now, for what writes more than numbers (charts)."""
    return _TAG.get()


@lru_cache(maxsize=256)
def separators(tag: str) -> Separators:
    """The separators of a locale; those of English where it is not known."""
    try:
        locale = Locale.parse(tag.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return _ENGLISH
    # Digits stay Latin, which every reader of an English sentence reads.
    return Separators(
        get_group_symbol(locale, numbering_system="latn"),
        get_decimal_symbol(locale, numbering_system="latn"),
    )


def number(value: float, spec: str) -> str:
    """``format(value, spec)`` with the reader's separators."""
    text = format(value, spec)
    now = _SEPARATORS.get()
    if now is _ENGLISH:
        return text
    return text.translate({ord(","): now.group, ord("."): now.decimal})
