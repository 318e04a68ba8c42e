"""watch against a stand-in of the Kubernetes API, with workflows as Argo 3.7 leaves them, and against real sockets."""

import socket
import threading
import urllib.request
from datetime import datetime, timezone

import httpx
import pytest

from cyclops_runtime.errors import InputError
from cyclops_runtime.platform import watch
from cyclops_runtime.platform.kubernetes import WorkflowClient
from cyclops_runtime.platform.probes import answers, check_address
from cyclops_runtime.platform.runs import Failure, RunWatcher, reason_in
from cyclops_runtime.platform.watch import SeenCollector, Watcher

NOW = datetime(2026, 11, 30, 12, tzinfo=timezone.utc).timestamp()
PHASE, COMPLETED = "workflows.argoproj.io/phase", "workflows.argoproj.io/completed"
LOG = '{"event": "rows-read", "rows": 7043}\nerror: MonthlyCharges is missing; there are: a, b\n'


def time_of(minutes_ago):
    moment = datetime.fromtimestamp(NOW - 60 * minutes_ago, tz=timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def workflow(name, minutes_ago, phase, pipeline="training", model="churn", nodes=(), **more):
    labels = {PHASE: phase, COMPLETED: str(phase not in ("Running", "Pending")).lower()} if phase else {}
    if pipeline:
        labels |= {"cyclops.dev/model": model, "cyclops.dev/pipeline": pipeline}
    return {
        "metadata": {"name": name, "uid": f"uid-{name}", "creationTimestamp": time_of(minutes_ago), "labels": labels},
        "spec": more.get("spec", {}),
        "status": {"nodes": {str(at): node for at, node in enumerate(nodes)}, "message": more.get("message", "")},
    }


def pod(step, phase, exit_code=None, message="", minutes_ago=1):
    outputs = {} if exit_code is None else {"outputs": {"exitCode": str(exit_code)}}
    finished = time_of(minutes_ago)
    return {"type": "Pod", "templateName": step, "phase": phase, "message": message, "finishedAt": finished, **outputs}


def schedule(pipeline="training", interval="3600", last=30, made=600, **spec):
    labels = {"cyclops.dev/model": "churn", "cyclops.dev/pipeline": pipeline}
    annotations = {} if interval is None else {"cyclops.dev/longest-interval": interval}
    return {
        "metadata": {"labels": labels, "annotations": annotations, "creationTimestamp": time_of(made)},
        "spec": spec,
        "status": {} if last is None else {"lastScheduledTime": time_of(last)},
    }


class Api:
    """Workflows and schedules of one namespace, two to a page; `status` is what it answers where that is no 200."""

    def __init__(self, *workflows, schedules=()):
        self.workflows, self.schedules, self.status = list(workflows), list(schedules), 200
        self.requests = []

    def client(self):
        return WorkflowClient("shop-dev", httpx.Client(transport=httpx.MockTransport(self), base_url="https://api"))

    def __call__(self, request):
        self.requests.append(request)
        if self.status != 200:
            return httpx.Response(self.status)
        path = request.url.path.removeprefix("/apis/argoproj.io/v1alpha1/namespaces/shop-dev/")
        kind, _, name = path.partition("/")
        items = self.workflows if kind == "workflows" else self.schedules
        if name:
            found = [item for item in items if item["metadata"]["name"] == name]
            return httpx.Response(200, json=found[0]) if found else httpx.Response(404)
        items = [item for item in items if self.matches(item["metadata"]["labels"], request.url.params["labelSelector"])]
        if "PartialObjectMetadataList" in request.headers["accept"]:
            items = [{"metadata": item["metadata"]} for item in items]
        start = int(request.url.params.get("continue", 0))
        following = str(start + 2) if start + 2 < len(items) else ""
        return httpx.Response(200, json={"items": items[start : start + 2], "metadata": {"continue": following}})

    @staticmethod
    def matches(labels, selector):
        for part in selector.split(","):
            key, _, value = part.partition("=")
            if key.startswith("!"):
                if key[1:] in labels:
                    return False
            elif key not in labels or (value and labels[key] != value):
                return False
        return True


def failures(*workflows):
    return RunWatcher(Api(*workflows).client()).failures()


def test_a_failed_run_is_told_with_its_step_its_code_and_its_own_sentence():
    nodes = [
        pod("ingest", "Succeeded", 0, minutes_ago=9),
        {"type": "DAG", "templateName": "training", "phase": "Failed", "finishedAt": time_of(1)},
        pod("curate", "Failed", 1, f"main: Error (exit code 1): {LOG}", minutes_ago=5),
    ]
    assert failures(workflow("train-1", 10, "Failed", nodes=nodes)) == (
        Failure("churn", "training", "curate", "1", "train-1", "MonthlyCharges is missing; there are: a, b"),
    )


@pytest.mark.parametrize("phase", ["Failed", "Error"])
def test_only_the_newest_run_of_a_pipeline_that_has_ended_counts(phase):
    old, good, running = workflow("a", 90, phase), workflow("b", 60, "Succeeded"), workflow("c", 5, "Running")
    assert failures(old, good, running) == ()
    assert [failure.run for failure in failures(old, running)] == ["a"]
    others = [workflow("d", 50, phase, pipeline="batch"), workflow("e", 40, phase, model="prices")]
    assert {(failure.model, failure.pipeline) for failure in failures(good, *others)} == {
        ("churn", "batch"),
        ("prices", "training"),
    }


def test_runs_of_others_are_nobodys_business():
    assert failures(workflow("a", 5, "Failed", pipeline=None)) == ()


def test_the_last_attempt_decides():
    nodes = [pod("train", "Failed", 137, "OOMKilled", minutes_ago=4), pod("train", "Error", None, "pod deleted", minutes_ago=2)]
    (failure,) = failures(workflow("a", 9, "Error", nodes=nodes))
    assert (failure.step, failure.exit_code, failure.reason) == ("train", "", "pod deleted")


def test_a_run_that_fails_as_a_whole_has_no_step():
    (failure,) = failures(workflow("a", 9, "Failed", message="Max duration limit exceeded"))
    assert (failure.step, failure.exit_code, failure.reason) == ("", "", "Max duration limit exceeded")


def test_a_run_that_a_person_has_stopped_neither_fails_nor_mends():
    stopped = [workflow(name, 9 - at, "Failed", spec={"shutdown": "Stop"}) for at, name in enumerate("ab")]
    assert failures(*stopped) == ()
    assert failures(workflow("good", 90, "Succeeded"), *stopped) == ()
    assert [failure.run for failure in failures(workflow("bad", 90, "Failed"), *stopped)] == ["bad"]


def test_a_run_that_is_gone_between_two_looks_is_no_failure():
    api = Api(workflow("a", 9, "Failed"))
    watcher = RunWatcher(api.client())
    listed, api.workflows[0]["metadata"]["name"] = dict(api.workflows[0]["metadata"]), "other"
    watcher._client.metadata = lambda _selector: [listed]
    assert watcher.failures() == ()


def test_a_failed_run_is_read_once_and_lists_hold_metadata_only():
    api = Api(*[workflow(f"run-{at}", 90 - at, "Failed") for at in range(5)])
    watcher = RunWatcher(api.client())
    assert [watcher.failures()[0].run for _ in range(3)] == ["run-4"] * 3
    read = [request.url.path for request in api.requests if request.url.path.endswith("/run-4")]
    assert len(read) == 1
    assert all("labelSelector" in request.url.params or request.url.path.endswith("/run-4") for request in api.requests)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (f"main: Error (exit code 1): {LOG}", "MonthlyCharges is missing; there are: a, b"),
        ("main: Error (exit code 3): error: refused: roc_auc is 0.7", "refused: roc_auc is 0.7"),
        ("main: Error (exit code 1): [final] Churn is missing", "Churn is missing"),
        ("main: Error (exit code 75): [may pass] MLflow answers 503", "MLflow answers 503"),
        ("main: OOMKilled (exit code 137)", "main: OOMKilled (exit code 137)"),
        ("main: Error (exit code 1): Traceback\n  ValueError: error: no", "ValueError: error: no"),
        ("", ""),
        ("x" * 900, "x" * 300),
    ],
)
def test_the_reason_is_one_sentence(message, reason):
    assert reason_in(message) == reason


