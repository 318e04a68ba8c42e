"""From what a model returned to named outputs that can be cut by row and written as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cyclops_runtime.prediction import LABEL, PROBABILITY, _from_probabilities

PREDICTION = "prediction"


class NotByRow(ValueError):
    """The model's answer has not one entry for each row, so it cannot be shared out among requests."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Named outputs of one prediction.

    `arrays[i]` has shape [rows] or [rows, k]. `tabular` tells whether the model returned a table (MLflow then answers one object
    for each row) or bare values.
    """

    names: tuple[str, ...]
    arrays: tuple[np.ndarray, ...]
    tabular: bool

    @property
    def rows(self) -> int:
        """Number of predicted rows."""
        return len(self.arrays[0])

    def slice(self, start: int, stop: int) -> Outputs:
        """The outputs of the rows from `start` to before `stop`; shares memory with these."""
        return Outputs(self.names, tuple(array[start:stop] for array in self.arrays), self.tabular)


def to_outputs(returned: Any, rows: int, metadata: Mapping[str, Any]) -> Outputs:
    """Outputs of `returned`: a frame (one output a column), a series, an array of one or two dimensions, or a list.

    Probabilities of the classes that `metadata` names (see `cyclops_runtime.prediction`) become `label` and `probability`.
    Raises NotByRow when there is not one entry for each of `rows`.
    """
    classes = metadata.get("classes")
    if classes and isinstance(returned, np.ndarray) and returned.shape == (rows, len(classes)):
        labels, probabilities = _from_probabilities(returned, classes, metadata.get("positive"))
        return Outputs((LABEL, PROBABILITY), (labels, probabilities), tabular=True)
    if isinstance(returned, pd.Series):
        returned = returned.to_frame()
    if isinstance(returned, pd.DataFrame):
        outputs = Outputs(
            tuple(str(name) for name in returned.columns),
            tuple(returned.iloc[:, i].to_numpy() for i in range(returned.shape[1])),
            tabular=True,
        )
    else:
        array = returned if isinstance(returned, np.ndarray) else _array_of(returned)
        outputs = Outputs((PREDICTION,), (array,), tabular=False)
    if not outputs.arrays or any(array.ndim == 0 or len(array) != rows for array in outputs.arrays):
        raise NotByRow(f"the model answered {type(returned).__name__} that has not one entry for each of {rows} rows")
    return outputs


def _array_of(values: Any) -> np.ndarray:
    if not isinstance(values, (list, tuple)):
        raise NotByRow(f"the model answered {type(values).__name__}, which is not a table or an array")
    try:
        array = np.array(values)
    except ValueError:  # rows of different lengths
        array = None
    if array is None or array.dtype.kind in "OV" or (array.dtype.kind == "U" and not all(isinstance(v, str) for v in values)):
        array = np.empty(len(values), dtype=object)
        array[:] = values
    return array


def json_values(array: np.ndarray) -> list:
    """Values that JSON has; times become ISO 8601 text."""
    if array.dtype.kind == "M":
        return [None if np.isnat(value) else str(np.datetime_as_string(value)) for value in array]
    return array.tolist()


def to_predictions(outputs: Outputs) -> list:
    """The value of `predictions` in MLflow's answer: objects for a table, else the values."""
    if not outputs.tabular:
        return json_values(outputs.arrays[0])
    columns = [json_values(array) for array in outputs.arrays]
    return [dict(zip(outputs.names, row, strict=True)) for row in zip(*columns, strict=True)]


def v2_datatype(array: np.ndarray) -> str:
    """Datatype of the open inference protocol for an array; BYTES for everything but numbers and booleans."""
    kind, size = array.dtype.kind, array.dtype.itemsize * 8
    if kind == "f":
        return f"FP{size}"
    if kind == "i":
        return f"INT{size}"
    if kind == "u":
        return f"UINT{size}"
    if kind == "b":
        return "BOOL"
    return "BYTES"


def to_v2_outputs(outputs: Outputs, wanted: Sequence[str] | None) -> list[dict]:
    """The value of `outputs` in an answer of the open inference protocol; `wanted` names those asked for, in order."""
    positions = range(len(outputs.names)) if wanted is None else [outputs.names.index(name) for name in wanted]
    tensors = []
    for i in positions:
        array = outputs.arrays[i]
        datatype = v2_datatype(array)
        data = json_values(array.reshape(-1))
        if array.dtype.kind == "O":
            data, datatype = _object_data(data)
        tensors.append({"name": outputs.names[i], "shape": list(array.shape), "datatype": datatype, "data": data})
    return tensors


def _object_data(data: list) -> tuple[list, str]:
    """Objects keep their own type when all have the same one that the protocol knows; anything else becomes text."""
    types = {type(value) for value in data}
    if types == {bool}:
        return data, "BOOL"
    if types == {int}:
        return data, "INT64"
    if types <= {int, float} and types:
        return data, "FP64"
    return [value if value is None or isinstance(value, str) else str(value) for value in data], "BYTES"
