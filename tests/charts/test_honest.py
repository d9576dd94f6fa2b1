"""No chart misleads. Checked on what is drawn (Vega's scene), not only on what is asked for."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.answer.charts.bar import MOST_BARS, Bar, bar
from analytics.answer.charts.before_now import Pair, before_now
from analytics.answer.charts.columns import columns
from analytics.answer.charts.figures import extent, tick_labels
from analytics.answer.charts.forecast import Expected
from analytics.answer.charts.heat_map import HeatMap, heat_map
from analytics.answer.charts.line import MOST_SERIES, line, spaced
from analytics.answer.charts.multiples import MOST_PANELS, multiples
from analytics.answer.charts.share import SENTIMENTS, Parts, share_by, share_over_time
from analytics.answer.charts.sparkline import sparkline
from analytics.answer.charts.spec import Frame, direction
from analytics.answer.charts.waterfall import Waterfall, waterfall
from analytics.answer.charts.words import LINE, labels, named
from analytics.catalog.types import Better
from analytics.types import Grain
from tests.charts.marks import items, kind, layers, rows, scene, words
from tests.charts.samples import REVENUE, SENTIMENT, over_time

DRAWN = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
QUICK = settings(max_examples=200, deadline=None)
FIGURE = st.floats(-1e6, 1e6, allow_nan=False).map(lambda v: round(v, 3))
GAPPY = st.lists(st.none() | FIGURE, min_size=2, max_size=14).filter(
    lambda v: any(x is not None for x in v)
)


def bars_of(values: Sequence[float | None]) -> list[Bar]:
    return [Bar(f"Thing {i}", f"Thing {i}", v) for i, v in enumerate(values)]


def scales(spec: Any) -> list[dict[str, Any]]:
    """The quantitative scales of positions."""
    return [
        channel["scale"]
        for layer in layers(spec)
        for name, channel in layer["encoding"].items()
        if name in {"x", "y"} and channel.get("type") == "quantitative"
    ]


@DRAWN
@given(st.lists(st.none() | FIGURE, min_size=1, max_size=12))
def test_bars_start_at_zero_and_their_lengths_are_in_proportion(values: list[float | None]) -> None:
    spec = bar(REVENUE, bars_of(values), "Thing")
    for scale in scales(spec):
        low, high = scale["domain"]
        assert low <= 0 <= high
    known = [v for v in values if v is not None]
    biggest = max((abs(v) for v in known), default=0)
    if biggest < 1e-3:
        return
    drawn = sorted(item.get("width", 0) for item in items(scene(spec), "rect"))
    wanted = sorted(abs(v) for v in known)
    for width, value in zip(drawn[-len(wanted) :], wanted, strict=True):
        assert width / drawn[-1] == pytest.approx(value / biggest, abs=0.01)


@DRAWN
@given(st.lists(FIGURE, min_size=1, max_size=12))
def test_bars_stand_in_the_order_of_the_table_with_their_figures(values: list[float]) -> None:
    spec = bar(REVENUE, bars_of(values), "Thing")
    names = [f"Thing {i}" for i in range(len(values))]
    assert [row["name"] for row in rows(spec)] == names
    drawn = words(spec)
    assert [word for word in drawn if word.startswith("Thing ")] == names
    assert {row["text"] for row in rows(spec)} <= set(drawn)


@DRAWN
@given(GAPPY)
def test_a_missing_step_stays_a_gap(values: list[float | None]) -> None:
    """Pieces of line lie only between neighbouring steps that both have a figure."""
    spec = line(REVENUE, over_time(values))
    assert [row["whole"] for row in rows(spec)] == values
    bridged = sum(a is not None and b is not None for a, b in pairwise(values))
    drawn = [item for item in items(scene(spec), "line") if item.get("defined") is not False]
    pieces = sum(
        1
        for a, b in pairwise(list(items(scene(spec), "line")))
        if a.get("defined") is not False and b.get("defined") is not False
    )
    assert pieces <= bridged
    assert len(drawn) == sum(v is not None for v in values)


@pytest.mark.parametrize("draw", [line, columns, share_over_time])
def test_a_missing_step_keeps_its_place(draw: Any) -> None:
    values = [1.0, 2.0, None, None, 3.0, 4.0]
    data = (
        over_time(values, values, values, names=SENTIMENTS)
        if draw is share_over_time
        else over_time(values)
    )
    drawn = scene(draw(REVENUE, data))
    mark = "symbol" if draw is line else "rect"
    found = sorted({round(item["x"]) for item in items(drawn, mark) if item.get("y") is not None})
    places = [b - a for a, b in pairwise(found) if b - a > 20]
    assert max(places) == pytest.approx(3 * min(places), abs=4)


@DRAWN
@given(GAPPY)
def test_a_figure_between_two_gaps_is_still_seen(values: list[float | None]) -> None:
    long = [*values, *[1.0] * 60]
    dots = [row.get("dot", False) for row in rows(line(REVENUE, over_time(long)))]
    for i, value in enumerate(long):
        before = long[i - 1] if i else None
        after = long[i + 1] if i + 1 < len(long) else None
        alone = value is not None and before is None and after is None
        assert dots[i] is alone


@pytest.mark.parametrize("draw", [line, columns, multiples, sparkline])
def test_a_step_that_is_not_over_looks_different_and_is_named(draw: Any) -> None:
    whole = draw(REVENUE, over_time([1.0, 2.0, 3.0]))
    partial = draw(REVENUE, over_time([1.0, 2.0, 3.0], open_end=True))
    assert len(layers(partial)) > len(layers(whole)) or draw is columns
    styles = [layer["mark"].get("style") for layer in layers(partial)]
    assert "hollow" in styles or "unfinished" in styles
    assert rows(partial)[-1]["partial"] is True
    assert rows(partial)[-1]["whole"] is None
    if draw is not sparkline:
        assert "Mar 2026 is incomplete" in " ".join(words(partial))
        assert "incomplete" in partial["description"]
        assert "incomplete" not in " ".join(words(whole))


@DRAWN
@given(GAPPY)
def test_columns_start_at_zero(values: list[float | None]) -> None:
    for scale in scales(columns(REVENUE, over_time(values))):
        assert scale["domain"][0] <= 0 <= scale["domain"][1]


@DRAWN
@given(
    st.lists(
        st.tuples(*[st.none() | st.floats(0, 1e5).map(lambda v: round(v, 2))] * 3),
        min_size=2,
        max_size=8,
    )
)
def test_shares_fill_exactly_one_whole_in_a_fixed_order(
    sizes: list[tuple[float | None, ...]],
) -> None:
    by_time = share_over_time(REVENUE, over_time(*zip(*sizes, strict=True), names=SENTIMENTS))
    things = [Parts(f"T{i}", f"T{i}", one) for i, one in enumerate(sizes)]
    for spec in (by_time, share_by(REVENUE, things, SENTIMENTS, "Thing")):
        for i, one in enumerate(sizes):
            stack = rows(spec)[3 * i : 3 * i + 3]
            assert [row["part"] for row in stack] == list(SENTIMENTS)
            if not sum(v or 0 for v in one):
                assert all(row["low"] is None for row in stack)
                continue
            assert stack[0]["low"] == 0
            assert stack[-1]["high"] == pytest.approx(1, abs=1e-5)
            assert all(a["high"] == b["low"] for a, b in pairwise(stack))
        for scale in scales(spec):
            assert scale["domain"] == [0, 1]


SIZES = st.lists(FIGURE, min_size=1, max_size=10)


@DRAWN
@given(FIGURE, SIZES)
def test_a_waterfall_goes_from_the_first_total_to_the_second(
    start: float, sizes: list[float]
) -> None:
    end = start + sum(sizes)
    parts = tuple((f"Part {i}", size) for i, size in enumerate(sizes))
    found = rows(waterfall(REVENUE, Waterfall(("a", start), ("b", end), parts, "currency")))
    steps = found[1:-1]
    assert steps[0]["start"] == start
    assert all(a["end"] == b["start"] for a, b in pairwise(steps))
    assert steps[-1]["end"] == pytest.approx(end, abs=1e-3)


def test_a_waterfall_whose_parts_do_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        Waterfall(("a", 1.0), ("b", 2.0), (("c", 0.5),), "currency")


def test_totals_of_a_waterfall_are_bars_only_on_an_axis_with_zero() -> None:
    far = waterfall(REVENUE, Waterfall(("a", 1000.0), ("b", 1010.0), (("c", 10.0),), "currency"))
    near = waterfall(REVENUE, Waterfall(("a", 10.0), ("b", 20.0), (("c", 10.0),), "currency"))
    assert kind(layers(far)[0]) == "tick"
    assert "does not start at zero" in far["description"]
    assert kind(layers(near)[0]) == "bar"
    assert "does not start at zero" not in near["description"]


def test_bands_of_a_forecast_lie_in_one_another() -> None:
    with pytest.raises(ValueError, match="80 % band"):
        Expected(date(2026, 1, 1), 5.0, 4.0, 6.0, 4.5, 7.0)


def test_an_empty_cell_is_not_a_zero() -> None:
    data = HeatMap(named(("a", "b")), named(("c", "d")), ((1.0, None), (0.0, 2.0)))
    spec = heat_map(REVENUE, data, "Row", "Column")
    kinds = {row["value"]: row["kind"] for row in rows(spec)}
    assert kinds[None] == "empty"
    assert kinds[0.0] == "weak"
    assert "–" in words(spec)


@pytest.mark.parametrize("better", list(Better))
def test_a_diverging_scale_is_even_around_its_middle(better: Better) -> None:
    data = HeatMap(named(("a", "b")), named(("c", "d")), ((1.0, None), (-5.0, 2.0)))
    frame = Frame("t", (), "m", "count", better=better)
    (colour,) = [
        layer["encoding"]["color"]["scale"]
        for layer in layers(heat_map(frame, data, "Row", "Column"))
        if "color" in layer["encoding"]
    ]
    assert colour["domain"] == [-5, 0, 5]
    assert colour.get("reverse", False) is (better is Better.LOWER)


@pytest.mark.parametrize(
    ("change", "better", "said"),
    [
        (1.0, Better.HIGHER, "better"), (-1.0, Better.HIGHER, "worse"), (1.0, Better.LOWER, "worse"),
        (-1.0, Better.LOWER, "better"), (0.0, Better.LOWER, "same"), (1.0, Better.NEITHER, None),
        (None, Better.HIGHER, None),
    ],
)  # fmt: skip
def test_good_and_bad_follow_the_catalog(
    change: float | None, better: Better, said: str | None
) -> None:
    assert direction(change, better) == said


@pytest.mark.parametrize("better", list(Better))
def test_colour_is_never_the_only_sign_of_a_direction(better: Better) -> None:
    frame = Frame("t", (), "m", "count", better=better)
    pairs = [Pair("a", "a", 1.0, 2.0, 1.0, "count"), Pair("b", "b", 2.0, 1.0, -1.0, "count")]
    spec = before_now(frame, pairs, "Thing", "Before", "Now")
    up, down = rows(spec)
    assert (up["moved"], down["moved"]) == ("▲ +1", "▼ −1")
    assert (up["way"], down["way"]) == ("triangle-right", "triangle-left")
    assert {"▲ +1", "▼ −1"} <= set(words(spec))
    coloured = any("color" in layer["encoding"] for layer in layers(spec))
    assert coloured is (better is not Better.NEITHER)


def test_a_thing_without_a_figure_before_has_no_change() -> None:
    spec = before_now(SENTIMENT, [Pair("a", "a", None, 0.2, None, "points")], "T", "Before", "Now")
    assert rows(spec)[0]["moved"] == "–"
    assert rows(spec)[0]["direction"] is None
    assert not [i for i in items(scene(spec), "rule") if i.get("x") != i.get("x2", i.get("x"))]


def test_too_much_is_refused_not_squeezed() -> None:
    many = over_time(*[[1.0, 2.0]] * (MOST_PANELS + 1))
    with pytest.raises(ValueError, match="series"):
        multiples(REVENUE, many)
    with pytest.raises(ValueError, match="series"):
        line(REVENUE, over_time(*[[1.0, 2.0]] * (MOST_SERIES + 1)))
    with pytest.raises(ValueError, match="bars"):
        bar(REVENUE, bars_of([1.0] * (MOST_BARS + 1)), "Thing")


@QUICK
@given(
    st.lists(FIGURE, min_size=1, max_size=20), st.booleans(), st.sampled_from(["count", "ratio"])
)
def test_an_axis_holds_its_values_between_even_round_ticks(
    values: list[float], zero: bool, unit: str
) -> None:
    reach = extent(values, zero, unit)
    if unit == "count":
        assert all(float(tick).is_integer() for tick in reach.ticks)
    assert reach.low <= min(values) <= max(values) <= reach.high
    assert reach.low < reach.high
    if zero:
        assert reach.low <= 0 <= reach.high
    gaps = [b - a for a, b in pairwise(reach.ticks)]
    assert max(gaps) == pytest.approx(min(gaps), rel=1e-6)
    assert 2 <= len(reach.ticks) <= 9


@QUICK
@given(
    st.lists(FIGURE, min_size=1, max_size=20),
    st.sampled_from(["count", "ratio", "points", "currency", "stars", "hours", "number"]),
    st.sampled_from(["en-US", "de-DE", "fr-FR", "ja-JP", "ar-EG", "hi-IN", "", "xx-nonsense"]),
)
def test_two_ticks_never_read_the_same(values: list[float], unit: str, locale: str) -> None:
    reach = extent(values, zero=False, unit=unit)
    written = tick_labels(reach, unit, locale)
    assert len(written) == len(set(written)) == len(reach.ticks)


@QUICK
@given(st.lists(st.floats(0, 240), min_size=1, max_size=6))
def test_labels_at_line_ends_do_not_overlap_and_keep_their_order(places: list[float]) -> None:
    found = spaced(places, 15, 240)
    order = sorted(range(len(places)), key=lambda i: places[i])
    assert all(found[b] - found[a] >= 15 - 1e-6 for a, b in pairwise(order))
    assert max(found) <= 240 + 1e-6


@QUICK
@given(st.lists(st.text(max_size=60) | st.none(), min_size=1, max_size=20, unique=True))
def test_every_name_has_a_label_of_its_own(names: list[str | None]) -> None:
    found = labels(names)
    assert len(set(found)) == len(names)
    assert all(label and label.count(LINE) <= 1 for label in found)


@pytest.mark.parametrize("grain", list(Grain))
def test_every_grain_says_what_its_steps_are(grain: Grain) -> None:
    from datetime import datetime

    from analytics.answer.charts import steps as time
    from analytics.answer.charts.over_time import OverTime, Series

    first: Any = datetime(2026, 1, 5) if grain is Grain.HOUR else date(2026, 1, 5)
    made = time.between(first, time.after(first, grain, 9), grain)
    data = OverTime(grain, tuple(made), (Series("a", "a", tuple(range(10))),))
    drawn = words(line(REVENUE, data))
    wanted = {
        Grain.HOUR: ("02:00", "5 Jan"), Grain.DAY: ("5 Jan", "2026"), Grain.WEEK: ("Week of", "2026"),
        Grain.MONTH: ("Jan", "2026"), Grain.QUARTER: ("Q1", "2026"), Grain.YEAR: ("2026", "2030"),
    }[grain]  # fmt: skip
    assert set(wanted) <= set(drawn)
    if grain is Grain.WEEK:
        assert rows(line(REVENUE, data))[0]["when"] == "week of 5 Jan 2026"
