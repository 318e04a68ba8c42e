"""What several test modules share and is no fixture."""

import csv
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
