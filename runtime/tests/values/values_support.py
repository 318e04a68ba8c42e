"""What the tests of the reader share: a model as the train step logs it, and requests as the scorer reads them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.model_logging import _SIGNATURE_TYPES
from cyclops_runtime.modelling import build_pipeline, fit
from cyclops_runtime.serving import invocations
from cyclops_runtime.serving.loaded_model import LoadedModel
from cyclops_runtime.steps import batch, curate, ingest, preprocess
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.stored_model import Column, ColumnType, Metadata, Schema, StoredModel


def trained(document: ModelDocument) -> StoredModel:
    """A model as the train step logs it, without MLflow in between."""
    ingest.run(document, "r")
    curate.run(document, "r")
    found = preprocess.run(document, "r")
    train = ZoneStore(document).read_parquet("features/churn/runs/r/train.parquet")
    names, target = [column["name"] for column in found["columns"]], train[document.spec.data.target]
    quick = {"max_iter": 8, "min_samples_leaf": 2} if document.spec.training.algorithm == "gradient-boosting" else {}
    is_classification = document.spec.task != "regression"
    pipeline = build_pipeline(document.spec.training.algorithm, is_classification, found["columns"], quick, 0)
    fit(pipeline, train[names], target, document.spec.training.algorithm)
    inputs = Schema([Column(column["name"], ColumnType[_SIGNATURE_TYPES[column["type"]]]) for column in found["columns"]])
    own = {name: found[name] for name in ("classes", "positive", "columns", "values")}
    metadata = {"cyclops": json.loads(json.dumps({"task": document.spec.task, **own}))}
    function = "predict_proba" if is_classification else "predict"
    return StoredModel(Path("nowhere"), Metadata(metadata, inputs, None), pipeline, function, None)


def asked(loaded: LoadedModel, body: bytes, content_type: str) -> tuple[Any, list[Any]]:
    """Features and predictions of a request, as the scorer makes them."""
    decoded = invocations.decode(body, content_type)
    query = loaded.parse_invocations(decoded)
    return loaded.signature.frame([query.columns]), json.loads(invocations.answer(loaded.predict(query)))["predictions"]


@contextmanager
def champion(model: StoredModel) -> Iterator[None]:
    """The model as version 1 of the registry that batch asks."""
    registry = SimpleNamespace(champion=lambda: "1", load=lambda version: model)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "Registry", lambda document: registry)
        yield


def scored(document: ModelDocument, model: StoredModel, run: str = "b") -> tuple[dict[str, Any], Any]:
    """The result of batch, and the rows of its first part."""
    with champion(model):
        result = batch.run(document, run)
    return result, ZoneStore(document).read_parquet(f"predictions/churn/batch/{run}/part-00000.parquet")
