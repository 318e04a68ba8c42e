"""Values that were read in two ways, by the file or request that showed it; each stands for its kind."""

import datetime
import json
import logging

import numpy
import pandas
import pyarrow
import pyarrow.parquet
import pytest
from samples import write_csv
from values_support import asked, scored, trained

from cyclops_runtime.errors import InputError
from cyclops_runtime.metrics import classification_metrics
from cyclops_runtime.monitoring.current import matured_labels, newest_raw
from cyclops_runtime.monitoring.profile import Profile
from cyclops_runtime.monitoring.reference import profile_of_training
from cyclops_runtime.monitoring.values import numbers_of
from cyclops_runtime.prediction import predict
from cyclops_runtime.serving.loaded_model import LoadedModel
from cyclops_runtime.serving.problems import Problem
from cyclops_runtime.sources import _arrow_column
from cyclops_runtime.steps import batch, curate, ingest, preprocess
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.values.reader import read_typed

JSON, CSV = "application/json", "text/csv"


@pytest.fixture
def document(make_document):
    def make(task="regression", **data):
        metric = {"metric": "rmse", "max": 1.0} if task == "regression" else {"metric": "roc_auc", "min": 0.5}
        return make_document(
            spec__task=task,
            spec__data={"path": "raw/t/", "target": "y", **data},
            spec__training={"algorithm": "gradient-boosting", "gate": metric},
            spec__monitoring={"labels": {"path": "raw/labels/"}},
        )

    return make


def numbered(rows, **columns):
    """Lines of CSV: the header, and a row for each number."""
    return [[*columns, "y"], *([make(i) for make in columns.values()] + [i % 7] for i in range(rows))]


def curated(document):
    ingest.run(document, "r")
    result = curate.run(document, "r")
    return result, ZoneStore(document).read_parquet("curated/churn/runs/r/data.parquet")


def raw(tmp_path, text, name="a.csv"):
    path = tmp_path / "raw/t" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


# Batch reads as training has read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spell", "schema"),
    [
        (lambda i: f"2026-01-{i % 28 + 1:02}", {"type": "datetime"}),
        (lambda i: ["TRUE", "FALSE", ""][i % 3], None),
        (lambda i: ["yes", "no", ""][i % 3], {"type": "boolean", "nullable": True}),
        (lambda i: ["True", "False"][i % 2], None),
        (lambda i: ["yes", "no"][i % 2], {"type": "boolean"}),
        (lambda i: ["1.0", "0.0"][i % 2], {"type": "boolean"}),
    ],
)
def test_batch_over_raw_files_predicts_what_curated_rows_predict(document, tmp_path, spell, schema):
    write_csv(tmp_path / "raw/t/a.csv", numbered(60, x=spell, z=lambda i: i))
    own = document(**({"schema": {"x": schema}} if schema else {}))
    model = trained(own)
    _, rows = scored(own, model)
    expected = predict(model, ZoneStore(own).read_parquet("curated/churn/runs/r/data.parquet"))
    assert rows["label"].tolist() == expected["label"].tolist()
    assert rows["label"].nunique() > 1


def test_batch_sets_rows_aside_that_cannot_be_read_and_names_them(document, tmp_path, caplog):
    write_csv(tmp_path / "raw/t/a.csv", numbered(60, flag=lambda i: ["true", "false"][i % 2], x=lambda i: i))
    own = document(schema={"x": {"type": "number"}}, maxViolationShare=0.2)
    model = trained(own)
    lines = [["flag", "x"], *([["true", i] for i in range(20)])]
    lines[3][1], lines[5][0], lines[7] = "many", "", ["true"]
    write_csv(tmp_path / "raw/t/a.csv", lines)
    result, rows = scored(own, model)
    assert (result["rows"], result["rowsSetAside"]) == (17, 3)
    assert [entry["row"] for entry in result["setAside"]] == [2, 4, 6]
    many, gap, short = (entry["reason"] for entry in result["setAside"])
    assert many == "column 'x': expected a number, got 'many'"
    assert gap == "column 'flag': expected true or false, got no value"
    assert short == "line 8 has 1 field, the header 2: true"
    assert rows["source_row"].tolist() == [i for i in range(20) if i not in (2, 4, 6)]
    with pytest.raises(
        InputError, match=r"a.csv: 3 of 20 rows \(15.0%\) .* more than spec.data.maxViolationShare \(5.0%\).*'many'"
    ):
        scored(document(schema={"x": {"type": "number"}}), model, "strict")


