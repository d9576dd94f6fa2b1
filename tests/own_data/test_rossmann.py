"""A data set that no code knows: a mapping and a catalog in YAML, and questions against SQL by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from analytics.analyst.context import open_context
from analytics.analyst.dialogue import respond
from analytics.analyst.turn import Turn
from analytics.build.locate import locate
from analytics.build.pipeline import BuildPlan, build
from analytics.catalog.load import load_catalog
from analytics.sources.mapping_loader import find_mapping
from analytics.sources.warehouse import WarehouseFollower
from analytics.types import Act, ParsedMessage, Viewer
from analytics.understand.language import load_vocabulary
from analytics.understand.times.units import Calendar
from bot.settings import ROOT
from tests.analytics.core.world import StemEncoder

HERE = Path(__file__).parent / "rossmann"
DATA = "store/rossmann_stores_1_30.parquet"
QUESTIONS = yaml.safe_load((HERE / "questions.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shop(data_folder, tmp_path_factory):
    """The data set, built and opened with its own catalog."""
    if not (data_folder / DATA).is_file():
        pytest.skip(f"{DATA} is not among the public data sets")
    home = tmp_path_factory.mktemp("rossmann")
    source = locate(find_mapping(str(HERE / "source.yml")), str(data_folder / DATA))
    build(BuildPlan(home, [source]), lambda _: None, datetime(2026, 1, 1, tzinfo=UTC))
    vocabulary = load_vocabulary(ROOT / "knowledge" / "language")
    catalog = load_catalog(HERE / "catalog")
    warehouse = WarehouseFollower(home).current()
    return open_context(warehouse, catalog, vocabulary, StemEncoder(), frozenset(), Calendar())


def test_the_data_reach_to_the_last_day_of_the_own_fact(shop):
    assert shop.warehouse.data_as_of == date(2015, 7, 31)


def _case(one: dict[str, str]) -> object:
    marks = [pytest.mark.xfail(reason=one["weak"], strict=True)] if "weak" in one else []
    return pytest.param(one, id=one["ask"], marks=marks)


@pytest.mark.parametrize("question", [_case(one) for one in QUESTIONS])
def test_a_question_gives_what_sql_by_hand_gives(shop, question):
    turn = Turn(None, shop, shop.warehouse.data_as_of, Viewer("x", "analyst"), ())
    (answer,) = respond(ParsedMessage(question["ask"], Act.ASK, 1.0), turn).answers
    expected = [list(row.values()) for row in shop.warehouse.execute(question["sql"]).to_pylist()]
    got = [list(row[: len(expected[0])]) for row in answer.rows]
    assert len(got) == len(expected), answer.text
    for mine, theirs in zip(got, expected, strict=True):
        assert mine[:-1] == theirs[:-1]
        assert float(mine[-1]) == pytest.approx(float(theirs[-1]), rel=1e-9)
