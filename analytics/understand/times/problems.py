"""What stands in the way of a time that was named, in words, with ways on."""

from __future__ import annotations

from datetime import date

from analytics.types import Issue
from analytics.understand.times.days import NotWholeDays, ambiguous_dates
from analytics.understand.times.expressions import Misfit, misfits
from analytics.understand.times.feasts import UnknownFeast
from analytics.understand.times.units import Calendar


def time_problems(text: str, today: date, cal: Calendar) -> tuple[Issue, ...]:
    """An issue for each time that cannot be, and for each date that could be two."""
    impossible = [_impossible(text, one, cal) for one in misfits(text, today, cal)]
    ambiguous = [
        Issue(
            "ambiguous_date",
            f"Is {typed} {days[0].day} {days[0]:%B %Y} or {days[1].day} {days[1]:%B %Y}?",
            tuple(text.replace(typed, f"{day.day} {day:%B %Y}") for day in days),
        )
        for typed, days in ambiguous_dates(text, cal)
    ]
    return (*impossible, *ambiguous)


def _impossible(text: str, misfit: Misfit, cal: Calendar) -> Issue:
    match misfit.error:
        case NotWholeDays():
            return Issue(
                "whole_days",
                "I count time in whole days. Would today do, or yesterday?",
                (_instead(text, misfit, "today"), _instead(text, misfit, "yesterday")),
            )
        case UnknownFeast():
            return Issue(
                "unknown_holiday",
                f"I know no “{misfit.text}” in {cal.country}; name its date instead.",
            )
        case _:
            return Issue("impossible_date", f"There is no {misfit.text}.")


def _instead(text: str, misfit: Misfit, words: str) -> str:
    return text.replace(misfit.text, words)