# Rows and headers -------------------------------------------------------------------------------------------------------------


def test_rows_that_end_in_a_delimiter_are_refused_and_not_shifted(document, tmp_path):
    raw(tmp_path, "price,area,rooms,y\n" + "391562,128,1,3,\n" * 50)
    with pytest.raises(
        InputError, match=r"a.csv: .*50 of 50 rows do not have the header's 4 fields: its rows end in a delimiter"
    ):
        curated(document())


@pytest.mark.parametrize("row", ["1,2,3,4", "1,2", "1,2,3,4,5"])
def test_rows_of_another_width_are_refused_as_a_whole(document, tmp_path, row):
    raw(tmp_path, "a,b,y\n" + f"{row}\n" * 20)
    with pytest.raises(
        InputError, match=r"20 of 20 rows do not have the header's 3 fields: the header does not fit its rows; line 2"
    ):
        curated(document())


@pytest.mark.parametrize("row", ["1,2,3,4", "1,2", "9"])
def test_a_few_rows_of_another_width_are_set_aside_by_line(document, tmp_path, row):
    lines = ['a,b,y\n"1\n1",2,3\n', *(f"{i},2,3\n" for i in range(40))]
    raw(tmp_path, "".join([*lines[:20], f"{row}\n", *lines[20:]]))
    own = document(schema={"a": {"type": "string"}})
    result, rows = curated(own)
    assert (len(rows), result["rowsRead"], result["rowsSetAside"]) == (41, 42, 1)
    assert result["violations"] == [{"column": "(row)", "constraint": "fields", "rows": 1}]
    found = ZoneStore(own).read_parquet("curated/churn/runs/r/violations.parquet").iloc[0]
    assert (found["file"], found["file_row"]) == ("raw/t/a.csv", 20)
    assert found["value"].startswith(f"line 23 has {row.count(',') + 1} field")
    assert rows["a"][0] == "1\n1"


@pytest.mark.parametrize(
    ("header", "sentence"),
    [("a,y,y", "names 'y' more than once"), ("a,a,y", "names 'a' more than once"), ("a; b;y", "semicolons"), ("a\tb\ty", "tabs")],
)
def test_headers_that_cannot_be_meant_are_refused(document, tmp_path, header, sentence):
    raw(tmp_path, f"{header}\n" + "1,2,3\n" * 10)
    with pytest.raises(InputError, match=sentence):
        curated(document())


def test_names_twice_in_the_other_formats(document, tmp_path):
    raw(tmp_path, '{"a": 1, "y": 2}\n{"a": 1, "y": 2, "a": 3}\n', "a.jsonl")
    with pytest.raises(InputError, match=r"a.jsonl: cannot be read as jsonl: line 2: 'a' is named twice"):
        curated(document(format="jsonl"))
    table = pyarrow.table([pyarrow.array([1]), pyarrow.array([2]), pyarrow.array([3])], names=["a", "a", "y"])
    pyarrow.parquet.write_table(table, tmp_path / "raw/t/a.parquet")
    with pytest.raises(InputError, match=r"a.parquet: .* the columns 'a' more than once"):
        curated(document(format="parquet"))


def test_dialects_that_are_no_trouble(document, tmp_path):
    body = b'\xef\xbb\xbf a , b,y\r\n1, "x, y" ,3\r\n\r\n  \r\n2,"say ""x""",4\r\n3,5" pipe,5'
    raw(tmp_path, body)
    _, rows = curated(document())
    assert list(rows.columns) == ["a", "b", "y"]
    assert rows["b"].tolist() == ["x, y", 'say "x"', '5" pipe']


