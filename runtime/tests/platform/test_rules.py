"""rules against a stand-in of the Kubernetes API and a server that refuses its whole configuration for one broken file."""

import logging
import socket
import threading
import urllib.request
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from cyclops_runtime.errors import InputError
from cyclops_runtime.platform import kubernetes, rules
from cyclops_runtime.platform.kubernetes import ConfigMapClient
from cyclops_runtime.platform.rules import Folder, Keeper, Unreachable, files_of, reload_by


class Prometheus:
    """Loads all files of the folder or none; `loaded` is what it works with."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.loaded: dict[str, str] = {}
        self.reloads = 0
        self.down = False
        self.own_fault = False

    def __call__(self) -> bool:
        if self.down:
            raise Unreachable("connection refused")
        self.reloads += 1
        files = {path.name: path.read_text() for path in self.directory.iterdir()}
        if self.own_fault or any("broken" in text for text in files.values()):
            return False
        self.loaded = files
        return True

    def starts(self) -> bool:
        """Whether it could be started with the folder as it is."""
        return not any("broken" in path.read_text() for path in self.directory.iterdir())


@pytest.fixture
def server(tmp_path):
    return Prometheus(tmp_path)


@pytest.fixture
def keeper(tmp_path, server):
    return Keeper(Folder(tmp_path), server)


def metric(keeper, name, **labels):
    return keeper.registry.get_sample_value(name, labels)


def test_new_changed_and_vanished_files_reach_the_server(keeper, server):
    keeper.keep({"a": "1", "b": "1"})
    assert server.loaded == {"a": "1", "b": "1"}
    keeper.keep({"a": "2", "c": "1"})
    assert server.loaded == {"a": "2", "c": "1"}
    keeper.keep({})
    assert server.loaded == {}
    assert metric(keeper, "cyclops_rules_files") == 0


def test_nothing_is_reloaded_when_nothing_has_changed(keeper, server):
    for _ in range(3):
        keeper.keep({"a": "1", "bad": "broken"})
    first = server.reloads
    keeper.keep({"a": "1", "bad": "broken"})
    assert server.reloads == first
    # Without any rule the server is asked once, so that files of an earlier container are gone from it too.
    empty = Keeper(Folder(server.directory), server)
    empty.keep({})
    empty.keep({})
    assert server.reloads == first + 1
    assert server.loaded == {}


@pytest.mark.parametrize("position", range(9))
def test_a_broken_file_takes_no_other_down(keeper, server, position, caplog):
    caplog.set_level(logging.INFO)
    wanted = {f"model-{number}_rules.yaml": "broken" if number == position else "good" for number in range(9)}
    keeper.keep(wanted)
    good = {name: text for name, text in wanted.items() if text == "good"}
    assert server.loaded == good
    assert server.starts()
    assert f"file=model-{position}_rules.yaml" in caplog.text
    assert metric(keeper, "cyclops_rules_refused", configmap=f"model-{position}", file="rules.yaml") == 1
    assert metric(keeper, "cyclops_rules_files") == 8


def test_several_broken_files_are_all_found(keeper, server):
    wanted = {f"m_{number}": "broken" if number % 3 == 0 else "good" for number in range(20)}
    keeper.keep(wanted)
    assert server.loaded == {name: text for name, text in wanted.items() if text == "good"}
    assert server.starts()


def test_the_last_good_version_stays_in_force_until_it_is_corrected_or_removed(keeper, server):
    keeper.keep({"a_x": "1", "b_x": "1"})
    keeper.keep({"a_x": "broken", "b_x": "2"})
    assert server.loaded == {"a_x": "1", "b_x": "2"}
    assert metric(keeper, "cyclops_rules_refused", configmap="a", file="x") == 1
    keeper.keep({"a_x": "3", "b_x": "2"})
    assert server.loaded == {"a_x": "3", "b_x": "2"}
    assert metric(keeper, "cyclops_rules_refused", configmap="a", file="x") is None
    keeper.keep({"a_x": "broken", "b_x": "2"})
    keeper.keep({"b_x": "2"})
    assert server.loaded == {"b_x": "2"}
    assert metric(keeper, "cyclops_rules_refused", configmap="a", file="x") is None


def test_a_server_that_does_not_answer_gets_nothing_that_it_has_not_seen(keeper, server):
    keeper.keep({"a": "1"})
    server.down = True
    with pytest.raises(Unreachable):
        keeper.keep({"a": "broken", "b": "2"})
    # It may be starting: with an unproven file it might never come up.
    assert server.starts()
    server.down = False
    keeper.keep({"a": "broken", "b": "2"})
    assert server.loaded == {"a": "1", "b": "2"}


def test_a_fault_of_the_server_itself_is_not_blamed_on_the_files(keeper, server):
    server.own_fault = True
    with pytest.raises(Unreachable, match="see its log"):
        keeper.keep({"a": "1", "b": "1"})
    server.own_fault = False
    keeper.keep({"a": "1", "b": "1"})
    assert server.loaded == {"a": "1", "b": "1"}


def test_what_an_earlier_process_left_behind_is_judged_anew(tmp_path, server):
    (tmp_path / "a").write_text("broken")
    (tmp_path / "old").write_text("1")
    (tmp_path / "b.part").write_text("half a fi")
    Keeper(Folder(tmp_path), server).keep({"a": "broken", "b": "1"})
    assert server.loaded == {"b": "1"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b"]


def test_a_file_is_never_seen_half_written(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    folder.replace({"a.yaml": "old"})
    seen = []

    def replace(part, path):
        seen.append((Path(part).name, Path(part).read_text(), Path(path).read_text()))
        Path(part).rename(path)

    monkeypatch.setattr(rules.os, "replace", replace)
    folder.replace({"a.yaml": "new"})
    assert seen == [("a.yaml.part", "new", "old")]
    assert (tmp_path / "a.yaml").read_text() == "new"


def test_the_newest_version_of_a_configmap_counts_under_the_name_of_all_its_versions():
    def version(name, created, text, base="model-rules"):
        metadata = {"name": name, "creationTimestamp": created, "annotations": {"cyclops.dev/version-of": base}}
        return {"metadata": metadata, "data": {"a.yaml": text}}

    old = version("model-rules-0a1b2c3d", "2026-11-30T10:00:00Z", "old")
    new = version("model-rules-99999999", "2026-11-30T11:00:00Z", "new")
    assert files_of([old]) == {"model-rules_a.yaml": "old"}
    assert files_of([new, old]) == files_of([old, new]) == {"model-rules_a.yaml": "new"}
    # The annotation of another ConfigMap takes nobody's file away.
    stranger = version("stranger", "2026-11-30T12:00:00Z", "other")
    assert files_of([new, stranger]) == {"model-rules_a.yaml": "new", "stranger_a.yaml": "other"}


def test_files_are_named_after_configmap_and_key(caplog):
    of = lambda name, data: {"metadata": {"name": name}, **({} if data is None else {"data": data})}  # noqa: E731
    files = files_of([of("a", {"x.yaml": "1"}), of("a-b", {"x.yaml": "2", "y.yaml": "3"}), of("empty", None)])
    assert files == {"a_x.yaml": "1", "a-b_x.yaml": "2", "a-b_y.yaml": "3"}
    assert files_of([of("a", {"../../etc/passwd": "x", "..": "x", ".hidden": "x"})]) == {}
    assert "rules-ignored" in caplog.text


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, True), (500, False), (503, Unreachable), (403, Unreachable), (401, Unreachable), (None, Unreachable)],
)
def test_only_a_refusal_is_held_against_the_files(status, outcome):
    def answer(request):
        assert (request.method, str(request.url)) == ("POST", "http://localhost:9090/-/reload")
        if status is None:
            raise httpx.ConnectError("refused")
        return httpx.Response(status, text="failed to reload config")

    ask = reload_by("http://localhost:9090/-/reload", httpx.Client(transport=httpx.MockTransport(answer)))
    if outcome is Unreachable:
        with pytest.raises(Unreachable):
            ask()
    else:
        assert ask() is outcome


def test_the_server_is_asked_with_the_password_that_is_there_now(tmp_path, monkeypatch):
    monkeypatch.setenv("CYCLOPS_SECRETS_DIR", str(tmp_path))
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "username").write_text("u")
    seen = []

    def answer(request):
        seen.append(request.headers.get("authorization"))
        return httpx.Response(200)

    ask = reload_by("http://localhost:9090/-/reload", httpx.Client(transport=httpx.MockTransport(answer)), "server")
    for password in ("pw", "other"):
        (tmp_path / "server" / "password").write_text(password)
        ask()
    assert seen == ["Basic dTpwdw==", "Basic dTpvdGhlcg=="]


def test_a_server_that_looks_for_itself_needs_no_address(tmp_path):
    keeper = Keeper(Folder(tmp_path), reload_by(None, httpx.Client()))
    keeper.keep({"churn_dashboard.json": "{}"})
    assert (tmp_path / "churn_dashboard.json").read_text() == "{}"


class Api:
    """ConfigMaps of one namespace; answers `status` instead where there is one."""

    def __init__(self, items):
        self.items, self.status = items, None
        self.asked = threading.Event()

    def __call__(self, request):
        assert request.url.path == "/api/v1/namespaces/ns/configmaps"
        assert request.url.params["labelSelector"] == "cyclops.dev/prometheus-rules=true"
        self.asked.set()
        if self.status:
            return httpx.Response(self.status, json={})
        return httpx.Response(200, json={"items": self.items})

    def client(self):
        return ConfigMapClient("ns", httpx.Client(transport=httpx.MockTransport(self), base_url="https://kubernetes"))


@pytest.mark.parametrize("status", [500, 403])
def test_a_silent_api_changes_no_file(tmp_path, server, status, caplog):
    api = Api([{"metadata": {"name": "a"}, "data": {"x.yaml": "1"}}])
    keeper = Keeper(Folder(tmp_path), server)
    assert rules._one_pass(keeper, api.client(), "cyclops.dev/prometheus-rules=true")
    api.status = status
    assert not rules._one_pass(keeper, api.client(), "cyclops.dev/prometheus-rules=true")
    assert server.loaded == {"a_x.yaml": "1"}
    assert (tmp_path / "a_x.yaml").exists()
    assert metric(keeper, "cyclops_rules_failures_total", reason="kubernetes") == 1
    assert "configmaps-unreadable" in caplog.text
    if status == 403:
        assert "`list` on configmaps" in caplog.text


def test_metrics_are_served_from_the_first_good_pass_on_until_it_is_stopped(tmp_path, free_port):
    api = Api([{"metadata": {"name": "a"}, "data": {"x.yaml": "1"}}])
    api.status = 500
    stop = threading.Event()
    options = {"namespace": "ns", "label": "cyclops.dev/prometheus-rules=true", "directory": str(tmp_path), "reload": None}
    arguments = {**options, "port": free_port, "interval": 0.02, "client": api.client(), "stop": stop}
    thread = threading.Thread(target=rules.run, kwargs=arguments)
    thread.start()
    try:
        assert api.asked.wait(30)
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(f"http://localhost:{free_port}/metrics")
        api.status = None
        assert "cyclops_rules_files 1.0" in eventually(f"http://localhost:{free_port}/metrics")
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()


def test_it_looks_every_second_until_the_first_good_pass_and_then_as_told(tmp_path, free_port):
    api = Api([])
    api.status = 500

    class Pauses(threading.Event):
        """Stops after three pauses, of which each is over at once; the API answers from the second pass on."""

        seconds: ClassVar[list[float]] = []

        def wait(self, timeout=None):
            self.seconds.append(timeout)
            api.status = None
            if len(self.seconds) == 3:
                self.set()

    options = {"namespace": "ns", "label": "cyclops.dev/prometheus-rules=true", "directory": str(tmp_path), "reload": None}
    rules.run(**options, port=free_port, interval=15, client=api.client(), stop=Pauses())
    assert Pauses.seconds == [1, 15, 15]


@pytest.fixture
def free_port():
    with socket.socket() as listener:
        listener.bind(("localhost", 0))
        return listener.getsockname()[1]


def eventually(address):
    pause = threading.Event()
    for _ in range(500):
        try:
            return urllib.request.urlopen(address).read().decode()
        except OSError:
            pause.wait(0.05)
    raise AssertionError(f"{address} never answered")


@pytest.mark.parametrize("label", ["key", "=value", "a=b=c", "a =b", ""])
def test_a_label_without_key_and_value_is_refused(label, tmp_path):
    with pytest.raises(InputError, match="--label"):
        rules.run(namespace="ns", label=label, directory=str(tmp_path), reload=None, port=0, interval=1)


def test_the_token_is_read_for_every_request_since_the_kubelet_replaces_it(tmp_path, monkeypatch):
    monkeypatch.setattr(kubernetes, "_ACCOUNT", tmp_path)
    seen = []

    def answer(request):
        seen.append(request.headers["Authorization"])
        return httpx.Response(200, json={"items": []})

    http = httpx.Client(transport=httpx.MockTransport(answer), base_url="https://kubernetes", auth=kubernetes._AccountToken())
    client = ConfigMapClient("ns", http)
    for token in ("first\n", "second\n"):
        (tmp_path / "token").write_text(token)
        assert client.list("a=b") == []
    assert seen == ["Bearer first", "Bearer second"]
