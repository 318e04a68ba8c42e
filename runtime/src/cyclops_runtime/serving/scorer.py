"""The scorer without HTTP: chooses a version for a request, lets it predict, counts, captures and copies."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from cyclops_runtime.logging import get_logger
from cyclops_runtime.serving import inference_v2, invocations
from cyclops_runtime.serving.batching import Batcher
from cyclops_runtime.serving.capture import Capture
from cyclops_runtime.serving.loaded_model import LoadedModel
from cyclops_runtime.serving.metrics import FAILED, OK, REJECTED, Metrics
from cyclops_runtime.serving.outputs import Outputs
from cyclops_runtime.serving.problems import Problem, no_model, not_found, prediction_failed
from cyclops_runtime.serving.query import Query
from cyclops_runtime.serving.routing import Routing
from cyclops_runtime.serving.shadow import Shadow

log = get_logger(__name__)

NO_VERSION = "none"
BOOTSTRAP_RETRY_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Protocol:
    """How requests of one protocol are read and answered. `decode` does not depend on the version, `parse` does."""

    decode: Callable[[bytes, str], Any]
    request_id: Callable[[Any], str | None]
    parse: Callable[[LoadedModel, Any], Query]
    answer: Callable[[str, LoadedModel, Query, Outputs], bytes]


INVOCATIONS = Protocol(
    decode=invocations.decode,
    request_id=lambda decoded: None,
    parse=lambda model, decoded: model.parse_invocations(decoded),
    answer=lambda name, model, query, outputs: invocations.answer(outputs),
)
INFERENCE_V2 = Protocol(
    decode=lambda body, content_type: inference_v2.decode(body),
    request_id=lambda decoded: decoded.get("id"),
    parse=lambda model, decoded: model.parse_v2(decoded),
    answer=lambda name, model, query, outputs: inference_v2.answer(outputs, name, model.version, query),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the client gets. `version` is None where no model answered."""

    status: int
    body: bytes
    version: str | None
    request_id: str
    retry_after: int | None = None


