"""Models in MLflow's format, opened without MLflow where that gives the same answers: MLflow takes longer to import than
most models take to load and predict.

The format is MLflow's own: https://mlflow.org/docs/latest/ml/model/#storage-format. `open_model` reads scikit-learn models that
were saved with skops and have a signature of named columns, as the train step saves them; every other model, and every input
that does not already have the signature's types, is left to `mlflow.pyfunc`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas


class ColumnType(Enum):
    """Types of a signature's columns, with MLflow's names and the NumPy type that a column of it has."""

    boolean = "bool"
    integer = "int32"
    long = "int64"
    float = "float32"
    double = "float64"
    string = "object"


@dataclass(frozen=True)
class Column:
    """A named input, or an output that may have no name."""

    name: str | None
    type: ColumnType
    required: bool = True


@dataclass(frozen=True)
class Tensor:
    """An output of one array; `type` is a NumPy type, -1 in `shape` any length."""

    name: str | None
    type: Any
    shape: tuple[int, ...]


class Schema:
    """The inputs or outputs of a signature, with the part of the interface of `mlflow.types.Schema` that the runtime uses."""

    def __init__(self, inputs: list[Any]) -> None:
        self.inputs = inputs

    def __iter__(self) -> Iterator[Any]:
        return iter(self.inputs)

    def is_tensor_spec(self) -> bool:
        """Whether it describes arrays."""
        return bool(self.inputs) and isinstance(self.inputs[0], Tensor)

    def has_input_names(self) -> bool:
        """Whether its columns have names."""
        return bool(self.inputs) and self.inputs[0].name is not None

    def input_names(self) -> list[str | None]:
        """Names in order."""
        return [column.name for column in self.inputs]


@dataclass(frozen=True)
class Metadata:
    """What `MLmodel` says, with the part of the interface of `mlflow.models.Model` that the runtime uses."""

    metadata: Mapping[str, Any] | None
    inputs: Schema
    outputs: Schema | None

    def get_input_schema(self) -> Schema:
        """Columns that `predict` takes."""
        return self.inputs

    def get_output_schema(self) -> Schema | None:
        """What `predict` answers, or None where the signature does not say."""
        return self.outputs

    def get_params_schema(self) -> None:
        """None: models with parameters are MLflow's."""


class StoredModel:
    """A scikit-learn model with the interface of `mlflow.pyfunc.PyFuncModel`; what is not here is asked of MLflow's own."""

    def __init__(self, folder: Path, metadata: Metadata, estimator: Any, predict_fn: str, example: str | None) -> None:
        self.metadata = metadata
        self._folder, self._estimator, self._example = folder, estimator, example
        self._predict_fn = getattr(estimator, predict_fn)
        self._names = metadata.inputs.input_names()
        self._types = [column.type.value for column in metadata.inputs]

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """What the model answers for a frame. One that has not exactly the signature's columns and types goes MLflow's way,
        which converts or refuses it.
        """
        if params is None and self._fits(data):
            return self._predict_fn(data)
        return self._pyfunc.predict(data, params=params)

    def get_raw_model(self) -> Any:
        """The scikit-learn estimator."""
        return self._estimator

    @cached_property
    def input_example(self) -> pandas.DataFrame | None:
        """Rows that were logged with the model, or None."""
        import pandas

        if self._example is None:
            return None
        example = json.loads((self._folder / self._example).read_text(encoding="utf-8"))
        frame = pandas.DataFrame(example["data"], columns=example["columns"])
        return frame.astype({name: kind for name, kind in zip(self._names, self._types, strict=True) if name in frame.columns})

    @cached_property
    def _pyfunc(self) -> Any:
        import mlflow.pyfunc

        return mlflow.pyfunc.load_model(str(self._folder))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._pyfunc, name)

    def _fits(self, data: Any) -> bool:
        columns = getattr(data, "columns", None)
        if columns is None or len(columns) != len(self._names):
            return False
        return list(columns) == self._names and [str(kind) for kind in data.dtypes] == self._types


def open_model(folder: str | os.PathLike[str]) -> Any:
    """The model in a folder with an `MLmodel` file: a StoredModel where it is of the kind that is read here, else MLflow's.

    The folder must stay for as long as the model is used.
    """
    path = Path(folder)
    return _open_stored(path) or _open_with_mlflow(path)


def _open_with_mlflow(path: Path) -> Any:
    import mlflow.pyfunc

    return mlflow.pyfunc.load_model(str(path))


def _open_stored(path: Path) -> StoredModel | None:
    document = _read_document(path / "MLmodel")
    flavors = document.get("flavors") or {}
    function, sklearn = flavors.get("python_function") or {}, flavors.get("sklearn") or {}
    readable = function.get("loader_module") == "mlflow.sklearn" and sklearn.get("serialization_format") == "skops"
    # `code` is Python code beside the model, which MLflow puts on sys.path.
    if not readable or sklearn.get("code") or function.get("code"):
        return None
    signature = document.get("signature") or {}
    inputs, outputs = _schema(signature.get("inputs")), _schema(signature.get("outputs"))
    if inputs is None or inputs.is_tensor_spec() or not inputs.has_input_names() or signature.get("params"):
        return None

    import skops.io

    estimator = skops.io.load(path / sklearn["pickled_model"], trusted=sklearn.get("skops_trusted_types") or [])
    example = document.get("saved_input_example_info") or {}
    is_frame = example.get("type") == "dataframe" and example.get("pandas_orient") == "split"
    return StoredModel(
        path,
        Metadata(document.get("metadata"), inputs, outputs),
        estimator,
        function.get("predict_fn") or "predict",
        example["artifact_path"] if is_frame else None,
    )


def _read_document(path: Path) -> dict[str, Any]:
    import yaml

    # libyaml's loader is many times as fast, and not in every build of PyYAML.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (both loaders are safe ones)
    except (OSError, yaml.YAMLError):
        return {}  # MLflow's own message says what is wrong
    return document if isinstance(document, dict) else {}


def _schema(text: str | None) -> Schema | None:
    """A signature's JSON; None where there is none, or where it holds what is left to MLflow (arrays, objects, dates)."""
    if not text:
        return None
    columns = [_column(entry) for entry in json.loads(text)]
    return None if None in columns else Schema(columns)


def _column(entry: Mapping[str, Any]) -> Column | Tensor | None:
    if entry["type"] == "tensor":
        import numpy

        spec = entry["tensor-spec"]
        return Tensor(entry.get("name"), numpy.dtype(spec["dtype"]), tuple(spec["shape"]))
    if entry["type"] not in ColumnType.__members__:
        return None
    return Column(entry.get("name"), ColumnType[entry["type"]], entry.get("required", True))
