"""Query → Explanation: the causes that the search finds, and the exact parts of the change."""

from __future__ import annotations

from datetime import date

import numpy as np

from analytics.catalog.types import Catalog
from analytics.drivers.cube import Condition
from analytics.drivers.dispersion import whole_dispersion
from analytics.drivers.explanation import Driver, Explanation, Part
from analytics.drivers.moments import BEFORE, NOW, N
from analytics.drivers.paradox import paradox_in
from analytics.drivers.parts import figures, parts_in_turn, parts_side_by_side
from analytics.drivers.reading import Reader
from analytics.drivers.score import change_t
from analytics.drivers.search import Cause, Found, hint, search
from analytics.drivers.study import Study, study_of
from analytics.query.relation import Tables
from analytics.query.units import Form
from analytics.types import Query


def explain(
    query: Query, catalog: Catalog, tables: Tables, reader: Reader, as_of: date
) -> Explanation | None:
    """Why the query's first metric changed between its two periods (or differs between two groups).

    None where the figure is no sum, mean or ratio of sums, or where one side has no data. Only
    dimensions of ``catalog`` are looked at: pass the one that the viewer may see.
    """
    study = study_of(query, catalog, tables, reader, as_of)
    return None if study is None else explanation_of(query, study)


def explanation_of(query: Query, study: Study) -> Explanation:
    """Searches a study, and takes the change apart by what was found."""
    found = search(study.cube, study.setting)
    *parts, rest = _parts(study, found)
    perhaps = None if found else hint(study.cube, study.setting)
    groups = _groups(study, perhaps or next(iter(found), None))
    whole = study.singles.moments
    before, now = figures(whole[None], study.form)[0]
    least = study.setting.rules.least
    return Explanation(
        query=query,
        form=study.form,
        before=float(before),
        now=float(now),
        units_before=int(whole[BEFORE, N]),
        units_now=int(whole[NOW, N]),
        change_t=None
        if study.form is Form.SUM
        else change_t(whole, whole_dispersion(study.singles)),
        drivers=_in_order(parts, found, study.setting.change),
        hint=None if perhaps is None else _as_driver(study, perhaps, groups),
        rest=rest,
        groups=groups,
        paradox=paradox_in(study.singles, study.form, least),
        searched=tuple(axis.name for axis in study.cube.axes),
        unsplit=tuple(s.name for s in study.singles.dimensions if not s.split),
        enough=bool((whole[:, N] >= least).all()),
        sql=study.sql,
    )


def _parts(study: Study, found: tuple[Found, ...]) -> tuple[Part, ...]:
    """The causes in the order found, each without the units of those before it, and the rest."""
    left = np.ones(len(study.cube.codes), dtype=bool)
    groups = []
    for one in found:
        cells = study.cube.inside(one.conditions) & left
        groups.append(study.cube.moments[cells].sum(axis=0))
        left &= ~cells
    groups.append(study.cube.moments[left].sum(axis=0))
    names: list[tuple[Condition, ...]] = [*(one.conditions for one in found), ()]
    return parts_in_turn(np.stack(groups), names, study.form)


def _in_order(parts: list[Part], found: tuple[Found, ...], change: float) -> tuple[Driver, ...]:
    """What pushed the way the whole went comes first, the strongest of them at the top."""
    drivers = [
        Driver(part, _main(part, one.cause), one.t, one.p_value)
        for part, one in zip(parts, found, strict=True)
    ]
    return tuple(sorted(drivers, key=lambda d: -d.part.contribution * np.sign(change or 1.0)))


def _main(part: Part, cause: Cause) -> Cause:
    """Where a group changed both its figure and its weight: the larger effect."""
    if cause is Cause.AMOUNT:
        return cause
    return Cause.RATE if abs(part.rate_effect) >= abs(part.mix_effect) else Cause.MIX


def _as_driver(study: Study, found: Found, groups: tuple[Part, ...]) -> Driver:
    """A hint; one value is the part that the groups beside it show."""
    shown = next((p for p in groups if p.conditions == found.conditions), None)
    part = shown or _parts(study, (found,))[0]
    return Driver(part, _main(part, found.cause), found.t, found.p_value)


def _groups(study: Study, found: Found | None) -> tuple[Part, ...]:
    """The decomposition by the dimension of a cause (else by the first), all its values."""
    usable = [s for s in study.singles.dimensions if s.split and len(s.values) > 1]
    if not usable:
        return ()
    name = found.conditions[0].dimension if found else usable[0].name
    single = next(s for s in usable if s.name == name)
    groups, names = single.moments, [(Condition(name, value),) for value in single.values]
    others = study.singles.moments - groups.sum(axis=0)
    if single.cut and (others[:, N] > 0).any():
        return parts_side_by_side(np.concatenate([groups, others[None]]), [*names, ()], study.form)
    return parts_side_by_side(groups, names, study.form)
