"""Whole reports: real registry and models, files in local zones, a running scorer, a stand-in for the Pushgateway."""

import json
import os
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer

import mlflow
import pandas as pd
import pytest
import serving_support as support
from prometheus_client.parser import text_string_to_metric_families
from sklearn.metrics import roc_auc_score

from cyclops_runtime.errors import RuntimeFailure
from cyclops_runtime.monitoring import monitor
from cyclops_runtime.monitoring.kpis import BEYOND_CHANCE, THRESHOLDS
from cyclops_runtime.monitoring.sinks import delivery
from cyclops_runtime.prediction import predict

FEATURES = list(support.TYPES)
NOW = datetime(2026, 5, 6, 12, 30, tzinfo=timezone.utc)
IDS = list(THRESHOLDS)


@pytest.fixture
def champion(tmp_path, name, saved):
    """Registers v1 as champion with the tags and files that the pipeline leaves; answers its version."""
    folder = tmp_path / "features" / "churn" / "runs" / "r1"
    folder.mkdir(parents=True)
    support.people(800, 21).to_parquet(folder / "train.parquet", index=False)
    support.people(400, 22).to_parquet(folder / "test.parquet", index=False)
    support.register(name, saved["v1"])
    client = mlflow.MlflowClient()
    client.set_registered_model_alias(name, "champion", "1")
    client.set_model_version_tag(name, "1", "cyclops.train-data", f"{folder}/train.parquet")
    client.set_model_version_tag(name, "1", "cyclops.metric.roc_auc", "0.9")
    return "1"


def capture(tmp_path, saved, rows, moment=NOW - timedelta(hours=1), version="1", **changes):
    """Writes rows as a scorer would have captured them, and returns them with their answers."""
    rows = rows.assign(**changes).reset_index(drop=True)
    answers = predict(mlflow.pyfunc.load_model(saved["v1"]), rows[FEATURES])
    frame = rows[[*FEATURES, "customer"]].assign(
        cyclops_label=answers["label"],
        cyclops_probability=answers["probability"],
        cyclops_request_id=[f"r{i}" for i in range(len(rows))],
        cyclops_row=0,
        cyclops_time=pd.Timestamp(moment),
        cyclops_version=version,
    )
    place = tmp_path / "predictions/churn/capture" / moment.strftime("dt=%Y-%m-%d/hh=%H")
    place.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(place / f"host-{len(list(place.iterdir()))}.parquet", index=False)
    return frame.assign(churn=rows["churn"])


def curated(tmp_path, rows, run_id="r1", **counts):
    folder = tmp_path / "curated" / "churn" / "runs" / run_id
    folder.mkdir(parents=True)
    rows.to_parquet(folder / "data.parquet", index=False)
    (folder / "curate.json").write_text(json.dumps(counts))


def report_of(document, now=NOW, run_id="m1"):
    report = monitor.run(document, run_id, now)
    assert [entry["id"] for entry in report["kpis"]] == IDS
    for entry in report["kpis"]:
        assert (entry["value"] is None) == (entry["status"] == "no-data")
        assert entry["value"] is not None or entry["reason"], entry
    return report, {entry["id"]: entry for entry in report["kpis"]}


