"""What a column's values mean, whatever type a file gives them: numbers with gaps, or texts by their number.

Types that are not numbers already are read through their distinct values, so that Python looks at each value once a batch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as types

from cyclops_runtime.values.contract import AS_CATEGORY, AS_NUMBER, NUMBER, Column
from cyclops_runtime.values.reader import read, text_of


@dataclass(frozen=True)
class Numbers:
    """A column as float64, shape [rows]; `unreadable` marks the rows that hold something which is no number.

    Missing, unreadable and infinite values are NaN in `values`; `infinite` counts the last of them. None: there is no such row.
    """

    values: np.ndarray
    unreadable: np.ndarray | None = None
    infinite: np.ndarray | None = None

    @property
    def wrong(self) -> np.ndarray | None:
        """Rows that hold a value which cannot be used as a number."""
        if self.unreadable is None or self.infinite is None:
            return self.infinite if self.unreadable is None else self.unreadable
        return self.unreadable | self.infinite


@dataclass(frozen=True)
class Texts:
    """A column as text: row i holds `names[codes[i]]`, or nothing where the code is -1. Names may repeat, and be unused."""

    codes: np.ndarray
    names: list[str | None]

    def counts(self) -> np.ndarray:
        """How many rows hold each name, shape [len(names)]."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))

    def values(self) -> list[str | None]:
        """The texts row by row."""
        return [None if code < 0 else self.names[code] for code in self.codes.tolist()]


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of this type holds texts."""
    if types.is_dictionary(kind):
        kind = kind.value_type
    return types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)


# What is known of a column that no model's contract names.
_UNDECLARED = Column("", NUMBER, AS_NUMBER, declared=False)


def numbers_of(column: pa.Array, contract: Column | None = None) -> Numbers:
    """A column as numbers: truth is 1 and 0, moments are seconds since 1970, texts what the contract reads in them."""
    kind = column.type
    if types.is_floating(kind) or types.is_integer(kind):
        values = column.to_numpy(zero_copy_only=False)
    elif types.is_boolean(kind):
        values = column.cast(pa.int8()).to_numpy(zero_copy_only=False)
    elif types.is_timestamp(kind) or types.is_date(kind):
        microseconds = column.cast(pa.timestamp("us", getattr(kind, "tz", None)), safe=False).cast(pa.int64())
        values = microseconds.to_numpy(zero_copy_only=False).astype(np.float64) / 1e6
    elif types.is_decimal(kind):
        values = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    elif types.is_null(kind):
        values = np.full(len(column), np.nan)
    else:
        return _numbers_of_texts(column, contract)
    return _finite(values.astype(np.float64, copy=False), None)


def _numbers_of_texts(column: pa.Array, contract: Column | None) -> Numbers:
    texts = texts_of(column)
    own = _UNDECLARED if contract is None or contract.form == AS_CATEGORY else replace(contract, form=AS_NUMBER)
    # One more entry than there are names: it is what the code -1 of a missing value finds.
    found = read([*texts.names, None], own)
    bad = np.zeros(len(found.values), dtype=bool)
    bad[list(found.wrong)] = True
    unreadable = bad[texts.codes]
    return Numbers(found.values[texts.codes], unreadable if unreadable.any() else None)


def _finite(values: np.ndarray, unreadable: np.ndarray | None) -> Numbers:
    # Minimum and maximum are infinite, or NaN, exactly where a value is: two passes that make no array.
    with np.errstate(invalid="ignore"):
        infinite = np.isinf(values) if len(values) and not np.isfinite(values).all() else None
    if infinite is None or not infinite.any():
        return Numbers(values, unreadable)
    return Numbers(np.where(infinite, np.nan, values), unreadable, infinite)


def texts_of(column: pa.Array) -> Texts:
    """A column as texts, in the one form that all steps use (`cyclops_runtime.values.reader.text_of`)."""
    encoded = _encoded(column)
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    distinct = encoded.dictionary
    if len(distinct) > len(column):  # a file's dictionary may be far longer than one batch of its rows
        used, codes = np.unique(codes, return_inverse=True)
        missing = int(len(used) > 0 and used[0] == -1)
        distinct, codes = distinct.take(pa.array(used[missing:])), codes - missing
    names = distinct.to_pylist() if is_text(distinct.type) else _names(distinct)
    if None in names:  # NaN among numbers
        gaps = np.array([name is None for name in [*names, None]])
        codes = np.where(gaps[codes], -1, codes)
    return Texts(codes, names)


def _encoded(column: pa.Array) -> pa.DictionaryArray:
    if types.is_dictionary(column.type):
        return column
    try:
        return pc.dictionary_encode(column)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # lists and objects are texts by what Python shows of them
        return pc.dictionary_encode(
            pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())
        )


def _names(distinct: pa.Array) -> list[str | None]:
    if types.is_null(distinct.type):
        return []
    return [text_of(name) for name in distinct.to_pylist()]
