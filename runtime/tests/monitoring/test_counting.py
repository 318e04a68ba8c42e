"""One pass over files of all formats: what is counted, that parts add up exactly, and that nothing strange goes by unseen."""

import json
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cyclops_runtime.document import ColumnSpec
from cyclops_runtime.errors import InputError
from cyclops_runtime.monitoring import kpis
from cyclops_runtime.monitoring.current import count_files
from cyclops_runtime.monitoring.pairs import Pairs
from cyclops_runtime.monitoring.profile import Profile, distribution_of, frame_columns, make_profile
from cyclops_runtime.monitoring.reading import BATCH_ROWS, batches
from cyclops_runtime.monitoring.tally import Question, count
from cyclops_runtime.monitoring.values import numbers_of, texts_of
from cyclops_runtime.monitoring.window import Window
from cyclops_runtime.storage import ZoneStore

COLUMNS = ["age", "plan", "active", "constant"]


def rows_of(rows, seed, shift=0.0):
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": np.where(random.random(rows) < 0.1, np.nan, random.normal(40 + shift, 10, rows)),
            "plan": random.choice(["a", "b", "c"], rows).astype(object),
            "active": random.random(rows) < 0.5,
            "constant": 1.0,
        }
    )


@pytest.fixture(scope="module")
def profile():
    return make_profile(frame_columns(rows_of(2000, 1)), 2000, COLUMNS, None, {})


@pytest.fixture
def store(tmp_path):
    return ZoneStore(SimpleNamespace(zones=SimpleNamespace(predictions=str(tmp_path))))


def window_of(profile, frame, **more):
    batch = pa.RecordBatch.from_pandas(frame, preserve_index=False)
    return count(Question(reference=profile, **more), iter([batch]))


# Values ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("array", "values", "wrong"),
    [
        (pa.array([1.5, None, math.nan]), [1.5, None, None], 0),
        (pa.array([1, None, 3]), [1, None, 3], 0),
        (pa.array([True, False, None]), [1, 0, None], 0),
        (pa.array([math.inf, -math.inf, 2.0]), [None, None, 2], 2),
        (pa.array(["1.5", "forty", None, "true", "inf"]), [1.5, None, None, 1, None], 2),
        (pa.array(["7", "x"]).dictionary_encode(), [7, None], 1),
        (pa.array([1_500_000], pa.timestamp("us", "UTC")), [1.5], 0),
        (pa.array([1], pa.date32()), [86400], 0),
        (pa.array([None, None]), [None, None], 0),
        (pa.array([{"a": 1}, None]), [None, None], 1),
        (pa.array([], pa.float64()), [], 0),
    ],
)
def test_columns_of_every_type_as_numbers(array, values, wrong):
    numbers = numbers_of(array)
    assert [None if math.isnan(value) else value for value in numbers.values.tolist()] == values
    assert (0 if numbers.wrong is None else int(numbers.wrong.sum())) == wrong


@pytest.mark.parametrize(
    ("array", "texts"),
    [
        (pa.array(["a", None, ""]), ["a", None, ""]),
        (pa.array([1.0, 2.5, math.nan, None]), ["1", "2.5", None, None]),
        (pa.array([7, 8]), ["7", "8"]),
        (pa.array([True, None]), ["true", None]),
        (pa.array(["x", "y", "x"]).dictionary_encode(), ["x", "y", "x"]),
        (pa.array([f"v{i}" for i in range(50)]).dictionary_encode().slice(40, 2), ["v40", "v41"]),
        (pa.array([[1, 2], None]), ["[1, 2]", None]),
        (pa.array([None]), [None]),
    ],
)
def test_columns_of_every_type_as_texts(array, texts):
    assert texts_of(array).values() == texts


# Formats ---------------------------------------------------------------------------------------------------------------------


