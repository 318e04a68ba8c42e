"""How long all replicas have run and how many rows they have predicted, from what they have written down (`serving/usage.py`).

Counted by the minute over the window, whichever replicas there were: one that was replaced has left its files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.monitoring.current import READERS, may_hold
from cyclops_runtime.storage import ZoneStore


@dataclass(frozen=True)
class Use:
    """Sums over all replicas: two that run for an hour are two hours of replicas."""

    replica_seconds: float
    predictions: float


def use_between(document: ModelDocument, store: ZoneStore, start: datetime, end: datetime) -> Use | None:
    """Use from the first moment to before the second, by whole minutes; None where no replica has left a record."""
    found = store.list_files(f"predictions/{document.model}/usage/")
    paths = [file.path for file in found if may_hold(file, start, end)]
    with ThreadPoolExecutor(READERS) as pool:
        contents = list(pool.map(store.read_bytes, paths))
    lines = [line for content in contents for line in _lines(content) if start.timestamp() - 60 < line["at"] < end.timestamp()]
    if not lines:
        return None
    return Use(sum(line["seconds"] for line in lines), sum(line["predictions"] for line in lines))


def _lines(content: bytes) -> Iterator[dict[str, float]]:
    return (json.loads(line) for line in content.splitlines() if line)
