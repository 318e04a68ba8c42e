"""Labels that arrive later: how they find their predictions, and the metric on the pairs."""

from datetime import datetime, timezone

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from samples import raw_document
from sklearn import metrics

from cyclops_runtime.document import ModelDocument, parse_document
from cyclops_runtime.monitoring.current import count_files, matured_labels
from cyclops_runtime.monitoring.pairs import Pairs
from cyclops_runtime.monitoring.quality import live_quality
from cyclops_runtime.monitoring.tally import Question, count, moments_of
from cyclops_runtime.storage import ZoneStore

RANDOM = np.random.default_rng(3)
START, END = (datetime(2026, 5, 6, hour, tzinfo=timezone.utc) for hour in (10, 12))


def document_of(tmp_path, task, metric, **changes) -> ModelDocument:
    import json

    gate = {"metric": metric, "max" if metric == "rmse" else "min": 0.5}
    raw = raw_document(tmp_path, spec__task=task, spec__training__gate=gate, **changes)
    raw["spec"]["monitoring"] = {"labels": {"path": "raw/labels/"}}
    return parse_document(json.dumps(raw).encode(), "test")


def test_regression_in_any_order_to_the_last_digit(tmp_path):
    truth, predicted = RANDOM.normal(size=500), RANDOM.normal(size=500)
    pairs = Pairs([*map(str, truth), "unknown"], [*map(str, predicted), "1.5"], [float("nan")] * 501)
    document = document_of(tmp_path, "regression", "rmse")
    found = live_quality(document, pairs, None)
    assert found.n == 500  # a label that is no number is no label
    assert found.value == pytest.approx(metrics.root_mean_squared_error(truth, predicted), abs=1e-12)
    backwards = Pairs(pairs.truth[::-1], pairs.label[::-1], pairs.probability)
    assert live_quality(document, backwards, None) == found


def test_several_classes_and_no_probabilities(tmp_path):
    truth, predicted = RANDOM.choice(list("abc"), 300).tolist(), RANDOM.choice(list("abc"), 300).tolist()
    pairs = Pairs(truth, predicted, [float("nan")] * 300)
    found = live_quality(document_of(tmp_path, "multiclass-classification", "f1"), pairs, ["a", "b", "c"])
    assert found.value == pytest.approx(metrics.f1_score(truth, predicted, average="macro"), abs=1e-12)
    without = live_quality(document_of(tmp_path, "multiclass-classification", "roc_auc"), pairs, ["a", "b", "c"])
    assert (without.value, without.reason) == (None, "roc_auc is not defined for the 300 labelled predictions")


def rows(**columns):
    count_of = len(next(iter(columns.values())))
    base = {"cyclops_label": "Yes", "cyclops_probability": 0.7, "cyclops_version": "1", "cyclops_time": pd.Timestamp(START)}
    return pd.DataFrame({**{name: [value] * count_of for name, value in base.items()}, **columns})


def test_rows_without_id_are_found_by_the_id_of_a_request_of_one_row(tmp_path):
    document = document_of(tmp_path, "binary-classification", "roc_auc")
    frame = rows(
        customerID=["c1", None, None, None],
        cyclops_request_id=["r1", "r2", "r3", "r3"],
        cyclops_row=[0, 0, 0, 1],
    )
    store = ZoneStore(document)
    store.write_parquet("predictions/churn/capture/one.parquet", frame)
    labels = {"c1": "Yes", "r1": "No", "r2": "No", "r3": "No"}
    question = Question(version="1", due=(START, END), labels=labels, id_column="customerID")
    found = count_files(store, question, ["predictions/churn/capture/one.parquet"])
    assert (found.pairs.truth, found.due) == (["Yes", "No"], 4)  # which row of r3 its label is for, nobody knows


def test_predictions_count_when_they_are_due_and_the_champions(tmp_path):
    frame = rows(
        customerID=["a", "b", "c", "d"],
        cyclops_time=[START, END, START, START],
        cyclops_version=["1", "1", "2", "1"],
        cyclops_label=["Yes", "Yes", "Yes", None],
    )
    question = Question(version="1", due=(START, END), labels=dict.fromkeys("abcd", "Yes"), id_column="customerID")
    found = count(question, iter([pa.RecordBatch.from_pandas(frame)]))
    assert (len(found.pairs), found.due) == (1, 1)


def test_the_last_label_of_an_id_holds_and_a_torn_file_is_named(tmp_path):
    document = document_of(tmp_path, "binary-classification", "roc_auc")
    store = ZoneStore(document)
    store.write_bytes("raw/labels/1.csv", b"customerID,Churn\nc1,No\nc2, Yes \n,Yes\nc3,\n")
    store.write_bytes("raw/labels/2.csv", b"Churn,customerID\nYes,c1\n")
    store.write_bytes("raw/labels/3.csv", b"customerID,Churn\nc2,No\nc4\n")
    store.write_bytes("raw/labels/4.csv", b"customerID,other\nc5,No\n")
    labels, left_out = matured_labels(document, store)
    assert labels == {"c1": "Yes", "c2": "Yes"}
    (reason,) = left_out
    assert reason.startswith("labels 3.csv left out: ")


@pytest.mark.parametrize(
    "column",
    [
        pa.array([START], pa.timestamp("ns", "UTC")),
        pa.array([START.replace(tzinfo=None)], pa.timestamp("ms")),
        pa.array(["2026-05-06T10:00:00Z"]),
        pa.array(["2026-05-06 12:00:00+02:00"]),
        pa.array([START.timestamp()]),
        pa.array([int(START.timestamp())]),
    ],
)
def test_moments_of_every_kind(column):
    assert moments_of(column).tolist() == [int(START.timestamp()) * 1_000_000]


def test_what_is_no_moment_is_in_no_window():
    frame = rows(cyclops_time=["soon", None, "2026-05-06T11:00:00Z"])
    assert count(Question(span=(START, END)), iter([pa.RecordBatch.from_pandas(frame)])).rows == 1
