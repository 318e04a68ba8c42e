"""Whether a server answers: by HTTP, or in PostgreSQL's own protocol. No probe logs in, and none changes anything."""

from __future__ import annotations

import socket
import struct
from urllib.parse import urlsplit

import httpx

from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger

log = get_logger(__name__)

TIMEOUT_SECONDS = 5.0
_SCHEMES = ("http", "https", "postgresql")
_POSTGRES_PORT = 5432
# "SSLRequest": a client's first question, which the server answers with one byte before anybody logs in.
# https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST
_SSL_REQUEST = struct.pack("!II", 8, 80_877_103)


def check_address(address: str) -> None:
    """Errors: InputError for what no probe can be made of."""
    parts = urlsplit(address)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise InputError(
            f"--server address {address!r}: give one that begins with {', '.join(f'{each}://' for each in _SCHEMES)}"
        )


def answers(address: str) -> bool:
    """Whether the server at the address answers in time. A refusal (401, 403, 404) is an answer; 5xx is none."""
    try:
        return _postgres(address) if address.startswith("postgresql:") else _http(address)
    except (OSError, httpx.HTTPError) as error:
        log.warning("server-silent", server=urlsplit(address).netloc, kind=type(error).__name__)
        return False


def _http(address: str) -> bool:
    # The certificate is not looked at: who answers is the business of those that send it something.
    with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, verify=False) as client:  # noqa: S501
        return client.get(address).status_code < 500


def _postgres(address: str) -> bool:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port or _POSTGRES_PORT), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(_SSL_REQUEST)
        return connection.recv(1) in (b"S", b"N")
