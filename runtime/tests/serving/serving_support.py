"""A small registry of real MLflow models on sqlite, and scorers on loopback ports."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from pathlib import Path

import httpx
import mlflow
import numpy as np
import pandas as pd
import uvicorn
from mlflow.models import ModelSignature
from mlflow.types.schema import ColSpec, Schema
from samples import registry_at
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from cyclops_runtime.document import parse_document
from cyclops_runtime.serving.server import Service, Settings
from cyclops_runtime.tracking import Registry

PLANS = ["basic", "plus", "pro"]
TYPES = {"age": "double", "income": "double", "plan": "string", "active": "boolean"}
SIGNATURE = ModelSignature(Schema([ColSpec(kind, name) for name, kind in TYPES.items()]))


def people(rows: int, seed: int = 0) -> pd.DataFrame:
    """Features, an id and the target of made-up customers; incomes have gaps."""
    random = np.random.default_rng(seed)
    income = random.normal(50, 15, rows)
    income[random.random(rows) < 0.1] = np.nan
    frame = pd.DataFrame(
        {
            "age": random.integers(18, 90, rows).astype(float),
            "income": income,
            "plan": random.choice(PLANS, rows).astype(object),
            "active": random.random(rows) < 0.5,
        }
    )
    score = frame["age"] / 30 + frame["active"] * 1.5 - (frame["plan"] == "pro") + random.normal(0, 0.7, rows)
    frame["churn"] = np.where(score > score.median(), "Yes", "No")
    frame["customer"] = [f"c{seed}-{i}" for i in range(rows)]
    return frame


def _pipeline(estimator):
    return make_pipeline(
        make_column_transformer(
            (SimpleImputer(), ["age", "income", "active"]), (OneHotEncoder(handle_unknown="ignore"), ["plan"])
        ),
        estimator,
    )


def save_classifier(folder: Path, seed: int, estimator=None) -> str:
    """Saves a classifier as the pipeline's train step does: predict_proba, with classes in the metadata."""
    frame = people(400, seed)
    model = _pipeline(estimator or RandomForestClassifier(10, max_depth=4, random_state=seed)).fit(
        frame[list(TYPES)], frame["churn"]
    )
    mlflow.sklearn.save_model(
        model,
        str(folder),
        signature=SIGNATURE,
        input_example=frame[list(TYPES)].dropna().head(3).reset_index(drop=True),
        pyfunc_predict_fn="predict_proba",
        serialization_format="cloudpickle",
        pip_requirements=["mlflow"],
        metadata={"cyclops": {"task": "binary-classification", "classes": ["No", "Yes"], "positive": "Yes"}},
    )
    return str(folder)


def save_regressor(folder: Path) -> str:
    """Four numbers in, one number out, without metadata: somebody's own model."""
    random = np.random.default_rng(5)
    frame = pd.DataFrame(random.normal(size=(200, 4)), columns=list("abcd"))
    model = LinearRegression().fit(frame, frame.sum(axis=1))
    signature = ModelSignature(Schema([ColSpec("double", c) for c in "abcd"]), Schema([ColSpec("double")]))
    mlflow.sklearn.save_model(
        model,
        str(folder),
        signature=signature,
        input_example=frame.head(2),
        serialization_format="cloudpickle",
        pip_requirements=["mlflow"],
    )
    return str(folder)


def save_unsigned(folder: Path) -> str:
    """A model without signature: MLflow's own parser decides what it gets."""
    frame = people(200, 3)[["age", "active"]].astype(float)
    model = LogisticRegression().fit(frame.to_numpy(), people(200, 3)["churn"])
    mlflow.sklearn.save_model(model, str(folder), serialization_format="cloudpickle", pip_requirements=["mlflow"])
    return str(folder)


class Picky(mlflow.pyfunc.PythonModel):
    """Fails for ages from `limit` on; answers ages otherwise."""

    def __init__(self, limit: float) -> None:
        self.limit = limit

    def predict(self, context, model_input, params=None):
        if (model_input["age"] >= self.limit).any():
            raise ArithmeticError("too old for this model")
        return model_input["age"].to_numpy() * 2


