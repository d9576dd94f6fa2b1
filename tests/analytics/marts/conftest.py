"""A warehouse small enough to read: three products, sixty customers, two years."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest

from analytics.build.marts import TextTools
from models.themes.statements import content

AS_OF = date(2026, 6, 30)


class BagOfWords:
    """Stands in for the sentence encoder: texts are near that share content words."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.full((len(texts), 256), 1e-6, dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in content(text):
                row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % 256] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


TOOLS = TextTools(BagOfWords())


@pytest.fixture
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    yield connection
    connection.close()


@pytest.fixture
def tiny(empty: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    fill(empty)
    return empty


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Customers 1-30 buy cups and saucers together, 31-60 buy a lamp.

    The lamp's reviews are good until May 2026 and bad in June; the cup's are always good.
    """
    connection.execute(
        """
        CREATE TABLE products (product_id VARCHAR, product_name VARCHAR, category VARCHAR,
          brand VARCHAR, price DOUBLE);
        INSERT INTO products VALUES ('cup', 'Blue Cup', 'Kitchen', 'Blue', 5),
          ('saucer', 'Blue Saucer', 'Kitchen', 'Blue', 3), ('lamp', 'Lamp', 'Home', 'Lux', 30);
        CREATE TABLE customers (customer_id VARCHAR, region VARCHAR, segment VARCHAR);
        CREATE TABLE order_items (order_id VARCHAR, line BIGINT, customer_id VARCHAR,
          product_id VARCHAR, ordered_at TIMESTAMP, quantity BIGINT, unit_price DOUBLE,
          discount DOUBLE, revenue DOUBLE, returned BOOLEAN);
        CREATE TABLE reviews (review_id VARCHAR, product_id VARCHAR, customer_id VARCHAR,
          created_at TIMESTAMP, rating BIGINT, body VARCHAR, sentiment VARCHAR);
        """
    )
    people = [[f"c{n:02d}", "North" if n % 2 else "South", None] for n in range(1, 63)]
    for table, rows in (("customers", people), ("order_items", orders()), ("reviews", reviews())):
        frame = pd.DataFrame(rows)
        connection.register("frame", frame)
        connection.execute(f"INSERT INTO {table} SELECT * FROM frame")
        connection.unregister("frame")


def orders() -> list[list[object]]:
    """Customer n ordered n days before the end, and again and again before that."""
    rows: list[list[object]] = []
    for n in range(1, 61):
        for back in range(n, 720, 60 if n <= 30 else 240):
            at = datetime(2026, 6, 30, 12) - timedelta(days=back)
            bought = [("cup", 5.0), ("saucer", 3.0)] if n <= 30 else [("lamp", 30.0)]
            # Customer 30 never takes the saucer.
            for line, (product, price) in enumerate(bought[: 1 if n == 30 else 2], start=1):
                order = f"c{n:02d}-{back}"
                rows.append([order, line, f"c{n:02d}", product, at, 1, price, 0.0, price, False])
    return rows


def reviews() -> list[list[object]]:
    """Twenty reviews a month of cup and lamp; of the lamp's in June, eighteen are bad."""
    rows: list[list[object]] = []
    for month in range(1, 7):
        for number in range(20):
            for product in ("cup", "lamp"):
                bad = product == "lamp" and month == 6 and number < 18
                at = datetime(2026, month, 1 + number)
                body = text("bad" if bad else product, 20 * month + number)
                stars, sentiment = (1, "negative") if bad else (5, "positive")
                key = f"{product}-{month}-{number}"
                rows.append([key, product, f"c{number + 1:02d}", at, stars, body, sentiment])
    return rows


def text(about: str, number: int) -> str:
    """A sentence of two of the four clauses on a subject."""
    clauses = {
        "cup": ("glaze shines", "handle fits", "porcelain rings", "rim stays thin"),
        "lamp": ("light glows", "shade stands", "cord reaches", "base weighs enough"),
        "bad": ("bulb flickers", "switch broke", "cable smells", "socket sparks"),
    }[about]
    first, second = number % 4, (number // 4 + number % 4 + 1) % 4
    return f"the {clauses[first]} and the {clauses[second]}, order {number}"
