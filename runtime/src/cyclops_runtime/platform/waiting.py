"""Waits for a service that a platform command needs and that starts at the same time, and for the end."""

import signal
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from cyclops_runtime.errors import RuntimeFailure
from cyclops_runtime.logging import get_logger, redact

log = get_logger(__name__)

T = TypeVar("T")


def until_signal() -> threading.Event:
    """An event that is set when Kubernetes, or a person, asks the process to end."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def wait_for(
    what: str,
    attempt: Callable[[], T],
    retry_on: tuple[type[Exception], ...],
    limit_seconds: float = 120.0,
    pause_seconds: float = 3.0,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> T:
    """The first answer of `attempt` that does not raise one of `retry_on`; RuntimeFailure after `limit_seconds`."""
    start = clock()
    while True:
        try:
            return attempt()
        except retry_on as error:
            waited = clock() - start
            reason = redact(" ".join(str(error).split()))[:200]
            if waited + pause_seconds > limit_seconds:
                raise RuntimeFailure(f"{what} does not answer after {waited:.0f} seconds: {reason}") from error
            log.info("waiting", what=what, seconds=round(waited), reason=reason)
            sleep(pause_seconds)
