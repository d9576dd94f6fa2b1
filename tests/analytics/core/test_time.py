"""Time expressions against hand-checked dates; today is Wednesday, 28 October 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.types import TimeRange
from analytics.understand.times.baseline import previous_range, year_before
from analytics.understand.times.expressions import impossible_dates
from analytics.understand.times.find import find_times
from analytics.understand.times.units import Calendar, unit_of, unit_range

TODAY = date(2026, 10, 28)

CASES = [
    ("net sentiment last month", "2026-09-01", "2026-10-01"),
    ("this month", "2026-10-01", "2026-10-29"),
    ("revenue this quarter", "2026-10-01", "2026-10-29"),
    ("last quarter", "2026-07-01", "2026-10-01"),
    ("last year", "2025-01-01", "2026-01-01"),
    ("this week", "2026-10-26", "2026-10-29"),
    ("last week", "2026-10-19", "2026-10-26"),
    ("in the last 30 days", "2026-09-29", "2026-10-29"),
    ("last 7 days", "2026-10-22", "2026-10-29"),
    ("past three weeks", "2026-10-08", "2026-10-29"),
    ("last 12 months", "2025-10-29", "2026-10-29"),
    ("today", "2026-10-28", "2026-10-29"),
    ("yesterday", "2026-10-27", "2026-10-28"),
    ("between March and May 2026", "2026-03-01", "2026-06-01"),
    ("between march and may 2024", "2024-03-01", "2024-06-01"),
    ("from 2026-01-05 to 2026-02-03", "2026-01-05", "2026-02-04"),
    ("from November to February", "2025-11-01", "2026-03-01"),
    ("since June", "2026-06-01", "2026-10-29"),
    ("after June 2026", "2026-07-01", "2026-10-29"),
    ("in May", "2026-05-01", "2026-06-01"),
    ("in december", "2025-12-01", "2026-01-01"),
    ("in December 2013", "2013-12-01", "2014-01-01"),
    ("Q2", "2026-04-01", "2026-07-01"),
    ("q4", "2026-10-01", "2026-10-29"),
    ("Q2 2025", "2025-04-01", "2025-07-01"),
    ("the first quarter of last year", "2025-01-01", "2025-04-01"),
    ("2013", "2013-01-01", "2014-01-01"),
    ("2012-2014", "2012-01-01", "2015-01-01"),
    ("3 May", "2026-05-03", "2026-05-04"),
    ("May 3rd, 2026", "2026-05-03", "2026-05-04"),
    ("on 24 December", "2025-12-24", "2025-12-25"),
    ("year to date", "2026-01-01", "2026-10-29"),
    ("mtd", "2026-10-01", "2026-10-29"),
    ("the week of 6 May", "2026-05-04", "2026-05-11"),
    ("last year in May", "2025-05-01", "2025-06-01"),
    ("May of last year", "2025-05-01", "2025-06-01"),
    ("on Monday", "2026-10-26", "2026-10-27"),
    ("h1 2026", "2026-01-01", "2026-07-01"),
    ("in 2026-05", "2026-05-01", "2026-06-01"),
]


@pytest.mark.parametrize(("text", "start", "end"), CASES)
def test_expression(text: str, start: str, end: str) -> None:
    (found,) = find_times(text, TODAY)
    assert (found.range.start.isoformat(), found.range.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    "text", ["may I see reviews", "the march of progress", "products", "version 1899"]
)
def test_no_time(text: str) -> None:
    assert find_times(text, TODAY) == ()


def test_a_day_that_does_not_exist_is_named() -> None:
    assert impossible_dates("sales on 31 February", TODAY, Calendar()) == ("31 February",)
    assert impossible_dates("sales on 28 February", TODAY, Calendar()) == ()


def test_running_period_is_partial_and_a_past_one_is_not() -> None:
    assert find_times("this month", TODAY)[0].range.partial
    assert find_times("October", TODAY)[0].range.partial
    assert not find_times("September", TODAY)[0].range.partial


def test_previous_of_a_running_month() -> None:
    this = find_times("this month", TODAY)[0].range
    alike = previous_range(this, like_for_like=True)
    whole = previous_range(this, like_for_like=False)
    assert alike is not None
    assert whole is not None
    assert (alike.start, alike.end) == (date(2026, 9, 1), date(2026, 9, 29))
    assert (whole.start, whole.end) == (date(2026, 9, 1), date(2026, 10, 1))


def test_previous_of_31_days_stays_before_a_running_march() -> None:
    this = unit_range(date(2026, 3, 1), "month", date(2026, 3, 30), "this month")
    alike = previous_range(this, like_for_like=True)
    assert alike is not None
    assert (alike.start, alike.end) == (date(2026, 2, 1), date(2026, 3, 1))


def test_fiscal_year_and_week_start() -> None:
    april = Calendar(week_start=6, fiscal_start=4)
    assert find_times("this year", TODAY, april)[0].range.start == date(2026, 4, 1)
    assert find_times("this week", TODAY, april)[0].range.start == date(2026, 10, 25)
    assert find_times("last quarter", TODAY, april)[0].range.start == date(2026, 7, 1)


days = st.dates(min_value=date(2001, 1, 1), max_value=date(2090, 12, 31))


@given(days, st.sampled_from([text for text, _, _ in CASES]))
def test_a_range_is_never_empty_or_reversed(today: date, text: str) -> None:
    for found in find_times(text, today):
        assert found.range.start < found.range.end


@given(days, st.sampled_from(["day", "week", "month", "quarter", "year"]))
def test_the_period_before_ends_where_this_one_starts(today: date, unit: str) -> None:
    found = find_times(f"last {unit}" if unit != "day" else "yesterday", today)[0].range
    before = previous_range(found, like_for_like=False)
    assert before is not None
    assert before.end == found.start
    assert unit_of(found, Calendar()) in {unit, "day"} or found.days in {28, 29, 30, 31}


@given(days, st.integers(1, 400))
def test_rolling_days_end_today(today: date, n: int) -> None:
    found = find_times(f"last {n} days", today)[0].range
    assert found.end == today + timedelta(days=1)
    assert found.days == n


@given(days)
def test_year_before_is_a_range(today: date) -> None:
    assert year_before(TimeRange(today, today + timedelta(days=1))).days >= 1
