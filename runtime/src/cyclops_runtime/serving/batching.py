"""Adaptive micro-batching: what waits while a prediction runs is joined into the next one.

An idle version predicts at once; nothing ever waits for company. One prediction of a version runs at a time, so models need not
be safe to call from several threads.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence

from cyclops_runtime.serving.loaded_model import LoadedModel
from cyclops_runtime.serving.outputs import Outputs
from cyclops_runtime.serving.problems import Problem, overloaded
from cyclops_runtime.serving.query import Query

MAX_WAITING_ROWS = 20_000
Answer = Outputs | BaseException


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
        _relax_sklearn()
        while True:
            job = self._jobs.get()
            if job is None:
                return
            job()
            del job  # else an idle thread would keep the last version, and its files, alive


def _relax_sklearn() -> None:
    """A fitted estimator's hyper-parameters were validated when it was fitted; sklearn's settings are per thread."""
    try:
        import sklearn

        sklearn.set_config(skip_parameter_validation=True)
    except (ImportError, TypeError):
        return


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

    def predict(self, query: Query) -> asyncio.Future[Outputs]:
        """Outputs of the query, or the Problem or error that the model raised for it alone.

        Raises a 503 when too many rows are waiting already.
        """
        future: asyncio.Future[Outputs] = self._loop.create_future()
        if not self._running:
            self._running = True
            self._start([(query, future)])
            return future
        if self._waiting_rows > MAX_WAITING_ROWS:
            raise overloaded()
        self._waiting.append((query, future))
        self._waiting_rows += query.rows
        return future

    def _start(self, batch: Sequence[tuple[Query, asyncio.Future[Outputs]]]) -> None:
        model, loop = self.model, self._loop

        def job() -> None:
            answers = predict_isolated(model, [query for query, _ in batch])
            try:
                loop.call_soon_threadsafe(self._finish, batch, answers)
            except RuntimeError:  # the loop is closed: nobody waits any more
                return

        self._workers.run(job)

    def _finish(self, batch: Sequence[tuple[Query, asyncio.Future[Outputs]]], answers: Sequence[Answer]) -> None:
        following = self._take_batch()
        if following:
            self._start(following)  # before the answers are written, so that both go on at the same time
        else:
            self._running = False
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():  # the client went away
                continue
            if isinstance(answer, BaseException):
                future.set_exception(answer)
            else:
                future.set_result(answer)

    def _take_batch(self) -> list[tuple[Query, asyncio.Future[Outputs]]]:
        """The next queries that can be predicted together, in order of arrival."""
        batch: list[tuple[Query, asyncio.Future[Outputs]]] = []
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
