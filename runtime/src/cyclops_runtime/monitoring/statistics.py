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


def bin_shares(values: np.ndarray, edges: Sequence[float]) -> np.ndarray:
    """Shares of the values, shape [len(edges) + 1], in the bins (-inf, e0], (e0, e1], ..., (eN, inf).

    Left-open: with bins closed on the left the ones of a 0/1 column would hide among its zeros.
    """
    counts = np.bincount(np.searchsorted(np.asarray(edges), values, side="left"), minlength=len(edges) + 1)
    return counts / max(len(values), 1)


def category_shares(values: Sequence[str], categories: Sequence[str]) -> np.ndarray:
    """Shares of each category, in order, and last the share of all others."""
    index = {category: i for i, category in enumerate(categories)}
    positions = [index.get(value, len(categories)) for value in values]
    return np.bincount(positions, minlength=len(categories) + 1)[: len(categories) + 1] / max(len(values), 1)


def population_stability_index(expected: np.ndarray, actual: np.ndarray) -> float:
    """PSI = sum((a - e) * ln(a / e)) of two lists of shares; empty bins count as EPSILON."""
    e, a = np.maximum(expected, EPSILON), np.maximum(actual, EPSILON)
    return float(np.sum((a - e) * np.log(a / e)))


def jensen_shannon_distance(expected: np.ndarray, actual: np.ndarray) -> float:
    """Square root of the Jensen-Shannon divergence to base 2 of two lists of shares: 0 for equal, 1 for disjoint ones."""
    middle = (expected + actual) / 2
    divergence = (_relative_entropy(expected, middle) + _relative_entropy(actual, middle)) / 2
    return float(np.sqrt(max(divergence, 0.0)))


def _relative_entropy(p: np.ndarray, q: np.ndarray) -> float:
    present = p > 0
    return float(np.sum(p[present] * np.log2(p[present] / q[present])))


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
