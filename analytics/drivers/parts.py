"""Groups of cells as parts of an exact decomposition, in words of the catalog."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.drivers.cube import Condition
from analytics.drivers.decompose import Effects, in_turn, of_rates, of_sums
from analytics.drivers.explanation import Part
from analytics.drivers.moments import BEFORE, NOW, A, Array, B, N, rate, weight
from analytics.query.units import Form

Named = Sequence[tuple[Condition, ...]]


def parts_in_turn(groups: Array, names: Named, form: Form) -> tuple[Part, ...]:
    """Causes one after another and the rest at the end, (k + 1, 2, 6)."""
    effects = of_sums(groups) if form is Form.SUM else in_turn(groups)
    return _parts(groups, names, form, effects)


def parts_side_by_side(groups: Array, names: Named, form: Form) -> tuple[Part, ...]:
    """All groups of a dimension, (m, 2, 6)."""
    effects = of_sums(groups) if form is Form.SUM else of_rates(groups)
    return _parts(groups, names, form, effects)


def figures(groups: Array, form: Form) -> Array:
    """The figure of each group by side, (m, 2); NaN where it has none."""
    return groups[..., A] if form is Form.SUM else rate(groups)


def _parts(groups: Array, names: Named, form: Form, effects: Effects) -> tuple[Part, ...]:
    whole = groups.sum(axis=0)
    shares = weight(groups, whole, A if form is Form.SUM else B)
    shown = figures(groups, form)
    return tuple(
        Part(
            conditions=tuple(names[i]),
            before=_known(shown[i, BEFORE]),
            now=_known(shown[i, NOW]),
            share_before=float(shares[i, BEFORE]),
            share_now=float(shares[i, NOW]),
            units_before=int(groups[i, BEFORE, N]),
            units_now=int(groups[i, NOW, N]),
            rate_effect=float(effects.rate[i]),
            mix_effect=float(effects.mix[i]),
        )
        for i in range(len(groups))
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
