"""The catalog and the examples made from it, once for all tests here."""

import pytest
import yaml

from analytics.catalog.load import load_catalog
from analytics.catalog.types import Catalog
from bot.nlu.annotated import Annotated
from bot.nlu.generate import generate
from bot.settings import ROOT


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog(ROOT / "knowledge" / "catalog")


@pytest.fixture(scope="session")
def vocabulary() -> dict[str, dict[str, list[str]]]:
    return yaml.safe_load((ROOT / "knowledge/language/en.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def examples(catalog: Catalog, vocabulary) -> tuple[Annotated, ...]:
    return generate(catalog, vocabulary)
