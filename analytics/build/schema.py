"""The warehouse contract as data: every table, its columns, keys and checks.

A warehouse holds only the tables that its sources fill. A column that no source gives is there
and NULL. Sources may add further columns; they are kept as they come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

SCHEMA_VERSION = 1
MAX_TEXT = 100_000
MAX_NAME = 2_000


class Layer(StrEnum):
    """What fills a table: sources fill dimensions and facts, the build itself computes marts."""

    DIMENSION = "dimension"
    FACT = "fact"
    MART = "mart"


@dataclass(frozen=True)
class ColumnRule:
    """One column. `check` is SQL over the row that must not be false; `why` says it in words.

    `default` computes an absent column from the columns of `default_from`.
    """

    name: str
    type: str
    required: bool = False
    check: str | None = None
    why: str = ""
    default: str | None = None
    default_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableRule:
    """One table. `time` dates its rows (UTC), `text` is what the sentiment model reads."""

    name: str
    layer: Layer
    columns: tuple[ColumnRule, ...]
    key: tuple[str, ...] = ()
    time: str | None = None
    text: str | None = None
    text_fallback: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in table order."""
        return tuple(column.name for column in self.columns)


def _text(name: str, required: bool = False) -> ColumnRule:
    return ColumnRule(name, "VARCHAR", required)


def _among(name: str, *values: str) -> ColumnRule:
    listed = ", ".join(f"'{value}'" for value in values)
    return ColumnRule(name, "VARCHAR", check=f"{name} IN ({listed})", why=f"is not one of {listed}")


def _between(name: str, low: float, high: float, type: str = "DOUBLE") -> ColumnRule:
    why = f"is not between {low:g} and {high:g}"
    return ColumnRule(name, type, check=f"{name} BETWEEN {low} AND {high}", why=why)


def _not_negative(name: str, type: str = "DOUBLE", required: bool = False) -> ColumnRule:
    return ColumnRule(name, type, required, check=f"{name} >= 0", why="is negative")


def _number(name: str, type: str = "DOUBLE", required: bool = False) -> ColumnRule:
    return ColumnRule(name, type, required)


def _flag(name: str) -> ColumnRule:
    return ColumnRule(name, "BOOLEAN")


def _date(name: str, required: bool = False) -> ColumnRule:
    return ColumnRule(name, "DATE", required)


def _time(name: str, required: bool = False) -> ColumnRule:
    return ColumnRule(name, "TIMESTAMP", required)


def _not_before(name: str, start: str, required: bool = False) -> ColumnRule:
    return ColumnRule(
        name, "TIMESTAMP", required, check=f"{name} >= {start}", why=f"is before {start}"
    )


_SCORES = (
    _among("sentiment", "positive", "neutral", "negative"),
    _between("sentiment_score", -1, 1),
    _text("emotion"),
)

_DIMENSIONS = (
    TableRule(
        "products",
        Layer.DIMENSION,
        (
            _text("product_id", required=True),
            _text("product_name"),
            _text("category"),
            _text("brand"),
            _not_negative("price"),
            _date("launched_on"),
        ),
        key=("product_id",),
    ),
    TableRule(
        "customers",
        Layer.DIMENSION,
        (
            _text("customer_id", required=True),
            _text("country"),
            _text("region"),
            _text("city"),
            _text("gender"),
            _text("age_band"),
            _date("acquired_on"),
            _text("acquisition_channel"),
            _text("segment"),
        ),
        key=("customer_id",),
    ),
    TableRule(
        "stores",
        Layer.DIMENSION,
        (_text("store_id", required=True), _text("store_name"), _text("region")),
        key=("store_id",),
    ),
    TableRule(
        "campaigns",
        Layer.DIMENSION,
        (
            _text("campaign_id", required=True),
            _text("campaign_name"),
            _text("channel"),
            _date("started_on"),
            ColumnRule(
                "ended_on", "DATE", check="ended_on >= started_on", why="is before started_on"
            ),
        ),
        key=("campaign_id",),
    ),
)

_FEEDBACK = (
    TableRule(
        "reviews",
        Layer.FACT,
        (
            _text("review_id", required=True),
            _text("product_id"),
            _text("customer_id"),
            _time("created_at", required=True),
            _between("rating", 1, 5),
            _text("title"),
            _text("body"),
            *_SCORES,
        ),
        key=("review_id",),
        time="created_at",
        text="body",
        text_fallback="title",
    ),
    TableRule(
        "tickets",
        Layer.FACT,
        (
            _text("ticket_id", required=True),
            _text("account_id"),
            _text("customer_id"),
            _text("category"),
            _text("priority"),
            _text("status"),
            _text("agent"),
            _time("opened_at", required=True),
            _not_before("first_response_at", "opened_at"),
            _not_before("resolved_at", "opened_at"),
            _text("body"),
            *_SCORES,
        ),
        key=("ticket_id",),
        time="opened_at",
        text="body",
    ),
    TableRule(
        "social_posts",
        Layer.FACT,
        (
            _text("post_id", required=True),
            _text("platform"),
            _text("author_id"),
            _time("posted_at", required=True),
            _text("product_id"),
            _text("brand"),
            _text("body"),
            _not_negative("likes", "BIGINT"),
            _not_negative("shares", "BIGINT"),
            _not_negative("comments", "BIGINT"),
            *_SCORES,
        ),
        key=("post_id",),
        time="posted_at",
        text="body",
    ),
)

