"""From a report to a started run: once, whatever is repeated, killed or run at the same time."""

import json
import logging
import threading

import pytest
from retraining_support import DRIFTED, NOW, TEMPLATE, FakeApi, FakeRegistry, later, make_report

from cyclops_runtime.errors import RuntimeFailure
from cyclops_runtime.platform import waiting
from cyclops_runtime.retraining.consider import consider
from cyclops_runtime.steps import ingest
from cyclops_runtime.storage import ZoneStore


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(waiting.wait_for, "__defaults__", (120.0, 3.0, lambda seconds: None, lambda: 0.0))


@pytest.fixture
def api():
    return FakeApi()


class Bench:
    """One model with its cluster; `report` has it considered, by default at the API server's time."""

    def __init__(self, make_document, tmp_path, api):
        self._make, self.api, self.place = make_document, api, tmp_path / "predictions/churn/monitor/state/retraining.json"
        self.retrain_on, self.registry, self.orchestrated = ["drift"], FakeRegistry(), True

    @property
    def document(self):
        training = {"gate": {"metric": "roc_auc", "min": 0.7}, "retrainOn": self.retrain_on, "cooldown": "24h"}
        return self._make(spec__training=training, spec__monitoring={"labels": {"path": "raw/labels/"}})

    def report(self, run="m1", launcher=None, **kpis):
        document = self.document
        launcher = launcher or (self.api.launcher() if self.orchestrated else None)
        report = make_report(run, **(kpis or DRIFTED))
        return consider(document, report, ZoneStore(document), self.registry, self.api.now, launcher)

    @property
    def state(self):
        return json.loads(self.place.read_text())


@pytest.fixture
def bench(make_document, tmp_path, api):
    return Bench(make_document, tmp_path, api)


def test_a_drifted_model_is_trained(bench, api, caplog):
    caplog.set_level(logging.INFO, "cyclops_runtime")
    outcome = bench.report()
    (workflow,) = api.triggered()
    name = workflow["metadata"]["name"]
    assert name.startswith(f"{TEMPLATE}-")
    assert outcome == {
        "decision": "started",
        "trigger": "drift",
        "reason": "drift: feature_psi_max is 0.31 (500 samples), critical at 0.25",
        "run": name,
    }
    assert bench.state["last"] == {"run": name, "at": NOW.isoformat(), "trigger": "drift", "report": "m1"}
    assert "retraining decision=started trigger=drift reason=" in caplog.text


def test_a_model_that_is_well_is_left_alone(bench, api):
    outcome = bench.report(feature_psi_max=(0.05, 500, "ok"))
    assert (outcome["decision"], outcome["trigger"], outcome["run"]) == ("skipped", None, None)
    assert api.triggered() == []


def test_nothing_is_looked_at_where_no_trigger_is_asked_for(bench, api):
    bench.retrain_on = ["schedule"]
    assert bench.report()["decision"] == "not-asked"
    assert api.requests == []
    assert not bench.place.exists()


def test_the_same_evidence_starts_one_run_a_cooldown(bench, api):
    first = bench.report("m1")["run"]
    for hours in (1, 5, 23):
        api.now = later(hours=hours)
        outcome = bench.report(f"h{hours}")
        assert (outcome["decision"], outcome["run"]) == ("skipped", None)
        assert ("has not ended" if hours == 1 else f"drift started run {first}") in outcome["reason"]
        api.complete(first)
    api.now = later(hours=24)
    assert bench.report("m24")["decision"] == "started"
    assert len(api.triggered()) == 2


def test_a_scheduled_training_that_is_active_is_not_joined_by_another(bench, api):
    api.scheduled("cron-1")
    assert bench.report()["reason"].startswith("training run cron-1 has not ended yet")
    api.complete("cron-1")
    assert bench.report()["decision"] == "started"  # the cooldown is between triggered runs


