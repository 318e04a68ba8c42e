"""Raw files to rows: the three formats, in whole or in chunks. What the values mean, `values/reader.py` says."""

import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy
import pandas

from cyclops_runtime.errors import InputError
from cyclops_runtime.values.csv_rows import Malformed, WrongRow, read_csv

CHUNK_ROWS = 50_000


class _Empty(Exception):
    """A file without any content."""


def read_chunks(
    file: BinaryIO, file_format: str, name: str, wrong: list[WrongRow] | None = None, rows: int = CHUNK_ROWS
) -> Iterator[pandas.DataFrame]:
    """The rows of one raw file in frames of at most `rows` rows, whose index is the row's number in the file from 0 on.

    CSV gives texts, None where blank. Rows of CSV whose fields do not match the header are added to `wrong`. `name` is the file's
    name in an InputError: for a file that cannot be read, names a column twice, or differs from its header as a whole.
    """
    try:
        if file_format == "csv":
            yield from _csv_chunks(file, rows, wrong)
        elif file_format == "jsonl":
            yield from _jsonl_chunks(file, rows)
        else:
            yield from _parquet_chunks(file, rows)
    except _Empty:
        raise InputError(f"{name}: the file is empty; take it away or fill it") from None
    except Malformed as error:
        raise InputError(f"{name}: cannot be read as {file_format}: {error}") from None
    except InputError:
        raise
    except Exception as error:  # readers raise ValueError, ArrowInvalid, UnicodeDecodeError, …
        reason = " ".join(str(error).split())
        raise InputError(f"{name}: cannot be read as {file_format}: {reason}") from error


def _csv_chunks(file: BinaryIO, rows: int, wrong: list[WrongRow] | None) -> Iterator[pandas.DataFrame]:
    content = read_csv(file, wrong)
    for numbers, columns in content.blocks(rows):
        arrays = [numpy.array(column, dtype=object) for column in columns]
        yield pandas.DataFrame(dict(zip(content.names, arrays, strict=True)), index=numbers, copy=False)


def _jsonl_chunks(file: BinaryIO, rows: int) -> Iterator[pandas.DataFrame]:
    records: list[dict] = []
    first = 0
    for record in json_records(io.TextIOWrapper(file, encoding="utf-8-sig")):
        records.append(record)
        if len(records) == rows:
            yield _frame_of(records, first)
            first, records = first + rows, []
    if records:
        yield _frame_of(records, first)
    elif first == 0:
        raise _Empty


def _frame_of(records: list[dict], first: int) -> pandas.DataFrame:
    return pandas.DataFrame(records, index=range(first, first + len(records)), dtype=object)


def json_records(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """The objects of JSON lines; blank lines are skipped. InputError names the line of what is none, or names a field twice."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, object_pairs_hook=_object)
        except ValueError as error:
            raise Malformed(f"line {number}: {error}") from None
        if not isinstance(record, dict):
            raise Malformed(f"line {number}: is no JSON object")
        yield record


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} is named twice")
    return found


def _parquet_chunks(file: BinaryIO, rows: int) -> Iterator[pandas.DataFrame]:
    import pyarrow.parquet

    # Parquet is read from its end, and object stores' streams seek by downloading anew.
    content = file.read()
    if not content:
        raise _Empty
    table = pyarrow.parquet.ParquetFile(io.BytesIO(content))
    names = table.schema_arrow.names
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise Malformed(f"it has the columns {', '.join(map(repr, twice))} more than once")
    if table.metadata.num_rows == 0:
        yield table.read().to_pandas()
    first = 0
    for batch in table.iter_batches(batch_size=rows):
        # Whole numbers with gaps stay whole numbers: as floats, ids of 19 digits lose their last ones.
        frame = batch.to_pandas(integer_object_nulls=True)
        yield frame.set_axis(range(first, first + len(frame)))
        first += len(frame)
