"""From values of JSON and CSV to typed columns, by the contract of the model's values and its signature.

MLflow's own enforcement casts whole frames and copies them several times, which takes longer than many predictions. Here each
column is checked once, by the set of its values' types (one pass in C), and becomes one NumPy array. The result is what MLflow's
enforcement would have made of it; `loaded_model.py` proves that on the input example whenever a version is loaded.

What is not of the column's own type at once, such as a text for a number or a moment, is the reader's (`values/reader.py`) to
understand or to refuse, as in training. Models that say nothing of their values take JSON's own types alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from cyclops_runtime.serving.problems import bad_request
from cyclops_runtime.values import contract
from cyclops_runtime.values.contract import EXPECTED, ValueContract
from cyclops_runtime.values.reader import plain_texts, read

NoneType = type(None)
# The pipeline declares yes/no features with gaps as numbers, so true and false are 1 and 0 here as well.
NUMBERS = frozenset({int, float, bool, NoneType})

Converter = Callable[[str, list], np.ndarray]


def _wrong_type(name: str, values: Sequence[Any], allowed: frozenset[type], expected: str) -> Exception:
    for row, value in enumerate(values):
        if type(value) not in allowed:
            shown = "null" if value is None else repr(value)[:60]
            return bad_request(f'column "{name}", row {row}: expected {expected}, got {shown}')
    return bad_request(f'column "{name}": expected {expected}')


def _to_float(dtype: type) -> Converter:
    def convert(name: str, values: list) -> np.ndarray:
        if not set(map(type, values)) <= NUMBERS:
            raise _wrong_type(name, values, NUMBERS, "a number, true, false or null")
        return np.array(values, dtype=dtype)

    return convert


def _to_integer(dtype: type) -> Converter:
    limits = np.iinfo(dtype)
    allowed = frozenset({int, float})

    def convert(name: str, values: list) -> np.ndarray:
        types = set(map(type, values))
        if not types <= allowed:
            raise _wrong_type(name, values, allowed, "an integer")
        if float in types:  # 3.0 is an integer in JSON; 3.5 must not silently become 3
            for row, value in enumerate(values):
                if value != value // 1:
                    raise bad_request(f'column "{name}", row {row}: expected an integer, got {value!r}')
            values = [int(value) for value in values]
        if values and (min(values) < limits.min or max(values) > limits.max):
            raise bad_request(f'column "{name}": {max(values, key=abs)} does not fit into {limits.bits} bits')
        return np.array(values, dtype=dtype)

    return convert


def _to_strings(name: str, values: list) -> np.ndarray:
    allowed = frozenset({str, NoneType})
    if not set(map(type, values)) <= allowed:
        raise _wrong_type(name, values, allowed, "a string or null")
    return np.array(values, dtype=object)


def _to_booleans(name: str, values: list) -> np.ndarray:
    allowed = frozenset({bool})
    if not set(map(type, values)) <= allowed:
        raise _wrong_type(name, values, allowed, "true or false")
    return np.array(values, dtype=bool)


def _to_datetimes(name: str, values: list) -> np.ndarray:
    allowed = frozenset({str, NoneType})
    if not set(map(type, values)) <= allowed:
        raise _wrong_type(name, values, allowed, "an ISO 8601 time or null")
    try:
        times = pd.to_datetime(pd.Series(values, dtype=object), format="ISO8601", utc=False)
    except (ValueError, TypeError) as error:
        raise bad_request(f'column "{name}": expected ISO 8601 times: {str(error)[:120]}') from None
    if getattr(times.dtype, "tz", None) is not None:
        times = times.dt.tz_convert("UTC").dt.tz_localize(None)
    if times.dtype.kind != "M":
        raise bad_request(f'column "{name}": times with and without a zone must not be mixed')
    return times.to_numpy(dtype="datetime64[ns]")


# By MLflow's names of types (`mlflow.types.DataType`).
CONVERTERS: Mapping[str, Converter] = {
    "double": _to_float(np.float64),
    "float": _to_float(np.float32),
    "long": _to_integer(np.int64),
    "integer": _to_integer(np.int32),
    "string": _to_strings,
    "boolean": _to_booleans,
    "datetime": _to_datetimes,
}

TEXTS = frozenset({str, NoneType})
SCALARS = frozenset({str, int, float, bool, NoneType})


def _by_contract(column: contract.Column, dtype: type | None) -> Converter:
    """Values as training has read them; `dtype` is that of the signature where it is a number's."""
    is_number, is_text = column.type == contract.NUMBER, column.type == contract.STRING

    def convert(name: str, values: list) -> np.ndarray:
        types = set(map(type, values))
        if is_text and types <= TEXTS:
            return plain_texts(values)
        if is_number and types <= NUMBERS:  # JSON has no infinite numbers
            return np.array(values, dtype=dtype)
        if not types <= SCALARS:
            raise _wrong_type(name, values, SCALARS, EXPECTED[column.type])
        found = read(values, column)
        if len(found.wrong):
            row = found.wrong[0]
            shown = "null" if values[row] is None else repr(values[row])[:60]
            raise bad_request(f'column "{name}", row {row}: expected {EXPECTED[column.type]}, got {shown}')
        return found.values if dtype is None else found.values.astype(dtype, copy=False)

    return convert


