"""One prediction request, parsed: what MLflow's forms and the open inference protocol have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import pandas as pd

from cyclops_runtime.serving.columns import Signature, TypedColumns
from cyclops_runtime.serving.problems import bad_request


@dataclass(slots=True)
class Query:
    """Rows to predict.

    Either `columns` (checked against the signature; may be joined with other queries) or `raw` (anything that MLflow's own
    `predict` takes, with MLflow's `params`; always predicted alone). `extras` are values of columns that are no features but are
    captured, such as the id: one list of `rows` values each.
    """

    rows: int
    columns: TypedColumns | None = None
    raw: Any = None
    params: Mapping[str, Any] | None = None
    extras: dict[str, list] = field(default_factory=dict)
    request_id: str | None = None
    wanted_outputs: list[str] | None = None


def load_json(body: bytes) -> dict:
    """The JSON object in `body`. Raises a 400 otherwise."""
    if not body:
        raise bad_request("the request has no body: send a JSON object")
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad_request(f"the body is not valid JSON: {error}") from None
    if type(document) is not dict:
        raise bad_request("the body must be a JSON object")
    return document


def query_of_columns(
    signature: Signature | None, values: Mapping[str, list], extras: Sequence[str], are_texts: bool = False
) -> Query:
    """Query of column lists by name; `are_texts`: of CSV.

    Raises a 400 for no rows, unequal lengths, missing columns and wrong values.
    """
    if not values:
        raise bad_request("the request has no columns")
    rows = -1
    for name, column in values.items():
        if rows < 0:
            rows = len(column)
        elif len(column) != rows:
            raise bad_request(f'column "{name}" has {len(column)} values, the columns before it {rows}')
    if rows == 0:
        raise bad_request("the request has no rows")
    kept = {name: values[name] for name in extras if name in values} if extras else {}
    if signature is None:
        return Query(rows, raw=pd.DataFrame(dict(values)), extras=kept)
    return Query(rows, columns=signature.convert(values, rows, are_texts), extras=kept)


def query_of_rows(signature: Signature | None, rows: Sequence[Sequence], names: Sequence[str], extras: Sequence[str]) -> Query:
    """Query of row lists whose values are in the order of `names`."""
    width = len(names)
    if len(set(map(str, names))) < width:
        twice = next(name for name in names if names.count(name) > 1)
        raise bad_request(f'column "{twice}" is given twice')
    for number, row in enumerate(rows):
        if type(row) is not list:
            raise bad_request(f"row {number} must be a list of values")
        if len(row) != width:
            raise bad_request(f"row {number} has {len(row)} values, expected {width} ({_shortened(names)})")
    columns = map(list, zip(*rows, strict=True)) if rows else ([] for _ in names)
    return query_of_columns(signature, dict(zip(names, columns, strict=True)), extras)


def query_of_records(signature: Signature | None, records: Sequence[Mapping], extras: Sequence[str]) -> Query:
    """Query of row objects. Every object must have every column of the first."""
    if not records:
        raise bad_request("the request has no rows")
    for number, record in enumerate(records):
        if type(record) is not dict:
            raise bad_request(f"row {number} must be an object of column names and values")
    values: dict[str, list] = {}
    for name in records[0]:
        try:
            values[name] = [record[name] for record in records]
        except KeyError:
            number = next(i for i, record in enumerate(records) if name not in record)
            raise bad_request(f'row {number}: missing column "{name}"') from None
    return query_of_columns(signature, values, extras)


def _shortened(names: Sequence[str]) -> str:
    shown = ", ".join(map(str, names[:5]))
    return shown + (", …" if len(names) > 5 else "")