def test_a_schedule_tells_when_it_last_ran_and_how_long_it_may_be_silent():
    api = Api(schedules=[schedule(last=30), schedule("batch", "86400", last=None, made=50)])
    found = {each.pipeline: (each.interval, NOW - each.last) for each in RunWatcher(api.client()).schedules(NOW)}
    assert found == {"training": (3600.0, 1800), "batch": (86400.0, 3000)}


def test_a_suspended_schedule_owes_nothing_nor_does_one_without_an_interval():
    api = Api(schedules=[schedule(suspend=True), schedule("batch", None)])
    assert RunWatcher(api.client()).schedules(NOW) == ()


def test_a_schedule_that_was_changed_or_taken_up_again_owes_nothing_for_before():
    api = Api(schedules=[schedule(interval="604800", last=5000)])
    watcher = RunWatcher(api.client())
    assert watcher.schedules(NOW)[0].last == NOW - 5000 * 60
    api.schedules = [schedule(interval="3600", last=5000)]
    assert watcher.schedules(NOW)[0].last == NOW
    assert watcher.schedules(NOW + 900)[0].last == NOW
    api.schedules = [schedule(interval="3600", last=5000, suspend=True)]
    watcher.schedules(NOW + 1000)
    api.schedules = [schedule(interval="3600", last=5000)]
    assert watcher.schedules(NOW + 2000)[0].last == NOW + 2000