def _written_integers(convert: Converter) -> Converter:
    """Integers of a model that declares them by its signature alone, from texts; all of their digits count."""

    def read_first(name: str, values: list) -> np.ndarray:
        found = read(values, contract.Column(name, contract.NUMBER, contract.AS_NUMBER))
        numbers: list[Any] = [None if number != number else number for number in found.values.tolist()]
        for row, text in enumerate(values):
            if row in found.wrong or (text is not None and text.lstrip("+-").isdigit()):
                numbers[row] = text if row in found.wrong else int(text)
        return convert(name, numbers)

    return read_first


FLOATS: Mapping[str, type] = {"double": np.float64, "float": np.float32}

# Datatypes of the open inference protocol.
V2_DATATYPES: Mapping[str, str] = {
    "double": "FP64",
    "float": "FP32",
    "long": "INT64",
    "integer": "INT32",
    "string": "BYTES",
    "boolean": "BOOL",
    "datetime": "BYTES",
    "binary": "BYTES",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One feature of the signature."""

    name: str
    type: str
    required: bool
    convert: Converter
    # For the texts of CSV.
    convert_texts: Converter


@dataclass(frozen=True, slots=True)
class TypedColumns:
    """Columns of equal length: `column(i)` belongs to `layout[i]` of the signature.

    Where all columns of the signature have one numeric type and all are given, they are one `matrix` of shape [rows, columns],
    else `arrays` of shape [rows].
    """

    rows: int
    layout: tuple[int, ...]
    arrays: tuple[np.ndarray, ...] = ()
    matrix: np.ndarray | None = None

    def column(self, position: int) -> np.ndarray:
        """The values of one column, shape [rows]."""
        return self.arrays[position] if self.matrix is None else self.matrix[:, position]


class Signature:
    """The named columns of a model's input, in the order in which the model gets them."""

    def __init__(self, columns: Sequence[Column], kinds: frozenset[str] = frozenset()) -> None:
        """`kinds` are the logical types of the columns, as far as a contract declares them."""
        self.columns = tuple(columns)
        self.names = [column.name for column in columns]
        self._plan = [(column.name, column.convert, column.required) for column in columns]
        self._text_plan = [(column.name, column.convert_texts, column.required) for column in columns]
        self._full_layout = tuple(range(len(columns)))
        self._index = pd.Index(self.names)
        types = {column.type for column in columns}
        # A frame of one type is made from one two-dimensional array, ten times as fast as column by column.
        self._single_type = len(types) == 1 and types <= {"double", "float", "long", "integer"}
        self._float_type = FLOATS.get(columns[0].type) if self._single_type else None
        # Of integers, truths and moments not every number is one: each column is looked at.
        self._takes_any_number = self._float_type is not None and not (kinds - {contract.NUMBER})

    @classmethod
    def from_schema(cls, schema: Any, values: ValueContract | None = None) -> Signature | None:
        """The signature, or None when the model has none of named scalar columns (then MLflow itself parses its input).

        `values` is the contract of the model's values; without one, the signature is all that is known.
        """
        if schema is None or schema.is_tensor_spec() or not schema.has_input_names():
            return None
        columns = []
        values = values or contract.contract_of({}, schema)
        for spec in schema.inputs:
            kind = getattr(spec.type, "name", None)  # arrays and objects have none
            if kind not in CONVERTERS:
                return None
            own, convert = values.columns.get(spec.name), CONVERTERS[kind]
            texts = _written_integers(convert) if kind in ("long", "integer") else convert
            if own is not None:
                texts = _by_contract(own, FLOATS.get(kind))
                convert = texts if own.declared else convert
            columns.append(Column(spec.name, kind, bool(spec.required), convert, texts))
        return cls(columns, frozenset(column.type for column in values.columns.values() if column.declared))

    @property
    def is_float(self) -> bool:
        """Whether all columns are floating-point numbers of one width."""
        return self._float_type is not None

    def convert(self, values: Mapping[str, list], rows: int, are_texts: bool = False) -> TypedColumns:
        """Typed columns of `values` (column name -> one list of `rows` values); further columns are ignored.

        `are_texts`: CSV's, where a text may be any value. Raises a 400 naming every missing column, or the first value of a wrong
        type.
        """
        plan = self._text_plan if are_texts else self._plan
        matrix = self._float_matrix(values)
        if matrix is not None:
            return TypedColumns(rows, self._full_layout, matrix=matrix)
        arrays = []
        layout = self._full_layout
        try:
            for name, convert, _ in plan:
                arrays.append(convert(name, values[name]))
        except KeyError:
            missing = [name for name, _, required in plan if required and name not in values]
            if missing:
                raise bad_request(f"missing column{'s' if len(missing) > 1 else ''}: {', '.join(missing)}") from None
            layout = tuple(i for i, (name, _, _) in enumerate(plan) if name in values)
            arrays = [plan[i][1](plan[i][0], values[plan[i][0]]) for i in layout]
        if self._single_type and layout is self._full_layout:
            return TypedColumns(rows, layout, matrix=np.array(arrays).T)
        return TypedColumns(rows, layout, tuple(arrays))

    def frame(self, tables: Sequence[TypedColumns]) -> pd.DataFrame:
        """One frame of all rows of `tables`, which must have the same layout."""
        layout = tables[0].layout
        if tables[0].matrix is not None:
            return pd.DataFrame(self.matrix(tables), columns=self._index, copy=False)
        if len(tables) == 1:
            arrays: Sequence[np.ndarray] = tables[0].arrays
        else:
            arrays = [np.concatenate([table.arrays[i] for table in tables]) for i in range(len(layout))]
        return pd.DataFrame({self.names[i]: array for i, array in zip(layout, arrays, strict=True)}, copy=False)

    def matrix(self, tables: Sequence[TypedColumns]) -> np.ndarray:
        """All rows of `tables`, each of which must have a matrix, as one of shape [rows, columns]."""
        return tables[0].matrix if len(tables) == 1 else np.concatenate([table.matrix for table in tables])

    def _float_matrix(self, values: Mapping[str, list]) -> np.ndarray | None:
        """All columns at once where all are floating-point numbers; None where only a look at each can tell what is wrong."""
        if not self._takes_any_number:
            return None
        try:
            lists = [values[name] for name in self.names]
        except KeyError:
            return None
        if not NUMBERS.issuperset(map(type, chain.from_iterable(lists))):
            return None
        return np.array(lists, dtype=self._float_type).T
