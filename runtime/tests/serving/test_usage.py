"""What replicas write down of their use, and what the monitor makes of it: over time, over replicas, over restarts."""

import json
import time
from datetime import datetime, timedelta, timezone

import httpx
import pytest
import serving_support as support

from cyclops_runtime.monitoring.usage import Use, use_between
from cyclops_runtime.serving.usage import Usage
from cyclops_runtime.storage import ZoneStore

HOUR = datetime(2026, 5, 6, 12, tzinfo=timezone.utc)


class Clock:
    """Takes the place of the module `time`."""

    strftime, gmtime = staticmethod(time.strftime), staticmethod(time.gmtime)

    def __init__(self, moment):
        self.moment = moment

    def time(self):
        return self.moment.timestamp()

    def monotonic(self):
        return self.moment.timestamp() - 1e9

    def after(self, **duration):
        self.moment += timedelta(**duration)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(HOUR)
    monkeypatch.setattr("cyclops_runtime.serving.usage.time", clock)
    return clock


class Replica:
    """A record of use over files in a dictionary, of which some writes may fail."""

    def __init__(self, write):
        self.rows, self.down = 0, False

        def guarded(path, content):
            if self.down:
                raise OSError("the store is away")
            write(path, content)

        self.usage = Usage("predictions/churn/usage", guarded, lambda: self.rows)


def lines_of(content):
    return [json.loads(line) for line in content.splitlines()]


def test_each_minute_is_a_line_and_each_hour_a_file(clock):
    files = {}
    replica = Replica(files.__setitem__)
    clock.after(minutes=58, seconds=30)
    replica.rows = 10
    replica.usage.write()
    clock.after(seconds=20)
    replica.rows = 15
    replica.usage.write()
    clock.after(seconds=40)
    replica.usage.write()
    clock.after(minutes=1)
    replica.rows = 16
    replica.usage.write()
    first, second = sorted(files)
    assert first.startswith("predictions/churn/usage/dt=2026-05-06/hh=12/")
    assert second.startswith("predictions/churn/usage/dt=2026-05-06/hh=13/")
    at = HOUR.timestamp()
    assert lines_of(files[first]) == [
        {"at": at + 58 * 60, "seconds": 3530.0, "predictions": 15.0},
        {"at": at + 59 * 60, "seconds": 40.0, "predictions": 0.0},
    ]
    assert lines_of(files[second]) == [{"at": at + 3600, "seconds": 60.0, "predictions": 1.0}]
    del files[first]
    clock.after(minutes=1)
    replica.usage.write()
    assert list(files) == [second]  # an hour that is past is written once more, and never again


def test_what_could_not_be_written_is_written_later(clock):
    files = {}
    replica = Replica(files.__setitem__)
    replica.down = True
    for _ in range(90):
        clock.after(minutes=1)
        replica.rows += 2
        replica.usage.write()
    assert files == {}
    replica.down = False
    replica.usage.stop()
    lines = [line for content in files.values() for line in lines_of(content)]
    assert len(files) == 2
    assert (sum(line["seconds"] for line in lines), sum(line["predictions"] for line in lines)) == (5400, 180)


def test_replicas_add_up_over_time_and_over_restarts(clock, make_document):
    document = make_document()
    store = ZoneStore(document)

    def span(first, last):
        return use_between(document, store, HOUR + timedelta(minutes=first), HOUR + timedelta(minutes=last))

    assert span(0, 60) is None
    gone = Replica(store.write_bytes)
    stays = Replica(store.write_bytes)
    for minute in range(120):
        clock.after(minutes=1)
        if minute < 30:
            gone.rows += 10
            gone.usage.write()
        if minute == 30:  # killed, and another one in its place
            gone = Replica(store.write_bytes)
        if minute > 30:
            gone.rows += 1
            gone.usage.write()
        stays.rows += 1
        stays.usage.write()
    assert span(-60, 180) == Use(replica_seconds=(30 + 89 + 120) * 60, predictions=300 + 89 + 120)
    # A line has the time of its end: that of minute 60 is the last of the first hour.
    assert span(61, 180).replica_seconds == 2 * 60 * 60
    assert span(1, 31) == Use(replica_seconds=2 * 30 * 60, predictions=330)
    assert span(300, 400) is None


def test_a_scorer_writes_what_it_does(tmp_path, name, saved):
    support.register(name, saved["v1"])
    document = support.make_document(tmp_path, name, monitoring={})
    from cyclops_runtime.tracking import Registry

    Registry(document).set_alias("champion", "1")
    begun = datetime.now(timezone.utc)
    with support.RunningScorer(document) as scorer:
        scorer.wait_for(champion="1")
        assert scorer.invoke(support.people(7)[list(support.TYPES)]).status_code == httpx.codes.OK
        now = datetime.now(timezone.utc)
        support.wait_until(lambda: use_between(document, ZoneStore(document), now - timedelta(hours=1), now + timedelta(hours=1)))
    ended = datetime.now(timezone.utc)
    use = use_between(document, ZoneStore(document), begun, ended)
    assert use.predictions == 7
    assert 0 < use.replica_seconds <= (ended - begun).total_seconds()


def test_without_monitoring_nobody_asks(tmp_path, name, saved):
    support.register(name, saved["v1"])
    with support.RunningScorer(support.make_document(tmp_path, name)) as scorer:
        scorer.wait_for()
    assert not (tmp_path / "predictions").exists()
