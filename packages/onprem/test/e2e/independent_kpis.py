"""The eleven KPIs that come from data, computed anew: NumPy, pandas, SciPy and scikit-learn, plain formulas, nothing of the runtime.

Reads a JSON document on stdin and prints one on stdout, `{kpi id: value}`. What a client has sent and got back is the current window;
what the champion was trained and evaluated on comes from the object store, the champion from MLflow.
"""

import json
import sys
from datetime import datetime

import boto3
import mlflow
import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import roc_auc_score

EMPTY_BIN = 1e-4
SMALLEST_GROUP = 30

given = json.load(sys.stdin)
features = given["features"]
sent = pd.DataFrame(given["rows"])
answers = pd.DataFrame(given["answers"])
s3 = boto3.client("s3", endpoint_url=given["objectStore"], region_name="us-east-1")


def read(address):
    bucket, _, key = address.removeprefix("s3://").partition("/")
    with open("/tmp/independent.parquet", "wb") as file:
        s3.download_fileobj(bucket, key, file)
    return pd.read_parquet("/tmp/independent.parquet")


train = read(given["trainData"])
held_out = read(given["trainData"].replace("train.parquet", "test.parquet"))
is_number = {name: pd.api.types.is_numeric_dtype(train[name]) for name in features}


def deciles(reference):
    return np.unique(np.quantile(reference.astype(float), np.arange(0.1, 0.95, 0.1)))


def shares_in_bins(values, edges):
    """Shares in (-inf, e0], (e0, e1], ..., (eN, inf)."""
    inner = [np.mean((values > low) & (values <= high)) for low, high in zip(edges[:-1], edges[1:], strict=True)]
    return np.array([np.mean(values <= edges[0]), *inner, np.mean(values > edges[-1])])


def psi(expected, actual):
    expected, actual = np.where(expected == 0, EMPTY_BIN, expected), np.where(actual == 0, EMPTY_BIN, actual)
    return float(sum((a - e) * np.log(a / e) for e, a in zip(expected, actual, strict=True)))


def feature_psi(name):
    reference, current = train[name].dropna(), sent[name].dropna()
    if is_number[name]:
        edges = deciles(reference)
        return psi(*(shares_in_bins(values.to_numpy(dtype=float), edges) for values in (reference, current)))
    categories = sorted(reference.unique())
    both = []
    for values in (reference, current):
        shares = [np.mean(values == category) for category in categories]
        both.append(np.array([*shares, np.mean(~values.isin(categories))]))
    return psi(*both)


def violates(row):
    for name, rule in given["schema"].items():
        value = row.get(name)
        if name not in row.index or pd.isna(value):
            continue
        if "min" in rule and float(value) < rule["min"] or "max" in rule and float(value) > rule["max"]:
            return True
        if "allowed" in rule and value not in rule["allowed"]:
            return True
    return False


model = mlflow.pyfunc.load_model(f"models:/{given['registeredModel']}@champion")
columns = model.metadata.get_input_schema().input_names()
numbers = {name: float for name in columns if is_number[name]}
positive = model.metadata.metadata["cyclops"]["classes"].index(given["positive"])
chances = np.asarray(model.predict(held_out[columns].astype(numbers)))[:, positive]
offline = roc_auc_score(held_out[given["target"]] == given["positive"], chances)

labels = pd.Series(given["labels"])
truth = sent[given["id"]].map(labels)
labelled = truth.notna().to_numpy()
live = roc_auc_score((truth[labelled] == given["positive"]).to_numpy(), answers.loc[labelled, "probability"])

psis = {name: feature_psi(name) for name in features}
rises = [float(sent[name].isna().mean() - train[name].isna().mean()) for name in features]
groups = sent[given["segment"]]
rates = [
    float(np.mean(answers.loc[(groups == group).to_numpy(), "label"] == given["positive"]))
    for group, size in groups.value_counts().items()
    if size >= SMALLEST_GROUP
]
edges = deciles(pd.Series(chances))
drift = jensenshannon(*(shares_in_bins(v, edges) for v in (chances, answers["probability"].to_numpy())), base=2)
bucket, _, key = given["newestFile"].removeprefix("s3://").partition("/")
written = s3.head_object(Bucket=bucket, Key=key)["LastModified"]
cost = given["costPerHour"] * given["replicaSeconds"] / 3600
predictions = given["predictions"]

print(
    json.dumps(
        {
            "model_quality": live,
            "quality_degradation": (offline - live) / offline,
            "missing_rate": max(0.0, *rises),
            "constraint_violation_rate": float(np.mean([violates(row) for _, row in sent.iterrows()])),
            "data_freshness": (datetime.fromisoformat(given["at"]) - written).total_seconds(),
            "drifted_feature_share": sum(value > 0.1 for value in psis.values()) / len(psis),
            "feature_psi_max": max(psis.values()),
            "prediction_drift": float(drift),
            "fairness_gap": max(rates) - min(rates),
            "cost_per_1k_predictions": cost / predictions * 1000,
            "roi": (predictions * given["valuePerPrediction"] - cost) / cost,
        }
    )
)
