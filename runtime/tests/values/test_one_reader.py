"""Whoever reads a value, it means the same: features and predictions of generated tables are equal to the last digit, and labels
find their class in every spelling that training takes.
"""

import json
import tempfile
from pathlib import Path

import numpy
import pandas
import pytest
import tables
from hypothesis import HealthCheck, Phase, given, settings
from samples import raw_document
from values_support import asked, scored, trained

from cyclops_runtime.document import parse_document
from cyclops_runtime.monitoring.current import matured_labels
from cyclops_runtime.prediction import predict, read_features
from cyclops_runtime.serving.loaded_model import LoadedModel
from cyclops_runtime.storage import ZoneStore

TABLES = 110  # of each format


def document_of(folder, table, kind):
    raw = raw_document(folder, spec__task=table.task)
    raw["spec"]["data"] = {"path": "raw/t/", "format": kind, **table.data}
    metric = {"metric": "rmse", "max": 1.0} if table.task == "regression" else {"metric": "roc_auc", "min": 0.5}
    raw["spec"]["training"] = {"algorithm": table.algorithm, "gate": metric}
    raw["spec"]["monitoring"] = {"labels": {"path": "raw/labels/"}}
    return parse_document(json.dumps(raw).encode(), "test.json")


def in_json(columns):
    return json.dumps({"inputs": columns}, default=lambda moment: moment.isoformat()).encode()


def in_csv(columns):
    return pandas.DataFrame(columns).to_csv(index=False).encode()


def tensors(columns):
    return {
        "inputs": [
            {"name": name, "shape": [len(values)], "datatype": "BYTES", "data": values} for name, values in columns.items()
        ]
    }


def same_features(expected, found):
    pandas.testing.assert_frame_equal(expected.reset_index(drop=True), found.reset_index(drop=True), check_exact=True)


def check(table, kind):
    with tempfile.TemporaryDirectory() as folder:
        document = document_of(Path(folder), table, kind)
        tables.write(Path(folder) / "raw/t", kind, table.texts() if kind == "csv" else table.typed())
        model = trained(document)
        loaded = LoadedModel("1", model)
        store = ZoneStore(document)
        curated = store.read_parquet("curated/churn/runs/r/data.parquet")
        features, wrong = read_features(model, curated)
        expected = predict(model, curated)
        assert not wrong
        assert curated["id"].tolist() == table.ids

        result, rows = scored(document, model)
        assert (result["rows"], result["rowsSetAside"]) == (len(table.ids), 0)
        assert rows["id"].tolist() == table.ids
        assert rows["label"].tolist() == expected["label"].tolist()
        numpy.testing.assert_array_equal(rows["probability"], expected["probability"])

        typed = {name: values for name, values in table.typed().items() if name in table.features}
        texts = {name: values for name, values in table.texts().items() if name in table.features}
        for body, content_type in (
            (in_json(typed), "application/json"),
            (in_json(texts), "application/json"),
            (in_csv(table.texts()), "text/csv"),
        ):
            own, answers = asked(loaded, body, content_type)
            same_features(features, own)
            if table.task == "regression":
                assert answers == expected["label"].tolist()
            else:
                assert answers == expected.to_dict("records")
        same_features(features, loaded.signature.frame([loaded.parse_v2(tensors(texts)).columns]))

        # Labels of any spelling, and for the files with types of their own also those types.
        labels = table.label_texts if kind == "csv" else table.target.values
        tables.write(Path(folder) / "raw/labels", kind, {"id": table.typed()["id"] if kind != "csv" else table.ids, "y": labels})
        joined, left_out = matured_labels(document, store, model.metadata.metadata["cyclops"]["classes"])
        found = [joined[row_id] for row_id in table.ids]
        assert left_out == []
        assert ([float(label) for label in found] if table.task == "regression" else found) == curated["y"].tolist()


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_table_of_any_type_is_read_alike_everywhere(kind):
    # Without shrinking, which takes minutes: tables are small.
    @settings(
        max_examples=TABLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(tables.tables())
    def read_alike(table):
        check(table, kind)

    read_alike()
