"""Captured requests, until they are one Parquet file.

They come in groups of a few dozens, as looking at each alone costs most. Arrays of one type are copied into the columns of a
block, those of a group by one call: what the requests have made is then freed while it is still in the processor's cache, and the
next ones are made in the same memory. Kept until a file is written, ten thousand requests make every further one slower by a
tenth. Requests of other types are kept as references, and that until a few hundred are there.

Everything else is left to the thread that writes, which holds up the requests of that moment as long as it holds Python's
interpreter lock. So it joins and frees few requests at a time, as soon as they have come: done all at once for a file, the same
work would slow down every request of a tenth of a second, and a file a second makes that more than one request in a hundred. It
gives way between columns, and leaves the encoding to pyarrow, which needs no lock.

Nor may it ask for the lock too often, as the other thread stands still while it is handed over. NumPy gives it up for each array
of more than 500 values that it copies, and pyarrow for each that it takes over: so both get few and large ones.
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

from cyclops_runtime.serving.columns import Signature
from cyclops_runtime.serving.outputs import Outputs
from cyclops_runtime.serving.query import Query
from cyclops_runtime.values.reader import text_of

# Columns beside the features; the prefix keeps them apart from features of the same name.
PREFIX = "cyclops_"
REQUEST_ID, ROW, TIME, VERSION = f"{PREFIX}request_id", f"{PREFIX}row", f"{PREFIX}time", f"{PREFIX}version"

# Requests of a slice, which are joined and freed before giving way: that takes about 0.2 ms. Fewer would hold up more requests,
# each less.
SLICE = 256
# Rows of a block: joining one takes as long.
BLOCK = 1024
# Long enough for another thread to get hold of the interpreter lock, which `sleep(0)` would take again at once.
_PAUSE_SECONDS = 0.001
# What the columns of a file may take before giving way.
_TURN_SECONDS = 0.0002


class Kind(NamedTuple):
    """What requests of one table have in common. `hour` counts from 1970; `layout` is None where a model has no named columns."""

    hour: int
    version: str
    layout: tuple[int, ...] | None
    outputs: tuple[str, ...]
    tabular: bool


# An answered request: its id, when (seconds since 1970) and by which version and signature it was answered, and how.
Request = tuple[str, float, str, Signature | None, Query, Outputs]


def kind_of(request: Request) -> Kind:
    """The table that a request belongs to."""
    _, time, version, _, query, outputs = request
    columns = query.columns
    if columns is not None:
        return Kind(int(time // 3600), version, columns.layout, outputs.names, True)
    return Kind(int(time // 3600), version, None, outputs.names, isinstance(query.raw, pd.DataFrame))


def by_kind(requests: Iterable[Request]) -> dict[Kind, list[Request]]:
    """Requests of each kind, in order. Most are of the kind of the one before, which is cheaper to see than to look up."""
    groups: dict[Kind, list[Request]] = {}
    group, last = [], None
    for request in requests:
        _, time, version, _, query, outputs = request
        columns = query.columns
        key = None if columns is None else (time // 3600, version, columns.layout, outputs.names)
        if key is None or key != last:
            group, last = groups.setdefault(kind_of(request), []), key
        group.append(request)
    return groups


class _Part:
    """Some requests of a table: what all have, one entry each."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.times: list[float] = []
        self.counts: list[int] = []
        self.extras: list[dict[str, list] | None] = []


class _Slice(_Part):
    """Requests of any types, as references."""

    def __init__(self, values: Sequence[Sequence[Any]]) -> None:
        super().__init__()
        self._values: list[list[Any]] = [[] for _ in values]

    @property
    def full(self) -> bool:
        return len(self.ids) >= SLICE

    def add(self, values: Sequence[Sequence[Any]], rows: int) -> bool:
        """Keeps values of some requests; takes any, until it is full."""
        for column, given in zip(self._values, values, strict=True):
            column += given
        return True

    def features(self, kind: Kind) -> Any:
        """A matrix, or one array for each column, or a frame, or None where the model takes no named columns."""
        given = self._values[0]
        if kind.layout is None:
            return pd.concat(given, ignore_index=True) if kind.tabular else None
        if isinstance(given[0], np.ndarray):
            return np.concatenate(given)
        return [np.concatenate(arrays) for arrays in zip(*given, strict=True)]

    def outputs(self) -> list[np.ndarray | list]:
        """One column for each output."""
        return [_joined(arrays) for arrays in self._values[1:]]


