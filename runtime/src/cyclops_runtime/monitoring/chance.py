"""What chance alone makes of a statistic, and whether a value of it is more than that.

Two samples of one distribution never look quite the same. To first order the PSI between samples of n and m values in B bins is
then (1/n + 1/m) times a chi-squared variable of B - 1 degrees of freedom (Yurdakul and Naranjo 2020, "Statistical properties of
the population stability index", https://doi.org/10.21314/JRMV.2020.227). That fails where counts are small: an empty bin counts
as a small share, and the fewer values a bin has, the more its logarithm adds. So windows without drift are drawn, and the
statistic itself is computed of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cyclops_runtime.monitoring.profile import CATEGORY, Distribution
from cyclops_runtime.monitoring.statistics import population_stability_index

# Share of the windows without drift that a KPI may take for drift. Rarer than the usual 5 %, as a monitor runs every hour or day.
FALSE_ALARMS = 0.01
# Windows are drawn until so many are expected to reach what the level allows, but LEAST_DRAWS at least.
# With any number the level is exact (Besag and Clifford 1991, https://doi.org/10.1093/biomet/78.2.301); more make it steadier.
REACHED = 3
LEAST_DRAWS = 999
# Drawn at first, as most values are plainly within chance, then ten times as many; at most at a time, which bounds memory.
FIRST_DRAWS, MOST_DRAWS = 20, 5000
# What a bin that is empty in the reference may hold, in values of the reference: Laplace's rule of succession.
UNSEEN = 1.0
# With so many values expected in every bin the first order is good to some percent.
MANY = 30

# Values of a statistic, shape [k], of k windows without drift.
Draw = Callable[[np.random.Generator, int], np.ndarray]
# A distance of the reference's shares, shape [bins], to each window's, shape [k, bins].
Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Chance:
    """A statistic where nothing has changed. `level` is the share of such windows whose value may be taken for a change.

    The counts of the window are the `seed`: the same window makes the same report. Of a value of `certain` or more it is known
    without drawing that chance does not explain it.
    """

    draw: Draw
    seed: tuple[int, ...]
    level: float = FALSE_ALARMS
    certain: float = np.inf

    def explains(self, value: float) -> bool:
        """Whether windows without drift reach the value more often than the level allows."""
        if value >= self.certain:
            return False
        reached = 0
        for drawn in self._draws():
            reached += int(np.count_nonzero(drawn >= value))
            if reached >= self._allowed:
                return True
        return False

    def limit(self) -> float:
        """The greatest value that chance explains."""
        greatest = np.array([])
        for drawn in self._draws():
            greatest = np.sort(np.concatenate([greatest, drawn]))[-self._allowed :]
        return float(greatest[0])

    @property
    def _number(self) -> int:
        return max(round(REACHED / self.level) - 1, LEAST_DRAWS)

    @property
    def _allowed(self) -> int:
        return max(int(self.level * (self._number + 1) + 1e-9), 1)

    def _draws(self) -> Iterator[np.ndarray]:
        random, left, size = np.random.default_rng(self.seed), self._number, FIRST_DRAWS
        while left > 0:
            yield self.draw(random, min(size, left))
            left, size = left - size, min(10 * size, MOST_DRAWS)


def chance_of_psi(reference: Distribution, found: Sequence[int], level: float) -> Chance:
    """Chance of a feature's PSI, which for large counts in all bins is known well enough without drawing."""
    drawn = chance_of(population_stability_index, reference, found, level)
    counts, n, m = np.asarray(reference.counts), sum(found), sum(reference.counts)
    used = counts[(counts > 0) | (np.asarray(found) > 0)]
    listed_by_chance = reference.kind == CATEGORY and counts[-1] > 0
    if listed_by_chance or used.min() < MANY or used.min() / m * n < MANY:
        return drawn
    # Twice the bound of Laurent and Massart (2000) for a chi-squared variable: https://doi.org/10.1214/aos/1015957395
    free, x = len(used) - 1, np.log(1 / level)
    return replace(drawn, certain=2 * (1 / n + 1 / m) * (free + 2 * np.sqrt(free * x) + 2 * x))


def chance_of(distance: Distance, reference: Distribution, found: Sequence[int], level: float = FALSE_ALARMS) -> Chance:
    """Chance of a distance between the reference and a window of as many values as `found` has in the reference's bins.

    The reference is a sample too: each window has shares of its own, drawn from those that the reference makes likely, in each of
    the ways of `expectations` in turn.
    """
    n, ways = sum(found), expectations(reference, found)
    shapes = np.stack([way.shapes for way in ways])
    others = np.array([way.others for way in ways if way.others is not None])

    def draw(random: np.random.Generator, k: int) -> np.ndarray:
        way = np.arange(k) % len(ways)
        shares = random.standard_gamma(shapes[way])
        shares /= shares.sum(axis=1, keepdims=True)
        if len(others):
            # The first way has no share of the others apart.
            apart = way > 0
            rest = random.beta(*others[way[apart] - 1].T)
            shares[apart] *= 1 - rest[:, None]
            shares[apart, -1] = rest
        return distance(reference.shares, random.multinomial(n, shares) / n)

    return Chance(draw, tuple(found), level)


@dataclass(frozen=True)
class Expectation:
    """Shares of bins that the reference makes likely: Dirichlet's distribution with these shapes, [bins].

    `others`, the shapes of a beta distribution, is the share of the last bin where that is known apart: its own shape is 0 then.
    """

    shapes: np.ndarray
    others: tuple[float, float] | None = None


def expectations(reference: Distribution, found: Sequence[int]) -> list[Expectation]:
    """What the reference lets one expect in its bins.

    Its counts. A bin that has none may have missed its values, and counts as UNSEEN; but not one that the window has nothing in
    either, which the statistics leave out.

    Categories may be expected in more than one way. Those listed were the most frequent in the reference, some of them by chance:
    a value that would not be listed, had the list been made without it, is expected among the others. For a complete list these
    are the categories seen once (Good 1953, https://doi.org/10.1093/biomet/40.3-4.237), and how well their share is known depends
    on those seen twice (Esty 1983, Annals of Statistics 11). What each category loses is the same where they differ much, and in
    proportion where they are alike.
    """
    counts, window = np.array(reference.counts, dtype=float), np.asarray(found)
    own = Expectation(np.where((counts == 0) & (window > 0), UNSEEN, counts))
    if reference.kind != CATEGORY or not (counts[-1] or window[-1]):
        return [own]
    listed, others, m = counts[:-1], counts[-1], counts.sum()
    # The most frequent category that is not listed has at most as many values as the least frequent one that is.
    next_one = listed.min() if others else 0.0
    moved, nearly = (float(listed[listed <= next_one + seen].sum()) for seen in (1, 2))
    share = (others + moved + UNSEEN) / (m + 2 * UNSEEN)
    variance = ((others + moved) * (1 - (others + moved) / m) + nearly - moved + UNSEEN) / m**2
    size = max(share * (1 - share) / variance - 1, 1.0)
    apart = (share * size, (1 - share) * size)
    left = (_less(listed, moved), listed * (1 - moved / listed.sum()))
    return [own, *(Expectation(np.append(each if each.any() else listed, 0.0), apart) for each in left)]


def _less(counts: np.ndarray, total: float) -> np.ndarray:
    """The counts without `total`, of which each gives the same, or all that it has."""
    rising, left = np.sort(counts), total
    for place, count in enumerate(rising):
        each = left / (len(rising) - place)
        if count >= each:
            return np.maximum(counts - each, 0.0)
        left -= count
    return np.zeros_like(counts)
