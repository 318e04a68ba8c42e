"""What one pass over a part of the current window has counted.

Whole numbers, sets and unordered pairs only: two parts add up to exactly what one pass over both had counted, in any order, so
that a window can be shared among machines. Every KPI of data and model is computed from these counts and the reference alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cyclops_runtime.monitoring.pairs import Pairs

# A segment of more groups than these is no segment; its counts would have no bound.
MAX_GROUPS = 1000
# So many names of new categories are kept: the first ones of the alphabet, as only those of both parts are those of the whole.
MAX_NEW = 5


@dataclass
class FeatureCounts:
    """One feature's values. `bins` are those of the reference; all other values are missing, unreadable or infinite.

    `seen` counts rows that have the column at all, `numbers` those with a number where the reference has texts, and `new` has
    names of categories that the reference does not list.
    """

    bins: list[int]
    seen: int = 0
    unreadable: int = 0
    infinite: int = 0
    numbers: int = 0
    new: list[str] = field(default_factory=list)

    @property
    def n(self) -> int:
        """Values in the bins."""
        return sum(self.bins)

    def __add__(self, other: FeatureCounts) -> FeatureCounts:
        return FeatureCounts(
            bins=_sum(self.bins, other.bins),
            seen=self.seen + other.seen,
            unreadable=self.unreadable + other.unreadable,
            infinite=self.infinite + other.infinite,
            numbers=self.numbers + other.numbers,
            new=sorted({*self.new, *other.new})[:MAX_NEW],
        )


# Group -> label -> rows; None for more than MAX_GROUPS groups.
Groups = dict[str, dict[str, int]] | None


@dataclass
class Window:
    """Counts of rows. `predicted` are the champion's predictions, `predictions` those of them in the bins of the reference.

    `segments` has the segments that the rows have, `pairs` the labelled predictions, `due` the predictions whose labels are due,
    `labels` the labels that there are (the same for each part, which reads all of them), and `left_out` a reason for each file
    that could not be read.
    """

    rows: int = 0
    features: dict[str, FeatureCounts] = field(default_factory=dict)
    checked: list[str] = field(default_factory=list)
    violating: int = 0
    violations: dict[str, int] = field(default_factory=dict)
    predicted: int = 0
    predictions: list[int] = field(default_factory=list)
    segments: dict[str, Groups] = field(default_factory=dict)
    due: int = 0
    labels: int = 0
    pairs: Pairs = field(default_factory=Pairs)
    left_out: list[str] = field(default_factory=list)

    def __add__(self, other: Window) -> Window:
        names = [*self.features, *(name for name in other.features if name not in self.features)]
        return Window(
            rows=self.rows + other.rows,
            features={name: _either(self.features.get(name), other.features.get(name)) for name in names},
            checked=sorted({*self.checked, *other.checked}),
            violating=self.violating + other.violating,
            violations=_added(self.violations, other.violations),
            predicted=self.predicted + other.predicted,
            predictions=_sum(self.predictions, other.predictions),
            segments=_segments(self.segments, other.segments),
            due=self.due + other.due,
            labels=max(self.labels, other.labels),
            pairs=self.pairs + other.pairs,
            left_out=sorted({*self.left_out, *other.left_out}),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values; `pairs` are not among them (see `Pairs.to_table`)."""
        plain = {name: value for name, value in vars(self).items() if name not in ("features", "pairs")}
        return {**plain, "features": {name: dict(vars(counts)) for name, counts in self.features.items()}}

    @classmethod
    def from_json(cls, value: Mapping[str, Any], pairs: Pairs) -> Window:
        """The counts that `to_json` wrote."""
        features = {name: FeatureCounts(**counts) for name, counts in value["features"].items()}
        return cls(**{**value, "features": features, "pairs": pairs})


def _either(one: FeatureCounts | None, other: FeatureCounts | None) -> FeatureCounts:
    if one is None or other is None:
        return one or other or FeatureCounts([])
    return one + other


def _sum(one: list[int], other: list[int]) -> list[int]:
    """Of lists of the same bins; a part without rows has none."""
    return [a + b for a, b in zip(one, other, strict=True)] if one and other else one or other


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in sorted({*one, *other})}


def _segments(one: Mapping[str, Groups], other: Mapping[str, Groups]) -> dict[str, Groups]:
    return {name: _groups(one.get(name, {}), other.get(name, {})) for name in sorted({*one, *other})}


def _groups(one: Groups, other: Groups) -> Groups:
    if one is None or other is None:
        return None
    names = sorted({*one, *other})
    return bounded({name: _added(one.get(name, {}), other.get(name, {})) for name in names})


def bounded(groups: dict[str, dict[str, int]]) -> Groups:
    """The groups, or None for too many. Whether parts or the whole are counted, the answer for the whole is the same."""
    return groups if len(groups) <= MAX_GROUPS else None
