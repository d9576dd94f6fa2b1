"""The theme can be read by everyone: colours apart also without red or green cones, texts with contrast."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from analytics.answer.charts.heat_map import _STRONG, _STRONG_FROM_MIDDLE
from bot.render.png import config
from tests.charts.colour import SIGHT, along, apart, contrast, lab, linear

THEMES = ["light", "dark"]
NOTICED = 10.0
"""CIEDE2000 at which patches of colour apart from each other are told apart with ease (1 is just seen)."""


def seen_apart(colours: list[str]) -> float:
    return min(apart(a, b, sight) for a, b in combinations(colours, 2) for sight in SIGHT)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("which", ["category", "ordinal"])
def test_colours_are_told_apart_whatever_the_sight(theme: Any, which: str) -> None:
    assert seen_apart(config(theme)["range"][which]) > NOTICED


def test_the_measure_tells_red_from_green_apart_only_for_some() -> None:
    assert apart("#a65628", "#4d8d3a", "normal") > 2 * apart("#a65628", "#4d8d3a", "deuteranopia")
    assert apart("#777777", "#777777", "normal") == 0


@pytest.mark.parametrize("theme", THEMES)
def test_marks_and_texts_stand_out_from_the_background(theme: Any) -> None:
    found = config(theme)
    background = linear(found["background"])
    for colour in [*found["range"]["category"], found["bar"]["color"]]:
        assert contrast(linear(colour), background) >= 3
    texts = [
        found["text"]["color"], found["title"]["color"], found["title"]["subtitleColor"],
        found["axis"]["labelColor"], found["style"]["quiet"]["color"],
    ]  # fmt: skip
    for colour in texts:
        assert contrast(linear(colour), background) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_figures_in_bars_of_shares_can_be_read(theme: Any) -> None:
    found = config(theme)
    bad, _, good = found["range"]["ordinal"]
    for fill in (bad, good):
        assert contrast(linear(found["style"]["inside"]["color"]), linear(fill)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_figures_in_every_cell_of_a_heat_map_can_be_read(theme: Any) -> None:
    found = config(theme)
    weak, strong = (linear(found["style"][f"on-{s}"]["color"]) for s in ("weak", "strong"))
    for strength in np.linspace(0, 1, 101):
        ramp = strong if strength > _STRONG else weak
        assert contrast(along(found["range"]["ramp"], strength), ramp) >= 3.3
        diverging = strong if strength > _STRONG_FROM_MIDDLE else weak
        for side in (0.5 - strength / 2, 0.5 + strength / 2):
            assert contrast(along(found["range"]["diverging"], side), diverging) >= 3.3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHT)
def test_more_is_always_further_from_the_background(theme: Any, sight: str) -> None:
    """The sequential scale rises evenly in lightness, so that it also reads in grey."""
    steps = [
        lab(SIGHT[sight] @ along(config(theme)["range"]["ramp"], w))[0]
        for w in np.linspace(0, 1, 21)
    ]
    rises = np.diff(steps)
    assert (rises < 0).all() or (rises > 0).all()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHT)
def test_the_two_arms_of_a_diverging_scale_differ(theme: Any, sight: str) -> None:
    stops = config(theme)["range"]["diverging"]
    assert apart(stops[0], stops[-1], sight) > NOTICED
    assert apart(stops[1], stops[-2], sight) > NOTICED / 2


def test_both_themes_have_the_same_shape() -> None:
    def keys(node: Any) -> Any:
        return {k: keys(v) for k, v in node.items()} if isinstance(node, dict) else None

    assert keys(config("light")) == keys(config("dark"))


def test_every_style_that_a_chart_names_is_in_the_theme() -> None:
    from tests.charts.marks import layers
    from tests.charts.samples import specs

    named = {
        layer["mark"]["style"]
        for spec in specs().values()
        for layer in layers(spec)
        if "style" in layer["mark"]
    }
    assert named <= set(config("light")["style"])
    assert named | {"inside", "total", "unfinished"} >= set(config("light")["style"])
