"""Rows of CSV as texts, each as wide as the header: a row of another width is never shifted, but named.

By Python's own `csv` module, as pandas and PyArrow each shift, cut or fill rows in some case: a file whose rows end in a
delimiter loses its first column to pandas' index. Fields are separated by commas; blanks around them and
blank lines carry no meaning.
"""

from __future__ import annotations

import csv
import io
import itertools
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from cyclops_runtime.errors import InputError

# A text of a megabyte is a value like others; the module's own limit is 128 KiB.
csv.field_size_limit(sys.maxsize)

# A line of its own behind the last one: what takes it into a quotation has none of its end. Of Unicode's private use area.
_END = "\ue000end of the file\ue000"
_LIKE_THE_FILE = 0.5
# Rows that are turned into columns at a time, while they are in the processor's cache and few for Python's garbage collector.
_PIECE_ROWS = 1000
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs"}


class Malformed(InputError):
    """Content that is no CSV with a header line."""


@dataclass(frozen=True)
class WrongRow:
    """A row whose fields do not match the header: its number from 0 on among the file's rows, its first line, and its fields."""

    row: int
    line: int
    fields: Sequence[str]
    expected: int

    def __str__(self) -> str:
        count, shown = len(self.fields), ",".join(self.fields)
        return f"line {self.line} has {_fields(count)}, the header {self.expected}: {shown[:80]}{'…' if len(shown) > 80 else ''}"


@dataclass
class CsvRows:
    """The rows below the header `names`, in blocks of at most `size`: (numbers of the rows, one list of texts a column).

    Wrong rows are added to `wrong`; without that list, the first one is a Malformed. So is a file that differs from its header as
    a whole, which is more than half of its rows, a header that names a column twice, and a quotation that never ends.
    """

    names: list[str]
    _rows: Iterator[tuple[int, list[str]]]
    wrong: list[WrongRow] | None = None
    _seen: int = field(default=0, init=False)

    def blocks(self, size: int) -> Iterator[tuple[list[int], list[list[str | None]]]]:
        """The blocks in order; a blank field is None."""
        width = len(self.names)
        own: list[WrongRow] = []
        numbers: list[int] = []
        rows: list[list[str]] = []
        columns: list[list[str | None]] = [[] for _ in self.names]
        for line, fields in self._rows:
            if len(fields) != width:
                found = WrongRow(self._seen, line, fields, width)
                if self.wrong is None:
                    raise Malformed(str(found))
                own.append(found)
                self.wrong.append(found)
            else:
                numbers.append(self._seen)
                rows.append(fields)
            self._seen += 1
            if len(rows) == _PIECE_ROWS or len(numbers) == size:
                _add(columns, rows)
                rows = []
            if len(numbers) == size:
                _check_whole(own, self._seen, self.names)
                yield numbers, columns
                numbers, columns = [], [[] for _ in self.names]
        _check_whole(own, self._seen, self.names)
        if numbers:
            _add(columns, rows)
            yield numbers, columns


def read_csv(file: BinaryIO, wrong: list[WrongRow] | None = None) -> CsvRows:
    """The rows of a file in UTF-8, with or without byte order mark. Raises Malformed, and UnicodeDecodeError."""
    records = _records(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))
    header = next(records, None)
    if header is None:
        raise Malformed("the file is empty; take it away or fill it")
    names = [name.strip() or f"Unnamed: {position}" for position, name in enumerate(header[1])]
    _check_header(names)
    return CsvRows(names, records, wrong)


def _records(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """(First line, fields) of each row."""
    reader = csv.reader(itertools.chain(lines, [_END]), skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:  # the mark of the end was taken into a quotation
            return
        except csv.Error as error:
            raise Malformed(f"line {line}: {error}") from None
        if fields and fields[-1].endswith(_END):
            if fields != [_END]:
                raise Malformed(f"line {line}: a quotation begins and does not end")
            return
        if not fields or (len(fields) == 1 and not fields[0].strip()):
            continue
        yield line, fields


def _check_header(names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise Malformed(f"the header names {', '.join(map(repr, twice))} more than once: give each column a name of its own")
    if len(names) == 1:
        for delimiter, word in _OTHER_DELIMITERS.items():
            if delimiter in names[0]:
                raise Malformed(f"the header is {names[0][:80]!r}: fields are separated by commas, and these by {word}, it seems")


def _check_whole(wrong: list[WrongRow], seen: int, names: list[str]) -> None:
    if len(wrong) <= seen * _LIKE_THE_FILE:
        return
    width = len(names)
    if all(len(row.fields) == width + 1 and not row.fields[-1].strip() for row in wrong):
        reason = "its rows end in a delimiter and the header does not: end the header in one, too, or take it from the rows"
    else:
        reason = "the header does not fit its rows"
    raise Malformed(f"{len(wrong)} of {seen} rows do not have the header's {_fields(width)}: {reason}; {wrong[0]}")


def _add(columns: list[list[str | None]], rows: list[list[str]]) -> None:
    for column, texts in zip(columns, zip(*rows, strict=True), strict=False):
        column += [text.strip() or None for text in texts]


def _fields(count: int) -> str:
    return f"{count} field{'' if count == 1 else 's'}"
