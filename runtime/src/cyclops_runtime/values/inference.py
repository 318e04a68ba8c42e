"""The types of columns that nobody declared, and what a look at them makes one doubt."""

from __future__ import annotations

import datetime
import re
from dataclasses import asdict, dataclass
from typing import Any

import pandas

from cyclops_runtime.values.contract import BOOLEAN, DATETIME, NUMBER, STRING
from cyclops_runtime.values.reader import Unreadable, _written_moment, is_mark, is_missing, to_number

# Of a column's values that are not missing: so many of one other kind are no accident.
_NEARLY_ALL = 0.8
_SHOWN = 3
# Distinct values of a column, which may have millions.
_LOOKED_AT = 1000
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_OTHER_DATES = re.compile(
    rf"(\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}|\d{{1,2}}\.?[ -]{_MONTH},?[ -]\d{{2,4}}"
    rf"|{_MONTH} \d{{1,2}},? \d{{4}})([ T,]+\d{{1,2}}:.*)?",
    re.IGNORECASE,
)
_INFINITE = frozenset(f"{sign}{word}" for sign in ("", "+", "-") for word in ("inf", "infinity"))


@dataclass(frozen=True)
class Finding:
    """What may be wrong with a column, and the mend: a line for the spec, or what to do about the files."""

    column: str
    reason: str
    mend: str

    def to_json(self) -> dict[str, str]:
        """The finding for a result document."""
        return asdict(self)


def infer_type(values: pandas.Series) -> str:
    """Logical type of an undeclared column: boolean, number, datetime (typed files only) or string.

    Marks of missing values (`NA`) do not make a text of a number. A column without any value is a number: models can fill it, and
    a category of nothing says nothing.
    """
    if pandas.api.types.is_bool_dtype(values):
        return BOOLEAN
    if pandas.api.types.is_datetime64_any_dtype(values):
        return DATETIME
    if pandas.api.types.is_numeric_dtype(values):
        return NUMBER
    present = _present(values)
    if not present:
        return NUMBER
    if all(isinstance(value, (datetime.date, datetime.datetime)) for value in present):
        return DATETIME
    unmarked = [value for value in present if not _is_mark(value)]
    if not unmarked:
        return STRING
    if {str(value).strip().lower() for value in unmarked} <= {"true", "false"}:
        return BOOLEAN
    return NUMBER if all(map(_looks_like_a_number, unmarked)) else STRING


def finding_of(name: str, values: pandas.Series) -> Finding | None:
    """What to say about an undeclared column that became text though nearly all of its values are numbers, or dates."""
    counts = pandas.Series(values.tolist(), dtype=object).map(_as_written).value_counts()
    counts = counts[[not _is_mark(text) for text in counts.index]]
    counts = counts.iloc[:: max(1, len(counts) // _LOOKED_AT)]
    total = int(counts.sum())
    if not total:
        return None
    others = {
        "numbers": [text for text in counts.index if not _looks_like_a_number(text)],
        "numbers with commas": [text for text in counts.index if not _looks_like_a_number(text.replace(",", ""))],
        "dates": [text for text in counts.index if not _is_date(text)],
        "dates in a form of their own": [text for text in counts.index if not _OTHER_DATES.fullmatch(text)],
    }
    for kind, left in others.items():
        share = 1 - int(counts[left].sum()) / total
        if share >= _NEARLY_ALL:
            return Finding(name, _reason(kind, share, left), _mend(kind, name, bool(left)))
    return None


def _reason(kind: str, share: float, left: list[str]) -> str:
    shown = ", ".join(repr(text[:30]) for text in left[:_SHOWN])
    rest = f" ({share:.1%} of them; not {shown})" if left else ""
    return f"its values are {kind}{rest}, but nothing declares it: each value became a category of its own"


def _mend(kind: str, name: str, has_others: bool) -> str:
    """One line for `spec.data.schema`; values that then do not fit set their row aside."""
    key = name if name.isidentifier() else repr(name)
    if kind == "dates":
        return f"schema: {{{key}: {{type: datetime, nullable: true}}}}"
    if kind == "numbers":
        return f"schema: {{{key}: {{type: number, nullable: true}}}}"
    nullable = ", nullable: true" if has_others else ""
    if kind == "numbers with commas":
        return f"write 1234.5, with a point and no commas, then schema: {{{key}: {{type: number{nullable}}}}}"
    return f"write 2024-12-31 (ISO 8601), then schema: {{{key}: {{type: datetime{nullable}}}}}"


def _present(values: pandas.Series) -> list[Any]:
    """Distinct values that are not missing; those that cannot be told apart by a hash as they are."""
    listed = [value for value in values.tolist() if not is_missing(value)]
    try:
        return list(dict.fromkeys(listed))
    except TypeError:
        return listed


def _as_written(value: Any) -> str | None:
    return None if is_missing(value) else str(value).strip()


def _is_mark(value: Any) -> bool:
    return isinstance(value, str) and is_mark(value)


def _looks_like_a_number(value: Any) -> bool:
    """Infinite values are numbers that cannot be used: they set a row aside, and do not make a text of the column."""
    if isinstance(value, (datetime.date, datetime.datetime)):
        return False
    if isinstance(value, float) or (isinstance(value, str) and value.strip().lower() in _INFINITE):
        return True
    return to_number(value) is not None


def _is_date(text: str) -> bool:
    if not any(mark in text for mark in "-/.:") or _looks_like_a_number(text):
        return False
    try:
        _written_moment(text)
    except Unreadable:
        return False
    return True
