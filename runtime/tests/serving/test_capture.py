"""What is captured is what was answered; what cannot be written never slows anybody down."""

import gc
import io
import math
import sys
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from functools import partial

import numpy as np
import pandas as pd
import pytest
import serving_support as support
from test_registry_following import SwitchableRegistry

from cyclops_runtime.serving import capture as capture_module
from cyclops_runtime.serving.capture import GROUP, Capture
from cyclops_runtime.serving.captured import SLICE
from cyclops_runtime.serving.loaded_model import LoadedModel
from cyclops_runtime.serving.outputs import Outputs
from cyclops_runtime.tracking import load_model

# A capture below `p/` that keeps every request, however many come.
every_request = partial(Capture, "p", requests_per_second=math.inf)


def captured(tmp_path):
    files = sorted((tmp_path / "predictions" / "churn" / "capture").glob("dt=*/hh=*/*.parquet"))
    return pd.concat([pd.read_parquet(file, partitioning=None) for file in files], ignore_index=True) if files else pd.DataFrame()


def test_requests_are_captured_with_their_answers(tmp_path, name, saved):
    registry = SwitchableRegistry({"1": saved["v1"]})
    registry.aliases["champion"] = "1"
    document = support.make_document(tmp_path, name, capture=100, monitoring={"segments": ["region"]})
    frame = support.people(5, 4)
    with support.RunningScorer(document, registry) as scorer:
        scorer.wait_for("1")
        answers = scorer.invoke(frame[[*support.TYPES, "customer"]].assign(region="north", unknown=1), x_request_id="r1").json()
        scorer.invoke(frame[list(support.TYPES)].head(1), x_request_id="r2")
        scorer.client.post("/invocations", json={"instances": []})
        scorer.invoke(frame[list(support.TYPES)], x_request_id="r3", x_cyclops_version="champion")  # a check is not traffic
    rows = captured(tmp_path).sort_values(["cyclops_request_id", "cyclops_row"], ignore_index=True)
    assert rows["cyclops_request_id"].tolist() == ["r1"] * 5 + ["r2"]
    assert rows["cyclops_row"].tolist() == [0, 1, 2, 3, 4, 0]
    pd.testing.assert_frame_equal(rows[list(support.TYPES)].head(5), frame[list(support.TYPES)], check_dtype=True)
    assert rows["cyclops_label"].tolist()[:5] == [p["label"] for p in answers["predictions"]]
    assert rows["cyclops_probability"].tolist()[:5] == [p["probability"] for p in answers["predictions"]]
    assert rows["customer"].fillna("none").tolist() == [*frame["customer"], "none"]
    assert rows["region"].fillna("none").tolist() == ["north"] * 5 + ["none"]
    assert "unknown" not in rows
    assert set(rows["cyclops_version"]) == {"1"}
    assert abs((datetime.now(timezone.utc) - rows["cyclops_time"].max()).total_seconds()) < 600
    assert all(
        path.parent.parent.name == rows["cyclops_time"].max().strftime("dt=%Y-%m-%d")
        for path in (tmp_path / "predictions").rglob("*.parquet")
    )


def test_only_a_share_is_captured(tmp_path, name, saved):
    registry = SwitchableRegistry({"1": saved["v1"]})
    registry.aliases["champion"] = "1"
    row = support.people(1)[list(support.TYPES)]
    with support.RunningScorer(support.make_document(tmp_path, name, capture=30), registry) as scorer:
        scorer.wait_for("1")
        for i in range(80):
            scorer.invoke(row, x_request_id=f"id-{i}")
        assert 'cyclops_capture_share{model="churn"} 0.3\n' in scorer.client.get("/metrics").text
    from cyclops_runtime.serving.routing import selected

    assert set(captured(tmp_path)["cyclops_request_id"]) == {f"id-{i}" for i in range(80) if selected(f"id-{i}", 30)}


