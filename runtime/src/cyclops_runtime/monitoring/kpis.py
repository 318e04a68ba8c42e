"""The fifteen KPIs as pure functions, their thresholds, and the verdict on a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cyclops_runtime.document import LESS_IS_BETTER, GateSpec, ThresholdSpec
from cyclops_runtime.monitoring.chance import FALSE_ALARMS, Chance, chance_of, chance_of_psi
from cyclops_runtime.monitoring.profile import NUMBER, Distribution, Profile
from cyclops_runtime.monitoring.serving_metrics import Traffic
from cyclops_runtime.monitoring.statistics import histogram_quantile, jensen_shannon_distance, population_stability_index
from cyclops_runtime.monitoring.usage import Use
from cyclops_runtime.monitoring.window import MAX_GROUPS, FeatureCounts, Groups, Window

OK, WARN, CRITICAL, NO_DATA = "ok", "warn", "critical", "no-data"
SEVERITY = {NO_DATA: 0, OK: 1, WARN: 2, CRITICAL: 3}
# A feature has drifted from this PSI on: below it is the customary "no significant change".
DRIFTED_PSI = 0.1
# Rates of smaller groups are mostly chance.
MIN_GROUP_ROWS = 30
# KPIs whose thresholds are compared with what chance does not explain of the value; the catalogue's `beyondChance`.
BEYOND_CHANCE = ("missing_rate", "drifted_feature_share", "feature_psi_max", "prediction_drift", "fairness_gap")


@dataclass(frozen=True)
class Thresholds:
    """When a KPI alerts. `up` means that more is better. None: only informs."""

    unit: str
    up: bool
    warn: float | None
    critical: float | None
    min_samples: int


# The same values as packages/core/src/kpi/catalogue.ts, which says where each of them comes from.
THRESHOLDS: Mapping[str, Thresholds] = {
    "model_quality": Thresholds("score", True, None, None, 100),
    "quality_degradation": Thresholds("ratio", False, 0.05, 0.1, 100),
    "missing_rate": Thresholds("ratio", False, 0.01, 0.05, 100),
    "constraint_violation_rate": Thresholds("ratio", False, 0.01, 0.05, 100),
    "data_freshness": Thresholds("s", False, None, None, 0),
    "drifted_feature_share": Thresholds("ratio", False, 0.3, 0.5, 100),
    "feature_psi_max": Thresholds("PSI", False, 0.1, 0.25, 100),
    "prediction_drift": Thresholds("JSD", False, 0.1, 0.2, 100),
    "latency_p95": Thresholds("ms", False, 500, 1000, 50),
    "error_rate": Thresholds("ratio", False, 0.01, 0.05, 50),
    "throughput": Thresholds("requests/min", True, None, None, 0),
    "saturation": Thresholds("ratio", False, 0.7, 0.9, 0),
    "fairness_gap": Thresholds("ratio", False, 0.1, 0.2, 100),
    "cost_per_1k_predictions": Thresholds("USD", False, None, None, 100),
    "roi": Thresholds("ratio", True, 0.5, 0.0, 100),
}


@dataclass(frozen=True)
class Measured:
    """A value with the number of rows or requests behind it. None always has a reason; a value may have one.

    `judged` is what thresholds are compared with: what chance does not explain of the value. None: the value itself.
    """

    value: float | None
    n: int
    reason: str | None = None
    judged: float | None = None


def nothing(reason: str, n: int = 0) -> Measured:
    """No value, and why."""
    return Measured(None, n, reason)


# Verdict ---------------------------------------------------------------------------------------------------------------------


def effective_thresholds(overrides: Mapping[str, ThresholdSpec], gate: GateSpec, interval: float | None) -> dict[str, Thresholds]:
    """Thresholds of all KPIs: the table's, those that follow from gate and schedule, and over both the model document's.

    `interval` is the time between two trainings in seconds.
    """
    table = dict(THRESHOLDS)
    less = gate.metric in LESS_IS_BETTER
    bound = gate.max if less else gate.min
    table["model_quality"] = replace(table["model_quality"], up=not less, warn=bound, critical=bound)
    if interval is not None:
        table["data_freshness"] = replace(table["data_freshness"], warn=interval, critical=2 * interval)
    for kpi, override in overrides.items():
        if kpi in table:
            given = {"warn": override.warn, "critical": override.critical, "min_samples": override.min_samples}
            table[kpi] = replace(table[kpi], **{name: value for name, value in given.items() if value is not None})
    return table


def judge(kpi: str, measured: Measured, thresholds: Thresholds) -> dict[str, Any]:
    """One entry of the report: id, value, n, unit, status and reason, what was judged, and the thresholds that were applied."""
    status, reason = OK, measured.reason
    value = measured.value
    judged = value if measured.judged is None else measured.judged
    if value is None or not np.isfinite(value):
        value, judged, status = None, None, NO_DATA
        reason = reason or "the value is not a finite number"
    elif measured.n < thresholds.min_samples:
        reason = joined(reason, f"not judged: {measured.n} samples, judged from {thresholds.min_samples} on")
    elif _reached(kpi, judged, thresholds.critical, thresholds.up):
        status = CRITICAL
    elif _reached(kpi, judged, thresholds.warn, thresholds.up):
        status = WARN
    return {
        "id": kpi,
        "value": value,
        "judged": judged,
        "n": measured.n,
        "unit": thresholds.unit,
        "status": status,
        "reason": reason,
        "warn": thresholds.warn,
        "critical": thresholds.critical,
    }


def _reached(kpi: str, value: float, threshold: float | None, up: bool) -> bool:
    """Less-is-better alerts from the threshold on; more-is-better, and quality with its gate's bound, only beyond it."""
    if threshold is None:
        return False
    if up:
        return value < threshold
    return value > threshold if kpi == "model_quality" else value >= threshold


