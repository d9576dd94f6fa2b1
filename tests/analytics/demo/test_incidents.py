"""Every event that docs/demo.md tells of is there for plain SQL to see."""

from collections.abc import Callable
from typing import Any

import pytest

One = Callable[[str], Any]
Rows = Callable[[str], list[tuple[Any, ...]]]

# Net sentiment by stars (4 and 5 positive, 1 and 2 negative): what a perfect model would give.
NET = "avg(sign(rating - 3))"


def as_dict(found: list[tuple[Any, ...]]) -> dict[Any, Any]:
    """Rows of two columns, the second by the first."""
    return dict(found)


def net_by_month(rows: Rows, product: str) -> dict[str, tuple[int, float]]:
    found = rows(
        f"SELECT strftime(created_at, '%Y-%m'), count(*), {NET} FROM reviews "
        f"JOIN products USING (product_id) WHERE product_name = '{product}' GROUP BY 1"
    )
    return {month: (count, net) for month, count, net in found}


def test_the_firmware_sours_the_headphones_this_month(rows: Rows) -> None:
    months = net_by_month(rows, "Aurora Headphones Pro")
    (count_before, before), (count_now, now) = months["2026-09"], months["2026-10"]
    assert count_before >= 40
    assert count_now >= 40
    assert before > 0.4
    assert now < -0.4


def test_only_the_headphones_turned_negative_this_month(rows: Rows) -> None:
    turned = rows(
        f"""
        SELECT product_name FROM reviews JOIN products USING (product_id) GROUP BY product_name
        HAVING {NET} FILTER (created_at >= '2026-10-01') < 0
           AND {NET} FILTER (created_at >= '2026-09-01' AND created_at < '2026-10-01') >= 0
           AND count(*) FILTER (created_at >= '2026-10-01') >= 10
        """
    )
    assert turned == [("Aurora Headphones Pro",)]


@pytest.mark.parametrize(
    ("product", "last_good", "first_bad"),
    [("Pulse Watch 2", "2026-07", "2026-08"), ("Brisa Air Fryer XL", "2026-02", "2026-03")],
)
def test_products_that_turned_negative_earlier(
    rows: Rows, product: str, last_good: str, first_bad: str
) -> None:
    months = net_by_month(rows, product)
    assert months[last_good][0] >= 15
    assert months[first_bad][0] >= 15
    assert months[last_good][1] > 0.3
    assert months[first_bad][1] < -0.2


@pytest.mark.parametrize(
    ("product", "last_bad", "first_good"),
    [("Nimbus Robot Vacuum", "2026-06", "2026-07"), ("Brisa Air Fryer XL", "2026-05", "2026-06")],
)
def test_products_that_recovered(rows: Rows, product: str, last_bad: str, first_good: str) -> None:
    months = net_by_month(rows, product)
    assert months[last_bad][1] < -0.2
    assert months[first_good][1] > 0.3


def test_the_firmware_brings_tickets_and_returns(one: One) -> None:
    def per_day(start: str, end: str) -> float:
        found = one(
            "SELECT count(*) FROM tickets JOIN products USING (product_id) WHERE "
            "product_name = 'Aurora Headphones Pro' AND tickets.category = 'product fault' "
            f"AND opened_at >= '{start}' AND opened_at < '{end}'"
        )
        return float(found) / 28

    assert per_day("2026-10-01", "2026-10-29") > 2 * per_day("2026-09-01", "2026-09-29")
    returned, before = (
        one(
            "SELECT avg(returned::INT) FROM order_items JOIN products USING (product_id) WHERE "
            f"product_name = 'Aurora Headphones Pro' AND ordered_at {when}"
        )
        for when in (">= '2026-10-01'", "BETWEEN '2026-04-01' AND '2026-09-30'")
    )
    assert returned > 1.5 * before


def test_couriers_fail_in_the_north_in_may(rows: Rows) -> None:
    net = as_dict(
        rows(
            f"SELECT region, {NET} FROM reviews JOIN customers USING (customer_id) "
            "WHERE created_at >= '2026-05-01' AND created_at < '2026-06-01' GROUP BY 1"
        )
    )
    assert min(net, key=lambda region: net[region]) == "North"
    assert net["North"] < 0
    tickets = {
        (region, month): (count, satisfaction)
        for region, month, count, satisfaction in rows(
            "SELECT region, month(opened_at), count(*), avg(satisfaction) FROM tickets "
            "JOIN customers USING (customer_id) WHERE category = 'delivery' "
            "AND year(opened_at) = 2026 GROUP BY ALL"
        )
    }
    assert tickets["North", 5][0] > 3 * tickets["North", 4][0]
    assert tickets["North", 5][0] > 3 * max(tickets[r, 5][0] for r in net if r != "North")
    assert tickets["North", 5][1] < 3