def test_a_readme_beside_the_data_is_no_data(document, tmp_path, caplog):
    write_csv(tmp_path / "raw/t/a.csv", numbered(30, x=lambda i: i))
    raw(tmp_path, "# About\nall is well\n", "README.md")
    raw(tmp_path, b"\x50\x4b", "~$a.csv")
    own = document()
    with caplog.at_level(logging.WARNING):
        result, rows = curated(own)
    assert list(rows.columns) == ["x", "y"]
    assert result["rowsSetAside"] == 0
    store = ZoneStore(own)
    assert [file["path"] for file in store.read_json("curated/churn/runs/r/ingest.json")["files"]] == ["raw/t/a.csv"]
    assert newest_raw(own, store) == next(file.modified for file in store.list_files("raw/t/") if file.name == "a.csv")


def test_files_of_other_endings_alone_are_named_with_what_is_read(document, tmp_path):
    raw(tmp_path, "x,y\n1,2\n", "a.txt")
    with pytest.raises(InputError, match=r"has no file ending in .csv .*but raw/t/a.txt"):
        ingest.run(document(), "r")


# Words ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["NA", "NaN", "nan", "null", "None", "N/A", "-", "?", " . "])
def test_marks_do_not_make_a_text_of_a_number(document, tmp_path, mark):
    write_csv(tmp_path / "raw/t/a.csv", numbered(60, bmi=lambda i: mark if i % 10 == 0 else f"{i}.5"))
    result, rows = curated(document())
    assert result["columns"]["bmi"] == "number"
    assert rows["bmi"].isna().sum() == 6
    assert result["findings"] == []


@pytest.fixture
def countries(document, tmp_path):
    """A model of categories that are spelt like missing values."""
    names = ["NA", "None", "EU", "null"]
    lines = numbered(80, country=lambda i: names[i % 4], x=lambda i: f" {i} ")
    for i, line in enumerate(lines[1:]):
        line[2] = 100 * (i % 4) + i % 3
    write_csv(tmp_path / "raw/t/a.csv", lines)
    return LoadedModel("1", trained(document()))


@pytest.mark.parametrize("country", ["NA", "None", "null", "EU", " EU ", " NA"])
def test_a_category_is_one_category_by_json_and_by_csv(countries, country):
    by_json = asked(countries, json.dumps({"inputs": {"country": [country], "x": [3]}}).encode(), JSON)
    by_csv = asked(countries, f"country, x\n{country}, 3.0\n".encode(), CSV)
    plain = asked(countries, json.dumps({"inputs": {"country": [country.strip()], "x": [3.0]}}).encode(), JSON)
    assert by_json[1] == by_csv[1] == plain[1]
    assert by_csv[0]["country"].tolist() == [country.strip()]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("country,x\nEU,3,\n", ["line 2", "3 fields", "the header 2"]),
        ("country,x\nEU\n", ["line 2", "1 field"]),
        ("country,x,x\nEU,3,4\n", ["'x'", "more than once"]),
        ("country;x\nEU;3\n", ["semicolons"]),
        ("country,x\nEU,many\n", ["x", "row 0", "a number", "many"]),
        ('country,x\n"EU,3\n', ["line 2", "does not end"]),
    ],
)
def test_csv_requests_that_cannot_be_meant_are_refused(countries, body, words):
    with pytest.raises(Problem) as found:
        asked(countries, body.encode(), CSV)
    assert found.value.status == 400
    for word in words:
        assert word in found.value.message


def test_a_column_given_twice_in_json_is_refused(countries):
    split = {"dataframe_split": {"columns": ["country", "x", "x"], "data": [["EU", 1, 2]]}}
    with pytest.raises(Problem, match='column "x" is given twice'):
        asked(countries, json.dumps(split).encode(), JSON)


