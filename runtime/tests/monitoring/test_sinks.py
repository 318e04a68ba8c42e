"""Lists of sinks, and the two that speak Prometheus. The receivers are stand-ins; payloads are decoded by independent code."""

import struct
import sys

import pyarrow
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sink_support import JUDGED, REPORT, SAMPLES, WITH_VALUE, receiver

from cyclops_runtime.errors import InputError, RuntimeFailure
from cyclops_runtime.monitoring import sinks
from cyclops_runtime.monitoring.sinks import delivery, remote_write


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """Pauses that were made, which take no time here."""
    made = []
    monkeypatch.setattr(delivery.time, "sleep", made.append)
    return made


def fields(content):
    """Fields of a protobuf message as (number, value): the wire format read by hand."""

    def varint():
        nonlocal place
        value = shift = 0
        while True:
            byte = content[place]
            place += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    place = 0
    while place < len(content):
        key = varint()
        if key & 7 == 0:
            value = varint()
        elif key & 7 == 1:
            (value,) = struct.unpack("<d", content[place : place + 8])
            place += 8
        else:
            assert key & 7 == 2
            size = varint()
            value = content[place : place + size]
            place += size
        yield key >> 3, value


def series_in(content):
    """Series of a WriteRequest as (labels in order, value, time)."""
    found = []
    for number, entry in fields(content):
        assert number == 1
        parts = list(fields(entry))
        labels = [tuple(text.decode() for _, text in fields(value)) for number, value in parts if number == 1]
        ((sample),) = [dict(fields(value)) for number, value in parts if number == 2]
        found.append((labels, sample.get(1, 0.0), sample[2]))
    return found


def test_remote_write_has_every_series_once_with_sorted_labels_and_the_reports_time():
    found = series_in(remote_write.write_request(REPORT))
    named = {(dict(labels)["__name__"], dict(labels).get("kpi") or dict(labels)["feature"]): value for labels, value, _ in found}
    assert len(named) == len(found)
    assert named == {
        **{("mlops_kpi", kpi): value for kpi, value in WITH_VALUE.items()},
        **{("mlops_kpi_judged", kpi): value for kpi, value in JUDGED.items()},
        **{("mlops_kpi_samples", kpi): n for kpi, n in SAMPLES.items()},
        ("mlops_feature_psi", "tenure"): 0.31,
        ("mlops_feature_psi_judged", "tenure"): 0.0,
    }
    for labels, _, moment in found:
        names = [name for name, _ in labels]
        assert names == sorted(names)
        assert {
            "stack": "shop",
            "environment": "dev",
            "model": "churn",
            "version": "7",
            "job": "cyclops-monitor",
        }.items() <= dict(labels).items()
        assert moment == 1778070600250


def test_remote_write_sends_snappy_blocks_with_the_protocols_headers():
    with receiver(204) as (address, requests):
        sinks.send(REPORT, f"remote-write:{address}/api/v1/write")
    ((path, headers, body),) = requests
    assert path == "/api/v1/write"
    assert (headers["content-encoding"], headers["content-type"]) == ("snappy", "application/x-protobuf")
    assert headers["x-prometheus-remote-write-version"] == "0.1.0"
    expected = remote_write.write_request(REPORT)
    assert pyarrow.Codec("snappy").decompress(body, len(expected), asbytes=True) == expected


@pytest.mark.parametrize(
    ("files", "expected"), [({"token": "t0p"}, "Bearer t0p"), ({"username": "u", "password": "pw"}, "Basic dTpwdw=="), ({}, None)]
)
def test_remote_write_takes_credentials_from_files(tmp_path, monkeypatch, files, expected):
    monkeypatch.setenv("CYCLOPS_SECRETS_DIR", str(tmp_path))
    (tmp_path / "metric-sink").mkdir()
    for key, value in files.items():
        (tmp_path / "metric-sink" / key).write_text(value)
    with receiver(200) as (address, requests):
        sinks.send(REPORT, f"remote-write:{address}/w")
    assert requests[0][1].get("authorization") == expected


def test_the_pushgateway_gets_all_series_at_once():
    with receiver(200) as (address, requests):
        sinks.send(REPORT, f"pushgateway:{address}/")
    ((path, _, body),) = requests
    assert path == "/metrics/job/cyclops-monitor/environment/dev/model/churn/stack/shop"
    samples = [s for family in text_string_to_metric_families(body.decode()) for s in family.samples]
    assert {s.labels["kpi"]: s.value for s in samples if s.name == "mlops_kpi"} == WITH_VALUE
    assert {s.labels["kpi"]: s.value for s in samples if s.name == "mlops_kpi_judged"} == JUDGED
    assert {s.labels["kpi"]: s.value for s in samples if s.name == "mlops_kpi_samples"} == SAMPLES
    assert [(s.labels, s.value) for s in samples if s.name == "mlops_feature_psi"] == [
        ({"feature": "tenure", "model": "churn", "version": "7"}, 0.31)
    ]


