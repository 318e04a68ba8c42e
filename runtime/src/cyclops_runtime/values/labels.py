"""Labels of classifiers: whatever spelling a file, a request or the spec uses, one label is one of the model's classes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cyclops_runtime.values.contract import AS_CATEGORY, BOOLEAN, NUMBER, STRING, WORDS, Column, Words
from cyclops_runtime.values.reader import read, text_of, to_number


def class_column(name: str, classes: Iterable[str], words: Words = WORDS) -> Column:
    """The column of a classifier's labels, by its classes, which are text: truths, numbers, or texts as they stand.

    Training writes a truth or a number in one form alone (`True` is "true", `1.0` is "1"): classes in that form were read so.
    """
    known = list(classes)
    if known and set(known) <= {"true", "false"}:
        return Column(name, BOOLEAN, AS_CATEGORY, words)
    if known and all(_is_written_number(text, words) for text in known):
        return Column(name, NUMBER, AS_CATEGORY, words)
    return Column(name, STRING, AS_CATEGORY, words)


def label_of(value: Any, classes: Iterable[str]) -> str | None:
    """One label in the form of the classes; as text where it cannot be read as they are, None where it is missing."""
    found = read([value], class_column("", classes))
    return text_of(value) if found.wrong else found.values[0]


def _is_written_number(text: str, words: Words) -> bool:
    number = to_number(text, words)
    return number is not None and text_of(number) == text
