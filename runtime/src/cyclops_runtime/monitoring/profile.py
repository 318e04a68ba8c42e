"""The reference: distributions of the champion's training rows, and of its predictions on rows it was not trained on.

Made once for each model, at training, and kept as JSON: a report reads neither the training rows nor, mostly, the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.types as types

from cyclops_runtime.monitoring.statistics import bin_counts, quantile_edges
from cyclops_runtime.monitoring.values import numbers_of, texts_of
from cyclops_runtime.prediction import LABEL, PROBABILITY
from cyclops_runtime.values.contract import ValueContract, contract_of
from cyclops_runtime.values.reader import texts as texts_in

FORMAT = 2
# More categories than these are counted together as "other"; the rare ones would each be mostly noise.
MAX_CATEGORIES = 50
NUMBER, CATEGORY = "number", "category"


@dataclass(frozen=True)
class Distribution:
    """Counts of one column's values. Numbers have `edges`, categories `categories`; `counts` has one entry more than either."""

    kind: str
    counts: list[int]
    edges: list[float] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    missing: float = 0.0

    @property
    def shares(self) -> np.ndarray:
        """Share of each bin among the values that are not missing."""
        return np.asarray(self.counts) / max(sum(self.counts), 1)


@dataclass(frozen=True)
class Profile:
    """Everything that a report compares with.

    `quantity` is the column that `predictions` is of: `probability` or `label`. `empty` names features without any value,
    `classes` the model's classes in the order of its probabilities. `contract` is the part of the model's metadata that says how
    its values are read, `findings` what training found strange in its data.
    """

    rows: int
    features: dict[str, Distribution]
    predictions: Distribution | None = None
    quantity: str = LABEL
    metrics: dict[str, float] = field(default_factory=dict)
    held_out_rows: int = 0
    empty: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    contract: dict[str, Any] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    format: int = FORMAT

    @cached_property
    def values(self) -> ValueContract:
        """How values of the features are read."""
        return contract_of(self.contract, None)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Profile | None:
        """The profile, or None where another version of the runtime has written it."""
        if value.get("format") != FORMAT:
            return None
        predictions = value.get("predictions")
        return cls(
            **{
                **value,
                "features": {name: Distribution(**feature) for name, feature in value["features"].items()},
                "predictions": Distribution(**predictions) if predictions else None,
            }
        )


def distribution_of(column: pa.Array) -> Distribution | None:
    """Distribution of a reference column by its type; None where it has no value. Infinite values count as missing."""
    kind = column.type
    # Truth is 1 and 0, which files of all formats agree on; its name is written in several ways.
    is_number = types.is_floating(kind) or types.is_integer(kind) or types.is_decimal(kind) or types.is_boolean(kind)
    if is_number or types.is_timestamp(kind) or types.is_date(kind):
        values = numbers_of(column).values
        values = values[~np.isnan(values)]
        if len(values) == 0:
            return None
        edges = quantile_edges(values)
        missing = (len(column) - len(values)) / len(column)
        return Distribution(NUMBER, bin_counts(values, edges).tolist(), edges=edges, missing=missing)
    texts = texts_of(column)
    totals: dict[str, int] = {}
    for name, count in zip(texts.names, texts.counts().tolist(), strict=True):
        if count and name is not None:
            totals[name] = totals.get(name, 0) + count
    if not totals:
        return None
    categories = sorted(totals, key=lambda name: (-totals[name], name))[:MAX_CATEGORIES]
    present = sum(totals.values())
    counts = [totals[name] for name in categories]
    missing = (len(column) - present) / len(column)
    return Distribution(CATEGORY, [*counts, present - sum(counts)], categories=categories, missing=missing)


def make_profile(
    column: Callable[[str], pa.Array],
    rows: int,
    feature_names: Sequence[str],
    predictions: pd.DataFrame | None,
    metrics: Mapping[str, float],
    classes: Sequence[str] = (),
    contract: Mapping[str, Any] | None = None,
    findings: Sequence[str] = (),
) -> Profile:
    """Profile of training rows and of predictions on held-out rows (columns `label` and `probability`).

    `column` gives a column of the training rows by its name: one is in memory at a time. Predictions on the training rows
    themselves would be surer than any later ones, and every report would see drift.
    """
    # In the order that the profile's file has, so that a report does not depend on where the profile is from.
    features = {name: distribution_of(column(name)) for name in sorted(feature_names)}
    known = {name: found for name, found in features.items() if found is not None}
    quantity, drawn = LABEL, None
    if predictions is not None and len(predictions):
        quantity = predicted_quantity(predictions, len(classes) > 2 if classes else None)
        drawn = distribution_of(array_of(predictions[quantity]))
    return Profile(
        rows=rows,
        features=known,
        predictions=drawn,
        quantity=quantity,
        metrics=dict(metrics),
        held_out_rows=0 if predictions is None else len(predictions),
        empty=[name for name, found in features.items() if found is None],
        classes=list(classes),
        contract=dict(contract or {}),
        findings=list(findings),
    )


def frame_columns(frame: pd.DataFrame) -> Callable[[str], pa.Array]:
    """Columns of a frame, for `make_profile`."""
    return lambda name: array_of(frame[name])


def array_of(values: pd.Series) -> pa.Array:
    """A column of a frame as PyArrow's; one of several types becomes texts."""
    try:
        return pa.Array.from_pandas(values)
    except (pa.ArrowException, OverflowError):
        return pa.array(texts_in(values).tolist(), pa.string())


def predicted_quantity(predictions: pd.DataFrame, several_classes: bool | None = None) -> str:
    """The column that drift of predictions is measured on: the probability of the positive label, else the label or value.

    With more than two classes the probability belongs to a different label in every row, so labels are compared.
    """
    if several_classes is None:
        several_classes = predictions[LABEL].nunique() > 2
    return PROBABILITY if predictions[PROBABILITY].notna().any() and not several_classes else LABEL
