"""Single time expressions: a rule for each form, resolved against ``today``.

Conventions: "last month/quarter/year" is the calendar period before the one that holds today; "this …"
runs from its start to today; "last n days" are the n days ending today, today included; weeks start on
Monday unless set otherwise; a bare month or weekday is its latest occurrence. Ranges are [start, end).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from analytics.types import TimeRange
from analytics.understand.times.units import Calendar, clip, start_of, step, unit_range

_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
_MONTHS["sept"] = 9
_WEEKDAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)}
_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_NUMBERS = {word: n for n, word in enumerate(_SMALL)} | {
    "a": 1, "an": 1, "couple of": 2, "few": 3, "couple": 2, "thirty": 30, "sixty": 60, "ninety": 90, "hundred": 100,  # noqa: E501
}  # fmt: skip
_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
}

_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_COUNT = r"(?P<count>\d+|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_UNIT = r"(?P<unit>day|week|month|quarter|year)s?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time expression at text[start:end] and the range it means; ``pair`` for "from A to B"."""

    start: int
    end: int
    range: TimeRange
    pair: tuple[TimeRange, TimeRange] | None = None


def _count(words: str) -> int:
    return int(words) if words.isdigit() else _NUMBERS[words]


def _month_start(month: int, year: int | None, today: date) -> date:
    if year is not None:
        return date(year, month, 1)
    return date(today.year if month <= today.month else today.year - 1, month, 1)


def _day(match: re.Match[str], today: date) -> date:
    month = _MONTHS[match["month"]]
    year = int(match["year"]) if match["year"] else None
    if year is None:
        day = date(today.year, month, int(match["day"]))
        return day if day <= today else day.replace(year=today.year - 1)
    return date(year, month, int(match["day"]))


Handler = Callable[[re.Match[str], date, Calendar], TimeRange]
_RULES: list[tuple[re.Pattern[str], Handler]] = []


