"""What each command may import before its work begins: whoever runs it waits for every library, and most take a second or more."""

import json
import os
import subprocess
import sys

import pytest

# Libraries that need no other of the lists below.
SMALL = {"click", "fsspec", "msgspec", "typing_extensions"}
FRAMES = {"cloudpickle", "dateutil", "numpy", "pandas", "pyarrow", "pytz", "six"}
HTTP = {"httpx", "idna", "pygments"}

ALLOWED = {
    "steps.ingest": SMALL,
    "steps.gate": SMALL,
    "steps.register": SMALL,
    "steps.evaluate": SMALL | FRAMES,
    "steps.batch": SMALL | FRAMES,
    "monitoring.monitor": SMALL | FRAMES | HTTP | {"orjson", "prometheus_client"},
    "rollout.deploy": SMALL | FRAMES | HTTP | {"orjson", "prometheus_client"},
    "serving.server": SMALL | FRAMES | {"anyio", "orjson", "prometheus_client", "starlette", "uvicorn"},
}

# What comes with the libraries above where it is installed, and is not asked for by name.
COMPANIONS = {
    "annotationlib",
    "attr",
    "backports",
    "bottleneck",
    "certifi",
    "colorama",
    "cython_runtime",
    "exceptiongroup",
    "h11",
    "httpcore",
    "httptools",
    "markdown_it",
    "mdurl",
    "numexpr",
    "rich",
    "sniffio",
    "tzdata",
    "uvloop",
    "websockets",
}

_PROGRAM = """
import importlib, json, sys
importlib.import_module("cyclops_runtime.cli")
for name in ("config", "document", "runner", sys.argv[1]):
    importlib.import_module("cyclops_runtime." + name)
names = {name.partition(".")[0] for name in sys.modules if not name.startswith("_")}
print(json.dumps(sorted(names - set(sys.stdlib_module_names))))
"""


@pytest.mark.parametrize("module", ALLOWED)
def test_a_command_imports_nothing_that_is_not_listed(module):
    # -S and -E would leave the environment's packages out; what a `.pth` file of it imports is there before us, and no concern here.
    bare = _imported("errors")
    found = _imported(module) - bare - COMPANIONS - {"cyclops_runtime", "sitecustomize"}
    assert found <= ALLOWED[module], "name the library in ALLOWED if the command cannot begin without it, else import it later"


def _imported(module: str) -> set[str]:
    program = _PROGRAM if module != "errors" else _PROGRAM.replace('importlib.import_module("cyclops_runtime." + name)', "pass")
    program = program if module != "errors" else program.replace('importlib.import_module("cyclops_runtime.cli")', "")
    answer = subprocess.run([sys.executable, "-c", program, module], capture_output=True, text=True, check=True)
    return set(json.loads(answer.stdout))


def test_waiting_threads_of_openmp_sleep_unless_the_user_says_otherwise(monkeypatch):
    from cyclops_runtime.cli import run_command_line

    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    assert run_command_line(["--version"]) == 0
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    assert run_command_line(["--version"]) == 0
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"
