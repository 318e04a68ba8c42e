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
from cyclops_runtime.prediction import (
    LABEL,
    PROBABILITY,
    contract_of_model,
    interpret,
    model_metadata,
    read_features,
    tell_where_undeclared,
)
from cyclops_runtime.raw_files import list_data_files, why_nothing
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import Registry
from cyclops_runtime.values.reader import read_ids, texts

log = get_logger(__name__)

# Rows that are named; the others are counted.
_SHOWN = 20


def run(document: ModelDocument, run_id: str) -> dict[str, Any]:
    """Writes `part-*.parquet` (id, label, probability, model version, timestamp) and `batch.json` (rows, version).

    Rows that cannot be read as the model was trained are set aside: counted and named in `batch.json`. InputError where there is
    no champion, no input file, or an input file lacks columns or has more such rows than `maxViolationShare`.
    """
    store = ZoneStore(document)
    shard = shard_of_environment()
    folder = f"predictions/{document.model}/batch/{run_id}"
    the_plan = _plan(document, store, folder)
    model = Registry(document).load(the_plan["version"])
    own = list(enumerate(the_plan["files"]))[shard.index :: shard.count]
    tell_where_undeclared(contract_of_model(model), the_plan["version"])
    rows, set_aside = 0, []
    for number, path in own:
        count, wrong = _score_file(document, store, model, the_plan, path, f"{folder}/part-{number:05d}.parquet")
        rows += count
        set_aside += wrong
        log.info("file-scored", file=path, rows=count, set_aside=len(wrong))
    part = {
        "files": len(own),
        "rows": rows,
        "rowsSetAside": len(set_aside),
        "setAside": set_aside[:_SHOWN],
        "version": the_plan["version"],
        "timestamp": the_plan["timestamp"],
    }
    return _finish(store, folder, shard, part)


def _plan(document: ModelDocument, store: ZoneStore, folder: str) -> dict[str, Any]:
    place = f"{folder}/_plan.json"
    if store.exists(place):
        return store.read_json(place)
    version = Registry(document).champion()
    if version is None:
        raise InputError(f"model {document.registry.model!r} has no champion: run the training pipeline first")
    prefix, file_format = _input(document)
    files = [file.path for file in list_data_files(store, prefix, file_format)]
    if not files:
        raise InputError(f"no input files: {why_nothing(store, prefix, file_format)}")
    moment = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    the_plan = {"version": version, "files": files, "timestamp": moment.isoformat().replace("+00:00", "Z")}
    store.write_json(place, the_plan)
    return the_plan


def _input(document: ModelDocument) -> tuple[str, str]:
    """Prefix and format of the input; the curated zone holds parquet files."""
    batch = document.spec.batch
    prefix = (batch.input if batch else None) or document.spec.data.path
    return prefix, "parquet" if prefix.startswith("curated/") else document.spec.data.format


def _score_file(
    document: ModelDocument, store: ZoneStore, model: Any, the_plan: dict[str, Any], path: str, target: str
) -> tuple[int, list[dict[str, Any]]]:
    """The number of rows that were scored, and those that were set aside, with the reason."""
    import pyarrow
    import pyarrow.parquet

    schema = _schema(document)
    rows, unfit, set_aside = 0, [], []
    with store.open(path) as reader, store.open(target, "wb") as writer, pyarrow.parquet.ParquetWriter(writer, schema) as parquet:
        for chunk in read_chunks(reader, _input(document)[1], path, unfit):
            if chunk.empty:
                continue
            keys, lost = _keys(document, path, chunk)
            scored, wrong = _score(document, model, path, chunk, lost)
            set_aside += [{"file": path, "row": row, "reason": reason} for row, reason in wrong]
            scored = keys.loc[scored.index].assign(
                label=scored["label"],
                probability=scored["probability"],
                model_version=the_plan["version"],
                timestamp=pandas.Timestamp(the_plan["timestamp"]),
            )
            parquet.write_table(pyarrow.Table.from_pandas(scored, schema=schema, preserve_index=False))
            rows += len(scored)
        set_aside += [{"file": path, "row": row.row, "reason": str(row)} for row in unfit]
        _check_share(document, path, rows, set_aside)
    return rows, set_aside


