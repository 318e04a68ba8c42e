"""Distances against SciPy and against a recomputation that shares no code with them."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import jensenshannon

from cyclops_runtime.monitoring.statistics import (
    EPSILON,
    bin_counts,
    histogram_quantile,
    jensen_shannon_distance,
    population_stability_index,
    quantile_edges,
)


def bin_shares(values, edges):
    counts = bin_counts(values, edges)
    return counts / counts.sum()


def psi_by_hand(reference, current):
    """PSI with pandas' left-open cut and a plain loop."""
    edges = sorted(set(np.percentile(reference, range(10, 100, 10)).tolist()))
    bins = [-math.inf, *edges, math.inf]
    expected = pd.cut(pd.Series(reference), bins).value_counts(sort=False, normalize=True)
    actual = pd.cut(pd.Series(current), bins).value_counts(sort=False, normalize=True)
    total = 0.0
    for e, a in zip(expected, actual, strict=True):
        e, a = max(e, 1e-4), max(a, 1e-4)
        total += (a - e) * math.log(a / e)
    return total


@pytest.mark.parametrize("shift", [0, 0.2, 1, 10])
def test_psi_of_numbers(shift):
    random = np.random.default_rng(1)
    reference, current = random.normal(size=3000), random.normal(shift, 1.2, size=700)
    edges = quantile_edges(reference)
    assert len(edges) == 9
    found = population_stability_index(bin_shares(reference, edges), bin_shares(current, edges))
    assert found == pytest.approx(psi_by_hand(reference, current), rel=1e-12)


def test_psi_of_flags_sees_the_share_of_ones():
    reference, current = np.array([0.0] * 90 + [1.0] * 10), np.array([0.0] * 50 + [1.0] * 50)
    edges = quantile_edges(reference)
    expected = (0.5 - 0.9) * math.log(0.5 / 0.9) + (0.5 - 0.1) * math.log(0.5 / 0.1)
    shares = [bin_shares(values, edges) for values in (reference, current)]
    assert population_stability_index(*shares) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("value", [-7.0, 7.0])
def test_a_constant_column_that_moves_is_seen_in_both_directions(value):
    edges = quantile_edges(np.zeros(100))
    moved = population_stability_index(bin_shares(np.zeros(100), edges), bin_shares(np.full(50, value), edges))
    assert moved == pytest.approx(2 * (1 - EPSILON) * math.log(1 / EPSILON), rel=1e-9)


def test_bins_are_left_open_and_hold_no_missing_value():
    assert bin_counts(np.array([1.0, 1.5, math.nan, 2.0, 2.5]), [1.0, 2.0]).tolist() == [1, 2, 1]
    assert bin_counts(np.array([]), [1.0, 2.0]).tolist() == [0, 0, 0]


def test_an_empty_bin_is_never_fuller_than_one_with_something_in_it():
    reference = np.array([0.5, 0.3, 0.2])
    rare = population_stability_index(reference, np.array([0.79999, 0.2, 0.00001]))
    assert rare == pytest.approx(
        sum((a - e) * math.log(a / e) for e, a in zip([0.5, 0.3, 0.2], [0.79999, 0.2, 0.00001], strict=True)), rel=1e-12
    )
    assert population_stability_index(reference, np.array([0.8, 0.2, 0])) > 0.5
    both = population_stability_index(np.array([0.5, 0.5, 0]), np.array([0.4, 0.6, 0]))
    assert both == population_stability_index(np.array([0.5, 0.5]), np.array([0.4, 0.6]))


@pytest.mark.parametrize("seed", range(5))
def test_jensen_shannon_distance_is_scipys(seed):
    random = np.random.default_rng(seed)
    p, q = random.dirichlet(np.ones(6)), random.dirichlet(np.ones(6))
    p[0], q[1] = 0, 0
    p, q = p / p.sum(), q / q.sum()
    assert jensen_shannon_distance(p, q) == pytest.approx(jensenshannon(p, q, base=2), rel=1e-9)
    assert jensen_shannon_distance(p, p) == 0
    assert jensen_shannon_distance(np.array([1.0, 0]), np.array([0, 1.0])) == 1


def test_histogram_quantile_interpolates_as_prometheus_does():
    buckets = {0.1: 50, 0.2: 90, 0.5: 100, math.inf: 100}
    assert histogram_quantile(buckets, 0.95) == pytest.approx(0.2 + 0.3 * 5 / 10)
    assert histogram_quantile(buckets, 0.25) == pytest.approx(0.05)
    assert histogram_quantile({0.1: 1, math.inf: 10}, 0.95) == 0.1
    assert histogram_quantile({0.1: 0, math.inf: 0}, 0.95) is None
    assert histogram_quantile({}, 0.95) is None
