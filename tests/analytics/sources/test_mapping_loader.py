import pytest

from analytics.build.schema import TABLES
from analytics.sources.errors import SourceError
from analytics.sources.mapping_loader import find_mapping, load_mapping, shipped_mappings

GOOD = """
inputs:
  r: {files: ["*.csv"], columns: {a: text, b: number}}
tables:
  reviews: {from: r, columns: {review_id: a, created_at: b}}
"""


def test_every_shipped_mapping_loads_and_fills_contract_tables():
    mappings = shipped_mappings()
    assert {"amazon_reviews_csv", "online_retail", "olist", "own"} <= set(mappings)
    for name, mapping in mappings.items():
        assert mapping.name == name == mapping.path.stem
        assert mapping.about
        assert {shape.name for shape in mapping.tables} <= set(TABLES)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("inputs:", "input:", "unknown entry 'input'"),
        ("b: number", "b: float", r"inputs\.r\.columns\.b: type 'float'"),
        ("from: r", "from: x", r"tables\.reviews\.from: 'x' is no input"),
        ("a, created", "read_text('/etc/passwd'), created", r"read_text\(\) is not allowed"),
        ("a, created", "(SELECT 1), created", "subquery is not allowed"),
        ("a, created", "max(a), created", "needs group_by"),
        ("a, created", "a b c, created", "expected|syntax"),
        ("a: text", "file_row: text", "row number"),
        ("columns: {a", "distinct: [z], columns: {a", "does not list"),
        ("columns: {a", "format: xml, columns: {a", "not one of"),
        ("columns: {a", "reject: [{when: a = 1}], columns: {a", "needs when, column and reason"),
        (
            "columns: {a",
            "reject: [{when: c = 1, column: c, reason: x}], columns: {a",
            "does not list: c",
        ),
        ("reviews: {from", "reviews: {joins: [{to: r}], from", "`by` is empty"),
        ("tables:", "tables: [", "not readable YAML"),
    ],
)
def test_mistakes_name_the_file_and_the_place(tmp_path, old, new, words):
    file = tmp_path / "mine.yml"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(SourceError, match=words) as error:
        load_mapping(file)
    assert "mine.yml" in str(error.value)


def test_an_unknown_source_lists_the_known_ones():
    with pytest.raises(SourceError, match="online_retail"):
        find_mapping("../secrets")
    with pytest.raises(SourceError, match="no mapping file"):
        find_mapping("nowhere.yml")
