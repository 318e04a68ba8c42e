"""Google Cloud Monitoring: `cloud-monitoring:projects/<id>`. Credentials are the environment's.

A KPI is the gauge `custom.googleapis.com/cyclops/<id>`, its samples are `…/<id>_samples`, and what thresholds
are compared with, where that is not always its value, is `…/<id>_judged`; labels stack, environment, model and
version.
The service account needs `roles/monitoring.metricWriter`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from cyclops_runtime.monitoring.sinks.delivery import Send, Unavailable, deliver, in_batches, missing_library, refused
from cyclops_runtime.monitoring.sinks.series import group_of, judged_apart

if TYPE_CHECKING:
    from google.cloud.monitoring_v3 import CreateTimeSeriesRequest

# https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/create
MOST_SERIES_A_REQUEST = 200
PREFIX = "custom.googleapis.com/cyclops"
TIMEOUT_SECONDS = 30
_PROJECT = re.compile(r"^projects/[a-z0-9][a-z0-9:.-]{2,61}$")


def open_sink(address: str, client: Any = None) -> Send:
    """What sends reports to a project; `client` stands in for Google's. ValueError where the address is none."""
    if not _PROJECT.match(address):
        raise ValueError("the address must be projects/ and the project's id or number")
    try:
        import google.cloud.monitoring_v3  # noqa: F401 (whether it is there)
    except ImportError as error:
        raise missing_library("cloud-monitoring", "gcp", error) from None
    return lambda report: _create(address, report, client)


def time_series(report: Mapping[str, Any], project: str) -> list[dict[str, Any]]:
    """The report as `TimeSeries` in protobuf's JSON. What has no value has no series. `project` is `projects/<id>`."""
    labels = {**group_of(report), "version": report["version"] or "none"}
    moment = datetime.fromisoformat(report["at"]).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def series(name: str, value: dict[str, Any]) -> dict[str, Any]:
        return {
            "metric": {"type": f"{PREFIX}/{name}", "labels": labels},
            "resource": {"type": "global", "labels": {"project_id": project.removeprefix("projects/")}},
            "metricKind": "GAUGE",
            "points": [{"interval": {"endTime": moment}, "value": value}],
        }

    found = []
    for kpi in report["kpis"]:
        if kpi["value"] is not None:
            found.append(series(kpi["id"], {"doubleValue": float(kpi["value"])}))
        if (judged := judged_apart(kpi)) is not None:
            found.append(series(f"{kpi['id']}_judged", {"doubleValue": judged}))
        found.append(series(f"{kpi['id']}_samples", {"int64Value": str(int(kpi["n"]))}))
    return found


def request_of(project: str, series: list[dict[str, Any]]) -> CreateTimeSeriesRequest:
    """Google's message of the series; its own parser refuses a field that it does not know."""
    from google.cloud.monitoring_v3 import CreateTimeSeriesRequest
    from google.protobuf.json_format import ParseDict

    message = CreateTimeSeriesRequest.pb()()
    return CreateTimeSeriesRequest.wrap(ParseDict({"name": project, "timeSeries": series}, message))


def _create(project: str, report: Mapping[str, Any], client: Any) -> None:
    from google.api_core import exceptions
    from google.auth.exceptions import GoogleAuthError
    from google.cloud.monitoring_v3 import MetricServiceClient

    what = f"Cloud Monitoring of {project}"
    passing = (
        exceptions.ServiceUnavailable,
        exceptions.InternalServerError,
        exceptions.TooManyRequests,
        exceptions.DeadlineExceeded,
    )

    def attempt(request: CreateTimeSeriesRequest) -> None:
        try:
            client.create_time_series(request, timeout=TIMEOUT_SECONDS, retry=None)
        except passing as error:
            raise Unavailable(str(error)) from error
        except (exceptions.GoogleAPICallError, GoogleAuthError) as error:
            raise refused(what, " ".join(str(error).split())) from error

    try:
        client = client or MetricServiceClient()
    except GoogleAuthError as error:
        raise refused(what, " ".join(str(error).split())) from error
    for series in in_batches(time_series(report, project), MOST_SERIES_A_REQUEST):
        request = request_of(project, list(series))
        deliver(what, lambda request=request: attempt(request))
