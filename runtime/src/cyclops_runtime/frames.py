"""Raw files to rows: the three formats, in whole or in chunks, and the coercion of columns to logical types.

CSV is read as text, so that the declared type decides what a value means and `007` stays text where it is text.
"""

import io
import json
from collections.abc import Iterator
from typing import BinaryIO

import pandas

from cyclops_runtime.errors import InputError
from cyclops_runtime.prediction import as_number, as_text

TRUE_WORDS = {"true", "yes", "1", "t", "y"}
FALSE_WORDS = {"false", "no", "0", "f", "n"}
CHUNK_ROWS = 50_000


def read_chunks(file: BinaryIO, file_format: str, name: str, rows: int = CHUNK_ROWS) -> Iterator[pandas.DataFrame]:
    """The rows of one raw file in frames of at most `rows` rows; `name` is the file's name in an InputError."""
    readers = {"csv": _csv_chunks, "jsonl": _jsonl_chunks, "parquet": _parquet_chunks}
    try:
        yield from readers[file_format](file, rows)
    except InputError:
        raise
    except pandas.errors.EmptyDataError:
        raise InputError(f"{name}: the file is empty; take it away or fill it") from None
    except Exception as error:  # readers raise ValueError, ParserError, ArrowInvalid, UnicodeDecodeError, …
        reason = " ".join(str(error).split())
        raise InputError(f"{name}: cannot be read as {file_format}: {reason}") from error


def _csv_chunks(file: BinaryIO, rows: int) -> Iterator[pandas.DataFrame]:
    options = {"dtype": str, "keep_default_na": False, "encoding": "utf-8-sig", "skipinitialspace": True}
    with pandas.read_csv(file, chunksize=rows, **options) as reader:
        for chunk in reader:
            yield chunk.map(_blank_to_none).astype(object)


def _blank_to_none(value: object) -> object:
    """Blanks around a value carry no meaning in CSV, and a value of nothing but blanks is a missing one."""
    return (value.strip() or None) if isinstance(value, str) else None


def _jsonl_chunks(file: BinaryIO, rows: int) -> Iterator[pandas.DataFrame]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig")
    records: list[dict] = []
    empty = True
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None
        if not isinstance(record, dict):
            raise ValueError(f"line {number}: is no JSON object")
        records.append(record)
        empty = False
        if len(records) == rows:
            yield pandas.DataFrame(records, dtype=object)
            records = []
    if empty:
        raise pandas.errors.EmptyDataError
    if records:
        yield pandas.DataFrame(records, dtype=object)


def _parquet_chunks(file: BinaryIO, rows: int) -> Iterator[pandas.DataFrame]:
    import pyarrow.parquet

    # Parquet is read from its end, and object stores' streams seek by downloading anew.
    content = file.read()
    if not content:
        raise pandas.errors.EmptyDataError
    table = pyarrow.parquet.ParquetFile(io.BytesIO(content))
    if table.metadata.num_rows == 0:
        yield table.read().to_pandas()
    for batch in table.iter_batches(batch_size=rows):
        yield batch.to_pandas()


def infer_type(values: pandas.Series) -> str:
    """Logical type of an undeclared column: boolean, number, datetime (typed files only) or string.

    A column without any value is a number: models can fill it, and a category of nothing says nothing.
    """
    if pandas.api.types.is_bool_dtype(values):
        return "boolean"
    if pandas.api.types.is_datetime64_any_dtype(values):
        return "datetime"
    if pandas.api.types.is_numeric_dtype(values):
        return "number"
    present = values.dropna()
    if present.empty:
        return "number"
    if all(isinstance(value, bool) for value in present):
        return "boolean"
    lowered = set(present.map(lambda value: str(value).lower()).unique()[:3])
    if lowered <= {"true", "false"}:
        return "boolean"
    return "number" if pandas.to_numeric(present, errors="coerce").notna().all() else "string"


def coerce(values: pandas.Series, column_type: str) -> pandas.Series:
    """A column as its logical type; a value that does not fit becomes missing.

    integer and number: float64. boolean: `boolean` (nullable). string: text or None. datetime: UTC, microseconds.
    """
    if column_type in ("integer", "number"):
        numbers = as_number(values) if _is_typed(values) else pandas.to_numeric(values, errors="coerce").astype("float64")
        numbers = numbers.replace([float("inf"), float("-inf")], float("nan"))
        return numbers.where(numbers % 1 == 0) if column_type == "integer" else numbers
    if column_type == "boolean":
        return values.map(_as_boolean).astype("boolean")
    if column_type == "datetime":
        return pandas.to_datetime(values, errors="coerce", utc=True, format=None if _is_typed(values) else "ISO8601").astype(
            "datetime64[us, UTC]"
        )
    return as_text(values)


def _is_typed(values: pandas.Series) -> bool:
    return pandas.api.types.is_datetime64_any_dtype(values)


def _as_boolean(value: object) -> bool | None:
    if value is None or value is pandas.NA or value != value:
        return None
    word = str(int(value)) if isinstance(value, float) and value in (0.0, 1.0) else str(value).strip().lower()
    return True if word in TRUE_WORDS else False if word in FALSE_WORDS else None


def label_text(value: object) -> str:
    """A class label as text, in the one form that all steps use: `1.0` is "1", true is "true"."""
    return as_text(pandas.Series([value], dtype=object)).iloc[0]
