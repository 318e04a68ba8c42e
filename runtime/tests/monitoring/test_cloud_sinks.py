"""Sinks of the clouds: payloads against the vendors' own validators, and their own clients against stand-ins on this machine."""

import concurrent.futures
import gzip
import json

import boto3
import grpc
import pytest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.monitor.ingestion import LogsIngestionClient
from botocore.stub import Stubber
from google.cloud import monitoring_v3
from google.cloud.monitoring_v3.services.metric_service.transports import MetricServiceGrpcTransport
from google.protobuf import empty_pb2
from google.protobuf.json_format import ParseError
from sink_support import JUDGED, REPORT, SAMPLES, WITH_VALUE, receiver

from cyclops_runtime.errors import RuntimeFailure
from cyclops_runtime.monitoring.sinks import azure_logs, cloud_monitoring, cloudwatch, delivery

PROJECT = "projects/my-project"
RULE = "dcr-0123456789abcdef0123456789abcdef"
MANY = {**REPORT, "kpis": [{**REPORT["kpis"][0], "id": f"kpi_{i}"} for i in range(700)]}


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    made = []
    monkeypatch.setattr(delivery.time, "sleep", made.append)
    return made


# CloudWatch: botocore checks every parameter against the service's own model ------------------------------------------------


@pytest.fixture
def client():
    return boto3.client("cloudwatch", region_name="eu-west-1", aws_access_key_id="k", aws_secret_access_key="s")


def test_cloudwatch_data_fit_the_services_model(client):
    sent = []
    client.meta.events.register("provide-client-params.cloudwatch.PutMetricData", lambda params, **_: sent.append(params))
    with Stubber(client) as stub:
        stub.add_response("put_metric_data", {})
        cloudwatch.open_sink("CyclOps/churn-dev", client)(REPORT)
        stub.assert_no_pending_responses()
    (params,) = sent
    assert params["Namespace"] == "CyclOps/churn-dev"
    values = {datum["MetricName"]: datum["Value"] for datum in params["MetricData"]}
    judged = {f"{kpi}_judged": value for kpi, value in JUDGED.items()}
    assert values == {**WITH_VALUE, **judged, **{f"{kpi}_samples": n for kpi, n in SAMPLES.items()}}
    assert {datum["MetricName"]: datum["Unit"] for datum in params["MetricData"] if "_samples" not in datum["MetricName"]} == {
        "drifted_feature_share": "None",
        "drifted_feature_share_judged": "None",
        "latency_p95": "Milliseconds",
        "data_freshness": "Seconds",
    }
    for datum in params["MetricData"]:
        assert datum["Dimensions"] == [
            {"Name": "Stack", "Value": REPORT["stack"]},
            {"Name": "Stage", "Value": "dev"},
            {"Name": "Model", "Value": "churn"},
        ]
        assert datum["Timestamp"].isoformat() == REPORT["at"]


def test_cloudwatch_gets_at_most_a_thousand_metrics_a_request(client):
    sizes = []
    client.meta.events.register(
        "provide-client-params.cloudwatch.PutMetricData", lambda params, **_: sizes.append(len(params["MetricData"]))
    )
    with Stubber(client) as stub:
        stub.add_response("put_metric_data", {})
        stub.add_response("put_metric_data", {})
        cloudwatch.open_sink("Kpis", client)(MANY)
    assert sizes == [1000, 400]


def test_cloudwatch_names_what_was_refused(client):
    stub = Stubber(client)
    stub.add_client_error("put_metric_data", "AccessDenied", "not authorized")
    with stub, pytest.raises(RuntimeFailure, match=r"CloudWatch namespace Kpis did not take .*AccessDenied"):
        cloudwatch.open_sink("Kpis", client)(REPORT)


def test_cloudwatch_leaves_out_what_it_would_refuse():
    kpis = [{**REPORT["kpis"][1], "value": value} for value in (1e-200, 1e300)]
    assert [d["Value"] for d in cloudwatch.metric_data({**REPORT, "kpis": kpis}) if "_samples" not in d["MetricName"]] == [0.0]


# Cloud Monitoring: Google's messages parse the payload, and its client sends it to a gRPC server ---------------------------


@pytest.fixture
def google():
    """A client of a server that keeps requests and answers with the statuses of `answers`, then with success."""
    requests, answers = [], []

    def create(request, context):
        requests.append(monitoring_v3.CreateTimeSeriesRequest.deserialize(request))
        if answers:
            context.abort(answers.pop(0), "not now")
        return empty_pb2.Empty()

    handler = grpc.unary_unary_rpc_method_handler(create, None, empty_pb2.Empty.SerializeToString)
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("google.monitoring.v3.MetricService", {"CreateTimeSeries": handler}),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        transport = MetricServiceGrpcTransport(channel=channel)
        yield monitoring_v3.MetricServiceClient(transport=transport), requests, answers
    server.stop(None)