@pytest.mark.parametrize(("files", "expected"), [({"username": "u", "password": "pw"}, "Basic dTpwdw=="), ({}, None)])
def test_the_pushgateway_gets_credentials_from_files(tmp_path, monkeypatch, files, expected):
    monkeypatch.setenv("CYCLOPS_SECRETS_DIR", str(tmp_path))
    (tmp_path / "cyclops-pushgateway").mkdir()
    for key, value in files.items():
        (tmp_path / "cyclops-pushgateway" / key).write_text(value)
    with receiver(200) as (address, requests):
        sinks.send(REPORT, f"pushgateway:{address}")
    assert requests[0][1].get("authorization") == expected


def test_a_pushgateway_that_wants_a_password_is_told_with_the_mend(pauses):
    with receiver(401) as (address, _), pytest.raises(RuntimeFailure, match="it answered 401: give the secret `cyclops-push"):
        sinks.send(REPORT, f"pushgateway:{address}")
    assert pauses == []


@pytest.mark.parametrize("kind", ["pushgateway", "remote-write"])
def test_what_fails_for_a_moment_is_tried_again_with_growing_pauses(kind, pauses):
    with receiver(503, 500, 200) as (address, requests):
        sinks.send(REPORT, f"{kind}:{address}")
    assert len(requests) == 3
    assert pauses == [1.0, 2.0]
    assert requests[0][2] == requests[2][2]


@pytest.mark.parametrize("kind", ["pushgateway", "remote-write"])
def test_what_is_refused_is_not_tried_again(kind, pauses):
    with receiver(400) as (address, requests), pytest.raises(RuntimeFailure, match="did not take the KPIs: it answered 400"):
        sinks.send(REPORT, f"{kind}:{address}")
    assert len(requests) == 1
    assert pauses == []


@pytest.mark.parametrize("kind", ["pushgateway", "remote-write"])
def test_a_receiver_that_stays_away_is_given_up(kind, pauses):
    with receiver(503) as (address, requests), pytest.raises(RuntimeFailure, match=r"answered 503.*\(4 attempts\)"):
        sinks.send(REPORT, f"{kind}:{address}")
    assert len(requests) == 4
    assert pauses == [1.0, 2.0, 4.0]


def test_one_sink_that_is_down_does_not_stop_the_others():
    with receiver(200) as (address, requests), pytest.raises(RuntimeFailure) as failure:
        sinks.send(REPORT, f"pushgateway:http://127.0.0.1:1, remote-write:{address}/w,pushgateway:http://127.0.0.1:2")
    assert [path for path, _, _ in requests] == ["/w"]
    assert "http://127.0.0.1:1 did not" in str(failure.value)
    assert "http://127.0.0.1:2 did not" in str(failure.value)
    assert str(failure.value).endswith("the report is written all the same")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("statsd:localhost", "'statsd:localhost' is no sink: use none or pushgateway:http://host:9091, remote-write:"),
        ("pushgateway:", "'pushgateway:' is no sink"),
        (
            "pushgateway:host:9091",
            "must start with http:// or https:// and name a host; write it like pushgateway:http://host:9091",
        ),
        ("remote-write:http://", "name a host"),
        ("none,pushgateway:http://h", "'none' is no sink"),
        ("cloudwatch:AWS/EC2", "does not start with AWS/"),
        ("cloudwatch:a b", "letters, digits"),
        ("cloud-monitoring:my-project", "must be projects/"),
        ("azure-logs:https://h/dcr-1/Custom-X", "must be the endpoint, the rule's immutable id"),
    ],
)
def test_a_wrong_sink_is_named_before_anything_is_sent(text, problem):
    with receiver(200) as (address, requests), pytest.raises(InputError) as failure:
        sinks.send(REPORT, f"pushgateway:{address},{text}")
    assert problem in str(failure.value)
    assert requests == []


@pytest.mark.parametrize(
    ("module", "sink", "extra"),
    [
        ("google.cloud.monitoring_v3", "cloud-monitoring:projects/my-project", "gcp"),
        ("azure.monitor.ingestion", f"azure-logs:https://h/dcr-{'0' * 32}/Custom-ModelKpi_CL", "azure"),
    ],
)
def test_a_library_that_is_missing_is_named_with_its_extra(monkeypatch, module, sink, extra):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=rf"needs {module}: install cyclops-runtime\[{extra}\]"):
        sinks.send(REPORT, sink)


def test_none_sends_nothing(monkeypatch):
    monkeypatch.delenv("CYCLOPS_METRIC_SINK", raising=False)
    sinks.send(REPORT)
    assert sinks.open_sinks("none") == []
