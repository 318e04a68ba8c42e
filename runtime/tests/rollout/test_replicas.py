"""Counting failures over replicas that come, go and start again; comparing answers."""

import pytest

from cyclops_runtime.errors import InputError
from cyclops_runtime.rollout.check import first_difference
from cyclops_runtime.rollout.replicas import ChallengerCounts, Replicas


def text(ok, failed, started=100.0, version="2"):
    return (
        f"process_start_time_seconds {started}\n"
        f'cyclops_challenger_requests_total{{model="m",version="{version}",outcome="ok"}} {ok}\n'
        f'cyclops_challenger_requests_total{{model="m",version="{version}",outcome="failed"}} {failed}\n'
    )


def test_counts_are_differences_over_all_replicas():
    counts = ChallengerCounts("2")
    counts.begin({"a": text(50, 5), "b": text(7, 0)})
    counts.add({"a": text(52, 5), "b": text(7, 1)})
    counts.add({"a": text(60, 6), "b": text(7, 1)})
    assert (counts.ok, counts.failed, counts.requests) == (10, 2, 12)
    assert counts.error_rate == pytest.approx(2 / 12)


def test_a_restarted_replica_counts_from_zero():
    counts = ChallengerCounts("2")
    counts.begin({"a": text(50, 5)})
    counts.add({"a": text(3, 1, started=200.0)})  # fewer than before
    counts.add({"a": text(90, 9, started=300.0)})  # more than before, and yet all new
    assert (counts.ok, counts.failed) == (93, 10)


def test_a_replica_that_comes_later_counts_in_full_and_one_that_goes_keeps_its_counts():
    counts = ChallengerCounts("2")
    counts.begin({"a": text(1, 0)})
    counts.add({"a": text(2, 1), "b": text(4, 2)})
    counts.add({"b": text(5, 2)})
    counts.add({})
    assert (counts.ok, counts.failed) == (6, 3)


def test_other_versions_do_not_count():
    counts = ChallengerCounts("2")
    counts.begin({})
    counts.add({"a": text(5, 5, version="3")})
    assert (counts.requests, counts.error_rate) == (0, 0)


@pytest.mark.parametrize("pods", ["localhost", "host:port", ":8080"])
def test_places_that_are_no_places(pods):
    with pytest.raises(InputError, match="write name:port"):
        Replicas(pods, client=None)


def test_a_name_that_does_not_resolve_has_no_replicas():
    assert Replicas("no-such-name.invalid:8080", client=None).addresses() == []


@pytest.mark.parametrize(
    ("actual", "expected", "place"),
    [
        ([1.0, 2.0], [1.0, 2.0 + 1e-9], None),
        ([{"label": "a", "probability": 0.5}], [{"label": "a", "probability": 0.5}], None),
        ([None], [float("nan")], None),
        ([1], [1.0], None),
        ([1.0, 2.0], [1.0, 2.01], "predictions[1]"),
        ([{"label": "a", "probability": 0.5}], [{"label": "b", "probability": 0.5}], "predictions[0].label"),
        ([{"label": "a"}], [{"label": "a", "probability": 0.5}], "predictions[0] has not the fields"),
        ([1.0], [1.0, 2.0], "predictions has not 2 entries"),
        ([1.0], [None], "predictions[0]"),
        ([True], [1], "predictions[0]"),
        (["1"], [1], "predictions[0]"),
        ([[0.1, 0.9]], [[0.1, 0.8]], "predictions[0][1]"),
    ],
)
def test_differences_are_placed(actual, expected, place):
    found = first_difference(actual, expected)
    assert found is None if place is None else place in found
