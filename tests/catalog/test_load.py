"""Every mistake in a catalog file is reported, with file and line, and all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.catalog.load import CatalogError, load_catalog
from analytics.catalog.types import DimensionKind, Unit

DIMENSIONS = """\
products:
  key: product_id
  dimensions:
    product: {label: Product, column: product_name, key: product_id}
    brand: {label: Brand}
"""
REVIEWS = """\
label: Reviews
table: reviews
time: created_at
joins: [products]
row_words: [review]
verbatims: {id: review_id, text: body}
dimensions:
  rating: {label: Stars, kind: numeric, unit_words: [star]}
metrics:
  average_rating:
    label: Average rating
    description: Mean rating.
    unit: stars
    average_of: rating
"""
ORDERS = """\
label: Orders
table: order_items
time: ordered_at
joins: [products]
metrics:
  revenue: {label: Revenue, description: Money., unit: currency, expression: sum(revenue)}
"""
CROSS = """\
metrics:
  worth: {label: Worth, description: W., unit: number, ratio_of: [revenue, average_rating]}
"""


def write(folder: Path, **files: str) -> Path:
    texts = {"dimensions": DIMENSIONS, "reviews": REVIEWS} | files
    for name, text in texts.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path, **files: str) -> list[str]:
    with pytest.raises(CatalogError) as error:
        load_catalog(write(folder, **files))
    assert str(error.value).splitlines() == list(error.value.problems)
    return list(error.value.problems)


def reviews_with(entry: str) -> str:
    return REVIEWS + "".join(f"  {line}\n" for line in entry.splitlines())


def test_loads(tmp_path: Path) -> None:
    catalog = load_catalog(write(tmp_path, orders=ORDERS, cross=CROSS))
    metric = catalog.metrics["average_rating"]
    assert (metric.unit, metric.model, metric.source) == (Unit.STARS, "reviews", "reviews.yml:10")
    assert metric.sample == "count(rating)"
    assert catalog.models["reviews"].metrics == (metric,)
    assert catalog.metrics["worth"].model == "orders"
    dimensions = catalog.dimensions_of(catalog.models["reviews"])
    assert list(dimensions) == ["product", "brand", "rating"]
    assert dimensions["brand"].plural == "Brands"
    assert dimensions["rating"].kind is DimensionKind.NUMERIC


def test_version_follows_the_definition_and_not_the_words(tmp_path: Path) -> None:
    def versions(text: str) -> dict[str, str]:
        catalog = load_catalog(write(tmp_path, reviews=text, orders=ORDERS, cross=CROSS))
        return {name: m.version for name, m in catalog.metrics.items()}

    before = versions(REVIEWS)
    assert versions(REVIEWS.replace("Mean rating.", "The mean of ratings.")) == before
    after = versions(REVIEWS.replace("average_of: rating", "average_of: rating * 2"))
    assert after["average_rating"] != before["average_rating"]
    assert after["worth"] != before["worth"]
    assert after["revenue"] == before["revenue"]


def test_a_fact_that_is_a_dimension_table_needs_no_join(tmp_path: Path) -> None:
    launches = "label: Launches\ntable: products\ntime: launched_on\nmetrics: {}\n"
    model = load_catalog(write(tmp_path, launches=launches)).models["launches"]
    assert [d.name for d in model.dimensions] == ["product", "brand"]
    assert model.joins == ()


def test_dimensions_of_another_model_of_the_table(tmp_path: Path) -> None:
    scores = (
        "label: Scores\ntable: reviews\ntime: created_at\ndimensions_from: reviews\nmetrics: {}\n"
    )
    catalog = load_catalog(write(tmp_path, scores=scores))
    assert catalog.models["scores"].dimensions == catalog.models["reviews"].dimensions


def test_own_columns(tmp_path: Path) -> None:
    calls = """\
label: Calls
table: calls
time: called_at
columns: {called_at: timestamp, minutes: int64}
metrics:
  talk: {label: Talk, description: T., unit: minutes, expression: sum(minutes), additive: true}
