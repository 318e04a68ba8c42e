"""A command of `cyclops dev` ends with it."""

import os
import signal
import subprocess
import sys
import time

import pytest

# Plays `cyclops dev`: starts a command in a group of its own, says its process id, and waits.
PARENT = """
import os, subprocess, sys
os.environ["CYCLOPS_PARENT_PID"] = str(os.getpid()) if sys.argv[1] == "named" else "1"
child = subprocess.Popen([sys.executable, "-c", sys.argv[2]], stdout=subprocess.PIPE, text=True, start_new_session=True)
print(child.pid, child.stdout.readline().strip(), flush=True)
child.wait()
"""
# A command that runs on, with a process that it has started itself.
COMMAND = """
import subprocess, sys, time
import cyclops_runtime.cli as cli
@cli.application.command("{name}")
def wait():
    helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print(helper.pid, flush=True)
    time.sleep(60)
cli.run_command_line(["{name}"])
"""


def lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] not in "ZX"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("parent", "name", "ends"), [("named", "wait", True), ("other", "wait", False), ("named", "warm", False)]
)
def test_a_command_ends_with_the_parent_that_its_environment_names(parent, name, ends):
    command = [sys.executable, "-c", PARENT, parent, COMMAND.format(name=name)]
    playing = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    pids = [int(word) for word in playing.stdout.readline().split()]
    assert all(lives(pid) for pid in pids)
    playing.kill()
    playing.wait()
    try:
        deadline = time.monotonic() + (30 if ends else 4)
        while any(lives(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert [lives(pid) for pid in pids] == [not ends] * 2
    finally:
        for pid in pids:
            if lives(pid):
                os.kill(pid, signal.SIGKILL)
