"""A monitor run that several instances share: one plans, each counts its share of the files, one adds up and reports.

The plan fixes time, champion and files: the shares of instances that looked for themselves would overlap, or miss a file that
has just been written. Everything is below `predictions/<model>/monitor/shards/<run>/`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow.parquet as pq

from cyclops_runtime.config import Share
from cyclops_runtime.errors import InputError
from cyclops_runtime.monitoring.pairs import Pairs
from cyclops_runtime.monitoring.window import Window
from cyclops_runtime.storage import FileInfo, ZoneStore

PLAN, PROFILE, MERGE = "plan", "profile", "merge"


@dataclass(frozen=True)
class Plan:
    """Time of the report, version of the champion, and the files that may hold rows, with their sizes in bytes."""

    now: datetime
    version: str | None
    files: list[tuple[str, int]]

    @property
    def paths(self) -> list[str]:
        """All files."""
        return [path for path, _ in self.files]

    def paths_of(self, share: Share) -> list[str]:
        """The files of one instance: from the largest on, each goes to whoever has least to read."""
        loads, own = [0] * share.count, []
        for path, size in sorted(self.files, key=lambda file: (-file[1], file[0])):
            index = loads.index(min(loads))
            # A file costs a request besides its bytes.
            loads[index] += size + (64 << 10)
            if index == share.index:
                own.append(path)
        return sorted(own)


class Shards:
    """The files of one shared run."""

    def __init__(self, store: ZoneStore, model: str, run_id: str) -> None:
        self._store, self._folder = store, f"predictions/{model}/monitor/shards/{run_id}"

    def write_plan(self, now: datetime, version: str | None, files: list[FileInfo]) -> Plan:
        """Fixes what the instances work on; a repeated attempt plans anew."""
        plan = Plan(now, version, [(file.path, file.size) for file in files])
        self._store.write_json(f"{self._folder}/plan.json", {"now": now.isoformat(), "version": version, "files": plan.files})
        return plan

    def read_plan(self) -> Plan:
        """The plan; InputError where there is none yet."""
        value: dict[str, Any] = self._store.read_json(f"{self._folder}/plan.json")
        files = [(path, size) for path, size in value["files"]]
        return Plan(datetime.fromisoformat(value["now"]), value["version"], files)

    def write_part(self, share: Share, window: Window) -> None:
        """Keeps what one instance has counted."""
        buffer = io.BytesIO()
        pq.write_table(window.pairs.to_table(), buffer)
        self._store.write_bytes(f"{self._place(share)}.parquet", buffer.getvalue())
        self._store.write_json(f"{self._place(share)}.json", window.to_json())

    def read_parts(self, count: int) -> Window:
        """What all instances have counted together; InputError where one has not."""
        total = Window()
        for share in (Share(index, count) for index in range(count)):
            place = self._place(share)
            if not self._store.exists(f"{place}.json"):
                raise InputError(
                    f"{self._store.uri(place)}.json: instance {share.index} of {count} has not counted its files yet"
                )
            pairs = Pairs.from_table(pq.read_table(io.BytesIO(self._store.read_bytes(f"{place}.parquet"))))
            total += Window.from_json(self._store.read_json(f"{place}.json"), pairs)
        return total

    def _place(self, share: Share) -> str:
        return f"{self._folder}/{share.index}-of-{share.count}"
