"""How managers write time: expression → [start, end), worked out by hand from the conventions.

Each table is read on one day. "~" marks a period that runs on after today.
"""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.understand.times.expressions import impossible_dates
from analytics.understand.times.find import find_times
from analytics.understand.times.problems import time_problems
from analytics.understand.times.units import Calendar

PLAIN = Calendar()

SUNDAY_END_OF_MAY = """
today so far                      2026-05-31 2026-06-01
so far today                      2026-05-31 2026-06-01
the day before yesterday          2026-05-29 2026-05-30
this week so far                  2026-05-25 2026-06-01
WTD                               2026-05-25 2026-06-01
MTD                               2026-05-01 2026-06-01
QTD                               2026-04-01 2026-06-01 ~
YTD                               2026-01-01 2026-06-01 ~
so far this quarter               2026-04-01 2026-06-01 ~
so far this year                  2026-01-01 2026-06-01 ~
quarter to date                   2026-04-01 2026-06-01 ~
year-to-date                      2026-01-01 2026-06-01 ~
the year so far                   2026-01-01 2026-06-01 ~
the current quarter               2026-04-01 2026-06-01 ~
this calendar year                2026-01-01 2026-06-01 ~
last week                         2026-05-18 2026-05-25
last month                        2026-04-01 2026-05-01
in the last month                 2026-04-01 2026-05-01
over the past month               2026-04-01 2026-05-01
the previous quarter              2026-01-01 2026-04-01
last calendar quarter             2026-01-01 2026-04-01
prior year                        2025-01-01 2026-01-01
the month before last             2026-03-01 2026-04-01
the week before last              2026-05-11 2026-05-18
the last but one quarter          2025-10-01 2026-01-01
the year before last              2024-01-01 2025-01-01
last 7 days                       2026-05-25 2026-06-01
last 90 days                      2026-03-03 2026-06-01
the past 14 days                  2026-05-18 2026-06-01
past fortnight                    2026-05-18 2026-06-01
over the last fortnight           2026-05-18 2026-06-01
last 4 weeks                      2026-05-04 2026-06-01
last couple of weeks              2026-05-18 2026-06-01
the last few months               2026-03-01 2026-06-01
the last three quarters           2025-09-01 2026-06-01
last 6 months                     2025-12-01 2026-06-01
rolling 12 months                 2025-06-01 2026-06-01
12 months rolling                 2025-06-01 2026-06-01
trailing twelve months            2025-06-01 2026-06-01
TTM                               2025-06-01 2026-06-01
LTM                               2025-06-01 2026-06-01
L30D                              2026-05-02 2026-06-01
L4W                               2026-05-04 2026-06-01
last 12m                          2025-06-01 2026-06-01
last 30d                          2026-05-02 2026-06-01
trailing 30 days                  2026-05-02 2026-06-01
last 2 full months                2026-03-01 2026-05-01
last two complete weeks           2026-05-11 2026-05-25
the last full 3 months            2026-02-01 2026-05-01
the last 2 calendar quarters      2025-10-01 2026-04-01
last full month                   2026-04-01 2026-05-01
the last completed quarter        2026-01-01 2026-04-01
two months ago                    2026-03-01 2026-04-01
3 weeks back                      2026-05-04 2026-05-11
3 weeks ago                       2026-05-04 2026-05-11
five days ago                     2026-05-26 2026-05-27
2 years ago                       2024-01-01 2025-01-01
two quarters ago                  2025-10-01 2026-01-01
a fortnight ago                   2026-05-11 2026-05-18
first week of May                 2026-05-01 2026-05-08
the second week of may            2026-05-08 2026-05-15
the third week in April 2025      2025-04-15 2025-04-22
last week of May                  2026-05-25 2026-06-01
the last week of 2026-05          -
the fifth week of March           2026-03-29 2026-04-01
first week of last month          2026-04-01 2026-04-08
the first week of this year       2026-01-01 2026-01-08
early May                         2026-05-01 2026-05-11
mid June                          2025-06-11 2025-06-21
mid-June 2024                     2024-06-11 2024-06-21
middle of april                   2026-04-11 2026-04-21
late April                        2026-04-21 2026-05-01
end of April                      2026-04-21 2026-05-01
at the end of last month          2026-04-21 2026-05-01
the beginning of May              2026-05-01 2026-05-11
start of this year                2026-01-01 2026-05-01
first half of May                 2026-05-01 2026-05-16
second half of April              2026-04-16 2026-05-01
first half of last month          2026-04-01 2026-04-16
early 2026                        2026-01-01 2026-05-01
mid 2025                          2025-05-01 2025-09-01
late 2025                         2025-09-01 2026-01-01
end of 2025                       2025-09-01 2026-01-01
early last year                   2025-01-01 2025-05-01
the first 10 days of May          2026-05-01 2026-05-11
in the last 3 months of 2025      2025-10-01 2026-01-01
the first two months of this year 2026-01-01 2026-03-01
the first 3 days of last week     2026-05-18 2026-05-21
Q1                                2026-01-01 2026-04-01
q2                                2026-04-01 2026-06-01 ~
q3                                2025-07-01 2025-10-01
Q4 '25                            2025-10-01 2026-01-01
2025 Q3                           2025-07-01 2025-10-01
Q1 this year                      2026-01-01 2026-04-01
q4 last year                      2025-10-01 2026-01-01
the third quarter of 2024         2024-07-01 2024-10-01
last quarter of 2025              2025-10-01 2026-01-01
Q1-Q3 2025                        2025-01-01 2025-10-01
Q1 to Q2 2025                     2025-01-01 2025-07-01
H1                                2026-01-01 2026-06-01 ~
H2                                2025-07-01 2026-01-01
H2 2024                           2024-07-01 2025-01-01
H1 last year                      2025-01-01 2025-07-01
first half of 2025                2025-01-01 2025-07-01
second half of last year          2025-07-01 2026-01-01
the first half of the year        2026-01-01 2026-06-01 ~
FY25                              2025-01-01 2026-01-01
fiscal year 2025                  2025-01-01 2026-01-01
this fiscal year                  2026-01-01 2026-06-01 ~
week 20                           2026-05-11 2026-05-18
week 22                           2026-05-25 2026-06-01
week 23                           2025-06-02 2025-06-09
CW 20                             2026-05-11 2026-05-18
calendar week 20                  2026-05-11 2026-05-18
wk 20                             2026-05-11 2026-05-18
KW 20                             2026-05-11 2026-05-18
W20                               2026-05-11 2026-05-18
week 1 2026                       2025-12-29 2026-01-05
week 52 of last year              2025-12-22 2025-12-29
2026-W19                          2026-05-04 2026-05-11
week 53                           2020-12-28 2021-01-04
the week of 3 May                 2026-04-27 2026-05-04
week of May 12th                  2026-05-11 2026-05-18
the week starting 4 May 2026      2026-05-04 2026-05-11
week commencing 2026-05-04        2026-05-04 2026-05-11
the week of 6.5.2026              2026-05-04 2026-05-11
monday                            2026-05-25 2026-05-26
on Sunday                         2026-05-31 2026-06-01
last Sunday                       2026-05-24 2026-05-25
last friday                       2026-05-29 2026-05-30
on Fri                            2026-05-29 2026-05-30
Tuesday last week                 2026-05-19 2026-05-20
since Monday                      2026-05-25 2026-06-01
this weekend                      2026-05-30 2026-06-01
last weekend                      2026-05-23 2026-05-25
the weekend of 3 May              2026-05-02 2026-05-04
January                           2026-01-01 2026-02-01
Jan                               2026-01-01 2026-02-01
sept                              2025-09-01 2025-10-01
Sep '24                           2024-09-01 2024-10-01
may '25                           2025-05-01 2025-06-01
May 2025                          2025-05-01 2025-06-01
May of this year                  2026-05-01 2026-06-01
June last year                    2025-06-01 2025-07-01
last year's December              2025-12-01 2026-01-01
05/2026                           2026-05-01 2026-06-01
5/2026                            2026-05-01 2026-06-01
2026-05                           2026-05-01 2026-06-01
2026/04                           2026-04-01 2026-05-01
Jan-Mar                           2026-01-01 2026-04-01
Nov to Feb                        2025-11-01 2026-03-01
Jan–Mar 2025                      2025-01-01 2025-04-01
from January to March             2026-01-01 2026-04-01
between Jan and Apr 2026          2026-01-01 2026-05-01
2024                              2024-01-01 2025-01-01
2024-2025                         2024-01-01 2026-01-01
calendar year 2025                2025-01-01 2026-01-01
2026-05-03                        2026-05-03 2026-05-04
3.5.2026                          2026-05-03 2026-05-04
03.05.26                          2026-05-03 2026-05-04
13/5/2026                         2026-05-13 2026-05-14
5/13/2026                         2026-05-13 2026-05-14
3 May                             2026-05-03 2026-05-04
the 3rd of May                    2026-05-03 2026-05-04
May 3                             2026-05-03 2026-05-04
3 June                            2025-06-03 2025-06-04
29 February                       2024-02-29 2024-03-01
1-15 May                          2026-05-01 2026-05-16
1 to 15 May 2025                  2025-05-01 2025-05-16
May 1-15                          2026-05-01 2026-05-16
May 1 to May 15                   2026-05-01 2026-05-16
from 1 May to 15 May              2026-05-01 2026-05-16
between 28 April and 3 May        2026-04-28 2026-05-04
28 Dec - 3 Jan                    2025-12-28 2026-01-04
from 2026-05-01 to 2026-05-10     2026-05-01 2026-05-11
1.5.2026 - 10.5.2026              2026-05-01 2026-05-11
from March on                     2026-03-01 2026-06-01
since March                       2026-03-01 2026-06-01
since 1 May                       2026-05-01 2026-06-01
since the end of March            2026-04-01 2026-06-01
since last month                  2026-04-01 2026-06-01
after Easter                      2026-04-06 2026-06-01
before May                        0001-01-01 2026-05-01
prior to 2025                     0001-01-01 2025-01-01
until April                       0001-01-01 2026-05-01
until the end of March            0001-01-01 2026-04-01
by the end of April               0001-01-01 2026-05-01
up to 10 May                      0001-01-01 2026-05-11
in spring                         2026-03-01 2026-06-01
spring 2025                       2025-03-01 2025-06-01
last spring                       2025-03-01 2025-06-01
over the summer                   2025-06-01 2025-09-01
last summer                       2025-06-01 2025-09-01
summer 2024                       2024-06-01 2024-09-01
last autumn                       2025-09-01 2025-12-01
last fall                         2025-09-01 2025-12-01
in winter                         2025-12-01 2026-03-01
last winter                       2025-12-01 2026-03-01
winter 2024/25                    2024-12-01 2025-03-01
Black Friday                      2025-11-28 2025-11-29
Black Friday 2024                 2024-11-29 2024-11-30
Cyber Monday                      2025-12-01 2025-12-02
the Black Friday weekend          2025-11-28 2025-12-02
Valentine's Day                   2026-02-14 2026-02-15
valentines                        2026-02-14 2026-02-15
halloween                         2025-10-31 2025-11-01
Christmas                         2025-12-25 2025-12-26
last Christmas                    2025-12-25 2025-12-26
Christmas Eve                     2025-12-24 2025-12-25
Christmas 2024                    2024-12-25 2024-12-26
the christmas season              2025-11-01 2026-01-01
holiday season 2024               2024-11-01 2025-01-01
over the holidays                 2025-12-24 2026-01-02
over Christmas                    2025-12-24 2026-01-02
New Year's Eve                    2025-12-31 2026-01-01
New Year’s Day                    2026-01-01 2026-01-02
Easter                            2026-04-05 2026-04-06
Easter 2025                       2025-04-20 2025-04-21
easter weekend                    2026-04-03 2026-04-07
Good Friday                       2026-04-03 2026-04-04
Thanksgiving                      2025-11-27 2025-11-28
labor day                         2025-09-01 2025-09-02
memorial day                      2026-05-25 2026-05-26
all time                          0001-01-01 2026-06-01
"""

