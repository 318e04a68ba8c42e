"""Which failures may pass by themselves, so that the same command may work when it is started again a little later.

Judged by class, status and code of what the libraries raise, never by their prose, except where a library gives nothing else.
Classes are known by name: whoever asks has imported the library that raised, and no other need be imported for the question.
"""

from __future__ import annotations

import asyncio
import errno
import http.client
import socket
import ssl
from collections.abc import Iterator
from typing import Any

# EX_TEMPFAIL of sysexits.h: "temporary failure; user is invited to retry". No shell and no signal uses it.
MAY_PASS = 75
# Ends of a command that another attempt would only repeat: wrong input, wrong command line, refused, rolled back.
FINAL = (1, 2, 3, 4)

_ERRNOS = frozenset(
    getattr(errno, name)
    for name in ("ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENETDOWN")
)
_TIMED_OUT, _TOO_MANY, _NOT_IMPLEMENTED, _VERSION = 408, 429, 501, 505
# Codes that botocore itself repeats (retries/standard.py), and the two of services that had a fault of their own.
AWS_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "InternalError",
        "InternalFailure",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
# Connections that could not be made or broke, and answers that did not come or ended early. Their subclasses are meant, too.
_CLASSES = frozenset(
    {
        "aiohttp.client_exceptions.ClientConnectionError",
        "aiohttp.client_exceptions.ClientPayloadError",
        "azure.core.exceptions.ServiceRequestError",
        "azure.core.exceptions.ServiceResponseError",
        "botocore.exceptions.ConnectionError",
        "botocore.exceptions.HTTPClientError",
        "botocore.exceptions.IncompleteReadError",
        "botocore.parsers.ResponseParserError",
        "google.auth.exceptions.TransportError",
        "httpx.NetworkError",
        "httpx.ProxyError",
        "httpx.RemoteProtocolError",
        "httpx.TimeoutException",
        "requests.exceptions.ChunkedEncodingError",
        "requests.exceptions.ConnectionError",
        "requests.exceptions.RetryError",
        "requests.exceptions.Timeout",
        "sqlalchemy.exc.TimeoutError",
        "urllib3.exceptions.NewConnectionError",
        "urllib3.exceptions.ProtocolError",
        "urllib3.exceptions.ProxyError",
        "urllib3.exceptions.TimeoutError",
    }
)
_MLFLOW, _MLFLOW_ANSWER = "mlflow.exceptions.MlflowException", "mlflow.exceptions.RestException"
_MLFLOW_CODES = frozenset({"DEADLINE_EXCEEDED", "REQUEST_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED", "TEMPORARILY_UNAVAILABLE"})
# Classes 08 (connection), 40 (serialization failure, deadlock) and 53 (too many connections), a server that stops or starts, and
# a lock that was not to be had. https://www.postgresql.org/docs/current/errcodes-appendix.html
_SQL_CLASSES, _SQL_STATES = ("08", "40", "53"), ("57P01", "57P02", "57P03", "55P03")
# A connection that PostgreSQL refuses has no SQLSTATE in psycopg2: of its reasons these stay.
_REFUSED_FOR_GOOD = (
    "authentication failed",
    "does not exist",
    "no pg_hba.conf entry",
    "no password supplied",
    "permission denied",
)
_DRIVERS = ("psycopg2.", "psycopg.")


def may_pass(error: BaseException) -> bool:
    """Whether the failure, or one that it came from, is of a kind that passes: network, overload, a server's fault, a deadlock.

    What it came from is what Python would show: `raise … from None` says that there is nothing more to it.
    """
    links = list(_chain(error))
    # A wrong certificate looks like a lost connection, and stays wrong.
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in links):
        return False
    return any(_passes(link) for link in links)


def exit_code_of(error: Exception) -> int:
    """Exit code for a failure. A refusal or a rollback stays what it is, whatever it came from."""
    code = getattr(error, "exit_code", 1)
    return MAY_PASS if code == 1 and may_pass(error) else code


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The failure, what it came from, and what libraries carry inside of theirs; each once."""
    waiting, seen = [error], set()
    while waiting:
        link = waiting.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        origin = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
        # `reason` of urllib and urllib3, `orig` of SQLAlchemy, the members of a group, and the argument of httpcore's.
        inner = [
            getattr(link, "reason", None),
            getattr(link, "orig", None),
            *(getattr(link, "exceptions", None) or ()),
            *link.args,
        ]
        waiting += [other for other in (origin, *inner) if isinstance(other, BaseException)]


def _passes(error: BaseException) -> bool:
    if isinstance(error, (ConnectionError, TimeoutError, asyncio.TimeoutError, socket.gaierror, http.client.IncompleteRead)):
        return True
    if isinstance(error, OSError) and error.errno in _ERRNOS:
        return True
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    if _MLFLOW in names:
        return _mlflow_passes(error, names)
    status, code = _answer(error)
    if status is not None or code is not None:
        return _status_passes(status) or code in AWS_CODES
    return bool(names & _CLASSES) or _database_passes(error, names)


def _status_passes(status: int | None) -> bool:
    if status is None:
        return False
    return status in (_TIMED_OUT, _TOO_MANY) or (500 <= status < 600 and status not in (_NOT_IMPLEMENTED, _VERSION))


def _answer(error: BaseException) -> tuple[int | None, str | None]:
    """HTTP status and AWS' code of the answer that the failure tells of: both None where it tells of none."""
    response: Any = getattr(error, "response", None)
    if isinstance(response, dict):  # botocore
        return response.get("ResponseMetadata", {}).get("HTTPStatusCode"), response.get("Error", {}).get("Code")
    places = ((response, "status_code"), (error, "status_code"), (error, "status"), (error, "code"))
    found = (getattr(holder, name, None) for holder, name in places)  # one after the other: the last ones may be deprecated
    return next((int(value) for value in found if isinstance(value, int) and 100 <= value < 600), None), None


def _mlflow_passes(error: Any, names: set[str]) -> bool:
    if error.error_code in _MLFLOW_CODES:
        return True
    # INTERNAL_ERROR is also what MLflow's own code raises here for no special reason.
    answered = _MLFLOW_ANSWER in names or "failed with error code" in str(error)
    return answered and error.error_code == "INTERNAL_ERROR"


def _database_passes(error: Any, names: set[str]) -> bool:
    state = getattr(error, "pgcode", None) or getattr(error, "sqlstate", None)
    if state:
        return state.startswith(_SQL_CLASSES) or state in _SQL_STATES
    if "sqlite3.OperationalError" in names:
        return any(word in str(error) for word in ("database is locked", "database table is locked"))
    if any(name.startswith(_DRIVERS) and name.endswith(".OperationalError") for name in names):
        return not any(reason in str(error) for reason in _REFUSED_FOR_GOOD)
    if "sqlalchemy.exc.DBAPIError" in names:
        # Judged by the driver's failure where that is one of the above; SQLAlchemy itself knows lost connections of all of them.
        known = type(error.orig).__module__.split(".")[0] in ("psycopg2", "psycopg", "sqlite3")
        return error.connection_invalidated or (not known and "sqlalchemy.exc.OperationalError" in names)
    return False
