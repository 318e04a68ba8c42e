"""`cyclops-runtime warm`: a process that has imported what steps need, and forks a child for each step that it is asked for.

`cyclops dev` starts it. A child has the environment, folder, arguments, process group and pipes of a process of its own, and runs
the same command line; it only does not import again what is there. Requests come as lines of JSON on stdin, answers leave on
stdout (`warm_protocol`). When stdin closes, and be it because its reader was killed, everything ends.

Forked and not `multiprocessing`'s forkserver, whose children have neither output nor exit code of their own. The parent runs in
one Python thread, opens no database and computes nothing, so that children find no lock held and no pool of threads used.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import signal
import sys
import threading
import time
from typing import Any

from cyclops_runtime.logging import get_logger
from cyclops_runtime.warm_protocol import Child, Closed, Pipes, Request

log = get_logger(__name__)

# In this order; what one of them imports by itself is not named. Steps import some of them only inside of functions.
MODULES = (
    "cyclops_runtime.document",
    "cyclops_runtime.runner",
    "cyclops_runtime.step_context",
    "cyclops_runtime.caching",
    "pandas",
    "pyarrow.parquet",
    "mlflow",
    "mlflow.pyfunc",
    "mlflow.sklearn",
    "mlflow.store.tracking.sqlalchemy_store",
    "mlflow.store.model_registry.sqlalchemy_store",
    "sklearn.compose",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "skops.io",
    "cyclops_runtime.steps.ingest",
    "cyclops_runtime.steps.curate",
    "cyclops_runtime.steps.preprocess",
    "cyclops_runtime.steps.train",
    "cyclops_runtime.steps.evaluate",
    "cyclops_runtime.steps.gate",
    "cyclops_runtime.steps.register",
    "cyclops_runtime.rollout.deploy",
    "cyclops_runtime.steps.batch",
    "cyclops_runtime.monitoring.monitor",
)
# Between asking children to end and ending them.
PATIENCE_SECONDS = 4.0


def run() -> int:
    """Serves until stdin closes; in a child: runs the step and returns its exit code."""
    request = Parent(Pipes.take_over()).serve()
    return 0 if request is None else run_step(request)


class Parent:
    """Starts children, hands on what they write, and tells how they end."""

    def __init__(self, pipes: Pipes) -> None:
        self._pipes = pipes
        self._children: dict[int, Child] = {}

    def serve(self) -> Request | None:
        """Returns None when there is nobody left to serve, and in a child the request that it is for."""
        try:
            self._pipes.tell({"hello": 1})
            # The collector would write to every object, and so copy the pages that children share with this process:
            # https://docs.python.org/3/library/gc.html#gc.freeze
            gc.disable()
            import_modules()
            gc.collect()
            gc.freeze()
            self._pipes.tell({"ready": True})
            while True:
                for request in self._pipes.wait(self._children.values()):
                    if self._fork(request):
                        return request
                self._reap()
        except Closed:
            self._end_children()
            return None

    def _fork(self, request: Request) -> bool:
        """Whether this is the child."""
        child = Child(request.number)
        # Text that still waits in buffers would be written by both.
        sys.stdout.flush()
        sys.stderr.flush()
        try:
            pid = os.fork()
        except OSError as error:
            child.close()
            self._pipes.tell({"id": request.number, "refused": str(error)})
            return False
        if pid == 0:
            for other in self._children.values():
                other.close()
            self._pipes.close()
            child.become()
            return True
        child.begin(pid)
        self._children[request.number] = child
        self._pipes.tell({"id": request.number, "pid": pid})
        return False

    def _reap(self) -> None:
        for child in list(self._children.values()):
            for stream, data in child.read():
                self._pipes.tell_output(child.number, stream, data)
            ending = child.ending()
            if ending is not None:
                del self._children[child.number]
                self._pipes.tell({"id": child.number, **ending})

    def _end_children(self) -> None:
        for child in self._children.values():
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while any(child.lives() for child in self._children.values()) and time.monotonic() < deadline:
            time.sleep(0.02)
        for child in self._children.values():
            child.signal(signal.SIGKILL)


def import_modules() -> None:
    """Imports all of MODULES. One that cannot be imported is left to the step that needs it, which says why."""
    for name in MODULES:
        try:
            importlib.import_module(name)
        except Exception as error:
            log.warning("not-imported", module=name, kind=type(error).__name__, reason=str(error)[:200])


def run_step(request: Request) -> int:
    """Runs the command in this process, as if it had been started for it, and ends it; returns where code of the user has run."""
    os.environ.clear()
    os.environ.update(request.environment)
    os.chdir(request.folder)
    sys.argv = ["cyclops-runtime", *request.arguments]
    gc.enable()
    _new_random_numbers()
    # Code of the user beside the spec may be newer than what the parent saw of its folder.
    importlib.invalidate_caches()
    from cyclops_runtime.cli import run_command_line

    before = set(sys.modules)
    code = run_command_line(request.arguments)
    if not _is_of_user(sys.modules.keys() - before):
        _end(code)
    return code


def _is_of_user(modules: set[str]) -> bool:
    """Whether one of the modules is neither Python's nor a package's."""
    installed = (sys.prefix, sys.base_prefix, os.path.dirname(__file__))
    files = (getattr(sys.modules[name], "__file__", None) for name in modules)
    return any(file is not None and not file.startswith(installed) for file in files)


def _end(code: int) -> None:
    """Ends the process as Python does, but for destroying every object, which would first copy most of the parent's memory.

    In the order of Py_FinalizeEx, and like children of `multiprocessing`: https://docs.python.org/3/c-api/init.html. Only code of
    the user may leave files open that have to be closed for it.
    """
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _new_random_numbers() -> None:
    """Two children must not draw the same numbers. Python's own generator is seeded anew by every fork, NumPy's is not."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
