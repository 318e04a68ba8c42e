"""PSI, Jensen-Shannon distance, missing share and drifted share against Evidently 0.7.23, on the same bins.

Evidently cuts numbers into bins of its own (Sturges' rule over both samples together), but counts categories as they are. So it gets
the number of each value's bin as a category: the reference's edges, applied by pandas' left-open `cut` and not by our counting.
Everything after that is Evidently's: shares, empty bins, PSI, the threshold, distance and missing values. Ours are from the Parquet
file of the raw values, by the code that a monitor run goes through.

Evidently lives in `runtime/.venv-peers`, made here from `runtime/peers/requirements.lock`.
"""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from samples import REPOSITORY, TELCO

from cyclops_runtime.monitoring import kpis
from cyclops_runtime.monitoring.current import count_files
from cyclops_runtime.monitoring.profile import frame_columns, make_profile
from cyclops_runtime.monitoring.statistics import jensen_shannon_distance
from cyclops_runtime.monitoring.tally import Question
from cyclops_runtime.storage import ZoneStore

PEERS = REPOSITORY / "runtime/peers"
sys.path.insert(0, str(PEERS))


@pytest.fixture(scope="session")
def peer():
    """Evidently's Python."""
    from environment import peer_python

    return peer_python()


def evidently(peer, folder):
    """Evidently's figures for the binned frames of a folder."""
    done = subprocess.run(
        [peer, PEERS / "evidently_figures.py", folder],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "DO_NOT_TRACK": "1"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def telco():
    """The telco rows, and later ones: shorter tenures, dearer, with gaps, another mix, and a payment method not seen before."""
    rows = pd.read_csv(TELCO).drop(columns=["customerID", "Churn"])
    rows["TotalCharges"] = pd.to_numeric(rows["TotalCharges"], errors="coerce")
    reference, current = rows.iloc[:4000].copy(), rows.iloc[4000:].copy()
    random = np.random.default_rng(7)
    current["tenure"] = current["tenure"] * 0.6
    current["MonthlyCharges"] += 15
    current.loc[random.random(len(current)) < 0.1, ["TotalCharges", "PaymentMethod"]] = None
    current.loc[random.random(len(current)) < 0.05, "PaymentMethod"] = "Telephone"
    current.loc[random.random(len(current)) < 0.3, "Contract"] = "Two year"
    return reference, current


def synthetic(rows=1_000_000):
    """15 numeric columns and 5 categorical ones of 12 levels, a third of which have moved."""
    frames = []
    for seed, shift in ((1, 0.0), (2, 0.4)):
        random = np.random.default_rng(seed)
        numbers = {f"n{i:02d}": random.normal(shift if i % 3 == 0 else 0, 1 + i / 20, rows) for i in range(15)}
        tilt = np.linspace(-shift, shift, 12) / 8
        levels = np.array([f"level {k}" for k in range(12)], dtype=object)
        texts = {f"c{i}": levels[random.choice(12, rows, p=(1 / 12 + (tilt if i % 2 else 0 * tilt)))] for i in range(5)}
        frames.append(pd.DataFrame({**numbers, **texts}))
    frames[1].loc[::50, ["n01", "c1"]] = None
    return tuple(frames)


def score(frame):
    """A made-up probability of each row."""
    first = frame.select_dtypes("number").iloc[:, 0]
    return 1 / (1 + np.exp(-(first - 1) / max(first.std(), 1)))


def binned(distribution, values):
    """The number of each value's bin, NaN for none: of pandas' left-open cut, or of the category, the last for unknown ones."""
    if distribution.kind == "number":
        return pd.cut(values.astype(float), [-np.inf, *distribution.edges, np.inf], labels=False)
    places = {category: place for place, category in enumerate(distribution.categories)}
    texts = values.astype(object)
    return texts.map(lambda text: places.get(str(text), len(places))).where(texts.notna()).astype(float)


@pytest.mark.parametrize("data", [telco, synthetic])
def test_the_figures_are_evidentlys(peer, tmp_path, data):
    reference, current = data()
    columns = list(reference.columns)
    answers = [pd.DataFrame({"label": "x", "probability": score(frame)}) for frame in (reference, current)]
    profile = make_profile(frame_columns(reference), len(reference), columns, answers[0], {})
    captured = current.assign(cyclops_label="x", cyclops_probability=answers[1]["probability"], cyclops_version="1")
    captured.to_parquet(tmp_path / "captured.parquet", index=False)
    store = ZoneStore(SimpleNamespace(zones=SimpleNamespace(predictions=str(tmp_path))))
    window = count_files(store, Question(reference=profile, version="1"), ["predictions/captured.parquet"])
    assert pq.read_metadata(tmp_path / "captured.parquet").num_rows == window.rows

    for name, frame, predicted in (("reference", reference, answers[0]), ("current", current, answers[1])):
        bins = {column: binned(profile.features[column], frame[column]) for column in columns}
        bins["prediction"] = binned(profile.predictions, predicted["probability"])
        pd.DataFrame(bins).to_parquet(tmp_path / f"{name}.parquet", index=False)
    theirs = evidently(peer, tmp_path)

    psis = kpis.feature_psis(profile, window)
    shares = {column: np.asarray(window.features[column].bins) / window.features[column].n for column in columns}
    distances = {column: jensen_shannon_distance(profile.features[column].shares, shares[column]) for column in columns}
    assert psis == pytest.approx(theirs["psi"], abs=1e-9)
    assert {column: kpis.missing_share(window, column) for column in columns} == pytest.approx(theirs["missing"], abs=1e-12)
    assert kpis.drifted_feature_share(profile, window, psis, {}).value == theirs["drifted"]
    assert kpis.prediction_drift(profile, window).value == pytest.approx(theirs["jsd"].pop("prediction"), abs=1e-9)
    assert distances == pytest.approx(theirs["jsd"], abs=1e-9)
    # The comparison would be worth little if nothing had moved, or all of it.
    assert 0 < theirs["drifted"] < 1
    assert max(theirs["missing"].values()) > 0.01
