"""A challenger gets its share, and its failures reach nobody."""

import json

import mlflow
import pytest
import serving_support as support
from test_registry_following import ROW, SwitchableRegistry

from cyclops_runtime.serving.routing import selected

YOUNG, OLD = ROW.assign(age=30.0), ROW.assign(age=90.0)


@pytest.fixture
def registry(saved):
    registry = SwitchableRegistry({"1": saved["v1"], "2": saved["v2"], "3": saved["picky"], "4": saved["regressor"]})
    registry.aliases["champion"] = "1"
    return registry


def roll_out(registry, version, percent=20.0, strategy="canary", state="baking"):
    registry.tags["cyclops.rollout"] = json.dumps({"version": version, "strategy": strategy, "percent": percent, "state": state})
    registry.aliases["challenger"] = version


def outcomes(scorer, version):
    return {
        o: scorer.metric("cyclops_challenger_requests_total", version=version, outcome=o) for o in ("ok", "failed", "rejected")
    }


def test_the_share_is_right_and_the_same_id_goes_the_same_way():
    for percent in (1, 10, 50):
        chosen = sum(selected(f"{prefix}-{i:x}", percent) for prefix in ("a", "f00d") for i in range(10_000))
        assert abs(chosen / 20_000 * 100 - percent) < 1
    assert [selected("same", 50) for _ in range(10)] == [selected("same", 50)] * 10
    assert selected("x", 100)
    assert not selected("x", 0)
    # A request that is in the smaller share is in every larger one as well.
    assert all(selected(str(i), 30) for i in range(2000) if selected(str(i), 10))


def test_canary_split_follows_the_request_id(tmp_path, name, registry):
    roll_out(registry, "2")
    with support.RunningScorer(support.make_document(tmp_path, name), registry) as scorer:
        scorer.wait_for("1", "2", state="baking")
        for i in range(60):
            response = scorer.invoke(ROW, x_request_id=f"id-{i}")
            assert response.headers["x-cyclops-model-version"] == ("2" if selected(f"id-{i}", 20) else "1")
        expected = sum(selected(f"id-{i}", 20) for i in range(60))
        assert outcomes(scorer, "2") == {"ok": expected, "failed": 0, "rejected": 0}
        assert scorer.metric("cyclops_requests_total", version="2", code="200") == expected


@pytest.mark.parametrize("state", ["loading", "promoting", "rolled-back"])
def test_no_share_unless_baking_but_the_header_reaches_it(tmp_path, name, registry, saved, state):
    roll_out(registry, "2", percent=50, state=state)
    with support.RunningScorer(support.make_document(tmp_path, name), registry) as scorer:
        scorer.wait_for("1", "2", state=state)
        assert {scorer.invoke(ROW).headers["x-cyclops-model-version"] for _ in range(20)} == {"1"}
        forced = scorer.invoke(ROW, x_cyclops_version="challenger")
        assert forced.headers["x-cyclops-model-version"] == "2"
        own = mlflow.pyfunc.load_model(saved["v2"]).predict(ROW)
        assert forced.json()["predictions"][0]["probability"] == pytest.approx(own[0][1], rel=1e-12)
        assert scorer.invoke(ROW, x_cyclops_version="champion").headers["x-cyclops-model-version"] == "1"
        assert scorer.invoke(ROW, x_cyclops_version="newest").status_code == 400


def test_a_share_for_another_version_is_no_share(tmp_path, name, registry):
    roll_out(registry, "2", percent=100)
    registry.aliases["challenger"] = "3"
    with support.RunningScorer(support.make_document(tmp_path, name), registry) as scorer:
        scorer.wait_for("1", "3")
        assert {scorer.invoke(YOUNG).headers["x-cyclops-model-version"] for _ in range(10)} == {"1"}


