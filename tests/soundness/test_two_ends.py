# ruff: noqa: E501 — SQL reads best on one line
"""A change "from A to B" was read as one long period, and a part of a month held against a whole one."""

import pytest

from analytics.analyst.context import Context
from analytics.types import Kind
from analytics.understand.resolve import Resolution
from analytics.understand.times.find import find_times
from tests.analytics.core.conftest import world
from tests.analytics.core.world import TODAY, understand
from tests.soundness.test_traps import run, sql

__all__ = ["world"]

_ORDERED = "SELECT sum(revenue) FILTER (WHERE ordered_at >= '{0}' AND ordered_at < '{1}'), sum(revenue) FILTER (WHERE ordered_at >= '{2}' AND ordered_at < '{3}') FROM order_items"
_MARCH = ("2026-03-01", "2026-04-01", "2026-02-01", "2026-03-01")
_SO_FAR = ("2026-03-01", "2026-03-21", "2026-02-01", "2026-02-21")
_YEARS = ("2026-01-01", "2027-01-01", "2025-01-01", "2026-01-01")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("how did revenue change from february to march", _MARCH),
        ("how much did turnover drop from Feb to Mar 2026?", _MARCH),
        ("did sales grow from february 2026 to march 2026", _MARCH),
        ("revenue growth from 2025 to 2026", _YEARS),
        ("how much has revenue risen from 2025 through 2026", _YEARS),
        ("how's this month's revenue against last month", _SO_FAR),
        ("revenue MTD vs the previous month", _SO_FAR),
        ("revenue march vs february", _MARCH),
    ],
)
def test_two_ends_are_two_periods(text: str, days: tuple[str, ...], world: Context) -> None:
    found = understand(text, world)
    assert isinstance(found, Resolution)
    assert found.query.kind is Kind.COMPARISON
    [wanted] = sql(_ORDERED.format(*days), world)
    assert run(found.query, world).rows[0][:2] == wanted


def test_a_range_without_a_change_is_one_period(world: Context) -> None:
    found = understand("revenue from february to march", world)
    assert isinstance(found, Resolution)
    assert found.query.kind is Kind.VALUE


def test_days_of_a_week_are_days_of_one_week() -> None:
    [span] = find_times("orders from monday to wednesday", TODAY)
    assert span.range.days == 3