def test_a_report_from_captured_requests(tmp_path, name, saved, champion):
    document = support.make_document(
        tmp_path, name, monitoring={"segments": ["plan"], "labels": {"path": "raw/labels/"}}, serving=False
    )
    rows = capture(tmp_path, saved, support.people(600, 31), age=support.people(600, 31)["age"] + 25)
    capture(tmp_path, saved, support.people(50, 32), moment=NOW - timedelta(hours=30), age=0.0)  # before the window
    (tmp_path / "raw/labels").mkdir(parents=True)
    labelled = rows.head(300)
    labelled[["customer", "churn"]].to_csv(tmp_path / "raw/labels/l.csv", index=False)
    report, found = report_of(document)

    assert report["window"] == {
        "from": "2026-05-05T12:30:00+00:00",
        "to": "2026-05-06T12:30:00+00:00",
        "source": "captured",
        "rows": 600,
    }
    assert report["version"] == "1"
    own = roc_auc_score(labelled["churn"] == "Yes", labelled["cyclops_probability"])
    assert found["model_quality"]["value"] == pytest.approx(own, rel=1e-9)
    assert found["model_quality"]["n"] == 300
    assert found["quality_degradation"]["value"] == pytest.approx((0.9 - own) / 0.9, rel=1e-9)
    assert found["feature_psi_max"]["reason"] == "greatest in age"
    assert found["feature_psi_max"]["status"] == "critical"
    assert found["drifted_feature_share"]["value"] == 0.25
    rates = (rows["cyclops_label"] == "Yes").groupby(rows["plan"]).mean()
    assert found["fairness_gap"]["value"] == pytest.approx(rates.max() - rates.min(), rel=1e-9)
    assert found["prediction_drift"]["value"] > 0
    assert found["prediction_drift"]["n"] == 600
    assert {kpi for kpi, entry in found.items() if entry["status"] == "no-data"} == {
        "data_freshness",
        "latency_p95",
        "error_rate",
        "throughput",
        "saturation",
        "cost_per_1k_predictions",
        "roi",
    }
    assert {kpi: entry["judged"] for kpi, entry in found.items() if kpi not in BEYOND_CHANCE} == {
        kpi: entry["value"] for kpi, entry in found.items() if kpi not in BEYOND_CHANCE
    }
    assert found["feature_psi_max"]["judged"] == found["feature_psi_max"]["value"]
    assert {name for name, feature in report["features"].items() if feature["judged"]} == {"age"}
    assert report["features"]["age"]["judged"] == report["features"]["age"]["psi"]
    assert report["status"] == "critical"
    assert json.loads((tmp_path / "predictions/churn/monitor/m1.json").read_text()) == report


def test_the_profile_is_made_once(tmp_path, name, saved, champion):
    document = support.make_document(tmp_path, name, monitoring={}, serving=False)
    capture(tmp_path, saved, support.people(200, 31))
    first = report_of(document)[0]
    (tmp_path / "features/churn/runs/r1/train.parquet").unlink()
    assert report_of(document)[0]["kpis"] == first["kpis"]


def test_labels_count_when_they_are_due(tmp_path, name, saved, champion):
    monitoring = {"window": "2h", "labels": {"path": "raw/labels/", "delay": "3d"}}
    document = support.make_document(tmp_path, name, monitoring=monitoring, serving=False)
    due = capture(tmp_path, saved, support.people(150, 31), moment=NOW - timedelta(days=3, hours=1))
    young = capture(tmp_path, saved, support.people(150, 32))
    (tmp_path / "raw/labels").mkdir(parents=True)
    pd.concat([due, young])[["customer", "churn"]].to_csv(tmp_path / "raw/labels/l.csv", index=False)
    _, found = report_of(document)
    assert found["model_quality"]["n"] == 150
    assert found["model_quality"]["value"] == pytest.approx(
        roc_auc_score(due["churn"] == "Yes", due["cyclops_probability"]), rel=1e-9
    )


def test_without_captured_rows_the_newest_curated_ones_are_taken(tmp_path, name, saved, champion):
    document = support.make_document(tmp_path, name, monitoring={}, serving=False)
    curated(tmp_path, support.people(300, 41), rowsRead=320, rowsSetAside=20)
    report, found = report_of(document, now=datetime.now(timezone.utc))
    assert report["window"]["source"] == "curated"
    assert found["constraint_violation_rate"]["value"] == pytest.approx(20 / 320)
    assert found["constraint_violation_rate"]["status"] == "critical"
    assert found["prediction_drift"]["n"] == 300
    assert found["model_quality"]["value"] == 0.9
    assert found["model_quality"]["reason"] == "of held-out rows: monitoring.labels is not given"
    assert found["quality_degradation"]["status"] == "no-data"


def test_freshness_is_the_age_of_the_newest_raw_file(tmp_path, name, saved, champion):
    document = support.make_document(tmp_path, name, monitoring={}, serving=False)
    curated(tmp_path, support.people(300, 41))  # today, of whatever age the raw files are
    now = datetime.now(timezone.utc)
    _, found = report_of(document, now=now)
    assert found["data_freshness"]["value"] is None
    assert found["data_freshness"]["reason"] == "no raw files below raw/churn/"
    for days, file in ((30, "old.csv"), (8, "deep/new.csv"), (9, "other.csv")):
        place = tmp_path / "raw/churn" / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("age\n1\n")
        moment = (now - timedelta(days=days)).timestamp()
        os.utime(place, (moment, moment))
    _, found = report_of(document, now=now)
    assert found["data_freshness"]["value"] == pytest.approx(8 * 86400, abs=1e-3)
    assert (found["data_freshness"]["warn"], found["data_freshness"]["status"]) == (7 * 86400, "warn")


