"""Copies of requests for a shadowed challenger: in the background, bounded, never seen by clients."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from cyclops_runtime.serving.metrics import DROPPED, Metrics

CAPACITY = 256
AT_ONCE = 16


class Shadow:
    """Runs copies handed over with `offer`, at most sixteen at a time so that they can be joined into batches."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._queue: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue(CAPACITY)
        self._tasks: list[asyncio.Task[None]] = []

    def offer(self, version: str, copy: Callable[[], Awaitable[None]]) -> None:
        """Runs `copy`, which must not raise, some time later; counts it as dropped when too many wait."""
        if not self._tasks:
            self._tasks = [asyncio.get_running_loop().create_task(self._work()) for _ in range(AT_ONCE)]
        try:
            self._queue.put_nowait(copy)
        except asyncio.QueueFull:
            self._metrics.count_challenger(version, DROPPED)

    def stop(self) -> None:
        """Forgets what waits."""
        for task in self._tasks:
            task.cancel()

    async def _work(self) -> None:
        while True:
            copy = await self._queue.get()
            await copy()
            del copy  # else an idle task would keep a released version alive
