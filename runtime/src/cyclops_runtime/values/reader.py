"""The one reader of values: what stands in a file or a request becomes what the column's contract says, or is named as wrong.

It takes columns: lists of Python's own values (of JSON, or the texts of CSV), or pandas' series, whose types may say already what
they are. Most columns are of one kind of value and go through C; only what is mixed or wrong is looked at one by one.
"""

from __future__ import annotations

import datetime
import decimal
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
import pandas

from cyclops_runtime.values.contract import (
    AS_CATEGORY,
    AS_FLAG,
    BOOLEAN,
    DATETIME,
    INTEGER,
    NUMBER,
    WORDS,
    Column,
    Words,
)

NoneType = type(None)
_NUMBERS = frozenset({int, float, bool, NoneType})
_TEXTS = frozenset({str, NoneType})
_NUMBER_TYPES = (bool, int, float, numpy.bool_, numpy.integer, numpy.floating, decimal.Decimal)
_NO_MOMENT = numpy.iinfo("int64").min
# Years 1 to 9999, in seconds since 1970: milliseconds, which are written likewise, are beyond them for any day since 1978.
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799
# A text of fewer digits is more likely a day (20240131), a year or a spreadsheet's count of days than a second before 1973.
_LEAST_WRITTEN_SECOND = 1e8
# A float holds every whole number up to here; of larger ones the last digits are lost.
_EXACT_FLOATS = 2**53


class Unreadable(ValueError):
    """A value that its column cannot hold."""


@dataclass(frozen=True)
class Reading:
    """A column as it was read, shape [rows]: float64 for numbers, bool for flags, object (text or None) for categories, and
    datetime64[us] for moments. `wrong` are the positions of values that could not be read; they are missing in `values`.
    """

    values: numpy.ndarray
    wrong: Sequence[int] = ()


# One value --------------------------------------------------------------------------------------------------------------------


def is_missing(value: Any) -> bool:
    """Whether a value of any type says that there is none: None, NaN, NaT, NA, or a text of blanks."""
    if value is None or value is pandas.NA or value is pandas.NaT:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, (float, numpy.floating, decimal.Decimal)) and value != value


def is_mark(text: str, words: Words = WORDS) -> bool:
    """Whether a text marks a missing number, truth or moment."""
    return text.strip().lower() in words.missing


def to_number(value: Any, words: Words = WORDS) -> float | None:
    """A finite number; None where there is none to read. Truth is 1 and 0, a moment seconds since 1970.

    A text is a number where Python's `float` reads one and every digit is plain: no `1_000`, no `inf`.
    """
    try:
        return _number(value, words)
    except Unreadable:
        return None


def _number(value: Any, words: Words) -> float | None:
    if is_missing(value):
        return None
    if isinstance(value, str):
        text = value.strip()
        if text.lower() in words.missing:
            return None
        number = _written(text)
    elif isinstance(value, (datetime.date, datetime.datetime, numpy.datetime64)):
        return _moment(value, words) / 1e6
    elif isinstance(value, _NUMBER_TYPES):
        try:
            number = float(value)
        except OverflowError:
            raise Unreadable from None
    else:  # Python would read bytes and arrays of one number, too
        raise Unreadable
    if not math.isfinite(number):
        raise Unreadable
    return number


def _written(text: str) -> float:
    if "_" in text or not text.isascii():
        raise Unreadable
    try:
        return float(text)
    except ValueError:
        raise Unreadable from None


def _whole(value: Any, words: Words) -> float | None:
    number = _number(value, words)
    if number is not None and number % 1 != 0:
        raise Unreadable
    return number


def _truth(value: Any, words: Words) -> float | None:
    if is_missing(value):
        return None
    if isinstance(value, str):
        word = value.strip().lower()
        if word in words.true:
            return 1.0
        if word in words.false:
            return 0.0
    elif not isinstance(value, _NUMBER_TYPES):
        raise Unreadable
    number = _number(value, words)
    if number not in (None, 0.0, 1.0):
        raise Unreadable
    return number