@pytest.mark.parametrize("kpis", [{}, {"prediction_drift": (0.5, 500, "critical")}])
def test_two_monitors_at_the_same_time_start_one_run(bench, api, kpis):
    """Both have asked for the runs before either starts one."""
    both = threading.Barrier(2, timeout=30)
    api.before = lambda method: both.wait() if method == "POST" else None
    outcomes = []
    evidence = [DRIFTED, kpis or DRIFTED]
    threads = [
        threading.Thread(target=lambda i=i: outcomes.append(bench.report(f"m{i}", **evidence[i])), daemon=True) for i in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    (workflow,) = api.triggered()
    name = workflow["metadata"]["name"]
    assert sorted(outcome["decision"] for outcome in outcomes) == ["skipped", "started"]
    assert {outcome["run"] for outcome in outcomes} == {name}
    (skipped,) = [outcome for outcome in outcomes if outcome["decision"] == "skipped"]
    winner = workflow["metadata"]["annotations"]["cyclops.dev/report"]
    assert skipped["reason"].startswith(f"report {winner} has already started run {name} for drift")
    assert bench.state["last"]["run"] == name


def test_two_monitors_at_the_end_of_a_cooldown_start_one_run(bench, api):
    first = bench.report("m1")["run"]
    api.complete(first)
    both = threading.Barrier(2, timeout=30)
    api.before = lambda method: both.wait() if method == "POST" else None
    api.now = later(hours=24)
    threads = [threading.Thread(target=lambda i=i: bench.report(f"n{i}"), daemon=True) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(api.triggered()) == 2


def test_a_repeated_pod_finds_the_run_of_its_first_attempt(bench, api):
    first = bench.report("m1")
    second = bench.report("m1")
    assert (second["decision"], second["run"], second["trigger"]) == ("started", first["run"], "drift")
    assert len(api.triggered()) == 1


def test_a_monitor_that_was_killed_before_it_wrote_the_state_down_started_all_the_same(bench, api):
    name = bench.report("m1")["run"]
    bench.place.unlink()
    api.complete(name)
    api.now = later(hours=2)
    outcome = bench.report("m2")
    assert outcome["decision"] == "skipped"
    assert f"drift started run {name}" in outcome["reason"]
    assert bench.state["last"]["run"] == name  # mended


def test_the_state_remembers_what_the_orchestrator_has_deleted(bench, api):
    name = bench.report("m1")["run"]
    del api.workflows[name]
    api.now = later(hours=3)
    assert f"drift started run {name}" in bench.report("m2")["reason"]
    api.now = later(hours=25)
    assert bench.report("m3")["run"] != name  # whose files are still there


def test_state_that_cannot_be_written_does_not_lose_the_decision(bench, api, monkeypatch):
    monkeypatch.setattr(ZoneStore, "write_json", lambda *_: (_ for _ in ()).throw(RuntimeFailure("the store is down")))
    assert bench.report("m1")["decision"] == "started"
    monkeypatch.undo()
    api.now = later(hours=1)
    assert bench.report("m2")["decision"] == "skipped"
    assert len(api.triggered()) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_cluster_that_refuses_is_said_and_raises_nothing(bench, api, method, caplog):
    api.forbidden = {method}
    outcome = bench.report()
    assert (outcome["decision"], outcome["run"]) == ("failed", None)
    assert "give the monitor's ServiceAccount" in outcome["reason"]
    assert "retraining decision=failed" in caplog.text


def test_without_an_orchestrator_the_report_says_what_would_have_been(bench):
    bench.orchestrated = False
    outcome = bench.report()
    assert (outcome["decision"], outcome["trigger"], outcome["run"]) == ("skipped", "drift", None)
    assert outcome["reason"].startswith("a run would have been started, but nothing here can start one: drift: feature_psi_max")


# New data -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def files(bench, tmp_path):
    """Raw files; the champion's run `first` has read the first of them."""
    bench.retrain_on = ["new-data"]
    folder = tmp_path / "raw/telco"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("1,2")
    ingest.run(bench.document, "first")
    return folder


def test_new_files_start_a_run_and_known_ones_do_not(bench, api, files):
    outcome = bench.report("m1")
    assert (outcome["decision"], outcome["reason"]) == ("skipped", "new-data: all 1 files are known from run first")
    assert bench.state["compared"] == {"runs": ["first"], "at": NOW.isoformat()}
    (files / "b.csv").write_text("3,4")
    outcome = bench.report("m2")
    assert (outcome["decision"], outcome["trigger"]) == ("started", "new-data")
    assert "raw/telco/b.csv" in outcome["reason"]
    assert "cyclops.dev/kpi" not in api.triggered()[0]["metadata"]["annotations"]


@pytest.mark.parametrize(("judged", "decision"), [(True, "skipped"), (False, "started")])
def test_files_that_a_refused_version_has_seen_are_not_tried_again(bench, api, files, judged, decision):
    (files / "b.csv").write_text("3,4")
    name = bench.report("m1")["run"]
    store = ZoneStore(bench.document)
    ingest.run(bench.document, name)
    if judged:  # the gate refused it, so that the champion is still of run `first`
        store.write_json(bench.document.run_path("models", name, "evaluate.json"), {"passed": False})
    api.complete(name)
    api.now = later(hours=30)
    outcome = bench.report("m2")
    assert outcome["decision"] == decision
    if judged:
        assert outcome["reason"] == f"new-data: all 2 files are known from run first and run {name}"
        (files / "c.csv").write_text("5,6")
        assert bench.report("m3")["decision"] == "started"


def test_the_first_version_waits_for_data(bench, api, files):
    document = bench.document
    store = ZoneStore(document)
    outcome = consider(document, make_report("m1", None), store, FakeRegistry(), NOW, api.launcher())
    assert (outcome["decision"], outcome["trigger"]) == ("started", "new-data")


@pytest.mark.parametrize("tags", [{}, {"cyclops.run-id": "expired"}])
def test_other_triggers_do_not_need_the_raw_files(bench, api, files, tags):
    bench.registry = FakeRegistry(tags)
    outcome = bench.report("m1", feature_psi_max=(0.01, 500, "ok"))
    assert outcome["decision"] == "skipped"
    assert outcome["reason"].startswith("new-data: not compared: ")
    bench.retrain_on = ["new-data", "drift"]
    assert bench.report("m2")["trigger"] == "drift"