def test_constraints_of_captured_rows(tmp_path, name, saved, champion):
    document = support.make_document(tmp_path, name, monitoring={}, serving=False)
    raw = json.loads(support.json.dumps(support_document(document)))
    raw["spec"]["data"]["schema"] = {
        "age": {"type": "number", "min": 18, "max": 60},
        "plan": {"type": "string", "allowed": ["basic", "plus"]},
        "income": {"type": "number", "nullable": True},
        "customer": {"type": "string", "unique": True},
    }
    document = support.parse_document(json.dumps(raw).encode(), "test")
    rows = capture(tmp_path, saved, support.people(200, 51), customer="same")
    _, found = report_of(document)
    broken = (rows["age"] > 60) | (rows["plan"] == "pro")
    assert found["constraint_violation_rate"]["value"] == pytest.approx(broken.mean())


def support_document(document):
    import msgspec

    return msgspec.to_builtins(document)


@pytest.mark.parametrize(
    "spoil",
    ["nothing at all", "no champion", "no tags", "no training rows", "model gone", "torn capture", "no captured features"],
)
def test_never_a_crash_and_never_a_silent_zero(tmp_path, name, saved, spoil, request):
    document = support.make_document(
        tmp_path,
        name,
        monitoring={"segments": ["plan"], "labels": {"path": "raw/labels/"}, "costPerHour": 1.0, "valuePerPrediction": 0.1},
    )
    client = mlflow.MlflowClient()
    if spoil not in ("nothing at all", "no tags"):
        request.getfixturevalue("champion")
    if spoil == "no champion":
        client.delete_registered_model_alias(name, "champion")
    if spoil == "no tags":
        support.register(name, saved["v1"])
        client.set_registered_model_alias(name, "champion", "1")
    if spoil == "no training rows":
        (tmp_path / "features/churn/runs/r1/train.parquet").unlink()
    if spoil == "model gone":
        support.register(name, str(tmp_path / "gone"))
        client.set_registered_model_alias(name, "champion", "2")
        client.set_model_version_tag(name, "2", "cyclops.train-data", str(tmp_path / "features/churn/runs/r1/train.parquet"))
    if spoil not in ("nothing at all", "no captured features"):
        capture(tmp_path, saved, support.people(150, 61))
    if spoil == "torn capture":
        (
            tmp_path / "predictions/churn/capture" / (NOW - timedelta(hours=1)).strftime("dt=%Y-%m-%d/hh=%H") / "z.parquet"
        ).write_bytes(b"PAR1 torn")
    if spoil == "no captured features":
        rows = capture(tmp_path, saved, support.people(150, 61))
        for file in (tmp_path / "predictions").rglob("*.parquet"):
            rows.drop(columns=[*FEATURES, "churn"]).to_parquet(file, index=False)
    report, found = report_of(document)
    assert found["throughput"]["reason"] == "no scorer answers at 127.0.0.1:1"
    if spoil == "torn capture":
        assert report["window"]["rows"] == 150
        assert found["feature_psi_max"]["value"] is not None
    elif spoil == "no captured features":
        assert found["missing_rate"]["value"] == 1.0
        assert found["drifted_feature_share"]["value"] == 1.0
        assert found["feature_psi_max"]["value"] is None
        assert found["prediction_drift"]["value"] is not None
    else:
        assert found["feature_psi_max"]["value"] is None


def test_scorers_counters_become_kpis(tmp_path, name, saved, champion):
    with support.RunningScorer(support.make_document(tmp_path, name)) as scorer:
        scorer.wait_for(champion="1")
        monitoring = {"thresholds": {"latency_p95": {"warn": 0.0001, "minSamples": 1}}}
        document = support.make_document(tmp_path, name, pods=f"127.0.0.1:{scorer.port}", monitoring=monitoring)
        rows = support.people(10)[FEATURES]
        for _ in range(4):
            scorer.invoke(rows)
        scorer.client.post("/invocations", json={"instances": []})
        _, first = report_of(document, run_id="m1")
        assert (first["error_rate"]["value"], first["error_rate"]["n"]) == (0, 5)
        assert first["latency_p95"]["status"] == "warn"
        assert first["saturation"]["value"] > 0
        assert first["throughput"]["value"] > 0
        for _ in range(3):
            scorer.invoke(rows)
        _, second = report_of(document, run_id="m2")
        assert second["error_rate"]["n"] == 3  # only what happened since the first report
        _, third = report_of(document, run_id="m3")
        assert third["throughput"]["value"] == 0
        assert third["error_rate"]["status"] == "no-data"


