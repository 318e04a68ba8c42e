"""Where KPIs are sent besides the report: nowhere, or to one or several monitoring systems.

Each module of this package is one kind of sink: `open_sink(address)` checks the address and answers what sends a report there,
and a pure function makes the payload of the report. A KPI without a value is never sent as zero: only its samples are.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from cyclops_runtime.errors import InputError, RuntimeFailure
from cyclops_runtime.logging import get_logger
from cyclops_runtime.monitoring.sinks.delivery import Send

log = get_logger(__name__)

# Kind and an example, which is also the text of the error.
KINDS = {
    "pushgateway": "pushgateway:http://host:9091",
    "remote-write": "remote-write:https://host/api/v1/write",
    "cloudwatch": "cloudwatch:CyclOps/churn-dev",
    "cloud-monitoring": "cloud-monitoring:projects/my-project",
    "azure-logs": "azure-logs:https://host.ingest.monitor.azure.com/dcr-0123456789abcdef0123456789abcdef/Custom-ModelKpi_CL",
}


def send(report: Mapping[str, Any], sinks: str | None = None) -> None:
    """Sends a report's KPIs to CYCLOPS_METRIC_SINK: `none`, or sinks separated by commas.

    InputError for a sink that cannot be used, before anything is sent. RuntimeFailure when some are down, after the others got
    theirs.
    """
    text = sinks if sinks is not None else os.environ.get("CYCLOPS_METRIC_SINK") or "none"
    failures = []
    for kind, sink in open_sinks(text):
        try:
            sink(report)
            log.info("kpis-sent", sink=kind)
        except RuntimeFailure as failure:
            failures.append(str(failure))
    if failures:
        raise RuntimeFailure("; ".join(failures) + "; the report is written all the same")


def open_sinks(text: str) -> list[tuple[str, Send]]:
    """Kind and sender of each sink of a list such as `pushgateway:http://a:9091,cloudwatch:Kpis`; InputError for a wrong one."""
    if text.strip() == "none":
        return []
    return [_open(entry.strip()) for entry in text.split(",")]


def _open(entry: str) -> tuple[str, Send]:
    kind, _, address = entry.partition(":")
    if kind not in KINDS or not address:
        raise InputError(f"CYCLOPS_METRIC_SINK: {entry!r} is no sink: use none or {', '.join(KINDS.values())}")
    module = import_module(f"{__name__}.{kind.replace('-', '_')}")
    try:
        return kind, module.open_sink(address)
    except ValueError as error:
        raise InputError(f"CYCLOPS_METRIC_SINK: {entry!r}: {error}; write it like {KINDS[kind]}") from None
