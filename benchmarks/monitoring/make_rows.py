"""Writes a Parquet file of made-up rows, piece by piece: `make_rows.py FILE MILLIONS SEED SHIFT`.

15 numeric columns and 5 categorical ones of 12 levels; every third numeric and second categorical one moves with SHIFT.
"""

import sys

import numpy
import pyarrow
import pyarrow.parquet

PIECE = 1_000_000
# Random numbers take longer to make than to write: from here on the pieces come again.
DISTINCT_PIECES = 5


def piece(seed: int, shift: float) -> pyarrow.Table:
    """A million rows."""
    random = numpy.random.default_rng(seed)
    columns = {f"n{i:02d}": random.normal(shift if i % 3 == 0 else 0, 1 + i / 20, PIECE) for i in range(15)}
    levels = pyarrow.array([f"level {k}" for k in range(12)])
    for i in range(5):
        shares = 1 / 12 + numpy.linspace(-shift, shift, 12) / 8 * (i % 2)
        columns[f"c{i}"] = levels.take(pyarrow.array(random.choice(12, PIECE, p=shares)))
    return pyarrow.table(columns)


def main(path: str, millions: int, seed: int, shift: float) -> None:
    """Writes the file."""
    pieces = [piece(seed + number, shift) for number in range(min(millions, DISTINCT_PIECES))]
    with pyarrow.parquet.ParquetWriter(path, pieces[0].schema) as writer:
        for number in range(millions):
            writer.write_table(pieces[number % len(pieces)])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
