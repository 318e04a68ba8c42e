"""Each KPI's formula and its answers to missing, strange and absent data; the verdicts."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from cyclops_runtime.document import GateSpec, ThresholdSpec
from cyclops_runtime.monitoring import kpis
from cyclops_runtime.monitoring.kpis import Measured, effective_thresholds, judge, nothing
from cyclops_runtime.monitoring.profile import Profile, frame_columns, make_profile
from cyclops_runtime.monitoring.schedule import longest_interval
from cyclops_runtime.monitoring.serving_metrics import Traffic
from cyclops_runtime.monitoring.tally import Question, count
from cyclops_runtime.monitoring.usage import Use
from cyclops_runtime.monitoring.window import Window

GATE = GateSpec(metric="roc_auc", min=0.75)
RANDOM = np.random.default_rng(0)


def train_rows(rows=1000):
    return pd.DataFrame(
        {
            "age": RANDOM.normal(40, 10, rows),
            "plan": RANDOM.choice(["a", "b"], rows).astype(object),
            "active": RANDOM.random(rows) < 0.5,
            "income": np.where(RANDOM.random(rows) < 0.1, np.nan, RANDOM.normal(50, 5, rows)),
        }
    )


def predictions(rows, share=0.3):
    positive = np.arange(rows) < rows * share
    return pd.DataFrame({"label": np.where(positive, "Yes", "No"), "probability": np.where(positive, 0.9, 0.2)})


@pytest.fixture(scope="module")
def profile():
    names, metrics = ["age", "plan", "active", "income"], {"roc_auc": 0.8, "rmse": 2.0}
    return make_profile(frame_columns(train_rows()), 1000, names, predictions(500), metrics)


def window_of(profile, current, **more):
    """Counts of a frame's rows, as a file of them would give."""
    batches = [pa.RecordBatch.from_pandas(current, preserve_index=False)] if len(current) else []
    return count(Question(reference=profile, **more), iter(batches))


def predicted(profile, current):
    """Counts of predictions, as captured ones give."""
    frame = current.assign(cyclops_version="1").rename(columns={name: f"cyclops_{name}" for name in current})
    return window_of(profile, frame, version="1")


def measure(profile, current):
    window = window_of(profile, current)
    psis = kpis.feature_psis(profile, window) if len(current) else {}
    judged = kpis.judged_psis(profile, window, psis)
    return (
        kpis.missing_rate(profile, window),
        kpis.drifted_feature_share(profile, window, psis, judged),
        kpis.feature_psi_max(profile, window, psis, judged),
    )


def test_the_same_distribution_is_no_drift(profile):
    missing, share, psi = measure(profile, train_rows())
    assert (share.value, share.n) == (0, 1000)
    assert 0 < psi.value < 0.1
    assert 0 <= missing.value < 0.05


def test_a_vanished_column_is_all_missing_and_drifted(profile):
    missing, share, psi = measure(profile, train_rows().drop(columns="age"))
    assert (missing.value, missing.reason) == (1.0, "greatest in age; gone: age")
    assert (share.value, share.reason) == (0.25, "drifted: age")
    assert "without values: age" in psi.reason


def test_missing_values_are_compared_with_the_reference(profile):
    current = train_rows()
    current.loc[:499, "income"] = np.nan
    expected = current["income"].isna().mean() - profile.features["income"].missing
    assert measure(profile, current)[0].value == pytest.approx(expected)


def test_a_new_category_is_drift(profile):
    current = train_rows()
    current.loc[:399, "plan"] = "new"
    _, share, psi = measure(profile, current)
    assert psi.reason == "greatest in plan"
    reference, now = (
        profile.features["plan"].shares,
        [(current["plan"] == c).mean() for c in profile.features["plan"].categories] + [0.4],
    )
    e, a = np.maximum(reference, 1e-4), np.maximum(now, 1e-4)
    assert psi.value == pytest.approx(np.sum((a - e) * np.log(a / e)))
    assert share.value == 0.25


def test_a_changed_type_is_missing_not_a_crash(profile):
    current = train_rows().assign(age="forty", plan=3.5, active="maybe")
    missing, share, psi = measure(profile, current)
    assert missing.value == 1.0
    assert share.value == 0.75
    assert psi.value > 1


@pytest.mark.parametrize("current", [pd.DataFrame(), pd.DataFrame({"age": []})])
def test_no_rows_are_no_data(profile, current):
    for measured in measure(profile, current):
        assert measured == nothing("no rows in the window")
    for measured in (kpis.missing_rate(None, Window()), kpis.drifted_feature_share(None, Window(), {}, {})):
        assert (measured.value, measured.reason) == (None, "no reference profile")
    assert kpis.constraint_violation_rate(0, 0).value is None


def test_prediction_drift_of_probabilities(profile):
    assert kpis.prediction_drift(profile, predicted(profile, predictions(200))).value == pytest.approx(0, abs=1e-6)
    from scipy.spatial.distance import jensenshannon

    expected = jensenshannon([0.7, 0.3], [0.2, 0.8], base=2)
    assert kpis.prediction_drift(profile, predicted(profile, predictions(200, 0.8))).value == pytest.approx(expected, rel=1e-9)
    assert kpis.prediction_drift(profile, Window()).value is None
    assert kpis.prediction_drift(None, predicted(profile, predictions(10))).value is None


