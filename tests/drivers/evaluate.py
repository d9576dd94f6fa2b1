"""``python -m tests.drivers.evaluate``: the search and its baselines on all cases, as Markdown."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from analytics.drivers.cube import Condition
from analytics.drivers.explain import explanation_of
from analytics.drivers.explanation import Explanation
from analytics.drivers.study import Study, study_of
from tests.drivers.baselines import adtributor, largest_contribution, largest_difference
from tests.drivers.cases import Case, calm, causes
from tests.drivers.shop import METRICS, NOW, catalog, query

Named = frozenset[Condition]
OURS = "drivers"
BEYOND = "planted, and beyond chance in the rows drawn"
WITHIN = "planted, but within chance in the rows drawn"
NOT_PLANTED = "none planted"
BASELINES: dict[str, Callable[[Study], Named]] = {
    "Adtributor-style": adtributor,
    "largest contribution": largest_contribution,
    "largest difference": largest_difference,
}


@dataclass
class Tally:
    """Right answers by method and group of cases, and what went wrong."""

    right: dict[str, dict[str, list[bool]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    paradoxes: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    """Whether a paradox was named (the planted one, where one was), by what is in the rows."""
    sums: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, method: str, groups: Iterable[str], is_right: bool) -> None:
        """One case of several groups."""
        for group in groups:
            self.right[method][group].append(is_right)


def first_of(found: Explanation) -> Named:
    """The first driver; nothing where there is none."""
    return frozenset(found.drivers[0].part.conditions) if found.drivers else frozenset()


def studied(case: Case) -> tuple[Study, Explanation]:
    """A case's sums, and what the search says of them."""
    asked = query(case.metric)
    study = study_of(asked, catalog(), case.frame.tables, case.frame, NOW.end)
    assert study is not None
    return study, explanation_of(asked, study)


def off(found: Explanation) -> float:
    """How far the contributions are from the change, relative to the figures."""
    parts = sum(d.part.contribution for d in found.drivers) + found.rest.contribution
    return abs(parts - found.change) / max(abs(found.before), abs(found.now), 1e-12)


def measure(with_cause: Iterable[Case], without: Iterable[Case]) -> Tally:
    """All methods on all cases."""
    tally = Tally()
    for case in with_cause:
        study, found = studied(case)
        first = first_of(found)
        groups = ("all", case.kind, case.metric, _strength(case))
        tally.add(OURS, groups, first == case.truth)
        tally.sums.append(off(found))
        tally.paradoxes[_reversal(case)].append(_paradox_named(case, found))
        if first != case.truth:
            tally.wrong.append(f"{case.name}: {_words(case.truth)} -> {_words(first)}")
        for name, method in BASELINES.items():
            tally.add(name, groups, method(study) == case.truth)
    for case in without:
        study, found = studied(case)
        tally.add(OURS, ("no cause", case.kind), not found.drivers)
        tally.sums.append(off(found))
        tally.paradoxes[_reversal(case)].append(_paradox_named(case, found))
        if found.drivers:
            tally.wrong.append(f"{case.name}: nothing -> {_words(first_of(found))}")
        for name, method in BASELINES.items():
            tally.add(name, ("no cause", case.kind), not method(study))
    return tally


def _reversal(case: Case) -> str:
    if case.kind != "simpson":
        return NOT_PLANTED
    return BEYOND if case.reverses else WITHIN


def _paradox_named(case: Case, found: Explanation) -> bool:
    """Named as planted; where none was planted, named at all."""
    if case.kind != "simpson" or found.paradox is None:
        return found.paradox is not None
    return {found.paradox.dimension} == {c.dimension for c in case.truth}


def _strength(case: Case) -> str:
    if not case.strength:
        return "a shifted mix"
    bounds = ((8, "6 to 8 s.e."), (12, "8 to 12 s.e."))
    return next((name for bound, name in bounds if case.strength < bound), "over 12 s.e.")


def _words(named: Named) -> str:
    return " and ".join(sorted(f"{c.dimension}={c.value}" for c in named)) or "nothing"


def _order(group: str) -> tuple[int, str]:
    orders = (("all", "no cause"), ("value", "pair", "mix", "simpson"), tuple(METRICS))
    place = next((i for i, names in enumerate(orders) if group in names), len(orders))
    return (place, group)


def report(tally: Tally) -> str:
    """A table: a row a group of cases, a column a method."""
    methods = list(tally.right)
    groups = sorted(tally.right[OURS], key=_order)
    lines = [
        "| cases | n | " + " | ".join(methods) + " |",
        "| --- | ---: |" + " ---: |" * len(methods),
    ]
    for group in groups:
        count = len(tally.right[OURS][group])
        shares = (sum(tally.right[m][group]) / count for m in methods)
        lines.append(f"| {group} | {count} | " + " | ".join(f"{s:.1%}" for s in shares) + " |")
    named = (
        f"{group}: {sum(tally.paradoxes[group])} of {len(tally.paradoxes[group])}"
        for group in (BEYOND, WITHIN, NOT_PLANTED)
    )
    lines += [
        "",
        f"A Simpson reversal named as such: {'; '.join(named)}.",
        f"Largest error of the sum: {max(tally.sums):.1e}.",
    ]
    return "\n".join([*lines, "", *tally.wrong])


def main() -> None:
    """Runs everything; prints the table. An argument is the seed."""
    started = time.perf_counter()
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 2026
    tally = measure(causes(seed), calm(seed))
    print(report(tally))
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
