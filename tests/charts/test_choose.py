# ruff: noqa: E501 — one case a line reads as a table
"""Which result gets which form, and when none."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.answer.charts import chart
from analytics.types import (
    Baseline,
    Comparison,
    Filter,
    Grain,
    Having,
    Kind,
    Op,
    Query,
    TimeRange,
)
from tests.charts.marks import rows, words
from tests.charts.samples import CATALOG, MONTHS, SENTIMENTS, result, trend

MARCH = TimeRange(date(2026, 3, 1), date(2026, 4, 1), "March 2026")
APRIL = TimeRange(date(2026, 4, 1), date(2026, 4, 15), "this month", partial=True)
AGAINST = Comparison(Baseline.PREVIOUS_PERIOD, MARCH)
SPLIT = Query(Kind.BREAKDOWN, ("revenue",), ("product",))


def drawn(query: Query, some: Sequence[Sequence[Any]]) -> Any:
    return chart(query, result(query, some), CATALOG)


def over(names: Sequence[str]) -> list[tuple[Any, ...]]:
    return [(month, name, 10.0 + i) for month in MONTHS for i, name in enumerate(names)]


def against(kind: Kind, *group_by: str) -> Query:
    return Query(kind, ("revenue",), group_by, time_range=APRIL, comparison=AGAINST)


CASES: dict[str, tuple[Query, list[Any], str | None]] = {
    "a trend": (trend("revenue"), [(m, 1.0) for m in MONTHS], "line"),
    "as bars": (trend("revenue", chart="bar"), [(m, 1.0) for m in MONTHS], "columns"),
    "six series": (trend("revenue", "product"), over("abcdef"), "line"),
    "seven series": (trend("revenue", "product"), over("abcdefg"), "multiples"),
    "forty series": (trend("revenue", "product"), over([f"p{i}" for i in range(40)]), "multiples"),
    "sentiment over time": (trend("reviews", "sentiment"), over(SENTIMENTS), "share"),
    "an average by sentiment": (trend("return_rate", "sentiment"), over(SENTIMENTS), "line"),
    "one step": (trend("revenue"), [(MONTHS[0], 1.0)], None),
    "two dimensions over time": (trend("revenue", "product", "region"), [(m, "a", "b", 1.0) for m in MONTHS], None),
    "a breakdown": (SPLIT, [("a", 2.0), ("b", 1.0)], "bar"),
    "one row": (SPLIT, [("a", 2.0)], None),
    "as a table": (replace(SPLIT, chart="table"), [("a", 2.0), ("b", 1.0)], None),
    "no figure at all": (SPLIT, [("a", None), ("b", None)], None),
    "a grid": (replace(SPLIT, group_by=("product", "region")), [(a, b, 1.0) for a in "abc" for b in "xy"], "heat_map"),
    "pairs": (replace(SPLIT, group_by=("product", "region")), [(a, b, 1.0) for a, b in zip("abcdefgh", "stuvwxyz", strict=True)], "bar"),
    "sentiment of things": (replace(SPLIT, metrics=("reviews",), group_by=("product", "sentiment")), [(a, b, 1.0) for a in "ab" for b in SENTIMENTS], "share"),
    "a ranking": (replace(SPLIT, kind=Kind.RANKING), [("a", 2.0), ("b", 1.0)], "bar"),
    "a ranking of months": (Query(Kind.RANKING, ("revenue",), (), Grain.MONTH), [(MONTHS[2], 2.0), (MONTHS[0], 1.0)], "bar"),
    "one thing changed": (against(Kind.CHANGE, "product"), [("a", 2.0, 1.0, 1.0)], "before_now"),
    "things compared": (against(Kind.COMPARISON, "product"), [("a", 2.0, 1.0, 1.0), ("b", 1.0, 2.0, -1.0)], "before_now"),
    "periods compared": (against(Kind.COMPARISON), [(2.0, 1.0, 1.0)], "bar"),
    "a value": (Query(Kind.VALUE, ("revenue",)), [(2.0,)], None),
    "an unknown metric": (replace(SPLIT, metrics=("reviews.verbatims",), kind=Kind.EVIDENCE), [], None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_form_fits_the_result(case: str) -> None:
    query, some, wanted = CASES[case]
    if query.kind is Kind.EVIDENCE:
        spec = chart(query, result(replace(query, metrics=()), some), CATALOG)
    else:
        spec = drawn(query, some)
    assert (spec and spec["usermeta"]["kind"]) == wanted
    if spec is not None:
        assert spec["usermeta"]["rows"] == len(rows(spec))
        assert spec["description"]


def test_what_is_left_out_is_said() -> None:
    many = drawn(SPLIT, [(f"p{i}", float(i)) for i in range(57)])
    assert len(rows(many)) == 20
    assert "20 of 57 shown" in " ".join(words(many))
    assert "20 of 57 shown" in many["description"]
    panels = drawn(trend("revenue", "product"), over([f"p{i}" for i in range(40)]))
    assert "12 of 40 shown, the highest on average" in " ".join(words(panels))
    assert [row["series"] for row in rows(panels)[::4]] == [f"p{i}" for i in range(39, 27, -1)]


def test_too_many_steps_are_left_to_the_table() -> None:
    hours = [(date.fromordinal(730_000 + i), 1.0) for i in range(2000)]
    assert drawn(trend("revenue", grain=Grain.DAY), hours) is None


def test_order_is_that_of_the_table_or_of_the_catalog() -> None:
    ranked = drawn(SPLIT, [("c", 3.0), ("a", 2.0), ("b", 1.0)])
    assert [row["name"] for row in rows(ranked)] == ["c", "a", "b"]
    ages = replace(SPLIT, group_by=("age", "region"))
    grid = drawn(ages, [(a, r, 1.0) for r in "xy" for a in ("35+", "18-24", "25-34")])
    assert [row["row"] for row in rows(grid)[::2]] == ["18-24", "25-34", "35+"]


def test_a_missing_month_is_there_without_a_figure() -> None:
    query = trend("revenue")
    spec = drawn(query, [(MONTHS[0], 1.0), (MONTHS[2], 1.0), (MONTHS[3], 1.0)])
    assert [row["value"] for row in rows(spec)] == [1.0, None, 1.0, 1.0]


def test_months_of_the_range_without_rows_are_there_as_far_as_the_data_reaches() -> None:
    asked = TimeRange(date(2025, 11, 1), date(2026, 7, 1), "")
    query = replace(trend("return_rate"), time_range=asked)
    spec = drawn(query, [(MONTHS[0], 0.1), (MONTHS[1], 0.2)])
    assert [row["step"] for row in rows(spec)] == [
        "2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (trend("revenue", "product"), 0),
        (trend("return_rate", "product"), None),
        (replace(trend("revenue", "product"), having=(Having("revenue", Op.GT, 1.0),)), None),
    ],
)
def test_a_group_without_rows_has_none_of_a_sum_and_no_average(
    query: Query, wanted: int | None
) -> None:
    spec = drawn(query, [(MONTHS[0], "a", 1.0), (MONTHS[0], "b", 1.0), (MONTHS[1], "a", 1.0)])
    assert [row["value"] for row in rows(spec)] == [1.0, 1.0, 1.0, wanted]


@pytest.mark.parametrize(
    ("grain", "first", "partial"),
    [
        (Grain.MONTH, MONTHS[2], True),
        (Grain.DAY, date(2026, 4, 13), False),
        (Grain.WEEK, date(2026, 4, 6), True),
    ],
)
def test_the_last_step_is_partial_where_the_data_ends_within_it(
    grain: Grain, first: date, partial: bool
) -> None:
    from analytics.answer.charts.steps import after

    query = trend("revenue", grain=grain)
    spec = drawn(query, [(first, 1.0), (after(first, grain), 1.0)])
    assert [row.get("partial", False) for row in rows(spec)] == [False, partial]


def test_a_first_step_cut_by_the_range_is_partial_too() -> None:
    asked = TimeRange(date(2026, 1, 15), date(2026, 4, 1), "")
    spec = drawn(replace(trend("revenue"), time_range=asked), [(m, 1.0) for m in MONTHS[:3]])
    assert [row.get("partial", False) for row in rows(spec)] == [True, False, False]


def test_a_period_that_is_not_over_is_said_in_comparisons() -> None:
    two = drawn(against(Kind.COMPARISON), [(2.0, 1.0, 1.0)])
    assert [row.get("partial", False) for row in rows(two)] == [False, True]
    drawn_words = " ".join(words(two))
    assert "This month, so far" in drawn_words.replace("  ", " ")
    assert "▲ +1.00" in drawn_words
    many = drawn(against(Kind.COMPARISON, "product"), [("a", 2.0, 1.0, 1.0)] * 2)
    assert "so far" in " ".join(words(many))


def test_title_period_filters_and_unit_are_said() -> None:
    asked = replace(SPLIT, time_range=MARCH, filters=(Filter("region", Op.IN, ("north",)),))
    spec = drawn(asked, [("a", 2.0), ("b", 1.0)])
    assert spec["title"] == {
        "text": ["Revenue by product"],
        "subtitle": ["March 2026 · region: north · amount"],
    }
    assert spec["description"].startswith(
        "Revenue by product. March 2026 · region: north · amount. Bar chart"
    )


SHAPES = st.sampled_from(
    [
        (trend("revenue"), 0), (trend("return_rate"), 0), (trend("net_sentiment", "product"), 1),
        (trend("reviews", chart="bar"), 0), (trend("reviews", "sentiment"), 1), (SPLIT, 1),
        (replace(SPLIT, metrics=("reviews",), group_by=("product", "sentiment")), 2),
        (replace(SPLIT, group_by=("product", "region")), 2), (against(Kind.CHANGE, "product"), 1),
        (against(Kind.COMPARISON), 0),
    ]
)  # fmt: skip
CELL = st.none() | st.floats() | st.integers(-(10**15), 10**15)
NAME = st.none() | st.sampled_from([*SENTIMENTS, "a", "b", ""]) | st.text(max_size=5)


@settings(max_examples=300, deadline=None)
@given(SHAPES, st.data())
def test_any_figures_give_a_chart_or_none(shape: tuple[Query, int], data: st.DataObject) -> None:
    """Missing, huge, tiny, endless: never an error, always JSON."""
    query, names = shape
    keys = [st.sampled_from(MONTHS)] * (query.grain is not None) + [NAME] * names
    cells = [CELL] * (3 if query.comparison else 1)
    some = data.draw(
        st.lists(st.tuples(*keys, *cells), max_size=12, unique_by=lambda r: r[: len(keys)] or id(r))
    )
    spec = drawn(query, some)
    if spec is not None:
        json.dumps(spec, allow_nan=False)


def test_two_of_the_three_sentiments_keep_their_colours() -> None:
    spec = drawn(trend("reviews", "sentiment"), over(["negative", "positive"]))
    domains = [
        layer["encoding"]["color"]["scale"]["domain"]
        for layer in spec["layer"]
        if "color" in layer["encoding"]
    ]
    assert all(domain == list(SENTIMENTS) for domain in domains)


def test_many_empty_steps_turn_columns_into_a_line() -> None:
    asked = TimeRange(date(2025, 6, 1), date(2026, 4, 1), "")
    query = replace(trend("revenue", grain=Grain.DAY, chart="bar"), time_range=asked)
    assert (
        drawn(query, [(date(2025, 9, 1), 1.0), (date(2025, 9, 2), 1.0)])["usermeta"]["kind"]
        == "line"
    )