def test_failures_of_the_challenger_are_answered_by_the_champion(tmp_path, name, registry):
    roll_out(registry, "3", percent=100)
    with support.RunningScorer(support.make_document(tmp_path, name), registry) as scorer:
        scorer.wait_for("1", "3", state="baking")
        by_champion = [scorer.invoke(OLD) for _ in range(3)]
        by_challenger = [scorer.invoke(YOUNG) for _ in range(2)]
        assert [r.status_code for r in by_champion + by_challenger] == [200] * 5
        assert [r.headers["x-cyclops-model-version"] for r in by_champion + by_challenger] == ["1"] * 3 + ["3"] * 2
        assert scorer.invoke(ROW.drop(columns="age")).status_code == 400
        assert outcomes(scorer, "3") == {"ok": 2, "failed": 3, "rejected": 1}
        assert scorer.invoke(OLD, x_cyclops_version="challenger").status_code == 500  # the rollout's check must see it


def test_a_challenger_that_refuses_what_the_champion_takes_has_failed(tmp_path, name, registry):
    roll_out(registry, "4", percent=100)
    with support.RunningScorer(support.make_document(tmp_path, name), registry) as scorer:
        scorer.wait_for("1", "4", state="baking")
        assert scorer.invoke(ROW).headers["x-cyclops-model-version"] == "1"
        assert outcomes(scorer, "4") == {"ok": 0, "failed": 1, "rejected": 0}


def test_forcing_a_version_that_is_not_here(tmp_path, name, registry):
    with support.RunningScorer(support.make_document(tmp_path, name), registry) as scorer:
        scorer.wait_for("1")
        refused = scorer.invoke(ROW, x_cyclops_version="challenger")
        assert refused.status_code == 503
        assert "no challenger" in refused.json()["error"]


def test_shadow_copies_are_counted_and_never_answer(tmp_path, name, registry):
    roll_out(registry, "3", percent=100, strategy="shadow")
    with support.RunningScorer(support.make_document(tmp_path, name), registry) as scorer:
        scorer.wait_for("1", "3", state="baking")
        responses = [scorer.invoke(frame) for frame in (YOUNG, OLD, YOUNG)]
        assert {r.headers["x-cyclops-model-version"] for r in responses} == {"1"}
        support.wait_until(lambda: outcomes(scorer, "3") == {"ok": 2, "failed": 1, "rejected": 0}, lambda: outcomes(scorer, "3"))
        assert scorer.metric("cyclops_requests_total", code="200") == 3
        assert scorer.metric("cyclops_requests_total", version="3") == 0


def test_shadow_copies_beyond_capacity_are_dropped(tmp_path, name, registry, monkeypatch):
    monkeypatch.setattr("cyclops_runtime.serving.shadow.CAPACITY", 2)
    monkeypatch.setattr("cyclops_runtime.serving.shadow.AT_ONCE", 1)
    roll_out(registry, "2", percent=100, strategy="shadow")
    with support.RunningScorer(support.make_document(tmp_path, name), registry) as scorer:
        scorer.wait_for("1", "2", state="baking")
        release = support.threading.Event()
        model = scorer.service.scorer.routing.challenger.model
        inner = model._predict_frame
        model._predict_frame = lambda frame: release.wait(20) and inner(frame)
        for _ in range(8):
            assert scorer.invoke(ROW).status_code == 200
        dropped = scorer.metric("cyclops_challenger_requests_total", version="2", outcome="dropped")
        release.set()
        assert dropped >= 5  # one is predicted, two wait
        support.wait_until(lambda: outcomes(scorer, "2")["ok"] == 8 - dropped)


def test_a_canary_replica_has_no_fallback(tmp_path, name, registry):
    roll_out(registry, "3", percent=5)
    with support.RunningScorer(support.make_document(tmp_path, name), registry, role="canary") as scorer:
        scorer.wait_for(None, "3")
        assert [scorer.invoke(frame).status_code for frame in (YOUNG, OLD)] == [200, 500]
        assert outcomes(scorer, "3") == {"ok": 1, "failed": 1, "rejected": 0}