class Store:
    """Keeps files in memory as frames; fails while `down`."""

    def __init__(self):
        self.down, self.frames, self.attempts = False, {}, 0

    def write(self, path, content):
        self.attempts += 1
        if self.down:
            raise OSError("store is down")
        assert path not in self.frames
        self.frames[path] = pd.read_parquet(io.BytesIO(content))

    @property
    def rows(self):
        return sum(map(len, self.frames.values()))


@pytest.fixture
def model(saved):
    return LoadedModel("7", load_model(saved["v1"]))


def offer(capture, model, count, rows=1):
    query = model.parse_invocations(support.split(support.people(rows)[list(support.TYPES)]))
    outputs = model.predict(query)
    for i in range(count):
        capture.offer(f"r{i}", model, query, outputs)


def test_the_queue_is_bounded_and_losses_are_counted(model):
    store, dropped = Store(), []
    store.down = True
    capture = every_request(store.write, dropped.append, flush_seconds=60, flush_rows=1000, max_rows=10)
    offer(capture, model, 8, rows=2)
    assert sum(dropped) == 6
    store.down = False
    capture.stop()
    assert store.rows == 10


def test_a_full_batch_is_written_before_its_time_and_a_failed_write_is_repeated(model):
    store = Store()
    store.down = True
    capture = every_request(store.write, lambda rows: None, flush_seconds=0.05, flush_rows=5)
    offer(capture, model, 5)
    support.wait_until(lambda: store.attempts >= 1)
    store.down = False
    support.wait_until(lambda: store.rows == 5)
    offer(capture, model, 3)
    capture.stop()
    assert store.rows == 8
    assert len(store.frames) == 2


def test_requests_are_put_into_tables_a_group_at_a_time(model):
    capture = every_request(Store().write, lambda rows: None, flush_seconds=600)
    offer(capture, model, 2 * GROUP - 1)
    assert len(capture._offered) == GROUP - 1
    capture.stop()


def test_few_requests_are_written_in_time(model):
    store = Store()
    capture = every_request(store.write, lambda rows: None, flush_seconds=0.05)
    for rows in (GROUP - 1, GROUP, 2 * GROUP - 1):
        offer(capture, model, rows - store.rows)
        support.wait_until(lambda rows=rows: store.rows == rows)
    capture.stop()
    assert store.rows == 2 * GROUP - 1


def test_requests_of_versions_that_take_turns_are_each_written_in_order(saved):
    store = Store()
    capture = every_request(store.write, lambda rows: None, flush_seconds=600)
    models = [LoadedModel(version, load_model(saved["v1"])) for version in ("1", "2")]
    query = models[0].parse_invocations(support.split(support.people(2)[list(support.TYPES)]))
    outputs = models[0].predict(query)
    for i in range(3 * GROUP):
        capture.offer(f"r{i}", models[i % 2], query, outputs)
    capture.stop()
    found = {frame["cyclops_version"][0]: frame["cyclops_request_id"].tolist() for frame in store.frames.values()}
    assert found == {
        version: [f"r{i}" for i in range(first, 3 * GROUP, 2) for _ in range(2)] for first, version in enumerate(("1", "2"))
    }


def test_waiting_requests_do_not_keep_a_version_in_memory(saved):
    capture = every_request(Store().write, lambda rows: None, flush_seconds=600)
    model = LoadedModel("7", load_model(saved["v1"]))
    offer(capture, model, 1)
    released = weakref.ref(model)
    del model
    gc.collect()
    assert released() is None
    capture.stop()


