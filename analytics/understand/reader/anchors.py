"""Periods told from the life of a thing, settled once it is known which thing is spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from analytics.types import Issue, TimeRange
from analytics.understand.reading import Reading
from analytics.understand.times.anchored import Anchored, anchored_range
from analytics.understand.times.expressions import TimeSpan
from analytics.wording import inside, listed

_OFFERED = 3


def held_open(found: Sequence[Anchored]) -> tuple[TimeSpan, ...]:
    """A place in the message for each of them; the days come later."""
    return tuple(
        TimeSpan(one.start, one.end, _open_range(number)) for number, one in enumerate(found)
    )


def _open_range(number: int) -> TimeRange:
    first = date(1, 1, 1) + timedelta(days=number)
    return TimeRange(first, first + timedelta(days=1), "", partial=True)


def settled(reading: Reading, found: Sequence[Anchored], text: str, today: date) -> Reading:
    """The reading with the days of each; a problem where the thing is not named, or several are."""
    for number, one in enumerate(found):
        things = one.things or _spoken_of(reading, one)
        if len(things) != 1:
            return replace(reading, problems=(_which(one, things, text),))
        ranges = anchored_range(one, things[0], today)
        if ranges is None:
            first = one.dated.days[things[0]][0]
            told = f"{things[0]}: {one.dated.anchor.name} on {first.day} {first:%B %Y}"
            issue = Issue("no_such_period", f"That period holds no day yet ({told}).")
            return replace(reading, problems=(issue,))
        said, before = ranges
        times = tuple(said if t == _open_range(number) else t for t in reading.times)
        reading = replace(reading, times=times)
        if before is not None:
            comparisons = reading.comparisons | {"versus"}
            reading = replace(reading, pair=(before, said), comparisons=comparisons)
    return reading


def _spoken_of(reading: Reading, one: Anchored) -> tuple[str, ...]:
    """Things of the anchor that the message narrows its figures to."""
    return tuple(
        dict.fromkeys(
            v.value
            for mention in reading.values
            if not mention.excluded
            for v in mention.values
            if v.dimension == one.dated.anchor.of and v.value in one.dated.days
        )
    )


def _which(one: Anchored, things: Sequence[str], text: str) -> Issue:
    anchor, days = one.dated.anchor, one.dated.days
    offered = things or sorted(days, key=lambda name: (days[name][0], name), reverse=True)
    names = tuple(offered)[:_OFFERED]
    words = text[one.start : one.end]
    own = anchor.name == anchor.of
    lead = (
        one.relation if one.relation != "first" else f"in the first {one.count} {one.unit}s after"
    )
    said = [
        f"{lead} the {n} {anchor.of}" if own else f"{lead} the {anchor.name} of {n}" for n in names
    ]
    return Issue(
        "which_anchor",
        f"“{words}”: which {inside(anchor.of)} do you mean? For example {listed(names)}.",
        tuple(text.replace(words, one_said) for one_said in said),
    )
