"""Distributions as shares of bins, and distances between them. Pure functions over NumPy arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

BINS = 10
# Share that an empty bin counts as; the customary value, with which one empty bin of ten adds about 0.7 to the PSI.
EPSILON = 1e-4


def quantile_edges(values: np.ndarray, bins: int = BINS) -> list[float]:
    """Inner edges of quantile bins of the reference: at most `bins - 1`, rising; equal quantiles give one edge.

    A constant column gets a second edge just below its value, so that smaller values do not hide in its bin.
    """
    quantiles = np.quantile(values, np.arange(1, bins) / bins)
    edges = np.unique(quantiles).astype(float)
    if len(edges) == 1 and np.all(values == edges[0]):
        edges = np.array([np.nextafter(edges[0], -np.inf), edges[0]])
    return edges.tolist()


def bin_counts(values: np.ndarray, edges: Sequence[float]) -> np.ndarray:
    """Numbers of the values, shape [len(edges) + 1], in the bins (-inf, e0], (e0, e1], ..., (eN, inf). NaN is in none.

    Left-open: with bins closed on the left the ones of a 0/1 column would hide among its zeros. Counted edge by edge, which
    for ten bins is several times faster than a search for each value's bin, and makes no array as long as the column.
    """
    up_to = [int(np.count_nonzero(values <= edge)) for edge in edges]
    present = len(values) - int(np.count_nonzero(np.isnan(values)))
    return np.diff([0, *up_to, present])


def population_stability_index(expected: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """PSI = sum((a - e) * ln(a / e)) of shares of bins, each list of which sums to 1. Many `actual` ones give an array of values.

    An empty bin counts as EPSILON, or as a millionth of its list's least share where that is no greater: it must not seem fuller
    than a bin with something in it. A bin that is empty in both adds nothing. These are Evidently's rules, so that the values can
    be compared: https://github.com/evidentlyai/evidently/blob/v0.7.23/src/evidently/legacy/calculations/stattests/utils.py
    """
    somewhere = (expected > 0) | (actual > 0)
    e, a = _filled(expected), _filled(actual)
    return np.sum(np.where(somewhere, (a - e) * np.log(a / e), 0.0), axis=-1)


def _filled(shares: np.ndarray) -> np.ndarray:
    least = np.min(shares, axis=-1, keepdims=True, where=shares > 0, initial=1.0)
    return np.where(shares > 0, shares, np.where(least > EPSILON, EPSILON, least * 1e-6))


def jensen_shannon_distance(expected: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Square root of the Jensen-Shannon divergence to base 2 of shares of bins: 0 for equal, 1 for disjoint ones.

    Many `actual` ones give an array of values.
    """
    middle = (expected + actual) / 2
    divergence = (_relative_entropy(expected, middle) + _relative_entropy(actual, middle)) / 2
    return np.sqrt(np.maximum(divergence, 0.0))


def _relative_entropy(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    ratio = np.divide(p, q, out=np.ones_like(q), where=(p > 0) & (q > 0))
    return np.sum(p * np.log2(ratio), axis=-1)


def histogram_quantile(buckets: Mapping[float, float], quantile: float) -> float | None:
    """Quantile of a cumulative histogram (upper bound -> count), linear inside of a bucket, as Prometheus computes it.

    None without observations; the greatest finite bound when the quantile lies beyond it.
    """
    bounds = sorted(buckets)
    total = buckets[bounds[-1]] if bounds else 0.0
    if total <= 0:
        return None
    rank, lower, below = quantile * total, 0.0, 0.0
    for bound in bounds:
        count = buckets[bound]
        if count >= rank and count > below:
            if np.isinf(bound):
                return lower
            return lower + (bound - lower) * (rank - below) / (count - below)
        lower, below = (lower if np.isinf(bound) else bound), count
    return lower
