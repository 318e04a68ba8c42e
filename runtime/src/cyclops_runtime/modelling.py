"""The built-in templates: one scikit-learn pipeline from raw feature values to predictions, per algorithm and task."""

from typing import Any

import numpy
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from cyclops_runtime.errors import InputError

MISSING = "(missing)"
# More categories than this are rare ones together: memory stays bounded, and gradient boosting takes 255 at most.
_ONE_HOT_CATEGORIES = 100
_ORDINAL_CATEGORIES = 250

_ESTIMATORS: dict[tuple[str, bool], type] = {
    ("linear", True): LogisticRegression,
    ("linear", False): Ridge,
    ("random-forest", True): RandomForestClassifier,
    ("random-forest", False): RandomForestRegressor,
    ("gradient-boosting", True): HistGradientBoostingClassifier,
    ("gradient-boosting", False): HistGradientBoostingRegressor,
}
_DEFAULTS: dict[tuple[str, bool], dict[str, Any]] = {
    ("linear", True): {"max_iter": 2000},
    ("random-forest", True): {"n_estimators": 200, "min_samples_leaf": 2, "n_jobs": -1},
    ("random-forest", False): {"n_estimators": 200, "min_samples_leaf": 2, "n_jobs": -1},
}


def build_pipeline(
    algorithm: str, is_classification: bool, columns: list[dict[str, str]], hyperparameters: dict[str, Any], seed: int
) -> Pipeline:
    """An unfitted pipeline for the columns of `preprocess.json`.

    Missing numbers are filled with the median, categories that training has not seen count as none of the known ones.
    InputError for a hyper-parameter that the algorithm does not have.
    """
    numbers = [column["name"] for column in columns if column["type"] != "category"]
    categories = [column["name"] for column in columns if column["type"] == "category"]
    key = (algorithm, is_classification)
    if algorithm == "gradient-boosting":
        features = ColumnTransformer([("numbers", "passthrough", numbers), ("categories", _ordinal(), categories)])
        fixed = {"categorical_features": numpy.arange(len(numbers), len(numbers) + len(categories))} if categories else {}
    else:
        features = ColumnTransformer([("numbers", _scaled(), numbers), ("categories", _one_hot(), categories)])
        fixed = {}
    estimator = _ESTIMATORS[key](random_state=seed, **_DEFAULTS.get(key, {}), **fixed)
    return Pipeline([("features", features), ("model", _with(estimator, key, hyperparameters))])


def hyperparameters_of(algorithm: str, is_classification: bool) -> list[str]:
    """Names that `training.hyperparameters` may have: the arguments of the estimator but for what the template sets itself."""
    # Core refuses others by its copy of this list, packages/core/catalogues/hyperparameters.json.
    return sorted(set(_ESTIMATORS[algorithm, is_classification]().get_params()) - {"categorical_features"})


def _with(estimator: Any, key: tuple[str, bool], hyperparameters: dict[str, Any]) -> Any:
    known = hyperparameters_of(*key)
    unknown = sorted(set(hyperparameters) - set(known))
    if unknown:
        raise InputError(
            f"spec.training.hyperparameters: {key[0]} has no {', '.join(map(repr, unknown))}; it has {', '.join(known)}"
        )
    return estimator.set_params(**hyperparameters)


def _scaled() -> Pipeline:
    return Pipeline([("fill", SimpleImputer(strategy="median", keep_empty_features=True)), ("scale", StandardScaler())])


def _filled() -> list[tuple[str, Any]]:
    """Files give NaN for a missing text and JSON gives None; both are one category of their own."""
    return [
        ("fill_nan", SimpleImputer(strategy="constant", fill_value=MISSING)),
        ("fill_none", SimpleImputer(missing_values=None, strategy="constant", fill_value=MISSING)),
    ]


def _one_hot() -> Pipeline:
    encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=_ONE_HOT_CATEGORIES, sparse_output=False)
    return Pipeline([*_filled(), ("encode", encoder)])


def _ordinal() -> Pipeline:
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=numpy.nan, max_categories=_ORDINAL_CATEGORIES)
    return Pipeline([*_filled(), ("encode", encoder)])


def fit(pipeline: Pipeline, features: Any, target: Any, algorithm: str) -> Pipeline:
    """Fits in place and returns the pipeline; InputError where scikit-learn refuses a hyper-parameter's value."""
    from sklearn.utils._param_validation import InvalidParameterError

    try:
        return pipeline.fit(features, target)
    except InvalidParameterError as error:
        raise InputError(f"spec.training.hyperparameters: {algorithm}: {' '.join(str(error).split())}") from None
