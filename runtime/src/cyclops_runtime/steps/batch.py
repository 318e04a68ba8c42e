"""batch: scores all input files with the champion, chunk by chunk.

Every input file becomes one part file with its number among all files, whoever scores it: shards never meet, and a repeated
run overwrites its own parts. The first instance notes the champion, the time and the files in `_plan.json`, so that a
repeated attempt, or a shard that starts late, works with the same version on the same files.
"""

import datetime
from collections.abc import Iterator
from typing import Any

import pandas

from cyclops_runtime.config import Share, shard_of_environment
from cyclops_runtime.document import ModelDocument
from cyclops_runtime.errors import InputError
from cyclops_runtime.frames import read_chunks
from cyclops_runtime.logging import get_logger
from cyclops_runtime.prediction import as_text, predict
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import Registry

log = get_logger(__name__)


def run(document: ModelDocument, run_id: str) -> dict[str, Any]:
    """Writes `part-*.parquet` (id, label, probability, model version, timestamp) and `batch.json` (rows, version).

    InputError where there is no champion, no input file, or an input file lacks columns.
    """
    store = ZoneStore(document)
    shard = shard_of_environment()
    folder = f"predictions/{document.model}/batch/{run_id}"
    the_plan = _plan(document, store, folder)
    model = Registry(document).load(the_plan["version"])
    own = list(enumerate(the_plan["files"]))[shard.index :: shard.count]
    rows = 0
    for number, path in own:
        count = _score_file(document, store, model, the_plan, path, f"{folder}/part-{number:05d}.parquet")
        rows += count
        log.info("file-scored", file=path, rows=count)
    part = {"files": len(own), "rows": rows, "version": the_plan["version"], "timestamp": the_plan["timestamp"]}
    return _finish(store, folder, shard, part)


def _plan(document: ModelDocument, store: ZoneStore, folder: str) -> dict[str, Any]:
    place = f"{folder}/_plan.json"
    if store.exists(place):
        return store.read_json(place)
    version = Registry(document).champion()
    if version is None:
        raise InputError(f"model {document.registry.model!r} has no champion: run the training pipeline first")
    prefix, _ = _input(document)
    files = [file.path for file in store.list_files(prefix)]
    if not files:
        raise InputError(f"no input files: {store.uri(prefix)} is empty")
    moment = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    the_plan = {"version": version, "files": files, "timestamp": moment.isoformat().replace("+00:00", "Z")}
    store.write_json(place, the_plan)
    return the_plan


def _input(document: ModelDocument) -> tuple[str, str]:
    """Prefix and format of the input; the curated zone holds parquet files."""
    batch = document.spec.batch
    prefix = (batch.input if batch else None) or document.spec.data.path
    return prefix, "parquet" if prefix.startswith("curated/") else document.spec.data.format


def _score_file(document: ModelDocument, store: ZoneStore, model: Any, the_plan: dict[str, Any], path: str, target: str) -> int:
    import pyarrow
    import pyarrow.parquet

    schema = _schema(document)
    rows = 0
    with store.open(path) as reader, store.open(target, "wb") as writer, pyarrow.parquet.ParquetWriter(writer, schema) as parquet:
        for chunk in read_chunks(reader, _input(document)[1], path):
            if chunk.empty:
                continue
            keys = _keys(document, path, chunk, rows)
            scored = _score(document, model, path, chunk)
            scored = keys.assign(
                label=scored["label"],
                probability=scored["probability"],
                model_version=the_plan["version"],
                timestamp=pandas.Timestamp(the_plan["timestamp"]),
            )
            parquet.write_table(pyarrow.Table.from_pandas(scored, schema=schema, preserve_index=False))
            rows += len(chunk)
    return rows


def _schema(document: ModelDocument) -> Any:
    """One schema for all parts, so that they can be read as one table whatever their rows hold."""
    import pyarrow

    row_id = document.spec.data.id
    keys = [(row_id, pyarrow.string())] if row_id else [("source_file", pyarrow.string()), ("source_row", pyarrow.int64())]
    return pyarrow.schema(
        [
            *keys,
            ("label", pyarrow.float64() if document.spec.task == "regression" else pyarrow.string()),
            ("probability", pyarrow.float64()),
            ("model_version", pyarrow.string()),
            ("timestamp", pyarrow.timestamp("us", tz="UTC")),
        ]
    )


def _keys(document: ModelDocument, path: str, chunk: pandas.DataFrame, start: int) -> pandas.DataFrame:
    """What joins a prediction with its row: the id column, or file and row number (from 0 on) where there is none."""
    row_id = document.spec.data.id
    if row_id is None:
        return pandas.DataFrame({"source_file": path, "source_row": range(start, start + len(chunk))}, index=chunk.index)
    if row_id not in chunk.columns:
        raise InputError(f"{path}: has no column {row_id!r} (spec.data.id)")
    return pandas.DataFrame({row_id: as_text(chunk[row_id])})


def _score(document: ModelDocument, model: Any, path: str, chunk: pandas.DataFrame) -> pandas.DataFrame:
    try:
        scored = predict(model, chunk)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    if document.spec.task != "regression":
        scored["label"] = as_text(scored["label"])
    return scored


def _finish(store: ZoneStore, folder: str, shard: Share, part: dict[str, Any]) -> dict[str, Any]:
    """Writes `batch.json`; with several instances each writes its own part, and the last one to end writes the sum."""
    if shard.count == 1:
        result = {**part, "instances": 1}
        store.write_json(f"{folder}/batch.json", result)
        return result
    store.write_json(f"{folder}/_shards/{shard.index}-of-{shard.count}.json", part)
    parts = list(_parts(store, folder, shard.count))
    if len(parts) == shard.count:
        total = {name: sum(other[name] for other in parts) for name in ("files", "rows")}
        store.write_json(f"{folder}/batch.json", {**part, **total, "instances": shard.count})
    return {**part, "shard": f"{shard.index}/{shard.count}"}


def _parts(store: ZoneStore, folder: str, count: int) -> Iterator[dict[str, Any]]:
    for index in range(count):
        place = f"{folder}/_shards/{index}-of-{count}.json"
        if store.exists(place):
            yield store.read_json(place)
