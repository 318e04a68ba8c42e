"""An alarm means something: windows without drift are quiet at the least number of rows, and windows with drift are not.

The cases are those of `benchmarks/alarms`, a few windows of each; its command measures them all.
"""

import sys

import numpy as np
import pandas as pd
import pytest
from samples import REPOSITORY
from scipy.stats import chi2

from cyclops_runtime.monitoring import kpis
from cyclops_runtime.monitoring.chance import FALSE_ALARMS, Chance, chance_of, chance_of_psi
from cyclops_runtime.monitoring.kpis import CRITICAL, OK, Measured, judge
from cyclops_runtime.monitoring.profile import CATEGORY, NUMBER, Distribution
from cyclops_runtime.monitoring.statistics import jensen_shannon_distance, population_stability_index

sys.path.insert(0, str(REPOSITORY / "benchmarks/alarms"))
import measure
import trials

DRIFT = measure.DRIFT


# Without drift ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reference", [50, 2000])
def test_windows_without_drift_are_quiet_at_the_least_number_of_rows(reference):
    found = [measure.quiet_share(name, 8, reference, 5, 1) for name in trials.FAMILIES]
    for kpi in DRIFT:
        assert np.mean([share["judged"][kpi] for share in found]) >= 0.95, kpi
    # The value alone says hardly anything.
    assert np.mean([share["value"]["feature_psi_max"] for share in found]) < 0.5


def test_the_first_order_is_the_chi_squared_distribution():
    """https://doi.org/10.21314/JRMV.2020.227; the divergence in nats is an eighth of it, and the distance its root in bits."""
    reference, n = Distribution(NUMBER, [20_000] * 10), 50_000
    found = [n // 10] * 10
    expected = (1 / n + 1 / 200_000) * chi2.ppf(1 - FALSE_ALARMS, 9)
    limits = [chance_of(distance, reference, found).limit() for distance in (population_stability_index, jensen_shannon_distance)]
    assert limits == pytest.approx([expected, np.sqrt(expected / 8 / np.log(2))], rel=0.15)


@pytest.mark.parametrize("level", [0.01, 0.0002])
def test_a_test_takes_windows_without_drift_for_drift_as_often_as_its_level(level):
    random = np.random.default_rng(5)
    chance = Chance(lambda own, k: own.random(k), (1,), level)
    assert chance.limit() == pytest.approx(1 - level, abs=level)
    values = 1 - level * np.array([0.01, 4, 100])
    assert [chance.explains(value) for value in values] == [False, True, True]
    beyond = [not Chance(lambda own, k: own.random(k), (seed,), 0.01).explains(random.random()) for seed in range(2000)]
    assert np.mean(beyond) == pytest.approx(0.01, abs=0.007)


def test_a_value_is_explained_up_to_the_limit():
    reference, found = Distribution(NUMBER, [30] * 10), [10] * 10
    chance = chance_of_psi(reference, found, 0.001)
    assert chance.explains(chance.limit())
    assert not chance.explains(chance.limit() * 1.000001)


def test_what_is_certain_without_drawing_would_be_found_by_drawing():
    reference, found = Distribution(NUMBER, [800] * 10), [100] * 10
    chance = chance_of_psi(reference, found, 0.001)
    assert 0.02 < chance.certain < 0.1
    assert not chance_of(population_stability_index, reference, found, 0.001).explains(chance.certain)
    # Small counts, or a list of categories that chance has picked from, are drawn.
    assert chance_of_psi(reference, [10] * 10, 0.001).certain == np.inf
    assert chance_of_psi(Distribution(CATEGORY, [800] * 10, categories=list("abcdefghi")), found, 0.001).certain == np.inf


def test_new_categories_are_expected_where_the_reference_has_many_that_it_saw_once():
    found = [9, 9, 9, 9, 9, 9, 9, 9, 8, 20]
    often, once = [20] * 9, [44, 44, 44, *[1] * 6]
    limits = [
        chance_of_psi(Distribution(CATEGORY, [*counts, 0], categories=list("abcdefghi")), found, FALSE_ALARMS).limit()
        for counts in (often, once)
    ]
    assert limits[1] > 1.5 * limits[0]


# With drift -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shift", "rows"),
    [("mean + 1 sd", 100), ("mean + 0.5 sd", 1000), ("a category of 10 % + 20 points", 1000)],
)
def test_one_of_ten_features_that_has_changed_alerts(shift, rows):
    before, after = trials.SHIFTS[shift]
    others = measure.family("numbers", 9)
    for trial in range(5):
        random = trials.random_of(trial)
        profile = measure.profile_of(measure.rows_of([before, *others], random, 8000))
        window = measure.window_of(profile, measure.rows_of([after, *others], random, rows))
        assert measure.verdicts(profile, window)["judged"]["feature_psi_max"] != OK


def drift_of(reference, current):
    profile = measure.profile_of(reference)
    window = measure.window_of(profile, current)
    psis = kpis.feature_psis(profile, window)
    judged = kpis.judged_psis(profile, window, psis)
    share, greatest = (of(profile, window, psis, judged) for of in (kpis.drifted_feature_share, kpis.feature_psi_max))
    return share, greatest, psis, judged