def test_prediction_drift_of_several_classes_compares_labels():
    reference = pd.DataFrame({"label": list("abc") * 100, "probability": 0.9})
    profile = make_profile(frame_columns(train_rows()), 1000, [], reference, {}, classes=["a", "b", "c"])
    assert profile.predictions.categories == ["a", "b", "c"]
    # Only two of the classes are seen now; their probabilities are not what is compared.
    current = pd.DataFrame({"label": list("ab") * 50, "probability": 0.4})
    from scipy.spatial.distance import jensenshannon

    assert kpis.prediction_drift(profile, predicted(profile, current)).value == pytest.approx(
        jensenshannon([1 / 3] * 3, [0.5, 0.5, 0], base=2), rel=1e-9
    )


def test_quality_and_its_degradation(profile):
    live, none = Measured(0.72, 200), nothing("no labels yet")
    assert kpis.model_quality("roc_auc", live, profile) == live
    assert kpis.quality_degradation("roc_auc", live, profile).value == pytest.approx((0.8 - 0.72) / 0.8)
    assert kpis.quality_degradation("rmse", Measured(2.5, 200), profile).value == pytest.approx(0.25)
    held_out = kpis.model_quality("roc_auc", none, profile)
    assert (held_out.value, held_out.n, held_out.reason) == (0.8, 500, "of held-out rows: no labels yet")
    assert kpis.quality_degradation("roc_auc", none, profile) == none
    assert kpis.model_quality("f1", none, profile).value is None
    assert kpis.quality_degradation("f1", live, None).value is None


def segments_of(groups, labels):
    """Counts of groups (columns by name) and labels, as captured rows give."""
    frame = pd.DataFrame({**groups, "cyclops_label": labels, "cyclops_version": "1"})
    window = window_of(None, frame, version="1", segments=tuple(groups))
    return window.segments, window.predicted


def test_fairness_is_the_worst_difference_of_selection_rates():
    labels = ["Yes"] * 30 + ["No"] * 10 + ["Yes"] * 10 + ["No"] * 40 + ["Yes"] * 5
    groups = ["f"] * 40 + ["m"] * 50 + ["x"] * 5
    found = kpis.fairness_gap(*segments_of({"gender": groups, "same": ["s"] * 95}, labels), ["Yes"])
    assert found.value == pytest.approx(30 / 40 - 10 / 50)
    assert found.n == 90
    assert found.reason == "gender: f 0.750, m 0.200; groups below 30 rows left out: gender=x"
    # Of several classes the worst one counts: here "No", whose rates differ as much.
    assert kpis.fairness_gap(*segments_of({"gender": groups}, labels), None).value == pytest.approx(found.value)
    assert kpis.fairness_gap(*segments_of({"gender": groups[:40]}, labels[:40]), ["Yes"]).value is None
    assert kpis.fairness_gap({}, 95, ["Yes"]).value is None
    assert kpis.fairness_gap(*segments_of({"gender": groups}, labels), []).value is None
    assert kpis.fairness_gap({"gender": {}}, 0, ["Yes"]).value is None


def test_a_segment_of_too_many_groups_is_left_out_and_named():
    found = kpis.fairness_gap(*segments_of({"customer": [f"c{i}" for i in range(1001)]}, ["Yes"] * 1001), ["Yes"])
    assert found.value is None
    assert "customer (more than 1000 groups)" in found.reason


TRAFFIC = Traffic(
    seconds=1800,
    replicas=2,
    requests=400,
    server_errors=6,
    predictions=1000,
    buckets={0.1: 300, 0.5: 400, float("inf"): 400},
    saturation=0.4,
)
USE = Use(replica_seconds=3600, predictions=1000)
IDLE = Traffic(
    seconds=60, replicas=1, requests=0, server_errors=0, predictions=0, buckets={0.1: 0, float("inf"): 0}, saturation=0.1
)


def test_serving_and_money():
    assert kpis.latency_p95(TRAFFIC, None).value == pytest.approx((0.1 + 0.4 * 80 / 100) * 1000)
    assert kpis.error_rate(TRAFFIC, None) == Measured(0.015, 400)
    assert kpis.throughput(TRAFFIC, None).value == pytest.approx(400 / 30)
    assert kpis.saturation(TRAFFIC, None).value == 0.4
    # Two replicas for half an hour.
    assert kpis.cost_per_1k_predictions(USE, 0.2) == Measured(pytest.approx(0.2), 1000)
    assert kpis.roi(USE, 0.2, 0.001).value == pytest.approx((1.0 - 0.2) / 0.2)


