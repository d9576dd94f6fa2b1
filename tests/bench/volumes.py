"""Warehouses of a given volume, built once and kept: the demo company, larger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from analytics.build.marts import run_marts
from analytics.build.pipeline import BuildPlan, GeneratedSource, build
from analytics.build.report import BuildReport
from analytics.demo import DEMO_AS_OF, generate
from analytics.demo.population import populate
from analytics.demo.reviews import reviews
from tests.bench.quick_scorer import QuickScorer

SEED = 7
SHARED = ("models", "nlu")

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Volume:
    """How much of the demo company: `scale` multiplies everything, `reviews` the reviews alone."""

    name: str
    scale: float
    reviews: float

    @staticmethod
    def of(scale: float) -> Volume:
        """Everything multiplied alike."""
        return Volume(f"scale-{scale:g}", scale, scale)

    @property
    def version(self) -> str:
        """Changes with the rows."""
        return f"bench {self.scale} {self.reviews} {SEED}"

    def chunks(self) -> Iterator[tuple[str, pa.Table]]:
        """The source tables in parts."""
        for name, table in generate(self.scale, SEED):
            if name != "reviews" or self.reviews == self.scale:
                yield name, table
        if self.reviews != self.scale:
            for table in reviews(populate(self.scale, SEED), self.reviews, SEED):
                yield "reviews", table


BIG = Volume("1m-reviews-5m-events", 36.5, 111.5)
"""One million reviews and five million events."""


def ready(volume: Volume, home: Path, small_home: Path, progress: Progress) -> Path:
    """A home whose snapshot has the volume: kept from an earlier run, or built now.

    A kept one stays when the build's code changes; remove the folder to have it built again.
    """
    marker = home / "volume"
    if not (marker.is_file() and marker.read_text(encoding="utf-8") == volume.version):
        built(volume, home, small_home, progress)
        marker.write_text(volume.version, encoding="utf-8")
    return home


def built(volume: Volume, home: Path, small_home: Path, progress: Progress) -> BuildReport:
    """Build the volume as the snapshot that serves in `home`.

    Models come from `small_home`, whose snapshot also teaches the quick scorer.
    """
    home.mkdir(parents=True, exist_ok=True)
    for name in SHARED:
        if not (home / name).exists():
            (home / name).symlink_to((small_home / name).absolute(), target_is_directory=True)
    source = GeneratedSource("demo", volume.version, DEMO_AS_OF, volume.chunks)
    scorer = QuickScorer.learn(snapshot(small_home))
    plan = BuildPlan(home=home, generated=(source,), scorer=scorer, marts=run_marts)
    return build(plan, progress)


def snapshot(home: Path) -> Path:
    """The file of the snapshot that serves in a home."""
    folder = home / "warehouse"
    return folder / (folder / "current").read_text(encoding="utf-8").strip()
