"""Themes in words, as a table and as a chart: how many texts, what share, in what mood, and what moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb, sqrt
from statistics import NormalDist
from typing import Any

from analytics.answer.charts import chart
from analytics.answer.format import figure, period
from analytics.answer.headline import within
from analytics.answer.locale import number, spoken
from analytics.answer.say import filters_in_words
from analytics.catalog.types import Catalog
from analytics.types import (
    Cell,
    Column,
    ColumnRole,
    Direction,
    Kind,
    Provenance,
    Query,
    Result,
)
from analytics.wording import outset

SOUND_Z = 2.58
"""Two-sided 1 % of a normal: stricter than for a single figure, as dozens of themes are looked at."""
LEAST_TEXTS = 5
"""Texts, now or before, without which a theme's change says nothing."""
_MANY, _TINY = 100, 1e-15
_NAMED = 3
_GROUPS = 4


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme (in one group, where there are groups) with its texts now and before.

    ``total`` and ``total_before`` count all texts of the same group, with a theme or without.
    """

    theme: str
    group: tuple[str, ...]
    texts: int
    total: int
    mood: float | None
    before: int | None = None
    total_before: int | None = None

    @property
    def share(self) -> float:
        """Share of all texts that speak of it."""
        return self.texts / self.total if self.total else 0.0

    @property
    def change(self) -> int | None:
        """Texts more (or fewer) than before."""
        return None if self.before is None else self.texts - self.before

    @property
    def z(self) -> float:
        """How far its share moved, in standard errors under "no change"; 0 where that is unknown.

        Fisher's exact test of the share of all texts, one-sided, where the theme's texts are few, else
        its normal approximation.
        """
        if not self.total or not self.total_before or self.before is None:
            return 0.0
        if max(self.texts, self.before) < LEAST_TEXTS:
            return 0.0
        count, every = self.texts + self.before, self.total + self.total_before
        expected = count * self.total / every
        if count > _MANY:
            variance = expected * (self.total_before / every) * (every - count) / (every - 1)
            return (self.texts - expected) / sqrt(variance) if variance else 0.0
        rose = self.texts >= expected
        tail = range(self.texts, count + 1) if rose else range(self.texts + 1)
        ways = sum(comb(self.total, k) * comb(self.total_before, count - k) for k in tail)
        likely = ways / comb(every, count)
        size = NormalDist().inv_cdf(1 - min(max(likely, _TINY), 0.5))
        return size if rose else -size


@dataclass(frozen=True, slots=True)
class ThemesFound:
    """The themes that answer a query, in their order, and all texts in its scope."""

    query: Query
    rows: tuple[ThemeRow, ...]
    total: int
    total_before: int | None


def chosen(found: ThemesFound) -> ThemesFound:
    """Those that a query asks for: of a change the ones beyond chance, surest first; else the largest."""
    query, rows = found.query, found.rows
    if query.direction is not Direction.FELL:
        rows = tuple(row for row in rows if row.texts)
    if query.direction is not None and query.comparison is not None:
        sign = -1 if query.direction is Direction.FELL else 1
        moved = [r for r in rows if sign * r.z >= SOUND_Z]
        rows = tuple(sorted(moved, key=lambda r: -sign * r.z))
    names = list(dict.fromkeys(row.theme for row in rows))[: query.limit]
    return replace(found, rows=tuple(row for row in rows if row.theme in names))


def themes_table(found: ThemesFound, provenance: Provenance) -> Result:
    """A row a theme (and group): texts, share of all texts, mood, texts before and the change."""
    query = found.query
    count, *mood = query.metrics
    columns = [Column(name, "string", "text", ColumnRole.DIMENSION) for name in query.group_by]
    columns.append(Column(count, "integer", "count", ColumnRole.METRIC, count))
    columns.append(Column("share", "number", "ratio", ColumnRole.INFO))
    columns += [Column(name, "number", "points", ColumnRole.INFO, name) for name in mood]
    if query.comparison is not None:
        columns.append(Column(f"{count}__before", "integer", "count", ColumnRole.BASELINE, count))
        columns.append(Column("change", "integer", "count", ColumnRole.CHANGE, count))
    rows = tuple(_cells(query, row) for row in found.rows)
    return Result(tuple(columns), rows, replace(provenance, row_count=len(rows)))


def _cells(query: Query, row: ThemeRow) -> tuple[Cell, ...]:
    mood = (row.mood,) * (len(query.metrics) - 1)
    moved = (row.before, row.change) if query.comparison is not None else ()
    return (row.theme, *row.group, row.texts, row.share, *mood, *moved)


def themes_text(found: ThemesFound, catalog: Catalog) -> str:
    """What customers talk about most (or anew), and what moved beyond chance."""
    if found.query.direction is not None and found.query.comparison is not None:
        return _moved(found, catalog)
    if len(found.query.group_by) > 1:
        return _by_group(found, catalog)
    return " ".join(filter(None, (_largest(found, catalog), _risen(found))))


def _largest(found: ThemesFound, catalog: Catalog) -> str:
    first, *others = found.rows[:_NAMED]
    head = f"{first.theme} ({_texts(first.texts)} of {number(found.total, ',')}, {_percent(first.share)})"
    rest = [f"{row.theme} ({number(row.texts, ',')})" for row in others]
    themes = _joined([head, *rest])
    return f"{_lead(found.query)} {themes}{_scope(found.query, catalog)}."


def _joined(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _lead(query: Query) -> str:
    match _mood(query):
        case "negative":
            return "Complaints are most of all about"
        case "positive":
            return "Praise is most of all for"
        case _:
            return "Customers talk most about"


def _mood(query: Query) -> str | None:
    moods = [f.values for f in query.filters if f.dimension == "sentiment"]
    return str(moods[0][0]) if moods and len(moods[0]) == 1 else None


def _scope(query: Query, catalog: Catalog) -> str:
    words = [w for w in filters_in_words(query, catalog) if not _is_mood(query, w)]
    when = f" {within(period(query.time_range))}" if query.time_range else ""
    return f"{when} ({'; '.join(words)})" if words else when


def _is_mood(query: Query, words: str) -> bool:
    mood = _mood(query)
    return mood is not None and words.lower().endswith(f": {mood}")


def _risen(found: ThemesFound) -> str:
    """The theme that grew most beyond chance."""
    grown = max(found.rows, key=lambda row: row.z, default=None)
    if grown is None or grown.z < SOUND_Z or found.query.comparison is None:
        return ""
    against = period(found.query.comparison.range)
    return f"{grown.theme} grew beyond chance: {_from_to(grown)}, against {against}."


def _from_to(row: ThemeRow) -> str:
    if not row.before:
        return f"to {_texts(row.texts)}, not heard before"
    return f"from {number(row.before, ',')} to {_texts(row.texts)}"


def _moved(found: ThemesFound, catalog: Catalog) -> str:
    query = found.query
    assert query.comparison is not None
    grew = query.direction is not Direction.FELL
    against = period(query.comparison.range)
    scope = _scope(query, catalog).strip()
    if not found.rows:
        what = "grew" if grew else "shrank"
        return f"No theme {what} beyond chance {scope}, against {against}."
    named = [f"{row.theme} ({_from_to(row)})" for row in found.rows[:_NAMED]]
    count = len(found.rows)
    themes = "One theme" if count == 1 else f"{count} themes"
    verb = "grew" if grew else "shrank"
    more = "" if count <= _NAMED else f" and {count - _NAMED} more"
    return f"{themes} {verb} beyond chance {scope}, against {against}: {', '.join(named)}{more}."


def _by_group(found: ThemesFound, catalog: Catalog) -> str:
    """The largest theme of each group."""
    tops: dict[tuple[str, ...], ThemeRow] = {}
    for row in sorted(found.rows, key=lambda r: -r.texts):
        tops.setdefault(row.group, row)
    parts = [
        f"in {', '.join(outset(g) for g in group)} {row.theme} ({_texts(row.texts)}, {_percent(row.share)})"
        for group, row in list(tops.items())[:_GROUPS]
    ]
    return f"{_lead(found.query)}{_scope(found.query, catalog)}: {'; '.join(parts)}."


def _texts(count: int) -> str:
    return f"{number(count, ',')} {'text' if count == 1 else 'texts'}"


def _percent(share: float) -> str:
    return figure(share, "ratio")


def themes_chart(found: ThemesFound, result: Result, catalog: Catalog) -> Mapping[str, Any] | None:
    """Bars of texts a theme, each with what it was before where there is a before."""
    query = found.query
    compared = query.comparison is not None and len(query.group_by) == 1
    kind = (
        Kind.COMPARISON if compared else Kind.BREAKDOWN if len(query.group_by) > 1 else Kind.RANKING
    )
    shown = replace(
        query, kind=kind, metrics=query.metrics[:1], direction=None,
        comparison=query.comparison if compared else None,
    )  # fmt: skip
    kept = [
        i for i, c in enumerate(result.columns)
        if c.role in {ColumnRole.DIMENSION, ColumnRole.METRIC}
        or (compared and c.role in {ColumnRole.BASELINE, ColumnRole.CHANGE})
    ]  # fmt: skip
    slim = replace(
        result,
        columns=tuple(result.columns[i] for i in kept),
        rows=tuple(tuple(row[i] for i in kept) for row in result.rows),
    )
    return chart(shown, slim, catalog, spoken())


def largest(rows: Sequence[ThemeRow], most: int) -> list[str]:
    """The names of the first themes."""
    return list(dict.fromkeys(row.theme for row in rows))[:most]
