"""The files of captured requests have the columns, types and values that pandas would write."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mlflow.types.schema import ColSpec, Schema

from cyclops_runtime.serving.captured import BLOCK, SLICE, Table, by_kind, kind_of, to_parquet
from cyclops_runtime.serving.columns import Signature
from cyclops_runtime.serving.outputs import Outputs
from cyclops_runtime.serving.query import Query

START = 1_700_000_000.25
# Columns of each type, with gaps where the type has them: what a request may bring, one value for each row.
MIXED = {
    "number": ("double", [1.5, None, -2.0]),
    "small": ("float", [0.5, 2.0, None]),
    "count": ("long", [1, 2, 3]),
    "text": ("string", ["a", None, "ü"]),
    "nothing": ("string", [None, None, None]),
    "flag": ("boolean", [True, False, True]),
    "moment": ("datetime", ["2026-01-02T03:04:05", None, "2026-01-02T03:04:05.678"]),
}
NUMBERS = {f"f{i}": ("double", [float(i), None, 0.25]) for i in range(4)}


def table_of(requests, names=(), group=64):
    """The table of (id, seconds, query, outputs), added some at a time."""
    requests = [(request_id, seconds, "7", None, query, outputs) for request_id, seconds, query, outputs in requests]
    (kind,) = by_kind(requests)
    table = Table(kind, names)
    for start in range(0, len(requests), group):
        added = requests[start : start + group]
        assert table.add(added) == sum(query.rows for *_, query, _ in added)
    assert table.rows == sum(query.rows for *_, query, _ in requests)
    return table


def written(requests, names=(), group=64):
    """The file of (id, seconds, query, outputs)."""
    return pq.read_table(io.BytesIO(to_parquet(table_of(requests, names, group).to_arrow())))


def expected(requests, features, extras=(), outputs=("prediction",)):
    """The same by pandas, request by request; `features` are names."""
    rows = []
    for request_id, seconds, query, answer in requests:
        for row in range(query.rows):
            columns = query.columns
            values = dict(zip(features, (columns.column(i)[row] for i in range(len(features))), strict=True)) if columns else {}
            values |= {name: query.extras.get(name, [None] * query.rows)[row] for name in extras}
            values |= {f"cyclops_{name}": array[row] for name, array in zip(answer.names, answer.arrays, strict=True)}
            values |= {"cyclops_request_id": request_id, "cyclops_row": row}
            rows.append(values | {"cyclops_time": pd.Timestamp(int(seconds * 1e6), unit="us", tz="UTC"), "cyclops_version": "7"})
    frame = pd.DataFrame(rows)
    frame["cyclops_time"] = frame["cyclops_time"].dt.as_unit("ns")
    return pa.Table.from_pandas(frame, preserve_index=False)


def requests_of(columns, count=600):
    """Requests of one to three rows, more than are joined at a time, with answers of one number; and the signature's names."""
    signature = Signature.from_schema(Schema([ColSpec(kind, name) for name, (kind, _) in columns.items()]))
    made = []
    for i in range(count):
        rows = 1 + i % 3
        values = {name: given[-rows:] for name, (_, given) in columns.items()}
        query = Query(rows, columns=signature.convert(values, rows))
        made.append((f"r{i}", START + i / 10, query, Outputs(("prediction",), (np.arange(rows) + float(i),), False)))
    return made, signature.names


@pytest.mark.parametrize("columns", [MIXED, NUMBERS], ids=["of several types", "of one type"])
def test_every_type_is_written_as_by_pandas(columns):
    made, names = requests_of(columns, 1300)
    wanted = expected(made, names)
    if "small" in columns:  # rows of a frame have no 32 bits of their own
        wanted = wanted.set_column(1, "small", wanted["small"].cast(pa.float32()))
    found = written(made, names)
    assert found.schema.equals(wanted.schema, check_metadata=False)
    assert found.equals(wanted)


def test_columns_that_only_some_requests_bring_are_text_with_gaps():
    made, names = requests_of(NUMBERS, 5)
    made[1][2].extras = {"customer": [17.0, "c2"]}
    made[3][2].extras = {"region": ["north"]}
    found = written(made, names).select(["customer", "region"]).to_pydict()
    assert found["customer"] == [None, "17", "c2", None, None, None, None, None, None]
    assert found["region"] == [None, None, None, None, None, None, "north", None, None]


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        (np.array([1, 2]), np.array([0.5]), [1.0, 2.0, 0.5]),
        (np.array(["no", "maybe"]), np.array(["y"]), ["no", "maybe", "y"]),
        (np.array(["y"]), np.array(["no", "maybe"]), ["y", "no", "maybe"]),
        (np.array([1], dtype=np.int32), np.array([2**40]), [1, 2**40]),
        ([1, 2], np.array([3]), [1, 2, 3]),
        (np.array([True, False]), np.array([None], dtype=object), [True, False, None]),
        (np.array([[0.1, 0.9], [1.0, 0.0]]), np.array([[0.5, 0.5]]), [[0.1, 0.9], [1.0, 0.0], [0.5, 0.5]]),
    ],
    ids=["numbers", "texts", "longer texts", "larger numbers", "lists", "truth values", "matrices"],
)
@pytest.mark.parametrize("repeated", [1, 300])
@pytest.mark.parametrize("group", [1, 64])
def test_answers_of_many_requests_are_one_column(first, second, values, repeated, group):
    signature, made = Signature.from_schema(Schema([ColSpec("double", "a")])), []
    for i, array in enumerate([first, second] * repeated):
        query = Query(len(array), columns=signature.convert({"a": [0.0] * len(array)}, len(array)))
        made.append((f"r{i}", START, query, Outputs(("prediction",), (array,), False)))
    assert written(made, ["a"], group)["cyclops_prediction"].to_pylist() == values * repeated


