"""`recommendations`: what to offer to each customer next, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from analytics.build.marts.baskets import Baskets, read_baskets, similarities, top
from analytics.build.marts.mart import Mart
from analytics.build.marts.tables import has_column, read, record_run, write

TOP: Final = 5
POPULAR_DAYS: Final = 90
MAX_CUSTOMERS: Final = 100_000
"""Beyond this many, those who bought last are served."""
SLICE: Final = 2_000

COLUMNS: Final = {
    "customer_id": "VARCHAR", "product_id": "VARCHAR", "rank": "BIGINT", "score": "DOUBLE",
    "reason": "VARCHAR",
}  # fmt: skip


def popularity(baskets: Baskets, as_of: date) -> NDArray[np.float64]:
    """Share of pairs that each product holds over the last POPULAR_DAYS (of all, if none)."""
    start = np.datetime64(as_of) - np.timedelta64(POPULAR_DAYS - 1, "D")
    recent = baskets.at >= start
    picked = baskets.product[recent] if recent.any() else baskets.product
    counts = np.bincount(picked, minlength=len(baskets.products))
    return np.asarray(counts / counts.sum())


def rank(
    owned: csr_matrix, near: NDArray[np.float64], popular: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The best TOP products, and their scores, for each row of `owned` (customer, product).

    A product's score is the sum of its similarities to what the customer has. Where there is none,
    popularity decides; it is scaled to stay below any similarity. Owned products score -inf.
    """
    floor = popular / max(popular.max(), 1e-12) * 1e-6
    scores = np.asarray(owned @ near) + floor
    scores[owned.nonzero()] = -np.inf
    return top(scores, TOP)


def _names(connection: duckdb.DuckDBPyConnection, products: NDArray[np.str_]) -> list[str]:
    if not has_column(connection, "products", "product_name"):
        return [str(product) for product in products]
    found = read(connection, "SELECT product_id, product_name FROM products")
    known = dict(zip(found["product_id"], found["product_name"], strict=True))
    return [str(known.get(product) or product) for product in products]


def _customer_slices(baskets: Baskets) -> Iterator[NDArray[np.int64]]:
    """Customers in slices, the latest MAX_CUSTOMERS if there are more."""
    last = pd.Series(baskets.at).groupby(baskets.customer).max()
    kept = last.sort_values(ascending=False, kind="stable").head(MAX_CUSTOMERS).index
    customers = np.sort(kept.to_numpy())
    for first in range(0, len(customers), SLICE):
        yield customers[first : first + SLICE]


def _reasons(
    owned: csr_matrix,
    best: NDArray[np.int64],
    near: NDArray[np.float64],
    names: list[str],
    bought: bool,
) -> list[str]:
    """For each recommendation, the owned product that speaks most for it."""
    why = "Often bought together with" if bought else "Liked by people who also liked"
    reasons = []
    for row, products in enumerate(best):
        mine = owned.indices[owned.indptr[row] : owned.indptr[row + 1]]
        links = near[np.ix_(mine, products)]
        for column, link in enumerate(links.argmax(axis=0)):
            strong = links[link, column] > 0
            reasons.append(
                f"{why} {names[mine[link]]}"
                if strong
                else f"Popular in the last {POPULAR_DAYS} days"
            )
    return reasons


def run(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Write TOP products for each customer with a purchase, best first, with a reason.

    Item-based nearest neighbours (see `baskets.similarities`) over what the customer has, products
    already owned left out; popularity fills up. `model_runs` holds the hit rate on each customer's
    latest product, hidden from the model, beside that of popularity alone.
    """
    baskets = read_baskets(connection, as_of)
    matrix = baskets.matrix()
    near, popular = similarities(matrix), popularity(baskets, as_of)
    names = _names(connection, baskets.products)
    frames = []
    for customers in _customer_slices(baskets):
        owned = matrix[customers]
        best, scores = rank(owned, near, popular)
        frames.append(
            pd.DataFrame(
                {
                    "customer_id": np.repeat(baskets.customers[customers], best.shape[1]),
                    "product_id": baskets.products[best.ravel()],
                    "rank": np.tile(np.arange(1, best.shape[1] + 1), len(customers)),
                    "score": scores.ravel(),
                    "reason": _reasons(owned, best, near, names, baskets.bought),
                }
            )
        )
    rows = pd.concat(frames, ignore_index=True)
    rows = rows[np.isfinite(rows["score"])]
    record_run(connection, "recommendations", as_of, "order_items", hit_rates(baskets, as_of))
    return write(connection, "recommendations", COLUMNS, rows)


def hit_rates(baskets: Baskets, as_of: date) -> dict[str, float]:
    """Share of customers whose latest product is among the TOP when it is hidden.

    Only customers with at least two products count, at most SLICE of them. Popularity is that of the
    model in use and may know the hidden purchases, which favours the baseline.
    """
    order = np.lexsort((baskets.product, baskets.at, baskets.customer))
    latest = order[np.r_[np.diff(baskets.customer[order]) > 0, True]]
    several = np.bincount(baskets.customer)[baskets.customer[latest]] >= 2
    hidden = latest[several][:SLICE]
    if len(hidden) == 0:
        return {}
    keep = np.ones(len(baskets.at), dtype=bool)
    keep[hidden] = False
    rest = baskets.matrix(keep)
    owned = rest[baskets.customer[hidden]]
    popular = popularity(baskets, as_of)
    nothing = np.zeros((len(baskets.products), len(baskets.products)))
    truth = baskets.product[hidden][:, None]
    by_model, by_popularity = (
        (rank(owned, near, popular)[0] == truth).any(axis=1).mean()
        for near in (similarities(rest), nothing)
    )
    return {
        "hit_rate_at_5": float(by_model),
        "hit_rate_at_5_of_popularity": float(by_popularity),
        "customers": float(len(hidden)),
    }


RECOMMENDATIONS: Final = Mart("recommendations", ("order_items|reviews",), run)
