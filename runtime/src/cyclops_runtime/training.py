"""What `train` and `tune` have in common: reading features, skipping repeated work, logging the model, `train.json`."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pandas

from cyclops_runtime import __version__
from cyclops_runtime.caching import StepPlan
from cyclops_runtime.config import rank_of_environment
from cyclops_runtime.document import ModelDocument
from cyclops_runtime.experiment import run_exists, training_run
from cyclops_runtime.logging import get_logger
from cyclops_runtime.model_logging import log_pipeline
from cyclops_runtime.modelling import build_pipeline, fit
from cyclops_runtime.storage import ZoneStore

log = get_logger(__name__)


@dataclass(frozen=True)
class TrainingRows:
    """Features of shape (rows, columns), the target, and `preprocess.json`."""

    features: pandas.DataFrame
    target: pandas.Series
    preprocess: dict[str, Any]


def plan(document: ModelDocument, run_id: str) -> StepPlan:
    """A model depends on the training rows and on how it is trained."""
    training = document.spec.training
    return StepPlan(
        inputs=[document.run_path("features", run_id, name) for name in ("train.parquet", "preprocess.json")],
        outputs=[document.run_path("models", run_id, "train.json")],
        configuration={
            "task": document.spec.task,
            "algorithm": training.algorithm,
            "seed": training.seed,
            "hyperparameters": training.hyperparameters,
            "tune": msgspec.to_builtins(training.tune),
            "metric": training.gate.metric if training.tune else None,
            "registry": msgspec.to_builtins(document.registry),
        },
    )


def read_rows(document: ModelDocument, run_id: str) -> TrainingRows:
    """The training rows of this run."""
    store = ZoneStore(document)
    preprocess = store.read_json(document.run_path("features", run_id, "preprocess.json"))
    train = store.read_parquet(document.run_path("features", run_id, "train.parquet"))
    return TrainingRows(train[[column["name"] for column in preprocess["columns"]]], train[preprocess["target"]], preprocess)


def train_and_log(document: ModelDocument, run_id: str, choose: Callable[[TrainingRows, Any], dict[str, Any]]) -> dict[str, Any]:
    """Trains with the hyper-parameters that `choose(rows, mlflow_run)` returns, logs the model, writes `train.json`.

    Done already with the same inputs: returns the earlier `train.json`. On ranks other than 0: returns at once.
    """
    rank = rank_of_environment()
    if rank.index > 0:
        # The templates train on one machine; the others' exit code 0 lets the job as a whole succeed.
        log.info("nothing-to-do", rank=rank.index, reason="built-in algorithms train on rank 0")
        return {"rank": rank.index, "skipped": True}
    store = ZoneStore(document)
    place = document.run_path("models", run_id, "train.json")
    key = _inputs_key(document, run_id, store)
    if store.exists(place):
        earlier = store.read_json(place)
        if earlier.get("inputsKey") == key and run_exists(document, earlier.get("mlflowRunId")):
            log.info("model-exists", mlflow_run=earlier["mlflowRunId"], reason="the same run id, rows and configuration")
            return earlier
    rows = read_rows(document, run_id)
    with training_run(document, run_id) as active:
        hyperparameters = choose(rows, active)
        result = _fit_and_log(document, rows, hyperparameters)
        result |= {"mlflowRunId": active.info.run_id, "inputsKey": key, "rows": len(rows.features)}
    # After the run is closed: whoever reads train.json finds a finished run.
    store.write_json(place, result)
    log.info("model-logged", model=result["modelUri"], mlflow_run=result["mlflowRunId"], rows=result["rows"])
    return result


def _fit_and_log(document: ModelDocument, rows: TrainingRows, hyperparameters: dict[str, Any]) -> dict[str, Any]:
    import mlflow

    training, task = document.spec.training, document.spec.task
    columns = rows.preprocess["columns"]
    pipeline = build_pipeline(training.algorithm, task != "regression", columns, hyperparameters, training.seed)
    fit(pipeline, rows.features, rows.target, training.algorithm)
    mlflow.log_params(
        {
            "algorithm": training.algorithm,
            "seed": training.seed,
            "rows": len(rows.features),
            **{f"hyperparameter.{name}": value for name, value in hyperparameters.items()},
        }
    )
    model_uri = log_pipeline(pipeline, rows.features, rows.preprocess, task)
    return {"modelUri": model_uri, "algorithm": training.algorithm, "parameters": hyperparameters}


def _inputs_key(document: ModelDocument, run_id: str, store: ZoneStore) -> str:
    the_plan = plan(document, run_id)
    parts = [__version__, the_plan.configuration, [store.checksum(path) for path in the_plan.inputs]]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
