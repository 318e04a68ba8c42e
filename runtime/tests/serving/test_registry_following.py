"""Versions come and go while requests go on."""

import gc
import threading
import weakref

import httpx
import mlflow
import pytest
import serving_support as support

from cyclops_runtime.serving import poller
from cyclops_runtime.serving.poller import parse_rollout
from cyclops_runtime.serving.routing import Rollout
from cyclops_runtime.serving.scorer import Scorer

ROW = support.people(1)[list(support.TYPES)].fillna(1)


@pytest.fixture
def client():
    return mlflow.MlflowClient()


def test_bootstrap_then_the_first_version(tmp_path, name, saved, client):
    with support.RunningScorer(support.make_document(tmp_path, name)) as scorer:
        support.wait_until(lambda: scorer.client.get("/readyz").status_code == 200)
        assert scorer.client.get("/healthz").status_code == 200
        assert scorer.client.get("/v2/health/ready").status_code == 200
        assert scorer.status()["bootstrap"] is True
        refused = scorer.invoke(ROW)
        assert refused.status_code == 503
        assert refused.json()["error"].startswith("no model yet: ")
        assert int(refused.headers["retry-after"]) > 0
        assert scorer.client.get("/v2/models/churn/ready").status_code == 503
        assert scorer.metric("cyclops_requests_total", version="none", code="503") == 1
        support.register(name, saved["v1"])
        client.set_registered_model_alias(name, "champion", "1")
        scorer.wait_for(champion="1")
        assert scorer.invoke(ROW).status_code == 200


def test_a_version_has_its_series_before_its_first_request(tmp_path, name, saved, client):
    support.register(name, saved["v1"])
    client.set_registered_model_alias(name, "champion", "1")
    with support.RunningScorer(support.make_document(tmp_path, name)) as scorer:
        scorer.wait_for(champion="1")
        lines = scorer.client.get("/metrics").text.splitlines()
        for series in (
            'cyclops_requests_total{code="200",model="churn",version="1"} 0.0',
            'cyclops_requests_total{code="500",model="churn",version="1"} 0.0',
            'cyclops_request_seconds_bucket{le="+Inf",model="churn",version="1"} 0.0',
            'cyclops_predictions_total{model="churn",version="1"} 0.0',
        ):
            assert series in lines


