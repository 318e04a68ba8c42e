"""preprocess: from curated rows to train and test features.

Features have three kinds: `number` (float64; datetimes are seconds since 1970), `flag` (true or false, never missing)
and `category` (text, None where missing). A boolean column with gaps is a `number` of 0, 1 and NaN. Filling, scaling and
encoding are learned from the training rows alone, inside of the model, so that a served model takes raw values.
"""

from typing import Any

import msgspec
import pandas

from cyclops_runtime.caching import StepPlan
from cyclops_runtime.document import DataSpec, ModelDocument
from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.values.contract import INTEGER, NUMBER, WORDS, Column, values_of_training
from cyclops_runtime.values.labels import label_of
from cyclops_runtime.values.reader import read, read_typed

log = get_logger(__name__)

# A column of names or free text would be a feature with one value a row.
_SUSPICIOUS_DISTINCT_SHARE = 0.5


def plan(document: ModelDocument, run_id: str) -> StepPlan:
    """Features depend on the curated rows, the roles of columns, and the split."""
    data, training = document.spec.data, document.spec.training
    return StepPlan(
        inputs=[document.run_path("curated", run_id, "data.parquet")],
        outputs=[document.run_path("features", run_id, name) for name in ("train.parquet", "test.parquet", "preprocess.json")],
        configuration={
            "task": document.spec.task,
            "target": data.target,
            "positive": data.positive,
            "id": data.id,
            "timestamp": data.timestamp,
            "drop": data.drop,
            "testShare": training.test_share,
            "seed": training.seed,
            "segments": _segments(document),
            "declared": {name: spec.type for name, spec in data.schema.items()},
        },
    )


def run(document: ModelDocument, run_id: str) -> dict[str, Any]:
    """Writes `train.parquet`, `test.parquet` (features, target, id, timestamp, segments) and `preprocess.json`."""
    store = ZoneStore(document)
    data = document.spec.data
    rows = store.read_parquet(document.run_path("curated", run_id, "data.parquet"))
    roles = [data.target, data.id, data.timestamp]
    names = [name for name in rows.columns if name not in {*roles, *data.drop}]
    if not names:
        raise InputError(
            f"no feature is left: {data.path} has the columns {', '.join(map(repr, rows.columns))}, "
            "and spec.data takes all of them for target, id, timestamp or drop"
        )
    features, columns = _features(rows, names, data)
    extras = [
        name
        for name in dict.fromkeys([data.id, data.timestamp, *_segments(document), data.target])
        if name and name in rows.columns and name not in names
    ]
    frame = pandas.concat([features, rows[extras]], axis=1)
    if document.spec.task == "regression":
        frame[data.target] = read_typed(frame[data.target], NUMBER).values
    train, test = _split(frame, document)
    train, test, columns = _without_empty_columns(train, test, columns)
    classes = None if document.spec.task == "regression" else sorted(train[data.target].unique())
    result = {
        "columns": columns,
        "target": data.target,
        "id": data.id,
        "timestamp": data.timestamp,
        "segments": [name for name in _segments(document) if name in frame.columns],
        "positive": label_of(data.positive, classes or ()) if data.positive is not None else None,
        "classes": classes,
        "values": values_of_training(WORDS, data.id),
        "findings": _findings(document, run_id, store),
        "rows": {"train": len(train), "test": len(test)},
        "split": {"testShare": document.spec.training.test_share, "seed": document.spec.training.seed},
    }
    store.write_parquet(document.run_path("features", run_id, "train.parquet"), train)
    store.write_parquet(document.run_path("features", run_id, "test.parquet"), test)
    store.write_json(document.run_path("features", run_id, "preprocess.json"), result)
    log.info("rows-split", train=len(train), test=len(test), features=len(columns))
    return msgspec.to_builtins(result)


def _findings(document: ModelDocument, run_id: str, store: ZoneStore) -> list[dict[str, str]]:
    """What the curate step says of the columns; nothing where it is a custom one."""
    place = document.run_path("curated", run_id, "curate.json")
    return store.read_json(place).get("findings", []) if store.exists(place) else []


def _segments(document: ModelDocument) -> list[str]:
    return document.spec.monitoring.segments if document.spec.monitoring else []


def _features(rows: pandas.DataFrame, names: list[str], data: DataSpec) -> tuple[pandas.DataFrame, list[dict[str, str]]]:
    series, columns = {}, []
    for name in names:
        values = rows[name]
        kind, source = _kind(values)
        if name in data.schema and data.schema[name].type == INTEGER and source == NUMBER:
            source = INTEGER
        series[name] = pandas.Series(read(values, Column(name, source, kind)).values, index=rows.index)
        columns.append({"name": name, "type": kind, "source": source})
        if kind == "category" and values.nunique() > max(50, _SUSPICIOUS_DISTINCT_SHARE * len(values)):
            log.warning("nearly-unique-text", column=name, distinct=values.nunique(), mend="name it in spec.data.drop")
    return pandas.DataFrame(series, index=rows.index), columns


def _without_empty_columns(
    train: pandas.DataFrame, test: pandas.DataFrame, columns: list[dict[str, str]]
) -> tuple[pandas.DataFrame, pandas.DataFrame, list[dict[str, str]]]:
    """Nothing can be learned from a column without a value among the training rows, and some estimators fail on it."""
    empty = [column["name"] for column in columns if train[column["name"]].isna().all()]
    if len(empty) == len(columns):
        raise InputError("no feature is left: every column is empty")
    if empty:
        log.warning("empty-columns-left-out", columns=empty)
    return train.drop(columns=empty), test.drop(columns=empty), [column for column in columns if column["name"] not in empty]


def _kind(values: pandas.Series) -> tuple[str, str]:
    if pandas.api.types.is_bool_dtype(values):
        return ("number" if values.isna().any() else "flag"), "boolean"
    if pandas.api.types.is_datetime64_any_dtype(values):
        return "number", "datetime"
    if pandas.api.types.is_numeric_dtype(values):
        return "number", "number"
    present = values.dropna()
    if not present.empty and all(isinstance(value, bool) for value in present):
        return ("number" if values.isna().any() else "flag"), "boolean"
    return "category", "string"


def _split(frame: pandas.DataFrame, document: ModelDocument) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """Rows for training and for evaluation; classes keep their shares. The same rows and seed give the same split."""
    from sklearn.model_selection import train_test_split

    target = frame[document.spec.data.target]
    counts = target.value_counts()
    share, seed = document.spec.training.test_share, document.spec.training.seed
    test_rows = int(len(frame) * share)
    if test_rows < 1 or len(frame) - test_rows < 2:
        raise InputError(f"{len(frame)} rows are too few: with testShare {share} none is left to evaluate on")
    stratify = None
    if document.spec.task != "regression":
        if counts.min() >= 2 and len(counts) <= min(test_rows, len(frame) - test_rows):
            stratify = target
        else:
            log.warning("split-not-stratified", reason="a class has a single row, or there are more classes than test rows")
    train, test = train_test_split(frame, test_size=share, random_state=seed, stratify=stratify)
    if document.spec.task != "regression" and train[document.spec.data.target].nunique() < 2:
        raise InputError("the training rows have a single class: give more rows of the others")
    return train.reset_index(drop=True), test.reset_index(drop=True)
