"""The registry over MLflow's REST interface, against a real MLflow server, beside MLflow's own client on the same server."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import mlflow
import numpy as np
import pytest
import requests
from samples import raw_document, registry_at
from sklearn.linear_model import LogisticRegression

from cyclops_runtime import mlflow_rest
from cyclops_runtime.document import parse_document
from cyclops_runtime.mlflow_rest import LeftToMlflow, RegistryError, RestClient, rest_client
from cyclops_runtime.model_logging import log_pipeline
from cyclops_runtime.stored_model import StoredModel
from cyclops_runtime.tracking import Registry, load_model

COLUMNS = [{"name": name, "type": "number", "source": "number"} for name in ("a", "b")]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Address of a server that hands files on itself, as the one of a platform does."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    uri = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    stores = ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", str(folder / "files")]
    environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    environment.pop("MLFLOW_TRACKING_URI", None)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, *stores], stdout=log, stderr=log, cwd=folder, env=environment, start_new_session=True
        )
    try:
        deadline = time.monotonic() + 180
        while not _answers(uri):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.2)
        yield uri
    finally:
        os.killpg(process.pid, 15)
        process.wait()


def _answers(uri: str) -> bool:
    try:
        return requests.get(f"{uri}/health", timeout=5).ok
    except requests.RequestException:
        return False


@pytest.fixture(autouse=True)
def no_other_ways(monkeypatch):
    """What earlier tests of this process have told MLflow, which keeps it in the environment."""
    for name in ("MLFLOW_REGISTRY_URI", *mlflow_rest._OTHER_WAYS):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def registry(server, tmp_path, request) -> Registry:
    """A registry of the test's own on the server."""
    with registry_at(server):
        yield registry_named(request.node.name.replace("[", "-").replace("]", ""), tmp_path)


def registry_named(name: str, folder: Path) -> Registry:
    document = raw_document(folder, registry={"experiment": f"test/{name}", "model": name})
    return Registry(parse_document(json.dumps(document).encode(), "test.json"))


def use_mlflow(registry: Registry) -> Registry:
    """The same registry asked by MLflow's own client."""
    other = registry_named(registry.model_name, Path("/unused"))
    other.__dict__["client"] = other.mlflow_client
    return other


@pytest.fixture
def logged(registry) -> tuple[str, str]:
    """Run id and address of a logged model."""
    frame = _rows()
    pipeline = LogisticRegression().fit(frame, (frame["a"] > 0.5).map({True: "Yes", False: "No"}))
    preprocess = {"columns": COLUMNS, "positive": "Yes", "target": "y"}
    with mlflow.start_run(experiment_id=registry.experiment_id()) as active:
        return active.info.run_id, log_pipeline(pipeline, frame, preprocess, "binary-classification")


def _rows():
    import pandas

    random = np.random.default_rng(0)
    return pandas.DataFrame({"a": random.random(50), "b": random.random(50)})


def test_both_clients_see_the_same_registry(registry, logged):
    assert isinstance(registry.client, RestClient)
    theirs = use_mlflow(registry)
    run, uri = logged
    assert registry.champion() is None
    assert registry.model_tags() == {}
    assert registry.create_version(uri, run, "run-1", {"cyclops.stack": "s", "cyclops.metric.r2": "0.5"}) == "1"
    assert registry.create_version(uri, run, "run-1", {"cyclops.stack": "s2"}) == "1"
    assert theirs.create_version(uri, run, "run-1", {"cyclops.stack": "s2"}) == "1"
    assert registry.create_version(uri, run, "run-2", {}) == "2"
    assert registry.version_tags("1") == theirs.version_tags("1")
    assert registry.version_tags("1")["cyclops.stack"] == "s2"
    registry.tag_version("1", "cyclops.outcome", "promoted")
    registry.tag_model("cyclops.rollout", "{}")
    assert theirs.model_tags() == registry.model_tags() == {"cyclops.rollout": "{}"}
    registry.delete_model_tag("cyclops.rollout")
    registry.delete_model_tag("cyclops.rollout")
    assert theirs.model_tags() == {}
    registry.set_alias("champion", "2")
    assert theirs.champion() == registry.champion() == "2"
    registry.delete_alias("champion")
    registry.delete_alias("champion")
    assert theirs.champion() is registry.champion() is None
    assert registry.files("1") == theirs.files("1")
    assert registry.experiment_id() == theirs.experiment_id()


def test_a_version_that_either_client_makes_is_the_same(registry, logged):
    run, uri = logged
    own, other = (
        registry.create_version(uri, run, "own", {"k": "v"}),
        use_mlflow(registry).create_version(uri, run, "other", {"k": "v"}),
    )
    client = registry.mlflow_client
    mine, its = (client.get_model_version(registry.model_name, version) for version in (own, other))
    same = ("source", "run_id", "status", "current_stage", "description", "model_id")
    assert {name: getattr(mine, name) for name in same} == {name: getattr(its, name) for name in same}


def test_a_version_is_downloaded_and_opened_without_mlflow(registry, logged, monkeypatch):
    run, uri = logged
    version = registry.create_version(uri, run, "run-1", {})
    monkeypatch.setitem(sys.modules, "mlflow.artifacts", None)  # importing it fails
    loaded = [registry.load(version), load_model(uri)]
    monkeypatch.undo()
    expected = mlflow.pyfunc.load_model(uri).predict(_rows())
    for model in loaded:
        assert isinstance(model, StoredModel)
        np.testing.assert_array_equal(model.predict(_rows()), expected)


