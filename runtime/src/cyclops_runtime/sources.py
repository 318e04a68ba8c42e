"""Fetches raw files from the three kinds of source into the raw zone. Secrets are read from files and never logged."""

import csv
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

import fsspec

from cyclops_runtime.config import find_secret, read_secret
from cyclops_runtime.document import DataSpec, HttpSource, ObjectSource, SqlSource
from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger, redact
from cyclops_runtime.raw_files import has_ending
from cyclops_runtime.storage import ZoneStore, modified_of, storage_options

log = get_logger(__name__)

_FETCH_ROWS = 20_000
_PIECE_BYTES = 1 << 20
_S3_KEYS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "token",
    "AWS_ENDPOINT_URL": "endpoint_url",
}
_GCS_KEYS = {"token": "token"}
_AZURE_KEYS = {
    name: name
    for name in ("account_name", "account_key", "sas_token", "connection_string", "tenant_id", "client_id", "client_secret")
}


def fetch(source: ObjectSource | HttpSource | SqlSource, data: DataSpec, store: ZoneStore) -> int:
    """Copies what the source has below `data.path`; returns the number of files. One that has not changed keeps its time."""
    if isinstance(source, ObjectSource):
        return _fetch_objects(source, data, store)
    if isinstance(source, HttpSource):
        return _fetch_http(source, data, store)
    return _fetch_sql(source, data, store)


@dataclass(frozen=True)
class SourceFile:
    """A file as a source shows it: the zone path it would get, its size in bytes and last change where told, and its SHA-256."""

    path: str
    size: int | None
    modified: datetime | None
    checksum: Callable[[], str]


def list_source(source: ObjectSource | HttpSource | SqlSource, data: DataSpec) -> list[SourceFile]:
    """What `fetch` would copy now, without copying it. InputError for a database, and for what cannot be listed."""
    if isinstance(source, ObjectSource):
        return _list_objects(source, data)
    if isinstance(source, HttpSource):
        return _look_at_http(source, data)
    raise InputError("spec.data.source: a database does not tell whether the rows of a query are new; use training.schedule")


def _target(data: DataSpec, name: str) -> str:
    return f"{data.path.rstrip('/')}/{name}"


def _fetch_objects(source: ObjectSource, data: DataSpec, store: ZoneStore) -> int:
    try:
        filesystem, files = _objects(source)
        for full, (name, _) in files.items():
            with filesystem.open(full, "rb") as reader, store.open_to_mirror(_target(data, name)) as writer:
                _pump(reader, writer)
    except Exception as error:  # every storage library has its own errors
        raise InputError(f"source {source.uri}: cannot be read: {redact(str(error))}") from error
    if not files:
        raise InputError(f"source {source.uri}: there are no files")
    return len(files)


def _objects(source: ObjectSource) -> tuple[Any, dict[str, tuple[str, dict[str, Any]]]]:
    """The source's file system, and name below its address and listing entry of each file, by full path."""
    options = {**storage_options(source.uri), **_secret_options(source)}
    filesystem, place = fsspec.core.url_to_fs(source.uri, **options)
    found = filesystem.find(place, detail=True)
    base = filesystem._strip_protocol(place).rstrip("/")
    files = {full: (full[len(base) :].lstrip("/") or PurePosixPath(full).name, found[full]) for full in sorted(found)}
    return filesystem, {full: file for full, file in files.items() if not file[0].endswith("/")}


def _list_objects(source: ObjectSource, data: DataSpec) -> list[SourceFile]:
    try:
        filesystem, files = _objects(source)
    except Exception as error:  # every storage library has its own errors
        raise InputError(f"source {source.uri}: cannot be listed: {redact(str(error))}") from error

    def checksum(full: str) -> str:
        digest = hashlib.sha256()
        with filesystem.open(full, "rb") as reader:
            while piece := reader.read(_PIECE_BYTES):
                digest.update(piece)
        return digest.hexdigest()

    return [
        SourceFile(_target(data, name), int(info["size"]), modified_of(info), partial(checksum, full))
        for full, (name, info) in files.items()
    ]