class Scorer:
    """One model's scorer. `routing` is replaced by the poller; everything else happens on the event loop's thread."""

    def __init__(self, model: str, role: str = "all", capture: Capture | None = None) -> None:
        self.model = model
        self.role = role
        self.routing = Routing()
        self.inflight = 0
        self.draining = False
        self.metrics = Metrics(model, self.served, lambda: self.inflight)
        self.capture = capture
        self.shadow = Shadow(self.metrics)
        self._next_number = itertools.count(1).__next__
        self._id_prefix = os.urandom(8).hex()
        self._last_trace: dict[str, float] = {}

    def served(self) -> list[tuple[str, str]]:
        """(version, role) of what is in memory."""
        routing = self.routing
        slots = (("champion", routing.champion), ("challenger", routing.challenger))
        return [(batcher.model.version, role) for role, batcher in slots if batcher is not None]

    async def predict(
        self,
        protocol: Protocol,
        body: bytes,
        content_type: str = "application/json",
        request_id: str | None = None,
        forced: str | None = None,
        version: str | None = None,
    ) -> Reply:
        """Answers one prediction request; never raises.

        `forced` is `champion` or `challenger`; `version` demands a version's number.
        """
        started = time.perf_counter()
        self.inflight += 1
        routing = self.routing
        answered_by: str | None = None
        rows = 0
        retry_after = None
        try:
            decoded = protocol.decode(body, content_type)
            request_id = request_id or protocol.request_id(decoded) or self.new_request_id()
            batcher = self._choose(routing, request_id, forced, version)
            answered_by = batcher.model.version
            if batcher is routing.challenger and batcher is not routing.champion:
                fallback = routing.champion if forced is None and version is None and not routing.canary_only else None
                batcher, query, outputs, content = await self._ask_challenger(protocol, decoded, batcher, fallback)
                answered_by = batcher.model.version
            else:
                query, outputs, content = await self._ask(protocol, decoded, batcher)
            status, rows = 200, query.rows
            if self.capture is not None and forced is None:  # a rollout's check is not traffic, and must not look like drift
                self.capture.offer(request_id, batcher.model, query, outputs)
            if routing.challenger is not None and forced is None and routing.copies(request_id):
                self._copy(protocol, decoded, routing.challenger)
        except Problem as problem:
            status, content, retry_after = problem.status, error_body(problem.message), problem.retry_after
        except Exception as error:
            problem = prediction_failed(error)
            status, content = problem.status, error_body(problem.message)
            self._trace(answered_by or NO_VERSION, error)
        finally:
            self.inflight -= 1
        self.metrics.count_request(answered_by or NO_VERSION, status, time.perf_counter() - started, rows)
        return Reply(status, content, answered_by, request_id or self.new_request_id(), retry_after)

    def new_request_id(self) -> str:
        """Unique in this process and, by its random prefix, among replicas."""
        return f"{self._id_prefix}-{self._next_number():x}"

    def _choose(self, routing: Routing, request_id: str, forced: str | None, version: str | None) -> Batcher:
        if version is not None:
            batcher = routing.of_version(version)
            if batcher is None:
                raise not_found(f'version "{version}" of model "{self.model}" is not loaded')
            return batcher
        batcher = routing.choose(request_id, forced)
        if batcher is None:
            raise no_model(self.model, BOOTSTRAP_RETRY_SECONDS)
        return batcher

    async def _ask(self, protocol: Protocol, decoded: Any, batcher: Batcher) -> tuple[Query, Outputs, bytes]:
        query = protocol.parse(batcher.model, decoded)
        outputs = await batcher.predict(query)
        return query, outputs, protocol.answer(self.model, batcher.model, query, outputs)

    async def _ask_challenger(
        self, protocol: Protocol, decoded: Any, challenger: Batcher, fallback: Batcher | None
    ) -> tuple[Batcher, Query, Outputs, bytes]:
        """The challenger's answer, else the fallback's.

        A request that both refuse was the client's fault. One that only the challenger refuses (say, it wants a new column) is a
        failure of the challenger.
        """
        version = challenger.model.version
        try:
            answer = await self._ask(protocol, decoded, challenger)
        except Problem as problem:
            if fallback is None:
                self.metrics.count_challenger(version, REJECTED if problem.status < 500 else FAILED)
                raise
            failure: Exception = problem
        except Exception as error:
            self._trace(version, error)
            if fallback is None:
                self.metrics.count_challenger(version, FAILED)
                raise
            failure = error
        else:
            self.metrics.count_challenger(version, OK)
            return challenger, *answer
        try:
            answer = await self._ask(protocol, decoded, fallback)
        except Problem:
            self.metrics.count_challenger(version, REJECTED if isinstance(failure, Problem) else FAILED)
            raise
        except Exception:
            self.metrics.count_challenger(version, FAILED)
            raise
        self.metrics.count_challenger(version, FAILED)
        return fallback, *answer

    def _copy(self, protocol: Protocol, decoded: Any, challenger: Batcher) -> None:
        version = challenger.model.version

        async def copy() -> None:
            try:
                await self._ask(protocol, decoded, challenger)
            except Exception as error:  # the champion has answered this request, so it was a good one
                self._trace(version, error)
                self.metrics.count_challenger(version, FAILED)
            else:
                self.metrics.count_challenger(version, OK)

        self.shadow.offer(version, copy)

    def _trace(self, version: str, error: BaseException) -> None:
        """Logs a failed prediction, at most one in ten seconds for each version: a broken model must not flood the log."""
        now = time.monotonic()
        if now - self._last_trace.get(version, -60.0) >= 10.0:
            self._last_trace[version] = now
            frame = error.__traceback__
            while frame is not None and frame.tb_next is not None:
                frame = frame.tb_next
            where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame is not None else "unknown"
            log.error(
                "prediction-failed",
                model=self.model,
                version=version,
                kind=type(error).__name__,
                reason=str(error)[:500],
                where=where,
            )


def error_body(message: str) -> bytes:
    """The body of every error answer."""
    return orjson.dumps({"error": message})
