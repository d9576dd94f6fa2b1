import pytest

from bot.render.labels import column_label

LABELS = {"net_sentiment": "Net sentiment"}


@pytest.mark.parametrize(
    ("name", "role", "unit", "head"),
    [
        ("time", "time", "month", "Month"),
        ("net_sentiment", "metric", "ratio", "Net sentiment"),
        ("net_sentiment__before", "baseline", "ratio", "Net sentiment before"),
        ("change", "change", "points", "Change"),
        ("change_ratio", "change", "ratio", "Change, relative"),
        ("net_sentiment__n", "count", "count", "Responses"),
    ],
)
def test_heads_of_metric_columns(name, role, unit, head):
    column = {"name": name, "role": role, "unit": unit, "metric": "net_sentiment"}
    assert column_label(column, LABELS) == head


def test_a_dimension_is_its_name_in_words():
    column = {"name": "age_band", "role": "dimension", "unit": "text", "metric": None}
    assert column_label(column, LABELS) == "Age band"
