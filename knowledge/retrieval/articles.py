"""A company's articles: Markdown and PDF files of a folder, split into passages that can be cited."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from langchain_core.documents import Document
from langchain_text_splitters import MarkdownHeaderTextSplitter, RecursiveCharacterTextSplitter

LONGEST_PASSAGE = 900
"""Characters; the encoder reads 256 tokens, which is a little more."""
log = logging.getLogger(__name__)
_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_HEADERS = [("#", "title"), ("##", "heading"), ("###", "detail")]
AUDIENCES = ("staff", "everyone")


class ArticleError(ValueError):
    """An article cannot be used; the message names its file."""


def load_articles(folder: Path) -> list[Document]:
    """Passages of every ``*.md`` and ``*.pdf`` below ``folder``, in the order of their names.

    Metadata: ``article`` (path without ending), ``place`` in it, ``title``, ``heading``, ``audience``
    ('staff' unless the file's front matter says ``audience: everyone``). A file that cannot be read
    is logged and left out: the others still answer.
    """
    found: list[Document] = []
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() in {".md", ".pdf"} and file.is_file():
            try:
                found += _passages(file, folder)
            except ArticleError as error:
                log.warning("an article is left out: %s", error)
    return found


def _passages(file: Path, folder: Path) -> Iterator[Document]:
    name = file.relative_to(folder).with_suffix("").as_posix()
    sections = _of_pdf(file) if file.suffix.lower() == ".pdf" else _of_markdown(file)
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=LONGEST_PASSAGE, chunk_overlap=0, separators=["\n\n", "\n", ". ", " ", ""],
        keep_separator="end",
    )  # fmt: skip
    for place, section in enumerate(splitter.split_documents(list(sections))):
        text = " ".join(section.page_content.split())
        if text:
            known = {**section.metadata, "kind": "article", "article": name, "place": place}
            yield Document(text, metadata=known)


def _of_markdown(file: Path) -> Iterator[Document]:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ArticleError(f"{file.name}: not UTF-8 text") from None
    front = _front(file, text)
    text = _FRONT.sub("", text, count=1)
    for section in MarkdownHeaderTextSplitter(_HEADERS).split_text(text):
        known = section.metadata
        headings = [known[key] for key in ("heading", "detail") if key in known]
        title = str(front.get("title") or known.get("title") or _spelled(file.stem))
        metadata = {
            "title": title,
            "heading": ": ".join(headings),
            "audience": _audience(file, front),
        }
        yield Document(section.page_content, metadata=metadata)


def _front(file: Path, text: str) -> dict[str, Any]:
    found = _FRONT.match(text)
    if found is None:
        return {}
    try:
        front = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        raise ArticleError(f"{file.name}: its front matter is no YAML ({error})") from None
    return front if isinstance(front, dict) else {}


def _audience(file: Path, front: dict[str, Any]) -> str:
    audience = str(front.get("audience", AUDIENCES[0]))
    if audience not in AUDIENCES:
        raise ArticleError(f"{file.name}: audience must be one of {', '.join(AUDIENCES)}")
    return audience


def _of_pdf(file: Path) -> Iterator[Document]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(file)
        title = str((reader.metadata and reader.metadata.title) or _spelled(file.stem))
        for number, page in enumerate(reader.pages, 1):
            metadata = {"title": title, "heading": f"page {number}", "audience": AUDIENCES[0]}
            yield Document(page.extract_text(), metadata=metadata)
    except (PyPdfError, OSError) as error:
        raise ArticleError(f"{file.name}: not a readable PDF ({error})") from None


def _spelled(stem: str) -> str:
    words = stem.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
