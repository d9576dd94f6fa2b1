"""An answer's table as CSV for a spreadsheet: raw values, heads with units, no cell a formula."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from bot.render.labels import column_labels

# Excel reads a file as UTF-8 only with this mark.
BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet takes for the begin of a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
DIGITS = 14
UNITS = {
    "ratio": "fraction",
    "points": "fraction",
    "seconds": "s",
    "minutes": "min",
    "hours": "h",
    "days": "days",
    "stars": "stars",
}


def table_csv(answer: Mapping[str, Any]) -> str:
    """The table as text with CRLF line ends (RFC 4180). Text is quoted, numbers are not."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([harmless(head) for head in heads(answer)])
    for row in answer["rows"]:
        writer.writerow([harmless(value) for value in row])
    return BYTE_ORDER_MARK + out.getvalue()


def heads(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """The words over each column, with the unit of its raw values."""
    labels = column_labels(answer)
    units = (_unit(column) for column in answer["columns"])
    return tuple(
        f"{label} ({unit})" if unit else label for label, unit in zip(labels, units, strict=True)
    )


def _unit(column: Mapping[str, Any]) -> str | None:
    if column["unit"] == "currency":
        return column.get("currency") or "currency"
    return UNITS.get(column["unit"])


def harmless(value: Any) -> Any:
    """The value; text that a spreadsheet would run gets a quote before it.

    A sum of cents carries noise of binary fractions in its 16th digit; it goes.
    """
    match value:
        case None:
            return ""
        case str() if value.startswith(FORMULA_STARTS):
            return f"'{value}"
        case float():
            return float(f"{value:.{DIGITS}g}")
        case _:
            return value