LEAP_DAY_A_THURSDAY = """
today                             2024-02-29 2024-03-01
this month                        2024-02-01 2024-03-01
yesterday                         2024-02-28 2024-02-29
last year                         2023-01-01 2024-01-01
last 12 months                    2023-03-01 2024-03-01
last 30 days                      2024-01-31 2024-03-01
29 February                       2024-02-29 2024-03-01
28 February 2023                  2023-02-28 2023-03-01
last month                        2024-01-01 2024-02-01
a month ago                       2024-01-01 2024-02-01
a year ago                        2023-01-01 2024-01-01
end of February                   2024-02-21 2024-03-01
last week of February             2024-02-23 2024-03-01
this week                         2024-02-26 2024-03-01 ~
winter                            2023-12-01 2024-03-01
Q1                                2024-01-01 2024-03-01 ~
"""

NEW_YEARS_DAY_A_THURSDAY = """
this year                         2026-01-01 2026-01-02 ~
last year                         2025-01-01 2026-01-01
this week                         2025-12-29 2026-01-02 ~
last week                         2025-12-22 2025-12-29
last month                        2025-12-01 2026-01-01
last quarter                      2025-10-01 2026-01-01
yesterday                         2025-12-31 2026-01-01
week 1                            2025-12-29 2026-01-02 ~
week 53                           2020-12-28 2021-01-04
New Year's Day                    2026-01-01 2026-01-02
New Year's Eve                    2025-12-31 2026-01-01
over Christmas                    2025-12-24 2026-01-02
this winter                       2025-12-01 2026-01-02 ~
last winter                       2024-12-01 2025-03-01
December                          2025-12-01 2026-01-01
first week of this year           2026-01-01 2026-01-02 ~
last 2 days                       2025-12-31 2026-01-02
"""

