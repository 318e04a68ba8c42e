"""Rollouts against real scorers: what is promoted, what is rolled back, and what a crash leaves behind."""

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import httpx
import mlflow
import pytest
import serving_support as support

from cyclops_runtime.errors import RolledBack, RuntimeFailure
from cyclops_runtime.rollout import deploy
from cyclops_runtime.rollout.deploy import Deployment
from cyclops_runtime.rollout.timing import Timing
from cyclops_runtime.serving.routing import Routing

TIMING = Timing(poll=0.05, watch=0.05, load=60, load_failure=0.3, progress=0.2, settle=0.05, silence=5)
RUN = "run-1"


class Bench:
    """One model with versions in the registry, a running scorer, and the files of a run."""

    def __init__(self, tmp_path, name, folders, rollout, scorer_kind=support.RunningScorer, **scorer_settings):
        self.client, self.name, self.tmp_path, self.rollout = mlflow.MlflowClient(), name, tmp_path, rollout
        support.register(name, *folders)
        self.scorer = scorer_kind(support.make_document(tmp_path, name), **scorer_settings)
        self.document = support.make_document(tmp_path, name, pods=f"127.0.0.1:{self.scorer.port}", rollout=rollout)

    def __enter__(self):
        self.scorer.__enter__()
        return self

    def __exit__(self, *arguments):
        self.scorer.__exit__(*arguments)

    def files_of_run(self, version, run_id=RUN):
        support.people(120, 77).to_parquet(self._path("features", run_id, "test.parquet"), index=False)
        self._path("models", run_id, "register.json").write_text(json.dumps({"version": version}))

    def _path(self, zone, run_id, file):
        path = self.tmp_path / zone / "churn" / "runs" / run_id / file
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def champion_is(self, version):
        self.client.set_registered_model_alias(self.name, "champion", version)
        self.scorer.wait_for(champion=version)

    def deploy(self, run_id=RUN, timing=TIMING):
        with httpx.Client(timeout=15) as client:
            return Deployment(self.document, run_id, client, timing=timing).run()

    def aliases(self):
        return {k: str(v) for k, v in self.client.get_registered_model(self.name).aliases.items()}

    def tag(self):
        return json.loads(self.client.get_registered_model(self.name).tags["cyclops.rollout"])

    def outcome(self, version):
        return self.client.get_model_version(self.name, version).tags.get("cyclops.outcome")

    def written(self, run_id=RUN):
        return json.loads(self._path("models", run_id, "deploy.json").read_text())

    @contextmanager
    def traffic(self, frame):
        """Requests as long as the block runs; yields the answers' (status, version)."""
        stopped, answers = threading.Event(), []

        def send():
            with httpx.Client(base_url=self.scorer.url, timeout=30) as client:
                while not stopped.is_set():
                    response = client.post("/invocations", json=support.split(frame))
                    answers.append((response.status_code, response.headers.get("x-cyclops-model-version")))

        thread = threading.Thread(target=send)
        thread.start()
        try:
            yield answers
        finally:
            stopped.set()
            thread.join(30)


ROW = support.people(1)[list(support.TYPES)].fillna(1)
CANARY = {"strategy": "canary", "percent": 50, "bake": "1s"}


def test_the_first_version_is_checked_and_becomes_champion(tmp_path, name, saved):
    with Bench(tmp_path, name, [saved["v1"]], CANARY) as bench:
        bench.files_of_run("1")
        result = bench.deploy()
        assert bench.scorer.status()["champion"]["version"] == "1"
    assert result == bench.written()
    assert (result["outcome"], result["checkedReplicas"], result["previous"]) == ("promoted", 1, None)
    assert bench.aliases() == {"champion": "1"}
    assert bench.outcome("1") == "promoted"


