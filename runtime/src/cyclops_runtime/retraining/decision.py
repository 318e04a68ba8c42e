"""Whether a report asks for a training run, as a pure function of the report, the spec and what is known of earlier runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cyclops_runtime.document import ModelSpec, MonitoringSpec, parse_duration
from cyclops_runtime.monitoring.kpis import CRITICAL, effective_thresholds
from cyclops_runtime.retraining.new_data import NewData

DRIFT, NEW_DATA, QUALITY = "drift", "new-data", "quality"
# KPIs of which one that is critical asks for a new version.
KPIS_OF = {
    DRIFT: ("drifted_feature_share", "feature_psi_max", "prediction_drift"),
    QUALITY: ("model_quality", "quality_degradation"),
}
# "schedule" is not the monitor's business: it names the schedule, which runs anyway.
TRIGGERS = (DRIFT, NEW_DATA, QUALITY)


@dataclass(frozen=True)
class Started:
    """The last run that a trigger has started, and the report that asked for it."""

    run: str
    at: datetime
    trigger: str
    report: str


@dataclass(frozen=True)
class State:
    """What a decision depends on besides report and spec; `active` is the name of a training run that has not ended."""

    last: Started | None = None
    active: str | None = None
    new_data: NewData | None = None


@dataclass(frozen=True)
class Decision:
    """Whether to start a run, for which trigger, and why or why not; `kpi` and its value where a KPI is the evidence."""

    start: bool
    reason: str
    trigger: str | None = None
    kpi: str | None = None
    value: float | None = None


def triggers_of(spec: ModelSpec) -> list[str]:
    """The triggers that the spec asks for and the monitor decides on, in the spec's order."""
    return [trigger for trigger in spec.training.retrain_on if trigger in TRIGGERS]


def decide(report: Mapping[str, Any], spec: ModelSpec, state: State, now: datetime) -> Decision:
    """The first of the spec's triggers that has evidence starts a run, unless one is active or in its cooldown.

    A KPI is evidence when it is critical and has at least its least number of samples.
    """
    found = [_evidence(trigger, report, spec, state) for trigger in triggers_of(spec)]
    asking = [decision for decision in found if decision.start]
    if not asking:
        return Decision(False, "; ".join(decision.reason for decision in found))
    first = asking[0]
    why = "; ".join(decision.reason for decision in asking)
    if state.active is not None:
        return _held_back(first, f"training run {state.active} has not ended yet ({why})")
    if state.last is not None:
        free = state.last.at + timedelta(seconds=parse_duration(spec.training.cooldown))
        if now < free:
            started = f"{state.last.trigger} started run {state.last.run} at {_time(state.last.at)}"
            return _held_back(first, f"{started}; the cooldown of {spec.training.cooldown} ends at {_time(free)} ({why})")
    return Decision(True, why, first.trigger, first.kpi, first.value)


def _held_back(evidence: Decision, reason: str) -> Decision:
    return Decision(False, reason, evidence.trigger, evidence.kpi, evidence.value)


def _evidence(trigger: str, report: Mapping[str, Any], spec: ModelSpec, state: State) -> Decision:
    if trigger == NEW_DATA:
        found = state.new_data or NewData((), "the raw files were not looked at")
        return Decision(bool(found.files), f"{NEW_DATA}: {found.reason}", NEW_DATA)
    thresholds = effective_thresholds((spec.monitoring or MonitoringSpec()).thresholds, spec.training.gate, None)
    entries = {entry["id"]: entry for entry in report["kpis"]}
    quiet = []
    for kpi in KPIS_OF[trigger]:
        entry = entries.get(kpi)
        if entry is None or entry["value"] is None:
            quiet.append(f"{kpi} has no value")
            continue
        value, n, least = entry["value"], entry["n"], thresholds[kpi].min_samples
        beyond = "" if entry["judged"] == value else f", beyond chance {entry['judged']:.4g}"
        words = f"{kpi} is {value:.4g}{beyond} ({n} samples)"
        if n < least:
            quiet.append(f"{words}, judged from {least} on")
        elif entry["status"] != CRITICAL:
            quiet.append(words)
        else:
            return Decision(True, f"{trigger}: {words}, critical at {entry['critical']:.4g}", trigger, kpi, value)
    return Decision(False, f"{trigger}: nothing critical: {', '.join(quiet)}", trigger)


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
