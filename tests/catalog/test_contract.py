"""The columns that the catalog may use are those that the build writes."""

from __future__ import annotations

import pytest

from analytics.build.schema import TABLES
from analytics.catalog.contract import CONTRACT

TYPES = {
    "VARCHAR": "string",
    "DOUBLE": "float64",
    "BIGINT": "int64",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}


@pytest.mark.parametrize("table", CONTRACT)
def test_columns(table: str) -> None:
    built = {column.name: TYPES[column.type] for column in TABLES[table].columns}
    assert built == CONTRACT[table]
