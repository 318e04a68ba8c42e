"""Evidently's figures for data that is binned already. Run by the peers' Python: `python evidently_figures.py FOLDER`.

FOLDER has `reference.parquet` and `current.parquet`, whose columns hold the number of each value's bin, or nothing. Prints JSON:
`psi`, `jsd` and `missing` by column, and `drifted`, the share of columns that `DataDriftPreset(method="psi")` finds drifted. A
column `prediction` is no feature: it has a `jsd` alone.
"""

import json
import sys
from pathlib import Path

import pandas
from evidently import DataDefinition, Dataset, Report
from evidently.legacy.calculations.stattests.jensenshannon import _jensenshannon
from evidently.legacy.core import ColumnType
from evidently.metrics import MissingValueCount
from evidently.presets import DataDriftPreset


def main(folder: Path) -> None:
    """Prints the figures of a folder's two files."""
    reference, current = (pandas.read_parquet(folder / f"{name}.parquet") for name in ("reference", "current"))
    columns = [name for name in reference.columns if name != "prediction"]
    definition = DataDefinition(categorical_columns=columns)
    sets = [Dataset.from_pandas(frame[columns], data_definition=definition) for frame in (current, reference)]
    metrics = [DataDriftPreset(method="psi"), *(MissingValueCount(column=name) for name in columns)]
    found = {"psi": {}, "missing": {}}
    for metric in Report(metrics).run(*sets).dict()["metrics"]:
        kind, value = metric["config"]["type"].rpartition(":")[2], metric["value"]
        if kind == "DriftedColumnsCount":
            found["drifted"] = float(value["share"])
        elif kind == "ValueDrift":
            found["psi"][metric["config"]["column"]] = float(value)
        elif kind == "MissingValueCount":
            found["missing"][metric["config"]["column"]] = float(value["share"])
    # The preset has one method for all columns, and the method no base: the function that it calls has both.
    found["jsd"] = {
        name: float(_jensenshannon(reference[name].dropna(), current[name].dropna(), ColumnType.Categorical, 0.1, base=2)[0])
        for name in reference.columns
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
