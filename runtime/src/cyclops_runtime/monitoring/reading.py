"""The rows of a file in batches, of which one at a time is in memory: Parquet, CSV and JSON lines at any fsspec address."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from cyclops_runtime.errors import InputError
from cyclops_runtime.frames import json_records
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.values.csv_rows import read_csv
from cyclops_runtime.values.reader import text_of

# Small enough for a processor's cache, as each column of a batch is gone over a dozen times.
BATCH_ROWS = 65_536
# A smaller file of an object store is one request, where reading in pieces would be several.
_WHOLE_BYTES = 32 << 20
# Records of Python's own take ten times the memory of a column's values.
_PYTHON_ROWS = 8192
# Larger files are read one after the other, whoever reads: each holds a row group, and a pod of size S has 1 GiB.
_large_files = threading.Lock()
_FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet"}


def format_of(path: str) -> str | None:
    """Format of a file by its name; None for a name that says nothing."""
    _, dot, ending = path.rpartition("/")[2].rpartition(".")
    return _FORMATS.get(f"{dot}{ending}".lower())


def batches(
    store: ZoneStore, path: str, columns: Sequence[str] | None = None, file_format: str | None = None
) -> Iterator[pa.RecordBatch]:
    """The rows of a file, at most BATCH_ROWS at a time, with those of `columns` (default: all) that the file has.

    CSV gives texts, without the blanks around them, and blanks alone are missing. Raises InputError for a file that cannot be
    read, also in the middle of it: who counts must count by file.
    """
    kind = file_format or format_of(path) or "parquet"
    readers = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}
    try:
        with opened(store, path) as file:
            yield from readers[kind](file, columns)
    except (InputError, GeneratorExit):
        raise
    except Exception as error:  # ArrowInvalid, OSError, ValueError, UnicodeDecodeError and the storage libraries' own
        raise InputError(f"{path}: cannot be read as {kind}: {' '.join(str(error).split())[:300]}") from error


@contextmanager
def opened(store: ZoneStore, path: str) -> Iterator[Any]:
    """A file that PyArrow reads: of a local disk without Python in between, small ones of a store in one piece."""
    uri = store.uri(path)
    if uri.startswith(("/", "file://")):
        with pa.OSFile(uri.removeprefix("file://")) as file, _turn(file.size()):
            yield file
        return
    with store.open(path) as file:
        size = file.size or 0
        with _turn(size):
            yield pa.BufferReader(file.read()) if size <= _WHOLE_BYTES else file


def _turn(size: int) -> AbstractContextManager[Any]:
    return _large_files if size > _WHOLE_BYTES else nullcontext()


def _parquet(file: Any, columns: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
    metadata = pq.read_metadata(file)
    schema = metadata.schema.to_arrow_schema()
    names = _selected(schema.names, columns)
    # Texts are stored as numbers of a dictionary, and stay so.
    texts = [name for name in names if pa.types.is_string(schema.field(name).type)]
    # Of an object store's file all columns of a row group are asked for at once: they lie side by side, and are read in turn.
    remote = not isinstance(file, pa.NativeFile)
    parquet = pq.ParquetFile(file, metadata=metadata, read_dictionary=texts, pre_buffer=remote)
    yield from parquet.iter_batches(batch_size=BATCH_ROWS, columns=names)


def _selected(names: Sequence[str], columns: Sequence[str] | None) -> list[str]:
    wanted = None if columns is None else set(columns)
    return [name for name in dict.fromkeys(names) if wanted is None or name in wanted]


def _csv(file: Any, columns: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
    content = read_csv(io.BufferedReader(_Raw(file)))
    places = [content.names.index(name) for name in _selected(content.names, columns)]
    names = [content.names[place] for place in places]
    for _, texts in content.blocks(_PYTHON_ROWS):
        yield pa.RecordBatch.from_arrays([pa.array(texts[place], pa.string()) for place in places], names=names)


def _jsonl(file: BinaryIO, columns: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
    records: list[dict[str, Any]] = []
    for record in json_records(io.TextIOWrapper(io.BufferedReader(_Raw(file)), encoding="utf-8-sig")):
        records.append(record)
        if len(records) == _PYTHON_ROWS:
            yield _batch_of(records, columns)
            records = []
    if records:
        yield _batch_of(records, columns)


def _batch_of(records: list[dict[str, Any]], columns: Sequence[str] | None) -> pa.RecordBatch:
    names = _selected([name for record in records for name in record], columns)
    return pa.RecordBatch.from_arrays([_column([record.get(name) for record in records]) for name in names], names=names)


def _column(values: list[Any]) -> pa.Array:
    """Values of one type as such; mixed ones as texts, from which numbers can be read again."""
    try:
        return pa.array(values)
    except (pa.ArrowException, OverflowError):
        return pa.array([text_of(value) for value in values], pa.string())


class _Raw(io.RawIOBase):
    """PyArrow's files as those of Python's `io`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer as far as the file goes."""
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
