"""Monitor runs that several instances share, and the reference that training leaves for them."""

import json
import math
from datetime import timedelta
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
import serving_support as support
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import roc_auc_score
from test_monitor import NOW, capture, champion, report_of  # noqa: F401 (`champion` is a fixture)

from cyclops_runtime.config import Share
from cyclops_runtime.errors import InputError
from cyclops_runtime.monitoring import monitor
from cyclops_runtime.monitoring.profile import Profile
from cyclops_runtime.monitoring.shards import Plan, Shards
from cyclops_runtime.prediction import predict
from cyclops_runtime.steps import evaluate, register
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import PROFILE_TAG, Registry

MONITORING = {"segments": ["plan"], "labels": {"path": "raw/labels/"}}


def shared(document, run_id, monkeypatch, instances):
    """All parts of a shared run, each as its pod runs it; the instances go last to first."""
    monkeypatch.setenv("CYCLOPS_MONITOR_STAGE", "plan")
    monitor.run(document, run_id, NOW)
    monkeypatch.setenv("CYCLOPS_MONITOR_STAGE", "profile")
    rows = []
    for index in reversed(range(instances)):
        monkeypatch.setenv("CYCLOPS_SHARD", f"{index}/{instances}")
        rows.append(monitor.run(document, run_id, NOW + timedelta(minutes=index))["rows"])
    monkeypatch.delenv("CYCLOPS_SHARD")
    monkeypatch.setenv("CYCLOPS_MONITOR_STAGE", "merge")
    report = monitor.run(document, run_id, NOW + timedelta(hours=1))
    monkeypatch.delenv("CYCLOPS_MONITOR_STAGE")
    return report, rows


def busy_window(tmp_path, saved):
    """Files of several sizes, formats and versions, one of them torn; labels for every third row."""
    frames = []
    for number, rows in enumerate((400, 10, 90, 250, 33, 180, 5)):
        moment = NOW - timedelta(hours=1 + number)
        version = "2" if number == 4 else "1"
        changes = {"plan": "gold"} if number == 1 else {}
        frames.append(capture(tmp_path, saved, support.people(rows, 70 + number), moment, version, **changes))
    hour = tmp_path / "predictions/churn/capture" / (NOW - timedelta(hours=2)).strftime("dt=%Y-%m-%d/hh=%H")
    (hour / "torn.parquet").write_bytes(b"PAR1")
    mine = frames[0].head(40).drop(columns="churn").assign(customer=[f"csv-{i}" for i in range(40)])
    mine.to_csv(hour / "mine.csv", index=False)
    mine.assign(cyclops_time=NOW.isoformat()).to_csv(hour / "after-the-window.csv", index=False)
    (tmp_path / "raw/labels").mkdir(parents=True)
    labels = pd.concat([frame.iloc[::3] for frame in frames])
    labels[["customer", "churn"]].to_csv(tmp_path / "raw/labels/l.csv", index=False)
    return pd.concat([*frames, mine], ignore_index=True)


def test_five_instances_report_what_one_does(tmp_path, name, saved, champion, monkeypatch):  # noqa: F811
    document = support.make_document(tmp_path, name, monitoring={**MONITORING, "instances": 5}, serving=False)
    rows = busy_window(tmp_path, saved)
    alone, found = report_of(document, run_id="same")
    together, counts = shared(document, "same", monkeypatch, 5)
    assert together == alone
    assert json.loads((tmp_path / "predictions/churn/monitor/same.json").read_text()) == together
    assert sum(counts) == alone["window"]["rows"] == len(rows)
    assert all(count > 0 for count in counts)
    assert found["model_quality"]["n"] > 300
    assert any(note.startswith("torn.parquet left out") for note in alone["notes"])
    assert "new categories: gold (10 rows)" in alone["features"]["plan"]["note"]


