"""Counters of the scorer for Prometheus, with the cost of a request in mind: label lookups are made once, then cached."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

BUCKETS = (
    0.001,
    0.002,
    0.003,
    0.005,
    0.0075,
    0.01,
    0.015,
    0.02,
    0.03,
    0.05,
    0.075,
    0.1,
    0.15,
    0.25,
    0.5,
    0.75,
    1.0,
    2.5,
    5.0,
    10.0,
)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# Outcomes of requests that a challenger got; the rollout counts `failed` over `ok` + `failed`.
OK, FAILED, REJECTED, DROPPED = "ok", "failed", "rejected", "dropped"


class Metrics:
    """All series of one scorer. `served` answers (version, role) of what is in memory; `inflight` the requests under way."""

    def __init__(self, model: str, served: Callable[[], Iterable[tuple[str, str]]], inflight: Callable[[], int]) -> None:
        self.model = model
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        requests = Counter(
            "cyclops_requests", "Prediction requests by HTTP status.", ["model", "version", "code"], registry=self.registry
        )
        seconds = Histogram(
            "cyclops_request_seconds",
            "Time from the request's last byte to its answer.",
            ["model", "version"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        rows = Counter("cyclops_predictions", "Rows predicted.", ["model", "version"], registry=self.registry)
        challenger = Counter(
            "cyclops_challenger_requests",
            "Requests that a challenger got: ok, failed (the champion answered), "
            "rejected (the client's fault) or dropped (shadow copies beyond capacity).",
            ["model", "version", "outcome"],
            registry=self.registry,
        )
        self.load_failures = Counter(
            "cyclops_model_load_failures", "Versions that could not be loaded.", ["model"], registry=self.registry
        ).labels(model)
        self.capture_dropped = Counter(
            "cyclops_capture_dropped",
            "Rows that were not captured because the queue was full.",
            ["model"],
            registry=self.registry,
        ).labels(model)
        self.capture_share = Gauge(
            "cyclops_capture_share",
            "Share of requests that is captured: what was asked for, or less while too many come. 0 where nothing is captured.",
            ["model"],
            registry=self.registry,
        ).labels(model)
        Gauge("cyclops_inflight_requests", "Prediction requests under way.", ["model"], registry=self.registry).labels(
            model
        ).set_function(inflight)
        self.registry.register(_ServedVersions(model, served))
        self.registry.register(_Limits())
        self.registry_up = Gauge(
            "cyclops_registry_up", "Whether the registry answered last time.", ["model"], registry=self.registry
        ).labels(model)
        self._requests, self._seconds, self._rows, self._challenger = requests, seconds, rows, challenger
        self._request_children: dict[tuple[str, int], Callable[[], None]] = {}
        self._version_children: dict[str, tuple[Callable[[float], None], Callable[[float], None]]] = {}
        self._challenger_children: dict[tuple[str, str], Counter] = {}

    def count_request(self, version: str, code: int, seconds: float, rows: int) -> None:
        """One answered prediction request. `version` is `none` when no model answered it."""
        key = (version, code)
        count = self._request_children.get(key)
        if count is None:
            count = self._request_children[key] = self._requests.labels(self.model, version, str(code)).inc
        count()
        children = self._version_children.get(version)
        if children is None:
            children = self._version_children[version] = (
                self._seconds.labels(self.model, version).observe,
                self._rows.labels(self.model, version).inc,
            )
        children[0](seconds)
        if rows:
            children[1](rows)

    def count_challenger(self, version: str, outcome: str) -> None:
        """One request that the challenger got."""
        child = self._challenger_children.get((version, outcome))
        if child is None:
            child = self._challenger_children[version, outcome] = self._challenger.labels(self.model, version, outcome)
        child.inc()

    def announce(self, version: str) -> None:
        """Makes a version's series exist at zero before its first request.

        A series that is born with a value has not risen for Prometheus: `rate` would leave out the first requests, or the
        first errors.
        https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics
        """
        for code in (200, 500):
            self._requests.labels(self.model, version, str(code))
        self._seconds.labels(self.model, version)
        self._rows.labels(self.model, version)

    def announce_challenger(self, version: str) -> None:
        """Makes the challenger's series exist at zero, so that whoever watches sees the difference from the first request on."""
        for outcome in (OK, FAILED, REJECTED, DROPPED):
            self._challenger.labels(self.model, version, outcome)

    def predictions(self) -> float:
        """Rows predicted so far, by any version."""
        samples = (sample for family in self._rows.collect() for sample in family.samples)
        return sum(sample.value for sample in samples if sample.name.endswith("_total"))

    def render(self) -> bytes:
        """The text of `GET /metrics`."""
        return generate_latest(self.registry)


class _ServedVersions(Collector):
    """`cyclops_model_info`, made when asked for: versions that are gone leave no series behind."""

    def __init__(self, model: str, served: Callable[[], Iterable[tuple[str, str]]]) -> None:
        self._model, self._served = model, served

    def collect(self) -> Iterable[GaugeMetricFamily]:
        family = GaugeMetricFamily("cyclops_model_info", "Versions in memory.", labels=["model", "version", "role"])
        for version, role in self._served():
            family.add_metric([self._model, version, role], 1)
        yield family


class _Limits(Collector):
    """What the process may use, so that saturation can be computed from this endpoint alone."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        yield GaugeMetricFamily("cyclops_cpu_limit_cores", "CPU cores that this process may use.", value=cpu_limit())
        yield GaugeMetricFamily("cyclops_memory_limit_bytes", "Memory that this process may use.", value=memory_limit())
        yield GaugeMetricFamily("cyclops_time_seconds", "Clock of this process.", value=time.time())


def cpu_limit(root: Path = Path("/sys/fs/cgroup")) -> float:
    """Cores of the control group's quota (version 2, else version 1), else those of the machine."""
    cores = float(len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else float(os.cpu_count() or 1)
    quota, period = (_first_line(root / "cpu.max") or "max 0").split()
    if quota == "max":
        # Version 1 says -1 where there is no quota. https://docs.kernel.org/scheduler/sched-bwc.html
        quota = _first_line(root / "cpu/cpu.cfs_quota_us") or "-1"
        period = _first_line(root / "cpu/cpu.cfs_period_us") or "0"
    return min(cores, int(quota) / int(period)) if int(quota) > 0 and int(period) > 0 else cores


def memory_limit(root: Path = Path("/sys/fs/cgroup")) -> float:
    """Bytes of the control group's limit (version 2, else version 1), else those of the machine."""
    total = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    # Where there is no limit, version 2 says "max", and version 1 a number beyond every memory.
    text = _first_line(root / "memory.max") or _first_line(root / "memory/memory.limit_in_bytes") or "max"
    return total if text == "max" else min(total, float(text))


def _first_line(file: Path) -> str | None:
    try:
        return file.read_text().strip() or None
    except OSError:
        return None
