"""Measures Evidently's `DataDriftPreset(method="psi")` and prints JSON: `measure_evidently.py REFERENCE CURRENT`.

Run by the peers' Python. The frames are in memory before the clock starts; columns and their kinds are named, not guessed.
"""

import json
import resource
import sys
import time

import pandas
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset


def main(reference: str, current: str) -> None:
    """Runs the preset once and prints its figures."""
    frames = [pandas.read_parquet(path) for path in (current, reference)]
    definition = DataDefinition(
        numerical_columns=[name for name in frames[0] if name.startswith("n")],
        categorical_columns=[name for name in frames[0] if name.startswith("c")],
    )
    clock, cpu = time.perf_counter(), time.process_time()
    sets = [Dataset.from_pandas(frame, data_definition=definition) for frame in frames]
    found = Report([DataDriftPreset(method="psi")]).run(*sets).dict()["metrics"]
    seconds, cpu_seconds = time.perf_counter() - clock, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    share = float(found[0]["value"]["share"])
    print(
        json.dumps({"rows": len(frames[0]), "drifted": share, "seconds": seconds, "cpuSeconds": cpu_seconds, "peakBytes": peak})
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