def test_values_of_several_types_have_one_form(document, tmp_path):
    values = [" EU ", "EU", 1, 1.0, "1", True, "true", None, "", "  "]
    lines = [json.dumps({"kind": value, "y": i}) for i, value in enumerate(values)]
    raw(tmp_path, "\n".join(lines), "a.jsonl")
    _, rows = curated(document(format="jsonl"))
    assert rows["kind"].tolist() == ["EU", "EU", "1", "1", "1", "true", "true", None, None, None]


@pytest.mark.parametrize("value", [b"5", [5], numpy.array([5.0]), {"a": 5}, 10**400, "1_000", "\u0661", "0x10", "1e999"])
def test_what_python_alone_would_take_for_a_number_is_none(value):
    assert read_typed([1, value], "number").wrong == [1]


@pytest.fixture
def dated(document, tmp_path):
    lines = numbered(80, when=lambda i: f"2026-01-{i % 28 + 1:02}", ok=lambda i: ["yes", "no", ""][i % 3], n=lambda i: i)
    write_csv(tmp_path / "raw/t/a.csv", lines)
    schema = {"when": {"type": "datetime"}, "ok": {"type": "boolean", "nullable": True}, "n": {"type": "integer"}}
    return LoadedModel("1", trained(document(schema=schema)))


@pytest.mark.parametrize(
    ("when", "ok"),
    [
        ("2026-01-05", "yes"),
        ("2026-01-05T00:00:00Z", True),
        ("2026-01-05 02:00:00+02:00", "TRUE"),
        (1767571200, 1),
        (1767571200.0, "1.0"),
        ("1767571200", "t"),
    ],
)
def test_moments_and_truths_of_requests_in_every_spelling(dated, when, ok):
    plain = asked(dated, b"when,ok,n\n2026-01-05,yes,5\n", CSV)
    features, answer = asked(dated, json.dumps({"inputs": {"when": [when], "ok": [ok], "n": [5]}}).encode(), JSON)
    assert answer == plain[1]
    assert features.iloc[0].tolist() == [1767571200.0, 1.0, 5.0]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("when", "31/12/2024"),
        ("when", "now"),
        ("when", "20261"),
        ("when", 1767571200000),  # milliseconds
        ("when", True),
        ("ok", "maybe"),
        ("ok", 0.5),
        ("n", 1.5),
        ("n", "1_000"),
        ("n", [1]),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(dated, column, value):
    inputs = {"when": ["2026-01-05"] * 2, "ok": [None] * 2, "n": [5] * 2}
    inputs[column][1] = value
    with pytest.raises(Problem, match=f'column "{column}", row 1: expected ') as found:
        asked(dated, json.dumps({"inputs": inputs}).encode(), JSON)
    assert found.value.status == 400


def test_a_moment_without_a_zone_is_utc_whatever_stands_above_it(document, tmp_path):
    """pandas 2.3 reads one as of the zone of the row before."""
    write_csv(tmp_path / "raw/t/a.csv", numbered(20, when=lambda i: "2026-01-05 02:00:00" + ["+02:00", "", "Z"][i % 3]))
    _, rows = curated(document(schema={"when": {"type": "datetime"}}))
    assert rows["when"].dt.hour.tolist()[:3] == [0, 2, 2]


def test_dates_beyond_pandas_own_are_read(document, tmp_path):
    write_csv(tmp_path / "raw/t/a.csv", numbered(20, until=lambda i: "9999-12-31" if i % 2 else "2026-01-01"))
    _, rows = curated(document(schema={"until": {"type": "datetime"}}))
    assert rows["until"].max() == pandas.Timestamp("9999-12-31", tz="UTC")


def test_dates_of_parquet_are_dates(document, tmp_path):
    frame = pandas.DataFrame({"day": [datetime.date(2026, 1, 1 + i % 28) for i in range(20)], "y": range(20)})
    (tmp_path / "raw/t").mkdir(parents=True)
    frame.to_parquet(tmp_path / "raw/t/a.parquet")
    result, _ = curated(document(format="parquet"))
    assert result["columns"]["day"] == "datetime"