def test_a_workflow_that_no_controller_takes_up_waits_after_two_minutes():
    api = Api(workflow("a", 1, None), workflow("b", 3, None), workflow("c", 9, "Pending"), workflow("d", 9, None, pipeline=None))
    assert RunWatcher(api.client()).waiting(NOW) == 2


def samples(seen):
    collector = SeenCollector()
    collector.seen = seen
    return {(sample.name, *sample.labels.values()): sample.value for metric in collector.collect() for sample in metric.samples}


@pytest.mark.parametrize("status", [403, 500])
def test_a_silent_api_ends_no_alert_and_is_told(status, caplog):
    api = Api(workflow("a", 9, "Failed"), workflow("b", 3, None), schedules=[schedule()])
    watcher = Watcher(RunWatcher(api.client()), {}, {})
    before = samples(watcher.look(NOW))
    api.status = status
    after = samples(watcher.look(NOW + 15))
    assert before[("cyclops_watch_sees_runs",)] == 1
    assert after[("cyclops_watch_sees_runs",)] == 0
    assert {**before, ("cyclops_watch_sees_runs",): 0} == after
    assert ("cyclops_pipeline_failed", "churn", "training", "", "", "a", "") in after
    assert "runs-unreadable" in caplog.text


def test_servers_and_volumes_are_told_by_name(tmp_path):
    watcher = Watcher(
        None, {"tracking": "up", "database": "down"}, {"prometheus": str(tmp_path)}, lambda address: address == "up"
    )
    seen = samples(watcher.look(NOW))
    assert seen[("cyclops_server_up", "tracking")] == 1
    assert seen[("cyclops_server_up", "database")] == 0
    size, left = seen[("cyclops_volume_size_bytes", "prometheus")], seen[("cyclops_volume_available_bytes", "prometheus")]
    assert 0 < left <= size


def test_who_looks_at_no_runs_says_nothing_of_them(tmp_path):
    """Else the one that does would be missed by nobody: the alert asks whether any series says that it sees."""
    told = {name for name, *_ in samples(Watcher(None, {}, {"home": str(tmp_path)}).look(NOW))}
    assert told == {"cyclops_volume_size_bytes", "cyclops_volume_available_bytes"}
    assert samples(Watcher(RunWatcher(Api().client()), {}, {}).look(NOW)) == {
        ("cyclops_workflows_waiting",): 0,
        ("cyclops_watch_sees_runs",): 1,
    }


