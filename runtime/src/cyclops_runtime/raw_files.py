"""Which of the files below a prefix hold rows: those with an ending of their format. A README beside them is no data."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from cyclops_runtime.logging import get_logger
from cyclops_runtime.storage import FileInfo, ZoneStore

log = get_logger(__name__)

ENDINGS = {"csv": (".csv",), "jsonl": (".jsonl", ".ndjson", ".json"), "parquet": (".parquet", ".pq")}
_SHOWN = 5
_File = TypeVar("_File")


def has_ending(name: str, file_format: str) -> bool:
    """Whether a file's name has an ending of the format, in any case. `~$` begins what Excel keeps beside an open file."""
    return name.lower().endswith(ENDINGS[file_format]) and not name.rpartition("/")[2].startswith("~$")


def list_data_files(store: ZoneStore, prefix: str, file_format: str) -> list[FileInfo]:
    """The files below a prefix that hold rows, sorted by path; the others are named in the log. A prefix may be a single file."""
    return only_data(store.list_files(prefix), lambda file: file.path, prefix, file_format)


def only_data(files: Iterable[_File], path_of: Callable[[Any], str], prefix: str, file_format: str) -> list[_File]:
    """Those of the files that hold rows; a file that is the prefix itself was meant, whatever its name."""
    kept, ignored = [], []
    for file in files:
        path = path_of(file)
        (kept if path == prefix or has_ending(path, file_format) else ignored).append(file)
    if ignored:
        names = [path_of(file) for file in ignored]
        log.warning("files-ignored", prefix=prefix, files=_shown(names), read=", ".join(ENDINGS[file_format]))
    return kept


def why_nothing(store: ZoneStore, prefix: str, file_format: str) -> str:
    """Why no file below a prefix holds rows, for an error."""
    others = [file.path for file in store.list_files(prefix)]
    if not others:
        return f"{store.uri(prefix)} is empty"
    return (
        f"{store.uri(prefix)} has no file ending in {' or '.join(ENDINGS[file_format])} (spec.data.format: {file_format}), "
        f"but {_shown(others)}"
    )


def _shown(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
