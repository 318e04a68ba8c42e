"""Files of a run that several steps name: apart from the steps, so that reading one brings no other step's libraries."""

from typing import Any

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.errors import InputError
from cyclops_runtime.storage import ZoneStore

# What monitoring compares with; in the models zone, beside `evaluate.json` of the run.
PROFILE_FILE = "profile.json"


def read_train_result(document: ModelDocument, run_id: str) -> dict[str, Any]:
    """`train.json`; InputError where it names no model."""
    result = ZoneStore(document).read_json(document.run_path("models", run_id, "train.json"))
    if not result.get("modelUri"):
        raise InputError(f"{document.run_path('models', run_id, 'train.json')}: names no modelUri; the train step must write it")
    return result
