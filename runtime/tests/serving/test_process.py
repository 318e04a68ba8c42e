"""The command as a process: signals, exit codes, a port that is taken."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading

import httpx
import mlflow
import msgspec
import pytest
import serving_support as support

from cyclops_runtime.errors import InputError
from cyclops_runtime.serving import server

ROW = support.people(1)[list(support.TYPES)]


@pytest.fixture
def start(tmp_path, name, saved):
    """Starts `cyclops-runtime serve` and answers the process and its address."""
    support.register(name, saved["v1"])
    mlflow.MlflowClient().set_registered_model_alias(name, "champion", "1")
    config = tmp_path / "model.json"
    config.write_bytes(msgspec.json.encode(support.make_document(tmp_path, name, capture=100)))
    processes = []

    def start(port, **environment):
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "cyclops_runtime",
                "serve",
                "--config",
                str(config),
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
            ],
            env={**os.environ, **environment},
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stderr.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_sigterm_drains_and_exits_with_0(start, tmp_path):
    port = free_port()
    process = start(port, CYCLOPS_DRAIN_SECONDS="5", CYCLOPS_CAPTURE_SECONDS="600")
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)

    def ready():
        try:
            return client.get("/readyz").status_code == 200
        except httpx.HTTPError:
            assert process.poll() is None, process.stderr.read()
            return False

    support.wait_until(ready, seconds=90)
    answers, wrong, told = [], [], threading.Event()

    def hammer():
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as mine:
            while not told.is_set():
                try:
                    answers.append(mine.post("/invocations", json=support.split(ROW)))
                except httpx.HTTPError as error:
                    wrong.append(repr(error))

    thread = threading.Thread(target=hammer)
    thread.start()
    support.wait_until(lambda: len(answers) > 20)
    process.send_signal(signal.SIGTERM)
    support.wait_until(lambda: client.get("/readyz").status_code == 503)
    answered = len(answers)
    support.wait_until(lambda: len(answers) > answered + 20)  # still answering while it drains
    # A load balancer that has seen the 503 sends no more: what reaches a socket while it closes is lost with any server.
    told.set()
    thread.join(30)
    assert process.poll() is None, "the clients stopped before the replica did"
    assert process.wait(30) == 0
    assert wrong == []
    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].headers.get("connection") != "close"
    assert answers[-1].headers["connection"] == "close"  # so that no client keeps a connection that is about to end
    files = list((tmp_path / "predictions").rglob("*.parquet"))
    assert sum(len(support.pd.read_parquet(file, partitioning=None)) for file in files) == len(answers)
    client.close()


def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path, name, monkeypatch):
    for variable in ("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "MLFLOW_HTTP_REQUEST_TIMEOUT", "OMP_NUM_THREADS"):
        monkeypatch.setenv(variable, "1")
    interval = sys.getswitchinterval()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        try:
            with pytest.raises(InputError, match="another process may use that port"):
                server.run(support.make_document(tmp_path, name), "127.0.0.1", taken.getsockname()[1])
        finally:
            sys.setswitchinterval(interval)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("CYCLOPS_SCORER_ROLE", "leader", "use one of all, stable, canary"),
        ("CYCLOPS_REFRESH_SECONDS", "0", "above 0"),
        ("CYCLOPS_DRAIN_SECONDS", "soon", "write a number"),
        ("CYCLOPS_MAX_BATCH_ROWS", "-1", "write a number"),
    ],
)
def test_wrong_settings_are_refused(monkeypatch, variable, value, words):
    monkeypatch.setenv(variable, value)
    with pytest.raises(InputError, match=f"{variable} is '{value}': .*{words}"):
        server.Settings.from_environment()


def test_the_document_survives_a_round_trip(tmp_path, name):
    document = support.make_document(tmp_path, name)
    assert json.loads(msgspec.json.encode(document))["capture"] == {"percent": 0, "columns": ["customer"]}
