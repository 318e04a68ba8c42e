"""Whether there are raw data that no version was trained on.

What is compared are the files that an ingest step would list now with those that a run has listed: of the raw zone, or, where
`data.source` is an object store or a web server, of the source, which the raw zone only mirrors at the next run. A database is
not asked: the spec refuses `new-data` for it. Files that are gone are no new data: they may just have expired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.errors import InputError
from cyclops_runtime.raw_files import list_data_files, only_data
from cyclops_runtime.sources import SourceFile, list_source
from cyclops_runtime.storage import ZoneStore

# Clocks of store and source need not agree to the second.
CLOCK_MARGIN = timedelta(minutes=5)
_SHOWN = 3


@dataclass(frozen=True)
class NewData:
    """Zone paths of new or changed files, and what was found in words."""

    files: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Known:
    """Files that runs have listed (path, size, SHA-256), and when the first of these lists was written."""

    runs: tuple[str, ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()
    since: datetime | None = None


def look(document: ModelDocument, store: ZoneStore, runs: Sequence[str], compared: datetime | None = None) -> NewData:
    """Compares today's files with those of `runs`; without a run, all files are new.

    `compared` is the time of a former comparison with the same runs: what has not changed since then need not be read again.
    InputError where a run has left no list, or where the source cannot be listed.
    """
    known = known_files(document, store, runs)
    since = max(moment for moment in (known.since, compared) if moment is not None) if known.since else None
    return compare(_files_now(document, store), known, since)


def known_files(document: ModelDocument, store: ZoneStore, runs: Sequence[str]) -> Known:
    """What these runs have listed in their `ingest.json`."""
    files: list[Mapping[str, Any]] = []
    written: list[datetime] = []
    for run in runs:
        place = document.run_path("curated", run, "ingest.json")
        entries = store.list_files(place)
        if not entries:
            raise InputError(f"run {run} has left no ingest.json to compare with: it expired, or a custom ingest step wrote none")
        files += store.read_json(place).get("files", [])
        written.append(entries[0].modified or datetime.min.replace(tzinfo=timezone.utc))
    return Known(tuple(runs), tuple(files), min(written, default=None))


def compare(files: Iterable[SourceFile], known: Known, since: datetime | None) -> NewData:
    """Files of a path, or of a size, that no run has listed; and files changed after `since` whose content no run has listed.

    Without `since`, or where the time of a file is not known, a file of a known size counts as known.
    """
    files = list(files)
    sizes = {(entry.get("path"), entry.get("size")) for entry in known.files}
    checksums = {(entry.get("path"), entry.get("sha256")) for entry in known.files}
    new = [file.path for file in files if _is_new(file, sizes, checksums, since)]
    against = f"run {' and run '.join(known.runs)}" if known.runs else "no earlier run"
    if not new:
        return NewData((), f"all {len(files)} files are known from {against}")
    shown = ", ".join(new[:_SHOWN]) + (", …" if len(new) > _SHOWN else "")
    return NewData(tuple(new), f"{len(new)} of {len(files)} files are new against {against}: {shown}")


def _is_new(file: SourceFile, sizes: set[tuple[Any, Any]], checksums: set[tuple[Any, Any]], since: datetime | None) -> bool:
    if file.size is not None and (file.path, file.size) not in sizes:
        return True
    if since is None or file.modified is None or file.modified <= since - CLOCK_MARGIN:
        return False
    return (file.path, file.checksum()) not in checksums


def _files_now(document: ModelDocument, store: ZoneStore) -> list[SourceFile]:
    data = document.spec.data
    if data.source is not None:
        return only_data(list_source(data.source, data), lambda file: file.path, data.path, data.format)

    def reader(path: str) -> Callable[[], str]:
        return lambda: store.checksum(path)

    return [
        SourceFile(file.path, file.size, file.modified, reader(file.path))
        for file in list_data_files(store, data.path, data.format)
    ]