def test_a_volume_that_cannot_be_read_keeps_its_figures_and_ends_nothing(tmp_path, caplog):
    (volume := tmp_path / "volume").mkdir()
    watcher = Watcher(None, {}, {"home": str(volume), "other": str(tmp_path)})
    before = samples(watcher.look(NOW))
    volume.rmdir()
    after = samples(watcher.look(NOW + 15))
    assert after[("cyclops_volume_size_bytes", "home")] == before[("cyclops_volume_size_bytes", "home")]
    assert ("cyclops_volume_size_bytes", "other") in after
    assert "volume-unreadable" in caplog.text
    assert samples(Watcher(None, {}, {"home": str(volume)}).look(NOW)) == {}


class OneAnswer(threading.Thread):
    """A server that reads a question and gives one answer; None: it says nothing and hangs up."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.answer, self.question = answer, b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        connection, _ = self.listener.accept()
        with connection, self.listener:
            self.question = connection.recv(4096)
            if self.answer is not None:
                connection.sendall(self.answer)


def http(status):
    return f"HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("scheme", "answer", "is_up"),
    [
        ("http", http(200), True),
        ("http", http(403), True),
        ("http", http(503), False),
        ("http", None, False),
        ("postgresql", b"N", True),
        ("postgresql", b"S", True),
        ("postgresql", b"E", False),
        ("postgresql", None, False),
    ],
)
def test_a_server_is_up_where_it_answers_in_its_own_protocol(scheme, answer, is_up):
    server = OneAnswer(answer)
    assert answers(f"{scheme}://127.0.0.1:{server.port}/health") is is_up
    server.join(5)
    if scheme == "postgresql":
        assert server.question == bytes([0, 0, 0, 8, 4, 210, 22, 47])
    else:
        assert server.question.startswith(b"GET /health HTTP/1.1\r\n")


@pytest.mark.parametrize("scheme", ["http", "postgresql"])
def test_a_closed_port_and_a_missing_name_are_down(scheme):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert answers(f"{scheme}://127.0.0.1:{port}") is False
    assert answers(f"{scheme}://nobody.invalid:{port}") is False


@pytest.mark.parametrize("address", ["tracking:5000", "ftp://a", "http://", "postgresql:"])
def test_an_address_that_nothing_can_ask_is_refused(address):
    with pytest.raises(InputError, match="--server address"):
        check_address(address)


def options(**changes):
    return {"namespace": None, "server": (), "volume": (), "host": "127.0.0.1", "port": 0, "interval": 60.0, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"server": ["tracking"]},
        {"server": ["=http://a"]},
        {"server": ["a=tcp://b"]},
        {"volume": ["a=/no/such/folder"]},
        {"volume": ["A=/"]},
        {"volume": [".=/"]},
    ],
)
def test_options_that_mean_nothing_are_refused(changes):
    with pytest.raises(InputError):
        watch.run(**options(**changes))


def test_what_was_seen_is_served_from_the_first_look_on_until_it_is_stopped(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    stop = threading.Event()
    api = Api(workflow("a", 9, "Failed"))
    looked = tmp_path / "looked"
    given = options(
        namespace="shop-dev", volume=[f"own={tmp_path}"], port=port, client=api.client(), stop=stop, looked=str(looked)
    )
    thread = threading.Thread(target=watch.run, kwargs=given)
    thread.start()
    for _ in range(100):
        try:
            text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
            break
        except OSError:
            threading.Event().wait(0.05)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert looked.exists()
    assert 'cyclops_pipeline_failed{exit_code="",model="churn",pipeline="training",reason="",run="a",step=""} 1.0' in text
    assert 'cyclops_volume_size_bytes{volume="own"}' in text