def joined(*parts: str | None) -> str | None:
    """The parts that are there as one sentence; None without any."""
    return "; ".join(part for part in parts if part) or None


# Quality ---------------------------------------------------------------------------------------------------------------------


def model_quality(metric: str, live: Measured, profile: Profile | None) -> Measured:
    """The gate's metric on matured labels, else on the held-out rows of the champion's run."""
    if live.value is not None:
        return live
    held_out = None if profile is None else profile.metrics.get(metric)
    if held_out is None:
        return nothing(joined(live.reason, f"no {metric} of the champion's held-out rows is known"), live.n)
    return Measured(held_out, profile.held_out_rows, f"of held-out rows: {live.reason}")


def quality_degradation(metric: str, live: Measured, profile: Profile | None) -> Measured:
    """(held-out - live) / held-out; negative when live is better; signs turned for metrics where less is better."""
    held_out = None if profile is None else profile.metrics.get(metric)
    if live.value is None:
        return live
    if not held_out:
        return nothing(f"no {metric} of the champion's held-out rows is known to compare with", live.n)
    loss = live.value - held_out if metric in LESS_IS_BETTER else held_out - live.value
    return Measured(loss / abs(held_out), live.n)


# Data ------------------------------------------------------------------------------------------------------------------------


def missing_rate(profile: Profile | None, window: Window) -> Measured:
    """Greatest rise of a feature's share of missing values over the reference; a column that is gone is all missing.

    What cannot be used as a number where the reference has numbers, and infinite values, count as missing.
    """
    if (refused := _incomparable(profile, window)) is not None:
        return refused
    rises = {name: missing_share(window, name) - feature.missing for name, feature in profile.features.items()}
    chances = {name: _chance_of_missing(profile, window, name) for name in rises}
    beyond = {name: rise for name, rise in rises.items() if rise > 0 and not chances[name].explains(rise)}
    worst = max(rises, key=rises.get)
    reason = joined(f"greatest in {worst}" if rises[worst] > 0 else None, _vanished(window))
    if rises[worst] > 0 and worst not in beyond:
        reason = joined(reason, _explained(chances[worst], window.rows, beyond))
    return Measured(max(rises[worst], 0.0), window.rows, reason, max(beyond.values(), default=0.0))


def _chance_of_missing(profile: Profile, window: Window, name: str) -> Chance:
    missing = round(profile.features[name].missing * profile.rows)
    reference, n = Distribution(NUMBER, [missing, profile.rows - missing]), window.features[name].n

    def rise(shares: np.ndarray, actual: np.ndarray) -> np.ndarray:
        return actual[..., 0] - shares[0]

    return chance_of(rise, reference, [window.rows - n, n], FALSE_ALARMS / len(profile.features))


