"""ingest: takes raw files over from the source, and lists the raw files of this run with sizes and checksums.

The raw zone mirrors the source: a file of the same name is replaced, so that a repeated run adds nothing twice. One of the same
content is left alone, so that its time says when data came last.
"""

from typing import Any

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger
from cyclops_runtime.raw_files import list_data_files, why_nothing
from cyclops_runtime.sources import fetch
from cyclops_runtime.storage import ZoneStore

log = get_logger(__name__)


def run(document: ModelDocument, run_id: str) -> dict[str, Any]:
    """Writes `ingest.json`: path, size in bytes and SHA-256 of every raw file. InputError where there is none."""
    store = ZoneStore(document)
    data = document.spec.data
    if data.source is not None:
        fetched = fetch(data.source, data, store)
        log.info("source-read", kind=type(data.source).__struct_config__.tag, files=fetched)
    files = list_data_files(store, data.path, data.format)
    if not files:
        raise InputError(
            f"no raw files: {why_nothing(store, data.path, data.format)}; "
            f"put {data.format} files there, or let spec.data.source fetch them"
        )
    listed = [{"path": file.path, "size": file.size, "sha256": store.checksum(file.path)} for file in files]
    # No run id and no time in it: equal raw files make an equal list, which is what caches compare.
    result = {"files": listed, "bytes": sum(file.size for file in files)}
    store.write_json(document.run_path("curated", run_id, "ingest.json"), result)
    log.info("raw-files-listed", files=len(files), bytes=result["bytes"])
    return result
