"""The metrics of the spec, on held-out rows."""

import math
from collections.abc import Sequence
from typing import Any

import numpy

from cyclops_runtime.document import LESS_IS_BETTER


def is_better_or_equal(metric: str, value: float, other: float, tolerance: float = 0.0) -> bool:
    """Whether `value` is at least as good as `other`, less `tolerance` (in units of the metric)."""
    return value <= other + tolerance if metric in LESS_IS_BETTER else value >= other - tolerance


def regression_metrics(truth: Sequence[float], predicted: Sequence[float]) -> dict[str, float | None]:
    """rmse, mae (units of the target), mape (a share, not percent) and r2; None where one is not defined."""
    from sklearn import metrics as sk

    truth, predicted = numpy.asarray(truth, dtype=float), numpy.asarray(predicted, dtype=float)
    return _finite(
        {
            "rmse": lambda: sk.root_mean_squared_error(truth, predicted),
            "mae": lambda: sk.mean_absolute_error(truth, predicted),
            # scikit-learn divides by a tiny number where the truth is zero, which drowns every other row.
            "mape": lambda: sk.mean_absolute_percentage_error(truth, predicted) if (truth != 0).all() else math.nan,
            "r2": lambda: sk.r2_score(truth, predicted) if len(truth) > 1 else math.nan,
        }
    )


def classification_metrics(
    truth: Sequence[str], labels: Sequence[str], probabilities: numpy.ndarray | None, classes: Sequence[str], positive: str | None
) -> dict[str, float | None]:
    """All metrics of classification; None where one is not defined, such as roc_auc without probabilities.

    `probabilities` has shape (rows, classes) in the order of `classes`. With `positive` f1, precision, recall and
    average_precision are those of the positive class; without, they are means over the classes, weighted alike.
    """
    from sklearn import metrics as sk

    truth, labels = numpy.asarray(truth, dtype=object), numpy.asarray(labels, dtype=object)
    average = {"average": "binary", "pos_label": positive} if positive is not None else {"average": "macro"}
    found = {
        "accuracy": lambda: sk.accuracy_score(truth, labels),
        "f1": lambda: sk.f1_score(truth, labels, zero_division=0, **average),
        "precision": lambda: sk.precision_score(truth, labels, zero_division=0, **average),
        "recall": lambda: sk.recall_score(truth, labels, zero_division=0, **average),
        "roc_auc": lambda: math.nan,
        "average_precision": lambda: math.nan,
        "log_loss": lambda: math.nan,
    }
    if probabilities is not None:
        classes = list(classes)
        known = numpy.isin(truth, classes)  # a class that the model has never seen has no probability
        one_hot = numpy.stack([truth[known] == name for name in classes], axis=1).astype(int)
        chances = probabilities[known]
        if positive is not None:
            column = classes.index(positive)
            one_hot, areas = one_hot[:, column], chances[:, column]
        else:
            areas = chances
        several = len(set(truth[known])) > 1
        if not known.any():
            return _finite(found)
        found["roc_auc"] = lambda: sk.roc_auc_score(one_hot, areas, average="macro") if several else math.nan
        found["average_precision"] = lambda: sk.average_precision_score(one_hot, areas, average="macro")
        found["log_loss"] = lambda: sk.log_loss(truth[known], chances, labels=classes) if known.all() else math.nan
    return _finite(found)


def _finite(functions: dict[str, Any]) -> dict[str, float | None]:
    """Values of all functions; one that is not defined for these rows is None, which JSON can hold."""
    values: dict[str, float | None] = {}
    for name, function in functions.items():
        try:
            value = float(function())
        except ValueError:
            value = math.nan
        values[name] = value if math.isfinite(value) else None
    return values