def _explained(chance: Chance, n: int, beyond: Mapping[str, float]) -> str:
    """Why the greatest value is not judged, and what is instead."""
    words = f"within what chance gives at n = {n}: up to {chance.limit():.3g}"
    if not beyond:
        return words
    worst = max(beyond, key=beyond.get)
    return f"{words}; beyond chance: {beyond[worst]:.3g} in {worst}"


def missing_share(window: Window, name: str) -> float:
    """Share of the window's rows that have no value of a feature which its reference can be compared with."""
    return (window.rows - window.features[name].n) / window.rows


def constraint_violation_rate(violating_rows: int | None, rows: int, reason: str | None = None) -> Measured:
    """Rows that break a constraint / rows."""
    if violating_rows is None or rows == 0:
        return nothing(reason or "no rows in the window", rows)
    return Measured(violating_rows / rows, rows, reason)


def broken(window: Window) -> str | None:
    """The columns whose constraints are broken, with the numbers of their rows."""
    worst = sorted(window.violations, key=lambda name: (-window.violations[name], name))
    return f"broken: {listed([f'{name} {window.violations[name]}' for name in worst])}" if worst else None


def feature_psis(profile: Profile, window: Window) -> dict[str, float | None]:
    """PSI of each feature; None where no value is left to compare (gone, or all missing)."""
    return {
        name: float(population_stability_index(feature.shares, _shares(bins))) if any(bins) else None
        for name, feature in profile.features.items()
        for bins in [window.features[name].bins]
    }


def judged_psis(profile: Profile, window: Window, psis: Mapping[str, float | None]) -> dict[str, float | None]:
    """The PSIs that chance does not explain, 0 for those that it does; None where there is no value to compare.

    Of windows without drift hardly one in a hundred has any feature that is not 0 (`FALSE_ALARMS`).
    """
    return {
        name: None if psi is None else 0.0 if chance_of_feature(profile, window, psis, name).explains(psi) else psi
        for name, psi in psis.items()
    }


def chance_of_feature(profile: Profile, window: Window, psis: Mapping[str, float | None], name: str) -> Chance:
    """Chance of one feature's PSI, as one of all those that are looked at (Bonferroni's correction)."""
    compared = sum(psi is not None for psi in psis.values())
    return chance_of_psi(profile.features[name], window.features[name].bins, FALSE_ALARMS / compared)


def _shares(bins: Sequence[int]) -> np.ndarray:
    return np.asarray(bins) / sum(bins)


def feature_notes(profile: Profile, window: Window) -> dict[str, str]:
    """What is strange about features, by their name: gone, of another type, new categories, infinite values."""
    found = {}
    for name, feature in profile.features.items():
        counts = window.features[name]
        # A category beyond the reference's list is new only where that list was all there was.
        is_new = counts.new and feature.kind == "category" and feature.counts[-1] == 0
        note = joined(
            "the column is gone" if counts.seen == 0 else None,
            "no value" if counts.seen and counts.n == 0 else None,
            f"{window.rows - counts.seen} rows are of files without the column" if 0 < counts.seen < window.rows else None,
            _changed_type(counts),
            f"{counts.infinite} infinite values" if counts.infinite else None,
            f"new categories: {', '.join(counts.new)} ({counts.bins[-1]} rows)" if is_new else None,
        )
        if note:
            found[name] = note
    return found


def _changed_type(counts: FeatureCounts) -> str | None:
    if counts.unreadable:
        return f"{counts.unreadable} values are no numbers"
    return f"numbers where the reference has texts ({counts.numbers} rows)" if counts.numbers else None


def drifted_feature_share(
    profile: Profile | None, window: Window, psis: Mapping[str, float | None], judged: Mapping[str, float | None]
) -> Measured:
    """Features with a PSI above 0.1 / features. One without any value left has drifted as far as it can.

    `judged` is `judged_psis`, of which the same share is judged.
    """
    if (refused := _incomparable(profile, window)) is not None:
        return refused
    drifted, beyond = _drifted(psis), _drifted(judged)
    by_chance = [name for name in drifted if name not in beyond]
    reason = joined(
        f"drifted: {listed(drifted)}" if drifted else None,
        f"within what chance gives: {listed(by_chance)}" if by_chance else None,
    )
    return Measured(len(drifted) / len(psis), window.rows, reason, len(beyond) / len(psis))


