"""Checks of the declared columns, row by row, with pandera."""

from typing import Any

import msgspec
import pandas

from cyclops_runtime.document import ColumnSpec, DataSpec
from cyclops_runtime.values.contract import AS_CATEGORY, BOOLEAN, NUMBER, STRING, Column
from cyclops_runtime.values.inference import infer_type
from cyclops_runtime.values.reader import (
    Reading,
    read_ids,
    read_labels,
    read_texts,
    read_typed,
    text_of,
    texts,
    to_number,
)

VIOLATION_COLUMNS = ["row", "column", "constraint", "value"]


def type_columns(frame: pandas.DataFrame, data: DataSpec, is_classification: bool) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """The frame with every column as its declared or inferred type, and the values that do not fit their type.

    integer and number are float64, boolean is `boolean` (nullable), string is text or None, datetime is UTC, to the microsecond.
    Violations have the columns `row` (index of the frame), `column`, `constraint` ("type") and `value` (text).
    A classifier's target becomes text, whatever the files hold: one label must not be "1" here and 1.0 there. Ids are texts, as
    they are written, whatever type is declared.
    """
    typed: dict[str, pandas.Series] = {}
    violations = []
    for name in frame.columns:
        raw, column_type = frame[name], column_type_of(frame[name], name, data, is_classification)
        if name == data.target and is_classification and column_type != STRING:
            found = read_labels(raw, Column(name, column_type, AS_CATEGORY))
        elif name == data.id:
            found = read_ids(raw)
            if column_type != STRING:
                found = Reading(found.values, sorted({*found.wrong, *read_typed(raw, column_type).wrong}))
        else:
            found = read_texts(raw) if column_type == STRING else read_typed(raw, column_type)
        typed[name] = _series(found, raw.index, column_type)
        violations.append(_violations(frame.index[list(found.wrong)], name, "type", raw.iloc[list(found.wrong)]))
    return pandas.DataFrame(typed, index=frame.index), _joined(violations)


def column_type_of(values: pandas.Series, name: str, data: DataSpec, is_classification: bool) -> str:
    """Logical type of a column: the declared one, else what its values are. An id is text, and what is regressed on a number."""
    spec = data.schema.get(name)
    if spec is not None:
        return spec.type
    if name == data.id:
        return STRING
    return NUMBER if name == data.target and not is_classification else infer_type(values)


def _series(found: Reading, index: pandas.Index, column_type: str) -> pandas.Series:
    """The column as the curated data have it."""
    values = pandas.Series(found.values, index=index)
    if values.dtype.kind == "M":
        return values.dt.tz_localize("UTC")
    return values.astype("boolean") if column_type == BOOLEAN and values.dtype.kind == "f" else values


def check_constraints(frame: pandas.DataFrame, data: DataSpec, raw: pandas.DataFrame | None = None) -> pandas.DataFrame:
    """Violations of nullable, min, max, allowed and unique, and of "the target must not be missing".

    `raw` has the values as they stand in the files: whether whole numbers repeat is told by all digits, which floats lose.
    """
    import pandera.pandas as pandera

    columns = {name: _column(pandera, spec) for name, spec in data.schema.items() if name in frame.columns}
    if data.target not in columns:
        columns[data.target] = pandera.Column(nullable=False)
    checked, origin = frame[list(columns)].copy(), {}
    for name, spec in data.schema.items():
        if name == data.id and name in columns and spec.type in ("integer", "number"):
            # The id is text; its bounds are those of a number.
            columns[name] = _column(pandera, msgspec.structs.replace(spec, min=None, max=None))
            origin[helper := f"{name}\0number"] = name
            columns[helper] = _column(pandera, msgspec.structs.replace(spec, unique=False, nullable=True))
            checked[helper] = read_typed(frame[name], spec.type).values
        elif spec.unique and raw is not None and spec.type == "integer" and name in columns:
            columns[name] = _column(pandera, msgspec.structs.replace(spec, unique=False))
            origin[helper := f"{name}\0digits"] = name
            columns[helper] = pandera.Column(nullable=True, unique=True, report_duplicates="exclude_first")
            checked[helper] = [_digits(value) for value in raw[name].tolist()]
    try:
        pandera.DataFrameSchema(columns).validate(checked, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        found = pandas.DataFrame(
            {
                "row": cases["index"],
                "column": cases["column"].replace(origin),
                "value": texts(cases["failure_case"]),
                "constraint": cases["check"].map(_constraint_name),
            }
        )[VIOLATION_COLUMNS]
        return found.dropna(subset=["row"]).astype({"row": "int64"})
    return _joined([])


def _digits(value: Any) -> str | None:
    """A whole number by all of its digits: `007` and `7.0` are 7."""
    text = text_of(value)
    if text is None:
        return None
    number = to_number(text)
    return text if number is None else str(int(text)) if text.lstrip("+-").isdigit() else text_of(number)


def _column(pandera: Any, spec: ColumnSpec) -> Any:
    checks = []
    if spec.type in ("integer", "number"):
        if spec.min is not None:
            checks.append(pandera.Check.ge(spec.min))
        if spec.max is not None:
            checks.append(pandera.Check.le(spec.max))
    if spec.type == "string" and spec.allowed is not None:
        checks.append(pandera.Check.isin(spec.allowed))
    return pandera.Column(checks=checks, nullable=spec.nullable, unique=spec.unique, report_duplicates="exclude_first")


def _constraint_name(check: str) -> str:
    """The spec's word for pandera's check."""
    words = {
        "not_nullable": "nullable",
        "field_uniqueness": "unique",
        "greater_than_or_equal_to": "min",
        "less_than_or_equal_to": "max",
        "isin": "allowed",
    }
    return words.get(str(check).partition("(")[0], str(check))


def _violations(rows: pandas.Index, column: str, constraint: str, values: pandas.Series) -> pandas.DataFrame:
    return pandas.DataFrame({"row": rows, "column": column, "constraint": constraint, "value": texts(values).to_list()})


def _joined(parts: list[pandas.DataFrame]) -> pandas.DataFrame:
    filled = [part for part in parts if not part.empty]
    if filled:
        return pandas.concat(filled, ignore_index=True)
    return pandas.DataFrame(
        {
            "row": pandas.Series(dtype="int64"),
            "column": pandas.Series(dtype=object),
            "constraint": pandas.Series(dtype=object),
            "value": pandas.Series(dtype=object),
        }
    )
