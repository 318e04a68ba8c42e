"""Writes down how long a replica runs and how many rows it predicts, so that what serving has cost outlives the process.

One file for each process and hour, `<prefix>/dt=YYYY-MM-DD/hh=HH/<host>-<process>.jsonl`, written anew every few seconds: a line
of JSON a minute, `{"at": start of the minute in seconds since 1970, "seconds": …, "predictions": …}`. Who adds up all lines knows
how many replicas there were over time. With a process that is killed the seconds since the last write are lost.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable

from cyclops_runtime.logging import get_logger
from cyclops_runtime.serving.capture import host_name

log = get_logger(__name__)

# Of hours that could not be written so many are kept.
_HOURS = 48


class Usage:
    """Counts from now on. `predictions()` answers the rows predicted so far, and `write(path, content)` keeps a file."""

    def __init__(
        self, prefix: str, write: Callable[[str, bytes], None], predictions: Callable[[], float], interval: float = 30.0
    ) -> None:
        self._prefix, self._write, self._predictions, self._interval = prefix.rstrip("/"), write, predictions, interval
        # Of two processes of one host name none may overwrite the other's files.
        self._process = f"{host_name()}-{int(time.time() * 1000)}-{os.urandom(4).hex()}"
        self._hours: dict[int, dict[int, list[float]]] = {}
        self._last, self._last_predictions = time.monotonic(), predictions()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="usage", daemon=True)

    def start(self) -> None:
        """Begins to write by itself."""
        self._thread.start()

    def stop(self) -> None:
        """Writes what is left, and nothing more after that."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(15.0)
        self.write()

    def write(self) -> None:
        """Brings the files up to date. Never fails: what could not be written is written the next time."""
        with self._lock:
            self._count()
            now = int(time.time() // 3600)
            for hour in sorted(self._hours):
                path = f"{self._prefix}/{time.strftime('dt=%Y-%m-%d/hh=%H', time.gmtime(hour * 3600))}/{self._process}.jsonl"
                try:
                    self._write(path, _lines(self._hours[hour]))
                except Exception as error:  # any storage library's error; serving goes on
                    log.warning("usage-not-written", path=path, reason=str(error)[:300])
                    break
                if hour < now:
                    del self._hours[hour]
            while len(self._hours) > _HOURS:
                del self._hours[min(self._hours)]

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            self.write()

    def _count(self) -> None:
        minute, clock, predictions = int(time.time() // 60), time.monotonic(), self._predictions()
        line = self._hours.setdefault(minute // 60, {}).setdefault(minute * 60, [0.0, 0.0])
        line[0] += clock - self._last
        line[1] += predictions - self._last_predictions
        self._last, self._last_predictions = clock, predictions


def _lines(minutes: dict[int, list[float]]) -> bytes:
    lines = [{"at": at, "seconds": round(seconds, 3), "predictions": rows} for at, (seconds, rows) in sorted(minutes.items())]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)
