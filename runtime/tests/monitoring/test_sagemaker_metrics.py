"""An endpoint's traffic from CloudWatch, with botocore's own stub."""

from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.stub import ANY, Stubber

from cyclops_runtime.errors import InputError, RuntimeFailure
from cyclops_runtime.monitoring import kpis
from cyclops_runtime.monitoring.sagemaker_metrics import Endpoint, endpoint_of_environment, queries, traffic_of

END = datetime(2026, 5, 6, 12, tzinfo=timezone.utc)
START = END - timedelta(hours=24)


@pytest.fixture
def client():
    return boto3.client("cloudwatch", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


def answer(**values):
    return {"MetricDataResults": [{"Id": name, "Values": found} for name, found in values.items()]}


def test_kpis_of_serving_follow_from_the_metrics(client):
    values = answer(requests=[1000.0, 440.0], errors=[14.4], latency=[120_000.0, 250_000.0], cpu=[150.0], memory=[40.0])
    with Stubber(client) as stub:
        stub.add_response(
            "get_metric_data", values, {"MetricDataQueries": ANY, "StartTime": START, "EndTime": END, "ScanBy": ANY}
        )
        traffic = traffic_of(Endpoint("churn", "AllTraffic", 2), START, END, client)
    assert kpis.latency_p95(traffic, None).value == pytest.approx(250)
    assert kpis.error_rate(traffic, None).value == pytest.approx(0.01)
    assert kpis.throughput(traffic, None).value == pytest.approx(1)
    assert kpis.saturation(traffic, None).value == pytest.approx(0.75)


def test_no_requests_are_no_values(client):
    with Stubber(client) as stub:
        stub.add_response("get_metric_data", answer(requests=[], errors=[], latency=[], cpu=[], memory=[]))
        traffic = traffic_of(Endpoint("churn", "AllTraffic", None), START, END, client)
    assert kpis.latency_p95(traffic, None).value is None
    assert kpis.error_rate(traffic, None).value is None
    assert kpis.saturation(traffic, None).value is None


def test_a_window_is_one_period(client):
    assert {query["MetricStat"]["Period"] for query in queries(Endpoint("a", "b", 2), 90)} == {120}
    assert {query["MetricStat"]["Period"] for query in queries(Endpoint("a", "b", 2), 86_400)} == {86_400}


def test_a_cloudwatch_that_refuses_is_named(client):
    with Stubber(client) as stub:
        stub.add_client_error("get_metric_data", "AccessDenied", "not authorized")
        with pytest.raises(RuntimeFailure, match="metrics of the endpoint churn cannot be read"):
            traffic_of(Endpoint("churn", "AllTraffic", 2), START, END, client)


def test_the_environment_names_the_endpoint(monkeypatch):
    assert endpoint_of_environment() is None
    monkeypatch.setenv("CYCLOPS_SERVING", "sagemaker:churn-dev/AllTraffic/16")
    assert endpoint_of_environment() == Endpoint("churn-dev", "AllTraffic", 16)
    monkeypatch.setenv("CYCLOPS_SERVING", "sagemaker:churn-dev/AllTraffic")
    assert endpoint_of_environment() == Endpoint("churn-dev", "AllTraffic", None)
    monkeypatch.setenv("CYCLOPS_SERVING", "churn-dev")
    with pytest.raises(InputError, match="write sagemaker:"):
        endpoint_of_environment()
