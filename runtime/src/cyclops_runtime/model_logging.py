"""Logs a fitted scikit-learn pipeline to MLflow, in one form for the built-in templates and for custom train steps.

Classifiers are logged with `predict_proba` as pyfunc function: `mlflow.pyfunc.load_model(uri).predict(frame)` is an array of
shape (rows, classes), and the metadata `cyclops` names classes and positive label (see `prediction.py`). Numbers are
doubles in the signature, so that a whole-number column with gaps does not break MLflow's checks.
"""

import importlib.metadata
import tempfile
import warnings
from typing import Any

import pandas

from cyclops_runtime.logging import get_logger

log = get_logger(__name__)

_SIGNATURE_TYPES = {"number": "double", "flag": "boolean", "category": "string"}
_REQUIREMENTS = ("mlflow", "scikit-learn", "pandas", "numpy", "scipy", "skops")
_TRUSTED_TYPES = frozenset({"numpy.dtype", "functools.partial"})
_EXAMPLE_ROWS = 5


def log_pipeline(pipeline: Any, features: pandas.DataFrame, preprocess: dict[str, Any], task: str) -> str:
    """Logs to the active MLflow run and returns the model's address.

    `features` are training rows, of which the first few become the input example; `preprocess` is `preprocess.json`.
    """
    import mlflow
    from mlflow.exceptions import MlflowException

    is_classification = task != "regression"
    classes = [str(name) for name in pipeline.classes_] if is_classification else None
    arguments: dict[str, Any] = {
        "sk_model": pipeline,
        "pyfunc_predict_fn": "predict_proba" if is_classification else "predict",
        "signature": _signature(preprocess["columns"], classes),
        "input_example": _example(features[[column["name"] for column in preprocess["columns"]]]),
        "metadata": {
            "cyclops": {
                "task": task,
                "classes": classes,
                "positive": preprocess["positive"],
                "columns": preprocess["columns"],
                "target": preprocess["target"],
                # How values are read; a custom preprocess step need not say.
                "values": preprocess.get("values"),
            }
        },
        # Without this list MLflow finds it by loading the model in a second process.
        "pip_requirements": [f"{name}=={importlib.metadata.version(name)}" for name in _REQUIREMENTS],
        **_serialization(pipeline),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return mlflow.sklearn.log_model(name="model", **arguments).model_uri
        except MlflowException as error:
            # Servers of MLflow 2, and AzureML among them, know no logged models: the model is a folder of the run there.
            if error.error_code not in ("ENDPOINT_NOT_FOUND", "NOT_IMPLEMENTED") and "logged-model" not in str(error):
                raise
        with tempfile.TemporaryDirectory() as folder:
            mlflow.sklearn.save_model(path=f"{folder}/model", **arguments)
            mlflow.log_artifacts(f"{folder}/model", "model")
        return f"runs:/{mlflow.active_run().info.run_id}/model"


def _signature(columns: list[dict[str, str]], classes: list[str] | None) -> Any:
    import numpy
    from mlflow.models import ModelSignature
    from mlflow.types.schema import ColSpec, Schema, TensorSpec

    inputs = Schema([ColSpec(_SIGNATURE_TYPES[column["type"]], column["name"]) for column in columns])
    shape = (-1, len(classes)) if classes else (-1,)
    return ModelSignature(inputs, Schema([TensorSpec(numpy.dtype("float64"), shape)]))


def _example(features: pandas.DataFrame) -> pandas.DataFrame:
    """A few rows without gaps where there are such rows: an example should show what a column holds."""
    complete = features.dropna()
    return (complete if len(complete) else features).head(_EXAMPLE_ROWS).reset_index(drop=True)


def _serialization(pipeline: Any) -> dict[str, Any]:
    """skops, which runs no code of the file on loading; cloudpickle for pipelines with classes of other libraries."""
    import skops.io

    untrusted = set(skops.io.get_untrusted_types(data=skops.io.dumps(pipeline)))
    foreign = {name for name in untrusted if name not in _TRUSTED_TYPES and not name.startswith(("sklearn.", "numpy."))}
    if foreign:
        log.warning("model-saved-as-pickle", types=sorted(foreign))
        return {"serialization_format": "cloudpickle"}
    return {"serialization_format": "skops", "skops_trusted_types": sorted(untrusted)}