class _Block(_Part):
    """Requests whose arrays are of the same types, as columns: a matrix of features and an array for each output."""

    def __init__(self, values: Sequence[Sequence[np.ndarray]]) -> None:
        super().__init__()
        self._rows = 0
        self._columns = [np.empty((BLOCK, *given[0].shape[1:]), given[0].dtype) for given in values]

    @staticmethod
    def holds(values: Sequence[Sequence[Any]], rows: int) -> bool:
        """Whether there can be a block of such values."""
        dimensions = (2, *(1 for _ in values[1:]))
        return rows <= BLOCK and all(
            isinstance(value, np.ndarray) and value.ndim == expected and value.dtype == given[0].dtype
            for expected, given in zip(dimensions, values, strict=True)
            for value in given
        )

    @property
    def full(self) -> bool:
        return self._rows >= BLOCK

    def add(self, values: Sequence[Sequence[Any]], rows: int) -> bool:
        """Copies values of some requests, and tells whether there is room for them and they are of the block's types."""
        start, stop = self._rows, self._rows + rows
        if stop > BLOCK:
            return False
        try:
            for column, given in zip(self._columns, values, strict=True):
                np.concatenate(given, out=column[start:stop], casting="no")
        except (TypeError, ValueError):
            return False
        self._rows = stop
        return True

    def features(self, kind: Kind) -> np.ndarray:
        """A matrix."""
        return self._columns[0][: self._rows]

    def outputs(self) -> list[np.ndarray]:
        """One column for each output."""
        return [column[: self._rows] for column in self._columns[1:]]