_SALES = (
    TableRule(
        "order_items",
        Layer.FACT,
        (
            _text("order_id", required=True),
            ColumnRule(
                "line",
                "BIGINT",
                required=True,
                default="row_number() OVER (PARTITION BY order_id ORDER BY file_row)",
                default_from=("order_id",),
            ),
            _text("customer_id"),
            _text("product_id"),
            _time("ordered_at", required=True),
            _number("quantity", "BIGINT", required=True),
            _not_negative("unit_price"),
            _number("discount"),
            ColumnRule(
                "revenue",
                "DOUBLE",
                required=True,
                default="TRY_CAST(quantity AS DOUBLE) * TRY_CAST(unit_price AS DOUBLE)",
                default_from=("quantity", "unit_price"),
            ),
            _text("channel"),
            _text("campaign_id"),
            _text("store_id"),
            _flag("returned"),
        ),
        key=("order_id", "line"),
        time="ordered_at",
    ),
    TableRule(
        "ad_spend",
        Layer.FACT,
        (
            _date("day", required=True),
            _text("campaign_id"),
            _text("channel"),
            _not_negative("spend"),
            _not_negative("impressions", "BIGINT"),
            _not_negative("clicks", "BIGINT"),
        ),
        time="day",
    ),
)

_JOURNEY = (
    TableRule(
        "sessions",
        Layer.FACT,
        (
            _text("session_id", required=True),
            _text("customer_id"),
            _text("visitor_id"),
            _time("started_at", required=True),
            _not_negative("duration_seconds"),
            _not_negative("page_views", "BIGINT"),
            _text("landing_page"),
            _text("exit_page"),
            _text("device"),
            _text("channel"),
            _text("country"),
            _flag("reached_cart"),
            _flag("reached_checkout"),
            _flag("purchased"),
        ),
        key=("session_id",),
        time="started_at",
    ),
    TableRule(
        "events",
        Layer.FACT,
        (
            _text("session_id", required=True),
            _time("event_at", required=True),
            _text("event_type"),
            _text("page"),
            _text("product_id"),
        ),
        time="event_at",
    ),
)

_STORE = (
    TableRule(
        "store_visits",
        Layer.FACT,
        (
            _text("visit_id", required=True),
            _text("store_id"),
            _text("visitor_id"),
            _time("entered_at", required=True),
            _not_before("left_at", "entered_at"),
        ),
        key=("visit_id",),
        time="entered_at",
    ),
    TableRule(
        "zone_dwell",
        Layer.FACT,
        (
            _text("visit_id", required=True),
            _text("store_id"),
            _text("zone"),
            _time("entered_at", required=True),
            _not_negative("seconds"),
        ),
        time="entered_at",
    ),
    TableRule(
        "footfall",
        Layer.FACT,
        (
            _text("store_id"),
            _text("sensor"),
            _time("counted_at", required=True),
            _not_negative("people", "BIGINT"),
        ),
        time="counted_at",
    ),
    TableRule(
        "positions",
        Layer.FACT,
        (
            _text("store_id"),
            _text("track_id", required=True),
            _time("at", required=True),
            _number("x"),
            _number("y"),
        ),
        time="at",
    ),
)


def _mart(name: str, columns: str, key: str = "") -> TableRule:
    pairs = (entry.split() for entry in columns.split(","))
    rules = tuple(ColumnRule(column, kind.upper()) for column, kind in pairs)
    return TableRule(name, Layer.MART, rules, key=tuple(key.split()))


_MARTS = (
    _mart("themes", "theme_id varchar, label varchar, keywords varchar", "theme_id"),
    _mart(
        "feedback_themes",
        "source varchar, source_id varchar, theme_id varchar, sentiment varchar, "
        "text_id varchar, theme varchar",
        "text_id theme_id",
    ),
    _mart(
        "feedback",
        "text_id varchar, source varchar, source_id varchar, said_at timestamp, product_id varchar, "
        "customer_id varchar, rating double, sentiment varchar, sentiment_score double, body varchar, "
        "stance varchar",
        "text_id",
    ),
    _mart(
        "customer_segments",
        "customer_id varchar, segment varchar, recency_days bigint, frequency bigint, "
        "monetary double, behaviour varchar",
        "customer_id",
    ),
    _mart(
        "forecasts",
        "metric varchar, entity_type varchar, entity_id varchar, period date, grain varchar, "
        "yhat double, lo80 double, hi80 double, lo95 double, hi95 double, model varchar, "
        "mase double",
        "metric entity_type entity_id period grain",
    ),
    _mart(
        "recommendations",
        "customer_id varchar, product_id varchar, rank bigint, score double, reason varchar",
        "customer_id rank",
    ),
    _mart(
        "similar_products",
        "product_id varchar, similar_id varchar, score double",
        "product_id similar_id",
    ),
    _mart(
        "similar_customers",
        "customer_id varchar, similar_id varchar, score double",
        "customer_id similar_id",
    ),
    _mart(
        "turning_points",
        "entity_type varchar, entity_id varchar, day date, metric varchar, before double, "
        "after double, p_value double, direction varchar",
    ),
    _mart(
        "model_runs",
        "model varchar, version varchar, trained_at timestamp, dataset varchar, metric varchar, "
        "value double",
    ),
)

TABLES: Mapping[str, TableRule] = MappingProxyType(
    {
        table.name: table
        for table in (*_DIMENSIONS, *_FEEDBACK, *_SALES, *_JOURNEY, *_STORE, *_MARTS)
    }
)

# Facts refer to dimensions by these columns; a referred id that no source describes is completed.
DIMENSION_OF: Mapping[str, str] = MappingProxyType(
    {
        "product_id": "products",
        "customer_id": "customers",
        "store_id": "stores",
        "campaign_id": "campaigns",
    }
)
DISPLAY_NAME: Mapping[str, str] = MappingProxyType(
    {"products": "product_name", "stores": "store_name", "campaigns": "campaign_name"}
)
