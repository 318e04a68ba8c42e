"""Differences of counters over replicas and restarts."""

import pytest

from cyclops_runtime.monitoring.serving_metrics import take_snapshot, traffic_between


def text(ok, failed, clock, start=1000.0, cpu=0.0, rows=0, bootstrap=0):
    return f"""
process_start_time_seconds {start}
cyclops_time_seconds {clock}
process_cpu_seconds_total {cpu}
process_resident_memory_bytes 300
cyclops_cpu_limit_cores 2
cyclops_memory_limit_bytes 1000
cyclops_requests_total{{model="m",version="1",code="200"}} {ok}
cyclops_requests_total{{model="m",version="2",code="500"}} {failed}
cyclops_requests_total{{model="m",version="none",code="503"}} {bootstrap}
cyclops_predictions_total{{model="m",version="1"}} {rows}
cyclops_request_seconds_bucket{{model="m",version="1",le="0.1"}} {ok}
cyclops_request_seconds_bucket{{model="m",version="1",le="+Inf"}} {ok + failed}
cyclops_request_seconds_bucket{{model="m",version="none",le="+Inf"}} {bootstrap}
"""


def snapshots(**texts):
    return {replica: take_snapshot(value) for replica, value in texts.items()}


def test_the_first_report_counts_from_the_start():
    traffic = traffic_between({}, snapshots(a=text(90, 10, clock=1100, cpu=50, rows=500, bootstrap=7)))
    assert (traffic.requests, traffic.server_errors, traffic.predictions, traffic.seconds) == (100, 10, 500, 100)
    assert traffic.buckets == {0.1: 90, float("inf"): 100}
    assert traffic.saturation == pytest.approx(0.3)  # memory; CPU is 50 s / 100 s / 2 cores


def test_later_reports_count_the_difference_and_the_busiest_replica():
    before = snapshots(a=text(90, 10, clock=1100, cpu=50), b=text(5, 0, clock=1100, cpu=1))
    traffic = traffic_between(before, snapshots(a=text(100, 11, clock=1160, cpu=146, rows=0), b=text(25, 0, clock=1160, cpu=2)))
    assert (traffic.requests, traffic.server_errors, traffic.seconds, traffic.replicas) == (31, 1, 60, 2)
    assert traffic.saturation == pytest.approx(96 / 60 / 2)


def test_restarted_new_and_lost_replicas():
    before = snapshots(a=text(90, 10, clock=1100), gone=text(50, 0, clock=1100))
    traffic = traffic_between(
        before, snapshots(a=text(95, 12, clock=1150, start=1120.0), new=text(4, 0, clock=1150, start=1130.0))
    )
    assert (traffic.requests, traffic.server_errors, traffic.seconds) == (111, 12, 30)


def test_nobody_answers():
    assert traffic_between(snapshots(a=text(1, 1, clock=1100)), {}) is None