def _rule(pattern: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        _RULES.append((re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])"), handler))
        return handler

    return register


@_rule(r"today")
def _today(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return TimeRange(today, today + timedelta(days=1), "today")


@_rule(r"yesterday")
def _yesterday(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return TimeRange(today - timedelta(days=1), today, "yesterday")


@_rule(r"(?:the )?day before yesterday")
def _day_before_yesterday(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return TimeRange(
        today - timedelta(days=2), today - timedelta(days=1), "the day before yesterday"
    )


@_rule(
    r"(?:this|current|the current|the present) (?P<unit>day|week|month|quarter|year)(?: so far| to date)?"
)
def _this(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    unit = match["unit"]
    return unit_range(start_of(today, unit, cal), unit, today, f"this {unit}")


@_rule(r"(?:the )?(?:last|previous|prior|past|preceding) (?P<unit>week|month|quarter|year)")
def _last(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    unit = match["unit"]
    start = start_of(today, unit, cal)
    return TimeRange(start - step(unit), start, f"last {unit}")


@_rule(
    r"(?:the )?(?P<unit>week|month|quarter|year) before(?: last| that)?|(?:the )?last but one (?P<unit2>week|month|quarter|year)"  # noqa: E501
)
def _before_last(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    unit = match["unit"] or match["unit2"]
    start = start_of(today, unit, cal) - step(unit)
    return TimeRange(start - step(unit), start, f"the {unit} before last")


@_rule(
    rf"(?:in |over |during |within )?(?:the )?(?:last|past|previous|trailing|recent|most recent|latest) {_COUNT} {_UNIT}|(?:last|past|trailing) (?P<count2>\d+)(?P<unit2>d|w|m|y)"  # noqa: E501
)
def _rolling(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    letters = {"d": "day", "w": "week", "m": "month", "y": "year"}
    n = _count(match["count"] or match["count2"])
    return _rolling_of(n, match["unit"] or letters[match["unit2"]], today)


def _rolling_of(n: int, unit: str, today: date) -> TimeRange:
    end = today + timedelta(days=1)
    plural = "" if n == 1 else "s"
    return TimeRange(end - step(unit, max(n, 1)), end, f"the last {n} {unit}{plural}")


@_rule(rf"(?:the )?{_COUNT} {_UNIT} before(?: that| then)?")
def _rolling_before(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    """As long as what it is compared with; the resolver moves it to before that."""
    return _rolling_of(_count(match["count"]), match["unit"], today)


@_rule(rf"(?:the )?(?:last|past|previous) {_COUNT} (?:full|complete|whole|calendar) {_UNIT}")
def _complete(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    n, unit = _count(match["count"]), match["unit"]
    end = start_of(today, unit, cal)
    return TimeRange(end - step(unit, n), end, f"the last {n} full {unit}s")


@_rule(rf"{_COUNT} {_UNIT} ago")
def _ago(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    unit = match["unit"]
    start = start_of(today - step(unit, _count(match["count"])), unit, cal)
    return unit_range(start, unit, today, match.group())


@_rule(
    r"(?P<unit>year|month|quarter|week)[ -]to[ -]date|(?P<short>ytd|mtd|qtd|wtd)|so far this (?P<unit2>year|month|quarter|week)"  # noqa: E501
)
def _to_date(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    short = {"ytd": "year", "mtd": "month", "qtd": "quarter", "wtd": "week"}
    unit = match["unit"] or match["unit2"] or short[match["short"]]
    start = start_of(today, unit, cal)
    return unit_range(start, unit, today, f"this {unit} to date")


@_rule(
    rf"(?:q(?P<q>[1-4])|(?P<ordinal>first|1st|second|2nd|third|3rd|fourth|4th) quarter)(?:,? (?:of |in )?(?:{_YEAR}|(?P<rel>this|last) year))?|{_YEAR.replace('year', 'year2')}[ -]?q(?P<q2>[1-4])"  # noqa: E501
)
def _quarter(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    number = int(match["q"] or match["q2"] or _ORDINALS[match["ordinal"]])
    year = match["year"] or match["year2"]
    this_year = start_of(today, "year", cal)
    if year:
        first = date(int(year), cal.fiscal_start, 1)
        if cal.fiscal_start > 1:
            first -= relativedelta(years=1)
    elif match["rel"] == "last":
        first = this_year - relativedelta(years=1)
    else:
        first = this_year
    start = first + relativedelta(months=3 * (number - 1))
    if start > today and not year and not match["rel"]:
        start -= relativedelta(years=1)
    name_year = (
        start + relativedelta(months=12 - cal.fiscal_start + 1 if cal.fiscal_start > 1 else 0)
    ).year
    return unit_range(start, "quarter", today, f"Q{number} {name_year}")


@_rule(rf"(?:h(?P<h>[12])|(?P<ordinal>first|second) half)(?: (?:of |in )?{_YEAR})?")
def _half(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    number = int(match["h"] or _ORDINALS[match["ordinal"]])
    year = int(match["year"]) if match["year"] else today.year
    start = date(year, 1 if number == 1 else 7, 1)
    if start > today and not match["year"]:
        start -= relativedelta(years=1)
    return clip(start, start + relativedelta(months=6), today, f"H{number} {start.year}")


@_rule(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
def _iso_day(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    return TimeRange(day, day + timedelta(days=1), day.isoformat())


@_rule(r"(?P<y>(?:19|20)\d{2})-(?P<m>0[1-9]|1[0-2])")
def _iso_month(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    start = date(int(match["y"]), int(match["m"]), 1)
    return unit_range(start, "month", today, start.strftime("%B %Y"))


@_rule(rf"(?:the )?{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?")
def _day_month(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    day = _day(match, today)
    return TimeRange(day, day + timedelta(days=1), f"{day.day} {day:%B %Y}")


@_rule(
    rf"(?P<from>\d{{1,2}})(?:st|nd|rd|th)?(?: {_MONTH.replace('month', 'month1')})? ?"
    r"(?:and|to|-|–|until|till|through) ?"
    rf"(?:the )?{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?"
)
def _days_of_month(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    last = _day(match, today)
    month = _MONTHS[match["month1"]] if match["month1"] else last.month
    first = date(last.year, month, int(match["from"]))
    label = f"{first.day} {first:%B} to {last.day} {last:%B %Y}"
    return clip(first, last + timedelta(days=1), today, label)


@_rule(rf"{_MONTH} (?:the )?{_DAY}(?:,? {_YEAR})?")
def _month_day(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return _day_month(match, today, cal)


@_rule(rf"{_MONTH}(?:,? (?:of )?(?:{_YEAR}|(?P<rel>this|last) year))?")
def _month(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    relative = {"this": today.year, "last": today.year - 1}
    year = int(match["year"]) if match["year"] else relative.get(match["rel"])
    start = _month_start(_MONTHS[match["month"]], year, today)
    return unit_range(start, "month", today, start.strftime("%B %Y"))


@_rule(rf"(?:the )?(?:calendar )?(?:year )?{_YEAR}")
def _year(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    start = date(int(match["year"]), 1, 1)
    return unit_range(start, "year", today, match["year"])


@_rule(r"(?P<y1>(?:19|20)\d\d) ?(?:-|–|to) ?(?P<y2>(?:19|20)\d\d)")
def _years(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    first, last = int(match["y1"]), int(match["y2"])
    return clip(date(first, 1, 1), date(last + 1, 1, 1), today, f"{first} to {last}")


@_rule(rf"(?P<rel>last|this) year(?:'s|,)? (?:in )?{_MONTH}")
def _year_month(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    year = today.year - (match["rel"] == "last")
    start = date(year, _MONTHS[match["month"]], 1)
    return unit_range(start, "month", today, start.strftime("%B %Y"))


@_rule(r"(?:fiscal|fy) ?(?:year )?(?P<fy>(?:20)?\d\d)")
def _fiscal_year(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    year = int(match["fy"]) + (2000 if len(match["fy"]) == 2 else 0)
    start = date(year - (1 if cal.fiscal_start > 1 else 0), cal.fiscal_start, 1)
    return unit_range(start, "year", today, f"fiscal {year}")


@_rule(r"(?:on |last )?(?P<weekday>" + "|".join(_WEEKDAYS) + r")")
def _weekday(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    back = (today.weekday() - _WEEKDAYS[match["weekday"]]) % 7
    if match.group().startswith("last") and back == 0:
        back = 7
    day = today - timedelta(days=back)
    return TimeRange(day, day + timedelta(days=1), f"{day:%A}, {day.day} {day:%B %Y}")


@_rule(
    rf"(?:the )?week (?:of|from|starting|beginning)(?: the)? (?P<rest>{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?|{_MONTH.replace('month', 'month3')} {_DAY.replace('day', 'day3')}|\d{{4}}-\d\d-\d\d)"  # noqa: E501
)
def _week_of(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    inner = next(single_times(match["rest"], today, cal)).range.start
    start = start_of(inner, "week", cal)
    return unit_range(start, "week", today, f"the week of {start.day} {start:%B %Y}")


@_rule(r"(?:of )?all[ -]time|ever|since the (?:beginning|start)|overall|to date|in total")
def _all_time(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return TimeRange(date(1, 1, 1), today + timedelta(days=1), "all time")


def impossible_dates(text: str, today: date, cal: Calendar) -> tuple[str, ...]:
    """Days that no calendar has ("31 February"), as typed."""
    found = []
    for pattern, handler in _RULES:
        for match in pattern.finditer(text.lower()):
            try:
                handler(match, today, cal)
            except (ValueError, OverflowError):
                found.append(text[match.start() : match.end()])
    return tuple(dict.fromkeys(found))


def single_times(text: str, today: date, cal: Calendar) -> Iterator[TimeSpan]:
    """Non-overlapping simple expressions, the longest winning, in the order of the text."""
    found: list[TimeSpan] = []
    for pattern, handler in _RULES:
        for match in pattern.finditer(text):
            try:
                found.append(TimeSpan(match.start(), match.end(), handler(match, today, cal)))
            except (ValueError, OverflowError):
                continue  # 31 February and the like: not a date
    kept: list[TimeSpan] = []
    for span in sorted(found, key=lambda s: (s.start - s.end, s.start)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    yield from sorted(kept, key=lambda s: s.start)
