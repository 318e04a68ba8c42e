"""The fifteen KPIs as pure functions, their thresholds, and the verdict on a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cyclops_runtime.document import LESS_IS_BETTER, GateSpec, ThresholdSpec
from cyclops_runtime.monitoring.profile import Distribution, Profile, predicted_quantity
from cyclops_runtime.monitoring.serving_metrics import Traffic
from cyclops_runtime.monitoring.statistics import histogram_quantile, jensen_shannon_distance, population_stability_index

OK, WARN, CRITICAL, NO_DATA = "ok", "warn", "critical", "no-data"
SEVERITY = {NO_DATA: 0, OK: 1, WARN: 2, CRITICAL: 3}
# A feature has drifted from this PSI on: below it is the customary "no significant change".
DRIFTED_PSI = 0.1
# Rates of smaller groups are mostly chance.
MIN_GROUP_ROWS = 30


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
    """A value with the number of rows or requests behind it. None always has a reason; a value may have one."""

    value: float | None
    n: int
    reason: str | None = None


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
    """One entry of the report: id, value, n, unit, status and reason, and the thresholds that were applied."""
    status, reason = OK, measured.reason
    value = measured.value
    if value is None or not np.isfinite(value):
        value, status = None, NO_DATA
        reason = reason or "the value is not a finite number"
    elif measured.n < thresholds.min_samples:
        reason = _joined(reason, f"not judged: {measured.n} samples, judged from {thresholds.min_samples} on")
    elif _reached(kpi, value, thresholds.critical, thresholds.up):
        status = CRITICAL
    elif _reached(kpi, value, thresholds.warn, thresholds.up):
        status = WARN
    return {
        "id": kpi,
        "value": value,
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


def _joined(*parts: str | None) -> str | None:
    return "; ".join(part for part in parts if part) or None


# Quality ---------------------------------------------------------------------------------------------------------------------


def model_quality(metric: str, live: Measured, profile: Profile | None) -> Measured:
    """The gate's metric on matured labels, else on the held-out rows of the champion's run."""
    if live.value is not None:
        return live
    held_out = None if profile is None else profile.metrics.get(metric)
    if held_out is None:
        return nothing(_joined(live.reason, f"no {metric} of the champion's held-out rows is known"), live.n)
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


def missing_rate(profile: Profile | None, current: pd.DataFrame | None) -> Measured:
    """Greatest rise of a feature's share of missing values over the reference; a column that is gone is all missing."""
    if (refused := _incomparable(profile, current)) is not None:
        return refused
    rises = {
        name: 1.0 - feature.missing if name not in current else feature.missing_share(current[name]) - feature.missing
        for name, feature in profile.features.items()
    }
    worst = max(rises, key=rises.get)
    return Measured(
        max(rises[worst], 0.0),
        len(current),
        _joined(f"greatest in {worst}" if rises[worst] > 0 else None, _vanished(profile, current)),
    )


def constraint_violation_rate(violating_rows: int | None, rows: int, reason: str | None = None) -> Measured:
    """Rows that break a constraint / rows."""
    if violating_rows is None or rows == 0:
        return nothing(reason or "no rows in the window", rows)
    return Measured(violating_rows / rows, rows, reason)


def feature_psis(profile: Profile, current: pd.DataFrame) -> dict[str, float | None]:
    """PSI of each feature; None where no value is left to compare (gone, or all missing)."""
    return {name: _psi(feature, current[name]) if name in current else None for name, feature in profile.features.items()}


def _psi(feature: Distribution, values: pd.Series) -> float | None:
    shares, n = feature.shares_of(values)
    return population_stability_index(np.asarray(feature.shares), shares) if n else None


def drifted_feature_share(profile: Profile | None, current: pd.DataFrame | None, psis: Mapping[str, float | None]) -> Measured:
    """Features with a PSI above 0.1 / features. One without any value left has drifted as far as it can."""
    if (refused := _incomparable(profile, current)) is not None:
        return refused
    drifted = [name for name, psi in psis.items() if psi is None or psi > DRIFTED_PSI]
    return Measured(len(drifted) / len(psis), len(current), f"drifted: {_listed(drifted)}" if drifted else None)


def feature_psi_max(profile: Profile | None, current: pd.DataFrame | None, psis: Mapping[str, float | None]) -> Measured:
    """Greatest PSI of the features that have values."""
    if (refused := _incomparable(profile, current)) is not None:
        return refused
    known = {name: psi for name, psi in psis.items() if psi is not None}
    without = [name for name, psi in psis.items() if psi is None]
    left_out = f"without values: {_listed(without)}" if without else None
    if not known:
        return nothing(_joined("no feature has values", left_out), len(current))
    worst = max(known, key=known.get)
    return Measured(known[worst], len(current), _joined(f"greatest in {worst}", left_out))


