"""The rows of now: captured requests, else the newest curated data; and the labels that have arrived since."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import fsspec
import numpy as np
import pandas as pd

from cyclops_runtime.document import ModelDocument, parse_duration
from cyclops_runtime.errors import InputError
from cyclops_runtime.frames import read_chunks
from cyclops_runtime.logging import get_logger
from cyclops_runtime.prediction import LABEL, PROBABILITY, as_text
from cyclops_runtime.serving.capture import PREFIX, REQUEST_ID, ROW, TIME, VERSION
from cyclops_runtime.serving.outputs import PREDICTION
from cyclops_runtime.storage import FileInfo, ZoneStore, storage_options

log = get_logger(__name__)

CAPTURED, CURATED, NONE = "captured", "curated", "none"
READERS = 8


@dataclass(frozen=True)
class CuratedRun:
    """The newest curated data: when it was written, and how many of how many rows were set aside by constraints."""

    run_id: str
    written: datetime
    rows_read: int | None = None
    rows_set_aside: int | None = None


def captured_rows(document: ModelDocument, store: ZoneStore, start: datetime, end: datetime) -> pd.DataFrame:
    """Captured rows from `start` to before `end`, with the capture's own columns; empty where there are none.

    A file that cannot be read is left out and said in the log: one torn file must not stop monitoring.
    """
    files = [f for f in store.list_files(f"predictions/{document.model}/capture/") if _may_hold(f, start, end)]
    with ThreadPoolExecutor(READERS) as pool:
        frames = [frame for frame in pool.map(lambda file: _read(store, file), files) if frame is not None and len(frame)]
    if not frames:
        return pd.DataFrame()
    rows = pd.concat(frames, ignore_index=True)
    inside = (rows[TIME] >= pd.Timestamp(start)) & (rows[TIME] < pd.Timestamp(end))
    return rows[inside].reset_index(drop=True)


def _may_hold(file: FileInfo, start: datetime, end: datetime) -> bool:
    """Whether the file's hour `dt=YYYY-MM-DD/hh=HH/` overlaps the window."""
    try:
        day, hour, _ = file.name.split("/")
        begun = datetime.strptime(f"{day} {hour}", "dt=%Y-%m-%d hh=%H").replace(tzinfo=timezone.utc)
    except ValueError:
        return False
    return begun < end and begun + timedelta(hours=1) > start


def _read(store: ZoneStore, file: FileInfo) -> pd.DataFrame | None:
    try:
        frame = store.read_parquet(file.path)
        return frame if TIME in frame else None
    except (InputError, OSError) as error:
        log.warning("capture-file-left-out", file=file.path, reason=str(error)[:200])
        return None


def captured_predictions(rows: pd.DataFrame, version: str | None) -> pd.DataFrame:
    """Predictions of one version among captured rows: columns `label` and `probability`, index of the rows."""
    if len(rows) == 0 or version is None:
        return pd.DataFrame({LABEL: [], PROBABILITY: []})
    own = rows[rows[VERSION] == version]
    label = PREFIX + (LABEL if PREFIX + LABEL in own else PREDICTION)
    if label not in own:
        return pd.DataFrame({LABEL: [], PROBABILITY: []})
    probability = own[PREFIX + PROBABILITY] if PREFIX + PROBABILITY in own else pd.Series(np.nan, index=own.index)
    return pd.DataFrame({LABEL: own[label], PROBABILITY: probability.astype(float)}).dropna(subset=[LABEL])


def newest_curated(document: ModelDocument, store: ZoneStore) -> CuratedRun | None:
    """The run that has written curated data last, by the files' own time."""
    written: dict[str, datetime] = {}
    for file in store.list_files(f"curated/{document.model}/runs/"):
        run_id, _, name = file.name.partition("/")
        if name == "data.parquet" and (moment := _modified(store, file.path)) is not None:
            written[run_id] = moment
    if not written:
        return None
    run_id = max(written, key=lambda run: (written[run], run))
    try:
        counts = store.read_json(document.run_path("curated", run_id, "curate.json"))
    except InputError:
        counts = {}  # a custom curate step need not count
    return CuratedRun(run_id, written[run_id], counts.get("rowsRead"), counts.get("rowsSetAside"))


def _modified(store: ZoneStore, path: str) -> datetime | None:
    uri = store.uri(path)
    filesystem, place = fsspec.core.url_to_fs(uri, **storage_options(uri))
    try:
        moment = filesystem.modified(place)
    except (FileNotFoundError, NotImplementedError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def matured_labels(document: ModelDocument, store: ZoneStore) -> pd.Series | None:
    """Labels by id (both text), the last one given for an id; None where there is no file with both columns."""
    labels, data = document.spec.monitoring.labels, document.spec.data
    frames = []
    for file in store.list_files(labels.path):
        with store.open(file.path) as opened:
            for chunk in read_chunks(opened, data.format, file.path):
                if data.id in chunk and data.target in chunk:
                    frames.append(chunk[[data.id, data.target]])
    if not frames:
        return None
    joined = pd.concat(frames, ignore_index=True)
    series = pd.Series(as_text(joined[data.target]).tolist(), index=as_text(joined[data.id]).tolist(), dtype=object)
    series = series[series.index.notna() & series.notna()]
    return series[~series.index.duplicated(keep="last")]


def label_window(document: ModelDocument, now: datetime) -> tuple[datetime, datetime]:
    """Start and end of the predictions whose labels became final inside of the current window."""
    delay = timedelta(seconds=parse_duration(document.spec.monitoring.labels.delay))
    return now - delay - timedelta(seconds=parse_duration(document.spec.monitoring.window)), now - delay


def row_ids(rows: pd.DataFrame, id_column: str | None) -> pd.Series:
    """Id of each captured row as text: its id column, else, for requests of a single row, the request's id."""
    single = rows[ROW].groupby(rows[REQUEST_ID]).transform("size") == 1
    fallback = rows[REQUEST_ID].where(single)
    if id_column is None or id_column not in rows:
        return as_text(fallback)
    return as_text(rows[id_column].where(rows[id_column].notna(), fallback))


def segment_columns(rows: pd.DataFrame, segments: Sequence[str]) -> dict[str, pd.Series]:
    """Groups of the segments that the rows have, as text."""
    return {name: as_text(rows[name]) for name in segments if name in rows}