def _drifted(psis: Mapping[str, float | None]) -> list[str]:
    return [name for name, psi in psis.items() if psi is None or psi > DRIFTED_PSI]


def feature_psi_max(
    profile: Profile | None, window: Window, psis: Mapping[str, float | None], judged: Mapping[str, float | None]
) -> Measured:
    """Greatest PSI of the features that have values; of `judged_psis` the greatest is judged."""
    if (refused := _incomparable(profile, window)) is not None:
        return refused
    known = {name: psi for name, psi in psis.items() if psi is not None}
    without = [name for name, psi in psis.items() if psi is None]
    left_out = f"without values: {listed(without)}" if without else None
    if not known:
        return nothing(joined("no feature has values", left_out), window.rows)
    worst = max(known, key=known.get)
    beyond = {name: psi for name, psi in judged.items() if psi}
    explained = None
    if worst not in beyond and known[worst] > DRIFTED_PSI:
        explained = _explained(chance_of_feature(profile, window, psis, worst), window.features[worst].n, beyond)
    reason = joined(f"greatest in {worst}", explained, left_out)
    return Measured(known[worst], window.rows, reason, max(beyond.values(), default=0.0))


def _incomparable(profile: Profile | None, window: Window) -> Measured | None:
    if profile is None:
        return nothing("no reference profile", window.rows)
    if window.rows == 0:
        return nothing("no rows in the window")
    if profile.rows == 0:
        return nothing("the reference has no rows", window.rows)
    if not profile.features:
        return nothing("the reference has no features with values", window.rows)
    return None


def _vanished(window: Window) -> str | None:
    gone = [name for name, counts in window.features.items() if counts.seen == 0]
    return f"gone: {listed(gone)}" if gone else None


