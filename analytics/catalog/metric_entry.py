"""Reads one metric of a catalog file and checks that its definition holds together."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from analytics.catalog.expression import ExpressionError, Shape, check, to_ibis
from analytics.catalog.section import Section
from analytics.catalog.types import Better, Metric, Unit


def read_metric(name: str, body: Section, model: str, owner: str, fact: ir.Table | None) -> Metric:
    """The metric of an entry; its problems go to the section's list.

    ``fact`` is the table that its expressions run over, None where there is none to check against.
    """
    average_of = body.optional_text("average_of")
    ratio = body.texts("ratio_of")
    if "ratio_of" in body and len(ratio) != 2:
        body.problem('"ratio_of" must name two metrics', "ratio_of")
    metric = Metric(
        name=name,
        label=body.text("label"),
        description=body.text("description"),
        model=model,
        unit=body.choice("unit", Unit),
        synonyms=body.texts("synonyms"),
        verbs=body.texts("verbs"),
        expression=body.optional_text("expression"),
        average_of=average_of,
        ratio_of=(ratio[0], ratio[1]) if len(ratio) == 2 else None,
        per=body.optional_text("per"),
        inner=body.text_map("inner") or None,
        where=body.optional_text("where"),
        # A mean rests on the rows that have a value, not on all rows.
        sample=body.text("sample", f"count({average_of})" if average_of else "count(*)"),
        minimum_sample=body.number("minimum_sample"),
        better=body.choice("better", Better, Better.HIGHER),
        additive=body.flag("additive"),
        default_rank=body.number("default_rank"),
        owner=body.text("owner", owner),
        examples=body.texts("examples"),
        source=body.source,
    )
    body.done()
    _check_form(metric, body)
    if fact is not None:
        _check_expressions(metric, body, fact)
    return metric


def _check_form(metric: Metric, body: Section) -> None:
    forms = [key for key in ("expression", "average_of", "ratio_of") if key in body]
    if len(forms) != 1:
        given = " and ".join(f'"{form}"' for form in forms) or "none of them"
        body.problem(f'needs one of "expression", "average_of", "ratio_of"; it has {given}')
    if (metric.per is None) != (metric.inner is None):
        body.problem('"per" and "inner" go together')
    if not metric.additive:
        return
    if metric.expression is None or metric.per is not None:
        body.problem("a mean or a ratio does not add up: it cannot be additive", "additive")
    elif "distinct" in metric.expression.casefold():
        body.problem("distinct counts do not add up: it cannot be additive", "additive")


def _check_expressions(metric: Metric, body: Section, fact: ir.Table) -> None:
    _try(body, "where", metric.where, fact, Shape.CONDITION)
    rows = fact
    if metric.per is not None and metric.inner is not None:
        inner = _inner(metric.per, metric.inner, body, fact)
        if inner is None:
            return
        rows = inner
    _try(body, "expression", metric.expression, rows, Shape.AGGREGATE)
    _try(body, "average_of", metric.average_of, rows, Shape.ROW_VALUE)
    if "sample" in body or metric.average_of is None:
        _try(body, "sample", metric.sample, rows, Shape.AGGREGATE)


def _inner(per: str, inner: Mapping[str, str], body: Section, fact: ir.Table) -> ir.Table | None:
    """The table of one row per ``per`` that the outer expression runs over; None if unsound."""
    if per not in fact.columns:
        body.problem(f'per: unknown column "{per}"', "per")
        return None
    passed = [_try(body, "inner", sql, fact, Shape.AGGREGATE) for sql in inner.values()]
    if not all(passed):
        return None
    types = {name: to_ibis(sql, fact).type() for name, sql in inner.items()}
    return ibis.table({per: fact[per].type(), **types}, name=f"per_{per}")


def _try(body: Section, key: str, sql: str | None, table: ir.Table, shape: Shape) -> bool:
    if sql is None:
        return True
    try:
        check(sql, table, shape)
    except ExpressionError as error:
        body.problem(f"{key}: {error}", key)
        return False
    return True