def save_picky(folder: Path, limit: float) -> str:
    mlflow.pyfunc.save_model(str(folder), python_model=Picky(limit), signature=SIGNATURE, pip_requirements=["mlflow"])
    return str(folder)


def make_document(
    tmp_path: Path,
    name: str,
    pods: str = "127.0.0.1:1",
    capture: float = 0,
    rollout: dict | None = None,
    monitoring: dict | None = None,
    gateway: dict | None = None,
    serving: bool = True,
):
    """A model document over local folders; `capture` is in percent."""
    endpoint = {"rollout": rollout or {}}
    return parse_document(
        json.dumps(
            {
                "formatVersion": 1,
                "stack": "shop",
                "environment": "dev",
                "model": "churn",
                "spec": {
                    "task": "binary-classification",
                    "data": {"path": "raw/churn/", "target": "churn", "positive": "Yes", "id": "customer"},
                    "training": {"gate": {"metric": "roc_auc", "min": 0.6}, "schedule": "0 3 * * 1"},
                    "endpoint": endpoint,
                    "monitoring": monitoring,
                },
                "zones": {zone: str(tmp_path / zone) for zone in ("raw", "curated", "features", "models", "predictions")},
                "registry": {"experiment": "shop-dev/churn", "model": name},
                "monitored": monitoring is not None,
                "capture": {"percent": capture, "columns": ["customer", *(monitoring or {}).get("segments", [])]},
                "serving": {"url": f"http://{pods}", "pods": pods, "gateway": gateway} if serving else None,
                "target": "laptop",
            }
        ).encode(),
        "test",
    )


def register(name: str, *sources: str) -> list[str]:
    """Makes one version for each saved model, and returns their numbers."""
    client = mlflow.MlflowClient()
    with contextlib.suppress(mlflow.exceptions.MlflowException):
        client.create_registered_model(name)
    return [str(client.create_model_version(name, source).version) for source in sources]


class RunningScorer:
    """A scorer in a thread of this process, on a free loopback port."""

    def __init__(self, document, registry=None, port: int = 0, **settings) -> None:
        self.service = Service(
            document, registry or Registry(document), Settings(**{"refresh_seconds": 0.1, "capture_seconds": 0.2, **settings})
        )
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = uvicorn.Server(
            uvicorn.Config(self.service.application, log_config=None, access_log=False, timeout_graceful_shutdown=5)
        )
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> RunningScorer:
        self._thread.start()
        self.client = httpx.Client(base_url=self.url, timeout=30)
        wait_until(lambda: self._server.started)
        return self

    def __exit__(self, *_) -> None:
        self.client.close()
        self._server.should_exit = True
        self._thread.join(20)
        self._socket.close()

    def status(self) -> dict:
        return self.client.get("/status").json()

    def wait_for(self, champion: str | None = None, challenger: str | None = None, state: str | None = None) -> None:
        def there() -> bool:
            status = self.status()
            served = [(status[role] or {}).get("version") for role in ("champion", "challenger")]
            return (
                served == [champion, challenger]
                and (state is None or (status["rollout"] or {}).get("state") == state)
                and status["ready"]
            )

        wait_until(there, lambda: self.status())

    def invoke(self, frame: pd.DataFrame, **headers: str) -> httpx.Response:
        return self.client.post("/invocations", json=split(frame), headers={k.replace("_", "-"): v for k, v in headers.items()})

    def metric(self, name: str, **labels: str) -> float:
        """Sum of the samples with these labels."""
        from prometheus_client.parser import text_string_to_metric_families

        text = self.client.get("/metrics").text
        return sum(
            s.value
            for family in text_string_to_metric_families(text)
            for s in family.samples
            if s.name == name and labels.items() <= s.labels.items()
        )


def split(frame: pd.DataFrame) -> dict:
    """MLflow's `dataframe_split`, with null for missing values."""
    return {"dataframe_split": json.loads(frame.to_json(orient="split", double_precision=15))}


def wait_until(condition, describe=lambda: "", seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"did not happen within {seconds} s: {describe()}")
        time.sleep(0.02)


def registry_in(folder: Path) -> contextlib.AbstractContextManager[None]:
    """MLflow on the database of a folder."""
    return registry_at(f"sqlite:///{folder}/mlflow.db")