"""
    assert load_catalog(write(tmp_path, calls=calls)).metrics["talk"].additive


def test_the_example_of_the_reference_page_loads(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text(encoding="utf-8")
    entry = page.split("```yaml\n")[1].split("```")[0]
    tickets = "label: Tickets\ntable: tickets\ntime: opened_at\nmetrics:\n" + entry
    assert "share_late_answers" in load_catalog(write(tmp_path, tickets=tickets)).metrics


def test_all_problems_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        reviews=reviews_with(
            "x: {label: X, description: X., unit: kilo, expression: sum(nothing)}"
        ),
        orders=ORDERS.replace("time: ordered_at", "time: quantity"),
    )
    assert [problem.split(": ")[0] for problem in found] == [
        "orders.yml:3",
        "reviews.yml:15",
        "reviews.yml:15",
    ]


METRIC = "x:\n  label: X\n  description: X.\n  unit: count\n"

MISTAKES = {
    "unknown key": (
        METRIC + "  expression: count(*)\n  synonims: [a]",
        'reviews.yml:20: metric "x": unknown key "synonims", did you mean "synonyms"?',
    ),
    "missing key": (
        "x:\n  unit: count\n  description: X.\n  expression: count(*)",
        'reviews.yml:15: metric "x": "label" is missing',
    ),
    "bad unit": (
        METRIC.replace("count", "kilos") + "  expression: count(*)",
        'reviews.yml:18: metric "x": "unit" is \'kilos\', must be one of: count, ratio,',
    ),
    "bad direction": (
        METRIC + "  expression: count(*)\n  better: up",
        'reviews.yml:20: metric "x": "better" is \'up\', must be one of: higher, lower, neither',
    ),
    "no definition": (
        METRIC,
        'reviews.yml:15: metric "x": needs one of "expression", "average_of", "ratio_of";'
        " it has none of them",
    ),
    "two definitions": (
        METRIC + "  expression: count(*)\n  average_of: rating",
        'it has "expression" and "average_of"',
    ),
    "not an aggregate": (
        METRIC + "  expression: rating",
        'reviews.yml:19: metric "x": expression: "rating" is not an aggregate',
    ),
    "aggregate for a row value": (
        METRIC + "  average_of: avg(rating)",
        'reviews.yml:19: metric "x": average_of: "AVG(rating)" is not a number for each row',
    ),
    "bad condition": (
        METRIC + "  expression: count(*)\n  where: rating + 1",
        'reviews.yml:20: metric "x": where: "rating + 1" is not a condition on each row',
    ),
    "unknown column": (
        METRIC + "  expression: sum(stars)",
        'reviews.yml:19: metric "x": expression: unknown column "stars" (there are: review_id,',
    ),
    "a function that reads files": (
        METRIC + "  expression: count(*) + read_csv('a')",
        'reviews.yml:19: metric "x": expression: "READ_CSV(\'a\')" is not allowed in the catalog',
    ),
    "a subquery": (
        METRIC + "  expression: (select count(*) from customers)",
        "is not allowed in the catalog",
    ),
    "not SQL": (
        METRIC + "  expression: sum(rating",
        "reviews.yml:19: metric \"x\": expression: 'sum(rating' is not an SQL expression",
    ),
    "additive mean": (
        METRIC + "  average_of: rating\n  additive: true",
        'reviews.yml:20: metric "x": a mean or a ratio does not add up',
    ),
    "additive distinct": (
        METRIC + "  expression: count(distinct product_id)\n  additive: true",
        'reviews.yml:20: metric "x": distinct counts do not add up',
    ),
    "per without inner": (
        METRIC + "  expression: count(*)\n  per: product_id",
        'reviews.yml:15: metric "x": "per" and "inner" go together',
    ),
    "per an unknown column": (
        METRIC + "  expression: count(*)\n  per: shop\n  inner: {n: count(*)}",
        'reviews.yml:20: metric "x": per: unknown column "shop"',
    ),
    "outer expression over a fact's column": (
        METRIC + "  expression: sum(rating)\n  per: product_id\n  inner: {n: count(*)}",
        'expression: unknown column "rating" (there are: product_id, n)',
    ),
    "ratio of one": (
        METRIC + "  ratio_of: [average_rating]",
        'reviews.yml:19: metric "x": "ratio_of" must name two metrics',
    ),
    "ratio of something unknown": (
        METRIC + "  ratio_of: [average_rating, profit]",
        'reviews.yml:15: metric "x": ratio_of names unknown metric "profit"',
    ),
    "flag that is no flag": (
        METRIC + "  expression: count(*)\n  additive: maybe",
        'reviews.yml:20: metric "x": "additive" must be true or false',
    ),
    "number that is no number": (
        METRIC + "  expression: count(*)\n  minimum_sample: -1",
        'reviews.yml:20: metric "x": "minimum_sample" must be a whole number of zero or more',
    ),
    "text that YAML reads otherwise": (
        METRIC + "  expression: count(*)\n  synonyms: [yes]",
        'reviews.yml:20: metric "x": "synonyms" must be text, write True in quotes',
    ),
    "list that is no list": (
        METRIC + "  expression: count(*)\n  synonyms: word",
        'reviews.yml:20: metric "x": "synonyms" must be a list',
    ),
    "metric that is no mapping": ("x: 1", 'reviews.yml:15: metric "x": must be a mapping'),
    "key given twice": (METRIC + "  unit: ratio", 'reviews.yml:19: "unit" is given twice'),
    "phrase claimed twice": (
        METRIC + "  expression: count(*)\n  synonyms: [average-rating]",
        'reviews.yml:15: metric "x": "average rating" is also a phrase of metric "average_rating"'
        " (reviews.yml:10); give one of them a higher default_rank",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_in_a_metric(tmp_path: Path, mistake: str) -> None:
    entry, message = MISTAKES[mistake]
    found = problems(tmp_path, reviews=reviews_with(entry))
    assert any(message in problem for problem in found), found


def test_a_rank_decides_between_claims(tmp_path: Path) -> None:
    entry = METRIC + "  expression: count(*)\n  synonyms: [average rating]\n  default_rank: 1"
    assert load_catalog(write(tmp_path, reviews=reviews_with(entry)))


MODEL_MISTAKES = {
    ("joins: [products]", "joins: [shops]"): (
        'reviews.yml:4: reviews: joins unknown table "shops" (there are: products)'
    ),
    ("table: reviews", "table: letters"): (
        'reviews.yml:1: reviews: table "letters" is not in the warehouse contract;'
    ),
    ("time: created_at", "time: rating"): (
        'reviews.yml:3: reviews: "rating" is not a time column of "reviews"'
    ),
    ("table: reviews", "table: sessions"): (
        'reviews.yml:4: reviews: "sessions" has no "product_id" to join "products" by'
    ),
    ("text: body", "text: words"): 'reviews.yml:6: reviews: verbatims: unknown column "words"',
    ("text: body", "texts: body"): 'reviews.yml:6: reviews: verbatims: unknown key "texts"',
    (", text: body", ""): 'reviews.yml:6: reviews: verbatims: "text" is missing',
    ("row_words", "rowwords"): 'reviews.yml:5: reviews: unknown key "rowwords", did you mean',
    ("kind: numeric", "kind: number"): (
        'reviews.yml:8: dimension "rating": "kind" is \'number\', must be one of: categorical,'
    ),
    ("kind: numeric", "column: grade"): (
        'reviews.yml:8: dimension "rating": table "reviews" has no column "grade"'
    ),
    ("kind: numeric", "value_synonyms: {'1': [bad], '2': [bad]}"): (
        'reviews.yml:8: dimension "rating": "bad" stands for both "1" and "2"'
    ),
    ("kind: numeric", "synonyms: [brand]"): (
        'reviews.yml:8: dimension "rating": "brand" is also a phrase of dimension "brand";'
        " give one of them a higher specificity"
    ),
    ("row_words: [review]", "dimensions_from: orders"): (
        'reviews.yml:5: reviews: "orders" is no semantic model of table "reviews"'
    ),
    ("row_words: [review]", "columns: {extra: wood}"): (
        "reviews.yml:5: reviews: column \"extra\" has an unknown type 'wood'"
    ),
}


@pytest.mark.parametrize("change", MODEL_MISTAKES)
def test_mistake_in_a_model(tmp_path: Path, change: tuple[str, str]) -> None:
    found = problems(tmp_path, reviews=REVIEWS.replace(*change))
    assert any(MODEL_MISTAKES[change] in problem for problem in found), found


def test_mistakes_across_files(tmp_path: Path) -> None:
    stores = "  key: store_id\n  dimensions:\n    brand: {label: Store brand, column: store_name}\n"
    found = problems(
        tmp_path,
        dimensions=DIMENSIONS + "stores:\n" + stores,
        orders=ORDERS.replace("metrics:", "row_words: [review]\nmetrics:").replace(
            "revenue: {label: Revenue", "average_rating: {label: Revenue"
        ),
        cross="metrics:\n  y: {label: Y, description: Y., unit: count, expression: count(*)}\n",
    )
    assert (
        'dimensions.yml:9: dimension "brand": the name is taken in dimension table "products"'
        in found
    )
    assert 'reviews.yml:10: metric "average_rating": the name is taken by orders.yml:7' in found
    assert 'reviews.yml:1: row word "review" is also one of "orders"' in found
    assert any('cross.yml:2: metric "y": "ratio_of" is missing' in p for p in found)


def test_ratio_of_a_ratio(tmp_path: Path) -> None:
    again = "  again: {label: Again, description: A., unit: number, ratio_of: [worth, revenue]}\n"
    found = problems(tmp_path, orders=ORDERS, cross=CROSS + again)
    assert 'cross.yml:3: metric "again": ratio_of "worth", which is a ratio itself' in found


def test_files_that_are_no_yaml(tmp_path: Path) -> None:
    (tmp_path / "latin.yml").write_bytes(b"label: caf\xe9\n")
    found = problems(tmp_path, empty="", broken="label: [a\ntable: b\n")
    assert "latin.yml:1: not UTF-8 text" in found
    assert "empty.yml:1: the file is empty" in found
    assert any(p.startswith("broken.yml:2: not valid YAML: ") for p in found)


def test_no_files(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="there is no catalog file"):
        load_catalog(tmp_path)