def test_a_good_canary_is_promoted_without_a_failed_request(tmp_path, name, saved):
    with Bench(tmp_path, name, [saved["v1"], saved["v2"]], CANARY) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        with bench.traffic(ROW) as answers:
            result = bench.deploy()
        bench.scorer.wait_for(champion="2")
    assert result["outcome"] == "promoted"
    assert result["requests"] > 0
    assert result["failed"] == 0
    assert {status for status, _ in answers} == {200}
    assert {version for _, version in answers} == {"1", "2"}
    assert bench.aliases() == {"champion": "2"}
    assert bench.outcome("2") == "promoted"
    assert bench.tag()["state"] == "promoted"


@pytest.mark.parametrize("strategy", ["canary", "shadow"])
def test_a_failing_version_is_rolled_back_and_clients_never_see_it(tmp_path, name, saved, strategy):
    with Bench(tmp_path, name, [saved["v1"], saved["picky"]], {"strategy": strategy, "percent": 50, "bake": "10m"}) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        # The held-out rows it is checked with are young enough for it; the requests are not.
        rows = support.people(50, 3).assign(age=20.0)
        rows.to_parquet(bench._path("features", RUN, "test.parquet"), index=False)
        with bench.traffic(ROW.assign(age=90.0)) as answers, pytest.raises(RolledBack, match="requests failed") as rolled_back:
            bench.deploy()
        bench.scorer.wait_for(champion="1")
    assert rolled_back.value.exit_code == 4
    assert set(answers) == {(200, "1")}
    assert bench.aliases() == {"champion": "1"}
    assert bench.outcome("2") == "rolled-back"
    assert bench.written()["outcome"] == "rolled-back"
    assert bench.written()["failed"] >= 1
    with pytest.raises(RolledBack, match="requests failed"):  # a repetition says the same, and begins nothing
        bench.deploy()
    assert bench.aliases() == {"champion": "1"}


def test_few_failures_are_tolerated(tmp_path, name, saved):
    with Bench(tmp_path, name, [saved["v1"], saved["picky"]], {**CANARY, "percent": 50, "maxErrorRate": 0.9}) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        support.people(50, 3).assign(age=20.0).to_parquet(bench._path("features", RUN, "test.parquet"), index=False)
        mixed = ROW.assign(age=20.0)
        with bench.traffic(mixed):
            support.threading.Timer(0.5, lambda: bench.scorer.invoke(ROW.assign(age=90.0))).start()
            assert bench.deploy()["outcome"] == "promoted"
    assert bench.aliases() == {"champion": "2"}


@pytest.mark.parametrize("strategy", ["canary", "all-at-once"])
@pytest.mark.parametrize("broken", ["broken", "gone"])
def test_a_version_that_cannot_predict_is_rolled_back_before_any_request(tmp_path, name, saved, strategy, broken):
    folder = saved.get(broken, str(tmp_path / "gone"))
    with Bench(tmp_path, name, [saved["v1"], folder], {**CANARY, "strategy": strategy}) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        with bench.traffic(ROW) as answers, pytest.raises(RolledBack, match="cannot be loaded or cannot predict"):
            bench.deploy()
    assert set(answers) == {(200, "1")}
    assert bench.aliases() == {"champion": "1"}


class Lying(support.RunningScorer):
    """A replica whose version 2 answers something else than the model does."""

    def __enter__(self):
        from cyclops_runtime.serving import loaded_model

        inner = loaded_model.LoadedModel.predict

        def predict(model, query):
            outputs = inner(model, query)
            return (
                outputs
                if model.version != "2"
                else type(outputs)(outputs.names, (outputs.arrays[0][::-1], *outputs.arrays[1:]), True)
            )

        self._inner = (loaded_model.LoadedModel, inner)
        loaded_model.LoadedModel.predict = predict
        return super().__enter__()

    def __exit__(self, *arguments):
        super().__exit__(*arguments)
        self._inner[0].predict = self._inner[1]


@pytest.mark.parametrize("strategy", ["canary", "all-at-once"])
def test_a_replica_that_predicts_otherwise_fails_the_check(tmp_path, name, saved, strategy):
    with Bench(tmp_path, name, [saved["v1"], saved["v2"]], {**CANARY, "strategy": strategy}, Lying) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        with pytest.raises(RolledBack, match="predicts otherwise than the model itself: predictions"):
            bench.deploy()
        bench.scorer.wait_for(champion="1")
    assert bench.aliases() == {"champion": "1"}


