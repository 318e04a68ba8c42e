"""Finds the scorer's replicas and asks each of them."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from cyclops_runtime.errors import InputError

CHALLENGER_COUNTER = "cyclops_challenger_requests_total"
PROCESS_START = "process_start_time_seconds"


class Replicas:
    """All replicas behind a DNS name: `pods` is `name:port`, and the name has one address a replica."""

    def __init__(self, pods: str, client: httpx.Client) -> None:
        name, _, port = pods.rpartition(":")
        if not name or not port.isdigit():
            raise InputError(f"serving.pods is {pods!r}: write name:port")
        self._name, self._port, self._client = name.strip("[]"), int(port), client

    def addresses(self) -> list[str]:
        """`http://address:port` of each replica, sorted; none while the name does not resolve (no replica is ready)."""
        try:
            found = socket.getaddrinfo(self._name, self._port, type=socket.SOCK_STREAM)
        except socket.gaierror:
            return []
        hosts = sorted({info[4][0] for info in found})
        return [f"http://[{host}]:{self._port}" if ":" in host else f"http://{host}:{self._port}" for host in hosts]

    def statuses(self) -> dict[str, dict[str, Any] | None]:
        """`GET /status` of each replica; None where it does not answer."""
        return {address: self._status(address) for address in self.addresses()}

    def metrics(self) -> dict[str, str]:
        """`GET /metrics` of each replica that answers."""
        texts = {}
        for address in self.addresses():
            try:
                response = self._client.get(f"{address}/metrics")
                response.raise_for_status()
            except httpx.HTTPError:
                continue
            texts[address] = response.text
        return texts

    def _status(self, address: str) -> dict[str, Any] | None:
        try:
            response = self._client.get(f"{address}/status")
            response.raise_for_status()
            status = response.json()
        except (httpx.HTTPError, ValueError):
            return None
        return status if isinstance(status, dict) else None


def served_version(status: dict[str, Any] | None, role: str) -> str | None:
    """The version that a replica has in a role, `champion` or `challenger`."""
    slot = (status or {}).get(role)
    return slot.get("version") if isinstance(slot, dict) else None


@dataclass
class ChallengerCounts:
    """How many requests the new version has answered since the watch began, summed over replicas and their restarts."""

    version: str
    ok: float = 0.0
    failed: float = 0.0
    rejected: float = 0.0
    _last: dict[str, tuple[float, dict[str, float]]] = field(default_factory=dict)

    @property
    def requests(self) -> float:
        """Requests that say something about the version; those that were the client's fault do not."""
        return self.ok + self.failed

    @property
    def error_rate(self) -> float:
        """Share of failed requests, in [0, 1]; 0 without requests."""
        return self.failed / self.requests if self.requests else 0.0

    def begin(self, texts: dict[str, str]) -> None:
        """Takes the counters of every replica as zero. A replica that appears later starts at zero by itself."""
        self._last = {address: read_counters(text, self.version) for address, text in texts.items()}

    def add(self, texts: dict[str, str]) -> None:
        """Adds what has happened since the last call."""
        for address, text in texts.items():
            started, now = read_counters(text, self.version)
            last_started, before = self._last.get(address, (started, {}))
            for outcome, value in now.items():
                previous = before.get(outcome, 0.0)
                # Counters of a restarted process begin at zero again.
                delta = value if started != last_started or value < previous else value - previous
                if outcome in ("ok", "failed", "rejected"):
                    setattr(self, outcome, getattr(self, outcome) + delta)
            self._last[address] = (started, now)


def read_counters(text: str, version: str) -> tuple[float, dict[str, float]]:
    """Start of the process and its challenger's counters by outcome, from the text of `/metrics`."""
    started, counters = 0.0, {}
    for name, labels, value in samples(text, (CHALLENGER_COUNTER, PROCESS_START)):
        if name == PROCESS_START:
            started = value
        elif labels.get("version") == version:
            counters[labels.get("outcome", "")] = value
    return started, counters


def samples(text: str, names: Iterable[str]) -> list[tuple[str, dict[str, str], float]]:
    """(name, labels, value) of the samples with these names."""
    wanted = frozenset(names)
    return [
        (s.name, dict(s.labels), s.value)
        for family in text_string_to_metric_families(text)
        for s in family.samples
        if s.name in wanted
    ]
