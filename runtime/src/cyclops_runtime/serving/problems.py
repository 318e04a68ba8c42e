"""What a client is told when its request cannot be answered."""

from __future__ import annotations


class Problem(Exception):
    """A request that is answered with an error.

    `status` is the HTTP status; `message` is one sentence that names the field and the mend; `retry_after` is in seconds.
    """

    def __init__(self, status: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after = retry_after


def bad_request(message: str) -> Problem:
    """400: what the client sent is wrong."""
    return Problem(400, message)


def not_found(message: str) -> Problem:
    """404: no such model or version."""
    return Problem(404, message)


def too_large(limit_bytes: int) -> Problem:
    """413: the body is above the limit."""
    return Problem(413, f"the request is larger than {limit_bytes} bytes: send fewer rows at a time, or use batch inference")


def unsupported_media_type(content_type: str) -> Problem:
    """415: neither JSON nor CSV."""
    return Problem(415, f'content type "{content_type}" is not understood: send application/json or text/csv (UTF-8)')


def no_model(model: str, retry_after: int) -> Problem:
    """503: nothing was trained and deployed yet (bootstrap)."""
    return Problem(503, f'no model yet: "{model}" has no champion in the registry; run its training pipeline', retry_after)


def overloaded(retry_after: int = 1) -> Problem:
    """503: too much is waiting already."""
    return Problem(503, "too many requests are waiting for a prediction: try again, or add replicas", retry_after)


def prediction_failed(error: BaseException) -> Problem:
    """The model itself failed. The log has the traceback; the client is told only the kind and the first line."""
    lines = str(error).strip().splitlines()
    first_line = lines[0][:200] if lines else ""
    return Problem(500, f"the model could not predict: {type(error).__name__}: {first_line}")
