"""Why a figure changed, in three sentences, a table and a waterfall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.answer.charts.spec import Frame
from analytics.answer.charts.waterfall import Waterfall, waterfall
from analytics.answer.format import change, figure, period
from analytics.answer.headline import within
from analytics.answer.locale import number, spoken
from analytics.answer.say import filters_in_words
from analytics.answer.themes import ThemeRow
from analytics.catalog.types import Better, Catalog, Metric, Unit
from analytics.drivers.cube import Condition
from analytics.drivers.explanation import Driver, Explanation, Paradox, Part
from analytics.drivers.search import Cause
from analytics.query.units import Form
from analytics.types import Cell, Column, ColumnRole, Direction, Query
from analytics.wording import inside, outset

CHANCE = 2.0
"""From how many standard errors on a change counts as more than chance."""

REST = "everything else"
_MOST_GROUPS = 8
_UP = {Direction.ROSE: True, Direction.FELL: False}


@dataclass(frozen=True, slots=True)
class _Told:
    """What the sentences are made of."""

    explanation: Explanation
    metric: Metric
    catalog: Catalog

    @property
    def unit(self) -> str:
        return self.metric.unit.value

    @property
    def change_unit(self) -> str:
        return Unit.POINTS.value if self.metric.unit is Unit.RATIO else self.unit

    def figure(self, value: float | None) -> str:
        return figure(value, self.unit)

    def size(self, value: float) -> str:
        """A change without its sign."""
        return change(value, self.change_unit)

    def signed(self, value: float) -> str:
        """A contribution with its sign."""
        return f"{'-' if value < 0 else '+'}{self.size(value)}"

    def group(self, conditions: Sequence[Condition]) -> str:
        """ "product Aurora Headphones Pro", "region North and device mobile"."""
        return " and ".join(
            self.label(c) if c.value is None else f"{self.label(c)} {c.value}" for c in conditions
        )

    def name(self, conditions: Sequence[Condition]) -> str:
        """The group in a table or on a chart: "Aurora Headphones Pro", "North, mobile"."""
        return outset(", ".join(self.label(c) if c.value is None else c.value for c in conditions))

    def label(self, one: Condition) -> str:
        """The dimension of a condition; "no known region" for a value that is not known."""
        known = self.catalog.dimensions_of_metric(self.metric)
        label = inside(known[one.dimension].label)
        return f"no known {label}" if one.value is None else label

    def counts(self, before: int, now: int) -> str:
        """How many units a figure rests on."""
        word = "responses" if self.metric.minimum_sample else "cases"
        return f"{number(before, ',')} and {number(now, ',')} {word}"

    def share(self, part: Part) -> str:
        """How much of the change a part is; nothing where that would mislead."""
        share = self.explanation.share(part)
        if share is None or not 0 < share <= 2:
            return ""
        return f", {number(share * 100, '.0f')} % of the change"


def why_text(explanation: Explanation, catalog: Catalog, heard: Sequence[ThemeRow] = ()) -> str:
    """What changed, what explains it (with the themes ``heard`` more there), and what does not."""
    told = _Told(explanation, catalog.metrics[explanation.query.metrics[0]], catalog)
    if explanation.drivers and _pushes(explanation, explanation.drivers[0]):
        driver = _with_themes(_main_driver(told), told, heard, "there")
        return " ".join((_changed(told), driver, _others(told)))
    if explanation.drivers:
        return " ".join((_changed(told), _against(told)))
    *before, last = (_changed(told), *_no_driver(told))
    where = "there" if explanation.hint is not None else ""
    return " ".join((*before, _with_themes(last, told, heard, where)))


def _with_themes(sentence: str, told: _Told, heard: Sequence[ThemeRow], where: str) -> str:
    """The sentence, and what customers speak of more than before."""
    if not heard:
        return sentence
    bad = (told.explanation.change > 0) is (told.metric.better is Better.LOWER)
    verb = "complain of" if bad else "praise"
    named = " and ".join(
        f"{row.theme} ({number(row.before or 0, ',')} texts before, {number(row.texts, ',')} now)"
        for row in heard
    )
    join = ", but" if told.explanation.hint is not None else ";"
    who = f"customers {where}".strip()
    return f"{sentence.removesuffix('.')}{join} {who} {verb} {named}, more than chance explains."


def _changed(told: _Told) -> str:
    found, query = told.explanation, told.explanation.query
    words = filters_in_words(query, told.catalog)
    scope = f" ({'; '.join(words)})" if words and query.comparison else ""
    label = f"{outset(told.metric.label)}{scope}"
    if query.comparison is None or query.time_range is None:
        return (
            f"{label} is {told.figure(found.now)} for {_group_words(query, 0)}, against "
            f"{told.figure(found.before)} for {_group_words(query, 1)}."
        )
    if found.change == 0:
        verb = f"stayed at {told.figure(found.now)}"
    else:
        moved = "rose" if found.change > 0 else "fell"
        verb = f"{moved} by {told.size(found.change)} to {told.figure(found.now)}"
    against = f"{period(query.comparison.range)} ({told.figure(found.before)})"
    lead = _contradiction(query, found.change)
    label = inside(label) if lead else label
    return f"{lead}{label} {verb} {within(period(query.time_range))}, against {against}."


def _contradiction(query: Query, moved: float) -> str:
    """The question says it fell, the figures say it rose."""
    asked = _UP.get(query.direction) if query.direction is not None else None
    return "It did not: " if asked is not None and moved and asked is not (moved > 0) else ""


def _group_words(query: Query, place: int) -> str:
    for one in query.filters:
        if one.dimension in query.group_by:
            if place < len(one.values):
                return str(one.values[place])
            return "all the others"
    return "the others"


def _pushes(found: Explanation, driver: Driver) -> bool:
    """Whether a driver goes the way of the change."""
    return driver.part.contribution * found.change > 0


def _against(told: _Told) -> str:
    """No group explains the change, but some went the other way."""
    groups = [
        f"{told.group(d.part.conditions)} ({_from_to(told, d.part)}, "
        f"{told.signed(d.part.contribution)})"
        for d in told.explanation.drivers
    ]
    rest = told.signed(told.explanation.rest.contribution)
    return (
        f"No group explains that beyond chance: everything else adds {rest} together. Against it went "
        f"{' and '.join(groups)}."
    )


def _main_driver(told: _Told) -> str:
    first, *_ = told.explanation.drivers
    name, part = told.group(first.part.conditions), first.part
    adds = f"{told.signed(part.contribution)}{told.share(part)}"
    paradox = told.explanation.paradox
    if paradox is not None and first.cause is Cause.MIX:
        return f"{_paradox(told, paradox)} Most of all {_mix(told, first)}: {adds}."
    match first.cause:
        case Cause.MIX:
            return f"The mix shifted: {_mix(told, first)}, which adds {adds}."
        case Cause.AMOUNT:
            return f"It comes mainly from {name}: {_from_to(told, part)} ({adds})."
        case Cause.RATE:
            return (
                f"It comes mainly from {name}, which went {_from_to(told, part)} "
                f"({_responses(told, part)}) and adds {adds}."
            )


def _mix(told: _Told, driver: Driver) -> str:
    part, rest = driver.part, told.explanation.rest
    grew = "grew" if part.share_now > part.share_before else "shrank"
    own, other = (_middle(p) for p in (part, rest))
    lies = "above" if own > other else "below"
    return (
        f"the share of {told.group(part.conditions)} {grew} from {_percent(part.share_before)} to "
        f"{_percent(part.share_now)}, and it lies {lies} the rest ({told.figure(own)} against "
        f"{told.figure(other)})"
    )


def _paradox(told: _Told, paradox: Paradox) -> str:
    known = told.catalog.dimensions_of_metric(told.metric)[paradox.dimension]
    went = "up" if paradox.rate_effect > 0 else "down"
    whole = "fell" if told.explanation.change < 0 else "rose"
    groups = inside(known.label if paradox.every else known.plural)
    lead = (
        f"Every single {groups} went {went}" if paradox.every else f"Within {groups} it went {went}"
    )
    return (
        f"{lead} ({told.signed(paradox.rate_effect)} in all); "
        f"the total {whole} because the mix shifted ({told.signed(paradox.mix_effect)})."
    )


def _others(told: _Told) -> str:
    """Further drivers, and what is left."""
    further = [
        f"{told.group(d.part.conditions)} ({told.signed(d.part.contribution)})"
        for d in told.explanation.drivers[1:]
    ]
    rest = f"everything else adds {told.signed(told.explanation.rest.contribution)}"
    if further:
        come = "comes" if len(further) == 1 else "come"
        return f"Next {come} {' and '.join(further)}; {rest}, with no further group beyond chance."
    return f"{outset(rest)}, and no other group stands out beyond chance."


def _no_driver(told: _Told) -> list[str]:
    found = told.explanation
    if not found.enough:
        return [f"{_counts(told)} are too few to say why."]
    if found.paradox is not None:
        return [_paradox(told, found.paradox)]
    sentences = []
    chance = found.change_t is not None and abs(found.change_t) < CHANCE
    known = told.catalog.dimensions_of_metric(told.metric)
    names = [inside(known[name].plural) for name in found.searched]
    if chance and names:
        sentences.append(
            f"The change is no larger than chance explains ({_counts(told)}), and none of the "
            f"{_listed(names)} stands out beyond chance, nor any pair."
        )
    elif chance:
        sentences.append(f"The change is no larger than chance explains ({_counts(told)}).")
    elif names:
        lead = f"It {_went(found)} everywhere alike: none" if _alike(found) else "None"
        sentences.append(f"{lead} of the {_listed(names)} stands out beyond chance, nor any pair.")
    if found.hint is not None:
        part = found.hint.part
        sentences.append(
            f"The likeliest place to look is {told.group(part.conditions)}, which went "
            f"{_from_to(told, part)} ({_responses(told, part)}) and adds "
            f"{told.signed(part.contribution)}{told.share(part)}; among so many groups that can be "
            "chance."
        )
    return sentences


def _alike(found: Explanation) -> bool:
    """A rate that changed beyond chance, and no group otherwise than the others."""
    return found.hint is None and found.change_t is not None


def _went(found: Explanation) -> str:
    return "fell" if found.change < 0 else "rose"


def _from_to(told: _Told, part: Part) -> str:
    return f"from {told.figure(part.before)} to {told.figure(part.now)}"


def _middle(part: Part) -> float:
    known = [v for v in (part.before, part.now) if v is not None]
    return sum(known) / len(known) if known else 0.0


def _percent(share: float) -> str:
    return f"{number(share * 100, '.0f')} %"


def _responses(told: _Told, part: Part) -> str:
    return told.counts(part.units_before, part.units_now)


def _counts(told: _Told) -> str:
    return told.counts(told.explanation.units_before, told.explanation.units_now)


def _listed(names: Sequence[str]) -> str:
    shown = list(names[:5]) + ([f"{len(names) - 5} more"] if len(names) > 5 else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _shown(explanation: Explanation) -> list[Part]:
    """The drivers and the rest; where there is none, the groups that tell most and all the others."""
    if explanation.drivers or not explanation.groups:
        return [*(d.part for d in explanation.drivers), explanation.rest]
    ordered = sorted(explanation.groups, key=lambda p: -abs(p.contribution))
    others = [p for p in ordered[_MOST_GROUPS:] if p.contribution or p.units_now]
    return ordered[:_MOST_GROUPS] + ([_together(others)] if others else [])


def _together(parts: Sequence[Part]) -> Part:
    return Part(
        conditions=(),
        before=None,
        now=None,
        share_before=sum(p.share_before for p in parts),
        share_now=sum(p.share_now for p in parts),
        units_before=sum(p.units_before for p in parts),
        units_now=sum(p.units_now for p in parts),
        rate_effect=sum(p.rate_effect for p in parts),
        mix_effect=sum(p.mix_effect for p in parts),
    )


def why_table(
    explanation: Explanation, catalog: Catalog
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """A row a driver and one for the rest (a row a group where there is no driver); ``contribution``
    sums to the change."""
    told = _Told(explanation, catalog.metrics[explanation.query.metrics[0]], catalog)
    name, moved = told.metric.name, told.change_unit
    kind = "integer" if told.metric.unit is Unit.COUNT else "number"
    columns = (
        Column("driver", "string", "text", ColumnRole.DIMENSION),
        Column(name, kind, told.unit, ColumnRole.METRIC, name),
        Column(f"{name}__before", kind, told.unit, ColumnRole.BASELINE, name),
        Column("contribution", kind, moved, ColumnRole.CHANGE, name),
        Column("share_of_change", "number", "ratio", ColumnRole.INFO),
        Column("rate_effect", kind, moved, ColumnRole.INFO),
        Column("mix_effect", kind, moved, ColumnRole.INFO),
        Column(f"{name}__n", "integer", "count", ColumnRole.COUNT, name),
    )
    parts = _shown(explanation)
    return columns, tuple(_row(told, part) for part in parts)


def driver_row(explanation: Explanation, driver: Driver, catalog: Catalog) -> tuple[Cell, ...]:
    """The row of ``why_table`` for one driver or hint."""
    told = _Told(explanation, catalog.metrics[explanation.query.metrics[0]], catalog)
    return _row(told, driver.part)


def _row(told: _Told, part: Part) -> tuple[Cell, ...]:
    whole = told.metric.unit is Unit.COUNT and told.explanation.form is Form.SUM
    figures = (part.now, part.before, part.contribution)
    now, before, contribution = (round(v) if whole and v is not None else v for v in figures)
    return (
        told.name(part.conditions) or outset(REST),
        now,
        before,
        contribution,
        told.explanation.share(part),
        part.rate_effect,
        part.mix_effect,
        part.units_now,
    )


def why_chart(explanation: Explanation, catalog: Catalog) -> Mapping[str, Any] | None:
    """From the figure before to the figure now, driver by driver; by groups where there is none."""
    told = _Told(explanation, catalog.metrics[explanation.query.metrics[0]], catalog)
    query = explanation.query
    if query.chart == "table" or query.comparison is None or query.time_range is None:
        return None
    parts = _shown(explanation)
    contributions = tuple((told.name(p.conditions) or outset(REST), p.contribution) for p in parts)
    data = Waterfall(
        before=(outset(period(query.comparison.range)), explanation.before),
        now=(outset(period(query.time_range)), explanation.now),
        contributions=contributions,
        change_unit=told.change_unit,
    )
    about = [*filters_in_words(query, catalog), "what each part adds to the change"]
    frame = Frame(
        title=f"Why {inside(told.metric.label)} changed",
        subtitle=(outset(" · ".join(about)),),
        measure=outset(told.metric.label),
        unit=told.unit,
        locale=spoken(),
        better=told.metric.better,
        zero=told.metric.additive,
    )
    return waterfall(frame, data)
