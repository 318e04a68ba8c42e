"""Few requests are all captured; of many a sample is, as large as is allowed and of all alike."""

import itertools
import math

import pytest

from cyclops_runtime.serving.rate import Rate


def passed(rate, second, count):
    """Numbers of those that pass among `count` that come spread over a second."""
    return [i for i in range(count) if rate.passes(second + i / count)]


def test_what_the_limit_allows_passes_whole():
    rate = Rate(100)
    assert all(len(passed(rate, second, 100)) == 100 for second in range(10, 15))
    assert rate.share == 1


def test_of_more_a_sample_passes_after_the_first_second():
    rate = Rate(1000)
    assert len(passed(rate, 10, 20_000)) == 20_000
    sample = passed(rate, 11, 20_000)
    assert rate.share == pytest.approx(0.05)
    # Six standard deviations of a binomial distribution: one run in half a billion is outside.
    assert abs(len(sample) - 1000) < 6 * math.sqrt(20_000 * 0.05 * 0.95)
    # Neither the first ones nor every n-th.
    assert abs(sum(i < 10_000 for i in sample) - len(sample) / 2) < 6 * math.sqrt(len(sample)) / 2
    assert len({b - a for a, b in itertools.pairwise(sample)}) > 10


def test_everything_passes_again_when_fewer_come():
    rate = Rate(10)
    passed(rate, 10, 100)
    passed(rate, 11, 5)
    assert rate.share == pytest.approx(0.1)
    assert len(passed(rate, 12, 5)) == 5
    assert rate.share == 1


def test_a_pause_ends_the_rush():
    rate = Rate(10)
    passed(rate, 10, 100)
    passed(rate, 11, 100)
    assert len(passed(rate, 20, 50)) == 50


def test_the_beginning_and_the_end_of_a_rush_are_logged(caplog):
    caplog.set_level("INFO", "cyclops_runtime")
    rate = Rate(10)
    for second, count in [(10, 5), (11, 100), (12, 90), (13, 5), (14, 5)]:
        passed(rate, second, count)
    assert [record.getMessage() for record in caplog.records] == [
        "capture-share share=0.1 requests=100 limit=10",
        "capture-share share=1 requests=5 limit=10",
    ]
