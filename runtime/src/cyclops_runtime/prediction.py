"""From rows to labels and probabilities, with one meaning for the scorer, batch inference and evaluation.

The built-in templates log scikit-learn pipelines whose pyfunc `predict` is `predict_proba` for classifiers: an array of
shape (rows, classes). The classes stand in the model's metadata, `metadata["cyclops"]["classes"]`, in the array's order.
Models of users may answer with labels alone; they then have no probability.
"""

from dataclasses import dataclass
from typing import Any

import numpy
import pandas

from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger
from cyclops_runtime.values.contract import EXPECTED, ValueContract, contract_of
from cyclops_runtime.values.reader import read, text_of

log = get_logger(__name__)

LABEL = "label"
PROBABILITY = "probability"


def model_metadata(model: Any) -> dict[str, Any]:
    """What the train step wrote into a logged model: task, classes, positive, features; {} for foreign models."""
    metadata = getattr(model.metadata, "metadata", None) or {}
    return metadata.get("cyclops", {})


def predict(model: Any, frame: pandas.DataFrame) -> pandas.DataFrame:
    """One row per input row, with the columns `label` and `probability`.

    `probability` is that of the positive label (binary), of the given label (multiclass), or missing (regression, and
    models that answer with labels alone). A binary model's label is the positive one from 0.5 on.
    """
    output = model.predict(fit_to_signature(model, frame))
    return interpret(output, model_metadata(model), frame.index)


def interpret(output: Any, metadata: dict[str, Any], index: pandas.Index | None = None) -> pandas.DataFrame:
    """The columns `label` and `probability` from what a pyfunc model answered: (rows,) or (rows, classes)."""
    if isinstance(output, pandas.DataFrame) and {LABEL, PROBABILITY} <= set(output.columns):
        return output[[LABEL, PROBABILITY]].set_axis(index if index is not None else output.index)
    values = numpy.asarray(output)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    classes = metadata.get("classes")
    if values.ndim == 1:
        labels, probabilities = values, numpy.full(len(values), numpy.nan)
    elif classes and values.shape[1] == len(classes):
        labels, probabilities = _from_probabilities(values, classes, metadata.get("positive"))
    else:
        raise InputError(
            f"the model answers with {values.shape[1]} columns a row, but names {len(classes or [])} classes: "
            "log labels, or probabilities with metadata={'cyclops': {'classes': [...]}}"
        )
    return pandas.DataFrame({LABEL: labels, PROBABILITY: probabilities.astype(float)}, index=index)


def _from_probabilities(values: numpy.ndarray, classes: list[Any], positive: Any) -> tuple[numpy.ndarray, numpy.ndarray]:
    names = numpy.array(classes, dtype=object)
    if len(classes) == 2 and positive in classes:
        column = classes.index(positive)
        return names[numpy.where(values[:, column] >= 0.5, column, 1 - column)], values[:, column]
    best = values.argmax(axis=1)
    return names[best], values[numpy.arange(len(values)), best]


def class_probabilities(output: Any, metadata: dict[str, Any]) -> numpy.ndarray | None:
    """Probabilities of all classes, shape (rows, classes), in the order of `metadata["classes"]`; None without them."""
    values = numpy.asarray(output)
    classes = metadata.get("classes")
    return values.astype(float) if classes and values.ndim == 2 and values.shape[1] == len(classes) else None


@dataclass(frozen=True)
class WrongValue:
    """A value that its column cannot hold: the row's position in the frame, the column, the value as text, what was expected."""

    row: int
    column: str
    value: str | None
    expected: str

    def __str__(self) -> str:
        shown = "no value" if self.value is None else repr(self.value[:60])
        return f"column {self.column!r}: expected {self.expected}, got {shown}"


def contract_of_model(model: Any) -> ValueContract:
    """How the values of a model are read."""
    return contract_of(model_metadata(model), model.metadata.get_input_schema())


def tell_where_undeclared(contract: ValueContract, version: str) -> None:
    """Says in the log that a model says nothing of its values, or less than those that are trained now."""
    if not contract.declared:
        log.warning(
            "values-read-by-signature",
            version=version,
            columns=len(contract.columns),
            reason="the model was trained elsewhere or earlier, and does not say how its values are written",
        )


def fit_to_signature(model: Any, frame: pandas.DataFrame) -> pandas.DataFrame:
    """The model's columns of a frame, in order, read by its contract, with the types of its signature.

    Whole numbers become floats, numbers where text is expected become text, missing values become NaN or None, as does, with a
    warning, what cannot be read: the pipeline fills gaps. InputError names columns that are not there, and a value that cannot be
    read where the model has no gaps. Who has raw values in hand takes `read_features`.
    """
    fitted, wrong = read_features(model, frame)
    without_gaps = [value for value in wrong if fitted[value.column].dtype == bool]
    if without_gaps:
        raise InputError(f"row {without_gaps[0].row}: {without_gaps[0]}")
    if wrong:
        log.warning("values-not-read", count=len(wrong), first=f"row {wrong[0].row}: {wrong[0]}")
    return fitted


def read_features(model: Any, frame: pandas.DataFrame) -> tuple[pandas.DataFrame, list[WrongValue]]:
    """As `fit_to_signature`, with the values that cannot be read: the model must not get their rows."""
    schema = model.metadata.get_input_schema()
    if schema is None or not schema.has_input_names():
        return frame, []
    missing = [column.name for column in schema.inputs if column.required and column.name not in frame.columns]
    if missing:
        raise InputError(f"the input has no column {', '.join(map(repr, missing))}")
    contract, series, wrong = contract_of_model(model), {}, []
    for name in (column.name for column in schema.inputs if column.name in frame.columns):
        column, values = contract.columns.get(name), frame[name]
        if column is None:
            series[name] = values
            continue
        found = read(values, column)
        series[name] = pandas.Series(found.values, index=frame.index)
        wrong += [WrongValue(row, name, text_of(values.iloc[row]), EXPECTED[column.type]) for row in found.wrong]
    return pandas.DataFrame(series, index=frame.index), wrong