def _number_or_truth(value: Any, words: Words) -> float | None:
    """What a number may be where only a signature declares it: pipelines declare yes/no features with gaps as numbers."""
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return 1.0 if value.strip().lower() == "true" else 0.0
    return _number(value, words)


def _moment(value: Any, words: Words) -> int:
    """Microseconds since 1970, or the least integer for none."""
    if is_missing(value):
        return _NO_MOMENT
    if isinstance(value, str):
        text = value.strip()
        return _NO_MOMENT if text.lower() in words.missing else _written_moment(text)
    if isinstance(value, (datetime.date, datetime.datetime, numpy.datetime64)):
        try:
            return _microseconds(pandas.Timestamp(value))
        except (ValueError, OverflowError):
            raise Unreadable from None
    if isinstance(value, (bool, numpy.bool_)):
        raise Unreadable
    return _of_seconds(_number(value, words))


def _of_seconds(number: float | None) -> int:
    if number is None:
        return _NO_MOMENT
    if not _FIRST_SECOND <= number <= _LAST_SECOND:
        raise Unreadable
    return round(number * 1e6)


def _written_moment(text: str) -> int:
    """A moment in ISO 8601 or in seconds since 1970. `now` is a moment to pandas, and none here."""
    if text[:1].isdigit():
        try:
            return _microseconds(pandas.to_datetime(text, utc=True, format="ISO8601"))
        except (ValueError, OverflowError):
            pass
        try:  # pandas' moments end in 2262, and 9999-12-31 is what many databases write for "never"
            return _microseconds(datetime.datetime.fromisoformat(text))
        except ValueError:
            pass
    number = _written(text)
    if abs(number) < _LEAST_WRITTEN_SECOND:
        raise Unreadable
    return _of_seconds(number)


