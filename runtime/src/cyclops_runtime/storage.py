"""Files in the storage zones: S3, Cloud Storage, Blob Storage and local folders behind one class."""

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, BinaryIO

import fsspec

from cyclops_runtime.errors import InputError, RuntimeFailure

if TYPE_CHECKING:
    import pandas

    from cyclops_runtime.document import ModelDocument

_URL = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_CHUNK_BYTES = 1 << 20
# Larger files wait on disk, in the folder for temporary files, until they are complete.
_SPOOL_BYTES = 64 << 20
# Pauses, in seconds, before it is looked again for a file that a store says it does not have: SeaweedFS that had just restarted
# answered so for one that it had (on the test cluster, 4.48), and a step that believes it fails for good.
_SECOND_LOOKS = (2.0, 5.0, 10.0)


def _open(filesystem: Any, place: str, mode: str) -> Any:
    """Opens a file; FileNotFoundError where it is not there, for an object store at the last look."""
    local = "file" in filesystem.protocol
    for pause in () if local else _SECOND_LOOKS:
        try:
            return filesystem.open(place, mode)
        except FileNotFoundError:
            time.sleep(pause)
    return filesystem.open(place, mode)


@dataclass(frozen=True)
class FileInfo:
    """One file: its zone path (or address), name below the listed prefix, size in bytes, and time of its last change.

    The time is None where the listing of a store does not tell it.
    """

    path: str
    name: str
    size: int
    modified: datetime | None = None


def storage_options(uri: str) -> dict[str, Any]:
    """Arguments of fsspec for an address: S3 honours AWS_ENDPOINT_URL and AWS_REGION; the others need none."""
    if not uri.startswith(("s3://", "s3a://")):
        return {}
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    options: dict[str, Any] = {"use_listings_cache": False, "skip_instance_cache": True}
    if region:
        options["client_kwargs"] = {"region_name": region}
    if endpoint:
        options["endpoint_url"] = endpoint
        # Endpoints other than Amazon's know neither bucket host names nor, mostly, the newer checksum trailers.
        options["config_kwargs"] = {
            "s3": {"addressing_style": "path"},
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
        }
    return options


def copy_folder(uri: str, directory: str) -> None:
    """Copies all files below an address into a local directory; FileNotFoundError where there are none."""
    filesystem, place = fsspec.core.url_to_fs(uri, **storage_options(uri))
    filesystem.get(place.rstrip("/") + "/", directory.rstrip("/") + "/", recursive=True)


