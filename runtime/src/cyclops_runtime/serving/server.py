"""`cyclops-runtime serve`: wires the scorer together and runs it until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import prometheus_client
import uvicorn

from cyclops_runtime.document import ScorerDocument
from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger
from cyclops_runtime.serving.application import make_application
from cyclops_runtime.serving.batching import Batcher, Workers
from cyclops_runtime.serving.capture import REQUESTS_PER_SECOND, Capture
from cyclops_runtime.serving.pinned import PinnedVersion
from cyclops_runtime.serving.poller import Aliases, Poller
from cyclops_runtime.serving.scorer import Scorer
from cyclops_runtime.serving.sklearn_models import relax
from cyclops_runtime.serving.usage import Usage
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import Registry

log = get_logger(__name__)

ROLES = ("all", "stable", "canary")
# Between SIGTERM and the end: load balancers go on sending until they have seen that the replica is not ready any more.
DRAIN_SECONDS = 5.0
FINISH_SECONDS = 30


@dataclass(frozen=True)
class Settings:
    """What the environment says about a scorer. Times in seconds."""

    role: str = "all"
    refresh_seconds: float = 5.0
    drain_seconds: float = DRAIN_SECONDS
    capture_seconds: float = 30.0
    capture_requests: float = REQUESTS_PER_SECOND
    max_batch_rows: int = 512

    @classmethod
    def from_environment(cls) -> Settings:
        """Reads the variables CYCLOPS_SCORER_ROLE, CYCLOPS_{REFRESH,DRAIN,CAPTURE}_SECONDS, CYCLOPS_CAPTURE_REQUESTS and
        CYCLOPS_MAX_BATCH_ROWS.
        """
        role = os.environ.get("CYCLOPS_SCORER_ROLE") or "all"
        if role not in ROLES:
            raise InputError(f"CYCLOPS_SCORER_ROLE is {role!r}: use one of {', '.join(ROLES)}")
        return cls(
            role,
            _positive("CYCLOPS_REFRESH_SECONDS", 5.0),
            _positive("CYCLOPS_DRAIN_SECONDS", DRAIN_SECONDS, allow_zero=True),
            _positive("CYCLOPS_CAPTURE_SECONDS", 30.0),
            _positive("CYCLOPS_CAPTURE_REQUESTS", REQUESTS_PER_SECOND),
            int(_positive("CYCLOPS_MAX_BATCH_ROWS", 512)),
        )


def run(document: ScorerDocument, host: str, port: int) -> None:
    """Serves predictions until SIGTERM or SIGINT; then drains and returns."""
    settings = Settings.from_environment()
    # A registry that is down must be noticed within seconds, not after MLflow's minutes of repeating.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "15")
    # One row is never worth waking a team of OpenMP threads, which on two cores costs more than the prediction itself.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # Long predictions, and the writing of what was captured, run in threads beside the event loop; Python's default turn of 5 ms
    # would be many times a short request's own time.
    sys.setswitchinterval(0.0002)
    # A request leaves no cycles behind. By Python's default of 700 objects the collector looks for some every few hundred
    # requests, and every few thousand among all that is captured or waits: an eighth fewer requests per second.
    gc.set_threshold(50_000, 20, 100)
    prometheus_client.disable_created_metrics()  # twice the series for times that nobody reads
    # SageMaker starts the replicas of each version: they follow no alias.
    registry: Aliases = PinnedVersion.from_environment() if document.target == "aws" else Registry(document)
    service = Service(document, registry, settings)
    server = _DrainingServer(
        uvicorn.Config(
            service.application,
            host=host,
            port=port,
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_keep_alive=75,
            backlog=2048,
            lifespan="on",
            ws="none",
            timeout_graceful_shutdown=FINISH_SECONDS,
        ),
        service,
        settings.drain_seconds,
    )
    log.info("serve", model=document.model, host=host, port=port, role=settings.role)
    try:
        server.run()
    except SystemExit:  # uvicorn's answer to an address that cannot be had
        raise InputError(f"cannot listen at {host}:{port}: another process may use that port") from None
    log.info("stopped", model=document.model)


class Service:
    """A scorer with its poller, capture and record of use; they start and stop with the ASGI application."""

    def __init__(self, document: ScorerDocument, registry: Aliases, settings: Settings) -> None:
        self._settings = settings
        self._workers = Workers()
        self.scorer = Scorer(document.model, settings.role)
        percent, store, metrics = document.capture.percent, ZoneStore(document), self.scorer.metrics
        self.usage: Usage | None = None
        if document.monitored:
            folder = f"predictions/{document.model}/usage"
            self.usage = Usage(folder, store.write_bytes, metrics.predictions, settings.capture_seconds)
        if percent > 0:
            capture = self.scorer.capture = Capture(
                f"predictions/{document.model}/capture",
                self._writer(store),
                metrics.capture_dropped.inc,
                percent,
                settings.capture_requests,
                settings.capture_seconds,
            )
            metrics.capture_share.set_function(lambda: capture.share)
        self._registry = registry
        self._extras = tuple(document.capture.columns)
        self.poller = Poller(
            self.scorer,
            registry,
            self._make_batcher,
            settings.refresh_seconds,
            self._extras,
            os.environ.get("CYCLOPS_CACHE_DIR") or None,
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self.application = make_application(self.scorer, self.poller, self._lifespan)

    def _writer(self, store: ZoneStore) -> Callable[[str, bytes], None]:
        """Writes captured requests. Whoever finds them in the zone finds them counted there, too."""

        def write(path: str, content: bytes) -> None:
            if self.usage is not None:
                self.usage.write()
            store.write_bytes(path, content)

        return write

    @asynccontextmanager
    async def _lifespan(self, application: Any) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        self.poller.start()
        if self.usage is not None:
            self.usage.start()
        try:
            yield
        finally:
            self.poller.stop()
            self.scorer.shadow.stop()
            if self.scorer.capture is not None:
                await asyncio.to_thread(self.scorer.capture.stop)
            if self.usage is not None:
                await asyncio.to_thread(self.usage.stop)
            self._workers.stop()

    def _make_batcher(self, model: Any) -> Batcher:
        if model.may_run_on_loop:
            self._loop.call_soon_threadsafe(relax)
        return Batcher(model, self._workers, self._loop, self._settings.max_batch_rows)


class _DrainingServer(uvicorn.Server):
    """On SIGTERM says that it is not ready, goes on answering for a while, then finishes what is under way and exits with 0."""

    def __init__(self, config: uvicorn.Config, service: Service, drain_seconds: float) -> None:
        super().__init__(config)
        self._service, self._drain_seconds = service, drain_seconds
        self._exit_at: float | None = None

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Called by the signal. Unlike uvicorn's own, does not raise the signal again at the end: draining is a success."""
        again = self._service.scorer.draining
        self._service.scorer.draining = True
        if sig == signal.SIGTERM and not again and self._drain_seconds > 0:
            self._exit_at = time.monotonic() + self._drain_seconds
        else:
            self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second by uvicorn."""
        if self._exit_at is not None and time.monotonic() >= self._exit_at:
            self.should_exit = True
        return await super().on_tick(counter)


def _positive(name: str, default: float, allow_zero: bool = False) -> float:
    text = os.environ.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not (value > 0 or (allow_zero and value == 0)):
        raise InputError(f"{name} is {text!r}: write a number above 0")
    return value