SUNDAY_OF_ISO_WEEK_53 = """
this week                         2020-12-28 2021-01-04
week 53                           2020-12-28 2021-01-04
week 52                           2020-12-21 2020-12-28
last week                         2020-12-21 2020-12-28
this weekend                      2021-01-02 2021-01-04
last weekend                      2020-12-26 2020-12-28
ytd                               2021-01-01 2021-01-04 ~
last sunday                       2020-12-27 2020-12-28
"""

A_MONDAY = """
this week                         2026-06-01 2026-06-02 ~
last week                         2026-05-25 2026-06-01
on Monday                         2026-06-01 2026-06-02
last Monday                       2026-05-25 2026-05-26
last weekend                      2026-05-30 2026-06-01
this month                        2026-06-01 2026-06-02 ~
last month                        2026-05-01 2026-06-01
last summer                       2025-06-01 2025-09-01
this summer                       2026-06-01 2026-06-02 ~
last spring                       2026-03-01 2026-06-01
week 23                           2026-06-01 2026-06-02 ~
mtd                               2026-06-01 2026-06-02 ~
"""


def _cases(table: str, today: str) -> list[tuple[str, str, str, str, bool]]:
    found = []
    for line in table.strip().splitlines():
        text, rest = line[:34].strip(), line[34:].split()
        if rest[0] != "-":
            found.append((today, text, rest[0], rest[1], "~" in rest))
    return found


