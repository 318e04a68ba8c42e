"""The scorer's HTTP interface. Predictions are raw ASGI, everything else is plain Starlette."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cyclops_runtime import __version__
from cyclops_runtime.serving.metrics import CONTENT_TYPE, Metrics
from cyclops_runtime.serving.poller import Poller
from cyclops_runtime.serving.problems import too_large
from cyclops_runtime.serving.scorer import (
    BOOTSTRAP_RETRY_SECONDS,
    INFERENCE_V2,
    INVOCATIONS,
    NO_VERSION,
    Protocol,
    Reply,
    Scorer,
    error_body,
)

MAX_BODY_BYTES = 8 * 1024 * 1024
# A client that is refused while it still sends may never read the answer, so this much more is read and thrown away.
MAX_DISCARDED_BYTES = 64 * 1024 * 1024
_SAFE_HEADER = re.compile(r"^[\x20-\x7e]{1,200}$")
_JSON = (b"content-type", b"application/json")

Receive = Callable[[], Awaitable[dict]]
Send = Callable[[dict], Awaitable[None]]


class Predictions:
    """ASGI endpoint of one protocol. `pinned` demands the model's name (and a version) in the path."""

    def __init__(self, scorer: Scorer, protocol: Protocol, pinned: bool) -> None:
        self._scorer, self._protocol, self._pinned = scorer, protocol, pinned

    async def __call__(self, scope: dict, receive: Receive, send: Send) -> None:
        """Reads the request within its limits and answers it."""
        scorer = self._scorer
        content_type, request_id, forced, length = "application/json", None, None, 0
        for name, value in scope["headers"]:
            if name == b"content-type":
                content_type = value.decode("latin-1")
            elif name == b"x-request-id":
                request_id = value.decode("latin-1") or None
            elif name == b"x-cyclops-version":
                forced = value.decode("latin-1").strip().lower()
            elif name == b"content-length":
                length = int(value) if value.isdigit() else 0
        if self._pinned and scope["path_params"]["name"] != scorer.model:
            message = f'no model "{scope["path_params"]["name"]}": this scorer serves "{scorer.model}"'
            await self._refuse(receive, send, 404, message, request_id)
            return
        if forced not in (None, "champion", "challenger"):
            await self._refuse(receive, send, 400, 'header "x-cyclops-version" must be champion or challenger', request_id)
            return
        if length > MAX_BODY_BYTES:
            await self._refuse(receive, send, 413, too_large(MAX_BODY_BYTES).message, request_id)
            return
        message = await receive()
        body = message.get("body", b"")
        if message.get("more_body", False):
            parts, size = [body], len(body)
            while message.get("more_body", False):
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > MAX_BODY_BYTES:
                    more = message.get("more_body", False)
                    await self._refuse(receive, send, 413, too_large(MAX_BODY_BYTES).message, request_id, more)
                    return
            body = b"".join(parts)
        version = scope["path_params"].get("version") if self._pinned else None
        await _send_reply(
            send, await scorer.predict(self._protocol, body, content_type, request_id, forced, version), scorer.draining
        )

    async def _refuse(
        self, receive: Receive, send: Send, status: int, message: str, request_id: str | None, more: bool = True
    ) -> None:
        """Answers without looking at the body, and closes the connection when more of it is still on its way."""
        discarded = 0
        while more and discarded < MAX_DISCARDED_BYTES:
            part = await receive()
            if part["type"] == "http.disconnect":
                return
            discarded += len(part.get("body", b""))
            more = part.get("more_body", False)
        self._scorer.metrics.count_request(NO_VERSION, status, 0.0, 0)
        reply = Reply(status, error_body(message), None, request_id or self._scorer.new_request_id())
        await _send_reply(send, reply, close=more or self._scorer.draining)