class ZoneStore:
    """Reads and writes files by zone path: `features/churn/runs/R/train.parquet` is that file in the zone `features`.

    A full address (`s3://…`, `file://…`) is taken as it is. Every failure to find a file is an InputError.
    """

    def __init__(self, document: "ModelDocument"):
        self._zones = document.zones

    def uri(self, path: str) -> str:
        """Address of a zone path. Local zones become absolute paths, so that the address holds in any folder."""
        if _URL.match(path):
            return path
        zone, _, rest = path.partition("/")
        root = getattr(self._zones, zone, None)
        if root is None:
            raise InputError(f"{path!r} is in no zone: start it with raw/, curated/, features/, models/ or predictions/")
        if ".." in rest.split("/"):
            raise InputError(f"{path!r} leaves its zone")
        if not _URL.match(root):
            root = os.path.abspath(root)
        return f"{root.rstrip('/')}/{rest}"

    def exists(self, path: str) -> bool:
        """Whether there is such a file (or, on local disks, folder)."""
        filesystem, place = self._place(path)
        return filesystem.exists(place)

    def list_files(self, path: str) -> list[FileInfo]:
        """All files below a prefix, sorted by path; hidden ones (`.x`, `_x`) and empty folder markers left out."""
        filesystem, place = self._place(path)
        try:
            found = filesystem.find(place, detail=True)
        except FileNotFoundError:
            return []
        base = filesystem._strip_protocol(place).rstrip("/")
        files = []
        for full, info in found.items():
            name = full[len(base) :].lstrip("/") if full != base else os.path.basename(full)
            if any(part.startswith((".", "_")) for part in name.split("/")) or full.endswith("/"):
                continue
            separator = "" if path.endswith("/") or full == base else "/"
            own = path if full == base else f"{path}{separator}{name}"
            files.append(FileInfo(own, name, int(info["size"]), modified_of(info)))
        return sorted(files, key=lambda file: file.path)

    def read_bytes(self, path: str) -> bytes:
        """The whole content of a file."""
        with self.open(path) as file:
            return file.read()

    def write_bytes(self, path: str, content: bytes) -> None:
        """Makes or replaces a file; folders are made as needed. Local files appear whole or not at all."""
        with self.open(path, "wb") as file:
            file.write(content)

    def read_json(self, path: str) -> Any:
        """The value in a JSON file."""
        try:
            return json.loads(self.read_bytes(path))
        except ValueError as error:
            raise InputError(f"{self.uri(path)}: is not JSON: {error}") from None

    def write_json(self, path: str, value: Any) -> None:
        """Writes a value as JSON with sorted keys, so that equal values make equal files."""
        self.write_bytes(path, json.dumps(value, indent=2, sort_keys=True, default=_plain).encode() + b"\n")

    def read_parquet(self, path: str, columns: list[str] | None = None) -> "pandas.DataFrame":
        """The rows of a parquet file; InputError where it is missing or damaged."""
        import pandas

        content = self.read_bytes(path)
        try:
            return pandas.read_parquet(io.BytesIO(content), columns=columns)
        except Exception as error:  # pyarrow's errors have no common base
            raise InputError(f"{self.uri(path)}: cannot be read as parquet: {error}") from error

    def write_parquet(self, path: str, frame: "pandas.DataFrame") -> None:
        """Writes rows without their index."""
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        self.write_bytes(path, buffer.getvalue())

    def checksum(self, path: str) -> str:
        """SHA-256 of a file's content, in hexadecimal; the file is read in pieces of 1 MiB."""
        digest = hashlib.sha256()
        with self.open(path) as file:
            while piece := file.read(_CHUNK_BYTES):
                digest.update(piece)
        return digest.hexdigest()

    def copy(self, source: str, target: str) -> None:
        """Copies one file, also between zones of different kinds, in pieces of 1 MiB."""
        with self.open(source) as reader, self.open(target, "wb") as writer:
            while piece := reader.read(_CHUNK_BYTES):
                writer.write(piece)

    @contextmanager
    def open_to_mirror(self, path: str) -> Iterator[BinaryIO]:
        """A file for writing that takes the old one's place only where it differs: its time is that of the last change."""
        with tempfile.TemporaryFile() as draft:
            yield draft
            size = draft.seek(0, os.SEEK_END)
            if self._holds(path, size, draft):
                return
            draft.seek(0)
            with self.open(path, "wb") as file:
                shutil.copyfileobj(draft, file, _CHUNK_BYTES)

    def _holds(self, path: str, size: int, content: BinaryIO) -> bool:
        filesystem, place = self._place(path)
        if not filesystem.exists(place) or filesystem.size(place) != size:
            return False
        digest = hashlib.sha256()
        content.seek(0)
        while piece := content.read(_CHUNK_BYTES):
            digest.update(piece)
        return self.checksum(path) == digest.hexdigest()

    def delete(self, path: str) -> None:
        """Takes a file away; does nothing where there is none."""
        filesystem, place = self._place(path)
        if filesystem.exists(place):
            filesystem.rm_file(place)

    @contextmanager
    def open(self, path: str, mode: str = "rb") -> Iterator[BinaryIO]:
        """A file for reading or writing in pieces. Written files appear when the block ends without a failure."""
        filesystem, place = self._place(path)
        if "w" in mode:
            with _write(filesystem, place, self.uri(path)) as file:
                yield file
            return
        try:
            file = _open(filesystem, place, mode)
        except (FileNotFoundError, IsADirectoryError):
            raise InputError(f"{self.uri(path)}: no such file; the step that writes it must run before") from None
        except OSError as error:  # PermissionError is one of them
            raise RuntimeFailure(f"{self.uri(path)}: cannot be read: {error}") from error
        with file:
            yield file

    def _place(self, path: str) -> tuple[Any, str]:
        uri = self.uri(path)
        return fsspec.core.url_to_fs(uri, **storage_options(uri))


def modified_of(info: Mapping[str, Any]) -> datetime | None:
    """Time of the last change in an fsspec listing's entry, with a time zone."""
    for key in ("LastModified", "last_modified", "updated", "mtime"):  # S3, Blob Storage, Cloud Storage, local
        value = info.get(key)
        if isinstance(value, (int, float)):
            return datetime.fromtimestamp(value, timezone.utc)
        if isinstance(value, str):
            value = datetime.fromisoformat(value.replace("Z", "+00:00"))
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=timezone.utc)
    return None


@contextmanager
def _write(filesystem: Any, place: str, uri: str) -> Iterator[BinaryIO]:
    if "file" not in filesystem.protocol:
        # A stream to an object store that is closed by a failure would complete its upload, with half of the content.
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES) as draft:
            yield draft
            draft.seek(0)
            try:
                with filesystem.open(place, "wb") as file:
                    shutil.copyfileobj(draft, file, _CHUNK_BYTES)
            except OSError as error:
                raise RuntimeFailure(f"{uri}: cannot be written: {error}") from error
        return
    os.makedirs(os.path.dirname(place), exist_ok=True)
    # The process id keeps two processes that write the same file apart; the rename is atomic.
    draft = os.path.join(os.path.dirname(place), f".{os.path.basename(place)}.{os.getpid()}.part")
    try:
        with open(draft, "wb") as file:
            yield file
        os.replace(draft, place)
    finally:
        if os.path.exists(draft):
            os.unlink(draft)


def _plain(value: Any) -> Any:
    """Numbers of numpy and moments as JSON's own types."""
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"cannot write {type(value).__name__} as JSON")