CASES = [
    *_cases(SUNDAY_END_OF_MAY, "2026-05-31"),
    *_cases(LEAP_DAY_A_THURSDAY, "2024-02-29"),
    *_cases(NEW_YEARS_DAY_A_THURSDAY, "2026-01-01"),
    *_cases(SUNDAY_OF_ISO_WEEK_53, "2021-01-03"),
    *_cases(A_MONDAY, "2026-06-01"),
]


@pytest.mark.parametrize(("today", "text", "start", "end", "partial"), CASES)
def test_range(today: str, text: str, start: str, end: str, partial: bool) -> None:
    (found,) = find_times(text, date.fromisoformat(today), PLAIN)
    assert (found.range.start.isoformat(), found.range.end.isoformat()) == (start, end)
    assert found.range.partial is partial


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 250


APRIL_AND_SUNDAY = Calendar(week_start=6, fiscal_start=4)
COMPANY = """
this year                         2026-04-01 2026-06-01 ~
last year                         2025-04-01 2026-04-01
this calendar year                2026-01-01 2026-06-01 ~
FYTD                              2026-04-01 2026-06-01 ~
FY26                              2025-04-01 2026-04-01
FY 2025/26                        2025-04-01 2026-04-01
fiscal 2027                       2026-04-01 2026-06-01 ~
fiscal Q3                         2025-10-01 2026-01-01
Q1                                2026-04-01 2026-06-01 ~
Q4 FY26                           2026-01-01 2026-04-01
calendar Q1                       2026-01-01 2026-04-01
Q2 2026                           2025-07-01 2025-10-01
H1                                2026-04-01 2026-06-01 ~
H2 FY26                           2025-10-01 2026-04-01
last quarter                      2026-01-01 2026-04-01
this week                         2026-05-31 2026-06-01 ~
last week                         2026-05-24 2026-05-31
the week of 6 May                 2026-05-03 2026-05-10
2025                              2025-01-01 2026-01-01
"""


@pytest.mark.parametrize(
    ("today", "text", "start", "end", "partial"), _cases(COMPANY, "2026-05-31")
)
def test_the_company_calendar(today: str, text: str, start: str, end: str, partial: bool) -> None:
    (found,) = find_times(text, date.fromisoformat(today), APRIL_AND_SUNDAY)
    assert (found.range.start.isoformat(), found.range.end.isoformat()) == (start, end)
    assert found.range.partial is partial