def written(folder, frame, kind):
    path = folder / f"rows.{kind}"
    if kind == "parquet":
        frame.to_parquet(path, index=False)
    elif kind == "csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_json(path, orient="records", lines=True, double_precision=15)
    return f"predictions/rows.{kind}"


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_all_formats_give_the_same_counts(tmp_path, store, profile, kind):
    frame = rows_of(3000, 2).round({"age": 3})
    expected = window_of(profile, frame)
    found = count_files(store, Question(reference=profile), [written(tmp_path, frame, kind)])
    assert found == expected
    assert found.rows == 3000
    assert found.features["age"].n == frame["age"].notna().sum()


def test_files_of_any_fsspec_address(profile):
    import fsspec

    frame = rows_of(500, 3)
    with fsspec.open("memory://bucket/rows.parquet", "wb") as file:
        frame.to_parquet(file, index=False)
    store = ZoneStore(SimpleNamespace(zones=SimpleNamespace(predictions="memory://bucket")))
    assert count_files(store, Question(reference=profile), ["predictions/rows.parquet"]) == window_of(profile, frame)


def test_rows_come_in_batches_of_bounded_size(tmp_path, store):
    frame = pd.DataFrame({"a": np.arange(BATCH_ROWS * 2 + 5.0)})
    for kind in ("parquet", "csv", "jsonl"):
        sizes = [len(batch) for batch in batches(store, written(tmp_path, frame, kind))]
        assert sum(sizes) == len(frame)
        assert max(sizes) <= BATCH_ROWS


def test_values_of_several_types_in_json_lines(tmp_path, store):
    lines = [{"a": 1}, {"a": "x"}, {"a": True, "b": {"c": 1}}, {}]
    (tmp_path / "mixed.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    (batch,) = batches(store, "predictions/mixed.jsonl")
    assert batch.to_pydict()["a"] == ["1", "x", "true", None]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("torn.parquet", b"PAR1 torn"),
        ("torn.csv", b"age,plan\n1,a\n2\n"),
        ("empty.csv", b""),
        ("torn.jsonl", b'{"age": 1}\n{"age": '),
        ("list.jsonl", b"[1]\n"),
        ("gone.parquet", None),
    ],
)
def test_a_file_that_cannot_be_read_is_left_out_as_a_whole_and_named(tmp_path, store, profile, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError):
        list(batches(store, f"predictions/{name}"))
    good = written(tmp_path, rows_of(100, 4), "parquet")
    found = count_files(store, Question(reference=profile), [f"predictions/{name}", good])
    assert found.rows == 100
    (reason,) = found.left_out
    assert reason.startswith(f"{name} left out: ")


def test_a_parquet_file_with_a_torn_page_counts_nothing(tmp_path, store, profile):
    path = tmp_path / "page.parquet"
    pq.write_table(pa.Table.from_pandas(rows_of(200_000, 5)), path, row_group_size=50_000, compression="snappy")
    content = bytearray(path.read_bytes())
    middle = pq.read_metadata(path).row_group(3).column(0).dictionary_page_offset
    content[middle : middle + 4000] = b"\xff" * 4000
    path.write_bytes(content)
    found = count_files(store, Question(reference=profile), ["predictions/page.parquet"])
    assert (found.rows, len(found.left_out)) == (0, 1)


# Parts -----------------------------------------------------------------------------------------------------------------------


def captured(rows, seed, version="1"):
    random = np.random.default_rng(seed)
    chance = random.random(rows)
    return rows_of(rows, seed, shift=seed).assign(
        cyclops_label=np.where(chance >= 0.5, "Yes", "No"),
        cyclops_probability=chance,
        cyclops_version=version,
        cyclops_time=pd.Timestamp("2026-05-06", tz="UTC"),
        cyclops_request_id=[f"r{seed}-{i}" for i in range(rows)],
        cyclops_row=0,
    )


