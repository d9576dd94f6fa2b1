"""Causes that are known: found, not confused with their parts or their wholes, and none made up."""

from dataclasses import replace

import pytest

from analytics.drivers.cube import Condition
from analytics.drivers.explain import explain
from analytics.drivers.search import Cause
from analytics.types import Filter, Kind, Op, Query
from tests.drivers.cases import calm, causes
from tests.drivers.evaluate import BEYOND, NOT_PLANTED, first_of, measure, off, studied
from tests.drivers.shop import NOW, catalog, query

GOAL = 0.95
MOST_FALSE = 0.05


@pytest.fixture(scope="module")
def sample():
    """One case of each kind and metric."""
    found = {}
    wanted = {
        ("score", "value"), ("score", "pair"), ("score", "simpson"), ("conversion", "mix"),
        ("margin", "value"), ("orders", "value"), ("revenue", "pair"),
    }  # fmt: skip
    for case in causes(1, only=wanted):
        found.setdefault((case.metric, case.kind), case)
    return found


@pytest.mark.parametrize(
    ("which", "cause"),
    [
        (("score", "value"), Cause.RATE),
        (("score", "pair"), Cause.RATE),
        (("margin", "value"), Cause.RATE),
        (("conversion", "mix"), Cause.MIX),
        (("orders", "value"), Cause.AMOUNT),
        (("revenue", "pair"), Cause.AMOUNT),
    ],
)
def test_the_planted_cause_comes_first(sample, which, cause):
    _, found = studied(sample[which])
    assert first_of(found) == sample[which].truth
    assert found.drivers[0].cause is cause
    assert off(found) < 1e-9


def test_simpsons_paradox_is_found_and_said(sample):
    case = sample["score", "simpson"]
    _, found = studied(case)
    assert first_of(found) == case.truth
    assert case.reverses
    assert found.paradox is not None
    assert {found.paradox.dimension} == {c.dimension for c in case.truth}
    assert found.paradox.rate_effect * found.change < 0 < found.paradox.mix_effect * found.change
    total = found.paradox.rate_effect + found.paradox.mix_effect
    assert total == pytest.approx(found.change)


def test_two_groups_of_one_period(sample):
    """Between two groups, and between a group and all the others."""
    case = sample["score", "value"]
    for values in (("region 0", "region 1"), ("region 0",)):
        asked = Query(
            Kind.DRIVERS,
            metrics=("score",),
            group_by=("region",),
            filters=(Filter("region", Op.IN, values),),
            time_range=NOW,
        )
        found = explain(asked, catalog(), case.frame.tables, case.frame, NOW.end)
        assert found is not None
        assert "region" not in found.searched
        assert off(found) < 1e-9


def test_only_the_dimensions_asked_for(sample):
    case = sample["score", "pair"]
    asked = replace(query("score"), group_by=("region",))
    found = explain(asked, catalog(), case.frame.tables, case.frame, NOW.end)
    assert found is not None
    assert found.searched == ("region",)


def test_a_period_without_data_has_no_explanation(sample):
    case = sample["score", "value"]
    asked = query("score", Filter("region", Op.IN, ("nowhere",)))
    assert explain(asked, catalog(), case.frame.tables, case.frame, NOW.end) is None


def test_drivers_are_filters_that_can_be_asked_for(sample):
    case = sample["score", "pair"]
    _, found = studied(case)
    part = found.drivers[0].part
    assert part.filters is not None
    assert {Condition(f.dimension, str(f.values[0])) for f in part.filters} == case.truth


@pytest.mark.slow
def test_the_goals_hold_on_a_part_of_the_cases():
    """Every fifth case; ``python -m tests.drivers.evaluate`` runs them all."""
    tally = measure(causes(every=5), calm(every=4))
    right, calm_right = (tally.right["drivers"][g] for g in ("all", "no cause"))
    assert sum(right) >= GOAL * len(right) - 1
    assert sum(not r for r in calm_right) <= MOST_FALSE * len(calm_right) + 1
    assert max(tally.sums) < 1e-9
    assert all(tally.paradoxes[BEYOND])
    assert sum(tally.paradoxes[NOT_PLANTED]) <= 1
    for name in set(tally.right) - {"drivers"}:
        assert sum(tally.right[name]["all"]) < sum(right)
