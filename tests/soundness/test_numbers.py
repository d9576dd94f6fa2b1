"""Numbers as people type them: one read wrongly is a wrong answer with a straight face."""

import pytest

from analytics.understand.spans import parse_number


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("1200", 1200),
        ("1,200", 1200),
        ("1,200,000.5", 1_200_000.5),
        ("3.5", 3.5),
        ("3,5", 3.5),  # a decimal comma, not thirty-five
        ("12,75", 12.75),
        ("15%", 0.15),
        ("2,5%", 0.025),
        ("five", 5),
    ],
)
def test_a_number_is_read_as_it_was_meant(word, number):
    assert parse_number(word) == pytest.approx(number)


@pytest.mark.parametrize(
    "word",
    [
        "1e400",
        "1e5",
        "1_000",
        "9" * 400,
        "1,2,3",
        "12,3456",
        "1.2.3",
        "٣",
        "²",
        "nan",
        "inf",
        "-1",
        "",
    ],
)
def test_what_is_no_plain_number_is_none(word):
    assert parse_number(word) is None