def test_cost_is_that_of_all_replicas_of_the_window_those_that_are_gone_among_them(tmp_path, name, saved, champion):
    monitoring = {"costPerHour": 3.6, "valuePerPrediction": 0.5, "window": "1h"}
    document = support.make_document(tmp_path, name, monitoring=monitoring)
    rows = support.people(10)[FEATURES]
    for requests in (4, 3):
        with support.RunningScorer(document) as scorer:
            scorer.wait_for(champion="1")
            for _ in range(requests):
                scorer.invoke(rows)
    report, found = report_of(document, now=datetime.now(timezone.utc))
    assert report["serving"] is None  # nobody answers any more
    use = report["usage"]
    assert use["predictions"] == 70
    cost = 3.6 * use["replicaSeconds"] / 3600
    assert found["cost_per_1k_predictions"]["value"] == pytest.approx(cost / 70 * 1000, rel=1e-9)
    assert found["cost_per_1k_predictions"]["n"] == 70
    assert found["roi"]["value"] == pytest.approx((70 * 0.5 - cost) / cost, rel=1e-9)
    assert report_of(document, run_id="m2", now=datetime.now(timezone.utc))[0]["usage"] == use  # a second report says the same
    _, later = report_of(document, run_id="m3", now=datetime.now(timezone.utc) + timedelta(hours=2))
    assert later["cost_per_1k_predictions"]["reason"] == "no replica has left a record of its use in the window"


def test_kpis_are_logged_to_one_mlflow_run_for_each_champion(tmp_path, name, saved, champion):
    document = support.make_document(tmp_path, name, monitoring={}, serving=False)
    capture(tmp_path, saved, support.people(200, 31))
    client = mlflow.MlflowClient()
    moments = [NOW + timedelta(minutes=7 + i) for i in range(2)]  # other tests log to the same experiment at other times
    values = [report_of(document, now=moment)[1]["feature_psi_max"]["value"] for moment in moments]
    runs = client.search_runs(
        [client.get_experiment_by_name("shop-dev/churn").experiment_id], "tags.`cyclops.monitor-of` = 'churn/1'"
    )
    assert len(runs) == 1
    logged = {m.timestamp: m.value for m in client.get_metric_history(runs[0].info.run_id, "kpi.feature_psi_max")}
    assert [logged[int(moment.timestamp() * 1000)] for moment in moments] == values


@pytest.fixture
def pushgateway():
    """Takes what is pushed; the real Pushgateway is not part of this test."""
    pushed = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self):
            pushed.append((self.path, self.rfile.read(int(self.headers["content-length"])).decode()))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"pushgateway:http://127.0.0.1:{server.server_port}", pushed
    server.shutdown()
    server.server_close()


def test_the_pushgateway_gets_every_kpi(tmp_path, name, saved, champion, pushgateway, monkeypatch):
    sink, pushed = pushgateway
    monkeypatch.setenv("CYCLOPS_METRIC_SINK", sink)
    capture(tmp_path, saved, support.people(200, 31))
    _, found = report_of(support.make_document(tmp_path, name, monitoring={}, serving=False))
    ((path, text),) = pushed
    assert path == "/metrics/job/cyclops-monitor/environment/dev/model/churn/stack/shop"
    pushed_samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
    assert {s.labels["feature"] for s in pushed_samples if s.name == "mlops_feature_psi"} == set(FEATURES)
    samples = {(s.name, s.labels["kpi"]): s for s in pushed_samples if "kpi" in s.labels}
    for kpi, entry in found.items():
        assert samples["mlops_kpi_samples", kpi].value == entry["n"]
        assert (("mlops_kpi", kpi) in samples) == (entry["value"] is not None)
        if entry["value"] is not None:
            assert samples["mlops_kpi", kpi].value == pytest.approx(entry["value"])
            assert (samples["mlops_kpi", kpi].labels["model"], samples["mlops_kpi", kpi].labels["version"]) == ("churn", "1")


def test_a_sink_that_is_down_fails_after_the_report_was_written(tmp_path, name, monkeypatch):
    monkeypatch.setenv("CYCLOPS_METRIC_SINK", "pushgateway:http://127.0.0.1:1")
    monkeypatch.setattr(delivery, "PAUSES_SECONDS", ())
    with pytest.raises(RuntimeFailure, match="the report is written all the same"):
        monitor.run(support.make_document(tmp_path, name, monitoring={}, serving=False), "m1", NOW)
    assert (tmp_path / "predictions/churn/monitor/m1.json").exists()
