"""What is known of scikit-learn's own models, and of nobody else's: how they may be called, and where."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlflow.pyfunc import PyFuncModel


def relax() -> bool:
    """Spares the calling thread checks that were made when the model was fitted or when the request was read.

    False where there is nothing to spare yet: no model has brought scikit-learn with it, and importing it takes seconds.
    """
    sklearn = sys.modules.get("sklearn")
    if sklearn is None:
        return False
    try:
        sklearn.set_config(skip_parameter_validation=True)  # sklearn's settings are per thread
    except (AttributeError, TypeError):
        return False
    return True


def sklearn_parts(model: PyFuncModel) -> list[Any]:
    """The estimator that MLflow's model wraps, with all that it is made of; empty if any of it is not scikit-learn's own code.

    A `FunctionTransformer` runs its user's function, so it is not.
    """
    try:
        estimator = model.get_raw_model()
        values = estimator.get_params(deep=True).values()
    except (AttributeError, NotImplementedError, TypeError):
        return []
    parts = [estimator, *(value for value in values if hasattr(value, "fit") or hasattr(value, "transform"))]
    own = all(type(p).__module__.partition(".")[0] == "sklearn" and type(p).__name__ != "FunctionTransformer" for p in parts)
    return parts if own else []


def needs_no_thread(parts: Sequence[Any]) -> bool:
    """Whether a prediction neither waits for anything nor starts threads, whose time would not be counted as its own."""
    return bool(parts) and all(getattr(part, "n_jobs", None) in (None, 1) for part in parts)


def knows_positions_only(parts: Sequence[Any], names: Sequence[str]) -> bool:
    """Whether the model takes its columns by position, and was fitted on columns in the order of `names`.

    A `ColumnTransformer` chooses columns by name. A model that was fitted on an array knows no names at all.
    """
    if not parts or any(type(part).__name__ == "ColumnTransformer" for part in parts):
        return False
    fitted_on = getattr(parts[0], "feature_names_in_", None)
    return fitted_on is None or list(fitted_on) == list(names)


def accept_arrays() -> None:
    """Silences scikit-learn's warning that an array has no column names: they were checked against the signature."""
    warnings.filterwarnings("ignore", message="X does not have valid feature names", category=UserWarning)
