"""`workbench`: runs JupyterLab until nobody uses it, then scales its own StatefulSet to zero."""

import os
import subprocess
import sys
from pathlib import Path

from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger
from cyclops_runtime.platform.kubernetes import client_of_pod

log = get_logger(__name__)


def jupyter_command(port: int, idle_seconds: int, directory: str) -> list[str]:
    """The command of JupyterLab. Its token comes from `JUPYTER_TOKEN`, so that no argument shows it.

    A kernel that rests for the idle time is ended even while a page is open, else a forgotten tab would keep the server up;
    the server ends when it has had no kernel, terminal or request for as long.
    """
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ip=0.0.0.0",
        f"--port={port}",
        f"--ServerApp.root_dir={directory}",
        f"--ServerApp.shutdown_no_activity_timeout={idle_seconds}",
        f"--MappingKernelManager.cull_idle_timeout={idle_seconds}",
        f"--MappingKernelManager.cull_interval={min(300, max(10, idle_seconds // 4))}",
        "--MappingKernelManager.cull_connected=True",
        f"--TerminalManager.cull_inactive_timeout={idle_seconds}",
    ]


def run(*, port: int, idle_seconds: int, directory: str, statefulset: str | None, namespace: str | None) -> int:
    """Runs JupyterLab and returns its exit code. After an idle end (code 0) the StatefulSet has no replicas.

    Errors: InputError where no token is set.
    """
    if not os.environ.get("JUPYTER_TOKEN"):
        raise InputError("no token: set JUPYTER_TOKEN, else anyone could use the workbench")
    Path(directory).mkdir(parents=True, exist_ok=True)
    code = subprocess.run(jupyter_command(port, idle_seconds, directory), check=False).returncode  # noqa: S603 (our own command)
    if code == 0 and statefulset and namespace:
        log.info("workbench-idle", statefulset=statefulset, seconds=idle_seconds)
        with client_of_pod() as api:
            path = f"/apis/apps/v1/namespaces/{namespace}/statefulsets/{statefulset}/scale"
            answer = api.patch(path, json={"spec": {"replicas": 0}}, headers={"Content-Type": "application/merge-patch+json"})
            answer.raise_for_status()
    return code
