"""Measures how often Evidently's `DataDriftPreset()`, as it comes, finds a column drifted: `measure_evidently.py TRIALS`.

Run by the peers' Python. Each column of a frame is a trial of its own, as the preset judges one by one. Prints JSON lines: the
share of columns found; without a change also in how many of tens of columns, which are independent here, one at least is found.
"""

import json
import sys

import numpy
import pandas
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset
from trials import FEATURES, SHIFTS, normal, random_of


def found_of(reference: pandas.DataFrame, current: pandas.DataFrame) -> tuple[numpy.ndarray, str]:
    """Whether each column has drifted, and by which test."""
    texts = [name for name in reference if reference[name].dtype == object]
    numbers = [name for name in reference if name not in texts]
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=texts)
    sets = [Dataset.from_pandas(frame, data_definition=definition) for frame in (current, reference)]
    metrics = Report([DataDriftPreset()]).run(*sets).dict()["metrics"]
    drifts = [metric for metric in metrics if metric["config"]["type"].endswith("ValueDrift")]
    found, config = [], drifts[0]["config"]
    for metric in drifts:
        is_p_value = "p_value" in metric["config"]["method"]
        value, threshold = float(metric["value"]), metric["config"]["threshold"]
        found.append(value < threshold if is_p_value else value >= threshold)
    return numpy.array(found), f"{config['method']}, {config['threshold']}"


def main(trials: int) -> None:
    """Prints all cases."""
    shifts = {"none": (normal(), normal()), **{name: pair for name, pair in SHIFTS.items() if not name.startswith("missing")}}
    for reference_rows in (8000, 1000):
        for name, (before, after) in shifts.items():
            columns = trials * FEATURES if name == "none" else trials
            for rows in (100, 300, 1000, 5000):
                reference, current = (
                    pandas.DataFrame({f"c{trial:04d}": sample(random_of(trial, rows, which), size) for trial in range(columns)})
                    for which, (sample, size) in enumerate(((before, reference_rows), (after, rows)))
                )
                found, method = found_of(reference, current)
                case = {"shift": name, "reference": reference_rows, "rows": rows, "method": method, "found": found.mean()}
                if name == "none":
                    case["any"] = 1 - (1 - found.mean()) ** FEATURES
                print(json.dumps(case, default=float), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