def listed(names: Sequence[str]) -> str:
    """The first five names, and how many more there are."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


# Predictions -----------------------------------------------------------------------------------------------------------------


def prediction_drift(profile: Profile | None, window: Window) -> Measured:
    """Jensen-Shannon distance, base 2, of the champion's predictions to the reference's."""
    if profile is None or profile.predictions is None:
        return nothing("no reference of predictions", window.predicted)
    if window.predicted == 0:
        return nothing("no predictions of the champion in the window")
    n = sum(window.predictions)
    if n == 0:
        return nothing("no prediction has a value", window.predicted)
    value = float(jensen_shannon_distance(profile.predictions.shares, _shares(window.predictions)))
    chance = chance_of(jensen_shannon_distance, profile.predictions, window.predictions)
    if value > 0 and not chance.explains(value):
        return Measured(value, n)
    return Measured(value, n, _explained(chance, n, {}), 0.0)


def fairness_gap(segments: Mapping[str, Groups], predicted: int, selected: Sequence[str] | None) -> Measured:
    """Demographic parity difference: greatest difference of the share of a label in `selected` between groups of a segment.

    For one selected label that is the selection rate; for several the worst of them counts. None selects all that there are.
    """
    if not segments:
        return nothing("monitoring.segments names no column that the rows have")
    if predicted == 0:
        return nothing("no predictions of the champion in the window")
    if selected is not None and not selected:
        return nothing("not defined for regression", predicted)
    compared, left_out, n = {}, [], 0
    for name, groups in segments.items():
        if groups is None:
            left_out.append(f"{name} (more than {MAX_GROUPS} groups)")
            continue
        sizes = {group: sum(labels.values()) for group, labels in groups.items()}
        large = [group for group in sorted(sizes) if sizes[group] >= MIN_GROUP_ROWS]
        left_out += [f"{name}={group}" for group in sorted(sizes) if group not in large]
        if len(large) < 2:
            continue
        n = max(n, sum(sizes[group] for group in large))
        for label in sorted({label for labels in groups.values() for label in labels}) if selected is None else selected:
            compared[name, label] = {group: (groups[group].get(label, 0), sizes[group]) for group in large}
    small = f"groups below {MIN_GROUP_ROWS} rows left out: {listed(left_out)}" if left_out else None
    if not compared:
        return nothing(joined("no segment has two groups to compare", small), predicted)
    gaps = {key: _gap(chosen) for key, chosen in compared.items()}
    chances = {key: _chance_of_gap(chosen, FALSE_ALARMS / len(compared)) for key, chosen in compared.items()}
    beyond = {key: gap for key, gap in gaps.items() if gap > 0 and not chances[key].explains(gap)}
    worst = max(gaps, key=gaps.get)
    explained = None if worst in beyond else _explained(chances[worst], n, {name: gap for (name, _), gap in beyond.items()})
    reason = joined(_extremes(worst[0], compared[worst]), explained, small)
    return Measured(gaps[worst], n, reason, max(beyond.values(), default=0.0))


# Group -> rows with the label, and all rows.
Chosen = Mapping[str, tuple[int, int]]


def _rates(chosen: Chosen) -> dict[str, float]:
    return {group: rows / size for group, (rows, size) in chosen.items()}


def _gap(chosen: Chosen) -> float:
    rates = _rates(chosen).values()
    return max(rates) - min(rates)


def _extremes(segment: str, chosen: Chosen) -> str:
    rates = _rates(chosen)
    high, low = max(rates, key=rates.get), min(rates, key=rates.get)
    return f"{segment}: {high} {rates[high]:.3f}, {low} {rates[low]:.3f}"


def _chance_of_gap(chosen: Chosen, level: float) -> Chance:
    """Chance of the gap of groups of these sizes that are all selected at one rate."""
    rows, sizes = (np.array(each) for each in zip(*chosen.values(), strict=True))

    def draw(random: np.random.Generator, k: int) -> np.ndarray:
        rates = random.binomial(sizes, rows.sum() / sizes.sum(), size=(k, len(sizes))) / sizes
        return rates.max(axis=1) - rates.min(axis=1)

    return Chance(draw, tuple(rows.tolist()), level)


# Serving and money -----------------------------------------------------------------------------------------------------------


def latency_p95(traffic: Traffic | None, why_not: str | None) -> Measured:
    """95th percentile of the time to answer, in milliseconds."""
    if traffic is None:
        return nothing(why_not or "no scorer was asked")
    seconds = traffic.p95 if traffic.p95 is not None else histogram_quantile(traffic.buckets, 0.95)
    return nothing("no requests in the window") if seconds is None else Measured(seconds * 1000, int(traffic.requests), why_not)


def error_rate(traffic: Traffic | None, why_not: str | None) -> Measured:
    """Requests answered with a 5xx status / requests."""
    if traffic is None or traffic.requests == 0:
        return nothing(why_not or "no requests in the window")
    return Measured(traffic.server_errors / traffic.requests, int(traffic.requests), why_not)


def throughput(traffic: Traffic | None, why_not: str | None) -> Measured:
    """Requests a minute; zero is a value here: the scorers answer, and nobody asks."""
    if traffic is None or traffic.seconds <= 0:
        return nothing(why_not or "no scorer was asked")
    return Measured(traffic.requests / (traffic.seconds / 60), int(traffic.requests), why_not)


def saturation(traffic: Traffic | None, why_not: str | None) -> Measured:
    """Greatest use of CPU or memory against its limit, over the replicas."""
    if traffic is None or traffic.saturation is None:
        return nothing(why_not or "no scorer tells its use of CPU and memory")
    return Measured(traffic.saturation, traffic.replicas, why_not)


def cost_per_1k_predictions(use: Use | None, cost_per_hour: float | None) -> Measured:
    """Cost of all replicas over the window / predictions * 1000, in USD; `cost_per_hour` is that of one replica."""
    cost = _cost(use, cost_per_hour)
    return cost if cost.value is None else Measured(cost.value / use.predictions * 1000, cost.n)


def roi(use: Use | None, cost_per_hour: float | None, value_per_prediction: float | None) -> Measured:
    """(predictions * value of one - cost) / cost."""
    if value_per_prediction is None:
        return nothing("monitoring.valuePerPrediction is not given")
    cost = _cost(use, cost_per_hour)
    if cost.value is None:
        return cost
    if cost.value == 0:
        return nothing("serving costs nothing (monitoring.costPerHour is 0)", cost.n)
    return Measured((use.predictions * value_per_prediction - cost.value) / cost.value, cost.n)


def _cost(use: Use | None, cost_per_hour: float | None) -> Measured:
    if cost_per_hour is None:
        return nothing("monitoring.costPerHour is not given")
    if use is None:
        return nothing("no replica has left a record of its use in the window")
    if use.predictions == 0:
        return nothing("no predictions in the window")
    return Measured(cost_per_hour * use.replica_seconds / 3600, int(use.predictions))
