"""Prometheus Pushgateway: `pushgateway:http://host:9091`. Prometheus scrapes it with `honor_labels`.

Credentials, where it wants some: the secret `cyclops-pushgateway` with `username` and `password`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

from cyclops_runtime.config import find_secret
from cyclops_runtime.monitoring.sinks.delivery import Send, Unavailable, check_url, deliver, refused
from cyclops_runtime.monitoring.sinks.series import HELP, JOB, group_of, series_of

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

TIMEOUT_SECONDS = 30
SECRET = "cyclops-pushgateway"  # noqa: S105 (its name)


def open_sink(address: str) -> Send:
    """What pushes reports to the Pushgateway at an address. ValueError where it is none."""
    url = check_url(address)
    return lambda report: _push(url, report)


def registry_of(report: Mapping[str, Any]) -> CollectorRegistry:
    """The report's series as a registry of prometheus-client."""
    from prometheus_client import CollectorRegistry, Gauge

    registry = CollectorRegistry()
    gauges: dict[str, Gauge] = {}
    for series in series_of(report):
        if series.name not in gauges:
            gauges[series.name] = Gauge(series.name, HELP[series.name], list(series.labels), registry=registry)
        gauges[series.name].labels(**series.labels).set(series.value)
    return registry


def _push(url: str, report: Mapping[str, Any]) -> None:
    """Replaces all of this model's series at once, so that a KPI without a value does not keep its old one."""
    from prometheus_client import push_to_gateway
    from prometheus_client.exposition import basic_auth_handler, default_handler

    user, password = (find_secret(SECRET, key) for key in ("username", "password"))

    def handler(**request: Any) -> Callable[[], None]:
        login = {"username": user, "password": password} if user and password else {}
        return basic_auth_handler(**request, **login) if login else default_handler(**request)

    what, registry = f"the Pushgateway at {url}", registry_of(report)

    def attempt() -> None:
        try:
            push_to_gateway(
                url, job=JOB, registry=registry, grouping_key=group_of(report), timeout=TIMEOUT_SECONDS, handler=handler
            )
        except HTTPError as error:
            if error.code == 401:
                mend = "give the secret `cyclops-pushgateway` its username and password; on Kubernetes `pulumi up` does"
                raise refused(what, f"it answered 401: {mend}") from error
            if error.code < 500:
                raise refused(what, f"it answered {error.code} {error.reason}") from error
            raise Unavailable(f"it answered {error.code}") from error
        except OSError as error:
            raise Unavailable(str(error)) from error

    deliver(what, attempt)