def test_a_report_that_is_recomputed_by_plain_formulas(tmp_path, name, saved, champion):  # noqa: F811
    document = support.make_document(tmp_path, name, monitoring=MONITORING, serving=False)
    rows = busy_window(tmp_path, saved)
    report, found = report_of(document)
    train = pd.read_parquet(tmp_path / "features/churn/runs/r1/train.parquet")
    test = pd.read_parquet(tmp_path / "features/churn/runs/r1/test.parquet")
    own = rows[rows["cyclops_version"] == "1"]

    def shares(reference, current):
        edges = sorted({float(np.percentile(reference, percent)) for percent in range(10, 100, 10)})
        bins = [-math.inf, *edges, math.inf]
        return [
            np.histogram(-values.to_numpy(), [-edge for edge in reversed(bins)])[0] / len(values)
            for values in (reference, current)
        ]

    for feature in ("age", "income"):
        e, a = shares(train[feature].dropna(), rows[feature].dropna())
        present = (e > 0) | (a > 0)
        e, a = (np.where(share > 0, share, 1e-4)[present] for share in (e, a))
        entry = report["features"][feature]
        assert entry["psi"] == pytest.approx(np.sum((a - e) * np.log(a / e)), abs=1e-9)
        assert entry["missing"] == pytest.approx(rows[feature].isna().mean(), abs=1e-12)
        assert entry["n"] == rows[feature].notna().sum()
    reference = pd.Series(predict(mlflow.pyfunc.load_model(saved["v1"]), test)["probability"])
    expected = jensenshannon(*shares(reference, own["cyclops_probability"].astype(float)), base=2)
    assert found["prediction_drift"]["value"] == pytest.approx(expected, abs=1e-9)
    truth = pd.read_csv(tmp_path / "raw/labels/l.csv").drop_duplicates("customer", keep="last").set_index("customer")["churn"]
    labelled = own[own["customer"].isin(truth.index)]
    area = roc_auc_score(truth[labelled["customer"]] == "Yes", labelled["cyclops_probability"])
    assert found["model_quality"]["value"] == pytest.approx(area, abs=1e-9)
    assert found["quality_degradation"]["value"] == pytest.approx((0.9 - area) / 0.9, abs=1e-9)


def test_an_instance_that_is_missing_is_named(tmp_path, name, saved, champion, monkeypatch):  # noqa: F811
    document = support.make_document(tmp_path, name, monitoring={"instances": 2}, serving=False)
    monkeypatch.setenv("CYCLOPS_MONITOR_STAGE", "merge")
    with pytest.raises(InputError, match=r"plan\.json"):
        monitor.run(document, "m1", NOW)
    monkeypatch.setenv("CYCLOPS_MONITOR_STAGE", "plan")
    monitor.run(document, "m1", NOW)
    monkeypatch.setenv("CYCLOPS_MONITOR_STAGE", "merge")
    with pytest.raises(InputError, match="instance 0 of 2 has not counted its files yet"):
        monitor.run(document, "m1", NOW)
    monkeypatch.setenv("CYCLOPS_MONITOR_STAGE", "sum")
    with pytest.raises(InputError, match="use plan, profile or merge"):
        monitor.run(document, "m1", NOW)


def test_a_shared_run_without_captured_rows_takes_the_curated_ones(tmp_path, name, saved, champion, monkeypatch):  # noqa: F811
    from test_monitor import curated

    document = support.make_document(tmp_path, name, monitoring={"instances": 3}, serving=False)
    curated(tmp_path, support.people(300, 41), rowsRead=320, rowsSetAside=20)
    report, _ = shared(document, "m1", monkeypatch, 3)
    assert (report["window"]["source"], report["window"]["rows"]) == ("curated", 300)


def test_shares_are_of_like_size_and_have_every_file_once():
    plan = Plan(NOW, "1", [(f"f{i:02d}", size) for i, size in enumerate([9 << 20, 1, 1, 4 << 20, 5 << 20, 1, 1])])
    shares = [plan.paths_of(Share(index, 2)) for index in range(2)]
    assert sorted(path for share in shares for path in share) == sorted(plan.paths)
    sizes = dict(plan.files)
    assert [sum(sizes[path] for path in share) >> 20 for share in shares] == [9, 9]
    assert Plan(NOW, "1", []).paths_of(Share(0, 2)) == []


def test_a_plan_survives_its_file(tmp_path, name):
    store = ZoneStore(support.make_document(tmp_path, name))
    shards = Shards(store, "churn", "m1")
    assert shards.write_plan(NOW, None, []) == shards.read_plan()


# The reference of training ---------------------------------------------------------------------------------------------------


@pytest.fixture
def registry_of_training(trained):
    """The registry in which the whole run's version is, in place of this folder's own."""
    with support.registry_in(Path.cwd()):  # the session's folder
        yield Registry(trained)


def test_training_leaves_the_reference_and_the_version_names_it(trained, registry_of_training):
    tags = registry_of_training.version_tags("1")
    profile = Profile.from_json(ZoneStore(trained).read_json(f"file://{tags[PROFILE_TAG]}"))
    store = ZoneStore(trained)
    metrics = store.read_json("models/churn/runs/first/evaluate.json")["metrics"]
    assert profile.metrics == metrics
    assert {name: float(tags[f"cyclops.metric.{name}"]) for name in metrics} == metrics
    columns = store.read_json("features/churn/runs/first/preprocess.json")["columns"]
    assert list(profile.features) == sorted(column["name"] for column in columns)
    assert (profile.rows, profile.held_out_rows, profile.classes) == (1280, 320, ["No", "Yes"])
    assert (profile.quantity, sum(profile.predictions.counts)) == ("probability", 320)


