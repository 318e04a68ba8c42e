"""Checks of the declared columns, row by row, with pandera."""

from typing import Any

import pandas

from cyclops_runtime.document import ColumnSpec, DataSpec
from cyclops_runtime.frames import coerce, infer_type
from cyclops_runtime.prediction import as_text

VIOLATION_COLUMNS = ["row", "column", "constraint", "value"]


def type_columns(frame: pandas.DataFrame, data: DataSpec, is_classification: bool) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """The frame with every column as its declared or inferred type, and the values that do not fit their type.

    Violations have the columns `row` (index of the frame), `column`, `constraint` ("type") and `value` (text).
    A classifier's target becomes text, whatever the files hold: one label must not be "1" here and 1.0 there.
    """
    typed: dict[str, pandas.Series] = {}
    violations = []
    for name in frame.columns:
        raw = frame[name]
        spec = data.schema.get(name)
        column_type = spec.type if spec else infer_type(raw)
        typed[name] = coerce(raw, column_type)
        lost = raw.notna() & typed[name].isna()
        violations.append(_violations(frame.index[lost], name, "type", raw[lost]))
        if name == data.target and is_classification:
            # Text as it stands in the file, but for "1.0" and "true", which have one form each.
            source = raw if column_type == "string" else typed[name].astype(object)
            typed[name] = as_text(source)
    return pandas.DataFrame(typed, index=frame.index), _joined(violations)


def check_constraints(frame: pandas.DataFrame, data: DataSpec) -> pandas.DataFrame:
    """Violations of nullable, min, max, allowed and unique, and of "the target must not be missing"."""
    import pandera.pandas as pandera

    columns = {name: _column(pandera, spec) for name, spec in data.schema.items() if name in frame.columns}
    if data.target not in columns:
        columns[data.target] = pandera.Column(nullable=False)
    try:
        pandera.DataFrameSchema(columns).validate(frame[list(columns)], lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        found = pandas.DataFrame(
            {
                "row": cases["index"],
                "column": cases["column"],
                "value": as_text(cases["failure_case"]),
                "constraint": cases["check"].map(_constraint_name),
            }
        )[VIOLATION_COLUMNS]
        return found.dropna(subset=["row"]).astype({"row": "int64"})
    return _joined([])


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
    return pandas.DataFrame({"row": rows, "column": column, "constraint": constraint, "value": as_text(values).to_list()})


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
