"""The generator keeps the warehouse contract, repeats itself exactly, and holds together."""

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest

from analytics.demo import DEMO_AS_OF, DEMO_START, generate
from analytics.demo.dice import days_of_part, generator, parts

One = Callable[[str], Any]

CONTRACT = {
    "products": "product_id product_name category brand price launched_on",
    "customers": "customer_id country region city gender age_band acquired_on acquisition_channel",
    "stores": "store_id store_name region",
    "campaigns": "campaign_id campaign_name channel started_on ended_on",
    "reviews": "review_id product_id customer_id created_at rating title body",
    "tickets": "ticket_id account_id customer_id category priority status agent opened_at "
    "first_response_at resolved_at body",
    "social_posts": "post_id platform author_id posted_at product_id brand body likes shares "
    "comments",
    "order_items": "order_id line customer_id product_id ordered_at quantity unit_price discount "
    "revenue channel campaign_id store_id returned",
    "ad_spend": "day campaign_id channel spend impressions clicks",
    "sessions": "session_id customer_id visitor_id started_at duration_seconds page_views "
    "landing_page exit_page device channel country reached_cart reached_checkout purchased",
    "events": "session_id event_at event_type page product_id",
    "store_visits": "visit_id store_id visitor_id entered_at left_at",
    "zone_dwell": "visit_id store_id zone entered_at seconds",
    "footfall": "store_id sensor counted_at people",
    "positions": "store_id track_id at x y",
}
MODEL_FILLED = {"sentiment", "sentiment_score", "emotion", "segment"}
TIMES = {
    "reviews": "created_at", "tickets": "opened_at", "social_posts": "posted_at",
    "order_items": "ordered_at", "ad_spend": "day", "sessions": "started_at",
    "events": "event_at", "store_visits": "entered_at", "zone_dwell": "entered_at",
    "footfall": "counted_at", "positions": '"at"',
}  # fmt: skip


def digest(scale: float, seed: int) -> str:
    seen = hashlib.sha256()
    for name, table in generate(scale, seed):
        seen.update(name.encode())
        for batch in table.to_batches():
            with pa.BufferOutputStream() as sink:
                with pa.ipc.new_stream(sink, batch.schema) as writer:
                    writer.write_batch(batch)
                seen.update(sink.getvalue().to_pybytes())
    return seen.hexdigest()


def test_same_seed_and_scale_give_the_same_bytes() -> None:
    assert digest(0.05, 7) == digest(0.05, 7)
    assert digest(0.05, 7) != digest(0.05, 8)


def test_every_source_table_has_the_contract_columns() -> None:
    found = {name: set(table.column_names) for name, table in generate(0.02)}
    assert set(found) == set(CONTRACT)
    for name, columns in CONTRACT.items():
        assert set(columns.split()) <= found[name], name
        assert not MODEL_FILLED & found[name], name


@pytest.mark.slow  # it generates a large company
def test_parts_are_alike_and_stay_small_whatever_the_scale() -> None:
    schemas: dict[str, pa.Schema] = {}
    parts_of: Counter[str] = Counter()
    for name, table in generate(2.5):
        assert schemas.setdefault(name, table.schema) == table.schema, name
        assert table.num_rows < 250_000, name
        parts_of[name] += 1
    assert min(parts_of[name] for name in ("reviews", "order_items", "sessions", "events")) > 1


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan")])
def test_a_scale_without_rows_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        next(iter(generate(scale)))


def test_the_smallest_scale_fills_every_table() -> None:
    assert all(table.num_rows for _, table in generate(0.0001))


def test_parts_drawn_alone_follow_the_weights_together() -> None:
    weights = generator(1, "weights").random(50)
    days = [
        d for p in parts(10_000, 333) for d in days_of_part(p, weights, generator(1, "x", p.number))
    ]
    assert all(a <= b for a, b in pairwise(days))
    for day, weight in enumerate(weights):
        assert abs(days.count(day) - 10_000 * weight / weights.sum()) <= 2


@pytest.mark.parametrize(("table", "column"), TIMES.items())
def test_times_lie_within_the_demo(one: One, table: str, column: str) -> None:
    first, last = one(f"SELECT min({column})::DATE, max({column})::DATE FROM {table}")
    assert first >= DEMO_START
    assert last <= DEMO_AS_OF
    expected_gap = (date(2026, 4, 15) - DEMO_START).days if table == "positions" else 5
    assert (first - DEMO_START).days <= expected_gap
    assert (DEMO_AS_OF - last).days <= 2


@pytest.mark.parametrize(
    ("fact", "key", "dimension"),
    [
        ("reviews", "product_id", "products"),
        ("reviews", "customer_id", "customers"),
        ("tickets", "customer_id", "customers"),
        ("social_posts", "product_id", "products"),
        ("order_items", "product_id", "products"),
        ("order_items", "customer_id", "customers"),
        ("order_items", "campaign_id", "campaigns"),
        ("order_items", "store_id", "stores"),
        ("ad_spend", "campaign_id", "campaigns"),
        ("sessions", "customer_id", "customers"),
        ("events", "session_id", "sessions"),
        ("events", "product_id", "products"),
        ("zone_dwell", "visit_id", "store_visits"),
    ],
)
def test_every_reference_is_known(one: One, fact: str, key: str, dimension: str) -> None:
    assert one(f"SELECT count(*) FROM {fact} ANTI JOIN {dimension} USING ({key}) "
               f"WHERE {key} IS NOT NULL") == 0  # fmt: skip


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("reviews", "review_id"),
        ("tickets", "ticket_id"),
        ("social_posts", "post_id"),
        ("sessions", "session_id"),
        ("store_visits", "visit_id"),
        ("order_items", "order_id || '/' || line"),
        ("order_items", "order_id || '/' || product_id"),
        ("ad_spend", "campaign_id || day"),
    ],
)
def test_keys_are_unique(one: One, table: str, key: str) -> None:
    assert one(f"SELECT count(*) - count(DISTINCT {key}) FROM {table}") == 0