def test_the_figures_stay_and_the_report_says_what_is_judged():
    """A column of many categories differs most by chance, and one of numbers has changed."""
    random = trials.random_of(1)
    before, after = [trials.even(60), trials.normal()], [trials.even(60), trials.normal(0.6)]
    share, greatest, psis, judged = drift_of(measure.rows_of(before, random, 8000), measure.rows_of(after, random, 100))
    assert psis["f00"] > psis["f01"] > 0.25
    assert judged == {"f00": 0.0, "f01": psis["f01"]}
    assert (greatest.value, greatest.judged) == (psis["f00"], psis["f01"])
    assert greatest.reason.startswith("greatest in f00; within what chance gives at n = 100: up to ")
    assert greatest.reason.endswith(f"; beyond chance: {psis['f01']:.3g} in f01")
    assert (share.value, share.judged) == (1.0, 0.5)
    assert share.reason == "drifted: f00, f01; within what chance gives: f00"
    entry = judge("feature_psi_max", greatest, kpis.THRESHOLDS["feature_psi_max"])
    assert (entry["value"], entry["judged"], entry["status"]) == (psis["f00"], psis["f01"], CRITICAL)


def test_what_chance_explains_does_not_alert():
    random = trials.random_of(2)
    share, greatest, psis, _ = drift_of(*(measure.rows_of([trials.even(60)] * 2, random, rows) for rows in (8000, 100)))
    for kpi, measured in (("drifted_feature_share", share), ("feature_psi_max", greatest)):
        entry = judge(kpi, measured, kpis.THRESHOLDS[kpi])
        assert entry["value"] > entry["critical"]
        assert (entry["judged"], entry["status"]) == (0.0, OK)
        assert "within what chance gives" in entry["reason"]
    assert greatest.value == max(psis.values())


def test_other_values_are_judged_as_they_are():
    entry = judge("error_rate", Measured(0.02, 100), kpis.THRESHOLDS["error_rate"])
    assert (entry["judged"], entry["status"]) == (0.02, "warn")
    assert judge("error_rate", Measured(None, 0, "why"), kpis.THRESHOLDS["error_rate"])["judged"] is None


def test_a_feature_with_few_values_is_judged_by_those_that_it_has():
    random = trials.random_of(3)
    reference, current = (measure.rows_of([trials.normal(), trials.normal()], random, rows) for rows in (8000, 1000))
    current.loc[8:, "f00"] = np.nan
    _, greatest, psis, judged = drift_of(reference, current)
    assert psis["f00"] > 0.25
    assert judged["f00"] == 0
    assert "within what chance gives at n = 8: up to " in greatest.reason


# Other KPIs of shares ---------------------------------------------------------------------------------------------------------


def missing_of(share, features, rows, seed):
    random = trials.random_of(seed)
    samples = [trials.missing(0.05)] * features
    profile = measure.profile_of(measure.rows_of(samples, random, 2000))
    current = measure.rows_of([trials.missing(share), *samples[1:]], random, rows)
    measured = kpis.missing_rate(profile, measure.window_of(profile, current))
    return measured, judge("missing_rate", measured, kpis.THRESHOLDS["missing_rate"])["status"]


def test_gaps_that_chance_explains_do_not_alert_and_others_do():
    found = [missing_of(0.05, 8, 100, seed) for seed in range(40)]
    assert np.mean([status == OK for _, status in found]) >= 0.95
    assert np.mean([measured.value >= 0.01 for measured, _ in found]) > 0.9
    assert "within what chance gives at n = 100: up to " in found[0][0].reason
    measured, status = missing_of(0.25, 8, 100, 1)
    assert (status, measured.reason, measured.judged) == (CRITICAL, "greatest in f00", measured.value)
    assert missing_of(0.08, 8, 5000, 1)[1] == "warn"


def gap_of(rates, size, seed):
    random = trials.random_of(seed)
    groups = {
        f"g{place}": {"Yes": int(found), "No": size - int(found)} for place, found in enumerate(random.binomial(size, rates))
    }
    measured = kpis.fairness_gap({"segment": groups}, size * len(rates), ["Yes"])
    return measured, judge("fairness_gap", measured, kpis.THRESHOLDS["fairness_gap"])["status"]


def test_groups_of_one_rate_do_not_alert_and_others_do():
    found = [gap_of([0.4] * 4, 30, seed) for seed in range(200)]
    assert np.mean([status == OK for _, status in found]) >= 0.95
    assert np.mean([measured.value >= 0.1 for measured, _ in found]) > 0.8
    measured, status = gap_of([0.4, 0.4, 0.4, 0.9], 30, 1)
    assert (status, measured.judged) == (CRITICAL, measured.value)
    assert gap_of([0.4, 0.55], 2000, 1)[1] == "warn"
    # Without any gap there is nothing to explain.
    assert kpis.fairness_gap({"s": {"a": {"Yes": 30}, "b": {"Yes": 30}}}, 60, ["Yes"]).judged == 0
    assert pd.isna(kpis.fairness_gap({}, 0, ["Yes"]).value)