def _secret_options(source: ObjectSource) -> dict[str, str]:
    if source.secret is None:
        return {}
    scheme = urlsplit(source.uri).scheme
    keys = {"s3": _S3_KEYS, "s3a": _S3_KEYS, "gs": _GCS_KEYS, "gcs": _GCS_KEYS}.get(scheme, _AZURE_KEYS)
    values = {option: find_secret(source.secret, key) for key, option in keys.items()}
    given = {option: value for option, value in values.items() if value is not None}
    if not given:
        raise InputError(f"secret {source.secret!r} has none of the keys {', '.join(keys)}")
    return given


def _pump(reader: BinaryIO, writer: BinaryIO) -> None:
    while piece := reader.read(_PIECE_BYTES):
        writer.write(piece)


def _fetch_http(source: HttpSource, data: DataSpec, store: ZoneStore) -> int:
    import httpx

    target, shown, headers = _http_request(source, data)
    try:
        # The time limit is for silence, not for the whole download.
        with httpx.stream("GET", source.url, headers=headers, follow_redirects=True, timeout=60) as answer:
            answer.raise_for_status()
            with store.open_to_mirror(target) as writer:
                for piece in answer.iter_bytes(_PIECE_BYTES):
                    writer.write(piece)
    except httpx.HTTPStatusError as error:
        raise InputError(f"source {shown}: answered {error.response.status_code}") from error
    except httpx.HTTPError as error:
        raise InputError(f"source {shown}: cannot be read: {type(error).__name__}: {redact(str(error))}") from error
    return 1


def _http_request(source: HttpSource, data: DataSpec) -> tuple[str, str, dict[str, str]]:
    """Zone path of the file, the address without what may be secret, and the request's headers."""
    address = urlsplit(source.url)
    if address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise InputError(f"source {source.url}: use https; plain http is for this machine only")
    headers = {"Authorization": f"Bearer {read_secret(source.secret, 'token')}"} if source.secret else {}
    name = re.sub(r"[^A-Za-z0-9._-]", "_", unquote(PurePosixPath(address.path).name)).lstrip("._")
    name = name or f"download.{data.format}"
    # Many addresses of data end otherwise, and steps read files by their ending.
    target = _target(data, name if has_ending(name, data.format) else f"{name}.{data.format}")
    return (
        target,
        f"{address.scheme}://{address.netloc.rpartition('@')[2]}{address.path}",
        headers,
    )  # the query may hold a signature


def _look_at_http(source: HttpSource, data: DataSpec) -> list[SourceFile]:
    import httpx

    target, shown, headers = _http_request(source, data)
    # Of a compressed answer the length would not be the file's.
    headers = {**headers, "Accept-Encoding": "identity"}
    try:
        answer = httpx.head(source.url, headers=headers, follow_redirects=True, timeout=60)
        answer.raise_for_status()
    except httpx.HTTPStatusError as error:
        raise InputError(f"source {shown}: answered {error.response.status_code} to HEAD") from error
    except httpx.HTTPError as error:
        raise InputError(f"source {shown}: cannot be read: {type(error).__name__}: {redact(str(error))}") from error
    length, changed = answer.headers.get("content-length"), answer.headers.get("last-modified")
    if length is None and changed is None:
        raise InputError(f"source {shown}: tells neither Content-Length nor Last-Modified, so that a change cannot be seen")

    def checksum() -> str:
        digest = hashlib.sha256()
        with httpx.stream("GET", source.url, headers=headers, follow_redirects=True, timeout=60) as content:
            content.raise_for_status()
            for piece in content.iter_bytes(_PIECE_BYTES):
                digest.update(piece)
        return digest.hexdigest()

    modified = parsedate_to_datetime(changed) if changed is not None else None
    return [SourceFile(target, int(length) if length is not None else None, modified, checksum)]


def check_select(query: str) -> str:
    """The query without its closing semicolon; InputError unless it is a single SELECT (or WITH … SELECT)."""
    statement = query.strip().rstrip(";").strip()
    without_text = re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/", " ", statement, flags=re.DOTALL).strip()
    if not re.match(r"(?is)^(select|with)\b", without_text):
        raise InputError("spec.data.source.query: must be a SELECT statement")
    if ";" in without_text:
        raise InputError("spec.data.source.query: must be a single statement, without semicolons")
    if re.search(r"(?i)\b(insert|update|delete|merge|drop|alter|create|truncate|grant|call|copy)\b(?!\s*\()", without_text):
        raise InputError("spec.data.source.query: only reads are allowed; quote a column of that name with double quotes")
    return statement


