"""Where the rows of now are: captured requests, else the newest curated data; and the labels that have arrived since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import fsspec
import pyarrow as pa

from cyclops_runtime.document import ModelDocument, parse_duration
from cyclops_runtime.errors import InputError, RuntimeFailure
from cyclops_runtime.logging import get_logger
from cyclops_runtime.monitoring.reading import batches
from cyclops_runtime.monitoring.tally import Question, count
from cyclops_runtime.monitoring.values import numbers_of, texts_of
from cyclops_runtime.monitoring.window import Window
from cyclops_runtime.raw_files import list_data_files
from cyclops_runtime.serving.captured import REQUEST_ID, ROW, TIME
from cyclops_runtime.storage import FileInfo, ZoneStore, storage_options
from cyclops_runtime.values.contract import AS_CATEGORY, NUMBER, Column
from cyclops_runtime.values.labels import class_column
from cyclops_runtime.values.reader import is_mark, read

log = get_logger(__name__)

CAPTURED, CURATED, NONE = "captured", "curated", "none"
# Captured files are many and small, so that the time goes by in waiting for the store.
READERS = 8


@dataclass(frozen=True)
class CuratedRun:
    """The newest curated data: when it was written, and how many of how many rows were set aside by constraints."""

    run_id: str
    written: datetime
    rows_read: int | None = None
    rows_set_aside: int | None = None


def captured_files(document: ModelDocument, store: ZoneStore, *spans: tuple[datetime, datetime] | None) -> list[FileInfo]:
    """Files of captured requests that may hold rows of one of the spans (from the first moment to before the second)."""
    found = store.list_files(f"predictions/{document.model}/capture/")
    return [file for file in found if any(span is not None and may_hold(file, *span) for span in spans)]


def may_hold(file: FileInfo, start: datetime, end: datetime) -> bool:
    """Whether the file's hour `dt=YYYY-MM-DD/hh=HH/` overlaps the span; a file that is elsewhere may hold anything."""
    try:
        day, hour, _ = file.name.split("/")
        begun = datetime.strptime(f"{day} {hour}", "dt=%Y-%m-%d hh=%H").replace(tzinfo=timezone.utc)
    except ValueError:
        return True
    return begun < end and begun + timedelta(hours=1) > start


def count_files(store: ZoneStore, question: Question, paths: list[str]) -> Window:
    """Counts of files, several of which are read at a time.

    A file that cannot be read is left out as a whole, and named in `left_out`: one torn file must not stop monitoring.
    """
    total = Window()
    with ThreadPoolExecutor(READERS) as pool:
        for window in pool.map(lambda path: _count_file(store, question, path), paths):
            total += window
    return total


def _count_file(store: ZoneStore, question: Question, path: str) -> Window:
    try:
        several = _requests_of_several_rows(store, question, path) if question.labels else frozenset()
        return count(question, _timed(question, batches(store, path, question.columns)), several)
    except (InputError, RuntimeFailure, OSError, pa.ArrowException) as error:
        reason = f"{path.rpartition('/')[2]} left out: {' '.join(str(error).split())[:200]}"
        log.warning("file-left-out", file=path, reason=reason)
        return Window(left_out=[reason])


def _timed(question: Question, found):
    for batch in found:
        if question.span is not None and TIME not in batch.schema.names:
            raise InputError(f"has no column {TIME!r}")
        yield batch


def _requests_of_several_rows(store: ZoneStore, question: Question, path: str) -> frozenset[str]:
    """Ids of requests of more than one row; looked for only where a row lacks the id column's value."""
    several: set[str] = set()
    columns = [REQUEST_ID, ROW, *([question.id_column] if question.id_column else [])]
    for batch in batches(store, path, columns):
        names = batch.schema.names
        lacks_ids = question.id_column not in names or batch.column(question.id_column).null_count > 0
        if lacks_ids and REQUEST_ID in names and ROW in names:
            later = batch.filter(pa.array(numbers_of(batch.column(ROW)).values > 0))
            several.update(text for text in texts_of(later.column(REQUEST_ID)).values() if text is not None)
    return frozenset(several)


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


def newest_raw(document: ModelDocument, store: ZoneStore) -> datetime | None:
    """When the newest raw file was written, by the store's own time; None without a file, or where the store tells no times."""
    data = document.spec.data
    times = [file.modified for file in list_data_files(store, data.path, data.format) if file.modified is not None]
    return max(times, default=None)


def _modified(store: ZoneStore, path: str) -> datetime | None:
    uri = store.uri(path)
    filesystem, place = fsspec.core.url_to_fs(uri, **storage_options(uri))
    try:
        moment = filesystem.modified(place)
    except (FileNotFoundError, NotImplementedError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def matured_labels(
    document: ModelDocument, store: ZoneStore, classes: Sequence[str] | None = None
) -> tuple[dict[str, str], list[str]]:
    """Labels by id (both text), the last one given for an id, in the form of the model's classes, or of a regression's number.

    And a reason for each file of labels that cannot be read, and for labels that are no class of the model, or no number.
    `classes` are None where they are not known: labels are then texts as they stand.
    """
    data, labels, left_out = document.spec.data, {}, []
    column = Column(data.target, NUMBER, AS_CATEGORY) if document.spec.task == "regression" else None
    if column is None and classes:
        column = class_column(data.target, classes)
    strange: Counter[str] = Counter()
    for file in list_data_files(store, document.spec.monitoring.labels.path, data.format):
        own: dict[str, str] = {}
        try:
            for batch in batches(store, file.path, [data.id, data.target], data.format):
                if {data.id, data.target} <= set(batch.schema.names):
                    ids, truth = (texts_of(batch.column(name)).values() for name in (data.id, data.target))
                    own.update(_joinable(ids, truth, column, classes, strange))
        except (InputError, RuntimeFailure, OSError) as error:
            left_out.append(f"labels {file.name} left out: {' '.join(str(error).split())[:200]}")
            log.warning("labels-left-out", file=file.path, reason=left_out[-1])
            continue
        labels.update(own)
    if strange:
        left_out.append(_strange_labels(strange, classes))
        log.warning("labels-left-out", reason=left_out[-1])
    return labels, left_out


def _joinable(
    ids: list[str | None], truth: list[str | None], column: Column | None, classes: Sequence[str] | None, strange: Counter[str]
) -> Iterator[tuple[str, str]]:
    """Ids with labels that a prediction may be compared with; the others are counted in `strange`."""
    found = truth if column is None else read(truth, column).values.tolist()
    known = None if not classes else set(classes)
    for row_id, label, raw in zip(ids, found, truth, strict=True):
        if raw is None or row_id is None:
            continue
        if label is not None and (known is None or label in known):
            yield row_id, label
        elif label is not None or not is_mark(raw):
            strange[raw] += 1


def _strange_labels(strange: Counter[str], classes: Sequence[str] | None) -> str:
    named = ", ".join(f"{label[:40]!r} ({count})" for label, count in strange.most_common(5))
    kind = f"no class of the model, which has {', '.join(map(repr, list(classes)[:10]))}" if classes else "no number"
    return f"{strange.total()} labels left out, as they are {kind}: {named}"


def label_span(document: ModelDocument, now: datetime) -> tuple[datetime, datetime] | None:
    """Start and end of the predictions whose labels became final inside of the current window; None without labels."""
    monitoring = document.spec.monitoring
    if monitoring is None or monitoring.labels is None:
        return None
    delay = timedelta(seconds=parse_duration(monitoring.labels.delay))
    return now - delay - timedelta(seconds=parse_duration(monitoring.window)), now - delay