class Late(support.RunningScorer):
    """A replica that lets go of version 2 after reporting it, as a poll does that began before the alias was set."""

    def __init__(self, *arguments, times, **settings):
        super().__init__(*arguments, **settings)
        self.left = times

    def __enter__(self):
        inner = Routing.choose

        def choose(routing, request_id, forced):
            if forced is not None and self.left > 0:
                self.left -= 1
                return inner(Routing(routing.champion if forced == "challenger" else None), request_id, forced)
            return inner(routing, request_id, forced)

        self._inner = inner
        Routing.choose = choose
        return super().__enter__()

    def __exit__(self, *arguments):
        super().__exit__(*arguments)
        Routing.choose = self._inner


@pytest.mark.parametrize("strategy", ["canary", "all-at-once"])
def test_a_replica_that_follows_late_is_asked_again(tmp_path, name, saved, strategy):
    with Bench(tmp_path, name, [saved["v1"], saved["v2"]], {**CANARY, "strategy": strategy}, Late, times=2) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        assert bench.deploy()["outcome"] == "promoted"
        assert bench.scorer.left == 0
    assert bench.aliases() == {"champion": "2"}


@pytest.mark.parametrize("strategy", ["canary", "all-at-once"])
def test_a_replica_that_never_follows_fails_the_check(tmp_path, name, saved, strategy):
    with Bench(tmp_path, name, [saved["v1"], saved["v2"]], {**CANARY, "strategy": strategy}, Late, times=10**9) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        with pytest.raises(RolledBack, match=r"waited 3 s for the replicas to predict with version 2: .* answered 503"):
            bench.deploy(timing=replace(TIMING, load=3))
    assert bench.aliases() == {"champion": "1"}


def test_without_an_endpoint_the_alias_moves_at_once(tmp_path, name, saved):
    support.register(name, saved["v1"])
    bench = Bench(tmp_path, name, [], CANARY)
    bench.document = support.make_document(tmp_path, name, serving=False)
    bench.files_of_run("1")
    assert bench.deploy()["outcome"] == "promoted"
    assert bench.aliases() == {"champion": "1"}


class Killed(BaseException):
    """Stands for the process being killed: nothing of the rollout may catch it."""


@pytest.mark.parametrize("point", ["_check", "_bake", "_promote", "_take_challenger_away", "_finish"])
def test_a_killed_deployment_is_finished_by_its_repetition(tmp_path, name, saved, point, monkeypatch):
    def killed(*_):
        raise Killed

    with Bench(tmp_path, name, [saved["v1"], saved["v2"]], CANARY) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        with monkeypatch.context() as patch:
            patch.setattr(Deployment, point, killed)
            with pytest.raises(Killed):
                bench.deploy()
        assert bench.deploy()["outcome"] == "promoted"
        bench.scorer.wait_for(champion="2")
    assert bench.aliases() == {"champion": "2"}
    assert bench.outcome("2") == "promoted"
    assert bench.written()["previous"] == "1"


def test_a_killed_rollback_is_finished_by_its_repetition(tmp_path, name, saved, monkeypatch):
    def killed(*_):
        raise Killed

    with Bench(tmp_path, name, [saved["v1"], saved["v2"]], {**CANARY, "strategy": "all-at-once"}, Lying) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        with monkeypatch.context() as patch:
            patch.setattr(Deployment, "_take_away", killed)
            with pytest.raises(Killed):
                bench.deploy()
        assert bench.aliases()["champion"] == "2"  # killed before it could point back
        with pytest.raises(RolledBack, match="predicts otherwise"):
            bench.deploy()
        bench.scorer.wait_for(champion="1")
    assert bench.aliases() == {"champion": "1"}
    assert bench.written()["outcome"] == "rolled-back"


