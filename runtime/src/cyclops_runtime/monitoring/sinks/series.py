"""A report as Prometheus series; the same names and labels whichever way they get there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

JOB = "cyclops-monitor"

KPI, SAMPLES, FEATURE_PSI = "mlops_kpi", "mlops_kpi_samples", "mlops_feature_psi"
HELP = {
    KPI: "Value of a KPI of a model, in the unit of its catalogue.",
    SAMPLES: "Rows or requests behind a KPI; 0 without data.",
    FEATURE_PSI: "Population stability index of a feature against the champion's training rows.",
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
    """`mlops_kpi` and `mlops_kpi_samples` of each KPI, and `mlops_feature_psi` of each feature; none for what has no value."""
    common = {"model": report["model"], "version": report["version"] or "none"}
    found = []
    for kpi in report["kpis"]:
        labels = {"kpi": kpi["id"], **common}
        if kpi["value"] is not None:
            found.append(Series(KPI, labels, float(kpi["value"])))
        found.append(Series(SAMPLES, labels, float(kpi["n"])))
    for name, feature in report.get("features", {}).items():
        psi = feature.get("psi")
        if psi is not None and math.isfinite(psi):
            found.append(Series(FEATURE_PSI, {"feature": name, **common}, float(psi)))
    return found
