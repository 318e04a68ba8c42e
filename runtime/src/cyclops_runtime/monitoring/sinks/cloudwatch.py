"""Amazon CloudWatch: `cloudwatch:<namespace>`, e.g. `cloudwatch:CyclOps/churn-dev`. Region and credentials are the environment's.

A KPI is the metric of its id, its samples are `<id>_samples`, and what thresholds are compared with, where that is not always its
value, is `<id>_judged`; dimensions Stack, Stage (its environment) and Model, which are names of the spec: stacks that share them
need a namespace each. An alarm names all dimensions of its metric, so the version is none: alarms would end with it.
The role needs `cloudwatch:PutMetricData` with the condition `cloudwatch:namespace`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cyclops_runtime.monitoring.sinks.delivery import Send, in_batches, refused
from cyclops_runtime.monitoring.sinks.series import judged_apart

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
MOST_METRICS_A_REQUEST = 1000
_NAMESPACE = re.compile(r"^(?!AWS/)[A-Za-z0-9_./#-]{1,255}$")
_UNITS = {"s": "Seconds", "ms": "Milliseconds"}
# Values closer to zero, or further from it, are refused.
_SMALLEST, _GREATEST = 8.515920e-109, 2.0**360


def open_sink(address: str, client: Any = None) -> Send:
    """What sends reports to a namespace; `client` stands in for boto3's. ValueError where it is none."""
    if not _NAMESPACE.match(address):
        raise ValueError("a namespace has 1 to 255 letters, digits and ._/#-, and does not start with AWS/")
    return lambda report: _put(address, report, client)


def metric_data(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The report as `MetricData` of PutMetricData. What has no value has no datum."""
    places = {"Stack": report["stack"], "Stage": report["environment"], "Model": report["model"]}
    common = {
        "Dimensions": [{"Name": name, "Value": value} for name, value in places.items()],
        "Timestamp": datetime.fromisoformat(report["at"]),
    }
    data = []
    for kpi in report["kpis"]:
        unit = _UNITS.get(kpi["unit"], "None")
        for name, value in ((kpi["id"], kpi["value"]), (f"{kpi['id']}_judged", judged_apart(kpi))):
            if value is not None and abs(value) < _GREATEST:
                data.append(
                    {"MetricName": name, "Value": 0.0 if abs(value) < _SMALLEST else float(value), "Unit": unit, **common}
                )
        data.append({"MetricName": f"{kpi['id']}_samples", "Value": float(kpi["n"]), "Unit": "Count", **common})
    return data


def _put(namespace: str, report: Mapping[str, Any], client: Any) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client = client or _client()
        for data in in_batches(metric_data(report), MOST_METRICS_A_REQUEST):
            client.put_metric_data(Namespace=namespace, MetricData=list(data))
    except (BotoCoreError, ClientError) as error:
        raise refused(f"CloudWatch namespace {namespace}", " ".join(str(error).split())) from error


def _client() -> Any:
    import boto3
    from botocore.config import Config

    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    # boto3 itself repeats what throttling and lost connections have failed, with growing pauses.
    retries = {"mode": "standard", "total_max_attempts": 4}
    return boto3.client("cloudwatch", region_name=region, config=Config(retries=retries, connect_timeout=10, read_timeout=30))
