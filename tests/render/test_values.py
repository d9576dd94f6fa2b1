import pytest

from bot.render.terminal import shown
from bot.render.values import format_value


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "ratio", "–"),
        (0.1234, "ratio", "12.3 %"),
        (-0.5, "ratio", "-50.0 %"),
        (1234567, "count", "1,234,567"),
        (1234.5, "currency", "1,234.50"),
        (4.256, "stars", "4.26 ★"),
        (3.25, "hours", "3.2 h"),
        (0.031, "points", "+3.1 pp"),
        (0.00012, "number", "0.00012"),
        (12.0, "number", "12"),
        (True, "number", "yes"),
        ("2026-10-01", "month", "Oct 2026"),
        ("2026-10-01", "quarter", "Q4 2026"),
        ("2026-10-05", "week", "week of 5 Oct 2026"),
        ("2026-10-05T13:00:00", "hour", "5 Oct 2026 13:00"),
        ("North", "month", "North"),
        ("[bold]x", "", "[bold]x"),
    ],
)
def test_values_read_by_their_unit(value, unit, text):
    assert format_value(value, unit) == text


def test_changes_carry_their_sign():
    column = {"role": "change", "unit": "ratio"}
    assert shown(0.05, column) == "+5.0 %"
    assert shown(-0.05, column) == "-5.0 %"
    assert shown(0.05, {"role": "change", "unit": "points"}) == "+5.0 pp"