def _incomparable(profile: Profile | None, current: pd.DataFrame | None) -> Measured | None:
    if profile is None:
        return nothing("no reference profile", 0 if current is None else len(current))
    if current is None or len(current) == 0:
        return nothing("no rows in the window")
    if not profile.features:
        return nothing("the reference has no features with values", len(current))
    return None


def _vanished(profile: Profile, current: pd.DataFrame) -> str | None:
    gone = [name for name in profile.features if name not in current]
    return f"gone: {_listed(gone)}" if gone else None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


# Predictions -----------------------------------------------------------------------------------------------------------------


def prediction_drift(profile: Profile | None, predictions: pd.DataFrame | None) -> Measured:
    """Jensen-Shannon distance, base 2, of the predictions (columns `label`, `probability`) to the reference's."""
    if profile is None or profile.predictions is None:
        return nothing("no reference of predictions", 0 if predictions is None else len(predictions))
    if predictions is None or len(predictions) == 0:
        return nothing("no predictions of the champion in the window")
    reference = profile.predictions
    several = reference.kind == "category" and predictions["probability"].notna().any()
    shares, n = reference.shares_of(predicted_quantity(predictions, several_classes=several))
    if n == 0:
        return nothing("no prediction has a value", len(predictions))
    return Measured(jensen_shannon_distance(np.asarray(reference.shares), shares), n)


def fairness_gap(segments: Mapping[str, pd.Series], labels: pd.Series | None, selected: Sequence[str]) -> Measured:
    """Demographic parity difference: greatest difference of the share of a label in `selected` between groups of a segment.

    `segments` has one column a segment, in the rows of `labels`. For one selected label that is the selection rate; for several
    labels the worst of them counts.
    """
    if not segments:
        return nothing("monitoring.segments names no column that the rows have")
    if labels is None or len(labels) == 0:
        return nothing("no predictions of the champion in the window")
    if not selected:
        return nothing("not defined for regression", len(labels))
    worst, place, left_out, n = None, None, [], 0
    for name, groups in segments.items():
        sizes = groups.value_counts()
        large = sizes[sizes >= MIN_GROUP_ROWS].index
        left_out += [f"{name}={group}" for group in sizes.index.difference(large)]
        if len(large) < 2:
            continue
        inside = groups.isin(large)
        n = max(n, int(inside.sum()))
        for label in selected:
            rates = (labels[inside] == label).groupby(groups[inside]).mean()
            gap = float(rates.max() - rates.min())
            if worst is None or gap > worst:
                worst, place = gap, f"{name}: {rates.idxmax()} {rates.max():.3f}, {rates.idxmin()} {rates.min():.3f}"
    small = f"groups below {MIN_GROUP_ROWS} rows left out: {_listed(left_out)}" if left_out else None
    if worst is None:
        return nothing(_joined("no segment has two groups to compare", small), len(labels))
    return Measured(worst, n, _joined(place, small))


# Serving and money -----------------------------------------------------------------------------------------------------------


def latency_p95(traffic: Traffic | None, why_not: str | None) -> Measured:
    """95th percentile of the time to answer, in milliseconds."""
    if traffic is None:
        return nothing(why_not or "no scorer was asked")
    seconds = histogram_quantile(traffic.buckets, 0.95)
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


def cost_per_1k_predictions(traffic: Traffic | None, cost_per_hour: float | None, why_not: str | None) -> Measured:
    """Cost of serving in the window / predictions * 1000, in USD."""
    cost = _cost(traffic, cost_per_hour, why_not)
    return cost if cost.value is None else Measured(cost.value / traffic.predictions * 1000, cost.n, why_not)


def roi(
    traffic: Traffic | None, cost_per_hour: float | None, value_per_prediction: float | None, why_not: str | None
) -> Measured:
    """(predictions * value of one - cost) / cost."""
    if value_per_prediction is None:
        return nothing("monitoring.valuePerPrediction is not given")
    cost = _cost(traffic, cost_per_hour, why_not)
    if cost.value is None:
        return cost
    if cost.value == 0:
        return nothing("serving costs nothing (monitoring.costPerHour is 0)", cost.n)
    return Measured((traffic.predictions * value_per_prediction - cost.value) / cost.value, cost.n, why_not)


def _cost(traffic: Traffic | None, cost_per_hour: float | None, why_not: str | None) -> Measured:
    if cost_per_hour is None:
        return nothing("monitoring.costPerHour is not given")
    if traffic is None:
        return nothing(why_not or "no scorer was asked")
    if traffic.predictions == 0:
        return nothing("no predictions in the window")
    return Measured(cost_per_hour * traffic.seconds / 3600, int(traffic.predictions))
