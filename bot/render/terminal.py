"""An answer on a terminal: headline, table, quotes, what to do, issues, what to ask next, footer."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.render.labels import column_labels
from bot.render.values import format_date, format_value, is_number

MAX_ROWS = 40
MAX_QUOTE_CHARS = 400
TIMES = ("time", "date")

Answer = Mapping[str, Any]


def render_answer(answer: Answer) -> Group:
    """Everything an answer says. Text is never read as markup: customers write brackets too."""
    return Group(*_parts(answer))


def _parts(answer: Answer) -> Iterator[RenderableType]:
    yield Text(str(answer.get("text") or ""), style="bold")
    if answer.get("rows") and not _is_one_figure(answer):
        yield _at(_table(answer), (1, 0, 0, 0))
        yield from _cut(answer)
    yield from _quotes(answer.get("evidence") or ())
    yield from _recommendations(answer.get("recommendations") or ())
    yield from _issues(answer)
    yield from _suggestions(answer)
    if answer.get("provenance"):
        yield _at(_footer(answer), (1, 0, 0, 0))


def _is_one_figure(answer: Answer) -> bool:
    """The headline says it; a table of one cell would only say it again."""
    return len(answer["rows"]) == 1 and len(answer["columns"]) == 1


def _at(content: RenderableType, padding: tuple[int, int] | tuple[int, int, int, int]) -> Padding:
    """Indented, without blanks up to the edge of the screen."""
    return Padding(content, padding, expand=False)


def _table(answer: Answer) -> Table:
    columns = answer["columns"]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for column, label in zip(columns, column_labels(answer), strict=True):
        right = is_number(column["unit"], column["type"])
        table.add_column(Text(label), justify="right" if right else "left")
    for row in answer["rows"][:MAX_ROWS]:
        table.add_row(*(Text(shown(v, c)) for v, c in zip(row, columns, strict=True)))
    return table


def shown(value: Any, column: Mapping[str, Any]) -> str:
    """A cell in words; a change of a share is in points, with its sign."""
    if column["role"] in TIMES and isinstance(value, str):
        return format_date(value, column["unit"])
    text = format_value(value, column["unit"])
    if column.get("currency") and isinstance(value, int | float):
        text = f"{text} {column['currency']}"
    grows = column["role"] == "change" and isinstance(value, int | float) and value > 0
    return f"+{text}" if grows and not text.startswith("+") else text


def _cut(answer: Answer) -> Iterator[Text]:
    more = len(answer["rows"]) - MAX_ROWS
    if more > 0:
        yield Text(f"… and {more} more rows (all with --json)", style="dim")


def _quotes(evidence: Any) -> Iterator[RenderableType]:
    for index, quote in enumerate(evidence):
        words = " ".join(str(quote["quote"]).split())[:MAX_QUOTE_CHARS]
        about = (quote.get("product"), quote.get("sentiment"), _date(quote.get("created_at")))
        known = ", ".join(str(part) for part in about if part)
        source = f"  {quote['source']} {quote['id']}" + (f" · {known}" if known else "")
        line = Text.assemble(("“", "dim"), words, ("”", "dim"), (source, "dim"))
        yield _at(line, (1 if index == 0 else 0, 0, 0, 2))


def _date(text: Any) -> str:
    return format_date(str(text), "day") if text else ""


def _recommendations(found: Any) -> Iterator[RenderableType]:
    if found:
        yield Text("\nWhat to do", style="bold")
    for one in found:
        yield _at(
            Text.assemble("• ", str(one["text"]), (f"  {one['because']}", "dim")), (0, 0, 0, 2)
        )


def _issues(answer: Answer) -> Iterator[RenderableType]:
    for index, issue in enumerate(answer.get("issues") or ()):
        # A headline that is an issue's own words is not said twice.
        if issue["message"] != answer.get("text"):
            line = Text.assemble(("! ", "bold yellow"), str(issue["message"]))
            yield _at(line, (1 if index == 0 else 0, 0, 0, 0))
        for way in issue.get("suggestions") or ():
            yield _at(Text(f"→ {way}", style="cyan"), (0, 0, 0, 2))


def _suggestions(answer: Answer) -> Iterator[RenderableType]:
    offered = {way for issue in answer.get("issues") or () for way in issue["suggestions"]}
    found = [text for text in answer.get("suggestions") or () if text not in offered]
    if found:
        yield Text("\nAsk next", style="bold")
    for text in found:
        yield _at(Text(f"→ {text}", style="cyan"), (0, 0, 0, 2))


def _footer(answer: Answer) -> Text:
    provenance = answer["provenance"]
    lines = [f"{m['label']}: {m['description']}" for m in provenance.get("metrics") or ()]
    filters = answer.get("filters") or ()
    if filters:
        lines.append("Filters: " + "; ".join(str(one["text"]) for one in filters))
    as_of = format_date(str(provenance.get("data_as_of", "")), "day")
    lines.append(f"Data as of {as_of} · snapshot {provenance.get('snapshot', '')}")
    return Text("\n".join(lines), style="dim")