def _check_share(document: ModelDocument, path: str, rows: int, set_aside: list[dict[str, Any]]) -> None:
    """As in training, a few rows that cannot be read are set aside, and a file of many is refused."""
    set_aside.sort(key=lambda entry: entry["row"])
    for entry in set_aside[:_SHOWN]:
        log.warning("row-set-aside", **entry)
    share, allowed = len(set_aside) / max(rows + len(set_aside), 1), document.spec.data.max_violation_share
    if share > allowed:
        raise InputError(
            f"{path}: {len(set_aside)} of {rows + len(set_aside)} rows ({share:.1%}) cannot be read as the model was trained, "
            f"more than spec.data.maxViolationShare ({allowed:.1%}) allows: row {set_aside[0]['row']}: {set_aside[0]['reason']}"
        )


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


def _keys(document: ModelDocument, path: str, chunk: pandas.DataFrame) -> tuple[pandas.DataFrame, dict[int, str]]:
    """What joins a prediction with its row: the id column, or file and row number (from 0 on) where there is none.

    Also the positions of rows whose id cannot be told, with the reason.
    """
    row_id = document.spec.data.id
    if row_id is None:
        return pandas.DataFrame({"source_file": path, "source_row": chunk.index}, index=chunk.index), {}
    if row_id not in chunk.columns:
        raise InputError(f"{path}: has no column {row_id!r} (spec.data.id)")
    found = read_ids(chunk[row_id])
    reason = f"column {row_id!r}: the id is a float, which has lost its last digits: write ids as whole numbers or texts"
    return pandas.DataFrame({row_id: found.values}, index=chunk.index), dict.fromkeys(found.wrong, reason)


def _score(
    document: ModelDocument, model: Any, path: str, chunk: pandas.DataFrame, lost: dict[int, str]
) -> tuple[pandas.DataFrame, list[tuple[int, str]]]:
    """Predictions of the rows that can be read, with their numbers as index; and number and reason of the others."""
    try:
        features, wrong = read_features(model, chunk)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    reasons = {**{value.row: str(value) for value in reversed(wrong)}, **lost}
    set_aside = [(int(chunk.index[row]), reason) for row, reason in sorted(reasons.items())]
    if reasons:
        features = features.drop(index=chunk.index[list(reasons)])
    if features.empty:
        return pandas.DataFrame({LABEL: [], PROBABILITY: []}), set_aside
    scored = interpret(model.predict(features), model_metadata(model), features.index)
    if document.spec.task != "regression":
        scored[LABEL] = texts(scored[LABEL])
    return scored, set_aside


def _finish(store: ZoneStore, folder: str, shard: Share, part: dict[str, Any]) -> dict[str, Any]:
    """Writes `batch.json`; with several instances each writes its own part, and the last one to end writes the sum."""
    if shard.count == 1:
        result = {**part, "instances": 1}
        store.write_json(f"{folder}/batch.json", result)
        return result
    store.write_json(f"{folder}/_shards/{shard.index}-of-{shard.count}.json", part)
    parts = list(_parts(store, folder, shard.count))
    if len(parts) == shard.count:
        total: dict[str, Any] = {name: sum(other[name] for other in parts) for name in ("files", "rows", "rowsSetAside")}
        total["setAside"] = [row for other in parts for row in other["setAside"]][:_SHOWN]
        store.write_json(f"{folder}/batch.json", {**part, **total, "instances": shard.count})
    return {**part, "shard": f"{shard.index}/{shard.count}"}


def _parts(store: ZoneStore, folder: str, count: int) -> Iterator[dict[str, Any]]:
    for index in range(count):
        place = f"{folder}/_shards/{index}-of-{count}.json"
        if store.exists(place):
            yield store.read_json(place)