@dataclass(slots=True)
class _Joined:
    """Requests that are columns already, in parts."""

    extras: list[dict[str, pa.Array]] = field(default_factory=list)
    features: list[Any] = field(default_factory=list)
    outputs: list[Sequence[np.ndarray | list]] = field(default_factory=list)
    ids: list[pa.Array] = field(default_factory=list)
    rows: list[pa.Array] = field(default_factory=list)
    times: list[pa.Array] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """Requests of one kind; `names` are those of the version's signature.

    One thread may add while another joins: a part belongs to the first until it is among `parts`, and then to the other.
    """

    kind: Kind
    names: Sequence[str]
    rows: int = 0
    parts: list[_Slice | _Block] = field(default_factory=list)
    joined: _Joined = field(default_factory=_Joined)
    _open: _Slice | _Block | None = None

    def add(self, requests: Sequence[Request]) -> int:
        """Takes answered requests of this kind, and gives their rows."""
        ids, times, _, _, queries, outputs = zip(*requests, strict=True)
        values = [[_features(query) for query in queries], *zip(*[answer.arrays for answer in outputs], strict=True)]
        counts = [query.rows for query in queries]
        rows = sum(counts)
        part = self._open
        if part is None or not part.add(values, rows):
            self._close()
            part = self._open = _Block(values) if _Block.holds(values, rows) else _Slice(values)
            part.add(values, rows)
        part.ids += ids
        part.times += times
        part.counts += counts
        part.extras += [query.extras or None for query in queries]
        self.rows += rows
        if part.full:
            self._close()
        return rows

    def join(self) -> None:
        """Joins the parts that are complete, and gives way after each. Only the writing thread may call it."""
        while self.parts:
            self._join(self.parts.pop(0))
            time.sleep(_PAUSE_SECONDS)

    def to_arrow(self) -> pa.Table:
        """One row for each predicted row: features, extra columns as text, and the columns with the prefix `cyclops_`.

        Takes the requests out of this table, as freeing them all at the end would be the longest hold-up of all.
        """
        self._close()
        self.join()
        joined, give_way = self.joined, _Turns()
        columns = {}
        for name, column in self._feature_columns(joined.features):
            columns[name] = column
            give_way()
        for name in dict.fromkeys(name for given in joined.extras for name in given):
            parts = zip(joined.extras, joined.ids, strict=True)
            columns[name] = pa.chunked_array([given.get(name, pa.nulls(len(ids), pa.string())) for given, ids in parts])
        for name, parts in zip(self.kind.outputs, zip(*joined.outputs, strict=True), strict=True):
            columns[PREFIX + name] = _array(_joined(parts))
            give_way()
        columns[REQUEST_ID] = pa.chunked_array(joined.ids, pa.string())
        columns[ROW] = pa.chunked_array(joined.rows, pa.int64())
        columns[TIME] = pa.chunked_array(joined.times, pa.timestamp("ns", "UTC"))
        columns[VERSION] = pa.repeat(self.kind.version, self.rows)
        return pa.table(columns)

    def _close(self) -> None:
        if self._open is not None:
            self.parts.append(self._open)
            self._open = None

    def _join(self, part: _Slice | _Block) -> None:
        joined = self.joined
        joined.features.append(part.features(self.kind))
        joined.outputs.append(part.outputs())
        joined.extras.append(_extra_columns(part.extras, part.counts))
        repeats = np.array(part.counts)
        request = np.repeat(np.arange(len(repeats)), repeats)  # of each row
        joined.ids.append(pa.array(part.ids, pa.string()).take(pa.array(request)))
        joined.rows.append(pa.array(np.arange(len(request)) - (np.cumsum(repeats) - repeats)[request]))
        microseconds = (np.array(part.times) * 1e6).astype(np.int64)
        joined.times.append(pa.array((microseconds * 1000)[request]).view(pa.timestamp("ns", "UTC")))

    def _feature_columns(self, parts: Sequence[Any]) -> Iterable[tuple[str, pa.Array]]:
        if self.kind.layout is None:
            if self.kind.tabular:
                frame = pd.concat(parts, ignore_index=True)
                yield from ((str(name), _array(frame[name])) for name in frame.columns)
            return
        names = [self.names[position] for position in self.kind.layout]
        if isinstance(parts[0], np.ndarray):
            # All values at once, one column after the other, and then cut: each array costs a handing over of Python's lock.
            values = _array(np.concatenate(parts).ravel("F"))
            yield from ((name, values.slice(i * self.rows, self.rows)) for i, name in enumerate(names))
            return
        for name, arrays in zip(names, zip(*parts, strict=True), strict=True):
            yield name, _array(np.concatenate(arrays))


class _Turns:
    """Sleeps when called, if it has let this thread work for a while."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def __call__(self) -> None:
        if time.perf_counter() - self._since < _TURN_SECONDS:
            return
        time.sleep(_PAUSE_SECONDS)
        self._since = time.perf_counter()


def to_parquet(table: pa.Table) -> bytes:
    """The content of a Parquet file.

    No dictionaries of measured numbers, ids and times: mostly each differs, and looking for equal ones is most of the whole work.
    """
    sink = pa.BufferOutputStream()
    repeating = [column.name for column in table.schema if not pa.types.is_floating(column.type)]
    pq.write_table(table, sink, use_dictionary=[name for name in repeating if name not in (REQUEST_ID, TIME)])
    return sink.getvalue().to_pybytes()


def _extra_columns(extras: Sequence[dict[str, list] | None], counts: Sequence[int]) -> dict[str, pa.Array]:
    """Columns that some requests had, as text; null for the others."""
    columns = {}
    for name in dict.fromkeys(name for given in extras if given for name in given):
        gaps = ([None] * count for count in counts)
        values = [value for given, gap in zip(extras, gaps, strict=True) for value in (given or {}).get(name, gap)]
        columns[name] = pa.array([text_of(value) for value in values], pa.string())
    return columns


def _features(query: Query) -> Any:
    """What is written of a request's input: a matrix, one array for each column, a frame, or None where columns have no names."""
    columns = query.columns
    if columns is None:
        return query.raw if isinstance(query.raw, pd.DataFrame) else None
    return columns.arrays if columns.matrix is None else columns.matrix


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