def in_progress(bench, left):
    bench.client.set_registered_model_tag(
        bench.name,
        "cyclops.rollout",
        json.dumps(
            {
                "version": "2",
                "strategy": "canary",
                "percent": 10,
                "state": "baking",
                "run": "other",
                "expiresAt": time.time() + left,
            }
        ),
    )
    bench.client.set_registered_model_alias(bench.name, "challenger", "2")


def test_another_rollout_in_progress_is_not_disturbed(tmp_path, name, saved):
    with Bench(tmp_path, name, [saved["v1"], saved["v2"], saved["v2"]], CANARY) as bench:
        bench.champion_is("1")
        in_progress(bench, left=500)
        bench.files_of_run("3")
        with pytest.raises(RuntimeFailure, match="version 2 of run other is being rolled out") as refused:
            bench.deploy()
    assert refused.value.exit_code == 1
    assert bench.aliases() == {"champion": "1", "challenger": "2"}


def test_an_overdue_rollout_is_taken_over(tmp_path, name, saved):
    with Bench(tmp_path, name, [saved["v1"], saved["v2"], saved["v2"]], CANARY) as bench:
        bench.champion_is("1")
        in_progress(bench, left=-1)
        bench.files_of_run("3")
        assert bench.deploy()["outcome"] == "promoted"
    assert bench.aliases() == {"champion": "3"}
    assert (bench.outcome("2"), bench.outcome("3")) == ("abandoned", "promoted")


def test_no_replica_at_all_is_rolled_back_after_the_time_limit(tmp_path, name, saved):
    support.register(name, saved["v1"], saved["v2"])
    bench = Bench(tmp_path, name, [], CANARY)
    bench.client.set_registered_model_alias(name, "champion", "1")
    bench.files_of_run("2")
    with pytest.raises(RolledBack, match=r"waited 0\.3 s for the replicas to load the challenger: 0 of 1"):
        bench.deploy(timing=Timing(poll=0.05, load=0.3, progress=0.1))
    bench.scorer._socket.close()
    assert bench.aliases() == {"champion": "1"}


def test_a_lost_registry_takes_the_challenger_away_but_does_not_condemn_it(tmp_path, name, saved, monkeypatch):
    def lost(*_):
        raise ConnectionError("registry is down")

    with Bench(tmp_path, name, [saved["v1"], saved["v2"]], CANARY) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        with monkeypatch.context() as patch:
            patch.setattr(Deployment, "_bake", lost)
            with pytest.raises(ConnectionError):
                bench.deploy()
        assert bench.aliases() == {"champion": "1"}
        assert bench.outcome("2") is None
        assert bench.deploy()["outcome"] == "promoted"


def test_progress_is_logged_while_it_bakes(tmp_path, name, saved, caplog):
    caplog.set_level("INFO", "cyclops_runtime")
    with Bench(tmp_path, name, [saved["v1"], saved["v2"]], CANARY) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        bench.deploy()
    assert sum(record.getMessage().startswith("progress baking=") for record in caplog.records) >= 2


def test_it_looks_less_often_while_it_bakes_than_while_it_waits(tmp_path, name, saved, monkeypatch):
    pauses = []

    def sleep(seconds):
        pauses.append((bench.tag()["state"] == "baking", seconds))
        time.sleep(seconds)

    monkeypatch.setattr(deploy, "time", SimpleNamespace(time=time.time, monotonic=time.monotonic, sleep=sleep))
    with Bench(tmp_path, name, [saved["v1"], saved["v2"]], CANARY) as bench:
        bench.champion_is("1")
        bench.files_of_run("2")
        bench.deploy(timing=Timing(poll=0.05, watch=0.2))
    assert {seconds for baking, seconds in pauses if not baking} == {0.05}
    assert (True, 0.2) in pauses


def test_the_step_runs_from_the_command_line(tmp_path, name, saved):
    with Bench(tmp_path, name, [saved["v1"]], CANARY) as bench:
        bench.files_of_run("1")
        assert deploy.run(bench.document, RUN)["outcome"] == "promoted"