def test_the_last_digit_of_a_text_is_that_of_json(document, tmp_path):
    numbers = numpy.random.default_rng(1).normal(size=200) * 1e3
    write_csv(tmp_path / "raw/t/a.csv", numbered(200, x=lambda i: repr(float(numbers[i]))))
    _, rows = curated(document())
    assert rows["x"].tolist() == numbers.tolist()


# Columns that became text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spell", "reason", "mend"),
    [
        (
            lambda i: "unknown" if i == 3 else f"{i}.5",
            "its values are numbers (98.3% of them; not 'unknown')",
            "x: {type: number, nullable: true}",
        ),
        (lambda i: f"{i},5", "its values are numbers with commas", "with a point and no commas"),
        (lambda i: f"{i % 28 + 1:02}/12/2024", "its values are dates in a form of their own", "write 2024-12-31 (ISO 8601)"),
        (lambda i: f"{i % 28 + 1} Dec 2024 10:{i % 60:02}", "its values are dates in a form of their own", "type: datetime"),
        (lambda i: f"2026-01-{i % 28 + 1:02}", "its values are dates", "x: {type: datetime, nullable: true}"),
    ],
)
def test_a_column_that_became_text_is_told_with_the_line_for_the_spec(document, tmp_path, spell, reason, mend):
    write_csv(tmp_path / "raw/t/a.csv", numbered(60, x=spell))
    own = document()
    result, _ = curated(own)
    (found,) = result["findings"]
    assert found["column"] == "x"
    assert reason in found["reason"]
    assert mend in found["mend"]
    assert preprocess.run(own, "r")["findings"] == result["findings"]


def test_ordinary_texts_are_no_finding(document, tmp_path):
    write_csv(tmp_path / "raw/t/a.csv", numbered(60, x=lambda i: ["red", "green", "7"][i % 3], code=lambda i: f"00{i}x"))
    assert curated(document())[0]["findings"] == []


def test_the_reference_of_the_monitor_knows_how_values_are_read_and_what_was_strange(document, tmp_path):
    lines = numbered(60, when=lambda i: f"2026-01-{i % 28 + 1:02}", x=lambda i: f"{i},5")
    write_csv(tmp_path / "raw/t/a.csv", lines)
    own = document(schema={"when": {"type": "datetime"}})
    model = trained(own)
    profile = Profile.from_json(json.loads(json.dumps(profile_of_training(own, "r", model, None, {}).to_json())))
    (finding,) = profile.findings
    assert finding.startswith("column 'x': its values are numbers with commas")
    when = numbers_of(pyarrow.array(["2026-01-02", "NA", None, "soon"]), profile.values.columns["when"])
    assert when.values[0] == datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc).timestamp()
    assert when.wrong.tolist() == [False, False, False, True]


# Targets and labels -----------------------------------------------------------------------------------------------------------


def test_a_target_that_is_no_number_is_refused_by_curate(document, tmp_path):
    lines = numbered(60, x=lambda i: i)
    for line in lines[1:]:
        line[1] = "a/b"
    write_csv(tmp_path / "raw/t/a.csv", lines)
    with pytest.raises(InputError, match=r"60 of 60 rows .*y \(type\): 60 rows, such as 'a/b' in row 0 of raw/t/a.csv"):
        curated(document())
    with pytest.raises(InputError, match="'y' is declared a string, and a regression learns numbers"):
        curated(document(schema={"y": {"type": "string"}}))


def test_a_single_mark_in_a_target_sets_its_row_aside(document, tmp_path):
    lines = numbered(60, x=lambda i: i)
    lines[5][1] = "n/a"
    write_csv(tmp_path / "raw/t/a.csv", lines)
    result, rows = curated(document())
    assert result["violations"] == [{"column": "y", "constraint": "nullable", "rows": 1}]
    assert len(rows) == 59