@pytest.mark.parametrize("group", [1, 2, 5])
def test_requests_of_numbers_keep_their_order_whatever_their_size_and_type(group):
    """Blocks of one type, requests larger than a block, and answers of another type in between."""
    signature, made = Signature.from_schema(Schema([ColSpec("double", name) for name in "ab"])), []
    for i, rows in enumerate([1, BLOCK - 1, 1, BLOCK + 1, BLOCK, 3, 2, BLOCK // 2, BLOCK]):
        values = {"a": [float(i)] * rows, "b": [None, *[float(row) for row in range(1, rows)]]}
        answer = np.arange(rows) if i == 5 else np.arange(rows) / 2
        made.append(
            (f"r{i}", START + i, Query(rows, columns=signature.convert(values, rows)), Outputs(("prediction",), (answer,), False))
        )
    wanted = expected(made, signature.names)
    assert written(made, signature.names, group).equals(
        wanted.set_column(2, "cyclops_prediction", wanted["cyclops_prediction"].cast("double"))
    )


def test_a_request_of_numbers_is_copied():
    signature = Signature.from_schema(Schema([ColSpec("double", "a")]))
    query = Query(1, columns=signature.convert({"a": [1.0]}, 1))
    outputs = Outputs(("prediction",), (np.array([0.5]),), False)
    table = table_of([("r", START, query, outputs)], signature.names)
    query.columns.matrix[:] = outputs.arrays[0][:] = 9.0
    assert table.to_arrow().select(["a", "cyclops_prediction"]).to_pylist() == [{"a": 1.0, "cyclops_prediction": 0.5}]


def test_frames_of_models_without_signature_are_written_as_they_are():
    frame = pd.DataFrame({"a": [1.0, np.nan], "b": ["x", None], 3: pd.Categorical(["u", "v"])})
    made = [(f"r{i}", START, Query(2, raw=frame), Outputs(("prediction",), (np.array([1, 2]),), False)) for i in range(300)]
    found = written(made)
    wanted = pa.Table.from_pandas(pd.concat([frame] * 300, ignore_index=True), preserve_index=False)
    assert found.select(["a", "b", "3"]).equals(wanted)
    bare = [("r", START, Query(2, raw=np.zeros((2, 3))), Outputs(("prediction",), (np.array([1, 2]),), False))]
    assert written(bare).schema.names == [f"cyclops_{name}" for name in ("prediction", "request_id", "row", "time", "version")]


def test_parts_end_when_they_are_full():
    """Those of numbers by rows, those of references by requests."""
    numbers, names = requests_of(NUMBERS, 1300)
    assert len(table_of(numbers, names).parts) == sum(query.rows for *_, query, _ in numbers) // BLOCK
    mixed, names = requests_of(MIXED, SLICE * 3 - 1)
    assert len(table_of(mixed, names).parts) == 2


def test_requests_are_told_apart_by_all_that_a_table_has_in_common():
    """In any succession, and each kind in order."""
    signature = Signature.from_schema(Schema([ColSpec("double", "a"), ColSpec("double", "b", required=False)]))
    both = signature.convert({"a": [1.0], "b": [2.0]}, 1)
    one = Outputs(("prediction",), (np.array([1.0]),), False)
    variants = [
        (START, "7", both, None, one),
        (START + 3600, "7", both, None, one),
        (START, "8", both, None, one),
        (START, "7", signature.convert({"a": [1.0]}, 1), None, one),
        (START, "7", both, None, Outputs(("label",), one.arrays, False)),
        (START, "7", None, pd.DataFrame({"a": [1.0]}), one),
        (START, "7", None, np.zeros((1, 2)), one),
    ]
    requests = [
        (f"r{i}-{k}", start, version, signature, Query(1, columns=columns, raw=raw), outputs)
        for i in range(5)
        for k, (start, version, columns, raw, outputs) in enumerate(variants * 2 if i % 2 else variants[::-1])
    ]
    groups = by_kind(requests)
    assert len(groups) == len(variants)
    for kind, group in groups.items():
        assert group == [request for request in requests if kind_of(request) == kind]
