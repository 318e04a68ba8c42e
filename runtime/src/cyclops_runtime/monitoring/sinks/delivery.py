"""How a sink is reached: a few attempts with growing pauses, and one sentence where none of them worked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from cyclops_runtime.errors import InputError, RuntimeFailure
from cyclops_runtime.logging import get_logger, redact

log = get_logger(__name__)

T = TypeVar("T")
# Takes a report; RuntimeFailure where it could not be sent.
Send = Callable[[Mapping[str, Any]], None]

# Pauses before the second and later attempts. The monitor runs at most every few minutes: longer outages are the next run's.
PAUSES_SECONDS: tuple[float, ...] = (1.0, 2.0, 4.0)


class Unavailable(Exception):
    """The other side did not answer, or asked to come back later."""


def deliver(what: str, attempt: Callable[[], None]) -> None:
    """Calls `attempt` until it does not raise Unavailable; RuntimeFailure after the last pause."""
    for pause in (*PAUSES_SECONDS, None):
        try:
            return attempt()
        except Unavailable as error:
            reason = redact(" ".join(str(error).split()))[:300]
            if pause is None:
                raise refused(what, f"{reason} ({len(PAUSES_SECONDS) + 1} attempts)") from error
            log.info("sink-unavailable", sink=what, pause_seconds=pause, reason=reason)
            time.sleep(pause)


def refused(what: str, reason: str) -> RuntimeFailure:
    """The failure of a sink that did not take the KPIs."""
    return RuntimeFailure(f"{what} did not take the KPIs: {reason}")


def missing_library(kind: str, extra: str, error: ImportError) -> InputError:
    """The failure of a sink whose optional library is not installed."""
    return InputError(
        f"CYCLOPS_METRIC_SINK: {kind} needs {error.name}: install cyclops-runtime[{extra}], or use the runtime's image"
    )


def check_url(address: str) -> str:
    """The address without its last slash; ValueError unless it is http or https with a host."""
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("the address must start with http:// or https:// and name a host")
    return address.rstrip("/")


def in_batches(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The values in pieces of at most `size`."""
    return (values[start : start + size] for start in range(0, len(values), size))
