"""Keeps requests and predictions for monitoring, without ever making a request wait.

A request only appends to a bounded queue, and every few dozens of rows one puts all that waits there into tables. One thread
joins what has come, and makes Parquet files of it every few seconds. What does not fit is dropped and counted. All of that still
takes a few microseconds a request, so of very many requests only a sample is kept.

Only the event loop's thread appends, which needs no lock. Both threads take from the queue, but have the lock until what they
took is in tables: every request gets there once, and in order.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from cyclops_runtime.logging import get_logger
from cyclops_runtime.serving.captured import Kind, Request, Table, by_kind, to_parquet
from cyclops_runtime.serving.loaded_model import LoadedModel
from cyclops_runtime.serving.outputs import Outputs
from cyclops_runtime.serving.query import Query
from cyclops_runtime.serving.rate import Rate
from cyclops_runtime.serving.routing import selected

log = get_logger(__name__)

# What a replica captures in a second at most: a hundredth of a busy core, and in a day more rows than any KPI needs.
REQUESTS_PER_SECOND = 1000
# Rows that wait until all are put into tables. Half as many make each cost a tenth more; these still fit into processors' caches.
GROUP = 64


def host_name() -> str:
    """Name of this replica's host, as it may be part of a file's name."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()) or "host"


class File(NamedTuple):
    """A Parquet file that is not written yet."""

    path: str
    content: bytes
    rows: int


class Capture:
    """Gives Parquet files below `prefix` (`predictions/<model>/capture`) to `write(path, content)`, from a thread of its own."""

    def __init__(
        self,
        prefix: str,
        write: Callable[[str, bytes], None],
        on_dropped: Callable[[int], None],
        percent: float = 100.0,
        requests_per_second: float = REQUESTS_PER_SECOND,
        flush_seconds: float = 30.0,
        flush_rows: int = 10_000,
        max_rows: int = 50_000,
    ) -> None:
        self._prefix, self._write, self._on_dropped = prefix.rstrip("/"), write, on_dropped
        self._percent, self._flush_seconds, self._flush_rows, self._max_rows = percent, flush_seconds, flush_rows, max_rows
        self._group = min(GROUP, flush_rows)
        self._rate = Rate(requests_per_second)
        self._host = host_name()
        self._offered: deque[Request] = deque()  # in no table yet
        self._tables: dict[Kind, Table] = {}
        self._files: deque[File] = deque()  # the writing thread's alone
        # Rows ever taken, put into tables, and done with: changed by the offering thread alone, by the one that has the lock, and
        # by the writing thread alone.
        self._taken = self._sorted = self._done = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = False
        self._last_number = 0
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self._thread.start()

    def offer(self, request_id: str, model: LoadedModel, query: Query, outputs: Outputs) -> None:
        """Keeps one answered request if it is among the captured share and there is room. Only one thread may call it."""
        if self._percent < 100 and not selected(request_id, self._percent):
            return
        now = time.time()
        if not self._rate.passes(now):
            return
        rows = query.rows
        taken = self._taken + rows
        if taken - self._done > self._max_rows:
            self._on_dropped(rows)
            return
        self._taken = taken
        self._offered.append((request_id, now, model.version, model.signature, query, outputs))
        if taken - self._sorted >= self._group:
            with self._lock:
                self._sort()
                due = self._rows >= self._flush_rows or any(table.parts for table in self._tables.values())
            if due and not self._wake.is_set():
                self._wake.set()

    @property
    def share(self) -> float:
        """Share of requests that is captured now, in [0, 1]."""
        return self._percent / 100 * self._rate.share

    def stop(self, timeout: float = 15.0) -> None:
        """Writes what is left and ends the thread; `timeout` in seconds."""
        self._stopping = True
        self._wake.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        due = time.monotonic() + self._flush_seconds
        while True:
            self._wake.wait(max(0.0, due - time.monotonic()))
            self._wake.clear()
            stopping = self._stopping
            if not stopping and self._rows < self._flush_rows and time.monotonic() < due:
                self._join()
                continue
            written = self._flush()
            due = time.monotonic() + self._flush_seconds
            if stopping:
                if not written:
                    log.error("capture-lost", rows=self._rows)
                return
            if not written:
                time.sleep(1)  # the store is down: no busy loop even when the queue is full

    @property
    def _rows(self) -> int:
        """Rows that are kept."""
        return self._taken - self._done

    def _sort(self) -> None:
        """Puts what was offered into tables. The caller has the lock."""
        offered = [self._offered.popleft() for _ in range(len(self._offered))]
        for kind, requests in by_kind(offered).items():
            table = self._tables.get(kind)
            if table is None:
                *_, signature, _, _ = requests[0]
                table = self._tables[kind] = Table(kind, signature.names if signature is not None else ())
            self._sorted += table.add(requests)

    def _join(self) -> None:
        """Does now what a file would need to wait for."""
        with self._lock:
            tables = list(self._tables.items())
        for kind, table in tables:
            try:
                table.join()
            except Exception as error:
                with self._lock:
                    del self._tables[kind]
                self._drop(table, error)

    def _flush(self) -> bool:
        """Writes everything queued; what cannot be written stays queued for the next time."""
        with self._lock:
            self._sort()
            tables, self._tables = self._tables, {}
        for kind in list(tables):
            self._make_file(tables.pop(kind))
        while self._files:
            file = self._files[0]
            try:
                self._write(file.path, file.content)
            except Exception as error:  # any storage library's error; serving goes on
                log.warning("capture-not-written", path=file.path, waiting=len(self._files), reason=str(error)[:300])
                return False
            self._files.popleft()
            self._done += file.rows
        return True

    def _make_file(self, table: Table) -> None:
        partition = time.strftime("dt=%Y-%m-%d/hh=%H", time.gmtime(table.kind.hour * 3600))
        path = f"{self._prefix}/{partition}/{self._host}-{self._next_number()}.parquet"
        try:
            content = to_parquet(table.to_arrow())
        except Exception as error:
            self._drop(table, error)
        else:
            self._files.append(File(path, content, table.rows))

    def _drop(self, table: Table, error: Exception) -> None:
        """Gives up values that no column can hold, say of a model that answers now a number, now a text."""
        log.error("capture-dropped", version=table.kind.version, rows=table.rows, reason=str(error)[:300])
        self._on_dropped(table.rows)
        self._done += table.rows

    def _next_number(self) -> int:
        """Milliseconds since 1970, made to rise: a restarted scorer of the same host name overwrites nothing."""
        self._last_number = max(self._last_number + 1, int(time.time() * 1000))
        return self._last_number