SPELLINGS = [
    (["True", "False"], True, None),
    (["True", "False"], "True", None),
    (["TRUE", "FALSE"], "true", None),
    (["1.0", "0.0"], "1.0", None),
    (["1", "0"], 1.0, None),
    (["yes", "no"], "yes", None),
    (["yes", "no"], "yes", {"type": "boolean"}),
    (["Y", "N"], "Y", {"type": "boolean"}),
]


@pytest.mark.parametrize(("words", "positive", "schema"), SPELLINGS)
def test_the_positive_value_may_be_spelt_as_the_file_spells_it(document, tmp_path, words, positive, schema):
    write_csv(tmp_path / "raw/t/a.csv", [["x", "y"], *([i, words[i % 2]] for i in range(40))])
    own = document("binary-classification", positive=positive, **({"schema": {"y": schema}} if schema else {}))
    curated(own)
    found = preprocess.run(own, "r")
    expected = ZoneStore(own).read_parquet("curated/churn/runs/r/data.parquet")["y"][0]
    assert found["positive"] == expected
    assert found["positive"] in found["classes"]


@pytest.mark.parametrize(
    ("classes", "spelt", "expected"),
    [
        (["false", "true"], ["True", "FALSE", "yes", "1.0"], ["true", "false", "true", "true"]),
        (["0", "1", "2"], ["1.0", "2", " 0 ", "+1"], ["1", "2", "0", "1"]),
        (["No", "Yes"], ["Yes", " No", "Yes", "No"], ["Yes", "No", "Yes", "No"]),
        (["1.0", "2.0"], ["1.0", "2.0", "1.0", "1.0"], ["1.0", "2.0", "1.0", "1.0"]),
    ],
)
def test_labels_are_brought_into_the_form_of_the_classes(document, tmp_path, classes, spelt, expected):
    write_csv(tmp_path / "raw/labels/a.csv", [["id", "y"], *([f"00{i}", text] for i, text in enumerate(spelt))])
    own = document("multiclass-classification", id="id")
    labels, left_out = matured_labels(own, ZoneStore(own), classes)
    assert labels == {f"00{i}": text for i, text in enumerate(expected)}
    assert left_out == []


def test_a_label_that_is_no_class_is_counted_and_named(document, tmp_path):
    write_csv(tmp_path / "raw/labels/a.csv", [["id", "y"], ["a", "1"], ["b", "maybe"], ["c", "maybe"], ["d", "7"], ["e", ""]])
    own = document("multiclass-classification", id="id")
    labels, (reason,) = matured_labels(own, ZoneStore(own), ["0", "1"])
    assert labels == {"a": "1"}
    assert reason == "3 labels left out, as they are no class of the model, which has '0', '1': 'maybe' (2), '7' (1)"
    numbers, (other,) = matured_labels(document(id="id"), ZoneStore(own))
    assert numbers == {"a": "1", "d": "7"}
    assert other == "2 labels left out, as they are no number: 'maybe' (2)"


def test_metrics_of_truths_that_the_model_does_not_know_are_not_defined():
    chances = numpy.array([[0.2, 0.8]] * 4)
    found = classification_metrics(["x"] * 4, ["b"] * 4, chances, ["a", "b"], "b")
    assert (found["roc_auc"], found["log_loss"]) == (None, None)


# Ids --------------------------------------------------------------------------------------------------------------------------

IDS = [1234567890123456780 + i for i in range(40)]


@pytest.mark.parametrize("schema", [None, {"type": "integer", "unique": True}, {"type": "string", "unique": True}])
def test_ids_stay_as_they_are_written(document, tmp_path, schema):
    own = document(id="id", **({"schema": {"id": schema}} if schema else {}))
    write_csv(tmp_path / "raw/t/a.csv", numbered(40, id=lambda i: IDS[i] if i else "0012", x=lambda i: i))
    model = trained(own)
    _, rows = scored(own, model)
    expected = ["0012", *map(str, IDS[1:])]
    assert rows["id"].tolist() == expected
    assert ZoneStore(own).read_parquet("curated/churn/runs/r/data.parquet")["id"].tolist() == expected


