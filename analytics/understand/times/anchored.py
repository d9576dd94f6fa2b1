"""Periods told from the life of a thing: "since launch", "before the spring campaign".

The catalog declares the anchors (``anchors:`` of a dimension table); their days come from the snapshot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.catalog.types import Anchor
from analytics.text import stems
from analytics.types import TimeRange
from analytics.understand.times.rules import COUNT, count_of
from analytics.understand.times.units import step
from analytics.understand.values import ValueIndex

Days = tuple[date, date | None]
"""First and last day; no last day where there is none."""


@dataclass(frozen=True, slots=True)
class Dated:
    """An anchor with its days, by the name of the thing."""

    anchor: Anchor
    days: Mapping[str, Days]


@dataclass(frozen=True, slots=True)
class Anchored:
    """Words for such a period at text[start:end].

    ``things``: those that the words name; empty where they name none. ``named``: the name as typed.
    """

    start: int
    end: int
    dated: Dated
    relation: str
    things: tuple[str, ...]
    named: str
    count: int = 0
    unit: str = "day"


_RELATION = r"(?P<relation>before and after|since|after|before|until|during|following)"
_FIRST = (
    rf"(?:in |during |over )?(?:the |its )?first {COUNT} (?P<unit>day|week|month)s? "
    "(?:after|since|of|following|from)"
)
_WORD = r"[\w&'’.-]+"
_MOST_WORDS = 6
_LONG_AGO = date(1, 1, 1)


def find_anchored(text: str, anchors: Sequence[Dated], values: ValueIndex) -> tuple[Anchored, ...]:
    """Periods told from anchors; what only resembles one, and names no thing there is, is left alone."""
    found: list[Anchored] = []
    for dated in anchors:
        phrases = "|".join(
            re.escape(p) for p in sorted(dated.anchor.phrases, key=len, reverse=True)
        )
        pattern = re.compile(
            rf"(?<![\w-])(?:{_FIRST}|{_RELATION}) (?:the |its |their |our )?"
            rf"(?P<name>(?:{_WORD} ){{0,{_MOST_WORDS}}}?)(?:{phrases})(?![\w-])"
            rf"(?: (?:of|for) (?:the |our )?(?P<of>{_WORD}(?: {_WORD}){{0,{_MOST_WORDS}}}))?"
        )
        for match in pattern.finditer(text.lower()):
            one = _anchored(text, match, dated, values)
            if one is not None and all(one.end <= f.start or one.start >= f.end for f in found):
                found.append(one)
    return tuple(found)


def _anchored(text: str, match: re.Match[str], dated: Dated, values: ValueIndex) -> Anchored | None:
    end, typed = match.end(), match["name"].strip()
    things = _things(typed, dated, values)
    if match["of"]:
        words = match["of"].split(" ")
        for many in range(len(words), 0, -1):  # "of the kettle last month": as much as is a name
            things = _things(" ".join(words[:many]), dated, values)
            if things:
                typed = " ".join(words[:many])
                end = match.start("of") + len(typed)
                break
        else:
            end, things = _before_of(text, match), _things(typed, dated, values)
    if typed and not things:
        return None
    relation = match["relation"] or "first"
    count = count_of(match["count"]) if match["count"] else 0
    return Anchored(
        match.start(), end, dated, relation, things, typed, count, match["unit"] or "day"
    )


def _before_of(text: str, match: re.Match[str]) -> int:
    """Where the anchor's own words end, where "of …" names no thing of it."""
    lead = re.search(r" (?:of|for) (?:the |our )?$", text.lower()[: match.start("of")])
    return lead.start() if lead is not None else match.end()


def _things(words: str, dated: Dated, values: ValueIndex) -> tuple[str, ...]:
    """Things that are called so, or whose names hold all of these words."""
    key = stems(words)
    if not key:
        return ()
    said = [v.value for v in values.lookup(key) if v.dimension == dated.anchor.of]
    named = {name: stems(name) for name in dated.days}
    exact = [name for name, own in named.items() if own == key or name in said]
    return tuple(exact or [name for name, own in named.items() if set(key) <= set(own)])


def anchored_range(
    one: Anchored, thing: str, today: date
) -> tuple[TimeRange, TimeRange | None] | None:
    """The period meant, and the one before where both sides are asked for. None where it holds no day yet."""
    first, last = one.dated.days[thing]
    tomorrow, over = today + timedelta(days=1), (last or first) + timedelta(days=1)
    name = f"the {one.dated.anchor.name} of {thing}"
    if one.dated.anchor.name == one.dated.anchor.of:
        name = f"the {thing} {one.dated.anchor.of}"
    after = first if last is None else over
    match one.relation:
        case "since":
            start, end, label = first, tomorrow, f"since {name}"
        case "after" | "following" | "before and after":
            start, end, label = after, tomorrow, f"after {name}"
        case "before" | "until":
            start, end, label = _LONG_AGO, first, f"before {name}"
        case "during":
            start, end, label = first, min(over, tomorrow), f"during {name}"
        case _:
            width = first + step(one.unit, one.count)
            start, end = first, min(width, tomorrow)
            label = f"the first {one.count} {one.unit}s after {name}"
    if start >= end:
        return None
    said = TimeRange(
        start, end, label, partial=one.relation in {"first", "during"} and end == tomorrow
    )
    if one.relation != "before and after":
        return said, None
    length = timedelta(days=said.days)
    return said, TimeRange(first - length, first, f"the {said.days} days before {name}")