def test_a_monitor_run_reads_the_current_window_alone(trained, registry_of_training, monkeypatch, tmp_path):
    """Neither the training rows nor the model: both are out of reach here."""
    rows = ZoneStore(trained).read_parquet("features/churn/runs/first/test.parquet")
    answers = predict(registry_of_training.load("1"), rows)
    captured = rows.drop(columns="Churn").assign(
        cyclops_label=answers["label"],
        cyclops_probability=answers["probability"],
        cyclops_request_id=[f"r{i}" for i in range(len(rows))],
        cyclops_row=0,
        cyclops_time=pd.Timestamp(NOW - timedelta(hours=1)),
        cyclops_version="1",
    )
    document = with_labels(trained, tmp_path)
    store = ZoneStore(document)
    store.write_parquet("predictions/churn/capture/dt=2026-05-06/hh=11/host-1.parquet", captured)
    store.write_bytes("raw/labels/l.csv", rows[["customerID", "Churn"]].to_csv(index=False).encode())
    monkeypatch.setattr(Registry, "load", unreachable)
    monkeypatch.setattr("cyclops_runtime.monitoring.reference.make_profile", unreachable)
    report, found = report_of(document)
    assert report["notes"] == []
    metrics = store.read_json("models/churn/runs/first/evaluate.json")["metrics"]
    # The held-out rows themselves came as requests: the live quality is the champion's, and the predictions have not moved.
    assert found["model_quality"]["value"] == pytest.approx(metrics["roc_auc"], abs=1e-12)
    assert found["quality_degradation"]["value"] == pytest.approx(0, abs=1e-12)
    assert found["prediction_drift"]["value"] == 0
    assert found["drifted_feature_share"]["value"] == 0


def unreachable(*_):
    raise AssertionError("a monitor run must not need this")


def with_labels(document, folder):
    """The trained model's document with labels; what the test writes is in a folder and an experiment of its own."""
    import msgspec

    from cyclops_runtime.document import parse_document

    raw = msgspec.to_builtins(document)
    raw["spec"]["monitoring"] = {"labels": {"path": "raw/labels/"}}
    raw["zones"] |= {zone: str(folder / zone) for zone in ("raw", "predictions")}
    raw["registry"]["experiment"] = f"monitored/{folder.name}"
    return parse_document(json.dumps(raw).encode(), "test")


def test_a_version_without_profile_gets_one_and_keeps_it(tmp_path, name, saved, champion):  # noqa: F811
    document = support.make_document(tmp_path, name, monitoring={}, serving=False)
    capture(tmp_path, saved, support.people(200, 31))
    report, _ = report_of(document)
    place = tmp_path / "predictions/churn/monitor/profiles/1.json"
    assert set(report["features"]) == set(Profile.from_json(json.loads(place.read_text())).features)
    # One of an older runtime is made anew; a torn one is too, and the report says so.
    for content, notes in (('{"format": 1}', []), ("{", ["kept profile not read"])):
        place.write_text(content)
        again, _ = report_of(document)
        assert again["kpis"] == report["kpis"]
        assert [note.partition(":")[0] for note in again["notes"]] == notes


def test_a_profile_that_cannot_be_made_does_not_stop_training(trained, registry_of_training, monkeypatch):
    def fails(*_):
        raise ArithmeticError("no")

    store = ZoneStore(trained)
    place = "models/churn/runs/first/profile.json"
    kept = store.read_bytes(place)
    store.delete(place)
    try:
        monkeypatch.setattr(evaluate, "profile_of_training", fails)
        assert evaluate.run(trained, "first")["passed"]
        assert not store.exists(place)
        assert register.run(trained, "first")["version"] == "1"
    finally:
        store.write_bytes(place, kept)


@pytest.mark.parametrize("has_profile", [True, False])
def test_a_cached_evaluation_brings_its_profile_where_there_is_one(tmp_path, name, has_profile):
    from cyclops_runtime.caching import StepCache, StepPlan

    document = support.make_document(tmp_path, name)
    store = ZoneStore(document)
    store.write_json("features/churn/runs/one/test.json", [])
    store.write_json("features/churn/runs/two/test.json", [])

    def cache(run_id):
        files = [f"models/churn/runs/{run_id}/{file}" for file in ("evaluate.json", "profile.json")]
        return StepCache(document, "evaluate", StepPlan([f"features/churn/runs/{run_id}/test.json"], files[:1], extras=files[1:]))

    store.write_json("models/churn/runs/one/evaluate.json", {"passed": True})
    if has_profile:
        store.write_json("models/churn/runs/one/profile.json", {"format": 2})
    cache("one").remember("one", {"passed": True})
    assert cache("two").take_over("two") == {"passed": True, "cachedFrom": "one"}
    assert store.exists("models/churn/runs/two/profile.json") == has_profile