def test_revenue_is_price_less_discount(one: One) -> None:
    assert (
        one("SELECT max(abs(revenue - (quantity * unit_price - discount))) FROM order_items")
        < 0.011
    )


def test_nothing_is_sold_or_reviewed_before_its_launch(one: One) -> None:
    for table, at in (("order_items", "ordered_at"), ("reviews", "created_at")):
        assert one(
            f"SELECT count(*) FROM {table} JOIN products USING (product_id) "
            f"WHERE {at}::DATE < launched_on"
        ) == 0  # fmt: skip


def test_nobody_buys_before_they_are_a_customer(one: One) -> None:
    early = one(
        "SELECT avg((ordered_at::DATE < acquired_on)::INT) FROM order_items JOIN customers "
        "USING (customer_id)"
    )
    assert early == 0


def test_events_add_up_to_their_sessions(one: One) -> None:
    wrong = one(
        """
        SELECT count(*) FROM sessions s JOIN (
          SELECT session_id,
                 count(*) FILTER (event_type IN ('page_view', 'product_view')) AS views,
                 bool_or(event_type = 'add_to_cart') AS cart,
                 bool_or(event_type = 'checkout') AS checkout,
                 bool_or(event_type = 'purchase') AS bought,
                 arg_min(page, event_at) AS first_page, arg_max(page, event_at) AS last_page
          FROM events GROUP BY session_id
        ) e USING (session_id)
        WHERE views <> page_views OR cart <> reached_cart OR checkout <> reached_checkout
           OR bought <> purchased OR first_page <> landing_page OR last_page <> exit_page
        """
    )
    assert wrong == 0
    assert one("SELECT count(DISTINCT session_id) FROM events") == one(
        "SELECT count(*) FROM sessions"
    )


def test_the_funnel_only_narrows(one: One) -> None:
    assert one(
        "SELECT count(*) FROM sessions WHERE (purchased AND NOT reached_checkout) "
        "OR (reached_checkout AND NOT reached_cart)"
    ) == 0  # fmt: skip


def test_dwell_fits_into_its_visit(one: One) -> None:
    assert one(
        "SELECT count(*) FROM store_visits v JOIN (SELECT visit_id, sum(seconds) AS stayed, "
        "max(entered_at + to_seconds(seconds)) AS gone FROM zone_dwell GROUP BY 1) d "
        "USING (visit_id) WHERE stayed > epoch(left_at - entered_at) OR gone > left_at"
    ) == 0  # fmt: skip


def test_tickets_run_forward_in_time(one: One) -> None:
    assert one(
        "SELECT count(*) FROM tickets WHERE first_response_at < opened_at "
        "OR resolved_at < first_response_at OR (resolved_at IS NULL) <> (status IN ('open', 'pending'))"
    ) == 0  # fmt: skip


def test_nulls_are_where_real_data_has_them(one: One) -> None:
    for table, column in (
        ("reviews", "customer_id"), ("reviews", "title"), ("sessions", "customer_id"),
        ("tickets", "resolved_at"), ("tickets", "satisfaction"), ("social_posts", "product_id"),
        ("order_items", "campaign_id"), ("order_items", "store_id"), ("customers", "gender"),
    ):  # fmt: skip
        share = one(f"SELECT avg(({column} IS NULL)::INT) FROM {table}")
        assert 0 < share < 1, (table, column)


def test_texts_are_varied_and_of_readable_length(one: One) -> None:
    everything = (
        "SELECT body FROM reviews UNION ALL SELECT body FROM tickets "
        "UNION ALL SELECT body FROM social_posts"
    )
    distinct, mean, longest = one(
        f"SELECT count(DISTINCT body) / count(*), avg(len(string_split(body, ' '))), "
        f"max(len(string_split(body, ' '))) FROM ({everything})"
    )
    assert distinct > 0.9
    assert 14 < mean < 25
    assert longest <= 80
    assert (
        one(f"SELECT count(*) FROM ({everything}) WHERE body LIKE '%{{%' OR trim(body) = ''") == 0
    )


def test_contact_data_is_there_to_be_masked_and_reserved_for_fiction(one: One) -> None:
    assert one("SELECT count(*) FROM reviews WHERE body LIKE '%@example.com%'") > 10
    assert one("SELECT count(*) FROM reviews WHERE body LIKE '%+44 20 7946 0%'") > 10


def test_customers_come_back(one: One) -> None:
    assert one(
        "SELECT avg((orders > 1)::INT) FROM (SELECT count(DISTINCT order_id) AS orders "
        "FROM order_items GROUP BY customer_id)"
    ) > 0.5  # fmt: skip


def test_urgent_tickets_are_answered_first(one: One) -> None:
    medians = [
        one(
            "SELECT median(epoch(first_response_at - opened_at)) FROM tickets "
            f"WHERE priority = '{priority}'"
        )
        for priority in ("urgent", "high", "normal", "low")
    ]
    assert medians == sorted(medians)


def test_counted_hours_are_opening_hours(one: One) -> None:
    first, last = one("SELECT min(hour(counted_at)), max(hour(counted_at)) FROM footfall")
    assert (first, last) == (9, 19)


def test_the_viral_post_is_there_once(one: One) -> None:
    at, count = one("SELECT min(posted_at), count(*) FROM social_posts WHERE likes > 100000")
    assert (at, count) == (datetime(2026, 7, 9, 17), 1)