class Hammer:
    """Clients that send requests as fast as answers come, and keep what went wrong."""

    def __init__(self, url, clients=4):
        self.url, self.stopped, self.wrong, self.versions, self.count = url, threading.Event(), [], [], 0
        self.threads = [threading.Thread(target=self._work) for _ in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join(20)

    def _work(self):
        body = support.split(ROW)
        with httpx.Client(base_url=self.url, timeout=30) as client:
            while not self.stopped.is_set():
                try:
                    response = client.post("/invocations", json=body)
                    self.versions.append(response.headers.get("x-cyclops-model-version"))
                    if response.status_code != 200:
                        self.wrong.append(response.text)
                except httpx.HTTPError as error:
                    self.wrong.append(repr(error))
                self.count += 1


def test_twenty_switches_under_load_drop_nothing(tmp_path, name, saved, client):
    versions = support.register(name, saved["v1"], saved["v2"])
    client.set_registered_model_alias(name, "champion", "1")
    with support.RunningScorer(support.make_document(tmp_path, name), refresh_seconds=0.02) as scorer:
        scorer.wait_for(champion="1")
        with Hammer(scorer.url) as hammer:
            for switch in range(1, 21):
                client.set_registered_model_alias(name, "champion", versions[switch % 2])
                scorer.wait_for(champion=versions[switch % 2])
        assert hammer.wrong == []
        assert set(hammer.versions) == {"1", "2"}
        assert scorer.metric("cyclops_requests_total", code="200") == hammer.count


def test_old_versions_are_released_with_their_files(tmp_path, name, saved, client, monkeypatch):
    cache = tmp_path / "cache"
    cache.mkdir()
    monkeypatch.setenv("CYCLOPS_CACHE_DIR", str(cache))
    support.register(name, saved["v1"], saved["v2"])
    client.set_registered_model_alias(name, "champion", "1")
    with support.RunningScorer(support.make_document(tmp_path, name)) as scorer:
        scorer.wait_for(champion="1")
        scorer.invoke(ROW)
        old = weakref.ref(scorer.service.scorer.routing.champion.model)
        client.set_registered_model_alias(name, "champion", "2")
        scorer.wait_for(champion="2")
        scorer.invoke(ROW)
        support.wait_until(lambda: gc.collect() is not None and old() is None)
        assert [folder.name.split("-")[1] for folder in cache.iterdir()] == ["2"]


def test_a_version_that_cannot_be_loaded_is_reported_and_the_old_one_goes_on(tmp_path, name, saved, client):
    support.register(name, saved["v1"], str(tmp_path / "gone"), saved["broken"], saved["v2"])
    client.set_registered_model_alias(name, "champion", "1")
    with support.RunningScorer(support.make_document(tmp_path, name)) as scorer:
        scorer.wait_for(champion="1")
        client.set_registered_model_alias(name, "champion", "2")
        support.wait_until(lambda: "2" in scorer.status()["failures"])
        assert scorer.status()["champion"]["version"] == "1"
        assert scorer.client.get("/readyz").status_code == 200
        assert scorer.invoke(ROW).headers["x-cyclops-model-version"] == "1"
        assert scorer.metric("cyclops_model_load_failures_total") >= 1
        client.set_registered_model_alias(name, "champion", "4")
        scorer.wait_for(champion="4")
        assert scorer.status()["failures"] == {}


def test_a_fresh_scorer_is_not_ready_while_its_champion_cannot_be_loaded(tmp_path, name, saved, client):
    support.register(name, str(tmp_path / "gone"), saved["v1"])
    client.set_registered_model_alias(name, "champion", "1")
    with support.RunningScorer(support.make_document(tmp_path, name)) as scorer:
        support.wait_until(lambda: "1" in scorer.status()["failures"])
        assert scorer.client.get("/readyz").status_code == 503
        assert scorer.client.get("/healthz").status_code == 200
        client.set_registered_model_alias(name, "champion", "2")
        scorer.wait_for(champion="2")


class SwitchableRegistry:
    """A registry in memory that can be down."""

    def __init__(self, folders):
        self.folders, self.down, self.aliases, self.tags = folders, False, {"champion": None, "challenger": None}, {}

    def _get(self, alias):
        if self.down:
            raise ConnectionError("registry is down")
        return self.aliases[alias]

    def champion(self):
        return self._get("champion")

    def challenger(self):
        return self._get("challenger")

    def model_tags(self):
        return self.tags

    def download(self, version, directory):
        return self.folders[version]


def test_a_registry_that_is_down_does_not_take_serving_down(tmp_path, name, saved):
    registry = SwitchableRegistry({"1": saved["v1"], "2": saved["v2"]})
    registry.down = True
    with support.RunningScorer(support.make_document(tmp_path, name), registry) as scorer:
        support.wait_until(lambda: scorer.status()["registry"]["error"] is not None)
        assert scorer.client.get("/readyz").status_code == 503  # it has never answered
        registry.aliases["champion"], registry.down = "1", False
        scorer.wait_for(champion="1")
        registry.down, registry.aliases["champion"] = True, "2"
        support.wait_until(lambda: scorer.metric("cyclops_registry_up") == 0)
        assert scorer.client.get("/readyz").status_code == 200
        assert scorer.invoke(ROW).headers["x-cyclops-model-version"] == "1"
        registry.down = False
        scorer.wait_for(champion="2")


@pytest.mark.parametrize(
    ("role", "with_challenger", "without"),
    [("all", ["1", "2"], ["1", None]), ("stable", ["1", None], ["1", None]), ("canary", [None, "2"], ["1", None])],
)
def test_roles_hold_their_versions(tmp_path, name, saved, role, with_challenger, without):
    registry = SwitchableRegistry({"1": saved["v1"], "2": saved["v2"]})
    registry.aliases.update(champion="1", challenger="2")
    with support.RunningScorer(support.make_document(tmp_path, name), registry, role=role) as scorer:
        scorer.wait_for(*with_challenger)
        answered_by = {scorer.invoke(ROW).headers["x-cyclops-model-version"] for _ in range(5)}
        assert answered_by == ({"2"} if role == "canary" else {"1"})
        registry.aliases["challenger"] = None
        scorer.wait_for(*without)
        registry.aliases.update(champion="2", challenger="2")
        scorer.wait_for(*{"all": ["2", "2"], "stable": ["2", None], "canary": [None, "2"]}[role])
        registry.aliases.update(champion=None, challenger=None)
        support.wait_until(lambda: scorer.status()["bootstrap"])
        assert scorer.invoke(ROW).status_code == 503


def test_rollout_tags_that_cannot_be_read_are_no_rollout():
    assert parse_rollout('{"version": 3, "strategy": "canary", "percent": 5, "state": "baking", "run": "r"}') == Rollout(
        "3", "canary", 5.0, "baking"
    )
    assert [
        parse_rollout(text)
        for text in (None, "", "{", "[]", '{"version": "1"}', '{"version":"1","strategy":"x","percent":"y","state":"z"}')
    ] == [None] * 6


class _Registry:
    """Names a champion when it is told to."""

    named = None

    def champion(self):
        return self.named

    def challenger(self):
        return None

    def model_tags(self):
        return {}

    def download(self, version, directory):
        raise OSError("no files")


def test_the_first_version_finds_its_libraries_imported(monkeypatch):
    imported = []
    monkeypatch.setattr(poller, "import_module", imported.append)
    waiting = poller.Poller(Scorer("churn"), _Registry(), lambda model: None)
    waiting.poll()
    assert waiting.ready
    assert "skops.io" in imported
    count = len(imported)
    waiting.poll()
    assert len(imported) == count
    # With a version there is nothing to do ahead.
    serving = poller.Poller(Scorer("churn"), _Registry(), lambda model: None)
    serving._registry.named = "1"
    serving.poll()
    assert len(imported) == count
