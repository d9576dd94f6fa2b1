"""Personal data in customers' words is masked before anyone sees a quote."""

from __future__ import annotations

import re

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"\b(?:\d[ -]?){13,19}\b"), "[card number]"),
    (
        re.compile(
            r"(?<![\w.,])(?:\+|00)?\d{1,4}[ ./-]?(?:\(\d+\)[ ./-]?)?\d{2,5}(?:[ ./-]\d{2,6}){1,4}(?![\w,])"
        ),
        "[phone]",
    ),
    (re.compile(r"(?<![\w/])@\w{2,30}"), "[handle]"),
    (re.compile(r"https?://\S+|www\.\S+"), "[link]"),
)
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$")
LONGEST_QUOTE = 400


def mask(text: str) -> str:
    """The text without e-mail addresses, phone and card numbers, handles and links."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(
            lambda m, r=replacement: m.group() if _DATE.match(m.group()) else r,  # type: ignore[misc]
            text,
        )
    return text


def quotable(text: str) -> str:
    """Masked, on one line, cut at a word where it is long."""
    line = " ".join(mask(text).split())
    if len(line) <= LONGEST_QUOTE:
        return line
    return line[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
