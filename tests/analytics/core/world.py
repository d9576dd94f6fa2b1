# ruff: noqa: E501 — one row a line reads as a table
"""A warehouse small enough to read by eye, with a catalog of its own, for tests of the core."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.analyst.context import Context, Span
from analytics.catalog.types import (
    Audience,
    Better,
    Catalog,
    Dimension,
    DimensionKind,
    DimensionTable,
    Metric,
    SemanticModel,
    TextFields,
    Unit,
)
from analytics.query.relation import schemas
from analytics.sources.warehouse import Warehouse
from analytics.text import stems
from analytics.types import Act, Clarification, ParsedMessage, Query
from analytics.understand.known import Known
from analytics.understand.language import load_vocabulary
from analytics.understand.lexicon import build_lexicon
from analytics.understand.link import Linker
from analytics.understand.read import read
from analytics.understand.resolve import Resolution, resolve
from analytics.understand.spelling import Spelling
from analytics.understand.times.units import Calendar
from analytics.understand.values import Value, build_value_index, value_synonyms

TODAY = date(2026, 3, 20)
ROOT = Path(__file__).resolve().parents[3]

_SQL = """
CREATE TABLE build_info AS SELECT 'tiny' AS build_id, TIMESTAMP '2026-03-20' AS built_at,
    DATE '2026-03-20' AS data_as_of, 'test' AS source, 0 AS rows;
CREATE TABLE products (product_id VARCHAR, product_name VARCHAR, category VARCHAR);
INSERT INTO products VALUES ('p1', 'Aurora Headphones', 'Headphones'), ('p2', 'Aurora Headphones Pro', 'Headphones'),
    ('p3', 'Nimbus Kettle', 'Kitchen'), ('p4', NULL, 'Kitchen'), ('p5', 'Nimbus Kettle', 'Kitchen');
CREATE TABLE customers (customer_id VARCHAR, region VARCHAR);
INSERT INTO customers VALUES ('c1', 'north'), ('c2', 'south'), ('c3', NULL);
CREATE TABLE reviews (review_id VARCHAR, product_id VARCHAR, customer_id VARCHAR, created_at TIMESTAMP, rating DOUBLE,
    title VARCHAR, body VARCHAR, sentiment VARCHAR, sentiment_score DOUBLE);
CREATE TABLE order_items (order_id VARCHAR, line INTEGER, product_id VARCHAR, customer_id VARCHAR, ordered_at TIMESTAMP,
    quantity INTEGER, revenue DOUBLE, channel VARCHAR);
"""

_REVIEWS = [
    # p1 is liked in February and disliked in March; p2 the other way round; p3 has one review a month.
    *[("p1", "c1", "2026-02-10", 5, "positive")] * 6,
    *[("p1", "c1", "2026-03-10", 1, "negative")] * 6,
    *[("p2", "c2", "2026-02-11", 2, "negative")] * 5,
    *[("p2", "c2", "2026-03-11", 4, "positive")] * 7,
    ("p3", "c3", "2026-02-12", 5, "positive"),
    ("p3", "c3", "2026-03-12", 1, "negative"),
    ("p4", None, "2026-03-13", 3, "neutral"),
]
_ORDERS = [
    ("o1", 1, "p1", "c1", "2026-02-01", 2, 100.0, "web"),
    ("o1", 2, "p3", "c1", "2026-02-01", 1, 30.0, "web"),
    ("o2", 1, "p1", "c2", "2026-03-02", 1, 50.0, "store"),
    ("o3", 1, "p5", "c3", "2026-03-19", 4, 120.0, "marketplace"),
    ("o4", 1, "p2", "c2", "2025-03-05", 1, 80.0, "web"),
]


def build(path: Path) -> Warehouse:
    """Writes the tiny snapshot and opens it."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(_SQL)
        for n, (product, customer, day, rating, sentiment) in enumerate(_REVIEWS):
            score = {"positive": 0.9, "negative": -0.9}.get(sentiment, 0.0)
            body = f"Review {n}: the battery is {sentiment}, call me at jo@example.org for the long story."
            connection.execute(
                "INSERT INTO reviews VALUES (?,?,?,?,?,?,?,?,?)",
                [f"r{n}", product, customer, day, rating, "t", body, sentiment, score],
            )
        connection.executemany(
            "INSERT INTO order_items VALUES (?,?,?,?,?,?,?,?)", [list(o) for o in _ORDERS]
        )
    return Warehouse.open(path)


_PRODUCT = Dimension(
    "product",
    "product",
    "products",
    "products",
    "product_name",
    key="product_id",
    synonyms=("item", "items"),
    specificity=5,
)
_CATEGORY = Dimension("category", "category", "categories", "products", "category", specificity=4)
_REGION = Dimension("region", "region", "regions", "customers", "region", specificity=3)
_CUSTOMER = Dimension(
    "customer",
    "customer",
    "customers",
    "customers",
    "customer_id",
    synonyms=("buyer", "buyers"),
    person=True,
)
_SENTIMENT = Dimension(
    "sentiment", "sentiment", "sentiments", "reviews", "sentiment",
    value_synonyms={"negative": ("bad", "unhappy"), "positive": ("good", "happy")},
    ordered_values=("negative", "neutral", "positive"),
)  # fmt: skip
_RATING = Dimension(
    "rating",
    "rating",
    "ratings",
    "reviews",
    "rating",
    kind=DimensionKind.NUMERIC,
    unit_words=("star", "stars"),
)
_CHANNEL = Dimension(
    "sales_channel",
    "sales channel",
    "sales channels",
    "order_items",
    "channel",
    synonyms=("channel",),
)

