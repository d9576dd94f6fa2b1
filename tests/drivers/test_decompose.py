"""Contributions sum to the change, whatever the groups."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.drivers.decompose import in_turn, of_rates, of_sums
from analytics.drivers.moments import AA, AB, BB, MOMENTS, A, B, N

counts = st.integers(0, 500)
levels = st.floats(-10, 10, allow_nan=False)
groups = st.lists(st.tuples(counts, levels, counts, levels), min_size=1, max_size=8)


def moments(rows):
    """Groups of (units, mean) before and now as sums."""
    found = np.zeros((len(rows), 2, MOMENTS))
    for i, (n0, m0, n1, m1) in enumerate(rows):
        for side, (n, mean) in enumerate(((n0, m0), (n1, m1))):
            found[i, side, [N, A, B, AA, AB, BB]] = n, n * mean, n, n * mean**2, n * mean, n
    return found


def change(parts):
    whole = parts.sum(axis=0)
    return whole[1, A] / whole[1, B] - whole[0, A] / whole[0, B]


@given(groups)
@settings(max_examples=300)
def test_rate_and_mix_effects_sum_to_the_change(rows):
    parts = moments(rows)
    if (parts.sum(axis=0)[:, B] == 0).any():
        return
    for effects in (of_rates(parts), in_turn(parts)):
        assert np.isclose(effects.total.sum(), change(parts), atol=1e-9)


@given(groups)
def test_differences_of_sums_sum_to_the_difference(rows):
    parts = moments(rows)
    whole = parts.sum(axis=0)
    assert np.isclose(of_sums(parts).total.sum(), whole[1, A] - whole[0, A], atol=1e-9)


@given(groups)
def test_both_sides_swapped_give_the_opposite(rows):
    parts = moments(rows)
    if (parts.sum(axis=0)[:, B] == 0).any():
        return
    there, back = of_rates(parts), of_rates(parts[:, ::-1])
    assert np.allclose(there.rate, -back.rate, atol=1e-9)
    assert np.allclose(there.mix, -back.mix, atol=1e-9)


def test_a_rest_without_units_on_one_side_adds_nothing():
    parts = moments([(0, 0.0, 1, 0.0), (1, 1.0, 0, 0.0), (0, 0.0, 0, 0.0)])
    assert np.isclose(in_turn(parts).total.sum(), change(parts))


def test_by_hand():
    # Half of the units are worth 1, half 3; then a quarter and three quarters, worth 1 and 4.
    effects = of_rates(moments([(50, 1.0, 25, 1.0), (50, 3.0, 75, 4.0)]))
    overall = (2.0 + 3.25) / 2
    assert np.allclose(effects.rate, [0.0, 0.625])
    assert np.allclose(effects.mix, [-0.25 * (1 - overall), 0.25 * (3.5 - overall)])


def test_a_group_that_was_not_there_before_is_all_mix():
    effects = of_rates(moments([(100, 2.0, 100, 2.0), (0, 0.0, 100, 4.0)]))
    assert effects.rate.tolist() == [0.0, 0.0]
    assert np.isclose(effects.mix.sum(), 1.0)


def test_a_shift_of_the_mix_alone_has_no_rate_effect():
    parts = moments([(80, 5.0, 20, 5.0), (20, 1.0, 80, 1.0)])
    assert np.allclose(of_rates(parts).rate, 0.0)
    assert np.isclose(of_rates(parts).mix.sum(), change(parts))
