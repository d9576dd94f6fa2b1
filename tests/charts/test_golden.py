"""The specs of all forms, as files to read. ``VERBATIM_GOLDEN=write`` writes them anew."""

import json
import os
from pathlib import Path

import pytest

from tests.charts.samples import specs

FOLDER = Path(__file__).parents[1] / "golden" / "charts"
SPECS = specs()


@pytest.mark.parametrize("name", SPECS)
def test_a_form_gives_the_spec_on_file(name: str) -> None:
    path = FOLDER / f"{name}.json"
    written = readable(SPECS[name]) + "\n"
    if os.environ.get("VERBATIM_GOLDEN") == "write":
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")


def test_no_file_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(SPECS)


def readable(node: object, indent: str = "") -> str:
    """JSON with every small part on one line."""
    flat = json.dumps(node, ensure_ascii=False)
    if len(flat) + len(indent) <= 110 or not isinstance(node, dict | list):
        return flat
    deeper = indent + "  "
    if isinstance(node, dict):
        parts = [f"{json.dumps(k)}: {readable(v, deeper)}" for k, v in node.items()]
        return "{\n" + ",\n".join(deeper + part for part in parts) + f"\n{indent}}}"
    return "[\n" + ",\n".join(deeper + readable(v, deeper) for v in node) + f"\n{indent}]"
