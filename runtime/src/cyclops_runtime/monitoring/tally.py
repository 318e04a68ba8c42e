"""Counts one part of the current window, batch by batch, in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cyclops_runtime.document import ColumnSpec
from cyclops_runtime.monitoring.profile import NUMBER, Distribution, Profile, array_of
from cyclops_runtime.monitoring.statistics import bin_counts
from cyclops_runtime.monitoring.values import Numbers, Texts, is_text, numbers_of, texts_of
from cyclops_runtime.monitoring.violations import broken_numbers, broken_texts
from cyclops_runtime.monitoring.window import MAX_NEW, FeatureCounts, Window, bounded
from cyclops_runtime.prediction import LABEL, PROBABILITY
from cyclops_runtime.serving.captured import PREFIX, REQUEST_ID, ROW, TIME, VERSION
from cyclops_runtime.serving.outputs import PREDICTION
from cyclops_runtime.values.contract import DATETIME
from cyclops_runtime.values.reader import read_typed

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Question:
    """What is to be counted.

    Rows count from `span[0]` to before `span[1]`, or all of them without a span; predictions of `version` alone. `labels` (by id,
    both text) are joined to predictions of `due`. `predict` makes the predictions of rows that were not captured.
    """

    reference: Profile | None = None
    schema: Mapping[str, ColumnSpec] = field(default_factory=dict)
    segments: tuple[str, ...] = ()
    version: str | None = None
    span: Span | None = None
    due: Span | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    id_column: str | None = None
    predict: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    @property
    def columns(self) -> list[str] | None:
        """The columns that matter; None for all, which a model that predicts may need."""
        if self.predict is not None:
            return None
        own = [PREFIX + name for name in (LABEL, PREDICTION, PROBABILITY)]
        features = self.reference.features if self.reference is not None else {}
        ids = [REQUEST_ID, ROW, *([self.id_column] if self.id_column else [])] if self.labels else []
        return [*features, *self.schema, *self.segments, *ids, *own, TIME, VERSION]


def count(question: Question, batches: Iterator[pa.RecordBatch], several: frozenset[str] = frozenset()) -> Window:
    """Counts of one file. `several` has the ids of its requests of more than one row, whose rows the id does not tell apart."""
    tally = _Tally(question, several)
    for batch in batches:
        tally.add(batch)
    return tally.window


class _Tally:
    def __init__(self, question: Question, several: frozenset[str]) -> None:
        self._question, self._several = question, several
        features = question.reference.features if question.reference is not None else {}
        self._reference = features
        self._contract = question.reference.values.columns if question.reference is not None else {}
        self._categories = {
            name: {category: i for i, category in enumerate(feature.categories)} for name, feature in features.items()
        }
        self.window = Window(features={name: FeatureCounts([0] * len(feature.counts)) for name, feature in features.items()})

    def add(self, batch: pa.RecordBatch) -> None:
        question = self._question
        times = None
        if question.span is not None or question.due is not None:
            times = moments_of(batch.column(TIME))
        if question.due is not None:
            self._label(_within(batch, times, question.due))
        rows = batch if question.span is None else _within(batch, times, question.span)
        if len(rows):
            self._count(rows)

    def _count(self, batch: pa.RecordBatch) -> None:
        window, names = self.window, set(batch.schema.names)
        window.rows += len(batch)
        broken = np.zeros(len(batch), dtype=bool)
        for name in dict.fromkeys([*self._reference, *self._question.schema]):
            if name in names:
                found = self._column(name, batch.column(name))
                if found is not None and (many := int(np.count_nonzero(found))):
                    broken |= found
                    window.violations[name] = window.violations.get(name, 0) + many
        window.violating += int(np.count_nonzero(broken))
        self._predictions(batch, names)

    # Columns -----------------------------------------------------------------------------------------------------------------

    def _column(self, name: str, column: pa.Array) -> np.ndarray | None:
        """Counts the values of a feature, and returns the rows that break a constraint of it."""
        feature, spec = self._reference.get(name), self._question.schema.get(name)
        if spec is not None and name not in self.window.checked:
            self.window.checked = sorted([*self.window.checked, name])
        numeric = spec is not None and spec.type in ("integer", "number")
        numbers = (
            numbers_of(column, self._contract.get(name)) if numeric or (feature is not None and feature.kind == NUMBER) else None
        )
        if feature is not None:
            self._feature(name, feature, column, numbers)
        if numbers is not None and (spec is None or numeric):
            return broken_numbers(spec, numbers)
        return None if spec is None else broken_texts(spec, column)

    def _feature(self, name: str, feature: Distribution, column: pa.Array, numbers: Numbers | None) -> None:
        counts = self.window.features[name]
        counts.seen += len(column)
        if feature.kind == NUMBER and numbers is not None:
            counts.bins = _plus(counts.bins, bin_counts(numbers.values, feature.edges))
            counts.unreadable += _number_of(numbers.unreadable)
            counts.infinite += _number_of(numbers.infinite)
            return
        texts = texts_of(column)
        counts.bins = _plus(counts.bins, self._binned(name, texts, counts))
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            counts.numbers += int(np.count_nonzero(texts.codes >= 0))

    def _binned(self, name: str, texts: Texts, counts: FeatureCounts) -> np.ndarray:
        """Rows by category of the reference, the last entry for all others."""
        places = self._categories[name]
        bins = np.zeros(len(places) + 1, dtype=np.int64)
        new = set()
        for text, many in zip(texts.names, texts.counts().tolist(), strict=True):
            if many and text is not None:
                place = places.get(text, len(places))
                bins[place] += many
                if place == len(places):
                    new.add(text)
        if new:
            counts.new = sorted({*counts.new, *new})[:MAX_NEW]
        return bins

    # Predictions -------------------------------------------------------------------------------------------------------------

    def _predictions(self, batch: pa.RecordBatch, names: set[str]) -> None:
        segments = [name for name in self._question.segments if name in names]
        for name in segments:
            self.window.segments.setdefault(name, {})
        own, label, probability = self._predicted(batch)
        if label is None or len(own) == 0:
            return
        present = label.codes >= 0
        self.window.predicted += int(np.count_nonzero(present))
        self._binned_predictions(label, probability)
        for name in segments:
            self._groups(name, texts_of(own.column(name)), label)

    def _predicted(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, Texts | None, pa.Array | None]:
        """The champion's rows, their labels, and their probabilities where there are any."""
        if self._question.predict is not None:
            answers = self._question.predict(batch.to_pandas())
            return batch, texts_of(array_of(answers[LABEL])), array_of(answers[PROBABILITY])
        own = self._own(batch)
        label = _label_column(own)
        return own, None if label is None else texts_of(label), _column_or_none(own, PREFIX + PROBABILITY)

    def _own(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The champion's rows, and among them those of the version alone."""
        version = self._question.version
        if version is None or VERSION not in batch.schema.names:
            return batch.slice(0, 0)
        texts = texts_of(batch.column(VERSION))
        is_own = np.array([*(name == version for name in texts.names), False])[texts.codes]
        return batch if is_own.all() else batch.filter(pa.array(is_own))

    def _binned_predictions(self, label: Texts, probability: pa.Array | None) -> None:
        reference = self._question.reference
        if reference is None or reference.predictions is None:
            return
        drawn, present = reference.predictions, label.codes >= 0
        if drawn.kind == NUMBER:
            column = probability
            if reference.quantity == LABEL:
                column = pa.array(label.values(), pa.string())
            if column is None:
                return
            values = numbers_of(column).values
            found = bin_counts(values[present], drawn.edges)
        else:
            places = {category: i for i, category in enumerate(drawn.categories)}
            found = np.zeros(len(drawn.counts), dtype=np.int64)
            for name, many in zip(label.names, label.counts().tolist(), strict=True):
                found[places.get(name, len(places)) if name is not None else len(places)] += many
        self.window.predictions = _plus(self.window.predictions or [0] * len(drawn.counts), found)

    def _groups(self, segment: str, groups: Texts, label: Texts) -> None:
        known = self.window.segments[segment]
        if known is None:
            return
        both = (groups.codes >= 0) & (label.codes >= 0)
        size = max(len(label.names), 1)
        pairs, counts = np.unique(groups.codes[both].astype(np.int64) * size + label.codes[both], return_counts=True)
        for pair, many in zip(pairs.tolist(), counts.tolist(), strict=True):
            group, predicted = groups.names[pair // size], label.names[pair % size]
            if group is not None and predicted is not None:
                found = known.setdefault(group, {})
                found[predicted] = found.get(predicted, 0) + many
        self.window.segments[segment] = bounded(known)

    # Labels ------------------------------------------------------------------------------------------------------------------

    def _label(self, batch: pa.RecordBatch) -> None:
        """Joins the champion's predictions to the labels that have come for them."""
        own = self._own(batch)
        label = _label_column(own)
        if label is None or len(own) == 0:
            return
        self.window.due += len(own) - _missing(label)
        truth = [self._question.labels.get(row_id) if row_id is not None else None for row_id in self._ids(own)]
        known = np.array([each is not None for each in truth]) & ~_is_missing(label)
        if not known.any():
            return
        own, mask = own.filter(pa.array(known)), known.tolist()
        probability = _column_or_none(own, PREFIX + PROBABILITY)
        pairs = self.window.pairs
        pairs.truth += [each for each, is_known in zip(truth, mask, strict=True) if is_known and each is not None]
        pairs.label += [text or "" for text in texts_of(_label_column(own)).values()]
        pairs.probability += [float("nan")] * len(own) if probability is None else numbers_of(probability).values.tolist()

    def _ids(self, batch: pa.RecordBatch) -> list[str | None]:
        """Id of each row: its id column, else, for requests of a single row, the request's id."""
        column = self._question.id_column
        own = texts_of(batch.column(column)).values() if column in batch.schema.names else [None] * len(batch)
        if REQUEST_ID not in batch.schema.names:
            return own
        requests = texts_of(batch.column(REQUEST_ID)).values()
        several = self._several
        return [
            row_id if row_id is not None else (None if request in several else request)
            for row_id, request in zip(own, requests, strict=True)
        ]


def moments_of(column: pa.Array) -> np.ndarray:
    """Microseconds since 1970, shape [rows], the least number for none: of a time column, ISO 8601 texts, or seconds."""
    if not (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)):
        if is_text(column.type):
            return read_typed(texts_of(column).values(), DATETIME).values.astype(np.int64)
        else:
            seconds = numbers_of(column).values
            column = pa.array(np.round(seconds * 1e6), mask=np.isnan(seconds)).cast(pa.int64())
            return column.fill_null(np.iinfo(np.int64).min).to_numpy(zero_copy_only=False)
    kind = pa.timestamp("us", getattr(column.type, "tz", None))
    return column.cast(kind, safe=False).cast(pa.int64()).fill_null(np.iinfo(np.int64).min).to_numpy(zero_copy_only=False)


def _within(batch: pa.RecordBatch, times: np.ndarray | None, span: Span) -> pa.RecordBatch:
    if times is None:
        return batch
    start, end = (round(moment.timestamp() * 1e6) for moment in span)
    inside = (times >= start) & (times < end)
    return batch if inside.all() else batch.filter(pa.array(inside))


def _label_column(batch: pa.RecordBatch) -> pa.Array | None:
    return next((batch.column(PREFIX + name) for name in (LABEL, PREDICTION) if PREFIX + name in batch.schema.names), None)


def _column_or_none(batch: pa.RecordBatch, name: str) -> pa.Array | None:
    return batch.column(name) if name in batch.schema.names else None


def _is_missing(column: pa.Array) -> np.ndarray:
    return pc.is_null(column, nan_is_null=True).to_numpy(zero_copy_only=False)


def _missing(column: pa.Array) -> int:
    return int(np.count_nonzero(_is_missing(column)))


def _plus(bins: list[int], found: np.ndarray) -> list[int]:
    return [have + more for have, more in zip(bins, found.tolist(), strict=True)]


def _number_of(mask: np.ndarray | None) -> int:
    return 0 if mask is None else int(np.count_nonzero(mask))