def test_without_traffic_only_throughput_and_saturation_have_values():
    assert kpis.throughput(IDLE, None).value == 0
    assert kpis.saturation(IDLE, None).value == 0.1
    for measured in (
        kpis.latency_p95(IDLE, None),
        kpis.error_rate(IDLE, None),
        kpis.cost_per_1k_predictions(Use(replica_seconds=60, predictions=0), 1),
        kpis.roi(Use(replica_seconds=60, predictions=0), 1, 1),
        kpis.cost_per_1k_predictions(None, 1),
        kpis.roi(None, 1, 1),
        kpis.throughput(None, "no endpoint"),
        kpis.roi(USE, None, 1),
        kpis.roi(USE, 1, None),
        kpis.roi(USE, 0, 1),
        kpis.cost_per_1k_predictions(USE, None),
    ):
        assert measured.value is None
        assert measured.reason


@pytest.mark.parametrize(
    ("kpi", "value", "n", "status"),
    [
        ("feature_psi_max", 0.09, 500, "ok"),
        ("feature_psi_max", 0.1, 500, "warn"),
        ("feature_psi_max", 0.25, 500, "critical"),
        ("feature_psi_max", 0.9, 99, "ok"),
        ("roi", 0.6, 500, "ok"),
        ("roi", 0.4, 500, "warn"),
        ("roi", -0.1, 500, "critical"),
        ("model_quality", 0.75, 500, "ok"),
        ("model_quality", 0.74, 500, "critical"),
        ("throughput", 0, 0, "ok"),
        ("latency_p95", 600, 60, "warn"),
        ("latency_p95", float("nan"), 60, "no-data"),
        ("latency_p95", None, 0, "no-data"),
        ("data_freshness", 100.0, 1, "warn"),
        ("data_freshness", 200.0, 1, "critical"),
    ],
)
def test_verdicts(kpi, value, n, status):
    entry = judge(kpi, Measured(value, n, "why" if value is None else None), effective_thresholds({}, GATE, 100.0)[kpi])
    assert entry["status"] == status
    assert (entry["value"] is None) == (status == "no-data")
    assert status != "no-data" or entry["reason"]


def test_too_few_samples_say_so():
    assert (
        judge("error_rate", Measured(1.0, 3), kpis.THRESHOLDS["error_rate"])["reason"]
        == "not judged: 3 samples, judged from 50 on"
    )


def test_quality_of_metrics_where_less_is_better():
    table = effective_thresholds({}, GateSpec(metric="rmse", max=2.0), None)
    verdicts = [judge("model_quality", Measured(value, 500), table["model_quality"])["status"] for value in (1.9, 2.0, 2.1)]
    assert verdicts == ["ok", "ok", "critical"]
    assert table["data_freshness"].warn is None


def test_the_document_overrides_thresholds():
    table = effective_thresholds(
        {"latency_p95": ThresholdSpec(warn=5, min_samples=1), "unknown": ThresholdSpec(warn=1)}, GATE, None
    )
    assert (table["latency_p95"].warn, table["latency_p95"].critical, table["latency_p95"].min_samples) == (5, 1000, 1)
    assert len(table) == 15


def test_the_table_is_the_catalogue():
    """The TypeScript catalogue is the truth for dashboards and alerts; the two must not drift apart."""
    import re
    from pathlib import Path

    source = Path(__file__).parents[3] / "packages/core/src/kpi/catalogue.ts"
    text = re.sub(r"\s+", " ", source.read_text())
    text = text.replace("...perHundredRows", "minSamples: 100").replace("...perRequest", "minSamples: 50")
    number = r"(null|[\d.]+)"
    found = re.findall(
        rf'(\w+): {{ title: "[^"]*", unit: "([^"]+)", direction: "(\w+)", warn: {number}, critical: {number}, minSamples: (\d+)',
        text,
    )
    assert len(found) == 15
    for kpi, unit, direction, warn, critical, samples in found:
        ours = kpis.THRESHOLDS[kpi]
        assert (ours.unit, ours.warn, ours.critical, ours.min_samples) == (
            unit,
            None if warn == "null" else float(warn),
            None if critical == "null" else float(critical),
            int(samples),
        ), kpi
        assert direction == "none" or ours.up == (direction == "up")


def test_a_profile_survives_json(profile):
    import json

    assert Profile.from_json(json.loads(json.dumps(profile.to_json()))) == profile
    assert Profile.from_json({**profile.to_json(), "format": 0}) is None


@pytest.mark.parametrize(
    ("cron", "hours"),
    [
        ("0 3 * * 1", 168),
        ("0 * * * *", 1),
        ("*/15 * * * *", 0.25),
        ("0 3 * * *", 24),
        ("30 2,14 * * *", 12),
        ("0 5 * * mon-fri", 72),
        ("0 0 1 * *", 31 * 24),
        ("0 0 31 * *", 61 * 24),
        ("0 0 1 1 *", 8760),
        ("0 0 */2 * *", 48),
        ("0 9 * * 5-7", 120),
        ("0 0 * * 7", 168),
        ("*/5 9-17 * * 1-5", 63 + 5 / 60),
    ],
)
def test_intervals_of_schedules(cron, hours):
    assert longest_interval(cron) == hours * 3600


@pytest.mark.parametrize(
    "cron", ["", "@daily", "0 25 * * *", "0 0 31 2 *", "x * * * *", "*/0 * * * *", "0 3 */2 * 1", "5/10 * * * *"]
)
def test_schedules_that_are_none(cron):
    assert longest_interval(cron) is None
