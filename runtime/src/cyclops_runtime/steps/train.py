"""train: fits the algorithm with the spec's hyper-parameters and logs the model."""

from typing import Any

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.training import plan, train_and_log

__all__ = ["plan", "run"]


def run(document: ModelDocument, run_id: str) -> dict[str, Any]:
    """Writes `train.json`: MLflow run id, model address, hyper-parameters. InputError for hyper-parameters of no use."""
    return train_and_log(document, run_id, lambda rows, active: dict(document.spec.training.hyperparameters))
