"""Captured requests column by column, as they are going to be written.

Adding one costs a few appends. Most of what a table needs is there when it is made, by a few calls that do not depend on the
number of requests: were each request an object, looking at all of them again would hold up the requests of that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cyclops_runtime.prediction import as_text
from cyclops_runtime.serving.outputs import Outputs
from cyclops_runtime.serving.query import Query

# Columns beside the features; the prefix keeps them apart from features of the same name.
PREFIX = "cyclops_"
REQUEST_ID, ROW, TIME, VERSION = f"{PREFIX}request_id", f"{PREFIX}row", f"{PREFIX}time", f"{PREFIX}version"


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
    """Requests of one kind; `names` are those of the version's signature. Every list has one entry for each request."""

    kind: Kind
    names: Sequence[str]
    rows: int = 0
    request_ids: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    features: list[Any] = field(default_factory=list)
    extras: list[dict[str, list]] = field(default_factory=list)
    outputs: list[tuple[np.ndarray, ...]] = field(default_factory=list)

    def add(self, request_id: str, time: float, query: Query, outputs: Outputs) -> None:
        """One answered request of this kind."""
        columns = query.columns
        self.rows += query.rows
        self.request_ids.append(request_id)
        self.times.append(time)
        self.counts.append(query.rows)
        if columns is None:
            self.features.append(query.raw)
        else:
            self.features.append(columns.arrays if columns.matrix is None else columns.matrix)
        self.extras.append(query.extras)
        self.outputs.append(outputs.arrays)

    def extend(self, later: Table) -> None:
        """All requests of another table of this kind."""
        self.rows += later.rows
        for name in ("request_ids", "times", "counts", "features", "extras", "outputs"):
            getattr(self, name).extend(getattr(later, name))

    def to_frame(self) -> pd.DataFrame:
        """One row for each predicted row: features, extra columns as text, and the columns with the prefix `cyclops_`."""
        counts = np.array(self.counts)
        columns = self._feature_columns()
        for name in dict.fromkeys(name for extras in self.extras if extras for name in extras):
            gaps = ([None] * count for count in self.counts)
            values = [v for extras, gap in zip(self.extras, gaps, strict=True) for v in extras.get(name, gap)]
            columns[name] = as_text(pd.Series(values, dtype=object))
        for name, arrays in zip(self.kind.outputs, zip(*self.outputs, strict=True), strict=True):
            columns[PREFIX + name] = _joined(arrays)
        columns[REQUEST_ID] = np.repeat(np.array(self.request_ids, dtype=object), counts)
        columns[ROW] = np.arange(self.rows) - np.repeat(np.cumsum(counts) - counts, counts)
        microseconds = (np.repeat(np.array(self.times), counts) * 1e6).astype("datetime64[us]")
        columns[TIME] = pd.to_datetime(microseconds.astype("datetime64[ns]"), utc=True)
        columns[VERSION] = np.full(self.rows, self.kind.version, dtype=object)
        return pd.DataFrame(columns, copy=False)

    def _feature_columns(self) -> dict[str, Any]:
        layout = self.kind.layout
        if layout is None:
            if not self.kind.tabular:
                return {}
            raw = pd.concat(self.features, ignore_index=True)
            return {str(name): raw[name] for name in raw.columns}
        names = [self.names[i] for i in layout]
        if isinstance(self.features[0], np.ndarray):
            return dict(zip(names, np.concatenate(self.features).T, strict=True))
        return {name: np.concatenate(arrays) for name, arrays in zip(names, zip(*self.features, strict=True), strict=True)}


def _joined(arrays: Sequence[np.ndarray]) -> np.ndarray | list:
    """One column of several arrays; rows of a matrix become lists."""
    if arrays[0].ndim > 1:
        return [value for array in arrays for value in array.tolist()]
    kinds = {array.dtype.kind for array in arrays}
    if len(kinds) > 1 and not kinds <= set("iuf"):  # NumPy would make numbers of truth values, and text of numbers beside text
        return np.array([value for array in arrays for value in array.tolist()], dtype=object)
    return np.concatenate(arrays)
