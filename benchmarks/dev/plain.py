"""What `cyclops dev --once` does with the churn example, as one script: `plain.py <folder of the CSV> <work folder>`.

Reads and checks the rows, trains, evaluates, logs and registers with MLflow (SQLite), loads the version by its alias, serves it,
asks it for 1,000 predictions in 109 requests, scores all rows, and reports drift by column. Prints what came out as JSON.
"""

import importlib.metadata
import json
import sys
import threading
import time
from pathlib import Path

import httpx
import mlflow
import mlflow.sklearn
import numpy as np
import pandas as pd
import uvicorn
from mlflow.models import infer_signature
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    f1_score,
    log_loss,
    precision_score,
    recall_score,
    roc_auc_score,
)
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

SOURCE, WORK = Path(sys.argv[1]), Path(sys.argv[2])
NAME, TARGET, POSITIVE, ID = "churn", "Churn", "Yes", "customerID"
ALLOWED = {
    "gender": ["Female", "Male"],
    "InternetService": ["DSL", "Fiber optic", "No"],
    "Contract": ["Month-to-month", "One year", "Two year"],
    TARGET: ["No", "Yes"],
}
RANGES = {"SeniorCitizen": (0, 1), "tenure": (0, 120), "MonthlyCharges": (0, 500), "TotalCharges": (0, np.inf)}
LEAST_ROC_AUC = 0.80


def read() -> pd.DataFrame:
    """All rows that are as they should be."""
    rows = pd.concat([pd.read_csv(file) for file in sorted(SOURCE.glob("*.csv"))], ignore_index=True)
    rows["TotalCharges"] = pd.to_numeric(rows["TotalCharges"], errors="coerce")
    good = rows[ID].notna() & ~rows[ID].duplicated()
    for column, values in ALLOWED.items():
        good &= rows[column].isin(values)
    for column, (least, most) in RANGES.items():
        good &= rows[column].between(least, most) | (rows[column].isna() if column == "TotalCharges" else False)
    (WORK / "data").mkdir(parents=True)
    rows[good].to_parquet(WORK / "data/curated.parquet")
    return rows[good].reset_index(drop=True)


def train(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Logs a model that passes, makes it the champion, and returns the rows it was trained and tested with."""
    train_rows, test_rows = train_test_split(rows, test_size=0.2, random_state=42, stratify=rows[TARGET])
    for name, part in (("train", train_rows), ("test", test_rows)):
        part.to_parquet(WORK / f"data/{name}.parquet")
    features = train_rows.drop(columns=[ID, TARGET])
    texts = list(features.select_dtypes("object").columns)
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    columns = ColumnTransformer([("texts", encoder, texts)], remainder="passthrough")
    booster = HistGradientBoostingClassifier(learning_rate=0.05, categorical_features=list(range(len(texts))), random_state=42)
    model = Pipeline([("columns", columns), ("booster", booster)])
    mlflow.set_experiment(NAME)
    with mlflow.start_run():
        model.fit(features, train_rows[TARGET])
        metrics = evaluate(model, test_rows)
        mlflow.log_params({"learning_rate": 0.05, "rows": len(train_rows)})
        mlflow.log_metrics(metrics)
        if metrics["roc_auc"] < LEAST_ROC_AUC:
            sys.exit(f"roc_auc is {metrics['roc_auc']:.4f}, below {LEAST_ROC_AUC}")
        packages = ("mlflow", "scikit-learn", "pandas", "numpy")
        logged = mlflow.sklearn.log_model(
            model,
            name="model",
            registered_model_name=NAME,
            pyfunc_predict_fn="predict_proba",
            signature=infer_signature(features, model.predict_proba(features.head())),
            pip_requirements=[f"{package}=={importlib.metadata.version(package)}" for package in packages],
            serialization_format="cloudpickle",
        )
    mlflow.MlflowClient().set_registered_model_alias(NAME, "champion", logged.registered_model_version)
    return train_rows, test_rows


def evaluate(model: Pipeline, rows: pd.DataFrame) -> dict[str, float]:
    """The metrics on held-out rows."""
    truth = (rows[TARGET] == POSITIVE).astype(int)
    probability = model.predict_proba(rows.drop(columns=[ID, TARGET]))[:, 1]
    label = (probability >= 0.5).astype(int)
    return {
        "accuracy": accuracy_score(truth, label),
        "f1": f1_score(truth, label),
        "precision": precision_score(truth, label),
        "recall": recall_score(truth, label),
        "roc_auc": roc_auc_score(truth, probability),
        "average_precision": average_precision_score(truth, probability),
        "log_loss": log_loss(truth, probability),
    }


def serve(model: mlflow.pyfunc.PyFuncModel) -> tuple[uvicorn.Server, str]:
    """A server in a thread, and its address."""

    async def invocations(request: Request) -> JSONResponse:
        rows = pd.DataFrame((await request.json())["dataframe_records"])
        return JSONResponse({"predictions": model.predict(rows)[:, 1].tolist()})

    application = Starlette(routes=[Route("/invocations", invocations, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=0, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return server, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/invocations"


def ask(address: str, rows: pd.DataFrame) -> np.ndarray:
    """Predictions of the first 1,000 rows: 100 of them one by one, then a hundred in a request."""
    records = json.loads(rows.head(1000).to_json(orient="records"))
    batches = [[record] for record in records[:100]] + [records[start : start + 100] for start in range(100, 1000, 100)]
    answers: list[float] = []
    with httpx.Client() as client:
        for batch in batches:
            answers += client.post(address, json={"dataframe_records": batch}).raise_for_status().json()["predictions"]
    return np.array(answers)


def psi(reference: pd.Series, current: pd.Series) -> float:
    """Population stability index: over ten quantiles of numbers, over the values of texts."""
    if reference.dtype == object:
        groups = reference.value_counts().index.union(current.value_counts().index)
        counts = [series.value_counts().reindex(groups, fill_value=0).to_numpy() for series in (reference, current)]
    else:
        edges = np.unique(np.nanquantile(reference, np.linspace(0, 1, 11)))[1:-1]
        bins = [np.searchsorted(edges, series.dropna(), "right") for series in (reference, current)]
        counts = [np.bincount(numbers, minlength=len(edges) + 1) for numbers in bins]
    expected, actual = (np.clip(count / count.sum(), 1e-4, None) for count in counts)
    return float(np.sum((actual - expected) * np.log(actual / expected)))


def main() -> None:
    """Everything, in order."""
    mlflow.set_tracking_uri(f"sqlite:///{WORK}/mlflow.db")
    rows = read()
    train_rows, test_rows = train(rows)
    model = mlflow.pyfunc.load_model(f"models:/{NAME}@champion")
    features = [column for column in rows.columns if column not in (ID, TARGET)]
    server, address = serve(model)
    asked = test_rows.head(1000)
    answers = ask(address, asked[features])
    probability = model.predict(rows[features])[:, 1]
    scored = pd.DataFrame({ID: rows[ID], "label": np.where(probability >= 0.5, "Yes", "No"), "probability": probability})
    scored.to_parquet(WORK / "data/scored.parquet")
    report = {column: psi(train_rows[column], asked[column]) for column in features}
    report["prediction"] = psi(pd.Series(model.predict(train_rows[features])[:, 1]), pd.Series(answers))
    (WORK / "drift.json").write_text(json.dumps(report, indent=2))
    server.should_exit = True
    print(json.dumps({"rows": len(rows), "asked": len(answers), "scored": len(scored), "greatest_drift": max(report.values())}))


main()
