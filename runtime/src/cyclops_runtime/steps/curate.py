"""curate: reads the listed raw files, gives columns their types, checks constraints and sets bad rows aside."""

import hashlib
import io
from collections.abc import Iterable
from typing import Any

import msgspec
import pandas

from cyclops_runtime.caching import StepPlan
from cyclops_runtime.constraints import check_constraints, type_columns
from cyclops_runtime.document import DataSpec, ModelDocument
from cyclops_runtime.errors import InputError
from cyclops_runtime.frames import label_text, read_chunks
from cyclops_runtime.logging import get_logger
from cyclops_runtime.storage import ZoneStore

log = get_logger(__name__)

_FILE, _ROW = "__source_file", "__source_row"


def plan(document: ModelDocument, run_id: str) -> StepPlan:
    """Curated rows depend on the raw files and on the data's specification."""
    data = msgspec.to_builtins(document.spec.data)
    data.pop("source")
    return StepPlan(
        inputs=[document.run_path("curated", run_id, "ingest.json")],
        outputs=[document.run_path("curated", run_id, name) for name in ("data.parquet", "violations.parquet", "curate.json")],
        configuration={"task": document.spec.task, "data": data, "segments": _segments(document)},
    )


def run(document: ModelDocument, run_id: str) -> dict[str, Any]:
    """Writes `data.parquet` (good rows), `violations.parquet` (one row a violation) and `curate.json` (counts).

    InputError where files are empty, damaged or changed since ingest, where declared columns are missing, or where more
    rows than `maxViolationShare` break a constraint.
    """
    store = ZoneStore(document)
    data = document.spec.data
    raw = _read_raw(store, data, store.read_json(document.run_path("curated", run_id, "ingest.json"))["files"])
    origin = raw[[_FILE, _ROW]]
    rows = raw.drop(columns=[_FILE, _ROW])
    _check_columns(rows, document)
    typed, type_violations = type_columns(rows, data, document.spec.task != "regression")
    violations = pandas.concat(
        [type_violations, _without_type_losses(check_constraints(typed, data), type_violations)], ignore_index=True
    )
    bad_rows = violations["row"].unique()
    good = typed.drop(index=bad_rows).reset_index(drop=True)
    result = {
        "rows": len(good),
        "rowsRead": len(typed),
        "rowsSetAside": len(bad_rows),
        "violationShare": len(bad_rows) / len(typed),
        "violations": [
            {"column": column, "constraint": constraint, "rows": int(count)}
            for (column, constraint), count in violations.groupby(["column", "constraint"])["row"].nunique().items()
        ],
        "columns": {name: _type_name(good[name]) for name in good.columns},
    }
    located = violations.join(origin.rename(columns={_FILE: "file", _ROW: "file_row"}), on="row")
    store.write_parquet(document.run_path("curated", run_id, "violations.parquet"), located.drop(columns="row"))
    store.write_parquet(document.run_path("curated", run_id, "data.parquet"), good)
    # Written before the verdict, so that a refused run shows which rows were wrong.
    store.write_json(document.run_path("curated", run_id, "curate.json"), result)
    log.info("rows-curated", rows=len(good), set_aside=len(bad_rows))
    _check_share(result, data, store.uri(document.run_path("curated", run_id, "violations.parquet")))
    if document.spec.task != "regression":
        _check_classes(good[data.target], document)
    return result


def _read_raw(store: ZoneStore, data: DataSpec, files: list[dict[str, Any]]) -> pandas.DataFrame:
    frames = []
    for file in files:
        with store.open(file["path"]) as reader:
            content = reader.read()
        if hashlib.sha256(content).hexdigest() != file["sha256"]:
            raise InputError(f"{file['path']}: has changed since the ingest step of this run: start a new run")
        start = 0
        for chunk in read_chunks(io.BytesIO(content), data.format, file["path"]):
            _refuse_reserved(file["path"], chunk.columns, (_FILE, _ROW))
            chunk[_FILE] = file["path"]
            chunk[_ROW] = range(start, start + len(chunk))
            start += len(chunk)
            frames.append(chunk)
        log.info("raw-file-read", file=file["path"], rows=start)
    filled = [frame for frame in frames if not frame.empty]
    if not filled:
        raise InputError(f"{data.path}: the files hold no rows")
    every_column = set().union(*(frame.columns for frame in filled))
    for frame in filled:
        absent = sorted(every_column - set(frame.columns))
        if absent:
            log.warning("columns-missing-in-file", file=frame[_FILE].iloc[0], columns=absent)
    return pandas.concat(filled, ignore_index=True)


