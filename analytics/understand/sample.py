"""A message that brings a text to compare with: "find reviews like this one: …"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPENS = re.compile(
    r"\b(?:(?:like|similar to|resembling|close to|same as) (?:this|that|the following)(?: \w+)?"
    r"|(?:like|similar to|resembling))\s*(?::|(?=[\"“”']))\s*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“']([^\"“”]+)[\"”']")


@dataclass(frozen=True, slots=True)
class Sample:
    """What is asked for, and the text to compare with, which is data and never read as words of asking."""

    asked: str
    text: str


def find_sample(message: str) -> Sample | None:
    """The sample text in quotation marks, or else all after a colon; None where there is none."""
    opened = _OPENS.search(message)
    if opened is None:
        return None
    rest = message[opened.end() :].strip()
    quoted = _QUOTED.match(rest)
    text, after = (quoted[1], rest[quoted.end() :]) if quoted else (rest, "")
    asked = f"{message[: opened.start()].strip()} {after.strip(' .?!')}".strip()
    return Sample(asked, text.strip()) if text.strip() else None
