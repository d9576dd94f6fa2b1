"""``verbatim catalog``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.commands import catalog


def test_check() -> None:
    result = CliRunner().invoke(catalog.command, ["check"])
    assert result.exit_code == 0
    assert "The catalog is sound" in result.output


def test_check_names_every_problem(tmp_path: Path) -> None:
    (tmp_path / "reviews.yml").write_text("label: Reviews\ntime: rating\nmetric: {}\n")
    result = CliRunner().invoke(catalog.command, ["check", "--folder", str(tmp_path)])
    assert result.exit_code == 1
    assert "reviews.yml:2:" in result.output
    assert "reviews.yml:3:" in result.output
    assert "2 problems" in result.output


def test_list() -> None:
    result = CliRunner().invoke(catalog.command, ["list"])
    assert "  Return rate: Returned units divided by units sold" in result.output
    assert "Across facts\n  ROAS: " in result.output


def test_docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "PAGE", tmp_path / "catalog.md")
    CliRunner().invoke(catalog.command, ["docs"])
    assert "# Catalog" in (tmp_path / "catalog.md").read_text(encoding="utf-8")