@pytest.fixture
def short_turns():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_requests_that_come_while_others_are_written_are_written_once_and_in_order(saved, short_turns):
    """Numbers and texts from one thread, while a second puts them into tables at any moment, and the third makes files all the time."""
    store, dropped, offered = Store(), [], {True: [], False: []}
    capture = every_request(store.write, dropped.append, flush_seconds=1e-4, max_rows=10**9)
    models = {True: LoadedModel("1", load_model(saved["regressor"])), False: LoadedModel("2", load_model(saved["v1"]))}
    asked = {True: pd.DataFrame([[1.0, 2.0, 3.0, 4.0]] * 2, columns=list("abcd")), False: support.people(2)[list(support.TYPES)]}
    queries = {
        kind: [models[kind].parse_invocations(support.split(frame.head(rows))) for rows in (1, 2)]
        for kind, frame in asked.items()
    }
    answers = {kind: [models[kind].predict(query) for query in queries[kind]] for kind in queries}
    ended = threading.Event()

    def sort():
        while not ended.is_set():
            with capture._lock:
                capture._sort()

    sorting = threading.Thread(target=sort)
    sorting.start()
    for i in range(20_000):
        kind, number = i % 7 < 4, i % 2
        capture.offer(f"r{i}", models[kind], queries[kind][number], answers[kind][number])
        offered[kind] += [(f"r{i}", row) for row in range(number + 1)]
        if i % 100 == 0:
            time.sleep(0.001)
    ended.set()
    sorting.join()
    capture.stop()
    assert not dropped
    assert capture._rows == 0
    assert len(store.frames) > 10
    for kind, version in ((True, "1"), (False, "2")):
        frames = [frame for _, frame in sorted(store.frames.items()) if frame["cyclops_version"][0] == version]
        found = pd.concat(frames, ignore_index=True)
        assert list(zip(found["cyclops_request_id"], found["cyclops_row"], strict=True)) == offered[kind]


def test_answers_that_no_column_can_hold_are_dropped_and_hold_nothing_up(model):
    store, dropped = Store(), []
    capture = every_request(store.write, dropped.append, flush_seconds=60)
    query = model.parse_invocations(support.split(support.people(1)[list(support.TYPES)]))
    for answer in (0.5, "none"):
        capture.offer("odd", model, query, Outputs(("odd",), (np.array([answer]),), False))
    offer(capture, model, 3)
    capture.stop()
    assert sum(dropped) == 2
    assert store.rows == 3


def test_requests_are_joined_while_more_come(model):
    store = Store()
    capture = every_request(store.write, lambda rows: None, flush_seconds=600)
    offer(capture, model, 2 * SLICE + 5)
    (table,) = capture._tables.values()
    support.wait_until(lambda: sum(map(len, table.joined.ids)) == 2 * SLICE)
    offer(capture, model, 7)
    capture.stop()
    (frame,) = store.frames.values()
    assert frame["cyclops_request_id"].tolist() == [f"r{i}" for i in range(2 * SLICE + 5)] + [f"r{i}" for i in range(7)]


def test_what_cannot_be_joined_is_dropped_at_once_and_holds_nothing_up(model):
    store, dropped = Store(), []
    capture = every_request(store.write, dropped.append, flush_seconds=600)
    query = model.parse_invocations(support.split(support.people(1)[list(support.TYPES)]))
    for i in range(SLICE):
        answer = np.array([[0.5, 0.5]]) if i % 2 else np.array([0.5])
        capture.offer("odd", model, query, Outputs(("odd",), (answer,), False))
    support.wait_until(lambda: sum(dropped) == SLICE)
    offer(capture, model, 3)
    capture.stop()
    assert store.rows == 3


def test_offering_never_waits_for_the_store(model):
    entered, release, store = threading.Event(), threading.Event(), Store()

    def slow(path, content):
        entered.set()
        release.wait(20)
        store.write(path, content)

    capture = every_request(slow, lambda rows: None, flush_seconds=60, flush_rows=1)
    offer(capture, model, 1)
    assert entered.wait(20)
    offer(capture, model, 50)  # returns although the store hangs
    release.set()
    capture.stop()
    assert store.rows == 51


def test_a_store_that_hangs_bounds_memory(model):
    entered, release, store, dropped = threading.Event(), threading.Event(), Store(), []

    def slow(path, content):
        entered.set()
        release.wait(20)
        store.write(path, content)

    capture = every_request(slow, dropped.append, flush_seconds=60, flush_rows=4, max_rows=10)
    offer(capture, model, 4)
    assert entered.wait(20)
    offer(capture, model, 50)  # what is being written counts as well
    assert sum(dropped) == 44
    release.set()
    capture.stop()
    assert store.rows == 10


