"""One version of the model in memory: parses, predicts one query or several joined ones, and answers in both protocols."""

from __future__ import annotations

import inspect
import shutil
import time
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cyclops_runtime.logging import get_logger
from cyclops_runtime.prediction import contract_of_model, model_metadata, tell_where_undeclared
from cyclops_runtime.serving import inference_v2, invocations
from cyclops_runtime.serving.columns import Signature, TypedColumns
from cyclops_runtime.serving.outputs import NotByRow, Outputs, to_outputs
from cyclops_runtime.serving.problems import bad_request
from cyclops_runtime.serving.query import Query
from cyclops_runtime.serving.sklearn_models import accept_arrays, knows_positions_only, needs_no_thread, sklearn_parts
from cyclops_runtime.values.contract import BOOLEAN

if TYPE_CHECKING:
    from mlflow.pyfunc import PyFuncModel

log = get_logger(__name__)

_NEUTRAL_VALUES = {"string": "", "boolean": False, "datetime": "2000-01-01T00:00:00"}


class LoadedModel:
    """A version that can predict. Its files are deleted when the last request has let go of it."""

    def __init__(self, version: str, model: PyFuncModel, extras: Sequence[str] = (), folder: str | None = None) -> None:
        self.version = version
        self.loaded_at = time.time()
        self.metadata = model_metadata(model)
        self.schema = model.metadata.get_input_schema()
        self.takes_params = model.metadata.get_params_schema() is not None
        contract = contract_of_model(model)
        self._truths = frozenset(name for name, column in contract.columns.items() if column.type == BOOLEAN)
        tell_where_undeclared(contract, version)
        self.signature = Signature.from_schema(self.schema, contract)
        names = self.signature.names if self.signature else ()
        self.extras = tuple(name for name in extras if name not in names)
        self._model = model
        # Whether predictions may run on the event loop's thread: only code that is known to neither wait nor need a thread.
        self.may_run_on_loop = False
        self._predict_frame: Callable[[Any], Any] = model.predict
        self._takes_matrix = False
        if folder is not None:
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def parse_invocations(self, decoded: dict | bytes) -> Query:
        """Query of a request in one of MLflow's forms. Raises a Problem."""
        return invocations.parse(decoded, self.signature, self.schema, self.takes_params, self.extras)

    def parse_v2(self, document: dict) -> Query:
        """Query of a request of the open inference protocol. Raises a Problem."""
        return inference_v2.parse(document, self.signature, self.extras)

    def predict(self, query: Query) -> Outputs:
        """Outputs of one query, exactly what the model itself answers.

        Raises a 400 for what MLflow refuses, else the model's own error.
        """
        if query.columns is not None:
            return self._outputs(self._predict_frame(self._input([query.columns])), query.rows)
        try:
            returned = self._model.predict(query.raw, params=query.params) if query.params else self._model.predict(query.raw)
        except Exception as error:
            # An MlflowException, known by its method: who predicts without MLflow need not import it.
            status = getattr(error, "get_http_status_code", None)
            if status is not None and status() == 400:
                raise bad_request(str(error.message).splitlines()[0][:300]) from error
            raise
        return self._outputs(returned, query.rows)

    def predict_joined(self, queries: Sequence[Query]) -> list[Outputs]:
        """Outputs of several queries with columns of the same layout, by one prediction."""
        if len(queries) == 1:
            return [self.predict(queries[0])]
        rows = sum(query.rows for query in queries)
        joined = self._outputs(self._predict_frame(self._input([query.columns for query in queries])), rows)
        parts, start = [], 0
        for query in queries:
            parts.append(joined.slice(start, start + query.rows))
            start += query.rows
        return parts

    def warm_up(self) -> None:
        """Predicts once on the input example, and settles how this version is called.

        MLflow's `predict` checks and copies a frame that already fits; the model's own function is called directly when both
        give the same answer on the example. Likewise scikit-learn looks at a frame's column names longer than many of its models
        predict; those that only know positions get a bare array, if that too gives the same answer. Where there is no example,
        scikit-learn's own models are tried on made-up numbers. Raises what the model raises on its own example.
        """
        if self.signature is None:
            self._try_raw_example()
            return
        frame = self._example_frame()
        own = frame is not None
        parts = sklearn_parts(self._model)
        if frame is None:
            frame = self._made_up_frame(8 if parts else 1)
        try:
            expected = self._outputs(self._model.predict(frame.copy()), len(frame))
        except Exception as error:
            if own:
                raise
            # Nobody said that the model can predict on made-up values; requests will tell.
            log.info("warm-up-skipped", version=self.version, reason=str(error)[:200])
            return
        self.may_run_on_loop = needs_no_thread(parts)
        direct = _direct_predict(self._model)
        if direct is None or not (own or parts):
            return
        if self._answers_the_same(direct, frame.copy(), expected):
            self._predict_frame = direct
            if self.signature.is_float and knows_positions_only(parts, self.signature.names):
                accept_arrays()
                self._takes_matrix = self._answers_the_same(direct, frame.to_numpy(), expected)

    def input_metadata(self) -> list[dict]:
        """Tensors of the input for the metadata endpoint."""
        return inference_v2.tensor_metadata(self.signature)

    def output_metadata(self) -> list[dict]:
        """Tensors of the output for the metadata endpoint."""
        if self.metadata.get("classes"):
            datatype = {str: "BYTES", bool: "BOOL", int: "INT64", float: "FP64"}.get(type(self.metadata["classes"][0]), "BYTES")
            return [
                {"name": "label", "datatype": datatype, "shape": [-1]},
                {"name": "probability", "datatype": "FP64", "shape": [-1]},
            ]
        return inference_v2.output_metadata(self._model.metadata.get_output_schema())

    def _input(self, tables: Sequence[TypedColumns]) -> pd.DataFrame | np.ndarray:
        """What the model is called with."""
        if self._takes_matrix and tables[0].matrix is not None:
            return self.signature.matrix(tables)
        return self.signature.frame(tables)

    def _outputs(self, returned: Any, rows: int) -> Outputs:
        return to_outputs(returned, rows, self.metadata)

    def _answers_the_same(self, predict: Callable[[Any], Any], data: pd.DataFrame | np.ndarray, expected: Outputs) -> bool:
        try:
            return _same(expected, self._outputs(predict(data), len(data)))
        except Exception as error:
            log.info("direct-call-refused", version=self.version, form=type(data).__name__, reason=str(error)[:200])
            return False

    def _example_frame(self) -> pd.DataFrame | None:
        """The logged input example, typed as a request of it would be; None when there is none that fits the signature."""
        try:
            example = self._model.input_example
        except Exception as error:  # whatever an artifact store raises: an example is a convenience
            log.info("no-input-example", version=self.version, reason=str(error)[:200])
            return None
        if not isinstance(example, pd.DataFrame) or len(example) == 0:
            return None
        values = {name: [None if value != value else value for value in example[name].tolist()] for name in example.columns}
        try:
            return self.signature.frame([self.signature.convert(values, len(example))])
        except Exception as error:
            log.info("input-example-does-not-fit", version=self.version, reason=str(error)[:200])
            return None

    def _made_up_frame(self, rows: int) -> pd.DataFrame:
        """A row of neutral values, and below it rows whose numbers differ from each other and from column to column."""
        values = {
            # Truths with gaps are numbers to the model, and 1 and 0 fit them as well.
            column.name: [
                _NEUTRAL_VALUES.get(column.type, (row * (position + 1)) % (2 if column.name in self._truths else 7) if row else 0)
                for row in range(rows)
            ]
            for position, column in enumerate(self.signature.columns)
        }
        return self.signature.frame([self.signature.convert(values, rows)])

    def _try_raw_example(self) -> None:
        try:
            example = self._model.input_example
        except Exception:
            example = None
        if example is not None:
            self._model.predict(example)


def _direct_predict(model: PyFuncModel) -> Callable[[pd.DataFrame], Any] | None:
    """The function behind `PyFuncModel.predict`, or None when this MLflow has it elsewhere."""
    function = getattr(model, "_predict_fn", None)
    if function is None:
        return None
    parameter = inspect.signature(function).parameters.get("params")
    if parameter is not None and parameter.kind != inspect.Parameter.VAR_KEYWORD:
        return lambda frame: function(frame, params=None)
    return function


def _same(first: Outputs, second: Outputs) -> bool:
    if first.names != second.names or first.tabular != second.tabular:
        return False
    for one, other in zip(first.arrays, second.arrays, strict=True):
        if one.shape != other.shape or one.dtype != other.dtype:
            return False
        equal = np.array_equal(one, other, equal_nan=True) if one.dtype.kind in "fc" else np.array_equal(one, other)
        if not equal:
            return False
    return True


__all__ = ["LoadedModel", "NotByRow"]
