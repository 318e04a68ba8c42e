"""Measures the monitor's own work and prints JSON: seconds on the clock and of all threads, bytes of memory at the peak.

`measure.py profile REFERENCE PROFILE` makes the reference of a Parquet file, as training does.
`measure.py window CURRENT PROFILE [TIMES WARM-UP]` counts a Parquet file and computes the KPIs of drift and missing values, once
or several TIMES; it counts a WARM-UP file first, whose time is left out.
"""

import json
import resource
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet

from cyclops_runtime.monitoring import kpis
from cyclops_runtime.monitoring.current import count_files
from cyclops_runtime.monitoring.profile import Profile, make_profile
from cyclops_runtime.monitoring.tally import Question
from cyclops_runtime.storage import ZoneStore

STORE = ZoneStore(SimpleNamespace(zones=None))


def profile(reference: str, target: str) -> dict[str, float]:
    """Makes the reference; answers what is in it."""
    file = pyarrow.parquet.ParquetFile(reference)
    names = file.schema_arrow.names

    def column(name: str) -> pyarrow.Array:
        return file.read(columns=[name]).column(name).combine_chunks()

    made = make_profile(column, file.metadata.num_rows, names, None, {})
    Path(target).write_text(json.dumps(made.to_json()))
    return {"rows": made.rows}


def window(current: str, place: str) -> dict[str, float]:
    """Counts the window; answers its KPIs."""
    reference = Profile.from_json(json.loads(Path(place).read_text()))
    counts = count_files(STORE, Question(reference=reference), [f"file://{current}"])
    psis = kpis.feature_psis(reference, counts)
    judged = kpis.judged_psis(reference, counts, psis)
    share = kpis.drifted_feature_share(reference, counts, psis, judged)
    missing = kpis.missing_rate(reference, counts)
    return {"rows": counts.rows, "drifted": share.value, "psi": max(psis.values()), "missing": missing.value}


def main(what: str, first: str, second: str, times: str = "1", warm_up: str | None = None) -> None:
    """Runs one of the two and prints its figures."""
    if warm_up is not None:
        window(warm_up, second)
    clock, cpu = time.perf_counter(), time.process_time()
    found = [{"profile": profile, "window": window}[what](first, second) for _ in range(int(times))][-1]
    found |= {"seconds": time.perf_counter() - clock, "cpuSeconds": time.process_time() - cpu}
    print(json.dumps({**found, "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


if __name__ == "__main__":
    main(*sys.argv[1:])
