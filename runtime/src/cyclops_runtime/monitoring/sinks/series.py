"""A report as Prometheus series; the same names and labels whichever way they get there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cyclops_runtime.monitoring.kpis import BEYOND_CHANCE

JOB = "cyclops-monitor"

KPI, JUDGED, SAMPLES = "mlops_kpi", "mlops_kpi_judged", "mlops_kpi_samples"
FEATURE_PSI, FEATURE_PSI_JUDGED = "mlops_feature_psi", "mlops_feature_psi_judged"
HELP = {
    KPI: "Value of a KPI of a model, in the unit of its catalogue.",
    JUDGED: "What chance does not explain of a KPI's value: what its thresholds are compared with.",
    SAMPLES: "Rows or requests behind a KPI; 0 without data.",
    FEATURE_PSI: "Population stability index of a feature against the champion's training rows.",
    FEATURE_PSI_JUDGED: "The same where chance does not explain it, else 0.",
}


@dataclass(frozen=True)
class Series:
    """One value with its name and labels."""

    name: str
    labels: Mapping[str, str]
    value: float


def group_of(report: Mapping[str, Any]) -> dict[str, str]:
    """What the series of one model have in common, besides the job."""
    return {"stack": report["stack"], "environment": report["environment"], "model": report["model"]}


def series_of(report: Mapping[str, Any]) -> list[Series]:
    """`mlops_kpi` and `mlops_kpi_samples` of each KPI, `mlops_kpi_judged` of those that chance explains in part, and
    `mlops_feature_psi` and `mlops_feature_psi_judged` of each feature; none for what has no value.
    """
    common = {"model": report["model"], "version": report["version"] or "none"}
    found = []
    for kpi in report["kpis"]:
        labels = {"kpi": kpi["id"], **common}
        if kpi["value"] is not None:
            found.append(Series(KPI, labels, float(kpi["value"])))
        if (judged := judged_apart(kpi)) is not None:
            found.append(Series(JUDGED, labels, judged))
        found.append(Series(SAMPLES, labels, float(kpi["n"])))
    for name, feature in report.get("features", {}).items():
        psi = feature.get("psi")
        if psi is not None and math.isfinite(psi):
            found.append(Series(FEATURE_PSI, {"feature": name, **common}, float(psi)))
            found.append(Series(FEATURE_PSI_JUDGED, {"feature": name, **common}, float(feature["judged"])))
    return found


def judged_apart(kpi: Mapping[str, Any]) -> float | None:
    """What is judged of a report's KPI, where that is not always its value; None without a value."""
    return float(kpi["judged"]) if kpi["id"] in BEYOND_CHANCE and kpi["judged"] is not None else None
