"""Articles as passages."""

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from knowledge.retrieval.articles import LONGEST_PASSAGE, load_articles


def write_pdf(file, text):
    """A page with one line."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 100)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): named})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    content = DecodedStreamObject()
    content.set_data(f"BT /F1 12 Tf 9 50 Td ({text}) Tj ET".encode())
    page[NameObject("/Contents")] = content
    writer.write(file)


def test_headings_cite_and_the_staff_read_what_names_no_audience(tmp_path):
    (tmp_path / "bags.md").write_text(
        "# Bags\n\n## Price\nBags are\nfree.\n\n## Size\n### Large\nBig.\n"
    )
    (tmp_path / "open.md").write_text("---\naudience: everyone\n---\n# Open\n\nAll day.\n")
    found = load_articles(tmp_path)
    assert [(d.metadata["title"], d.metadata["heading"], d.page_content) for d in found] == [
        ("Bags", "Price", "Bags are free."),
        ("Bags", "Size: Large", "Big."),
        ("Open", "", "All day."),
    ]
    assert [d.metadata["audience"] for d in found] == ["staff", "staff", "everyone"]


def test_a_long_section_becomes_several_passages(tmp_path):
    (tmp_path / "long.md").write_text("# Long\n\n## One\n" + "A sentence of words. " * 200)
    found = load_articles(tmp_path)
    assert len(found) > 3
    assert all(len(d.page_content) <= LONGEST_PASSAGE for d in found)
    assert {d.metadata["heading"] for d in found} == {"One"}


def test_a_pdf_is_cited_by_page(tmp_path):
    write_pdf(tmp_path / "bag-rules.pdf", "Bags are free.")
    (found,) = load_articles(tmp_path)
    assert found.page_content == "Bags are free."
    assert (found.metadata["title"], found.metadata["heading"]) == ("Bag rules", "page 1")


def test_a_broken_file_is_left_out_and_named(tmp_path, caplog):
    (tmp_path / "a.md").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "b.pdf").write_bytes(b"no pdf")
    (tmp_path / "c.md").write_text("---\naudience: nobody\n---\n# C\n\nText.\n")
    (tmp_path / "d.md").write_text("# D\n\nText.\n")
    assert [d.metadata["article"] for d in load_articles(tmp_path)] == ["d"]
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "a.md" in said
    assert "b.pdf" in said
    assert "c.md" in said
