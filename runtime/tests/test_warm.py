"""The warm parent as `cyclops dev` uses it: a process of its own, asked by lines of JSON."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from samples import raw_document, telco_lines, write_csv

PROBE = """
import json, os, random, sys
import numpy
from probed import VALUE

kept = []

def look(context):
    kept.append(open("kept.txt", "w"))
    kept[0].write("closed by nobody")
    return {
        "pid": os.getpid(), "group": os.getpgid(0), "folder": os.getcwd(), "mark": os.environ.get("MARK"),
        "home": os.environ.get("HOME"), "numbers": [numpy.random.random(), random.random()], "value": VALUE,
        "warm": "mlflow.sklearn" in sys.modules, "arguments": sys.argv[1:], "read": sys.stdin.read(),
    }

def refuse(context):
    from cyclops_runtime.errors import GateRefused
    raise GateRefused("no, and how to mend it")

def hang(context):
    import time
    print("hanging", file=sys.stderr, flush=True)
    time.sleep(600)

def leave(context):
    import subprocess
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print(f"left {child.pid}", file=sys.stderr, flush=True)
    hang(context)
"""


@dataclass
class Ended:
    """What came of one request."""

    pid: int
    stdout: str
    stderr: str
    code: int | None
    signal: str | None


class Warm:
    """A warm parent in `folder`."""

    def __init__(self, folder: Path, modules: str = "pass") -> None:
        self.folder = folder
        self.environment = {**os.environ, "PYTHONPATH": str(folder), "MARK": "parent", "MLFLOW_DISABLE_TELEMETRY": "true"}
        code = f"import cyclops_runtime.warm as warm; {modules}; import sys; from cyclops_runtime.cli import run_command_line as run;"
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"{code} sys.exit(run(['warm']))"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=self.environment,
            start_new_session=True,
        )
        self._last = 0
        assert self.answer() == {"hello": 1}
        assert self.answer() == {"ready": True}

    def answer(self) -> dict[str, Any]:
        return json.loads(self.process.stdout.readline())

    def begin(self, arguments: list[str], folder: Path | None = None, **environment: str) -> int:
        """Asks for a step and returns its process id."""
        self._last += 1
        request = {
            "id": self._last,
            "arguments": arguments,
            "folder": str(folder or self.folder),
            "environment": {**self.environment, **environment},
        }
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        return self.answer()["pid"]

    def said(self, text: str) -> str:
        """Output of the step until it holds the text."""
        output = ""
        while text not in output:
            answer = self.answer()
            output += "".join(base64.b64decode(answer.get(stream, "")).decode() for stream in ("stdout", "stderr"))
        return output

    def end(self, pid: int) -> Ended:
        output = {"stdout": "", "stderr": ""}
        while True:
            answer = self.answer()
            for stream in output:
                output[stream] += base64.b64decode(answer.get(stream, "")).decode()
            if "code" in answer or "signal" in answer:
                return Ended(pid, **output, code=answer.get("code"), signal=answer.get("signal"))

    def run(self, arguments: list[str], folder: Path | None = None, **environment: str) -> Ended:
        return self.end(self.begin(arguments, folder, **environment))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the user's code and the documents `<function>.json`, whose evaluate step is that function."""
    folder = tmp_path_factory.mktemp("warm")
    (folder / "probe.py").write_text(PROBE)
    (folder / "probed.py").write_text("VALUE = 'first'\n")
    for function in ("look", "refuse", "hang", "leave"):
        document = raw_document(folder)
        document["spec"]["training"].setdefault("steps", {})["evaluate"] = {"entrypoint": f"probe:{function}"}
        (folder / f"{function}.json").write_text(json.dumps(document))
    return folder


@pytest.fixture(scope="module")
def warm(folder: Path) -> Iterator[Warm]:
    parent = Warm(folder)
    yield parent
    parent.process.stdin.close()
    parent.process.wait(30)


def _arguments(folder: Path, function: str) -> list[str]:
    return ["evaluate", "--config", str(folder / f"{function}.json"), "--run-id", "r", "--json"]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # Where nobody reaps orphans they stay as zombies.
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


def _wait_for_end(*pids: int) -> None:
    deadline = time.monotonic() + 60
    while any(map(_lives, pids)):
        assert time.monotonic() < deadline, f"some of {pids} live on"
        time.sleep(0.05)


def test_each_step_has_a_process_of_its_own_with_environment_folder_and_arguments(warm, folder, tmp_path):
    first = warm.run(_arguments(folder, "look"), tmp_path, MARK="one", HOME="/nowhere")
    second = warm.run(_arguments(folder, "look"), MARK="two")
    one, two = json.loads(first.stdout), json.loads(second.stdout)
    assert (first.code, second.code) == (0, 0)
    assert one["pid"] == one["group"] == first.pid != two["pid"]
    assert (one["folder"], two["folder"]) == (str(tmp_path), str(folder))
    assert (one["mark"], two["mark"], one["home"]) == ("one", "two", "/nowhere")
    assert one["arguments"] == _arguments(folder, "look")
    assert one["read"] == ""
    assert one["warm"]
    assert "event=step-done step=evaluate" in first.stderr
    # Python closes what code of the user leaves open.
    assert (tmp_path / "kept.txt").read_text() == "closed by nobody"
    # What the parent had and the step was not given is not there.
    warm.environment.pop("MARK")
    assert json.loads(warm.run(_arguments(folder, "look")).stdout)["mark"] is None