def test_requests_of_two_hours_go_to_their_own_partitions(model, monkeypatch):
    store, now = Store(), 1_700_000_000.0
    monkeypatch.setattr(capture_module.time, "time", lambda: now)
    capture = every_request(store.write, lambda rows: None, flush_seconds=600)
    offer(capture, model, 2)
    now += 3600
    offer(capture, model, 3)
    capture.stop()
    found = {path.rpartition("/")[0]: len(frame) for path, frame in store.frames.items()}
    assert found == {"p/dt=2023-11-14/hh=22": 2, "p/dt=2023-11-14/hh=23": 3}
    assert store.frames[max(store.frames)]["cyclops_time"].tolist() == [pd.Timestamp(now, unit="s", tz="UTC")] * 3


def test_a_failed_store_fails_no_request_and_loses_nothing_when_it_is_back(tmp_path, name, saved, monkeypatch):
    """All requests at once, over both protocols: each row is kept once, with its own id, values and answer."""
    registry = SwitchableRegistry({"1": saved["regressor"]})
    registry.aliases["champion"] = "1"
    down, attempts = threading.Event(), []
    from cyclops_runtime.storage import ZoneStore

    write = ZoneStore.write_bytes

    def unreliable(self, path, content):
        attempts.append(path)
        if down.is_set():
            raise OSError("store is down")
        write(self, path, content)

    monkeypatch.setattr(ZoneStore, "write_bytes", unreliable)
    down.set()

    def invoke(i):
        row = [float(i), 1.0, 0.5, None if i % 10 == 9 else 2.0]
        if i % 2:
            body = {"dataframe_split": {"columns": list("abcd"), "data": [row, row]}}
            return scorer.client.post("/invocations", json=body, headers={"x-request-id": f"r{i}"})
        body = {"id": f"r{i}", "inputs": [{"name": "x", "shape": [1, 4], "datatype": "FP64", "data": row}]}
        return scorer.client.post("/v2/models/churn/infer", json=body)

    with support.RunningScorer(support.make_document(tmp_path, name, capture=100), registry) as scorer:
        scorer.wait_for("1")
        with ThreadPoolExecutor(8) as clients:
            answers = list(clients.map(invoke, range(100)))
        support.wait_until(lambda: attempts)
        down.clear()
    refused = {i for i in range(100) if i % 10 == 9}  # linear regression takes no missing values
    assert {i for i, answer in enumerate(answers) if answer.status_code != 200} == refused
    rows = captured(tmp_path)
    assert sorted(rows["cyclops_request_id"]) == sorted(f"r{i}" for i in range(100) if i not in refused for _ in range(1 + i % 2))
    assert (rows["a"] == rows["cyclops_request_id"].str[1:].astype(float)).all()
    assert (rows["cyclops_prediction"] - (rows["a"] + 3.5)).abs().max() < 1e-6
    assert set(rows.loc[rows["cyclops_row"] == 1, "a"] % 2) == {1.0}


def test_of_too_many_requests_a_sample_is_captured_and_the_others_are_not_lost_rows(model, monkeypatch):
    class Half:
        share = 0.5
        came = 0

        def __init__(self, limit):
            assert limit == 7

        def passes(self, now):
            assert abs(now - time.time()) < 60
            self.came += 1
            return self.came % 2 == 0

    monkeypatch.setattr(capture_module, "Rate", Half)
    store, dropped = Store(), []
    capture = Capture("p", store.write, dropped.append, percent=80, requests_per_second=7, flush_seconds=600)
    offer(capture, model, 40)
    capture.stop()
    from cyclops_runtime.serving.routing import selected

    written = [request_id for frame in store.frames.values() for request_id in frame["cyclops_request_id"]]
    assert written == [f"r{i}" for i in range(40) if selected(f"r{i}", 80)][1::2]
    assert dropped == []
    assert capture.share == pytest.approx(0.4)
