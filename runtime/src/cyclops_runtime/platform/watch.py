"""watch: tells a Prometheus beside it what no server tells of itself: which runs have failed or are missing, which servers do
not answer, and how full volumes are.

All of it is read with the rights of one namespace. Runs come from the API of Kubernetes and not from metrics of Argo's
controller, which forget what was before they started, and do not say why a run has failed.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric

from cyclops_runtime.errors import InputError, RuntimeFailure
from cyclops_runtime.logging import get_logger
from cyclops_runtime.platform.kubernetes import WorkflowClient
from cyclops_runtime.platform.probes import answers, check_address
from cyclops_runtime.platform.runs import Failure, RunWatcher, Schedule
from cyclops_runtime.platform.waiting import until_signal

log = get_logger(__name__)

# What objects of Kubernetes may be called: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
_NAME = re.compile(r"^[a-z0-9][a-z0-9.-]*$")


@dataclass(frozen=True)
class Seen:
    """What one look has found."""

    failures: tuple[Failure, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    waiting: int = 0
    """Workflows that no controller has taken up."""
    servers: Mapping[str, bool] = field(default_factory=dict)
    volumes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Size and what is left of it, in bytes."""
    sees_runs: bool | None = None
    """None where no runs are looked at."""


class SeenCollector:
    """Hands Prometheus the newest look as a whole: a series that goes for a moment would end an alert."""

    def __init__(self) -> None:
        self.seen = Seen()

    def collect(self) -> Iterator[Metric]:
        """What prometheus_client asks for at each scrape."""
        seen = self.seen
        if seen.sees_runs is not None:
            yield from _runs(seen, seen.sees_runs)
        up = GaugeMetricFamily("cyclops_server_up", "1 where a server answers.", labels=["server"])
        for name, is_up in seen.servers.items():
            up.add_metric([name], int(is_up))
        size = GaugeMetricFamily("cyclops_volume_size_bytes", "Size of a volume.", labels=["volume"])
        left = GaugeMetricFamily("cyclops_volume_available_bytes", "What is left of a volume.", labels=["volume"])
        for name, (total, available) in seen.volumes.items():
            size.add_metric([name], total)
            left.add_metric([name], available)
        yield from (up, size, left)


def _runs(seen: Seen, sees_runs: bool) -> Iterator[Metric]:
    """Not from a watch of volumes alone: the one that looks at runs would not be missed while others said that they see."""
    failed = GaugeMetricFamily(
        "cyclops_pipeline_failed",
        "1 where the newest run of a pipeline that has ended has failed.",
        labels=["model", "pipeline", "step", "exit_code", "run", "reason"],
    )
    for failure in seen.failures:
        failed.add_metric(failure.labels(), 1)
    last = GaugeMetricFamily(
        "cyclops_schedule_last_timestamp_seconds", "When a schedule last started a run.", labels=["model", "pipeline"]
    )
    interval = GaugeMetricFamily(
        "cyclops_schedule_interval_seconds", "Longest time between two runs of a schedule.", labels=["model", "pipeline"]
    )
    for schedule in seen.schedules:
        last.add_metric([schedule.model, schedule.pipeline], schedule.last)
        interval.add_metric([schedule.model, schedule.pipeline], schedule.interval)
    waiting = GaugeMetricFamily("cyclops_workflows_waiting", "Workflows that no controller has taken up.", value=seen.waiting)
    sees = GaugeMetricFamily("cyclops_watch_sees_runs", "1 where runs could be read.", value=int(sees_runs))
    yield from (failed, last, interval, waiting, sees)


class Watcher:
    """Looks at everything it was told to look at."""

    def __init__(
        self,
        runs: RunWatcher | None,
        servers: Mapping[str, str],
        volumes: Mapping[str, str],
        probe: Callable[[str], bool] = answers,
    ):
        self._runs, self._servers, self._volumes, self._probe = runs, servers, volumes, probe
        self._last = Seen(sees_runs=None if runs is None else False)

    def look(self, now: float) -> Seen:
        """What is there now; where the API of Kubernetes does not answer, or a volume, what it told last."""
        servers = {name: self._probe(address) for name, address in self._servers.items()}
        last = self._last
        failures, schedules, waiting = last.failures, last.schedules, last.waiting
        sees = None if self._runs is None else False
        if self._runs is not None:
            try:
                failures, schedules, waiting = self._runs.failures(), self._runs.schedules(now), self._runs.waiting(now)
                sees = True
            except (httpx.HTTPError, RuntimeFailure) as error:
                log.warning("runs-unreadable", reason=" ".join(str(error).split())[:300])
        self._last = Seen(failures, schedules, waiting, servers, dict(_sizes(self._volumes, last.volumes)), sees)
        return self._last


def _sizes(volumes: Mapping[str, str], last: Mapping[str, tuple[int, int]]) -> Iterator[tuple[str, tuple[int, int]]]:
    for name, path in volumes.items():
        try:
            figures = os.statvfs(path)
        except OSError as error:  # A disk that is broken, or a share that is gone: the server beside it tells of that.
            log.warning("volume-unreadable", volume=name, reason=str(error))
            if name in last:
                yield name, last[name]
            continue
        yield name, (figures.f_blocks * figures.f_frsize, figures.f_bavail * figures.f_frsize)


def run(
    *,
    namespace: str | None,
    server: Iterable[str],
    volume: Iterable[str],
    host: str,
    port: int,
    interval: float,
    looked: str | None = None,
    client: WorkflowClient | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Looks until it is told to stop, and serves what it has seen at `port` from the first look on.

    Errors: InputError for a server or volume that is none, or, with a namespace, outside of a pod.
    """
    servers, volumes = _named("server", server), _named("volume", volume)
    for address in servers.values():
        check_address(address)
    for name, path in volumes.items():
        if not Path(path).is_dir():
            raise InputError(f"--volume {name}={path}: there is no such folder")
    stop = stop or until_signal()
    runs = None if namespace is None else RunWatcher(client or WorkflowClient(namespace))
    watcher, collector = Watcher(runs, servers, volumes), SeenCollector()
    registry = CollectorRegistry()
    registry.register(collector)
    serving = False
    while not stop.is_set():
        collector.seen = watcher.look(time.time())
        if not serving:
            start_http_server(port, addr=host, registry=registry)
            serving = True
        if looked is not None:
            Path(looked).touch()
        stop.wait(interval)


def _named(option: str, given: Iterable[str]) -> dict[str, str]:
    named = {}
    for text in given:
        name, separator, value = text.partition("=")
        if not (separator and value and _NAME.match(name)):
            raise InputError(f"--{option} is {text!r}: give a name and a value, e.g. {option}=…")
        named[name] = value
    return named
