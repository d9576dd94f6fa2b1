"""Seasons, meteorological: three whole months each, on the hemisphere that the calendar is set to.

In the north spring is March to May, summer June to August, autumn September to November, winter December to
February. A season without a year is its latest occurrence; "last summer" is the latest that is over.
"""

from __future__ import annotations

import re
from datetime import date

from dateutil.relativedelta import relativedelta

from analytics.types import TimeRange
from analytics.understand.times.rules import YEAR, Rules, year_of
from analytics.understand.times.units import Calendar, clip

RULES = Rules()

_FIRST = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NAME = r"(?P<season>spring|summer|autumn|winter)(?:time)?"
_FALL = "fall"
_WHICH = r"(?P<which>this|last|past|previous)"


@RULES.add(
    rf"(?:over |during |in |throughout )?(?:the )?(?:{_WHICH} )?{_NAME}(?: season)?"
    rf"(?: (?:of )?{YEAR}(?:[/-](?P<until>(?:20)?\d\d))?| (?P<of>(?:of )?(?:this|last) year))?"
    rf"|(?:(?:over|during|in) )?(?:this|last|past|previous) {_FALL}|(?:in |over |during )?{_FALL}"
    rf" (?P<year2>(?:19|20)\d\d)"
    r"|in fall"
)
def _season(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    name = match["season"] or "fall"
    which = match["which"] or next(
        (w for w in ("last", "past", "previous") if w in match.group().split()), None
    )
    month = (_FIRST[name] + (6 if cal.southern else 0) - 1) % 12 + 1
    named = year_of(match["year"] or match["year2"])
    if match["of"]:
        named, which = today.year - ("last" in match["of"]), None
    if named is not None:
        start = date(named, month, 1)
        if match["until"] and month != 12:
            raise ValueError("this season lies in one year")
    else:
        start = _latest(month, today, over=which in {"last", "past", "previous"})
    label = _label("autumn" if name == "fall" else name, start)
    return clip(start, start + relativedelta(months=3), today, label)


def _latest(month: int, today: date, *, over: bool) -> date:
    start = date(today.year, month, 1)
    while start > today or (over and start + relativedelta(months=3) > today):
        start -= relativedelta(years=1)
    return start


def _label(name: str, start: date) -> str:
    if start.month == 12:
        return f"{name} {start.year}/{(start.year + 1) % 100:02d}"
    return f"{name} {start.year}"
