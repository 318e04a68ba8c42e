"""Adaptive micro-batching: what waits while a prediction runs is joined into the next one.

An idle version predicts at once; nothing ever waits for company. One prediction of a version runs at a time, so models need not
be safe to call from several threads.

A short prediction runs on the event loop's own thread, joined with all requests that the loop read in the same turn: handing it
to another thread and back takes longer, above all where other processes want the cores. A long one runs in a worker thread, so
that the loop goes on reading, and answering probes.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from cyclops_runtime.serving.loaded_model import LoadedModel
from cyclops_runtime.serving.outputs import Outputs
from cyclops_runtime.serving.problems import Problem, overloaded
from cyclops_runtime.serving.query import Query
from cyclops_runtime.serving.sklearn_models import relax

MAX_WAITING_ROWS = 20_000
# How long the event loop may stand still for a prediction: about what handing it to a thread costs a busy machine.
SHORT_SECONDS = 0.002
SHORT_ROWS = 256
Answer = Outputs | BaseException
Batch = list[tuple[Query, asyncio.Future[Outputs]]]


class Workers:
    """A few threads that run predictions. Shared by all versions, so that releasing a version is only dropping it.

    A bare queue instead of an executor: handing a job over costs about 20 µs less, twice a request.
    """

    def __init__(self, threads: int = 4) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"predict-{i}", daemon=True) for i in range(threads)]
        for thread in self._threads:
            thread.start()

    def run(self, job: Callable[[], None]) -> None:
        """Has one of the threads call `job`, which must not raise."""
        self._jobs.put(job)

    def stop(self) -> None:
        """Ends the threads after the jobs already given."""
        for _ in self._threads:
            self._jobs.put(None)

    def _work(self) -> None:
        relaxed = False
        while True:
            job = self._jobs.get()
            if job is None:
                return
            relaxed = relaxed or relax()
            job()
            del job  # else an idle thread would keep the last version, and its files, alive


class Batcher:
    """Predicts with one version. All methods are called on the event loop's thread."""

    def __init__(self, model: LoadedModel, workers: Workers, loop: asyncio.AbstractEventLoop, max_rows: int = 512) -> None:
        self.model = model
        self._workers = workers
        self._loop = loop
        self._max_rows = max_rows
        self._running = False
        self._waiting: deque[tuple[Query, asyncio.Future[Outputs]]] = deque()
        self._waiting_rows = 0
        self._seconds: float | None = None  # what a prediction has lately taken; unknown at first

    def predict(self, query: Query) -> asyncio.Future[Outputs]:
        """Outputs of the query, or the Problem or error that the model raised for it alone.

        Raises a 503 when too many rows are waiting already.
        """
        future: asyncio.Future[Outputs] = self._loop.create_future()
        if not self._running and not self._is_short():
            self._running = True
            self._hand_over([(query, future)])
            return future
        if self._waiting_rows > MAX_WAITING_ROWS:
            raise overloaded()
        self._waiting.append((query, future))
        self._waiting_rows += query.rows
        if not self._running:
            self._running = True
            self._loop.call_soon(self._start_next)
        return future

    def _is_short(self) -> bool:
        return self.model.may_run_on_loop and self._seconds is not None and self._seconds < SHORT_SECONDS

    def _start_next(self) -> None:
        """Predicts what waits, here or in a worker's thread."""
        batch = self._take_batch()
        if not batch:
            self._running = False
        elif self._is_short() and sum(query.rows for query, _ in batch) <= SHORT_ROWS:
            answers, seconds = timed(self.model, batch)
            self._note(seconds)
            _answer(batch, answers)
            self._go_on()
        else:
            self._hand_over(batch)

    def _hand_over(self, batch: Batch) -> None:
        model, loop = self.model, self._loop

        def job() -> None:
            answers, seconds = timed(model, batch)
            try:
                loop.call_soon_threadsafe(self._finish, batch, answers, seconds)
            except RuntimeError:  # the loop is closed: nobody waits any more
                return

        self._workers.run(job)

    def _finish(self, batch: Batch, answers: Sequence[Answer], seconds: float) -> None:
        self._note(seconds)
        if self._waiting and not self._is_short():
            self._start_next()  # before the answers are written, so that both go on at the same time
            _answer(batch, answers)
        else:
            _answer(batch, answers)
            self._go_on()

    def _go_on(self) -> None:
        if self._waiting:
            self._loop.call_soon(self._start_next)
        else:
            self._running = False

    def _note(self, seconds: float) -> None:
        self._seconds = seconds if self._seconds is None else self._seconds + 0.1 * (seconds - self._seconds)

    def _take_batch(self) -> Batch:
        """The next queries that can be predicted together, in order of arrival."""
        batch: Batch = []
        rows = 0
        while self._waiting:
            query, future = self._waiting[0]
            if batch and (rows + query.rows > self._max_rows or not joinable(batch[0][0], query)):
                break
            self._waiting.popleft()
            self._waiting_rows -= query.rows
            if future.done():
                continue
            batch.append((query, future))
            rows += query.rows
        return batch


def joinable(first: Query, second: Query) -> bool:
    """Whether two queries can share one frame."""
    return first.columns is not None and second.columns is not None and first.columns.layout == second.columns.layout


def _answer(batch: Batch, answers: Sequence[Answer]) -> None:
    for (_, future), answer in zip(batch, answers, strict=True):
        if future.done():  # the client went away
            continue
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)


def timed(model: LoadedModel, batch: Batch) -> tuple[list[Answer], float]:
    """Answers to a batch, and the seconds of processor time that they took.

    Not by the clock: on a busy machine that says more about the neighbours than about the model.
    """
    started = time.thread_time()
    answers = predict_isolated(model, [query for query, _ in batch])
    return answers, time.thread_time() - started


def predict_isolated(model: LoadedModel, queries: Sequence[Query]) -> list[Answer]:
    """One answer for each query; a joint failure is repeated one by one, so that only the culprit gets an error."""
    if len(queries) > 1:
        try:
            return list(model.predict_joined(queries))
        except Exception:
            return [answer for query in queries for answer in predict_isolated(model, [query])]
    try:
        return [model.predict(queries[0])]
    except Problem as problem:
        return [problem]
    except Exception as error:
        return [error]