def test_cloud_monitoring_gets_one_gauge_a_value(google):
    client, requests, _ = google
    cloud_monitoring.open_sink(PROJECT, client)(REPORT)
    (request,) = requests
    assert request.name == PROJECT
    values = {}
    for series in request.time_series:
        (point,) = series.points
        values[series.metric.type] = point.value.double_value if "double_value" in point.value else point.value.int64_value
        assert dict(series.metric.labels) == {"model": "churn", "version": "7", "stack": "shop", "environment": "dev"}
        assert (series.resource.type, dict(series.resource.labels)) == ("global", {"project_id": "my-project"})
        assert series.metric_kind == 1  # GAUGE
        assert point.interval.end_time.isoformat() == REPORT["at"]
    prefix = "custom.googleapis.com/cyclops/"
    assert values == {
        **{prefix + kpi: value for kpi, value in WITH_VALUE.items()},
        **{f"{prefix}{kpi}_judged": value for kpi, value in JUDGED.items()},
        **{f"{prefix}{kpi}_samples": n for kpi, n in SAMPLES.items()},
    }


def test_cloud_monitoring_gets_at_most_two_hundred_series_a_request(google):
    client, requests, _ = google
    cloud_monitoring.open_sink(PROJECT, client)(MANY)
    assert [len(request.time_series) for request in requests] == [200] * 7


def test_cloud_monitoring_is_tried_again(google, pauses):
    client, requests, answers = google
    answers += [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED]
    cloud_monitoring.open_sink(PROJECT, client)(REPORT)
    assert len(requests) == 3
    assert pauses == [1.0, 2.0]


def test_cloud_monitoring_names_what_was_refused(google, pauses):
    client, requests, answers = google
    answers.append(grpc.StatusCode.PERMISSION_DENIED)
    with pytest.raises(RuntimeFailure, match="Cloud Monitoring of projects/my-project did not take the KPIs: 403"):
        cloud_monitoring.open_sink(PROJECT, client)(REPORT)
    assert (len(requests), pauses) == (1, [])


def test_googles_parser_would_refuse_a_wrong_field():
    series = cloud_monitoring.time_series(REPORT, PROJECT)
    with pytest.raises(ParseError):
        cloud_monitoring.request_of(PROJECT, [{**series[0], "metricKinds": "GAUGE"}])


# Azure Monitor: its client against an HTTP server ---------------------------------------------------------------------------


def azure_client(address):
    # The client sends a token over TLS only: to the stand-in it sends none.
    return LogsIngestionClient(address, object(), authentication_policy=SansIOHTTPPolicy(), retry_total=2, retry_backoff_factor=0)


def test_azure_gets_one_row_a_kpi_and_null_for_no_data():
    with receiver(204) as (address, requests):
        azure_logs.open_sink(f"https://host/{RULE}/Custom-ModelKpi_CL", azure_client(address))(REPORT)
    ((path, headers, body),) = requests
    assert path.startswith(f"/dataCollectionRules/{RULE}/streams/Custom-ModelKpi_CL?api-version=")
    assert headers["content-encoding"] == "gzip"
    rows = json.loads(gzip.decompress(body))
    assert {row["Kpi_s"]: row["Value_d"] for row in rows} == {
        **WITH_VALUE,
        "model_quality": None,
        "prediction_drift": None,
    }
    assert rows[0]["Judged_d"] == 0.125
    assert {row["Kpi_s"]: row["Samples_d"] for row in rows} == SAMPLES
    assert rows[1] == {
        "TimeGenerated": REPORT["at"],
        "Stack": "shop",
        "Stage": "dev",
        "Model": "churn",
        "Version": "7",
        "Run": "m1",
        "Kpi_s": "latency_p95",
        "Value_d": 412.5,
        "Judged_d": 412.5,
        "Samples_d": 90,
        "Unit_s": "ms",
        "Status_s": "warn",
    }


def test_azure_is_tried_again_and_names_what_was_refused():
    with receiver(503, 204) as (address, requests):
        azure_logs.open_sink(f"https://host/{RULE}/Custom-X", azure_client(address))(REPORT)
    assert len(requests) == 2
    with receiver(403) as (address, _), pytest.raises(RuntimeFailure, match=f"Azure Monitor's rule {RULE} did not take the KPIs"):
        azure_logs.open_sink(f"https://host/{RULE}/Custom-X", azure_client(address))(REPORT)