def test_two_steps_draw_different_random_numbers(warm, folder):
    one, two = (json.loads(warm.run(_arguments(folder, "look")).stdout)["numbers"] for _ in range(2))
    assert one[0] != two[0]
    assert one[1] != two[1]


def test_code_of_the_user_is_imported_anew(warm, folder):
    assert json.loads(warm.run(_arguments(folder, "look")).stdout)["value"] == "first"
    (folder / "probed.py").write_text("VALUE = 'changed and longer'\n")
    assert json.loads(warm.run(_arguments(folder, "look")).stdout)["value"] == "changed and longer"


@pytest.mark.parametrize(
    ("function", "arguments", "code", "sentence"),
    [
        ("refuse", [], 3, "error: no, and how to mend it"),
        ("look", ["--nonsense"], 2, "No such option"),
        ("nowhere", [], 1, "no such file"),
    ],
)
def test_exit_codes_and_sentences_are_those_of_a_process(warm, folder, function, arguments, code, sentence):
    ended = warm.run([*_arguments(folder, function), *arguments])
    assert (ended.code, ended.signal) == (code, None)
    assert sentence in ended.stderr


def test_a_signal_ends_the_step_and_not_the_parent(warm, folder):
    pid = warm.begin(_arguments(folder, "hang"))
    warm.said("hanging")
    os.killpg(pid, signal.SIGTERM)
    assert warm.end(pid).signal == "SIGTERM"
    assert warm.run(_arguments(folder, "refuse")).code == 3


def test_everything_ends_when_stdin_closes(folder):
    warm = Warm(folder, "warm.MODULES = ('mlflow.sklearn',)")
    pid = warm.begin(_arguments(folder, "leave"))
    grandchild = int(warm.said("hanging").partition("left ")[2].split()[0])
    assert _lives(grandchild)
    warm.process.stdin.close()
    assert warm.process.wait(30) == 0
    _wait_for_end(pid, grandchild)


def test_what_cannot_be_imported_is_left_to_the_step(folder):
    warm = Warm(folder, "warm.MODULES = ('nowhere.to_be_found', 'pandas')")
    assert json.loads(warm.run(_arguments(folder, "look")).stdout)["warm"] is False
    warm.process.stdin.close()
    assert "event=not-imported module=nowhere.to_be_found" in warm.process.stderr.read().decode()


def test_imports_start_no_python_thread_and_all_succeed(folder):
    code = "import threading; from cyclops_runtime.warm import import_modules; import_modules(); print(threading.active_count())"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder)
    assert answer.stdout.splitlines()[-1] == "1"
    assert "not-imported" not in answer.stderr


def test_warm_and_plain_steps_write_the_same(tmp_path):
    results = {}
    for way in ("warm", "plain"):
        place = tmp_path / way
        write_csv(place / "raw/telco/part.csv", telco_lines(800))
        (place / "model.json").write_text(json.dumps(raw_document(place)))
        environment = {"MLFLOW_TRACKING_URI": f"sqlite:///{place}/mlflow.db", "MLFLOW_DISABLE_TELEMETRY": "true"}
        parent = Warm(place) if way == "warm" else None
        for step in ("ingest", "curate", "preprocess", "train", "evaluate"):
            arguments = [step, "--config", str(place / "model.json"), "--run-id", "r", "--json"]
            if parent is not None:
                ended = parent.run(arguments, **environment)
                assert ended.code == 0, ended.stderr
            else:
                command = [sys.executable, "-m", "cyclops_runtime", *arguments]
                subprocess.run(command, cwd=place, env={**os.environ, **environment}, check=True, capture_output=True)
        if parent is not None:
            parent.process.stdin.close()
            parent.process.wait(30)
        results[way] = {
            path.relative_to(place).as_posix(): _without_names(path, place)
            for zone in ("curated", "features", "models")
            for path in sorted((place / zone).rglob("*"))
            if path.is_file()
        }
    assert any(name.endswith("evaluate.json") for name in results["plain"])
    assert results["warm"] == results["plain"]


def _without_names(path: Path, place: Path) -> Any:
    """A file's content; in JSON without what differs between any two runs: ids of MLflow and the folder."""
    if path.suffix != ".json":
        return path.read_bytes()
    text = path.read_text().replace(str(place), "")
    changing = ("modelUri", "mlflowRunId", "inputsKey", "version")

    def cut(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: cut(inner) for name, inner in value.items() if name not in changing}
        return [cut(inner) for inner in value] if isinstance(value, list) else value

    return cut(json.loads(text))