def test_seasons_of_the_south() -> None:
    (found,) = find_times("last summer", date(2026, 5, 31), Calendar(southern=True))
    assert found.range.start == date(2025, 12, 1)


def test_public_holidays_of_the_country() -> None:
    (here,) = find_times("anzac day", date(2026, 5, 31), Calendar(country="AU"))
    assert here.range.start == date(2026, 4, 25)
    (problem,) = time_problems("sales on thanksgiving", date(2026, 5, 31), Calendar(country="DE"))
    assert problem.code == "unknown_holiday"


TWO = [
    ("Q2 vs Q1", "2026-04-01", "2026-06-01", "2026-01-01", "2026-04-01"),
    ("May vs June", "2026-05-01", "2026-06-01", "2025-06-01", "2025-07-01"),
    ("this year vs last", "2026-01-01", "2026-06-01", "2025-01-01", "2026-01-01"),
    (
        "this month against the previous one?",
        "2026-05-01",
        "2026-06-01",
        "2026-04-01",
        "2026-05-01",
    ),
    ("Q2 2025 compared to Q2 2026", "2025-04-01", "2025-07-01", "2026-04-01", "2026-06-01"),
]


@pytest.mark.parametrize(("text", "start", "end", "start2", "end2"), TWO)
def test_two_periods(text: str, start: str, end: str, start2: str, end2: str) -> None:
    first, second = find_times(text, date(2026, 5, 31), PLAIN)
    assert [str(first.range.start), str(first.range.end)] == [start, end]
    assert [str(second.range.start), str(second.range.end)] == [start2, end2]


def test_before_and_after_a_day_are_equally_long() -> None:
    (found,) = find_times("revenue before and after 1 May", date(2026, 5, 31), PLAIN)
    assert found.pair is not None
    before, after = found.pair
    assert (before.start, before.end) == (date(2026, 3, 31), date(2026, 5, 1))
    assert (after.start, after.end) == (date(2026, 5, 1), date(2026, 6, 1))
    assert found.versus


NO_TIME = [
    "did revenue fall", "the fall in sales", "may I see", "march on", "spring-loaded", "version 2.5",
    "4 stars", "products", "a second opinion", "the weekly report", "top 5", "sun cream",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_TIME)
def test_no_time(text: str) -> None:
    assert find_times(text, date(2026, 5, 31), PLAIN) == ()


def test_a_day_or_a_month_first_is_asked() -> None:
    (problem,) = time_problems("revenue on 3/5/2026", date(2026, 5, 31), PLAIN)
    assert problem.code == "ambiguous_date"
    assert problem.suggestions == ("revenue on 3 May 2026", "revenue on 5 March 2026")
    for first, day in ((True, "2026-05-03"), (False, "2026-03-05")):
        known = Calendar(day_first=first)
        assert time_problems("revenue on 3/5/2026", date(2026, 5, 31), known) == ()
        (found,) = find_times("revenue on 3/5/2026", date(2026, 5, 31), known)
        assert found.range.start.isoformat() == day


@pytest.mark.parametrize("text", ["last 24 hours", "in the past hour", "yesterday evening"])
def test_hours_are_no_period(text: str) -> None:
    (problem,) = time_problems(f"orders {text}", date(2026, 5, 31), PLAIN)
    assert problem.code == "whole_days"


def test_a_week_that_a_year_has_not() -> None:
    assert impossible_dates("week 53 of 2025", date(2026, 5, 31), PLAIN) == ("week 53 of 2025",)


days = st.dates(min_value=date(2001, 1, 1), max_value=date(2080, 12, 31))
calendars = st.builds(
    Calendar, week_start=st.integers(0, 6), fiscal_start=st.integers(1, 12), southern=st.booleans()
)
texts = st.sampled_from(sorted({text for _, text, _, _, _ in CASES}))


@settings(max_examples=300, deadline=None)
@given(days, texts, calendars)
def test_never_empty_or_reversed(today: date, text: str, cal: Calendar) -> None:
    for found in find_times(text, today, cal):
        assert found.range.start < found.range.end


@settings(max_examples=300, deadline=None)
@given(days, texts, calendars)
def test_a_label_reads_back_as_the_same_range(today: date, text: str, cal: Calendar) -> None:
    for found in find_times(text, today, cal):
        again = find_times(found.range.label, today, cal)
        assert [(s.range.start, s.range.end) for s in again] == [
            (found.range.start, found.range.end)
        ], found.range.label
