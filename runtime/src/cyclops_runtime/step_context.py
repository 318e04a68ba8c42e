"""Custom steps: `steps.<step>.entrypoint: package.module:function` is called with a StepContext in the built-in step's place.

```python
def train(context: StepContext) -> None:
    rows = context.read_frame("train.parquet")
    pipeline = make_pipeline(...).fit(rows[context.feature_names], rows[context.target])
    context.finish_training(pipeline)
```
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any

import pandas

from cyclops_runtime.config import Rank, rank_of_environment
from cyclops_runtime.document import ModelDocument
from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import Registry

log = get_logger(__name__)

# Every file of a run by name, with its zone: what one step writes, later steps read.
_ZONES = {
    "ingest.json": "curated",
    "data.parquet": "curated",
    "violations.parquet": "curated",
    "curate.json": "curated",
    "train.parquet": "features",
    "test.parquet": "features",
    "preprocess.json": "features",
    "train.json": "models",
    "evaluate.json": "models",
    "register.json": "models",
    "deploy.json": "models",
}


@dataclass(frozen=True)
class StepContext:
    """What a custom step knows: the model document, its run, its place in distributed training, and the files.

    `rank` counts from 0 to `world_size - 1`; `rendezvous` is `host:port` of instance 0, or None for a single instance.
    """

    document: ModelDocument
    run_id: str
    step: str
    rank: int = 0
    world_size: int = 1
    rendezvous: str | None = None
    _written: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def store(self) -> ZoneStore:
        """Files in the storage zones."""
        return ZoneStore(self.document)

    @cached_property
    def registry(self) -> Registry:
        """The MLflow registry."""
        return Registry(self.document)

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """`training.hyperparameters` of the spec."""
        return dict(self.document.spec.training.hyperparameters)

    @property
    def target(self) -> str:
        """Column to predict."""
        return self.document.spec.data.target

    @property
    def feature_names(self) -> list[str]:
        """Features in the order of `preprocess.json`."""
        return [column["name"] for column in self.read_json("preprocess.json")["columns"]]

    def path(self, file: str) -> str:
        """Zone path of a file of this run, such as `train.parquet`; InputError for a name the contract does not have."""
        if file not in _ZONES:
            raise InputError(f"{file!r} is no file of a run; there are {', '.join(_ZONES)}")
        return self.document.run_path(_ZONES[file], self.run_id, file)

    def uri(self, file: str) -> str:
        """Address (fsspec) of a file of this run."""
        return self.store.uri(self.path(file))

    def read_frame(self, file: str) -> pandas.DataFrame:
        """Rows of a parquet file of this run."""
        return self.store.read_parquet(self.path(file))

    def write_frame(self, file: str, frame: pandas.DataFrame) -> None:
        """Writes rows as a parquet file of this run."""
        self.store.write_parquet(self.path(file), frame)

    def read_json(self, file: str) -> Any:
        """Value of a JSON file of this run."""
        return self.store.read_json(self.path(file))

    def write_json(self, file: str, value: Any) -> None:
        """Writes a value as a JSON file of this run."""
        self.store.write_json(self.path(file), value)

    def finish_training(self, model: Any, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Logs a fitted scikit-learn estimator, or takes the MLflow address of a model that you logged, and writes `train.json`.

        Call it on rank 0 alone; on other ranks it does nothing.
        """
        if self.rank > 0:
            return {"rank": self.rank, "skipped": True}
        result = {"modelUri": model, "mlflowRunId": None} if isinstance(model, str) else self._log_estimator(model)
        result["parameters"] = self.hyperparameters if parameters is None else parameters
        self.write_json("train.json", result)
        self._written["train"] = result
        return result

    def _log_estimator(self, model: Any) -> dict[str, Any]:
        from cyclops_runtime.experiment import training_run
        from cyclops_runtime.model_logging import log_pipeline

        preprocess = self.read_json("preprocess.json")
        features = self.read_frame("train.parquet")[[column["name"] for column in preprocess["columns"]]]
        with training_run(self.document, self.run_id) as active:
            uri = log_pipeline(model, features, preprocess, self.document.spec.task)
        return {"modelUri": uri, "mlflowRunId": active.info.run_id}


def run_entrypoint(step: str, entrypoint: str, document: ModelDocument, run_id: str) -> dict[str, Any]:
    """Calls the user's function; its dictionary, or {}, is the result document. InputError where it cannot be found.

    A train or tune function calls `context.finish_training`, writes `train.json` itself, or returns `{"modelUri": …}`.
    """
    function = _import(step, entrypoint)
    rank = rank_of_environment()
    context = StepContext(document, run_id, step, rank.index, rank.world_size, rank.rendezvous)
    log.info("entrypoint-called", step=step, entrypoint=entrypoint, rank=rank.index, world_size=rank.world_size)
    result = function(context)
    if result is not None and not isinstance(result, dict):
        raise InputError(f"steps.{step}.entrypoint {entrypoint}: returned {type(result).__name__}; return a dictionary or None")
    result = result or {}
    if step in ("train", "tune"):
        return _finish_training(context, entrypoint, result, rank)
    return result


def _finish_training(context: StepContext, entrypoint: str, result: dict[str, Any], rank: Rank) -> dict[str, Any]:
    if rank.index > 0:
        return {**result, "rank": rank.index}
    if "train" in context._written:
        return {**result, **context._written["train"]}
    if "modelUri" in result:
        context.write_json("train.json", {"mlflowRunId": None, "parameters": context.hyperparameters, **result})
    elif not context.store.exists(context.path("train.json")):
        raise InputError(
            f"steps.{context.step}.entrypoint {entrypoint}: no model: call context.finish_training(model), "
            "or return {'modelUri': ...}"
        )
    return result


def _import(step: str, entrypoint: str) -> Callable[[StepContext], Any]:
    module_name, _, function_name = entrypoint.partition(":")
    # Like `python -m`: code beside the working directory is found without being installed.
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise  # the user's module is there, and misses something itself
        raise InputError(f"steps.{step}.entrypoint: there is no module {module_name!r} in this image") from None
    function = getattr(module, function_name, None)
    if not callable(function):
        raise InputError(f"steps.{step}.entrypoint: module {module_name!r} has no function {function_name!r}")
    return function
