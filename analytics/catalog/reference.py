"""Writes the catalog as a reference page in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analytics.catalog.types import Catalog, Dimension, Metric, SemanticModel

_INTRO = """\
# Catalog

All that can be asked, generated from `knowledge/catalog/` by `verbatim catalog docs`. A question may
use a name, any of the other words, or words close to them. Figures are raw in the API: a ratio is a
fraction, a duration is in the unit named.

## Adding a metric

One entry under `metrics:` of the fact's file is enough; `verbatim catalog check` reads it and names file
and line of anything wrong, and after `verbatim train nlu` the bot understands it.

```yaml
  share_late_answers:
    label: Share of late answers
    description: Share of answered tickets whose first response took more than a day.
    unit: ratio
    average_of: case when date_diff('second', opened_at, first_response_at) > 86400 then 1
      when first_response_at is not null then 0 end
    better: lower
    synonyms: [late answers, slow answers]
    examples:
      - What was the share of late answers last month?
```

- `label`, `description` and `unit` are required, and one of `expression` (an SQL aggregate over the
  fact's columns), `average_of` (an SQL value of one row; the metric is its mean, so that a change can be
  tested) and `ratio_of` (two other metrics, also of other facts; those live in `cross.yml`).
- `where` keeps some rows only. `per` and `inner` aggregate to one row per that column first.
- `synonyms` and `verbs` are other words for it. Where two metrics share a word, the higher
  `default_rank` that can reach the dimensions asked for wins.
- `additive: true` says that its parts sum to its total. `minimum_sample` is the number of responses
  below which no figure is given; `sample` counts them (all rows, or those with a value for a mean).
- The SQL is a small language: columns, `count`, `count(distinct …)`, `sum`, `avg`, `min`, `max`,
  `median`, `quantile`, `filter (where …)`, `case`, arithmetic, comparisons, `and`, `or`, `not`,
  `is null`, `in`, `between`, `coalesce`, `nullif`, `abs`, `length`, and `date_diff` in seconds or days.
  Division by zero gives no figure.
- `audience: everyone` on a file (or on a table of shared dimensions) shows it to visitors of a page with
  the widget too; without it, only people of the company see it. Dimensions that are people stay hidden.
- `outcome: true` on a dimension says that it tells what came of a row (its status, its mood), so it is never
  named as the reason for a change.
- A column of your own goes under the file's `columns:` with its type (`string`, `int64`, `float64`,
  `boolean`, `date`, `timestamp`). A metric whose columns a warehouse lacks is simply not offered there."""


def to_markdown(catalog: Catalog) -> str:
    """The reference page: metrics and dimensions of each semantic model, then shared dimensions."""
    return "\n".join(_lines(catalog))


def definition(metric: Metric) -> str:
    """How a metric is calculated, in the catalog's own SQL."""
    if metric.ratio_of:
        return " / ".join(metric.ratio_of)
    body = metric.expression or f"avg({metric.average_of})"
    if metric.per and metric.inner:
        inner = ", ".join(f"{sql} as {name}" for name, sql in metric.inner.items())
        body += f" over {inner} per {metric.per}"
    return f"{body} where {metric.where}" if metric.where else body


def _lines(catalog: Catalog) -> Iterator[str]:
    yield _INTRO
    yield ""
    yield (
        f"{len(catalog.metrics)} metrics of {len(catalog.models)} semantic models,"
        f" {len(_dimension_names(catalog))} dimensions."
    )
    cross = [m for m in catalog.metrics.values() if m.ratio_of]
    for model in catalog.models.values():
        yield from _model(catalog, model)
    yield from ["", "## Ratios across facts", ""]
    yield "Both parts are aggregated on their own, then divided."
    yield from _metrics(cross)
    for table in catalog.dimension_tables.values():
        yield from ["", f"## Dimensions of {table.table}", ""]
        yield f"Joined by `{table.key}`."
        yield from _dimensions(table.dimensions)
    yield from ["", "## Parts of time", ""]
    yield "Of the time of every row, in every semantic model; hours only where times have them."
    first = next(iter(catalog.models.values()))
    yield from _dimensions([d for d in first.dimensions if d.part is not None])
    yield ""


def _dimension_names(catalog: Catalog) -> set[str]:
    own = {d.name for model in catalog.models.values() for d in model.dimensions}
    return own | {d.name for table in catalog.dimension_tables.values() for d in table.dimensions}


def _model(catalog: Catalog, model: SemanticModel) -> Iterator[str]:
    yield from ["", f"## {model.label}", ""]
    yield f"{model.description} Table `{model.table}`, by `{model.time}`."
    if model.joins:
        joins = ", ".join(f"`{join}`" for join in model.joins)
        yield f"Also by the dimensions of {joins}."
    yield from _metrics(model.metrics)
    shared = catalog.dimension_tables.get(model.table)
    own = [d for d in model.dimensions if d.part is None]
    own = [d for d in own if shared is None or d not in shared.dimensions]
    yield from _dimensions(own)


def _metrics(metrics: Iterable[Metric]) -> Iterator[str]:
    rows = [
        (
            f"**{m.label}** `{m.name}`",
            m.description,
            m.unit.value,
            f"`{definition(m)}`",
            ", ".join((*m.synonyms, *m.verbs)),
            "<br>".join(m.examples),
        )
        for m in metrics
    ]
    yield from _table(("metric", "what it is", "unit", "definition", "other words", "ask"), rows)


def _dimensions(dimensions: Iterable[Dimension]) -> Iterator[str]:
    rows = [
        (
            f"**{d.label}** `{d.name}`",
            d.description,
            d.kind.value,
            f"`{d.table}.{d.column}`" if d.part is None else "its time",
            ", ".join(d.synonyms),
        )
        for d in dimensions
    ]
    yield from _table(("dimension", "what it is", "kind", "column", "other words"), rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    for row in [head, tuple("---" for _ in head), *rows]:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
