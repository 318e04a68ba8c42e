"""Where KPIs are sent besides the report: nowhere, or a Prometheus Pushgateway."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from cyclops_runtime.errors import InputError, RuntimeFailure

JOB = "cyclops-monitor"


def send(report: Mapping[str, Any], sink: str | None = None) -> None:
    """Sends a report's KPIs to CYCLOPS_METRIC_SINK. Raises InputError for an unknown sink, RuntimeFailure when it is down."""
    sink = sink if sink is not None else os.environ.get("CYCLOPS_METRIC_SINK") or "none"
    kind, _, address = sink.partition(":")
    if sink == "none":
        return
    if kind != "pushgateway" or not address.startswith(("http://", "https://")):
        raise InputError(f"CYCLOPS_METRIC_SINK is {sink!r}: use none or pushgateway:http://host:9091")
    _push(report, address)


def _push(report: Mapping[str, Any], address: str) -> None:
    """Replaces all of this model's KPIs at once, so that one without a value does not keep its old one."""
    from prometheus_client import CollectorRegistry, Gauge, push_to_gateway

    registry = CollectorRegistry()
    labels = ["kpi", "model", "version"]
    values = Gauge("mlops_kpi", "Value of a KPI of a model.", labels, registry=registry)
    counts = Gauge("mlops_kpi_samples", "Rows or requests behind a KPI; 0 without data.", labels, registry=registry)
    for kpi in report["kpis"]:
        place = (kpi["id"], report["model"], report["version"] or "none")
        if kpi["value"] is not None:
            values.labels(*place).set(kpi["value"])
        counts.labels(*place).set(kpi["n"])
    group = {"stack": report["stack"], "environment": report["environment"], "model": report["model"]}
    try:
        push_to_gateway(address, job=JOB, registry=registry, grouping_key=group, timeout=30)
    except OSError as error:
        raise RuntimeFailure(
            f"the Pushgateway at {address} did not take the KPIs: {error}; the report is written all the same"
        ) from error
