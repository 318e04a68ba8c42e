"""What asks for a training and what holds it back: a pure function of report, spec and state."""

from datetime import timedelta

import pytest
from retraining_support import NOW, make_report

from cyclops_runtime.monitoring.kpis import THRESHOLDS
from cyclops_runtime.retraining.decision import Decision, Started, State, decide
from cyclops_runtime.retraining.new_data import NewData

NEW = NewData(("raw/telco/b.csv",), "1 of 2 files are new against run first: raw/telco/b.csv")
KNOWN = NewData((), "all 1 files are known from run first")
NOTHING = State()
LAST = Started("churn-abc", NOW - timedelta(hours=5), "drift", "m0")


@pytest.fixture
def decision(make_document):
    def of(report, retrain_on, state=NOTHING, cooldown="24h", **monitoring):
        monitoring = {"labels": {"path": "raw/labels/"}, **monitoring}
        training = {"gate": {"metric": "roc_auc", "min": 0.7}, "retrainOn": retrain_on, "cooldown": cooldown}
        return decide(report, make_document(spec__training=training, spec__monitoring=monitoring).spec, state, NOW)

    return of


@pytest.mark.parametrize("kpi", ["drifted_feature_share", "feature_psi_max", "prediction_drift"])
def test_a_critical_kpi_of_drift_starts_a_run(decision, kpi):
    made = decision(make_report(**{kpi: (0.61, 100, "critical")}), ["drift"])
    assert made == Decision(True, f"drift: {kpi} is 0.61 (100 samples), critical at 0.25", "drift", kpi, 0.61)


@pytest.mark.parametrize("kpi", ["model_quality", "quality_degradation"])
def test_a_critical_kpi_of_quality_starts_a_run(decision, kpi):
    report = make_report(**{kpi: (0.4, 100, "critical")})
    assert decision(report, ["quality"]).trigger == "quality"
    assert not decision(report, ["drift"]).start


@pytest.mark.parametrize(
    ("kpi", "said"),
    [
        ((0.2, 500, "warn"), "feature_psi_max is 0.2 (500 samples)"),
        ((0.9, 99, "critical"), "feature_psi_max is 0.9 (99 samples), judged from 100 on"),
        ((None, 0, "no-data"), "feature_psi_max has no value"),
    ],
)
def test_what_is_not_critical_or_has_few_samples_starts_nothing(decision, kpi, said):
    made = decision(make_report(feature_psi_max=kpi), ["drift"])
    assert (made.start, made.trigger) == (False, None)
    assert said in made.reason


def test_drift_that_chance_explains_starts_nothing_and_says_so(decision):
    report = make_report(feature_psi_max=(1.5, 100, "ok"))
    report["kpis"][list(THRESHOLDS).index("feature_psi_max")]["judged"] = 0.0
    made = decision(report, ["drift"])
    assert not made.start
    assert "feature_psi_max is 1.5, beyond chance 0 (100 samples)" in made.reason


def test_the_least_number_of_samples_is_the_specs(decision):
    report = make_report(feature_psi_max=(0.9, 150, "critical"))
    assert decision(report, ["drift"]).start
    assert not decision(report, ["drift"], thresholds={"feature_psi_max": {"minSamples": 200}}).start
    few = make_report(feature_psi_max=(0.9, 20, "critical"))
    assert decision(few, ["drift"], thresholds={"feature_psi_max": {"minSamples": 20}}).start


def test_other_kpis_start_nothing(decision):
    report = make_report(latency_p95=(2000, 900, "critical"), fairness_gap=(0.5, 900, "critical"))
    assert not decision(report, ["drift", "quality"]).start


def test_new_files_start_a_run(decision):
    assert decision(make_report(), ["new-data"], State(new_data=NEW)) == Decision(
        True, "new-data: 1 of 2 files are new against run first: raw/telco/b.csv", "new-data"
    )
    assert not decision(make_report(), ["new-data"], State(new_data=KNOWN)).start
    assert not decision(make_report(), ["drift"], State(new_data=NEW)).start


def test_the_first_trigger_of_the_spec_is_named_and_all_evidence_is_said(decision):
    report = make_report(prediction_drift=(0.3, 200, "critical"))
    made = decision(report, ["new-data", "drift"], State(new_data=NEW))
    assert (made.trigger, made.kpi) == ("new-data", None)
    assert "prediction_drift is 0.3" in made.reason
    assert decision(report, ["drift", "new-data"], State(new_data=NEW)).trigger == "drift"


def test_a_schedule_alone_asks_for_nothing_here(decision):
    assert decision(make_report(feature_psi_max=(0.9, 900, "critical")), ["schedule"]) == Decision(False, "")


def test_nothing_starts_while_a_training_is_active(decision):
    made = decision(make_report(feature_psi_max=(0.9, 900, "critical")), ["drift"], State(active="churn-cron-1"))
    assert (made.start, made.trigger) == (False, "drift")
    assert made.reason.startswith("training run churn-cron-1 has not ended yet (drift: feature_psi_max is 0.9")


@pytest.mark.parametrize(("cooldown", "starts"), [("5h", True), ("4h", True), ("301m", False), ("24h", False), ("0s", True)])
def test_the_cooldown_counts_from_the_start_of_the_last_triggered_run(decision, cooldown, starts):
    made = decision(make_report(feature_psi_max=(0.9, 900, "critical")), ["drift"], State(last=LAST), cooldown)
    assert made.start == starts
    if not starts:
        assert "drift started run churn-abc at 2026-05-06T07:30:00+00:00; the cooldown of" in made.reason


def test_the_cooldown_is_of_the_model_whatever_the_trigger(decision):
    assert not decision(make_report(), ["new-data"], State(last=LAST, new_data=NEW)).start