def test_parts_add_up_to_the_whole_bit_for_bit(profile):
    reference = make_profile(
        frame_columns(rows_of(2000, 1)),
        2000,
        COLUMNS,
        captured(500, 9).rename(columns=lambda name: name.removeprefix("cyclops_")),
        {},
    )
    moment = pd.Timestamp("2026-05-06", tz="UTC")
    span = (moment, moment + pd.Timedelta(1, "s"))
    frames = [captured(1000, 2), captured(300, 3).drop(columns="age"), captured(77, 4, "2"), captured(200, 5).assign(plan="new")]
    ids = pd.concat(frames)["cyclops_request_id"]
    question = Question(
        reference=reference,
        schema={"age": ColumnSpec(type="number", min=18), "plan": ColumnSpec(type="string", allowed=["a", "b"])},
        segments=("plan",),
        version="1",
        span=span,
        due=span,
        labels=dict(zip(ids[::3], ["Yes", "No"] * len(ids), strict=False)),
    )
    each = [pa.RecordBatch.from_pandas(frame, preserve_index=False) for frame in frames]
    whole = count(question, iter(each))
    parts = [count(question, iter([batch])) for batch in each]
    assert Window() + parts[0] + parts[1] + parts[2] + parts[3] == whole
    kept = [Window.from_json(json.loads(json.dumps(p.to_json())), Pairs.from_table(p.pairs.to_table())) for p in parts]
    backwards = kept[3] + kept[2] + (kept[1] + kept[0])
    assert backwards.pairs.ordered().equals(whole.pairs.ordered())
    assert len(whole.pairs) > 300
    whole.pairs = backwards.pairs = Pairs()
    assert backwards == whole
    # And what was counted is right.
    assert whole.rows == 1577
    assert whole.predicted == 1500
    assert whole.features["age"].seen == 1277
    assert whole.features["plan"].new == ["new"]
    assert sum(whole.segments["plan"]["new"].values()) == 200
    assert sum(whole.predictions) == 1500


# Strange data ----------------------------------------------------------------------------------------------------------------


def all_about(profile, frame, **more):
    window = window_of(profile, frame, **more)
    psis = kpis.feature_psis(profile, window)
    return window, psis, kpis.feature_notes(profile, window), kpis.missing_rate(profile, window)


def test_numbers_that_became_texts(profile):
    frame = rows_of(400, 2)
    frame["age"] = ["forty"] * 100 + [str(age) for age in frame["age"].fillna(1)][100:]
    window, psis, notes, missing = all_about(profile, frame)
    assert (window.features["age"].n, window.violations["age"], window.violating) == (300, 100, 100)
    assert notes["age"] == "100 values are no numbers"
    assert missing.value == pytest.approx(0.25 - profile.features["age"].missing)
    assert psis["age"] > 0


def test_texts_that_became_numbers(profile):
    _, psis, notes, _ = all_about(profile, rows_of(400, 2).assign(plan=2.0))
    assert psis["plan"] > 1
    assert notes["plan"] == "numbers where the reference has texts (400 rows); new categories: 2 (400 rows)"


def test_a_new_category_is_named(profile):
    frame = rows_of(400, 2)
    frame.loc[:9, "plan"] = "gold"
    _, psis, notes, _ = all_about(profile, frame)
    assert notes == {"plan": "new categories: gold (10 rows)"}
    assert psis["plan"] > 0.05


def test_values_that_are_all_missing(profile):
    _, psis, notes, missing = all_about(profile, rows_of(400, 2).assign(plan=None, age=np.nan))
    assert (psis["plan"], psis["age"]) == (None, None)
    assert (notes["plan"], notes["age"]) == ("no value", "no value")
    assert missing.value == 1.0


def test_infinite_values_are_missing_and_wrong(profile):
    frame = rows_of(400, 2)
    frame.loc[:19, "age"] = np.inf
    window, psis, notes, _ = all_about(profile, frame)
    assert (window.features["age"].infinite, window.violations) == (20, {"age": 20})
    assert "20 infinite values" in notes["age"]
    assert psis["age"] < 0.1