def _refuse_reserved(place: str, columns: Iterable[str], starts: tuple[str, ...]) -> None:
    taken = [name for name in columns if str(name).startswith(starts)]
    if taken:
        raise InputError(f"{place}: the column {', '.join(map(repr, taken))} has a name that the runtime uses itself: rename it")


def _segments(document: ModelDocument) -> list[str]:
    return document.spec.monitoring.segments if document.spec.monitoring else []


def _check_columns(rows: pandas.DataFrame, document: ModelDocument) -> None:
    from cyclops_runtime.serving.captured import PREFIX

    data = document.spec.data
    wanted = {
        "spec.data.target": [data.target],
        "spec.data.id": [data.id] if data.id else [],
        "spec.data.timestamp": [data.timestamp] if data.timestamp else [],
        "spec.data.schema": list(data.schema),
        # A slip here would leave a column among the features, or a group out of the fairness.
        "spec.data.drop": data.drop,
        "spec.monitoring.segments": _segments(document),
    }
    missing = [f"{name!r} ({place})" for place, names in wanted.items() for name in names if name not in rows.columns]
    if missing:
        raise InputError(
            f"{data.path}: the files have no column {', '.join(missing)}; they have {', '.join(map(repr, rows.columns))}"
        )
    # Captured requests hold the features beside columns of the scorer's.
    _refuse_reserved(data.path, [name for name in rows.columns if name not in data.drop], (PREFIX,))


def _without_type_losses(found: pandas.DataFrame, losses: pandas.DataFrame) -> pandas.DataFrame:
    """A value that did not fit its type is missing now; that is one violation and not two."""
    lost = set(zip(losses["row"], losses["column"], strict=True))
    return found[[key not in lost for key in zip(found["row"], found["column"], strict=True)]]


def _check_share(result: dict[str, Any], data: DataSpec, place: str) -> None:
    share = result["violationShare"]
    if share > data.max_violation_share:
        counts = ", ".join(
            f"{entry['column']} ({entry['constraint']}): {entry['rows']} rows"
            for entry in sorted(result["violations"], key=lambda entry: -entry["rows"])[:5]
        )
        raise InputError(
            f"{result['rowsSetAside']} of {result['rowsRead']} rows ({share:.1%}) break a constraint, more than "
            f"spec.data.maxViolationShare ({data.max_violation_share:.1%}) allows: {counts}; see {place}"
        )
    if result["rows"] == 0:
        raise InputError(f"no row is left: all of them break a constraint; see {place}")


def _check_classes(target: pandas.Series, document: ModelDocument) -> None:
    classes = sorted(target.unique())
    shown = ", ".join(map(repr, classes[:10]))
    if document.spec.task == "binary-classification":
        positive = label_text(document.spec.data.positive)
        if positive not in classes:
            raise InputError(
                f"column {target.name!r} never has the positive value {positive!r} (spec.data.positive); it has {shown}"
            )
        if len(classes) > 2:
            raise InputError(
                f"column {target.name!r} has {len(classes)} values ({shown}): binary classification knows two; "
                "use task multiclass-classification, or set the others aside with spec.data.schema.allowed"
            )
    if len(classes) < 2:
        raise InputError(f"column {target.name!r} has the single value {shown}: there is nothing to learn")


def _type_name(values: pandas.Series) -> str:
    if pandas.api.types.is_bool_dtype(values):
        return "boolean"
    if pandas.api.types.is_datetime64_any_dtype(values):
        return "datetime"
    return "number" if pandas.api.types.is_numeric_dtype(values) else "string"
