"""Batches predict what single calls predict, and share nothing but time."""

import asyncio
import random
import threading

import numpy as np
import pytest
import serving_support as support

from cyclops_runtime.serving.batching import Batcher, Workers
from cyclops_runtime.serving.loaded_model import LoadedModel
from cyclops_runtime.serving.problems import Problem
from cyclops_runtime.tracking import load_model


@pytest.fixture(scope="module")
def workers():
    workers = Workers(2)
    yield workers
    workers.stop()


def query_of(model, frame):
    return model.parse_invocations(support.split(frame))


def hold(model):
    """Makes the model's next prediction wait for the returned event, and records the sizes of all its frames."""
    release, sizes, inner = threading.Event(), [], model._predict_frame

    def held(frame):
        sizes.append(len(frame))
        release.wait(20)
        return inner(frame)

    model._predict_frame = held
    return release, sizes


@pytest.mark.parametrize("seed", range(6))
def test_joined_predictions_equal_single_ones(saved, workers, seed):
    model = LoadedModel("1", load_model(saved["v1"]))
    model.warm_up()
    draw = random.Random(seed)
    frames = [support.people(draw.randint(1, 9), seed * 100 + i)[list(support.TYPES)] for i in range(draw.randint(2, 40))]
    alone = [model.predict(query_of(model, frame)) for frame in frames]
    release, sizes = hold(model)

    async def together():
        batcher = Batcher(model, workers, asyncio.get_running_loop(), max_rows=draw.choice([1, 7, 64, 512]))
        futures = [batcher.predict(query_of(model, frame)) for frame in frames]
        release.set()
        return await asyncio.gather(*futures)

    joined = asyncio.run(together())
    for one, other in zip(alone, joined, strict=True):
        assert one.names == other.names == ("label", "probability")
        assert one.arrays[0].tolist() == other.arrays[0].tolist()
        np.testing.assert_allclose(one.arrays[1], other.arrays[1], rtol=1e-12)
    assert sum(sizes) == sum(map(len, frames))


def test_waiting_queries_are_joined_and_an_idle_model_predicts_at_once(saved, workers):
    model = LoadedModel("1", load_model(saved["v1"]))
    release, sizes = hold(model)
    frame = support.people(1)[list(support.TYPES)]

    async def scenario():
        batcher = Batcher(model, workers, asyncio.get_running_loop())
        first = batcher.predict(query_of(model, frame))
        await asyncio.to_thread(support.wait_until, lambda: sizes == [1])  # begun without waiting for company
        rest = [batcher.predict(query_of(model, frame)) for _ in range(5)]
        release.set()
        await asyncio.gather(first, *rest)
        await batcher.predict(query_of(model, frame))

    asyncio.run(scenario())
    assert sizes == [1, 5, 1]


def test_a_failing_query_fails_alone(saved, workers):
    model = LoadedModel("1", load_model(saved["picky"]))
    release, sizes = hold(model)
    frames = [support.people(2, i)[list(support.TYPES)].assign(age=30.0 + i) for i in range(4)]
    frames[2]["age"] = 80.0

    async def scenario():
        batcher = Batcher(model, workers, asyncio.get_running_loop())
        futures = [batcher.predict(query_of(model, frame)) for frame in [frames[0], *frames]]
        release.set()
        return await asyncio.gather(*futures, return_exceptions=True)

    answers = asyncio.run(scenario())
    assert isinstance(answers[3], ArithmeticError)
    good = [answers[i].arrays[0].tolist() for i in (0, 1, 2, 4)]
    assert good == [[60.0, 60.0], [60.0, 60.0], [62.0, 62.0], [66.0, 66.0]]
    assert sizes == [2, 8, 2, 2, 2, 2]  # one joint attempt, then each alone


def test_queries_with_other_columns_are_not_joined(saved, workers):
    model = LoadedModel("1", load_model(saved["unsigned"]))
    frame = support.people(3)[["age", "active"]].astype(float)

    async def scenario():
        batcher = Batcher(model, workers, asyncio.get_running_loop())
        return await asyncio.gather(*[batcher.predict(query_of(model, frame)) for _ in range(4)])

    answers = asyncio.run(scenario())
    expected = load_model(saved["unsigned"]).predict(frame.to_numpy()).tolist()
    assert [a.arrays[0].tolist() for a in answers] == [expected] * 4


def test_too_many_waiting_rows_are_refused(saved, workers, monkeypatch):
    monkeypatch.setattr("cyclops_runtime.serving.batching.MAX_WAITING_ROWS", 10)
    model = LoadedModel("1", load_model(saved["v1"]))
    release, _ = hold(model)
    frame = support.people(6)[list(support.TYPES)]

    async def scenario():
        batcher = Batcher(model, workers, asyncio.get_running_loop())
        futures = [batcher.predict(query_of(model, frame)) for _ in range(3)]
        with pytest.raises(Problem) as refused:
            batcher.predict(query_of(model, frame))
        release.set()
        await asyncio.gather(*futures)
        return refused.value.status, refused.value.retry_after

    assert asyncio.run(scenario()) == (503, 1)
