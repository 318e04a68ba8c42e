"""Workflows against a stand-in of the Kubernetes API; the real one is not part of these tests."""

import pytest
from retraining_support import NOW, PATH, TEMPLATE, FakeApi

from cyclops_runtime.errors import RuntimeFailure
from cyclops_runtime.platform import waiting
from cyclops_runtime.retraining.launcher import Request, run_name

REQUEST = Request("churn-x", "drift", "drift: feature_psi_max is 0.31", "m1", "feature_psi_max", 0.3100001, "3")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(waiting.wait_for, "__defaults__", (120.0, 3.0, lambda seconds: None, lambda: 0.0))


@pytest.fixture
def api():
    return FakeApi()


def test_the_workflow_refers_to_the_template_and_says_why_it_runs(api):
    run = api.launcher().start(REQUEST)
    (workflow,) = api.workflows.values()
    assert workflow["spec"] == {"workflowTemplateRef": {"name": TEMPLATE}}
    assert workflow["metadata"]["labels"] == {
        "workflows.argoproj.io/workflow-template": TEMPLATE,
        "cyclops.dev/retrains": TEMPLATE,
        "cyclops.dev/trigger": "drift",
        "cyclops.dev/model": "churn",
    }
    assert workflow["metadata"]["annotations"] == {
        "cyclops.dev/reason": "drift: feature_psi_max is 0.31",
        "cyclops.dev/report": "m1",
        "cyclops.dev/champion": "3",
        "cyclops.dev/kpi": "feature_psi_max",
        "cyclops.dev/kpi-value": "0.31",
    }
    assert (run.name, run.started, run.active, run.trigger, run.report) == ("churn-x", NOW, True, "drift", "m1")


def test_a_name_that_is_taken_answers_the_run_that_has_it(api):
    api.launcher().start(REQUEST)
    run = api.launcher().start(Request("churn-x", "new-data", "other", "m2"))
    assert (run.trigger, run.report) == ("drift", "m1")
    assert len(api.workflows) == 1


def test_a_lost_answer_starts_nothing_twice(api):
    api.fails = ["lost"]
    assert api.launcher().start(REQUEST).report == "m1"
    assert len(api.workflows) == 1


def test_an_api_that_is_busy_is_asked_again(api):
    api.fails = [503, 429]
    assert api.launcher().runs() == []
    assert api.requests == [("GET", PATH)] * 4


def test_runs_are_the_active_ones_of_the_template_and_the_triggered_ones(api):
    api.scheduled("cron-1", completed=True)
    api.scheduled("cron-2")
    api.scheduled("other-model", template="other-training-template")
    api.add({"metadata": {"name": "by-hand", "labels": {}}, "spec": {"entrypoint": "x"}})
    api.launcher().start(REQUEST)
    api.complete("churn-x")
    found = {run.name: (run.active, run.trigger) for run in api.launcher().runs()}
    assert found == {"cron-2": (True, None), "churn-x": (False, "drift")}


def test_long_lists_are_read_to_their_end(api):
    for number in range(450):
        api.scheduled(f"monitor-{number}", template="other")
    api.scheduled("last")
    assert [run.name for run in api.launcher().runs()] == ["last"]


@pytest.mark.parametrize(("method", "verb"), [("GET", "list"), ("POST", "create")])
def test_a_missing_right_is_named(api, method, verb):
    api.forbidden = {method}
    call = api.launcher().runs if method == "GET" else lambda: api.launcher().start(REQUEST)
    with pytest.raises(
        RuntimeFailure, match=f"in namespace churn-dev: give the monitor's ServiceAccount `{verb}` on workflows.argoproj.io"
    ):
        call()


def test_what_the_api_says_against_a_workflow_is_said(api):
    with pytest.raises(RuntimeFailure, match=r"cannot start Workflow UPPER .* answered 422 invalid: \['name'\]"):
        api.launcher().start(Request("UPPER", "drift", "", "m1"))


def test_names_follow_from_the_last_run_and_fit():
    template = "t" * 52
    assert run_name(template, "a", "3") == run_name(template, "a", "4")
    assert len({run_name(template, "a", "3"), run_name(template, "b", "3"), run_name("u", "a", "3")}) == 3
    assert len({run_name(template, None, "3"), run_name(template, None, "4"), run_name(template, None, None)}) == 3
    assert len(run_name(template, None, "3")) == 63
    assert len(run_name("t" * 80, None, "3")) == 63