def test_a_constant_column_is_seen_to_move(profile):
    assert all_about(profile, rows_of(400, 2))[1]["constant"] == 0
    for value in (0.5, 2.0):
        assert all_about(profile, rows_of(400, 2).assign(constant=value))[1]["constant"] > 1


def test_files_with_and_without_a_column(profile):
    window = window_of(profile, rows_of(100, 2)) + window_of(profile, rows_of(300, 3).drop(columns="age"))
    assert kpis.feature_notes(profile, window)["age"] == "300 rows are of files without the column"
    assert kpis.missing_share(window, "age") > 0.75


@pytest.mark.parametrize("frame", [rows_of(0, 1), rows_of(10, 1).assign(age=np.nan, plan=None, active=None, constant=np.inf)])
def test_a_reference_without_rows_or_values_is_no_data(frame):
    profile = make_profile(frame_columns(frame), len(frame), COLUMNS, None, {})
    assert (profile.features, profile.empty) == ({}, sorted(COLUMNS))
    window = window_of(profile, rows_of(100, 2))
    for measured in (
        kpis.missing_rate(profile, window),
        kpis.drifted_feature_share(profile, window, {}, {}),
        kpis.feature_psi_max(profile, window, {}, {}),
    ):
        assert measured.value is None
        assert measured.reason in ("the reference has no rows", "the reference has no features with values")


def test_infinite_values_of_the_reference_make_no_bins():
    found = distribution_of(pa.array([math.inf, -math.inf, *map(float, range(98))]))
    assert found.missing == 0.02
    assert all(map(math.isfinite, found.edges))


def test_rare_categories_are_counted_together_in_an_order_of_their_own():
    values = [f"c{i:03d}" for i in range(80) for _ in range(1 + (i < 50))]
    found = distribution_of(pa.array(values[::-1]))
    assert found.categories == [f"c{i:03d}" for i in range(50)]
    assert found.counts[-1] == 30
    profile = Profile(130, {"a": found})
    window = window_of(profile, pd.DataFrame({"a": ["c001", "c070"]}))
    assert kpis.feature_notes(profile, window) == {}  # c070 is one of the rare ones, not a new one


# Constraints -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "values", "broken"),
    [
        (ColumnSpec(type="number"), [1.0, None, math.inf], 2),
        (ColumnSpec(type="number", nullable=True), [1.0, None], 0),
        (ColumnSpec(type="number", min=0, max=5), ["-1", "5", "6", "x"], 3),
        (ColumnSpec(type="integer"), [1.0, 1.5], 1),
        (ColumnSpec(type="boolean"), ["yes", "0", "maybe"], 1),
        (ColumnSpec(type="boolean"), [True, False], 0),
        (ColumnSpec(type="boolean"), [1.0, 2.0], 1),
        (ColumnSpec(type="string", allowed=["a", "3"]), ["a", "b", None], 2),
        (ColumnSpec(type="string", allowed=["a", "3"]), [3.0], 0),
        (ColumnSpec(type="datetime"), ["2026-01-01", "2026-01-01T10:00:00Z", "soon"], 1),
        (ColumnSpec(type="datetime", nullable=True), [1700000000.0, None], 0),
    ],
)
def test_constraints(spec, values, broken):
    found = window_of(None, pd.DataFrame({"x": values}), schema={"x": spec})
    assert (found.violating, found.checked) == (broken, ["x"])
    assert found.violations == ({"x": broken} if broken else {})


def test_a_row_that_breaks_two_constraints_counts_once():
    schema = {"a": ColumnSpec(type="number", max=0), "b": ColumnSpec(type="number", max=0)}
    found = window_of(None, pd.DataFrame({"a": [1, 1, 0], "b": [1, 0, 0]}), schema=schema)
    assert (found.violating, found.violations) == (2, {"a": 2, "b": 1})
    assert kpis.broken(found) == "broken: a 2, b 1"
