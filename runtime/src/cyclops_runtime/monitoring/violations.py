"""Rows that break a constraint of `data.schema`, or hold a text where the reference has numbers: one mask a column and batch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.types as types

from cyclops_runtime.document import ColumnSpec
from cyclops_runtime.monitoring.values import Numbers, Texts, is_text, texts_of
from cyclops_runtime.values.contract import BOOLEAN, DATETIME
from cyclops_runtime.values.reader import read_typed


def broken_numbers(spec: ColumnSpec | None, numbers: Numbers) -> np.ndarray | None:
    """Rows whose number breaks the constraints; without `spec`, rows that hold no number at all. None: there is no such row.

    Infinite values are no numbers, as in curation.
    """
    broken = numbers.wrong
    if spec is None:
        return broken
    values, found = numbers.values, [] if broken is None else [broken]
    with np.errstate(invalid="ignore"):
        if not spec.nullable:
            found.append(np.isnan(values))
        if spec.min is not None:
            found.append(values < spec.min)
        if spec.max is not None:
            found.append(values > spec.max)
        if spec.type == "integer":
            found.append(values % 1 > 0)
    return np.logical_or.reduce(found) if found else None


def broken_texts(spec: ColumnSpec, column: pa.Array) -> np.ndarray | None:
    """Rows whose text, truth or moment breaks the constraints. None: there is no such row."""
    if types.is_boolean(column.type) or (spec.type == "datetime" and not is_text(column.type)):
        # Truth is truth; moments are moments, or the seconds that the model gets in their place.
        broken = np.zeros(len(column), dtype=bool)
        missing = column.is_null().to_numpy(zero_copy_only=False)
    else:
        texts = texts_of(column)
        broken, missing = _broken(spec, texts), texts.codes < 0
    return broken if spec.nullable else broken | missing


def _broken(spec: ColumnSpec, texts: Texts) -> np.ndarray:
    fits = _fitting(spec)
    if fits is None:
        return np.zeros(len(texts.codes), dtype=bool)
    # The entry at the end is what the code -1 of a missing value finds.
    return np.array([*(not fits(name) for name in texts.names), False], dtype=bool)[texts.codes]


def _fitting(spec: ColumnSpec) -> Callable[[str | None], bool] | None:
    """Whether a text fits; None where every text does."""
    if spec.type in (BOOLEAN, DATETIME):
        return lambda text: not len(read_typed([text], spec.type).wrong)
    if spec.allowed is not None:
        allowed = set(spec.allowed)
        return lambda text: text is None or text in allowed
    return None
