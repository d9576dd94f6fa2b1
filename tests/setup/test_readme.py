"""The README tells the truth: its commands exist and its links lead somewhere."""

import re
import shutil

from analytics.catalog.load import load_catalog
from bot.cli import COMMANDS
from bot.settings import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]


def test_its_commands_exist():
    named = set(re.findall(r"\.venv/bin/verbatim (\w+)", README))
    assert named
    assert named <= set(COMMANDS)


def test_its_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`?make (\w+)", README)) - {"will"} <= targets


def test_links_within_the_project_lead_somewhere():
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken


def test_its_metric_is_one_that_the_catalog_takes(tmp_path):
    entry = README.split("```yaml\nmetrics:\n")[1].split("```")[0]
    folder = shutil.copytree(ROOT / "knowledge" / "catalog", tmp_path / "catalog")
    reviews = folder / "reviews.yml"
    before, after = reviews.read_text(encoding="utf-8").split("\nmetrics:\n")
    reviews.write_text(f"{before}\nmetrics:\n{entry}{after}", encoding="utf-8")
    assert "long_review_share" in load_catalog(folder).metrics


def test_its_sources_ship():
    named = set(re.findall(r"--source (\w+) ", README))
    assert named
    assert named <= {path.stem for path in (ROOT / "knowledge" / "sources").glob("*.yml")}
