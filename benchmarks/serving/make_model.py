"""`python make_model.py <folder>`: one scikit-learn model for all servers, and what each of them needs to serve it.

MLFLOW_TRACKING_URI names the registry that the scorer follows.
"""

import json
import sys
from pathlib import Path

import mlflow
from mlflow.models import infer_signature
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

NAME = "benchmark"
CAPTURED = (0, 100)


def main(folder: Path) -> None:
    """Saves and registers the model; writes a scorer's document for each captured share, MLServer's settings and the requests."""
    features, target = load_breast_cancer(return_X_y=True, as_frame=True)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(features, target)
    saved = folder / "model"
    mlflow.sklearn.save_model(
        model,
        str(saved),
        signature=infer_signature(features, model.predict(features)),
        input_example=features.head(3),
        serialization_format="cloudpickle",  # what MLServer can read as well
        pip_requirements=["mlflow", "scikit-learn"],
    )
    client = mlflow.MlflowClient()
    client.create_registered_model(NAME)
    version = client.create_model_version(NAME, str(saved)).version
    client.set_registered_model_alias(NAME, "champion", version)

    for percent in CAPTURED:
        write(folder / f"capture-{percent}.json", document(folder, percent))
    mlserver = folder / NAME
    mlserver.mkdir()
    parameters = {"uri": str(saved / "model.pkl"), "version": "1"}
    implementation = "mlserver_sklearn.SKLearnModel"
    write(mlserver / "model-settings.json", {"name": NAME, "implementation": implementation, "parameters": parameters})

    row = features.iloc[5].tolist()
    split = {"columns": list(features.columns), "data": [row]}
    write(folder / "invocations.json", {"dataframe_split": split})
    tensor = {"name": "features", "shape": [1, len(row)], "datatype": "FP64", "data": row}
    write(folder / "infer.json", {"inputs": [tensor]})


def document(folder: Path, percent: int) -> dict:
    """The scorer's model document, with storage in `folder`."""
    return {
        "formatVersion": 1,
        "stack": "benchmark",
        "environment": "dev",
        "model": NAME,
        "spec": {
            "task": "binary-classification",
            "data": {"path": "raw/", "target": "target", "positive": "1"},
            "training": {"gate": {"metric": "roc_auc", "min": 0.6}, "schedule": "0 3 * * 1"},
            "endpoint": {},
        },
        "zones": {
            zone: str(folder / f"zones-{percent}" / zone) for zone in ("raw", "curated", "features", "models", "predictions")
        },
        "registry": {"experiment": "benchmark", "model": NAME},
        "capture": {"percent": percent, "columns": []},
        "monitored": False,
        "target": "laptop",
    }


def write(path: Path, content: dict) -> None:
    """Writes JSON."""
    path.write_text(json.dumps(content))


main(Path(sys.argv[1]))