def test_the_bounds_of_an_id_are_those_of_a_number(document, tmp_path):
    write_csv(tmp_path / "raw/t/a.csv", numbered(40, id=lambda i: f"{i:03}", x=lambda i: i))
    own = document(id="id", schema={"id": {"type": "integer", "unique": True, "min": 1}})
    result, rows = curated(own)
    assert result["violations"] == [{"column": "id", "constraint": "min", "rows": 1}]
    assert rows["id"][0] == "001"


def test_whole_numbers_with_gaps_in_parquet_keep_their_digits(document, tmp_path):
    table = pyarrow.table({"id": [*IDS[:-1], None], "order": IDS, "x": range(40), "y": range(40)})
    (tmp_path / "raw/t").mkdir(parents=True)
    pyarrow.parquet.write_table(table, tmp_path / "raw/t/a.parquet")
    own = document(format="parquet", id="id", schema={"order": {"type": "integer", "unique": True}})
    result, rows = curated(own)
    assert result["rowsSetAside"] == 0
    assert rows["id"].tolist() == [*map(str, IDS[:-1]), None]
    _, scores = scored(own, trained(own))
    assert scores["id"].tolist() == [*map(str, IDS[:-1]), None]


def test_an_id_that_is_a_float_of_too_many_digits_is_set_aside(document, tmp_path):
    (tmp_path / "raw/t").mkdir(parents=True)
    pandas.DataFrame({"id": [*map(float, range(39)), float(IDS[0])], "x": range(40), "y": range(40)}).to_parquet(
        tmp_path / "raw/t/a.parquet"
    )
    result, rows = curated(document(format="parquet", id="id"))
    assert result["violations"] == [{"column": "id", "constraint": "type", "rows": 1}]
    assert rows["id"].tolist()[:2] == ["0", "1"]


def test_columns_of_a_database_keep_their_digits():
    from decimal import Decimal

    assert _arrow_column([IDS[0], None]).to_pylist() == [IDS[0], None]
    whole, broken = _arrow_column([Decimal(IDS[1]), None]), _arrow_column([Decimal("1.5"), None])
    assert (whole.type, whole.to_pylist()) == (pyarrow.int64(), [IDS[1], None])
    assert (broken.type, broken.to_pylist()) == (pyarrow.float64(), [1.5, None])
    assert _arrow_column([1, "a"]).to_pylist() == ["1", "a"]


# Models without a contract ----------------------------------------------------------------------------------------------------


def test_a_model_from_before_is_read_by_its_columns_and_says_so_once(document, tmp_path, caplog):
    write_csv(tmp_path / "raw/t/a.csv", numbered(60, when=lambda i: f"2026-01-{i % 28 + 1:02}", x=lambda i: i))
    own = document(schema={"when": {"type": "datetime"}})
    model = trained(own)
    expected = predict(model, ZoneStore(own).read_parquet("curated/churn/runs/r/data.parquet"))
    del model.metadata.metadata["cyclops"]["values"]
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cyclops_runtime.prediction.log.warning", lambda event, **fields: said.append(event))
        _, rows = scored(own, model)
        assert said == ["values-read-by-signature"]
        answers = asked(LoadedModel("1", model), b'{"inputs": {"when": ["2026-01-01"], "x": [0]}}', JSON)[1]
    assert rows["label"].tolist() == expected["label"].tolist()
    assert answers == expected["label"].tolist()[:1]
    assert said == ["values-read-by-signature"] * 2


def test_batch_without_files_of_its_format(document, tmp_path):
    raw(tmp_path, "hello", "README.md")
    own = document()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "Registry", lambda document: type("Registry", (), {"champion": lambda self: "1"})())
        with pytest.raises(InputError, match=r"no input files: .*has no file ending in .csv"):
            batch.run(own, "b")