def test_the_files_of_a_model_go_with_it(registry, logged):
    model = load_model(logged[1])
    folder = model._folder
    assert (folder / "MLmodel").exists()
    del model
    assert not folder.exists()


def test_large_files_and_other_addresses_are_left_to_mlflow(registry, logged, tmp_path, monkeypatch):
    run, uri = logged
    for address in (f"runs:/{run}/model", "models:/name@champion", "s3://bucket/model"):
        with pytest.raises(LeftToMlflow):
            registry.client.download_artifacts(address, str(tmp_path))
    monkeypatch.setattr(mlflow_rest, "_LARGE_BYTES", 100)
    with pytest.raises(LeftToMlflow):
        registry.client.download_artifacts(uri, str(tmp_path / "large"))
    np.testing.assert_array_equal(load_model(uri).predict(_rows()), mlflow.pyfunc.load_model(uri).predict(_rows()))


def test_metrics_and_reports_are_what_mlflows_client_would_log(registry, logged):
    run, _ = logged
    registry.log_metrics(run, {"roc_auc": 0.8392298948564934, "f1": 0.5})
    registry.tag_run(run, "cyclops.gate", "passed")
    client = registry.mlflow_client
    found = client.get_run(run)
    assert found.data.metrics == {"roc_auc": 0.8392298948564934, "f1": 0.5}
    assert found.data.tags["cyclops.gate"] == "passed"
    for writer, at in ((registry, 1_700_000_000_000), (use_mlflow(registry), 1_700_000_060_000), (registry, 1_700_000_120_000)):
        writer.log_report(("cyclops.monitor-of", "m/1"), "monitor-m-1", {"cyclops.model": "m"}, {"kpi.x": at / 1e12}, at)
    runs = client.search_runs([registry.experiment_id()], "tags.`cyclops.monitor-of` = 'm/1'")
    assert [(r.info.run_name, r.data.tags["cyclops.model"]) for r in runs] == [("monitor-m-1", "m")]
    history = client.get_metric_history(runs[0].info.run_id, "kpi.x")
    assert sorted((m.timestamp, m.step, m.value) for m in history) == [
        (at, at // 1000, at / 1e12) for at in (1_700_000_000_000, 1_700_000_060_000, 1_700_000_120_000)
    ]


def test_a_deleted_experiment_is_named(registry):
    identifier = registry.experiment_id()
    registry.mlflow_client.delete_experiment(identifier)
    with pytest.raises(Exception, match="was deleted: restore it"):
        registry.experiment_id()


def test_failures_say_what_mlflow_says(registry):
    with pytest.raises(RegistryError, match=r"answered 404 to mlflow/model-versions/get: .*not found") as caught:
        registry.version_tags("7")
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_a_server_that_is_away_is_named_without_its_login(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://user:hidden@127.0.0.1:1/")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    mlflow_rest._session.cache_clear()
    with pytest.raises(RegistryError, match=r"MLflow at http://127\.0\.0\.1:1 cannot be reached") as caught:
        rest_client().get_registered_model("m")
    assert "hidden" not in str(caught.value)
    mlflow_rest._session.cache_clear()


@pytest.mark.parametrize("status", sorted(mlflow_rest._PASSING))
def test_what_passes_is_repeated_with_any_method(monkeypatch, status):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0.001")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0")
    mlflow_rest._session.cache_clear()
    with _server_that_fails(status, times=2) as (uri, seen):
        RestClient(uri, ("reader", "secret")).set_registered_model_tag("m", "k", "v")
    mlflow_rest._session.cache_clear()
    assert [method for method, _ in seen] == ["POST"] * 3
    assert {login for _, login in seen} == {"Basic cmVhZGVyOnNlY3JldA=="}


def test_a_listing_that_leaves_its_folder_is_refused():
    for path in ("../secret", "/etc/passwd", "a/../../b"):
        with pytest.raises(RegistryError, match="outside its folder"):
            mlflow_rest._safe(path)


@pytest.mark.parametrize("name", mlflow_rest._OTHER_WAYS)
def test_other_ways_to_mlflow_are_left_to_its_own_client(monkeypatch, name):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:1")
    assert rest_client() is not None
    monkeypatch.setenv(name, "x")
    assert rest_client() is None


@pytest.mark.parametrize(
    "uri", ["sqlite:///mlflow.db", "arn:aws:sagemaker:eu-central-1:1:mlflow-app/a", "azureml://x", "", "databricks"]
)
def test_trackers_that_are_no_http_server_are_left_to_mlflow(monkeypatch, uri):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    assert rest_client() is None


def test_a_login_file_of_mlflows_is_left_to_it(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:1")
    (tmp_path / ".mlflow").mkdir()
    (tmp_path / ".mlflow" / "credentials").write_text("[mlflow]\n")
    assert rest_client() is None
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "u")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "p")
    assert rest_client() is not None


def _server_that_fails(status: int, times: int):
    """A server on a loopback port whose first `times` answers have the status; with what it was asked."""
    import threading
    from contextlib import contextmanager
    from http.server import BaseHTTPRequestHandler, HTTPServer

    seen: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("content-length", 0)))
            seen.append((self.command, self.headers.get("authorization")))
            self.send_response(status if len(seen) <= times else 200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *arguments):
            pass

    @contextmanager
    def running():
        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", seen
        finally:
            server.shutdown()

    return running()