async def _send_reply(send: Send, reply: Reply, close: bool) -> None:
    headers = [_JSON, (b"content-length", str(len(reply.body)).encode())]
    if _SAFE_HEADER.match(reply.request_id):
        headers.append((b"x-request-id", reply.request_id.encode()))
    if reply.version is not None:
        headers.append((b"x-cyclops-model-version", reply.version.encode()))
    if reply.retry_after is not None:
        headers.append((b"retry-after", str(reply.retry_after).encode()))
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


def make_application(scorer: Scorer, poller: Poller, lifespan: Callable[[Any], Any] | None = None) -> Starlette:
    """The ASGI application of one scorer."""
    infer = Predictions(scorer, INFERENCE_V2, pinned=True)
    pages = _Pages(scorer, poller)
    return Starlette(
        lifespan=lifespan,
        exception_handlers={HTTPException: _http_error},
        routes=[
            Route("/invocations", Predictions(scorer, INVOCATIONS, pinned=False), methods=["POST"]),
            Route("/v2/models/{name}/infer", infer, methods=["POST"]),
            Route("/v2/models/{name}/versions/{version}/infer", infer, methods=["POST"]),
            Route("/healthz", pages.live),
            Route("/readyz", pages.ready),
            # SageMaker sends no request to a replica before this is fine.
            Route("/ping", pages.ready),
            Route("/status", pages.status),
            Route("/metrics", pages.metrics),
            Route("/v2", pages.server_metadata),
            Route("/v2/health/live", pages.live),
            Route("/v2/health/ready", pages.ready),
            Route("/v2/models/{name}", pages.model_metadata),
            Route("/v2/models/{name}/ready", pages.model_ready),
            Route("/v2/models/{name}/versions/{version}", pages.model_metadata),
            Route("/v2/models/{name}/versions/{version}/ready", pages.model_ready),
        ],
    )


class _Pages:
    """Everything that is not a prediction."""

    def __init__(self, scorer: Scorer, poller: Poller) -> None:
        self._scorer, self._poller = scorer, poller

    async def live(self, request: Request) -> Response:
        return _json({"live": True})

    async def ready(self, request: Request) -> Response:
        ready = self._poller.ready and not self._scorer.draining
        return _json({"ready": ready}, 200 if ready else 503)

    async def status(self, request: Request) -> Response:
        return _json(self._poller.status())

    async def metrics(self, request: Request) -> Response:
        metrics: Metrics = self._scorer.metrics
        return Response(metrics.render(), headers={"content-type": CONTENT_TYPE})

    async def server_metadata(self, request: Request) -> Response:
        return _json({"name": "cyclops-runtime", "version": __version__, "extensions": []})

    async def model_metadata(self, request: Request) -> Response:
        batcher = self._served(request)
        versions = list(dict.fromkeys(version for version, _ in self._scorer.served()))
        model = batcher.model
        return _json(
            {
                "name": self._scorer.model,
                "versions": versions,
                "platform": "mlflow",
                "inputs": model.input_metadata(),
                "outputs": model.output_metadata(),
            }
        )

    async def model_ready(self, request: Request) -> Response:
        self._served(request)
        return _json({"name": self._scorer.model, "ready": True})

    def _served(self, request: Request) -> Any:
        name, version = request.path_params["name"], request.path_params.get("version")
        if name != self._scorer.model:
            raise HTTPException(404, f'no model "{name}": this scorer serves "{self._scorer.model}"')
        routing = self._scorer.routing
        batcher = routing.of_version(version) if version is not None else routing.champion or routing.challenger
        if batcher is None and version is not None:
            raise HTTPException(404, f'version "{version}" of model "{name}" is not loaded')
        if batcher is None:
            raise HTTPException(
                503, f'no model yet: "{name}" has no champion in the registry', {"retry-after": str(BOOTSTRAP_RETRY_SECONDS)}
            )
        return batcher


async def _http_error(request: Request, error: HTTPException) -> Response:
    return Response(
        orjson.dumps({"error": error.detail}),
        error.status_code,
        {"content-type": "application/json", **(error.headers or {})},
    )


def _json(document: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, {"content-type": "application/json"})