def _microseconds(moment: Any) -> int:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    # Both of pandas' and of Python's moments; what is below a microsecond is cut off, as pandas' casts do.
    return (moment - type(moment)(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(microseconds=1)


def text_of(value: Any) -> str | None:
    """A value as text in the one form that all steps use: `1.0` is "1", true is "true", blanks around it are no part of it.

    None where it is missing.
    """
    if isinstance(value, str):
        return value.strip() or None
    if is_missing(value):
        return None
    if isinstance(value, (bool, numpy.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, numpy.floating)):
        return str(int(value)) if float(value).is_integer() else str(value)
    if isinstance(value, decimal.Decimal):
        return str(int(value)) if value == value.to_integral_value() else str(value.normalize())
    return str(value)


def id_of(value: Any) -> str | None:
    """An id as text, exactly as it is written. Raises Unreadable for a float whose last digits are lost."""
    if isinstance(value, (float, numpy.floating)) and abs(value) > _EXACT_FLOATS:
        raise Unreadable
    return text_of(value)


# Columns ----------------------------------------------------------------------------------------------------------------------


def read(values: Sequence[Any] | pandas.Series, column: Column) -> Reading:
    """A column in the form that the model gets. A flag has no missing values: there they are wrong, too."""
    if column.form == AS_CATEGORY:
        return read_labels(values, column) if column.type in (BOOLEAN, NUMBER, INTEGER) else read_texts(values)
    found = read_typed(values, column.type, column.words, column.declared)
    if column.form == AS_FLAG:
        gaps = numpy.isnan(found.values)
        return Reading(found.values == 1.0, numpy.flatnonzero(gaps).tolist() if gaps.any() else ())
    return Reading(seconds_of(found.values), found.wrong) if column.type == DATETIME else found


def read_labels(values: Sequence[Any] | pandas.Series, column: Column) -> Reading:
    """Labels as text, in the one form of their type."""
    found = read_typed(values, column.type, column.words)
    names = {0.0: "false", 1.0: "true"}
    one: Callable[[float], str | None] = names.get if column.type == BOOLEAN else text_of
    return Reading(_objects([None if number != number else one(number) for number in found.values.tolist()]), found.wrong)


def read_typed(values: Sequence[Any] | pandas.Series, kind: str, words: Words = WORDS, declared: bool = True) -> Reading:
    """A column as its logical type, which is not text; truths are 1.0 and 0.0."""
    if isinstance(values, pandas.Series):
        by_type = _of_dtype(values, kind)
        if by_type is not None:
            return by_type
        values = values.tolist()
    if kind == DATETIME:
        return _moments(values, words)
    quick = _plain_numbers(values)
    if quick is not None:
        return _checked(quick, kind)
    one = {INTEGER: _whole, BOOLEAN: _truth, NUMBER: _number if declared else _number_or_truth}[kind]
    if kind == NUMBER:
        quick = _written_numbers(values)
        if quick is not None:
            return Reading(quick)
    return _one_by_one(values, lambda value: one(value, words), numpy.nan, "float64")


def read_texts(values: Sequence[Any] | pandas.Series) -> Reading:
    """A column as texts, None where missing; any value has a text."""
    listed = values.tolist() if isinstance(values, pandas.Series) else values
    return Reading(plain_texts(listed) if set(map(type, listed)) <= _TEXTS else _objects([text_of(value) for value in listed]))


def plain_texts(values: Sequence[str | None]) -> numpy.ndarray:
    """Texts without the blanks around them. Most have none, and most texts repeat: each is looked at once."""
    for text in set(values):
        if text is not None and (text.strip() is not text or not text):
            return numpy.array([value if value is None else value.strip() or None for value in values], dtype=object)
    return numpy.array(values, dtype=object)


def read_ids(values: Sequence[Any] | pandas.Series) -> Reading:
    """Ids as texts."""
    listed = values.tolist() if isinstance(values, pandas.Series) else values
    return _one_by_one(listed, id_of, None, object)


def texts(values: pandas.Series) -> pandas.Series:
    """A series as texts (see `text_of`), None where missing."""
    return pandas.Series(read_texts(values).values, index=values.index, dtype=object, name=values.name)


def seconds_of(moments: numpy.ndarray) -> numpy.ndarray:
    """Seconds since 1970 of datetime64[us], NaN for NaT."""
    microseconds = moments.astype("int64")
    return numpy.where(microseconds == _NO_MOMENT, numpy.nan, microseconds / 1e6)


def _of_dtype(values: pandas.Series, kind: str) -> Reading | None:
    """A series whose type says what its values are; None for one of Python's objects."""
    types = pandas.api.types
    if types.is_datetime64_any_dtype(values):
        moments = pandas.to_datetime(values, utc=True).astype("datetime64[us, UTC]").dt.tz_localize(None).to_numpy()
        moments = moments.astype("datetime64[us]")
        if kind == DATETIME:
            return Reading(moments)
        if kind == BOOLEAN:
            return Reading(numpy.full(len(values), numpy.nan), numpy.flatnonzero(~numpy.isnat(moments)).tolist())
        return _checked(seconds_of(moments), kind)
    if not types.is_numeric_dtype(values):  # bool is a number to pandas
        return None
    numbers = values.astype("float64").to_numpy()
    if kind != DATETIME:
        return _checked(numbers, kind)
    if types.is_bool_dtype(values):
        return Reading(numpy.full(len(values), "NaT", "datetime64[us]"), numpy.flatnonzero(~numpy.isnan(numbers)).tolist())
    return _moments_of_seconds(numbers)


def _plain_numbers(values: Sequence[Any]) -> numpy.ndarray | None:
    """Values of Python's own numbers alone; None where there are others."""
    if not set(map(type, values)) <= _NUMBERS:
        return None
    try:
        return numpy.array(values, dtype="float64")
    except OverflowError:
        return None


def _written_numbers(values: Sequence[Any]) -> numpy.ndarray | None:
    """Texts that are finite numbers, all but the gaps; None where one has to be looked at.

    Python's `float` rounds correctly, as JSON's parsers do; `pandas.to_numeric` may be wrong in the last digit of 15 or more.
    """
    if not set(map(type, values)) <= _TEXTS:
        return None
    present = [value for value in values if value is not None]
    joined = "".join(present)
    if "_" in joined or not joined.isascii():
        return None
    try:
        numbers = numpy.array(list(map(float, present)), dtype="float64")
    except ValueError:
        return None
    if not numpy.isfinite(numbers).all():
        return None
    if len(present) == len(values):
        return numbers
    found = numpy.full(len(values), numpy.nan)
    found[[value is not None for value in values]] = numbers
    return found


def _checked(numbers: numpy.ndarray, kind: str) -> Reading:
    """Numbers that a column of this type may hold; the others are wrong."""
    with numpy.errstate(invalid="ignore"):
        bad = numpy.isinf(numbers)
        if kind == INTEGER:
            bad |= numpy.nan_to_num(numbers) % 1 != 0
        elif kind == BOOLEAN:
            bad |= ~(numpy.isnan(numbers) | (numbers == 0) | (numbers == 1))
    return Reading(numpy.where(bad, numpy.nan, numbers), numpy.flatnonzero(bad).tolist()) if bad.any() else Reading(numbers)


def _moments_of_seconds(seconds: numpy.ndarray) -> Reading:
    with numpy.errstate(invalid="ignore"):
        good = (seconds >= _FIRST_SECOND) & (seconds <= _LAST_SECOND)
    found = numpy.full(len(seconds), _NO_MOMENT, dtype="int64")
    found[good] = numpy.round(seconds[good] * 1e6).astype("int64")
    return Reading(found.view("datetime64[us]"), numpy.flatnonzero(~good & ~numpy.isnan(seconds)).tolist())


def _moments(values: Sequence[Any], words: Words) -> Reading:
    kinds = set(map(type, values))
    if kinds <= {int, float, NoneType}:
        quick = _plain_numbers(values)
        if quick is not None:
            return _moments_of_seconds(quick)
    known = _read_at_once(values) if kinds <= _TEXTS and len(values) > 1 else {}

    def one(value: Any) -> int:
        return known[value] if type(value) is str and value in known else _moment(value, words)

    found = _one_by_one(values, one, _NO_MOMENT, "int64")
    return Reading(found.values.view("datetime64[us]"), found.wrong)


def _read_at_once(values: Sequence[str | None]) -> dict[str, int]:
    """Moments by their texts, as far as they are ISO 8601.

    Those with a zone apart from those without: pandas 2.3 reads one without as of the zone of another before it in the series.
    """
    distinct = [text for text in dict.fromkeys(values) if text is not None and text.strip()[:1].isdigit()]
    zoned = [any(mark in text[10:] for mark in "Zz+-") for text in distinct]
    known = {}
    for group in (True, False):
        own = [text for text, has_zone in zip(distinct, zoned, strict=True) if has_zone == group]
        read_moments = pandas.to_datetime(pandas.Series(own, dtype=object), errors="coerce", utc=True, format="ISO8601")
        whole = (
            read_moments.astype("datetime64[us, UTC]").dt.tz_localize(None).to_numpy().astype("datetime64[us]").astype("int64")
        )
        known.update(zip(own, whole.tolist(), strict=True))
    return {text: moment for text, moment in known.items() if moment != _NO_MOMENT}


def _one_by_one(values: Sequence[Any], one: Callable[[Any], Any], missing: Any, dtype: Any) -> Reading:
    found, wrong = [], []
    for position, value in enumerate(values):
        try:
            read_value = one(value)
        except Unreadable:
            read_value = None
            wrong.append(position)
        found.append(missing if read_value is None else read_value)
    return Reading(_objects(found) if dtype is object else numpy.array(found, dtype=dtype), wrong)


def _objects(values: list[Any]) -> numpy.ndarray:
    array = numpy.empty(len(values), dtype=object)
    array[:] = values
    return array
