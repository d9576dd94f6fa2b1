"""The shipped mappings on real public files, against hand-written SQL over the raw files."""

import duckdb
import pytest


@pytest.fixture(scope="module")
def raw():
    return duckdb.connect()


def one(raw, sql):
    [row] = raw.execute(sql).fetchall()
    return row


def first(rows):
    return tuple(rows[0].values())


def test_amazon_csv(run_build, ask, raw, data_folder):
    file = data_folder / "reviews/amazon_musical_instruments.csv"
    report = run_build(("amazon_reviews_csv", file))
    assert report.rows == {"customers": 1_429, "products": 900, "reviews": 10_261}
    assert report.rejected == ()
    expected = one(
        raw,
        f"SELECT count(*), avg(overall), min(to_timestamp(unixReviewTime))::DATE, "
        f"max(to_timestamp(unixReviewTime))::DATE, count(*) FILTER (reviewText IS NULL) FROM '{file}'",
    )
    found = ask(
        "SELECT count(*), avg(rating), min(created_at)::DATE, max(created_at)::DATE, "
        "count(*) FILTER (WHERE body IS NULL) FROM reviews"
    )
    assert first(found) == expected


def test_amazon_json_lines(run_build, ask, raw, data_folder):
    file = data_folder / "reviews/amazon_all_beauty_5.json.gz"
    run_build(("amazon_reviews_jsonl", file))
    expected = one(
        raw,
        f"SELECT count(DISTINCT (reviewerID, asin, unixReviewTime, reviewText)), "
        f"count(DISTINCT (reviewerID, unixReviewTime, reviewText)) FROM '{file}'",
    )
    assert first(ask("SELECT count(*), count(DISTINCT opinion_id) FROM reviews")) == expected
    assert expected == (4_216, 1_379)


def test_online_retail(run_build, ask, raw, data_folder):
    file = data_folder / "orders/online_retail.parquet"
    report = run_build(("online_retail", file))
    lines = (
        f"(SELECT DISTINCT * FROM '{file}' WHERE regexp_matches(StockCode, '^([0-9]{{5}}|DCGS)') "
        "AND NOT (UnitPrice = 0 AND CustomerID IS NULL))"
    )
    expected = one(
        raw,
        f"SELECT count(*), round(sum(Quantity * UnitPrice), 2), sum(Quantity)::BIGINT, "
        f"count(DISTINCT InvoiceNo), count(DISTINCT CustomerID), count(DISTINCT upper(StockCode)), "
        f"count(*) FILTER (InvoiceNo LIKE 'C%'), count(*) FILTER (CustomerID IS NULL) FROM {lines}",
    )
    found = ask(
        "SELECT count(*), round(sum(revenue), 2), sum(quantity)::BIGINT, count(DISTINCT order_id), "
        "count(DISTINCT customer_id), count(DISTINCT product_id), count(*) FILTER (WHERE returned), "
        "count(*) FILTER (WHERE customer_id IS NULL) FROM order_items"
    )
    assert first(found) == pytest.approx(expected)
    assert {(item.reason, item.rows) for item in report.rejected} == {
        ("duplicate of an earlier row", 5_257),
        ("not a product", 2_950),
        ("not a sale (price zero and no customer, a stock adjustment)", 2_464),
    }
    assert report.rows["order_items"] == 541_909 - 5_257 - 2_950 - 2_464
    [product] = ask("SELECT product_name FROM products WHERE product_id = '85123A'")
    assert product["product_name"] == "WHITE HANGING HEART T-LIGHT HOLDER"


def test_olist(run_build, ask, raw, data_folder):
    folder = data_folder / "olist"
    report = run_build(("olist", folder))
    assert report.rows == {
        "customers": 8_016,
        "order_items": 8_365,
        "products": 5_460,
        "reviews": 8_225,
    }
    expected = one(
        raw,
        f"SELECT c.customer_state, round(sum(i.price), 2) "
        f"FROM '{folder}/olist_order_items_dataset.csv' i "
        f"JOIN '{folder}/olist_orders_dataset.csv' o USING (order_id) "
        f"JOIN '{folder}/olist_customers_dataset.csv' c USING (customer_id) "
        f"GROUP BY 1 ORDER BY 2 DESC LIMIT 1",
    )
    found = ask(
        "SELECT region, round(sum(revenue), 2) FROM order_items JOIN customers USING (customer_id) "
        "GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    )
    assert first(found) == expected
    assert ask("SELECT category FROM products WHERE category = 'health beauty' LIMIT 1")


def test_clickstream(run_build, ask, raw, data_folder):
    file = data_folder / "clicks/ecom.csv.gz"
    run_build(("ecom_clickstream", file))
    expected = one(
        raw,
        "SELECT count(*), sum(bought)::BIGINT, sum(cart)::BIGINT, sum(seconds)::BIGINT FROM ("
        "SELECT max((event = 'purchase')::INT) AS bought, "
        "max((event IN ('cart', 'add_to_cart'))::INT) AS cart, "
        "date_diff('second', min(timestamp), max(timestamp)) AS seconds "
        f"FROM '{file}' GROUP BY session_id)",
    )
    found = ask(
        "SELECT count(*), count(*) FILTER (WHERE purchased), count(*) FILTER (WHERE reached_cart), "
        "sum(duration_seconds)::BIGINT FROM sessions"
    )
    assert first(found) == expected


def test_airline_tweets(run_build, ask, raw, data_folder):
    file = data_folder / "social/airline_tweets.csv"
    report = run_build(("airline_tweets", file))
    expected = one(
        raw,
        "SELECT count(*) FROM (SELECT DISTINCT * EXCLUDE "
        "(tweet_id, airline_sentiment_gold, negativereason_gold) "
        f"FROM '{file}')",
    )
    assert first(ask("SELECT count(*) FROM social_posts")) == expected
    assert report.sources[0].rejected == 14_640 - expected[0]
    assert first(
        ask("SELECT count(DISTINCT brand), max(posted_at)::DATE::VARCHAR FROM social_posts")
    ) == (
        6,
        "2015-02-24",
    )
    assert len(ask("SELECT DISTINCT human_sentiment FROM social_posts")) == 3


def test_several_real_sources_in_one_warehouse(run_build, ask, data_folder):
    report = run_build(
        ("amazon_reviews_csv", data_folder / "reviews/amazon_musical_instruments.csv"),
        ("ecom_clickstream", data_folder / "clicks/ecom.csv.gz"),
        ("airline_tweets", data_folder / "social/airline_tweets.csv"),
    )
    assert {"reviews", "sessions", "social_posts"} <= set(report.rows)
    assert [row["source"] for row in ask("SELECT source FROM build_info ORDER BY 1")] == [
        "airline_tweets",
        "amazon_reviews_csv",
        "ecom_clickstream",
    ]
