"""Values named by a part of their names: families, kinds, and things called like a place."""

from dataclasses import replace

import pytest

from analytics.analyst.context import Context
from analytics.types import Clarification, Filter, Op
from analytics.understand.resolve import Resolution
from analytics.understand.spelling import Spelling
from analytics.understand.values import Value, build_value_index
from tests.analytics.core.world import understand

_NAMES = (
    "Nimbus Robot Vacuum",
    "Nimbus Robot Vacuum Max",
    "Nordlys Tablet 10",
    "Nordlys Tablet 12 Pro",
)
_SHOPS = (
    *(Value("product", name, name) for name in (*_NAMES, "Crema Tea & Coffee Set")),
    Value("region", "Vienna", "Vienna"),
    Value("region", "Oslo", "Oslo"),
    Value("sentiment", "Berlin", "Berlin"),
    *(Value("sales_channel", name, name) for name in ("Vienna Ring", "Berlin Mitte", "Oslo A", "Oslo B")),
)  # fmt: skip


def _with(world: Context) -> Context:
    known, index = world.known, build_value_index(_SHOPS)
    spelling = Spelling(
        known.lexicon.words | index.words | known.vocabulary.frame, {"tablet", "pro"}
    )
    return replace(world, known=replace(known, values=index, spelling=spelling))


def _filters(text: str, world: Context) -> tuple[Filter, ...]:
    found = understand(text, _with(world))
    assert isinstance(found, Resolution), found
    return found.query.filters


@pytest.mark.parametrize(
    ("text", "dimension", "values"),
    [
        ("revenue of the robot vacuum", "product", _NAMES[:2]),
        ("how many robot vacuums were sold in march", "product", _NAMES[:2]),
        ("robot vacuum max revenue", "product", _NAMES[1:2]),
        ("turnover, nordlys tablet, march", "product", _NAMES[2:]),
        ("revenue of tablets", "product", _NAMES[2:]),
        ("revenue of the tea and coffee set", "product", ("Crema Tea & Coffee Set",)),
        ("revenue in Vienna", "region", ("Vienna",)),
        ("revenue in the Vienna channel", "sales_channel", ("Vienna Ring",)),
        ("orders of sales channel vienna in march", "sales_channel", ("Vienna Ring",)),
        ("orders of the oslo channels", "sales_channel", ("Oslo A", "Oslo B")),
        ("revenue berlin", "sales_channel", ("Berlin Mitte",)),
        ("berlin vs oslo a revenue", "sales_channel", ("Berlin Mitte", "Oslo A")),
    ],
)
def test_a_part_of_a_name(
    text: str, dimension: str, values: tuple[str, ...], world: Context
) -> None:
    assert _filters(text, world) == (Filter(dimension, Op.IN, values),)


@pytest.mark.parametrize(
    "text", ["revenue of nordlys pro max", "revenue of robot", "revenue of pro"]
)
def test_what_is_no_family_is_asked(text: str, world: Context) -> None:
    assert isinstance(understand(text, _with(world)), Clarification)


def test_a_thing_named_with_its_kind_is_never_its_place(world: Context) -> None:
    """ "The Vienna channel" of reviews, which know regions and no channels: not those of the region."""
    found = understand("number of reviews in the Vienna channel", _with(world))
    assert isinstance(found, Clarification)
