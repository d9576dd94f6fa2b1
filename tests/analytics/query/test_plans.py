"""A kept plan is the plan that compiling anew gives, whatever the names and days are."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.analyst.context import Context
from analytics.query.compile import Plan, compile_query
from analytics.query.plans import Plans
from analytics.types import (
    Baseline,
    Comparison,
    Direction,
    Filter,
    Grain,
    Having,
    Kind,
    Op,
    OrderBy,
    Query,
    TimeRange,
)

NASTY = ("", "'", "''; DROP TABLE reviews; --", "\\'", "9002-01-01", "\ue0000\ue001", "a\nb", "%_")
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=12))
DAYS = st.dates(date(2024, 1, 1), date(2027, 1, 1))


@st.composite
def ranges(draw: st.DrawFn) -> TimeRange:
    start = draw(DAYS)
    return TimeRange(start, start + timedelta(days=draw(st.integers(1, 400))), draw(TEXTS))


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    name = draw(st.sampled_from(["product", "category", "sentiment", "rating", "words"]))
    if name == "words":
        return Filter(
            "review", Op.CONTAINS, (draw(st.sampled_from(["battery", "9001-01-01 it's"])),)
        )
    if name == "rating":
        return Filter(
            name, draw(st.sampled_from([Op.IN, Op.GE, Op.NOT_IN])), (draw(st.integers(1, 5)),)
        )
    op = draw(st.sampled_from([Op.IN, Op.NOT_IN, Op.EQ, Op.NE]))
    many = op in {Op.IN, Op.NOT_IN}
    return Filter(name, op, tuple(draw(st.lists(TEXTS, min_size=1, max_size=3 if many else 1))))


@st.composite
def queries(draw: st.DrawFn) -> Query:
    metric = draw(st.sampled_from(["review_count", "average_rating", "net_sentiment"]))
    group_by = tuple(draw(st.sets(st.sampled_from(["product", "category"]), max_size=1)))
    query = Query(
        Kind.BREAKDOWN,
        metrics=(metric,),
        group_by=group_by,
        grain=draw(st.sampled_from([None, Grain.MONTH])),
        filters=tuple(draw(st.lists(filters(), max_size=2, unique=True))),
        having=draw(st.sampled_from([(), (Having(metric, Op.GE, 2.0),)])),
        time_range=draw(st.one_of(st.none(), ranges())),
        order_by=(OrderBy(metric),),
        limit=draw(st.sampled_from([None, 3])),
    )
    if draw(st.booleans()) or query.time_range is None:
        return query
    comparison = Comparison(Baseline.CUSTOM, draw(ranges()))
    kind = draw(st.sampled_from([Kind.COMPARISON, Kind.CHANGE]))
    return _with(query, kind, comparison)


def _with(query: Query, kind: Kind, comparison: Comparison) -> Query:
    return replace(query, kind=kind, comparison=comparison, direction=Direction.ANY)


@given(query=queries())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_kept_plan_is_the_compiled_one(query: Query, world: Context) -> None:
    assert _plain(world.plans.of(query)) == _plain(
        compile_query(query, world.catalog, world.tables)
    )


def _plain(plan: Plan) -> Plan:
    """The plan without its line breaks, which depend on how long the names are."""
    parsed = sqlglot.parse_one(plan.sql, dialect="duckdb")
    return replace(plan, sql=parsed.sql(dialect="duckdb"))


def test_quotes_have_kept_plans_too(world: Context) -> None:
    for name in NASTY:
        query = Query(
            Kind.EVIDENCE,
            metrics=("reviews.verbatims",),
            filters=(Filter("product", Op.IN, (name,)),),
            time_range=TimeRange(date(2026, 3, 1), date(2026, 4, 1)),
            limit=3,
        )
        assert world.plans.of(query) == compile_query(query, world.catalog, world.tables)


def test_questions_of_one_shape_are_compiled_once(
    world: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[Query] = []

    def counted(query: Query, *rest: object) -> object:
        compiled.append(query)
        return compile_query(query, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("analytics.query.plans.compile_query", counted)
    plans = Plans(world.catalog, world.tables)
    for month in (1, 2, 3):
        for name in ("Nimbus Kettle", "it's"):
            plans.of(
                Query(
                    Kind.VALUE,
                    metrics=("revenue",),
                    filters=(Filter("product", Op.IN, (name,)),),
                    time_range=TimeRange(date(2026, month, 1), date(2026, month + 1, 1), "a month"),
                )
            )
    assert len(compiled) == 1
    with pytest.raises(KeyError):
        plans.of(Query(Kind.VALUE, metrics=("no such metric",)))