def _fetch_sql(source: SqlSource, data: DataSpec, store: ZoneStore) -> int:
    import sqlalchemy

    statement = check_select(source.query)
    address = read_secret(source.secret, "url")
    try:
        engine = sqlalchemy.create_engine(address)
    except Exception as error:
        raise InputError(
            f"secret {source.secret!r}: `url` is no SQLAlchemy address that can be used here: "
            f"{type(error).__name__}: {redact(str(error))}"
        ) from None
    try:
        with engine.connect() as connection:
            _make_read_only(connection)
            answer = connection.execution_options(stream_results=True).execute(sqlalchemy.text(_escape(statement)))
            columns = list(answer.keys())
            _check_names(columns)
            batches = iter(lambda: answer.fetchmany(_FETCH_ROWS), [])
            with store.open_to_mirror(_target(data, f"query.{data.format}")) as writer:
                _WRITERS[data.format](writer, columns, batches)
    except sqlalchemy.exc.SQLAlchemyError as error:
        reason = redact(" ".join(str(getattr(error, "orig", None) or error).split()))
        raise InputError(f"source database of secret {source.secret!r}: {reason}") from error
    finally:
        engine.dispose()
    return 1


def _check_names(columns: list[str]) -> None:
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise InputError(
            f"spec.data.source.query: gives the columns {', '.join(map(repr, twice))} more than once: "
            "name each with AS, or leave it out"
        )


def _escape(statement: str) -> str:
    """Colons are parameters to SQLAlchemy, and there are none here; `::` is a cast and is left to it."""
    return re.sub(r"(?<![:\\]):(?=[A-Za-z_])", r"\\:", statement)


def _make_read_only(connection: Any) -> None:
    """A second guard behind `check_select`, where the database has one."""
    import sqlalchemy

    command = {
        "postgresql": "SET TRANSACTION READ ONLY",
        "mysql": "SET SESSION TRANSACTION READ ONLY",
        "sqlite": "PRAGMA query_only = ON",
    }.get(connection.dialect.name)
    if command:
        connection.execute(sqlalchemy.text(command))


def _write_csv(writer: BinaryIO, columns: list[str], batches: Iterator[Any]) -> None:
    text = io.TextIOWrapper(writer, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(columns)
    for batch in batches:
        rows.writerows(batch)
    text.flush()
    text.detach()


def _write_jsonl(writer: BinaryIO, columns: list[str], batches: Iterator[Any]) -> None:
    for batch in batches:
        for row in batch:
            writer.write(json.dumps(dict(zip(columns, row, strict=True)), default=_json_value).encode() + b"\n")


def _json_value(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "as_tuple"):  # a decimal; as a float an id of 19 digits would lose its last ones
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def _write_parquet(writer: BinaryIO, columns: list[str], batches: Iterator[Any]) -> None:
    import pyarrow
    import pyarrow.parquet

    # Types are known only when all rows are: a first batch of nothing but missing values has none.
    with tempfile.SpooledTemporaryFile(max_size=256 << 20) as buffer:
        rows = [tuple(row) for batch in batches for row in batch]
        values = [[row[position] for row in rows] for position in range(len(columns))]
        pyarrow.parquet.write_table(pyarrow.table([_arrow_column(column) for column in values], names=columns), buffer)
        buffer.seek(0)
        _pump(buffer, writer)


def _arrow_column(values: list[Any]) -> Any:
    """Whole numbers stay whole, also beside gaps and where the database has them as decimals; several types become texts."""
    import pyarrow

    decimals = [value for value in values if hasattr(value, "as_tuple")]
    if decimals:
        whole = all(value.is_finite() and value == value.to_integral_value() and abs(value) < 2**63 for value in decimals)
        plain = int if whole else float
        values = [plain(value) if hasattr(value, "as_tuple") else value for value in values]
    try:
        return pyarrow.array(values)
    except (pyarrow.ArrowException, OverflowError):
        return pyarrow.array([None if value is None else str(value) for value in values], pyarrow.string())


_WRITERS = {"csv": _write_csv, "jsonl": _write_jsonl, "parquet": _write_parquet}
