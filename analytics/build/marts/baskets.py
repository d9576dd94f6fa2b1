"""Who got what: the customer-product matrix and the similarity of products within it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from analytics.build.marts.mart import NotEnoughDataError
from analytics.build.marts.tables import has_column, read

MAX_PRODUCTS: Final = 3_000
"""Similarities are held as a square; the most wanted products are kept."""
SHRINKAGE: Final = 5.0
"""Pairs seen this often have their similarity halved: few joint purchases prove little."""

ORDERS: Final = """
    SELECT customer_id, product_id, max(ordered_at) AS at FROM order_items
    WHERE customer_id IS NOT NULL AND product_id IS NOT NULL AND quantity > 0
      AND ordered_at < ?::DATE + 1
    GROUP BY ALL ORDER BY customer_id, product_id
"""
LIKES: Final = """
    SELECT customer_id, product_id, max(created_at) AS at FROM reviews
    WHERE customer_id IS NOT NULL AND product_id IS NOT NULL AND rating >= 4
      AND created_at < ?::DATE + 1
    GROUP BY ALL ORDER BY customer_id, product_id
"""


@dataclass(frozen=True)
class Baskets:
    """Pairs of customer and product that belong together, bought or, without orders, liked.

    `customer` and `product` index `customers` and `products`; `at` is the latest time of a pair.
    """

    customers: NDArray[np.str_]
    products: NDArray[np.str_]
    customer: NDArray[np.int64]
    product: NDArray[np.int64]
    at: NDArray[np.datetime64]
    bought: bool

    def matrix(self, keep: NDArray[np.bool_] | None = None) -> csr_matrix:
        """(customer, product): 1 where a pair (of those to keep) exists."""
        rows = slice(None) if keep is None else keep
        where = (self.customer[rows], self.product[rows])
        shape = (len(self.customers), len(self.products))
        return csr_matrix((np.ones(len(where[0])), where), shape=shape)


def read_baskets(connection: duckdb.DuckDBPyConnection, as_of: date) -> Baskets:
    """Pairs from orders or, where there are none, from reviews of four stars and more."""
    bought = has_column(connection, "order_items", "customer_id")
    pairs = read(connection, ORDERS if bought else LIKES, [as_of])
    wanted = pairs["product_id"].value_counts(sort=False).sort_index()
    wanted = wanted.sort_values(ascending=False, kind="stable").head(MAX_PRODUCTS)
    pairs = pairs[pairs["product_id"].isin(wanted.index)]
    if pairs["product_id"].nunique() < 3 or pairs["customer_id"].nunique() < 10:
        raise NotEnoughDataError("fewer than 10 customers or 3 products with a purchase")
    customer, customers = pd.factorize(pairs["customer_id"], sort=True)
    product, products = pd.factorize(pairs["product_id"], sort=True)
    return Baskets(
        customers=np.asarray(customers),
        products=np.asarray(products),
        customer=customer,
        product=product,
        at=pairs["at"].to_numpy(),
        bought=bought,
    )


def similarities(matrix: csr_matrix) -> NDArray[np.float64]:
    """(product, product): cosine of the customers who have them, shrunk where pairs are few.

    Item-based collaborative filtering (Sarwar et al., 2001), with the shrinkage of Bell and Koren
    (2007). The diagonal is 0.
    """
    together = np.asarray((matrix.T @ matrix).toarray(), dtype=np.float64)
    alone = np.sqrt(np.maximum(together.diagonal(), 1))
    cosine = together / np.outer(alone, alone)
    shrunk = cosine * together / (together + SHRINKAGE)
    np.fill_diagonal(shrunk, 0)
    return np.asarray(shrunk)


def top(scores: NDArray[np.float64], count: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Columns of the `count` highest scores of each row, best first, and those scores.

    Ties go to the lower column, so that the same scores give the same order.
    """
    count = min(count, scores.shape[1])
    limit = -np.partition(-scores, count - 1, axis=1)[:, count - 1 : count]
    best = np.empty((len(scores), count), dtype=np.int64)
    for row, values in enumerate(scores):
        # Only the few that reach the limit need sorting.
        reached = np.flatnonzero(values >= limit[row])
        best[row] = reached[np.argsort(-values[reached], kind="stable")][:count]
    return best, np.take_along_axis(scores, best, axis=1)
