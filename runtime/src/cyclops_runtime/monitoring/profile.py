"""The reference: distributions of the champion's training rows, and of its predictions on rows it was not trained on.

Made once for each champion and kept as JSON, so that a report needs neither the training rows nor, mostly, the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from cyclops_runtime.monitoring.statistics import bin_shares, category_shares, quantile_edges
from cyclops_runtime.prediction import as_number, as_text

FORMAT = 1
# More categories than these are counted together as "other"; the rare ones would each be mostly noise.
MAX_CATEGORIES = 50
NUMBER, CATEGORY = "number", "category"


@dataclass(frozen=True)
class Distribution:
    """Shares of one column. Numbers have `edges`, categories have `categories`; `shares` has one entry more than either."""

    kind: str
    shares: list[float]
    edges: list[float] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    missing: float = 0.0

    def shares_of(self, values: pd.Series) -> tuple[np.ndarray, int]:
        """Shares of the values that are not missing in the bins of the reference, and how many they are."""
        if self.kind == NUMBER:
            present = as_number(values).dropna().to_numpy()
            return bin_shares(present, self.edges), len(present)
        present = as_text(values).dropna().tolist()
        return category_shares(present, self.categories), len(present)

    def missing_share(self, values: pd.Series) -> float:
        """Share of values that are missing, or cannot be read as a number where the reference has numbers."""
        if len(values) == 0:
            return 0.0
        return float((as_number(values) if self.kind == NUMBER else as_text(values)).isna().mean())


@dataclass(frozen=True)
class Profile:
    """Everything that a report compares with."""

    version: str
    rows: int
    features: dict[str, Distribution]
    predictions: Distribution | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    held_out_rows: int = 0
    format: int = FORMAT

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


def distribution_of(values: pd.Series) -> Distribution | None:
    """Distribution of a reference column by its type; None where every value is missing."""
    missing = float(values.isna().mean()) if len(values) else 1.0
    if missing == 1.0:
        return None
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        present = values.dropna().to_numpy(dtype=float)
        edges = quantile_edges(present)
        return Distribution(NUMBER, bin_shares(present, edges).tolist(), edges=edges, missing=missing)
    if pd.api.types.is_datetime64_any_dtype(values):
        present = as_number(values).dropna().to_numpy()
        edges = quantile_edges(present)
        return Distribution(NUMBER, bin_shares(present, edges).tolist(), edges=edges, missing=missing)
    present = as_text(values).dropna()
    categories = present.value_counts().head(MAX_CATEGORIES).index.tolist()
    return Distribution(CATEGORY, category_shares(present.tolist(), categories).tolist(), categories=categories, missing=missing)


def make_profile(
    version: str,
    train: pd.DataFrame,
    feature_names: Sequence[str],
    predictions: pd.DataFrame | None,
    metrics: Mapping[str, float],
    several_classes: bool | None = None,
) -> Profile:
    """Profile of training rows and of predictions on held-out rows (columns `label` and `probability`).

    Predictions on the training rows themselves would be surer than any later ones, and every report would see drift.
    """
    features = {name: found for name in feature_names if (found := distribution_of(train[name])) is not None}
    drawn = (
        None
        if predictions is None or len(predictions) == 0
        else distribution_of(predicted_quantity(predictions, several_classes))
    )
    return Profile(version, len(train), features, drawn, dict(metrics), 0 if predictions is None else len(predictions))


def predicted_quantity(predictions: pd.DataFrame, several_classes: bool | None = None) -> pd.Series:
    """What drift of predictions is measured on: the probability of the positive label, else the label or value itself.

    With more than two classes the probability belongs to a different label in every row, so labels are compared.
    """
    if several_classes is None:
        several_classes = predictions["label"].nunique() > 2
    if predictions["probability"].notna().any() and not several_classes:
        return predictions["probability"]
    return predictions["label"]
