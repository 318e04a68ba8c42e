"""Captured requests, as references until they are written, and then as one Parquet file.

Adding one costs a single append. Everything else is left to the thread that writes, which holds up the requests of that moment
as long as it holds Python's interpreter lock: it joins and frees few requests at a time, gives way in between, and leaves the
encoding to pyarrow, which needs no lock.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cyclops_runtime.prediction import as_text
from cyclops_runtime.serving.outputs import Outputs
from cyclops_runtime.serving.query import Query

# Columns beside the features; the prefix keeps them apart from features of the same name.
PREFIX = "cyclops_"
REQUEST_ID, ROW, TIME, VERSION = f"{PREFIX}request_id", f"{PREFIX}row", f"{PREFIX}time", f"{PREFIX}version"

# Requests that are joined and freed before giving way, which takes about 0.2 ms. Fewer would hold up more requests, each less.
_SLICE = 256
# Long enough for another thread to get hold of the interpreter lock, which `sleep(0)` would take again at once.
_PAUSE_SECONDS = 0.001
_FIELDS = 6  # what Table.add appends for a request


class Kind(NamedTuple):
    """What requests of one table have in common. `hour` counts from 1970; `layout` is None where a model has no named columns."""

    hour: int
    version: str
    layout: tuple[int, ...] | None
    outputs: tuple[str, ...]
    tabular: bool


def kind_of(time: float, version: str, query: Query, outputs: Outputs) -> Kind:
    """The table that a request answered at `time` (seconds since 1970) belongs to."""
    columns = query.columns
    if columns is not None:
        return Kind(int(time // 3600), version, columns.layout, outputs.names, True)
    return Kind(int(time // 3600), version, None, outputs.names, isinstance(query.raw, pd.DataFrame))


@dataclass(slots=True)
class Table:
    """Requests of one kind; `names` are those of the version's signature."""

    kind: Kind
    names: Sequence[str]
    rows: int = 0
    # _FIELDS entries for each request, one after the other: an object for each would be one more for the garbage collector.
    entries: list[Any] = field(default_factory=list)

    def add(self, request_id: str, time: float, query: Query, outputs: Outputs) -> None:
        """One answered request of this kind."""
        columns = query.columns
        features = query.raw if columns is None else columns.arrays if columns.matrix is None else columns.matrix
        self.rows += query.rows
        self.entries += (request_id, time, query.rows, features, query.extras, outputs.arrays)

    def to_arrow(self) -> pa.Table:
        """One row for each predicted row: features, extra columns as text, and the columns with the prefix `cyclops_`.

        Takes the requests out of this table, as freeing them all at the end would be the longest hold-up of all.
        """
        ids, times, counts, extras, features, outputs = [], [], [], [], [], []
        while self.entries:
            part = self.entries[: _SLICE * _FIELDS]
            del self.entries[: _SLICE * _FIELDS]
            ids += part[0::_FIELDS]
            times += part[1::_FIELDS]
            counts += part[2::_FIELDS]
            features.append(self._joined_features(part[3::_FIELDS]))
            extras += part[4::_FIELDS]
            outputs.append([_joined(arrays) for arrays in zip(*part[5::_FIELDS], strict=True)])
            del part
            time.sleep(_PAUSE_SECONDS)
        columns = dict(self._feature_columns(features))
        columns |= _extra_columns(extras, counts)
        for name, parts in zip(self.kind.outputs, zip(*outputs, strict=True), strict=True):
            columns[PREFIX + name] = _array(_joined(parts))
        repeats = np.array(counts)
        columns[REQUEST_ID] = _array(np.repeat(np.array(ids, dtype=object), repeats))
        columns[ROW] = _array(np.arange(self.rows) - np.repeat(np.cumsum(repeats) - repeats, repeats))
        microseconds = (np.repeat(np.array(times), repeats) * 1e6).astype("datetime64[us]")
        columns[TIME] = pa.array(microseconds.astype("datetime64[ns]")).cast(pa.timestamp("ns", "UTC"))
        columns[VERSION] = pa.repeat(self.kind.version, self.rows)
        return pa.table(columns)

    def _joined_features(self, features: Sequence[Any]) -> Any:
        """Features of some requests: one array for each column, a frame, or None where the model takes no named columns."""
        if self.kind.layout is None:
            return pd.concat(features, ignore_index=True) if self.kind.tabular else None
        if isinstance(features[0], np.ndarray):
            return np.concatenate(features).T
        return [np.concatenate(arrays) for arrays in zip(*features, strict=True)]

    def _feature_columns(self, parts: Sequence[Any]) -> Iterable[tuple[str, pa.Array]]:
        if self.kind.layout is None:
            if self.kind.tabular:
                frame = pd.concat(parts, ignore_index=True)
                yield from ((str(name), _array(frame[name])) for name in frame.columns)
            return
        for position, arrays in zip(self.kind.layout, zip(*parts, strict=True), strict=True):
            yield self.names[position], _array(np.concatenate(arrays))


def to_parquet(table: pa.Table) -> bytes:
    """The content of a Parquet file.

    No dictionaries of measured numbers: mostly each differs, and looking for equal ones is three quarters of the whole work.
    """
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, use_dictionary=[column.name for column in table.schema if not pa.types.is_floating(column.type)])
    return sink.getvalue().to_pybytes()


def _extra_columns(extras: Sequence[dict[str, list]], counts: Sequence[int]) -> dict[str, pa.Array]:
    """Columns that some requests had, as text; null for the others."""
    columns = {}
    for name in dict.fromkeys(name for given in extras if given for name in given):
        gaps = ([None] * count for count in counts)
        values = [value for given, gap in zip(extras, gaps, strict=True) for value in given.get(name, gap)]
        columns[name] = _array(as_text(pd.Series(values, dtype=object)))
    return columns


def _array(values: Any) -> pa.Array:
    """A column; NaN and NaT are null, as pandas writes them."""
    return pa.array(values, from_pandas=True)


def _joined(arrays: Sequence[np.ndarray | list]) -> np.ndarray | list:
    """One column of several arrays; rows of a matrix become lists."""
    first = arrays[0]
    if isinstance(first, list) or first.ndim > 1:
        return [value for array in arrays for value in (array if isinstance(array, list) else array.tolist())]
    kinds = {array.dtype.kind for array in arrays}
    if len(kinds) > 1 and not kinds <= set("iuf"):  # NumPy would make numbers of truth values, and text of numbers beside text
        return np.array([value for array in arrays for value in array.tolist()], dtype=object)
    return np.concatenate(arrays)
