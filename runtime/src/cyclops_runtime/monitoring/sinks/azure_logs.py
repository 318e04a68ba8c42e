"""Azure Monitor logs: `azure-logs:<data collection endpoint>/<immutable id of the rule>/<stream>`. The identity is the
environment's.

One row a KPI for the table `ModelKpi_CL`; the stream of the rule declares the columns of `rows`.
The identity needs `Monitoring Metrics Publisher` on the rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cyclops_runtime.monitoring.sinks.delivery import Send, check_url, missing_library, refused

_ADDRESS = re.compile(r"^(?P<endpoint>https?://[^/]+)/(?P<rule>dcr-[0-9a-f]{32})/(?P<stream>Custom-[A-Za-z0-9_]{1,93})$")
ATTEMPTS_AFTER_THE_FIRST = 3


def open_sink(address: str, client: Any = None) -> Send:
    """What sends reports to a data collection rule; `client` stands in for Azure's. ValueError where the address is none."""
    parts = _ADDRESS.match(check_url(address))
    if parts is None:
        raise ValueError("the address must be the endpoint, the rule's immutable id (dcr-…) and a stream (Custom-…)")
    try:
        import azure.identity
        import azure.monitor.ingestion  # noqa: F401 (whether it is there)
    except ImportError as error:
        raise missing_library("azure-logs", "azure", error) from None
    return lambda report: _upload(parts["endpoint"], parts["rule"], parts["stream"], report, client)


def rows(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The report as rows of `ModelKpi_CL`. A KPI without a value has a row whose values are null, and its samples."""
    return [
        {
            "TimeGenerated": report["at"],
            "Stack": report["stack"],
            "Stage": report["environment"],
            "Model": report["model"],
            "Version": report["version"] or "none",
            "Run": report["run"],
            "Kpi_s": kpi["id"],
            "Value_d": kpi["value"],
            "Judged_d": kpi["judged"],
            "Samples_d": kpi["n"],
            "Unit_s": kpi["unit"],
            "Status_s": kpi["status"],
        }
        for kpi in report["kpis"]
    ]


def _upload(endpoint: str, rule: str, stream: str, report: Mapping[str, Any], client: Any) -> None:
    from azure.core.exceptions import AzureError

    try:
        client = client or _client(endpoint)
        client.upload(rule_id=rule, stream_name=stream, logs=rows(report))
    except AzureError as error:
        raise refused(f"Azure Monitor's rule {rule}", " ".join(str(error).split())[:300]) from error


def _client(endpoint: str) -> Any:
    from azure.identity import DefaultAzureCredential
    from azure.monitor.ingestion import LogsIngestionClient

    # The client itself repeats what throttling and lost connections have failed, with growing pauses.
    return LogsIngestionClient(endpoint, DefaultAzureCredential(), retry_total=ATTEMPTS_AFTER_THE_FIRST, connection_timeout=10)
