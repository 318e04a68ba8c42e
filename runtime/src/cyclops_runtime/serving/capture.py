"""Keeps requests and predictions for monitoring, without ever making a request wait.

A request only appends to a bounded queue; one thread writes Parquet files every few seconds. What does not fit is dropped
and counted.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cyclops_runtime.logging import get_logger
from cyclops_runtime.prediction import as_text
from cyclops_runtime.serving.loaded_model import LoadedModel
from cyclops_runtime.serving.outputs import Outputs
from cyclops_runtime.serving.query import Query
from cyclops_runtime.serving.routing import selected

log = get_logger(__name__)

# Columns beside the features; the prefix keeps them apart from features of the same name.
PREFIX = "cyclops_"
REQUEST_ID, ROW, TIME, VERSION = f"{PREFIX}request_id", f"{PREFIX}row", f"{PREFIX}time", f"{PREFIX}version"


@dataclass(frozen=True, slots=True)
class Captured:
    """One answered request. `time` is in seconds since 1970."""

    request_id: str
    time: float
    version: str
    feature_names: tuple[str, ...]
    query: Query
    outputs: Outputs


class Capture:
    """Writes `write(path, frame)` below `prefix` (`predictions/<model>/capture`), from a thread of its own."""

    def __init__(
        self,
        prefix: str,
        write: Callable[[str, pd.DataFrame], None],
        on_dropped: Callable[[int], None],
        percent: float = 100.0,
        flush_seconds: float = 30.0,
        flush_rows: int = 10_000,
        max_rows: int = 50_000,
    ) -> None:
        self._prefix, self._write, self._on_dropped = prefix.rstrip("/"), write, on_dropped
        self._percent, self._flush_seconds, self._flush_rows, self._max_rows = percent, flush_seconds, flush_rows, max_rows
        self._host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()) or "host"
        self._queue: deque[Captured] = deque()
        self._rows = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = False
        self._last_number = 0
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self._thread.start()

    def offer(self, request_id: str, model: LoadedModel, query: Query, outputs: Outputs) -> None:
        """Keeps one answered request if it is among the captured share and there is room."""
        if self._percent < 100 and not selected(request_id, self._percent):
            return
        names = tuple(model.signature.names[i] for i in query.columns.layout) if query.columns is not None else ()
        with self._lock:
            if self._rows + query.rows > self._max_rows:
                self._on_dropped(query.rows)
                return
            self._queue.append(Captured(request_id, time.time(), model.version, names, query, outputs))
            self._rows += query.rows
            full = self._rows >= self._flush_rows
        if full:
            self._wake.set()

    def stop(self, timeout: float = 15.0) -> None:
        """Writes what is left and ends the thread; `timeout` in seconds."""
        self._stopping = True
        self._wake.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        while True:
            self._wake.wait(self._flush_seconds)
            self._wake.clear()
            stopping = self._stopping
            written = self._flush()
            if stopping:
                if not written:
                    log.error("capture-lost", rows=self._rows)
                return
            if not written:
                time.sleep(1)  # the store is down: no busy loop even when the queue is full

    def _flush(self) -> bool:
        """Writes everything queued; what cannot be written stays queued for the next time."""
        with self._lock:
            items, self._queue = self._queue, deque()
        groups: dict[tuple[str, str], list[Captured]] = defaultdict(list)
        for item in items:
            groups[time.strftime("dt=%Y-%m-%d/hh=%H", time.gmtime(item.time)), item.version].append(item)
        written, kept = 0, []
        for (partition, version), group in groups.items():
            path = f"{self._prefix}/{partition}/{self._host}-{self._next_number()}.parquet"
            try:
                self._write(path, to_frame(group))
            except Exception as error:  # any storage library's error; serving goes on
                log.warning("capture-not-written", path=path, version=version, reason=str(error)[:300])
                kept.extend(group)
            else:
                written += sum(item.query.rows for item in group)
        with self._lock:
            self._queue.extendleft(reversed(kept))
            self._rows -= written
        return not kept

    def _next_number(self) -> int:
        """Milliseconds since 1970, made to rise: a restarted scorer of the same host name overwrites nothing."""
        self._last_number = max(self._last_number + 1, int(time.time() * 1000))
        return self._last_number


def to_frame(items: Iterable[Captured]) -> pd.DataFrame:
    """One row for each predicted row: features, extra columns as text, and the columns with the prefix `cyclops_`."""
    frames = []
    for layout, group in _by_layout(items).items():
        columns: dict[str, object] = {}
        for i, name in enumerate(layout):
            columns[name] = _joined([item.query.columns.column(i) for item in group])
        if not layout and all(isinstance(item.query.raw, pd.DataFrame) for item in group):
            raw = pd.concat([item.query.raw for item in group], ignore_index=True)
            columns.update({str(name): raw[name] for name in raw.columns})
        extras = dict.fromkeys(name for item in group for name in item.query.extras)
        for name in extras:
            values = [v for item in group for v in item.query.extras.get(name, [None] * item.query.rows)]
            columns[name] = as_text(pd.Series(values, dtype=object))
        for i, name in enumerate(group[0].outputs.names):
            columns[PREFIX + name] = _joined([item.outputs.arrays[i] for item in group])
        columns[REQUEST_ID] = [item.request_id for item in group for _ in range(item.query.rows)]
        columns[ROW] = [row for item in group for row in range(item.query.rows)]
        times = np.repeat([item.time for item in group], [item.query.rows for item in group])
        columns[TIME] = pd.to_datetime((times * 1e6).astype("datetime64[us]").astype("datetime64[ns]"), utc=True)
        columns[VERSION] = [item.version for item in group for _ in range(item.query.rows)]
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def _by_layout(items: Iterable[Captured]) -> dict[tuple, list[Captured]]:
    groups: dict[tuple, list[Captured]] = defaultdict(list)
    for item in items:
        groups[item.feature_names].append(item)
    return groups


def _joined(arrays: list) -> object:
    """One column of several arrays; rows of a matrix become lists."""
    if arrays[0].ndim > 1:
        return [value for array in arrays for value in array.tolist()]
    kinds = {array.dtype.kind for array in arrays}
    if len(kinds) > 1 and not kinds <= set("iuf"):  # NumPy would make numbers of truth values, and text of numbers beside text
        return np.array([value for array in arrays for value in array.tolist()], dtype=object)
    return np.concatenate(arrays)
