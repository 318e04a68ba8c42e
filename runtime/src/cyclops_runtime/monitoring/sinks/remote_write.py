"""Prometheus remote write 1.0: `remote-write:https://host/api/v1/write`, which Prometheus, Mimir, Thanos and others take.

The samples have the time of the report. Prometheus forgets a series five minutes after its last sample: ask for
`last_over_time(mlops_kpi[2h])`. Credentials, where the receiver wants some: the secret `metric-sink` with the key `token`, or
`username` and `password`.
https://prometheus.io/docs/specs/prw/remote_write_spec/
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import httpx

from cyclops_runtime.config import find_secret
from cyclops_runtime.monitoring.sinks.delivery import Send, Unavailable, check_url, deliver, refused
from cyclops_runtime.monitoring.sinks.series import JOB, group_of, series_of

TIMEOUT_SECONDS = 30
SECRET = "metric-sink"  # noqa: S105 (its name)
HEADERS = {
    "content-type": "application/x-protobuf",
    "content-encoding": "snappy",
    "x-prometheus-remote-write-version": "0.1.0",
    "user-agent": "cyclops-runtime",
}


def open_sink(address: str) -> Send:
    """What writes reports to a receiver. ValueError where the address is none."""
    url = check_url(address)
    return lambda report: _write(url, report)


def write_request(report: Mapping[str, Any]) -> bytes:
    """The report as a `prometheus.WriteRequest`: one sample a series, labels sorted by name, time in milliseconds since 1970."""
    moment = round(datetime.fromisoformat(report["at"]).timestamp() * 1000)
    request = _message("WriteRequest")()
    for series in series_of(report):
        labels = {"__name__": series.name, "job": JOB, **group_of(report), **series.labels}
        added = request.timeseries.add()
        for name in sorted(labels):
            if labels[name]:  # the specification forbids empty labels; they mean the same as none
                added.labels.add(name=name, value=labels[name])
        added.samples.add(value=series.value, timestamp=moment)
    return request.SerializeToString()


def compress(content: bytes) -> bytes:
    """Snappy's block format, without frames."""
    import pyarrow

    return pyarrow.Codec("snappy").compress(content, asbytes=True)


def _write(url: str, report: Mapping[str, Any]) -> None:
    content, what = compress(write_request(report)), f"the remote-write receiver at {url}"
    headers, login = _credentials()

    def attempt() -> None:
        try:
            answer = httpx.post(url, content=content, headers={**HEADERS, **headers}, auth=login, timeout=TIMEOUT_SECONDS)
        except httpx.HTTPError as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error
        reason = f"it answered {answer.status_code} {answer.text[:200].strip()}"
        if answer.status_code >= 500 or answer.status_code == 429:
            raise Unavailable(reason)
        if not answer.is_success:
            raise refused(what, reason)

    deliver(what, attempt)


def _credentials() -> tuple[dict[str, str], tuple[str, str] | None]:
    token, user, password = (find_secret(SECRET, key) for key in ("token", "username", "password"))
    return {"authorization": f"Bearer {token}"} if token else {}, (user, password) if user and password and not token else None


@cache
def _message(name: str) -> Any:
    """A message of Prometheus' `remote.proto` and `types.proto`, as far as they are used here.

    https://github.com/prometheus/prometheus/blob/main/prompb/types.proto
    """
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    field = descriptor_pb2.FieldDescriptorProto
    messages = {
        "Label": [("name", 1, field.TYPE_STRING), ("value", 2, field.TYPE_STRING)],
        "Sample": [("value", 1, field.TYPE_DOUBLE), ("timestamp", 2, field.TYPE_INT64)],
        "TimeSeries": [("labels", 1, "Label"), ("samples", 2, "Sample")],
        "WriteRequest": [("timeseries", 1, "TimeSeries")],
    }
    file = descriptor_pb2.FileDescriptorProto(name="cyclops/remote.proto", package="prometheus", syntax="proto3")
    for message, fields in messages.items():
        added = file.message_type.add(name=message)
        for key, number, kind in fields:
            entry = added.field.add(name=key, number=number, label=field.LABEL_OPTIONAL)
            if isinstance(kind, str):
                entry.type, entry.type_name, entry.label = field.TYPE_MESSAGE, f".prometheus.{kind}", field.LABEL_REPEATED
            else:
                entry.type = kind
    # A pool of its own: another library of the process may know the real file.
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"prometheus.{name}"))
