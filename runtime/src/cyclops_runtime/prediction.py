"""From rows to labels and probabilities, with one meaning for the scorer, batch inference and evaluation.

The built-in templates log scikit-learn pipelines whose pyfunc `predict` is `predict_proba` for classifiers: an array of
shape (rows, classes). The classes stand in the model's metadata, `metadata["cyclops"]["classes"]`, in the array's order.
Models of users may answer with labels alone; they then have no probability.
"""

from typing import Any

import numpy
import pandas

from cyclops_runtime.errors import InputError

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


def fit_to_signature(model: Any, frame: pandas.DataFrame) -> pandas.DataFrame:
    """The model's columns of a frame, in order, with the types of its signature.

    Whole numbers become floats, numbers where text is expected become text, missing values become NaN or None, and
    what cannot be read as a number becomes NaN (the pipeline fills gaps). InputError names columns that are not there.
    """
    schema = model.metadata.get_input_schema()
    if schema is None or not schema.has_input_names():
        return frame
    missing = [column.name for column in schema.inputs if column.required and column.name not in frame.columns]
    if missing:
        raise InputError(f"the input has no column {', '.join(map(repr, missing))}")
    return pandas.DataFrame(
        {
            column.name: _as_type(frame[column.name], getattr(column.type, "name", ""))
            for column in schema.inputs
            if column.name in frame.columns
        },
        index=frame.index,
    )


def _as_type(values: pandas.Series, type_name: str) -> pandas.Series:
    if type_name in ("double", "float"):
        return as_number(values)
    if type_name == "string":
        return as_text(values)
    return values


def as_number(values: pandas.Series) -> pandas.Series:
    """A column as float64; true and false are 1 and 0, moments are seconds since 1970, the rest NaN."""
    if pandas.api.types.is_datetime64_any_dtype(values):
        moments = pandas.to_datetime(values, utc=True)
        return (moments - pandas.Timestamp(0, tz="UTC")).dt.total_seconds().astype("float64")
    if values.dtype == object:
        values = values.map({True: 1.0, False: 0.0, "true": 1.0, "false": 0.0, "True": 1.0, "False": 0.0}).fillna(
            pandas.to_numeric(values.where(~values.map(lambda value: isinstance(value, bool))), errors="coerce")
        )
    return pandas.to_numeric(values, errors="coerce").astype("float64")


def as_text(values: pandas.Series) -> pandas.Series:
    """A column as text with None for missing values; whole floats are written without `.0`, as CSV readers differ."""

    def one(value: Any) -> str | None:
        if value is None or value is pandas.NaT or value is pandas.NA or (isinstance(value, float) and value != value):
            return None
        if isinstance(value, (float, numpy.floating)) and float(value).is_integer():
            return str(int(value))
        if isinstance(value, (bool, numpy.bool_)):
            return "true" if value else "false"
        return str(value)

    return pandas.Series([one(value) for value in values.tolist()], index=values.index, dtype=object)
