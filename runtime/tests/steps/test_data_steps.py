"""ingest, curate and preprocess on good and on bad files."""

import json

import numpy
import pandas
import pytest
from samples import write_csv

from cyclops_runtime.errors import InputError
from cyclops_runtime.steps import curate, ingest, preprocess
from cyclops_runtime.storage import ZoneStore

HEADER = ["id", "age", "plan", "when", "ok", "y"]


def lines(count=40):
    return [
        [*HEADER],
        *(
            [
                f"c{i}",
                i,
                "gold" if i % 3 else "free",
                f"2026-01-{i % 28 + 1:02}",
                "true" if i % 2 else "false",
                "yes" if i % 2 else "no",
            ]
            for i in range(count)
        ),
    ]


@pytest.fixture
def document(make_document):
    def make(**data):
        base = {"path": "raw/t/", "target": "y", "positive": "yes", "id": "id"}
        return make_document(spec__data={**base, **data})

    return make


def curated(document, run="r"):
    ingest.run(document, run)
    return curate.run(document, run)


def test_constraints_set_rows_aside_and_say_why(document, tmp_path):
    rows = lines()
    rows[1][1] = -5  # min
    rows[2][1] = "forty"  # type
    rows[3][2] = "silver"  # allowed
    rows[4][0] = rows[5][0]  # unique
    rows[6][2] = ""  # nullable
    rows[7][5] = ""  # the target, undeclared
    rows[8][1] = 2.5  # type: no integer
    write_csv(tmp_path / "raw/t/a.csv", rows)
    schema = {
        "age": {"type": "integer", "min": 0, "max": 200},
        "plan": {"type": "string", "allowed": ["gold", "free"]},
        "id": {"type": "string", "unique": True},
    }
    checked = document(schema=schema, maxViolationShare=0.2)
    result = curated(checked)
    assert {(entry["column"], entry["constraint"]): entry["rows"] for entry in result["violations"]} == {
        ("age", "min"): 1,
        ("age", "type"): 2,
        ("plan", "allowed"): 1,
        ("id", "unique"): 1,
        ("plan", "nullable"): 1,
        ("y", "nullable"): 1,
    }
    assert (result["rows"], result["rowsSetAside"]) == (33, 7)
    violations = ZoneStore(checked).read_parquet("curated/churn/runs/r/violations.parquet")
    wrong = violations[violations["value"] == "forty"].iloc[0]
    assert (wrong["file"], wrong["file_row"], wrong["column"], wrong["constraint"]) == ("raw/t/a.csv", 1, "age", "type")
    assert len(ZoneStore(checked).read_parquet("curated/churn/runs/r/data.parquet")) == 33


def test_too_many_bad_rows_fail_and_leave_the_evidence(document, tmp_path):
    rows = lines()
    for row in rows[1:9]:
        row[1] = 999
    write_csv(tmp_path / "raw/t/a.csv", rows)
    checked = document(schema={"age": {"type": "integer", "max": 200}}, maxViolationShare=0.1)
    with pytest.raises(InputError, match=r"8 of 40 rows \(20.0%\).*10.0%.*age \(max\): 8 rows"):
        curated(checked)
    assert len(ZoneStore(checked).read_parquet("curated/churn/runs/r/violations.parquet")) == 8


def test_nothing_is_inferred_into_text_that_is_declared(document, tmp_path):
    rows = [["id", "zip", "age", "y"], *([f"c{i}", f"0{i}", i, "yes" if i % 2 else "no"] for i in range(10))]
    write_csv(tmp_path / "raw/t/a.csv", rows)
    checked = document(schema={"zip": {"type": "string"}})
    curated(checked)
    frame = ZoneStore(checked).read_parquet("curated/churn/runs/r/data.parquet")
    assert frame["zip"].tolist()[:2] == ["00", "01"]
    assert frame["age"].dtype == "float64"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "the file is empty"),
        ("id,age,plan,when,ok,y\n", "hold no rows"),
        ('id,y\n"a,b\n', "cannot be read as csv"),
        ("id,age\nc1,3\n", r"no column 'y' \(spec.data.target\)"),
        ("id,y\nc1,no\nc2,no\n", "never has the positive value 'yes'"),
        ("id,y\nc1,no\nc2,yes\nc3,maybe\n", "3 values .*binary classification knows two"),
        ("id,y\nc1,yes\nc2,yes\n", "single value 'yes'"),
    ],
)
def test_files_without_a_use_are_one_clear_sentence(document, tmp_path, content, sentence):
    path = tmp_path / "raw/t/a.csv"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    with pytest.raises(InputError, match=sentence):
        curated(document())


def test_no_files_at_all(document):
    with pytest.raises(InputError, match="no raw files"):
        ingest.run(document(), "r")


def test_a_declared_column_that_vanished(document, tmp_path):
    write_csv(tmp_path / "raw/t/a.csv", lines())
    with pytest.raises(InputError, match=r"no column 'income' \(spec.data.schema\)"):
        curated(document(schema={"income": {"type": "number"}}))


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        (
            {"spec__data__drop": ["agee"]},
            r"no column 'agee' \(spec.data.drop\); they have 'id', 'age', 'plan', 'when', 'ok', 'y'",
        ),
        ({"spec__monitoring": {"segments": ["plann"]}}, r"no column 'plann' \(spec.monitoring.segments\); they have 'id'"),
    ],
)
def test_a_column_that_the_spec_misspells(make_document, tmp_path, spec, sentence):
    write_csv(tmp_path / "raw/t/a.csv", lines())
    misspelt = make_document(spec__data={"path": "raw/t/", "target": "y", "positive": "yes", "id": "id"}, **spec)
    with pytest.raises(InputError, match=sentence):
        curated(misspelt)


