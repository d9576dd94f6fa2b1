"""The words, the table and the waterfall of a why."""

import pytest

from analytics.answer.why import why_chart, why_table, why_text
from analytics.drivers.explanation import Explanation
from analytics.types import ColumnRole
from tests.drivers.cases import calm, causes
from tests.drivers.evaluate import studied
from tests.drivers.shop import catalog


def explained(metric: str, kind: str) -> Explanation:
    case = next(causes(1, only={(metric, kind)}))
    return studied(case)[1]


@pytest.fixture(scope="module")
def rate() -> Explanation:
    return explained("score", "value")


def test_three_sentences_with_the_driver_and_its_figures(rate):
    text = why_text(rate, catalog())
    first = rate.drivers[0].part
    assert text.count(". ") == 2
    assert text.startswith("Score ")
    assert str(first.conditions[0].value) in text
    assert f"{first.before:,.2f}" in text
    assert f"{first.now:,.2f}" in text
    assert "beyond chance" in text


def test_contributions_in_the_table_sum_to_the_change(rate):
    columns, rows = why_table(rate, catalog())
    at = next(i for i, c in enumerate(columns) if c.role is ColumnRole.CHANGE)
    assert sum(row[at] for row in rows) == pytest.approx(rate.change)
    assert rows[-1][0] == "Everything else"


def test_the_chart_is_a_waterfall_from_before_to_now(rate):
    chart = why_chart(rate, catalog())
    assert chart is not None
    assert chart["usermeta"]["kind"] == "waterfall"
    values = chart["data"]["values"]
    assert values[0]["end"] == pytest.approx(rate.before)
    assert values[-1]["end"] == pytest.approx(rate.now)
    assert len(values) == len(rate.drivers) + 3


def test_a_paradox_is_said():
    found = explained("score", "simpson")
    text = why_text(found, catalog())
    assert "because the mix shifted" in text
    assert "the share of" in text


def test_nothing_found_is_an_honest_answer():
    case = next(c for c in calm(1) if c.metric == "score")
    _, found = studied(case)
    assert not found.drivers
    text = why_text(found, catalog())
    assert "stands out beyond chance" in text
    columns, rows = why_table(found, catalog())
    at = next(i for i, c in enumerate(columns) if c.role is ColumnRole.CHANGE)
    assert sum(row[at] for row in rows) == pytest.approx(found.change)
    assert why_chart(found, catalog()) is not None
