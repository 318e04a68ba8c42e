"""The gate's metric on labelled predictions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.metrics import classification_metrics, regression_metrics
from cyclops_runtime.monitoring.kpis import Measured, nothing
from cyclops_runtime.monitoring.pairs import Pairs
from cyclops_runtime.values.labels import label_of


def live_quality(document: ModelDocument, pairs: Pairs, classes: Sequence[str] | None) -> Measured:
    """The gate's metric on labelled predictions; `classes` are those of the model's metadata, in its order."""
    metric, rows = document.spec.training.gate.metric, pairs.ordered()
    if document.spec.task == "regression":
        numbers = rows[["truth", "label"]].apply(pd.to_numeric, errors="coerce")
        numbers = numbers[np.isfinite(numbers).all(axis=1)]
        rows, values = numbers, regression_metrics(numbers["truth"], numbers["label"]) if len(numbers) else {}
    else:
        positive = positive_label(document, classes or ())
        values = classification_metrics(
            rows["truth"], rows["label"], _probabilities(rows, classes, positive), classes or [], positive
        )
    value, n = values.get(metric), len(rows)
    return nothing(f"{metric} is not defined for the {n} labelled predictions", n) if value is None else Measured(value, n)


def positive_label(document: ModelDocument, classes: Sequence[str]) -> str | None:
    """The positive class of a binary classifier, in the form of its classes, else None."""
    positive = document.spec.data.positive
    return label_of(positive, classes) if document.spec.task == "binary-classification" and positive is not None else None


def _probabilities(rows: pd.DataFrame, classes: Sequence[str] | None, positive: str | None) -> np.ndarray | None:
    """Probabilities of both classes, shape (rows, 2); None where a prediction has none, or there are more classes."""
    if not classes or len(classes) != 2 or positive not in classes or rows["probability"].isna().any():
        return None
    chance = rows["probability"].to_numpy()
    return np.stack([chance if name == positive else 1 - chance for name in classes], axis=1)
