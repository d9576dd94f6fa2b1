"""Every form is valid Vega-Lite, compiles without a warning, and has exactly the width it is given."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import altair
import pytest
import vl_convert
from jsonschema import Draft7Validator

from bot.render.png import Width, config, sized, to_png, to_svg
from tests.charts.samples import specs

SCHEMA = Path(altair.__file__).parent / "vegalite" / "v6" / "schema" / "vega-lite-schema.json"
SPECS = specs()
PNG = b"\x89PNG\r\n\x1a\n"


@cache
def validator() -> Draft7Validator:
    return Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("width", [Width.PHONE, Width.DESKTOP])
def test_it_is_valid_vega_lite(name: str, width: Width) -> None:
    errors = list(validator().iter_errors(sized(SPECS[name], width)))
    assert not errors, errors[0].message[:400]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_valid_config(theme: Any) -> None:
    spec = {"mark": "point", "data": {"values": []}, "config": config(theme)}
    errors = list(validator().iter_errors(spec))
    assert not errors, errors[0].message[:400]


@pytest.mark.parametrize("name", SPECS)
def test_it_compiles_without_a_warning(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    vl_convert.vegalite_to_vega(
        sized(SPECS[name], 760), vl_version="6.4", config=config("light"), show_warnings=True
    )
    said = capfd.readouterr()
    assert said.out + said.err == ""


def test_a_warning_would_be_heard(capfd: pytest.CaptureFixture[str]) -> None:
    wrong = {"mark": "bar", "data": {"values": []}, "encoding": {"nonsense": {"field": "a"}}}
    vl_convert.vegalite_to_vega(wrong, vl_version="6.4", show_warnings=True)
    said = capfd.readouterr()
    assert said.out + said.err != ""


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_is_as_wide_as_asked(name: str, theme: Any) -> None:
    for width in Width:
        picture = to_png(SPECS[name], theme, width, scale=1)
        assert picture.startswith(PNG)
        drawn = int.from_bytes(picture[16:20], "big")
        if "panels" in SPECS[name]["usermeta"]:  # a row of panels may leave a few pixels over
            assert width - 64 <= drawn <= width
        else:
            assert drawn == width


def test_slack_gets_1200_pixels() -> None:
    picture = to_png(SPECS["bar"], width=Width.SLACK)
    assert int.from_bytes(picture[16:20], "big") == 1200


def test_nothing_is_fetched() -> None:
    foreign = {"mark": "point", "data": {"url": "http://127.0.0.1:9/a.json"}}
    with pytest.raises(ValueError, match=r"."):
        to_svg(foreign)


def test_the_same_spec_gives_the_same_picture() -> None:
    assert to_png(SPECS["line"]) == to_png(SPECS["line"])


def test_a_caller_cannot_change_the_theme() -> None:
    config("light")["background"] = "red"
    assert config("light")["background"] != "red"


@pytest.mark.parametrize("name", SPECS)
def test_expressions_are_few_and_hold_no_data(name: str) -> None:
    """Only constants of ours: labels of ticks, line breaks, and whether a figure fits a cell."""
    found = {key for key, _ in _expressions(SPECS[name])}
    assert found <= {"labelExpr", "expr", "test"}


def _expressions(node: Any) -> list[tuple[str, str]]:
    if isinstance(node, list):
        return [pair for one in node for pair in _expressions(one)]
    if not isinstance(node, dict):
        return []
    here = [
        (key, value)
        for key, value in node.items()
        if key in {"labelExpr", "expr", "calculate", "test", "filter"} and isinstance(value, str)
    ]
    return here + [pair for value in node.values() for pair in _expressions(value)]