def test_mobile_checkouts_fail_for_two_weeks(one: One) -> None:
    def abandoned(device: str, start: str, end: str) -> float:
        return float(
            one(
                "SELECT 1 - avg(purchased::INT) FROM sessions WHERE reached_cart "
                f"AND device = '{device}' AND started_at >= '{start}' AND started_at < '{end}'"
            )
        )

    bug = abandoned("mobile", "2026-09-07", "2026-09-21")
    assert bug > 0.85
    assert abandoned("mobile", "2026-08-10", "2026-09-07") < 0.78
    assert abandoned("mobile", "2026-09-21", "2026-10-19") < 0.78
    assert abandoned("desktop", "2026-09-07", "2026-09-21") < 0.7


def test_one_campaign_works_and_one_burns_money(rows: Rows) -> None:
    roas = as_dict(
        rows(
            "SELECT campaign_name, revenue / spend FROM campaigns "
            "JOIN (SELECT campaign_id, sum(revenue) AS revenue FROM order_items GROUP BY 1) "
            "USING (campaign_id) "
            "JOIN (SELECT campaign_id, sum(spend) AS spend FROM ad_spend GROUP BY 1) "
            "USING (campaign_id)"
        )
    )
    assert max(roas, key=lambda name: roas[name]) == "Spring Kitchen"
    assert roas["Spring Kitchen"] > 6
    assert min(roas, key=lambda name: roas[name]) == "Everywhere Display"
    assert roas["Everywhere Display"] < 0.6


def test_the_new_layout_moves_dwell_from_television_to_kitchen(rows: Rows) -> None:
    before, after = (
        as_dict(
            rows(
                "SELECT zone, avg(seconds) FROM zone_dwell JOIN stores USING (store_id) "
                f"WHERE store_name = 'Berlin Mitte' AND entered_at {when} GROUP BY 1"
            )
        )
        for when in ("< '2026-06-15'", ">= '2026-06-15'")
    )
    assert after["Kitchen"] > 1.8 * before["Kitchen"]
    assert after["TV and Gaming"] < 0.65 * before["TV and Gaming"]
    assert 0.8 < after["Audio"] / before["Audio"] < 1.25


def test_climate_sells_in_summer_and_everything_before_christmas(rows: Rows) -> None:
    climate = as_dict(
        rows(
            "SELECT month(ordered_at), sum(quantity) FROM order_items JOIN products "
            "USING (product_id) WHERE category = 'Climate' AND year(ordered_at) = 2026 GROUP BY 1"
        )
    )
    assert climate[7] > 2 * climate[4]
    total = as_dict(
        rows(
            "SELECT month(ordered_at), sum(revenue) FROM order_items "
            "WHERE year(ordered_at) = 2025 GROUP BY 1"
        )
    )
    assert max(total, key=lambda month: total[month]) == 12
    assert total[12] > 1.4 * total[10]


def test_a_year_brings_growth(one: One) -> None:
    now, before = one(
        "SELECT sum(revenue) FILTER (year(ordered_at) = 2026), "
        "sum(revenue) FILTER (year(ordered_at) = 2025) FROM order_items "
        "WHERE month(ordered_at) BETWEEN 1 AND 9"
    )
    assert 1.05 < now / before < 1.6


def test_the_viral_post_lifts_mentions_and_sales(one: One) -> None:
    mentions, usual = one(
        "SELECT count(*) FILTER (posted_at BETWEEN '2026-07-09' AND '2026-07-19'), "
        "count(*) FILTER (posted_at BETWEEN '2026-06-09' AND '2026-06-19') FROM social_posts "
        "JOIN products USING (product_id) WHERE product_name = 'Brisa Ice Cream Maker'"
    )
    assert mentions >= 10
    assert mentions > 5 * max(usual, 1)
    sold, sold_before = one(
        "SELECT sum(quantity) FILTER (ordered_at BETWEEN '2026-07-09' AND '2026-08-02'), "
        "sum(quantity) FILTER (ordered_at BETWEEN '2026-06-09' AND '2026-07-03') FROM order_items "
        "JOIN products USING (product_id) WHERE product_name = 'Brisa Ice Cream Maker'"
    )
    assert sold > 2.5 * sold_before
