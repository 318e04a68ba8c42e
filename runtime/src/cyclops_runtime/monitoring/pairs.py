"""Predictions with the labels that have arrived for them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

_SCHEMA = pa.schema([("truth", pa.string()), ("label", pa.string()), ("probability", pa.float64())])


@dataclass
class Pairs:
    """Labelled predictions: truth and predicted label as text, probability or NaN.

    Kept one by one, as areas under curves have no sum that is exact; they are as few as the labels.
    """

    truth: list[str] = field(default_factory=list)
    label: list[str] = field(default_factory=list)
    probability: list[float] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.truth)

    def __add__(self, other: Pairs) -> Pairs:
        return Pairs(self.truth + other.truth, self.label + other.label, self.probability + other.probability)

    def to_table(self) -> pa.Table:
        """One row a pair."""
        return pa.table([self.truth, self.label, self.probability], schema=_SCHEMA)

    @classmethod
    def from_table(cls, table: pa.Table) -> Pairs:
        """The pairs that `to_table` wrote."""
        return cls(*(table.column(name).to_pylist() for name in _SCHEMA.names))

    def ordered(self) -> pd.DataFrame:
        """The pairs in an order of their own: a sum of floats depends on its order, and parts come in any."""
        frame = pd.DataFrame({"truth": self.truth, "label": self.label, "probability": self.probability})
        return frame.sort_values(["truth", "label", "probability"], ignore_index=True)