NET = "case when sentiment = 'positive' then 1 when sentiment = 'negative' then -1 when sentiment = 'neutral' then 0 end"


def _metric(name: str, label: str, model: str, unit: Unit, **more: object) -> Metric:
    return Metric(name, label, f"{label} in words.", model, unit, **more)  # type: ignore[arg-type]


METRICS = (
    _metric("review_count", "number of reviews", "reviews", Unit.COUNT, synonyms=("reviews", "review count", "review volume"), expression="count(*)", additive=True, better=Better.NEITHER, default_rank=8),
    _metric("average_rating", "average rating", "reviews", Unit.STARS, synonyms=("rating", "stars", "satisfaction"), average_of="rating", minimum_sample=5, default_rank=9),
    _metric("net_sentiment", "net sentiment", "reviews", Unit.RATIO, synonyms=("sentiment", "mood"), average_of=NET, minimum_sample=5, default_rank=10),
    _metric("revenue", "revenue", "orders", Unit.CURRENCY, synonyms=("sales", "turnover"), expression="sum(revenue)", additive=True, default_rank=10),
    _metric("orders", "orders", "orders", Unit.COUNT, synonyms=("number of orders", "order count"), expression="count(distinct order_id)", default_rank=9),
    _metric("units", "units sold", "orders", Unit.COUNT, synonyms=("units",), verbs=("sell", "sells", "sold"), expression="sum(quantity)", additive=True, default_rank=8),
    _metric("aov", "average order value", "orders", Unit.CURRENCY, synonyms=("basket size",), expression="sum(revenue) / count(distinct order_id)", default_rank=5),
    _metric("buyers", "buyers", "orders", Unit.COUNT, synonyms=("customers who ordered", "active customers"), expression="count(distinct customer_id)", default_rank=3),
    _metric("repeat_rate", "repeat purchase rate", "orders", Unit.RATIO, per="customer_id", inner={"orders": "count(distinct order_id)"}, average_of="case when orders >= 2 then 1 else 0 end", default_rank=4),
    _metric("reviews_per_order", "reviews per order", "reviews", Unit.NUMBER, ratio_of=("review_count", "orders"), default_rank=1),
)  # fmt: skip


def catalog() -> Catalog:
    """Two facts over two dimension tables."""
    reviews = SemanticModel(
        "reviews", "reviews", "reviews", "created_at", ("products", "customers"), (_SENTIMENT, _RATING),
        tuple(m for m in METRICS if m.model == "reviews"), row_words=("review", "reviews"),
        verbatims=TextFields("review_id", "body", "title", "sentiment"), audience=Audience.EVERYONE,
    )  # fmt: skip
    orders = SemanticModel(
        "orders", "orders", "order_items", "ordered_at", ("products", "customers"), (_CHANNEL,),
        tuple(m for m in METRICS if m.model == "orders"), row_words=("order", "orders"),
    )  # fmt: skip
    tables = {
        "products": DimensionTable(
            "products", "product_id", (_PRODUCT, _CATEGORY), Audience.EVERYONE
        ),
        "customers": DimensionTable("customers", "customer_id", (_REGION, _CUSTOMER)),
    }
    return Catalog(
        {"reviews": reviews, "orders": orders}, tables, {m.name: m for m in METRICS}, "test"
    )


class StemEncoder:
    """Bag of stems, hashed: enough for tests that need no meaning."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, 64) unit vectors."""
        vectors = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for stem in stems(text):
                vectors[row, sum(map(ord, stem)) % 64] += 1
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(norms == 0, 1, norms), dtype=np.float32)


def context(path: Path) -> Context:
    """The tiny world, ready for questions."""
    warehouse = build(path)
    made = catalog()
    vocabulary = load_vocabulary(ROOT / "knowledge" / "language")
    values = [
        *(
            Value("product", v, v)
            for v in ("Aurora Headphones", "Aurora Headphones Pro", "Nimbus Kettle", "p4")
        ),
        *(Value("category", v, v) for v in ("Headphones", "Kitchen")),
        *(Value("region", v, v) for v in ("north", "south")),
        *(Value("customer", v, v) for v in ("c1", "c2", "c3")),
        *(Value("sentiment", v, v) for v in ("positive", "negative", "neutral")),
        *(Value("sales_channel", v, v) for v in ("web", "store", "marketplace")),
        *value_synonyms(made),
    ]
    lexicon, index = build_lexicon(made, vocabulary), build_value_index(values)
    known = Known(
        catalog=made,
        lexicon=lexicon,
        vocabulary=vocabulary,
        values=index,
        linker=Linker(made, StemEncoder()),
        calendar=Calendar(),
        spelling=Spelling(
            lexicon.words | index.words | vocabulary.frame, {"purple", "weather", "banana", "spare"}
        ),
    )
    tables = schemas({name: dict(t.columns) for name, t in warehouse.tables.items()})
    coverage = {
        "reviews": Span(date(2026, 2, 10), date(2026, 3, 13)),
        "orders": Span(date(2025, 3, 5), date(2026, 3, 19)),
    }
    return Context(warehouse, known, tables, coverage)


def understand(
    text: str, world: Context, previous: Query | None = None, act: Act = Act.ASK
) -> Resolution | Clarification:
    """Read and resolve without an NLU model: no mentions, the act given."""
    message = ParsedMessage(text, act, 1.0)
    reading = read(message, world.known, TODAY)
    return resolve(message, reading, world.known, previous, TODAY)
