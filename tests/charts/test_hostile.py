"""Names from customers' data stay text: no markup, no expression, no field, no broken layout."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.answer.charts import chart
from analytics.answer.charts.words import LINE, plain
from analytics.types import Grain, Kind, Query
from bot.render.png import to_png
from tests.charts.marks import layers, rows, words
from tests.charts.samples import CATALOG, MONTHS, result, trend

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"quoted\" 'name' `x` \\ \\n",
    "two\nlines\r\nand\ttabs",
    "\u202eright to left override\u202c",
    "שלום עולם مرحبا",
    "x" * 500,
    "word " * 100,
    "😀👩‍👩‍👧‍👦🏳️‍🌈",
    "datum.value + 1",
    "{{ 1 + 1 }} ${1+1} #{x}",
    "'] || true || datum['",
    "a.b[0]['c']",
    "value", "label", "null", "NaN", "undefined", "true", "__proto__", "constructor", "toString",
    "", " ", "\x00\x07", "\ud800", "%s %d {0}", "=cmd()", "–", "not known", None,
]  # fmt: skip


def specs_with(name: str | None) -> list[Any]:
    """A spec of each kind of result that can carry a name."""
    other = "Other"
    over_time = [(m, n, 1.0 + i) for i, m in enumerate(MONTHS) for n in (name, other)]
    panels = [(m, n, 1.0) for m in MONTHS for n in (name, *map(str, range(8)))]
    split = Query(Kind.BREAKDOWN, ("revenue",), ("product",))
    two = Query(Kind.BREAKDOWN, ("revenue",), ("product", "region"))
    grid = [(a, b, 2.0) for a in (name, other) for b in (name, other)]
    queries: list[tuple[Query, list[Any]]] = [
        (trend("revenue", "product"), over_time),
        (trend("revenue", "product"), panels),
        (split, [(name, 2.0), (other, 1.0)]),
        (two, grid),
    ]
    return [chart(query, result(query, some), CATALOG) for query, some in queries]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_drawn_as_text(name: str | None) -> None:
    for spec in specs_with(name):
        assert spec is not None
        json.dumps(spec).encode("utf-8")  # valid, sendable JSON
        assert len([n for n in {row.get("name", row.get("row")) for row in rows(spec)} if n]) >= 2
        drawn = " ".join(words(spec, 360))
        assert "Other" in drawn or spec["usermeta"]["kind"] == "multiples"
        assert to_png(spec, width=360, scale=1)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_never_reaches_an_expression_or_a_field(name: str | None) -> None:
    safe, odd = specs_with("Safe name"), specs_with(name)
    for one, other in zip(safe, odd, strict=True):
        assert skeleton(one) == skeleton(other)


def skeleton(node: Any) -> Any:
    """A spec's structure: its fields, expressions and marks, without data, domains and words."""
    words_in = {
        "values",
        "domain",
        "text",
        "subtitle",
        "description",
        "sort",
        "labelPadding",
        "height",
    }
    if isinstance(node, dict):
        return {
            k: skeleton(v)
            for k, v in node.items()
            if k not in words_in or not isinstance(v, list | str | int)
        }
    return [skeleton(v) for v in node] if isinstance(node, list) else node


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(max_size=80), min_size=2, max_size=6, unique=True))
def test_any_names_give_a_chart_with_as_many_bars(names: list[str]) -> None:
    query = Query(Kind.BREAKDOWN, ("revenue",), ("product",))
    spec = chart(query, result(query, [(n, i + 1.0) for i, n in enumerate(names)]), CATALOG)
    assert spec is not None
    assert len({row["label"] for row in rows(spec)}) == len(names)
    domain = layers(spec)[0]["encoding"]["y"]["scale"]["domain"]
    assert domain == [row["label"] for row in rows(spec)]


@given(st.text(max_size=300))
def test_a_plain_name_is_one_short_line(text: str) -> None:
    found = plain(text)
    assert 1 <= len(found) <= 200
    assert LINE not in found
    assert found.isprintable() or "\u200d" in found
    assert not set(found) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize(
    "locale", ["", "x", "de_DE", "../../etc/passwd", "en-US-u-nu-arab", "zz-ZZ", "a" * 999]
)
def test_an_odd_locale_is_english(locale: str) -> None:
    query = trend("revenue", grain=Grain.MONTH)
    spec = chart(query, result(query, [(m, 1234567.5) for m in MONTHS]), CATALOG, locale)
    assert spec is not None
    assert {"Jan", "2026"} <= set(words(spec))


def test_a_reader_in_another_locale_gets_their_figures_and_dates() -> None:
    query = trend("return_rate")
    some = result(query, [(m, 0.1234 + i / 100) for i, m in enumerate(MONTHS)])
    german = chart(query, some, CATALOG, "de-DE")
    assert german is not None
    assert rows(german)[0]["text"] == "12,3\u00a0%"
    assert rows(german)[2]["when"].startswith("Mär")
    assert any(word.endswith(("0\u00a0%", "5\u00a0%")) for word in words(german))
