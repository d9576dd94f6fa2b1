from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.build.locate import locate
from analytics.build.pipeline import BuildPlan, build
from analytics.build.report import BuildReport
from analytics.sources.mapping_loader import find_mapping
from analytics.sources.warehouse import WarehouseFollower

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def run_build(tmp_path: Path) -> Callable[..., BuildReport]:
    """Build from (source, path) pairs into tmp_path/home."""

    def run(*pairs: tuple[str, Path | str], **settings: object) -> BuildReport:
        sources = [locate(find_mapping(name), str(path)) for name, path in pairs]
        plan = BuildPlan(tmp_path / "home", sources, **settings)
        return build(plan, lambda _: None, NOW)

    return run


@pytest.fixture
def ask(tmp_path: Path) -> Callable[[str], list[dict[str, object]]]:
    """Run SQL on the snapshot that serves."""

    def run(sql: str) -> list[dict[str, object]]:
        rows = WarehouseFollower(tmp_path / "home").current().execute(sql).to_pylist()
        return list(rows)

    return run
