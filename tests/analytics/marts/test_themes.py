"""Themes on texts that can be read: what makes one, what does not, and what stays between builds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from analytics.build.marts import run_marts
from models.themes.statements import statements
from tests.analytics.marts.conftest import TOOLS

AS_OF = date(2026, 6, 30)
START = datetime(2026, 6, 1)

BATTERY = (
    "battery drains overnight",
    "battery drains quickly",
    "battery charge fades",
    "battery charge drains",
)
PARCEL = (
    "parcel arrived crushed",
    "parcel courier arrived",
    "courier left parcel",
    "parcel crushed courier",
)
SOUND = (
    "sound hisses constantly",
    "sound bass hisses",
    "bass rattles constantly",
    "sound bass rattles",
)
WHERE = ("kitchen", "office", "garden", "bedroom", "garage", "hallway", "cellar", "attic")
PRODUCTS = ("Zephyr Mixer", "Zephyr Grill", "Borealis Fan", "Borealis Lamp")


def said(clauses: Sequence[str], count: int) -> list[str]:
    """Statements that share their topic's words, each with a place of its own."""
    return [
        f"The {clauses[n % 4]} in the {WHERE[n % 7]} and {WHERE[(n // 7) % 8]}."
        for n in range(count)
    ]


def company(
    file: Path | str, texts: Sequence[str], late: Sequence[str] = ()
) -> duckdb.DuckDBPyConnection:
    """Reviews of four products, most of June's first days, ``late`` of its last."""
    connection = duckdb.connect(str(file))
    connection.execute(
        "CREATE TABLE build_info AS SELECT 'own' AS source, DATE '2026-06-20' AS data_as_of;"
        "CREATE TABLE products (product_id VARCHAR, product_name VARCHAR, brand VARCHAR);"
        "CREATE TABLE reviews (review_id VARCHAR, product_id VARCHAR, created_at TIMESTAMP, body VARCHAR, "
        "rating DOUBLE, sentiment VARCHAR)"
    )
    connection.executemany(
        "INSERT INTO products VALUES (?, ?, ?)",
        [[f"p{i}", name, name.split()[0]] for i, name in enumerate(PRODUCTS)],
    )
    rows = [(body, START + timedelta(days=n % 15)) for n, body in enumerate(texts)]
    rows += [(body, START + timedelta(days=25)) for body in late]
    connection.executemany(
        "INSERT INTO reviews VALUES (?, ?, ?, ?, ?, ?)",
        [[f"r{n:04d}", f"p{n % 4}", at, body, 1, "negative"] for n, (body, at) in enumerate(rows)],
    )
    return connection


@pytest.fixture
def texts() -> list[str]:
    return [body for topic in (BATTERY, PARCEL, SOUND) for body in said(topic, 56)]


def themes(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, int]]:
    """Label and texts by theme id."""
    found = connection.execute("SELECT theme_id, label, texts FROM themes").fetchall()
    return {key: (label, count) for key, label, count in found}


def links(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    return set(connection.execute("SELECT source_id, theme_id FROM feedback_themes").fetchall())


def build(connection, tools=TOOLS):
    outcome = run_marts(connection, AS_OF, tools=tools)[-1]
    assert outcome.error is None


def test_each_topic_is_a_theme_named_by_its_words(texts):
    connection = company(":memory:", texts)
    build(connection)
    labels = " ".join(label for label, _ in themes(connection).values()).lower()
    assert {"battery", "parcel", "sound"} <= set(labels.replace(",", "").split())


def test_a_text_has_each_of_its_themes_once(texts):
    both = (
        "The battery drains overnight. The battery drains quickly. But the parcel arrived crushed."
    )
    connection = company(":memory:", texts, [both])
    build(connection)
    found = connection.execute(
        "SELECT theme FROM feedback_themes WHERE source_id = (SELECT max(review_id) FROM reviews)"
    ).fetchall()
    assert len(found) == len(set(found))
    words = {word for (label,) in found for word in label.lower().replace(",", "").split()}
    assert "battery" in words
    assert words & {"parcel", "courier", "crushed"}
    assert not words & {"sound", "bass", "hisses"}


def test_what_is_said_of_nothing_known_stays_without_a_theme(texts):
    connection = company(
        ":memory:", texts, ["Unicorns juggle marmalade.", "Hello! Thank you, great!"]
    )
    build(connection)
    assert not {key for key, _ in links(connection)} & {"r0168", "r0169"}


def test_names_of_products_make_no_theme(texts):
    named = [f"{body} My {PRODUCTS[n % 4]}!" for n, body in enumerate(texts)]
    connection = company(":memory:", named)
    build(connection)
    words = " ".join(
        w
        for row in connection.execute("SELECT label, keywords FROM themes").fetchall()
        for w in row
    ).lower()
    assert not {"zephyr", "borealis", "mixer", "grill"} & set(words.replace(",", " ").split())


def test_a_few_more_texts_change_neither_ids_nor_labels_nor_what_was_assigned(texts, tmp_path):
    before = company(tmp_path / "before.duckdb", texts)
    build(before)
    known, assigned = themes(before), links(before)
    before.close()
    after = company(":memory:", texts, said(BATTERY, 2))
    build(after, replace(TOOLS, previous=tmp_path / "before.duckdb"))
    assert {k: label for k, (label, _) in themes(after).items()} == {
        k: label for k, (label, _) in known.items()
    }
    assert assigned <= links(after)


def test_a_new_topic_becomes_a_theme_found_on_the_day_of_the_data(texts, tmp_path):
    before = company(tmp_path / "before.duckdb", texts)
    run_marts(before, date(2026, 6, 20), tools=TOOLS)
    before.close()
    leak = ("hose leaks water", "water hose bursts", "hose valve leaks", "valve water bursts")
    after = company(":memory:", texts, said(leak, 56))
    build(after, replace(TOOLS, previous=tmp_path / "before.duckdb"))
    new = after.execute(
        "SELECT label, first_seen FROM themes WHERE found_on = '2026-06-30'"
    ).fetchall()
    assert new
    assert all(first == date(2026, 6, 26) for _, first in new)
    assert any(word in label.lower() for label, _ in new for word in ("hose", "water", "valve"))


def test_themes_of_another_company_are_not_carried_on(texts, tmp_path):
    before = company(tmp_path / "before.duckdb", texts)
    before.execute("UPDATE build_info SET source = 'another'")
    build(before)
    before.close()
    after = company(":memory:", said(SOUND, 56) + said(PARCEL, 56))
    build(after, replace(TOOLS, previous=tmp_path / "before.duckdb"))
    assert not any("battery" in label.lower() for label, _ in themes(after).values())


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Love it! Thanks, great.", []),
        ("Battery life is poor, but the screen is sharp.", ["battery life is poor", "the screen is sharp"]),
        ("The box was open; call me at +44 20 7946 0123 or jo@example.org", ["the box was open"]),
        ("Lost bag &amp; rude staff @acme http://x.example/1", ["lost bag rude staff"]),
        ("Sehr gute Qualität, schnelle Lieferung", []),
    ],
)  # fmt: skip
def test_statements_are_what_says_something(text, plain):
    assert [one.plain for one in statements(text)] == plain
