"""register: makes a version of the model in the registry, once a run."""

import hashlib
import json
from typing import Any

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.logging import get_logger
from cyclops_runtime.run_files import PROFILE_FILE, read_train_result
from cyclops_runtime.steps import gate
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import PROFILE_TAG, TRAIN_DATA_TAG, Registry

log = get_logger(__name__)


def run(document: ModelDocument, run_id: str) -> dict[str, Any]:
    """Writes `register.json` (name, version). GateRefused where the verdict is no, also without the gate step."""
    store = ZoneStore(document)
    gate.run(document, run_id)
    train = read_train_result(document, run_id)
    evaluation = store.read_json(document.run_path("models", run_id, "evaluate.json"))
    tags = {
        "cyclops.stack": document.stack,
        "cyclops.environment": document.environment,
        "cyclops.data-checksum": _data_checksum(store, document, run_id),
        TRAIN_DATA_TAG: store.uri(document.run_path("features", run_id, "train.parquet")),
        # All digits: monitoring measures the loss of quality against them.
        **{f"cyclops.metric.{name}": repr(float(value)) for name, value in evaluation["metrics"].items() if value is not None},
    }
    profile = document.run_path("models", run_id, PROFILE_FILE)
    if store.exists(profile):  # an evaluate step of the user's need not make one
        tags[PROFILE_TAG] = store.uri(profile)
    registry = Registry(document)
    version = registry.create_version(train["modelUri"], train.get("mlflowRunId"), run_id, tags)
    result = {
        "name": registry.model_name,
        "version": version,
        "modelUri": train["modelUri"],
        "artifacts": registry.files(version),
        "metrics": evaluation["metrics"],
    }
    store.write_json(document.run_path("models", run_id, "register.json"), result)
    log.info("version-registered", name=registry.model_name, version=version)
    return result


def _data_checksum(store: ZoneStore, document: ModelDocument, run_id: str) -> str:
    """One checksum of all raw files of this run; "unknown" where a custom ingest step wrote no list of them."""
    place = document.run_path("curated", run_id, "ingest.json")
    if not store.exists(place):
        return "unknown"
    files = [[file.get("path"), file.get("sha256")] for file in store.read_json(place).get("files", [])]
    return hashlib.sha256(json.dumps(sorted(files)).encode()).hexdigest()
