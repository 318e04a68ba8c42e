"""Measures how often the monitor's KPIs of drift alert: `measure.py quiet|power TRIALS` prints JSON lines, one for each case.

`quiet`: windows of 100 rows without drift, drawn from where the reference is from, and from the reference itself; five of each
for every reference, of which there are TRIALS.
`power`: windows in which one of ten features has changed.
"""

import json
import sys
from collections.abc import Iterator, Sequence

import numpy
import pandas
import pyarrow
from trials import FAMILIES, FEATURES, SHIFTS, Sample, random_of

from cyclops_runtime.monitoring import chance, kpis
from cyclops_runtime.monitoring.profile import Profile, frame_columns, make_profile
from cyclops_runtime.monitoring.tally import Question, count
from cyclops_runtime.monitoring.window import Window

LEAST = kpis.THRESHOLDS["feature_psi_max"].min_samples
# Windows that are compared with one reference, in each way to draw them.
WINDOWS = 5
DRIFT = ("drifted_feature_share", "feature_psi_max", "prediction_drift")


def rows_of(samples: Sequence[Sample], random: numpy.random.Generator, rows: int) -> pandas.DataFrame:
    """A frame of one column a feature."""
    return pandas.DataFrame({f"f{place:02d}": sample(random, rows) for place, sample in enumerate(samples)})


def profile_of(frame: pandas.DataFrame) -> Profile:
    """The reference; the first feature stands in for predictions too, as a number for probabilities, else for labels."""
    first = frame["f00"]
    answers = pandas.DataFrame({"label": first.astype(str), "probability": numpy.nan if first.dtype == object else first})
    return make_profile(frame_columns(frame), len(frame), list(frame), answers, {}, classes=[])


def window_of(profile: Profile, frame: pandas.DataFrame) -> Window:
    """Counts of a window, with the first feature as its predictions."""
    first = frame["f00"]
    captured = frame.assign(cyclops_label=first.astype(str), cyclops_version="1")
    if first.dtype != object:
        captured["cyclops_probability"] = first
    return count(Question(reference=profile, version="1"), iter([pyarrow.RecordBatch.from_pandas(captured)]))


def verdicts(profile: Profile, window: Window) -> dict[str, dict[str, str]]:
    """Status of the KPIs by what is judged, and by the value alone."""
    psis = kpis.feature_psis(profile, window)
    judged = kpis.judged_psis(profile, window, psis)
    measured = {
        "drifted_feature_share": kpis.drifted_feature_share(profile, window, psis, judged),
        "feature_psi_max": kpis.feature_psi_max(profile, window, psis, judged),
        "prediction_drift": kpis.prediction_drift(profile, window),
        "missing_rate": kpis.missing_rate(profile, window),
    }
    return {
        "judged": {kpi: kpis.judge(kpi, found, kpis.THRESHOLDS[kpi])["status"] for kpi, found in measured.items()},
        "value": {
            kpi: kpis.judge(kpi, kpis.Measured(found.value, found.n), kpis.THRESHOLDS[kpi])["status"]
            for kpi, found in measured.items()
        },
    }


def family(name: str, features: int) -> list[Sample]:
    """As many features as asked for."""
    return [FAMILIES[name][place % len(FAMILIES[name])] for place in range(features)]


def quiet_share(name: str, features: int, reference: int, references: int, windows: int = WINDOWS) -> dict[str, dict[str, float]]:
    """Share of windows without drift in which a KPI is ok, the least of both ways to draw them."""
    samples, new, own = family(name, features), [], []
    for trial in range(references):
        random = random_of(trial, features, reference)
        frame = rows_of(samples, random, reference)
        profile = profile_of(frame)
        for _ in range(windows):
            new.append(verdicts(profile, window_of(profile, rows_of(samples, random, LEAST))))
            drawn = frame.iloc[random.integers(0, reference, LEAST)].reset_index(drop=True)
            own.append(verdicts(profile, window_of(profile, drawn)))
    return {
        by: {kpi: min(float(numpy.mean([each[by][kpi] == kpis.OK for each in found])) for found in (new, own)) for kpi in DRIFT}
        for by in new[0]
    }


def quiet(trials: int) -> Iterator[dict]:
    """All cases without drift."""
    for name in FAMILIES:
        for features in (5, 50):
            for reference in (50, 1000, 8000):
                case = {"family": name, "features": features, "reference": reference}
                yield {**case, **quiet_share(name, features, reference, trials)}


def power(trials: int) -> Iterator[dict]:
    """All shifts, and none."""
    shifts = {"none": (SHIFTS["mean + 0.1 sd"][0],) * 2, **SHIFTS}
    for name, (before, after) in shifts.items():
        kpi = "missing_rate" if name.startswith("missing") else "feature_psi_max"
        for rows in (100, 300, 1000, 5000):
            found = []
            for trial in range(trials):
                random = random_of(trial, rows)
                others = family("numbers", FEATURES - 1)
                profile = profile_of(rows_of([before, *others], random, 8000))
                found.append(verdicts(profile, window_of(profile, rows_of([after, *others], random, rows))))
            shares = {
                f"{by} {least}": float(numpy.mean([kpis.SEVERITY[each[by][kpi]] >= kpis.SEVERITY[least] for each in found]))
                for by in found[0]
                for least in (kpis.WARN, kpis.CRITICAL)
            }
            yield {"shift": name, "rows": rows, **shares}


def main(what: str, trials: str) -> None:
    """Prints the cases of one of the two as they are measured."""
    # Only the reason in the report needs it, and it takes longer than everything else.
    chance.Chance.limit = lambda self: numpy.nan
    for case in {"quiet": quiet, "power": power}[what](int(trials)):
        print(json.dumps(case), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