@pytest.mark.parametrize("name", ["cyclops_time", "__source_row"])
def test_a_column_named_as_one_of_the_runtimes_own(document, tmp_path, name):
    rows = lines()
    rows[0] = [name if column == "age" else column for column in HEADER]
    write_csv(tmp_path / "raw/t/a.csv", rows)
    with pytest.raises(InputError, match=f"the column '{name}' has a name that the runtime uses itself: rename it"):
        curated(document())


def test_a_column_named_as_one_of_the_scorers_may_be_dropped(document, tmp_path):
    rows = lines()
    rows[0] = ["cyclops_time" if column == "age" else column for column in HEADER]
    write_csv(tmp_path / "raw/t/a.csv", rows)
    assert curated(document(drop=["cyclops_time"]))["rows"] == 40


def test_a_column_that_vanished_from_one_file_is_missing_there(document, tmp_path):
    write_csv(tmp_path / "raw/t/a.csv", lines(20))
    write_csv(tmp_path / "raw/t/b.csv", [[value for i, value in enumerate(row) if i != 1] for row in lines(10)])
    checked = document()
    curated(checked)
    assert ZoneStore(checked).read_parquet("curated/churn/runs/r/data.parquet")["age"].isna().sum() == 10


def test_files_that_change_during_a_run_are_noticed(document, tmp_path):
    path = write_csv(tmp_path / "raw/t/a.csv", lines())
    ingest.run(document(), "r")
    path.write_text(path.read_text() + "c99,1,gold,2026-01-01,true,yes\n")
    with pytest.raises(InputError, match="has changed since the ingest step"):
        curate.run(document(), "r")


def test_all_formats_give_the_same_rows(document, tmp_path):
    rows = [dict(zip(HEADER, row, strict=True)) for row in lines()[1:]]
    typed = [{**row, "ok": row["ok"] == "true"} for row in rows]
    (tmp_path / "raw/jsonl").mkdir(parents=True)
    (tmp_path / "raw/jsonl/a.jsonl").write_text("\n".join(map(json.dumps, typed)) + "\n\n")
    (tmp_path / "raw/parquet").mkdir()
    pandas.DataFrame(typed).to_parquet(tmp_path / "raw/parquet/a.parquet")
    write_csv(tmp_path / "raw/csv/a.csv", lines())
    frames = []
    for kind in ("csv", "jsonl", "parquet"):
        checked = document(path=f"raw/{kind}/", format=kind, schema={"when": {"type": "datetime"}})
        curated(checked, kind)
        frames.append(ZoneStore(checked).read_parquet(f"curated/churn/runs/{kind}/data.parquet"))
    pandas.testing.assert_frame_equal(frames[0], frames[1])
    pandas.testing.assert_frame_equal(frames[0], frames[2])
    assert str(frames[0]["when"].dtype).startswith("datetime64")


def test_features_have_three_kinds(document, tmp_path):
    rows = lines()
    rows[0] += ["gappy", "empty"]
    for number, row in enumerate(rows[1:]):
        row += ["" if number % 5 == 0 else "true", ""]
    write_csv(tmp_path / "raw/t/a.csv", rows)
    checked = document(schema={"when": {"type": "datetime"}}, drop=["plan"])
    curated(checked)
    result = preprocess.run(checked, "r")
    assert {column["name"]: column["type"] for column in result["columns"]} == {
        "age": "number",
        "when": "number",
        "ok": "flag",
        "gappy": "number",
    }
    train = ZoneStore(checked).read_parquet("features/churn/runs/r/train.parquet")
    assert train["when"].min() == pytest.approx(pandas.Timestamp("2026-01-01").timestamp())
    assert train["ok"].dtype == bool
    assert set(train["gappy"].dropna()) == {1.0}


def test_the_split_is_repeatable_and_keeps_the_classes(document, tmp_path):
    write_csv(tmp_path / "raw/t/a.csv", lines(100))
    checked = document()
    curated(checked, "a")
    curated(checked, "b")
    for run in ("a", "b"):
        preprocess.run(checked, run)
    store = ZoneStore(checked)
    for name in ("train.parquet", "test.parquet", "preprocess.json"):
        assert store.checksum(f"features/churn/runs/a/{name}") == store.checksum(f"features/churn/runs/b/{name}")
    test = store.read_parquet("features/churn/runs/a/test.parquet")
    train = store.read_parquet("features/churn/runs/a/train.parquet")
    assert (test["y"] == "yes").mean() == 0.5
    assert not set(test["id"]) & set(train["id"])


def test_numeric_targets_have_one_form_of_label(document, tmp_path):
    write_csv(tmp_path / "raw/t/a.csv", [["x", "y"], *([i, "1.0" if i % 2 else "0"] for i in range(20))])
    checked = document(id=None, positive=1)
    curated(checked)
    assert preprocess.run(checked, "r")["classes"] == ["0", "1"]


def test_too_few_rows(document, tmp_path):
    write_csv(tmp_path / "raw/t/a.csv", lines(3))
    checked = document()
    curated(checked)
    with pytest.raises(InputError, match="3 rows are too few"):
        preprocess.run(checked, "r")


def test_infinite_values_are_gaps(document, tmp_path):
    rows = lines()
    rows[1][1] = "inf"
    write_csv(tmp_path / "raw/t/a.csv", rows)
    checked = document(maxViolationShare=0.5)
    curated(checked)
    assert numpy.isfinite(ZoneStore(checked).read_parquet("curated/churn/runs/r/data.parquet")["age"].dropna()).all()
