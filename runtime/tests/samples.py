"""What several test modules share and is no fixture."""

import contextlib
import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
TELCO = REPOSITORY / "examples/churn/raw/telco/telco-churn.csv"


def raw_document(folder: Path, name: str = "churn", **changes: Any) -> dict[str, Any]:
    """A model document of the telco data as JSON value; `changes` are by dotted place, `spec__data__id="x"`."""
    document: dict[str, Any] = {
        "formatVersion": 1,
        "stack": "test",
        "environment": "dev",
        "model": name,
        "target": "onprem",
        "spec": {
            "task": "binary-classification",
            "data": {
                "path": "raw/telco/",
                "target": "Churn",
                "positive": "Yes",
                "id": "customerID",
                "schema": {"TotalCharges": {"type": "number", "nullable": True, "min": 0}},
            },
            "training": {"algorithm": "linear", "gate": {"metric": "roc_auc", "min": 0.7}},
        },
        "zones": {zone: str(folder / zone) for zone in ("raw", "curated", "features", "models", "predictions")},
        "registry": {"experiment": f"test/{folder.name}/{name}", "model": f"test-{folder.name}-{name}"},
        "capture": {"percent": 100, "columns": ["customerID"]},
        "monitored": False,
    }
    for place, value in changes.items():
        *way, last = place.split("__")
        part = document
        for key in way:
            part = part[key]
        part[last] = value
    return document


def telco_lines(rows: int) -> list[list[str]]:
    """Header and the first rows of the telco data."""
    with TELCO.open(newline="") as file:
        return [line for _, line in zip(range(rows + 1), csv.reader(file), strict=False)]


def write_csv(path: Path, lines: list[list[Any]]) -> Path:
    """Writes lines, the header first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    return path


@contextlib.contextmanager
def registry_at(uri: str) -> Iterator[None]:
    """MLflow at an address; afterwards where it was before, for tests share a process and their order is not theirs."""
    import mlflow

    names = ("MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI")  # MLflow itself sets them, too
    before = mlflow.get_tracking_uri(), mlflow.get_registry_uri(), {name: os.environ.get(name) for name in names}
    os.environ["MLFLOW_TRACKING_URI"] = uri
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before[0])
        mlflow.set_registry_uri(before[1])
        for name, value in before[2].items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
