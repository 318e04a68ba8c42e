"""Made-up features with and without a change, the same for both sides. NumPy alone: each side has a Python of its own."""

from collections.abc import Callable

import numpy

Sample = Callable[[numpy.random.Generator, int], numpy.ndarray]


def normal(mean: float = 0.0) -> Sample:
    """Numbers that hardly repeat."""
    return lambda random, rows: random.normal(mean, 1, rows)


def counts(mean: float = 5.0) -> Sample:
    """Small whole numbers."""
    return lambda random, rows: random.poisson(mean, rows).astype(float)


def marks(random: numpy.random.Generator, rows: int) -> numpy.ndarray:
    """Five values, the last of which is rare."""
    return random.choice(5, rows, p=[0.4, 0.3, 0.2, 0.08, 0.02]).astype(float)


def amounts(random: numpy.random.Generator, rows: int) -> numpy.ndarray:
    """Mostly zeros."""
    return numpy.where(random.random(rows) < 0.7, 0.0, random.lognormal(size=rows))


def flags(share: float = 0.1) -> Sample:
    """Zeros and ones."""
    return lambda random, rows: (random.random(rows) < share).astype(float)


def even(levels: int) -> Sample:
    """Categories that are equally frequent."""
    return _texts(numpy.full(levels, 1 / levels))


def uneven(levels: int) -> Sample:
    """Categories of which the k-th is a k-th as frequent as the first (Zipf)."""
    shares = 1 / numpy.arange(1, levels + 1)
    return _texts(shares / shares.sum())


def moved(points: float, levels: int = 5) -> Sample:
    """Categories of which the first has 0.1 and `points`, and the others the rest in equal parts."""
    first = 0.1 + points
    return _texts(numpy.array([first, *[(1 - first) / (levels - 1)] * (levels - 1)]))


def missing(share: float) -> Sample:
    """Numbers with gaps."""
    return lambda random, rows: numpy.where(random.random(rows) < share, numpy.nan, random.normal(size=rows))


def _texts(shares: numpy.ndarray) -> Sample:
    names = numpy.array([f"level {number:03d}" for number in range(len(shares))], dtype=object)
    return lambda random, rows: names[random.choice(len(shares), rows, p=shares)]


# What a model's features are like, each list in turn until there are as many as asked for.
FAMILIES: dict[str, list[Sample]] = {
    "numbers": [normal()],
    "numbers with ties": [counts(), marks, amounts, flags(), flags(0.02)],
    "with 2 categories": [even(2), moved(0, 2)],
    "with 12 categories": [even(12), uneven(12)],
    "with 60 categories": [even(60), uneven(60)],
    "with 500 categories": [even(500), uneven(500)],
    "of all kinds": [normal(), counts(), amounts, flags(), even(2), uneven(12), uneven(60), even(500)],
}

# One feature before and after.
SHIFTS: dict[str, tuple[Sample, Sample]] = {
    "mean + 0.1 sd": (normal(), normal(0.1)),
    "mean + 0.25 sd": (normal(), normal(0.25)),
    "mean + 0.5 sd": (normal(), normal(0.5)),
    "mean + 1 sd": (normal(), normal(1)),
    "a category of 10 % + 5 points": (moved(0), moved(0.05)),
    "a category of 10 % + 10 points": (moved(0), moved(0.1)),
    "a category of 10 % + 20 points": (moved(0), moved(0.2)),
    "missing 2 % + 5 points": (missing(0.02), missing(0.07)),
}
# The shifted feature is one of so many.
FEATURES = 10


def random_of(*numbers: int) -> numpy.random.Generator:
    """One stream for each trial, whatever else is measured."""
    return numpy.random.default_rng(numbers)
