"""What CloudWatch says about a SageMaker endpoint: CYCLOPS_SERVING `sagemaker:<endpoint>/<variant>[/<vCPUs>]`.

SageMaker counts requests and not rows: a request counts as one prediction. The role needs `cloudwatch:GetMetricData`.
"""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cyclops_runtime.errors import InputError, RuntimeFailure
from cyclops_runtime.monitoring.serving_metrics import Traffic

_ADDRESS = re.compile(r"^sagemaker:([A-Za-z0-9-]{1,63})/([A-Za-z0-9-]{1,63})(?:/([1-9][0-9]*))?$")
REQUESTS, LATENCY = "AWS/SageMaker", "ModelLatency"  # microseconds
USE = "/aws/sagemaker/Endpoints"  # percent; that of CPUs goes up to 100 times their number


@dataclass(frozen=True)
class Endpoint:
    """A variant of an endpoint; `cpus` of one replica, None where that is not known (serverless)."""

    name: str
    variant: str
    cpus: int | None


def endpoint_of_environment() -> Endpoint | None:
    """The endpoint that CYCLOPS_SERVING names, or None; InputError for what is none."""
    text = os.environ.get("CYCLOPS_SERVING")
    if not text:
        return None
    match = _ADDRESS.match(text)
    if not match:
        raise InputError(f"CYCLOPS_SERVING is {text!r}: write sagemaker:<endpoint>/<variant>/<vCPUs of a replica>")
    return Endpoint(match[1], match[2], int(match[3]) if match[3] else None)


def traffic_of(endpoint: Endpoint, start: datetime, end: datetime, client: Any = None) -> Traffic:
    """Sums between two times; `client` stands in for boto3's. RuntimeFailure where CloudWatch does not answer."""
    from botocore.exceptions import BotoCoreError, ClientError

    seconds = max((end - start).total_seconds(), 60.0)
    try:
        answer = (client or _client()).get_metric_data(
            MetricDataQueries=queries(endpoint, seconds), StartTime=start, EndTime=end, ScanBy="TimestampAscending"
        )
    except (BotoCoreError, ClientError) as error:
        raise RuntimeFailure(f"metrics of the endpoint {endpoint.name} cannot be read: {' '.join(str(error).split())}") from error
    values = {result["Id"]: result["Values"] for result in answer["MetricDataResults"]}
    requests = sum(values.get("requests", []))
    shares = [value / 100 for value in values.get("memory", [])]
    if endpoint.cpus:
        shares += [value / 100 / endpoint.cpus for value in values.get("cpu", [])]
    latencies = values.get("latency", [])
    return Traffic(
        seconds=seconds,
        replicas=1,
        requests=requests,
        server_errors=sum(values.get("errors", [])),
        predictions=requests,
        buckets={},
        saturation=max(shares, default=None),
        p95=max(latencies) / 1e6 if latencies else None,
    )


def queries(endpoint: Endpoint, seconds: float) -> list[dict[str, Any]]:
    """`MetricDataQueries` of one span: a single period of it, but for use, whose greatest minute counts."""
    dimensions = [{"Name": "EndpointName", "Value": endpoint.name}, {"Name": "VariantName", "Value": endpoint.variant}]
    # Whole hours from an hour on: CloudWatch keeps older values by the hour.
    whole = math.ceil(seconds / 60) * 60 if seconds < 3600 else math.ceil(seconds / 3600) * 3600

    def query(name: str, namespace: str, metric: str, stat: str, period: int) -> dict[str, Any]:
        found = {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions}
        return {"Id": name, "MetricStat": {"Metric": found, "Period": period, "Stat": stat}}

    return [
        query("requests", REQUESTS, "Invocations", "Sum", whole),
        query("errors", REQUESTS, "Invocation5XXErrors", "Sum", whole),
        query("latency", REQUESTS, LATENCY, "p95", whole),
        query("cpu", USE, "CPUUtilization", "Maximum", whole),
        query("memory", USE, "MemoryUtilization", "Maximum", whole),
    ]


def _client() -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        "cloudwatch", config=Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=10, read_timeout=30)
    )
