"""Small files of the Amazon CSV form."""

import csv
from collections.abc import Sequence
from pathlib import Path

HEADER = ["reviewerID", "asin", "helpful", "reviewText", "overall", "summary", "unixReviewTime"]
DAY = 86_400
START = 1_388_534_400  # 2014-01-01


def review(number: int) -> list[str]:
    """A good row of the Amazon CSV form; rating 1 to 5 in turn, ten rows a day."""
    text = f'Number {number}, said "fine"' if number % 7 else f"Two\nlines {number}"
    when = str(START + DAY * (number // 10))
    return [f"R{number}", f"P{number % 20}", "[1, 2]", text, str(number % 5 + 1), "ok", when]


def write_reviews(
    path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER
) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path
