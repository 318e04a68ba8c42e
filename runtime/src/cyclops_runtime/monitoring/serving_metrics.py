"""What the scorers' counters say about the time since the last report.

Each replica's counters are compared with those of the last report; a restarted or new replica counts from its start. So nothing
is lost between two reports, and the first one covers everything since the replicas started.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cyclops_runtime.rollout.replicas import samples

REQUESTS, BUCKETS, ROWS = "cyclops_requests_total", "cyclops_request_seconds_bucket", "cyclops_predictions_total"
CPU, MEMORY, START = "process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds"
CPU_LIMIT, MEMORY_LIMIT, CLOCK = "cyclops_cpu_limit_cores", "cyclops_memory_limit_bytes", "cyclops_time_seconds"
NO_VERSION = "none"


@dataclass(frozen=True)
class Traffic:
    """Sums over all replicas since the last report. `buckets` are cumulative counts by upper bound in seconds."""

    seconds: float
    replicas: int
    requests: float
    server_errors: float
    predictions: float
    buckets: dict[float, float]
    saturation: float | None
    # 95th percentile in seconds, where the platform measures it itself and there are no buckets.
    p95: float | None = None


Snapshot = dict[str, Any]


def take_snapshot(text: str) -> Snapshot:
    """The counters of one replica as plain values, from the text of its `/metrics`. Bootstrap answers are left out."""
    single: dict[str, float] = {}
    codes: dict[str, float] = defaultdict(float)
    buckets: dict[str, float] = defaultdict(float)
    rows = 0.0
    names = (REQUESTS, BUCKETS, ROWS, CPU, MEMORY, START, CPU_LIMIT, MEMORY_LIMIT, CLOCK)
    for name, labels, value in samples(text, names):
        if name not in (REQUESTS, BUCKETS, ROWS):
            single[name] = value
        elif labels.get("version") == NO_VERSION:
            continue
        elif name == REQUESTS:
            codes[labels.get("code", "")] += value
        elif name == BUCKETS:
            buckets[labels.get("le", "")] += value
        else:
            rows += value
    return {"process": single, "codes": dict(codes), "buckets": dict(buckets), "rows": rows}


def traffic_between(before: Mapping[str, Snapshot], now: Mapping[str, Snapshot]) -> Traffic | None:
    """What has happened since `before`, both by replica; None when no replica answered."""
    if not now:
        return None
    codes: dict[str, float] = defaultdict(float)
    buckets: dict[float, float] = defaultdict(float)
    rows = seconds = 0.0
    saturations = []
    for replica, snapshot in now.items():
        process = snapshot["process"]
        old = before.get(replica, {})
        if old.get("process", {}).get(START) != process.get(START):
            old = {}  # another process: its counters began at zero when it started
        begun = old.get("process", {}).get(CLOCK, process.get(START, process.get(CLOCK, 0.0)))
        elapsed = max(process.get(CLOCK, begun) - begun, 0.0)
        seconds = max(seconds, elapsed)
        for code, value in snapshot["codes"].items():
            codes[code] += value - old.get("codes", {}).get(code, 0.0)
        for bound, value in snapshot["buckets"].items():
            buckets[float(bound)] += value - old.get("buckets", {}).get(bound, 0.0)
        rows += snapshot["rows"] - old.get("rows", 0.0)
        saturations += _saturation(process, old.get("process", {}), elapsed)
    return Traffic(
        seconds=seconds,
        replicas=len(now),
        requests=sum(codes.values()),
        server_errors=sum(value for code, value in codes.items() if code.startswith("5")),
        predictions=rows,
        buckets=dict(buckets),
        saturation=max(saturations, default=None),
    )


def _saturation(process: Mapping[str, float], old: Mapping[str, float], elapsed: float) -> list[float]:
    found = []
    if process.get(CPU_LIMIT) and CPU in process and elapsed > 0:
        found.append((process[CPU] - old.get(CPU, 0.0)) / elapsed / process[CPU_LIMIT])
    if process.get(MEMORY_LIMIT) and MEMORY in process:
        found.append(process[MEMORY] / process[MEMORY_LIMIT])
    return found
