"""The MLflow run of one pipeline run: found again when a step is repeated, and tagged so that others find it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cyclops_runtime import __version__
from cyclops_runtime.document import ModelDocument
from cyclops_runtime.logging import get_logger
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import RUN_ID_TAG, TRAIN_DATA_TAG, Registry

log = get_logger(__name__)


@contextmanager
def training_run(document: ModelDocument, run_id: str) -> Iterator[Any]:
    """The active MLflow run of this pipeline run; what an unfinished or outdated attempt left behind is deleted.

    Tags: run id, stack, environment, and the address of the training rows, which monitoring takes as reference.
    """
    registry = Registry(document)
    client = registry.mlflow_client  # prepares the environment before mlflow is imported
    import mlflow

    experiment = registry.experiment_id()
    for old in client.search_runs([experiment], f"tags.`{RUN_ID_TAG}` = '{run_id}'"):
        log.info("earlier-attempt-deleted", mlflow_run=old.info.run_id)
        client.delete_run(old.info.run_id)
    train_data = ZoneStore(document).uri(document.run_path("features", run_id, "train.parquet"))
    tags = {
        RUN_ID_TAG: run_id,
        "cyclops.stack": document.stack,
        "cyclops.environment": document.environment,
        "cyclops.model": document.model,
        TRAIN_DATA_TAG: train_data,
        "cyclops.runtime": __version__,
    }
    with mlflow.start_run(experiment_id=experiment, run_name=run_id, tags=tags) as active:
        yield active


def run_exists(document: ModelDocument, mlflow_run_id: str | None) -> bool:
    """Whether an MLflow run is still there and finished."""
    from mlflow.exceptions import MlflowException

    if mlflow_run_id is None:
        return False
    try:
        run = Registry(document).mlflow_client.get_run(mlflow_run_id)
    except MlflowException:
        return False
    return run.info.lifecycle_stage == "active" and run.info.status == "FINISHED"
