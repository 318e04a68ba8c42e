"""Commands that `cyclops dev` has started end with it, even where it is killed and can stop nobody."""

import os
import signal
import threading
import time

# Set by `cyclops dev` (packages/cli/src/dev/steps.ts): its process id.
VARIABLE = "CYCLOPS_PARENT_PID"
_POLL_SECONDS = 1.0
_PATIENCE_SECONDS = 10.0


def end_with_parent() -> None:
    """Watches, in a thread, that the parent lives, where it is the process that the environment names.

    Does nothing elsewhere: in a container, in a shell, and in the forked children of a warm parent, which has an end of its own.
    """
    if os.environ.get(VARIABLE) != str(os.getppid()):
        return
    threading.Thread(target=_watch, args=(os.getppid(),), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    # A child whose parent has ended is another's: not Linux' PR_SET_PDEATHSIG, which macOS does not have.
    while os.getppid() == parent:
        time.sleep(_POLL_SECONDS)
    # With what this command has started itself: `cyclops dev` makes it the leader of a group.
    target = -os.getpid() if os.getpgrp() == os.getpid() else os.getpid()
    os.kill(target, signal.SIGTERM)
    time.sleep(_PATIENCE_SECONDS)
    os.kill(target, signal.SIGKILL)
