"""Models that are known may be called in a shorter way, and on the event loop's thread; the answers stay MLflow's own."""

import asyncio
import threading

import mlflow
import numpy as np
import pandas as pd
import pytest
import serving_support as support
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from cyclops_runtime.serving import batching
from cyclops_runtime.serving.batching import Batcher, Workers
from cyclops_runtime.serving.loaded_model import LoadedModel
from cyclops_runtime.tracking import load_model

FEATURES = support.people(300, 1)[["age", "income"]].fillna(40.0).assign(third=lambda f: f["age"] * f["income"] % 17)
TARGET = support.people(300, 1)["churn"]


def double(values):
    return values * 2


MODELS = {
    "scaled": make_pipeline(StandardScaler(), LogisticRegression()),
    "imputed": make_pipeline(SimpleImputer(), RandomForestClassifier(5, random_state=0)),
    "by name": make_pipeline(make_column_transformer((StandardScaler(), ["income", "third"])), LogisticRegression()),
    "own function": make_pipeline(FunctionTransformer(double), LogisticRegression()),
    "threads": RandomForestClassifier(5, random_state=0, n_jobs=2),
}


@pytest.fixture
def load(tmp_path):
    def load(key, fitted_on=FEATURES, example=True, signature_of=FEATURES):
        mlflow.sklearn.save_model(
            MODELS[key].fit(fitted_on, TARGET),
            str(tmp_path / "model"),
            signature=infer_signature(signature_of),
            input_example=signature_of.head(3) if example else None,
            serialization_format="cloudpickle",
            pip_requirements=["mlflow"],
        )
        model = LoadedModel("1", load_model(str(tmp_path / "model")))
        model.warm_up()
        return model

    return load


def query_of(model, frame):
    return model.parse_invocations(support.split(frame))


def inputs_of(model):
    """Types and sizes of what the model is called with from now on."""
    seen, inner = [], model._predict_frame

    def watched(data):
        seen.append((type(data), len(data), threading.current_thread()))
        return inner(data)

    model._predict_frame = watched
    return seen


@pytest.mark.parametrize(
    ("key", "given", "on_loop"),
    [
        ("scaled", np.ndarray, True),
        ("imputed", np.ndarray, True),
        ("by name", pd.DataFrame, True),
        ("own function", pd.DataFrame, False),
        ("threads", np.ndarray, False),
    ],
)
@pytest.mark.parametrize("example", [True, False])
def test_each_model_gets_what_it_needs_and_answers_the_same(load, key, given, on_loop, example):
    model = load(key, example=example)
    seen = inputs_of(model)
    rows = FEATURES.sample(40, random_state=3).reset_index(drop=True)
    expected = model._model.predict(rows).tolist()
    alone = [model.predict(query_of(model, rows.iloc[[i]])) for i in range(len(rows))]
    joined = model.predict_joined([query_of(model, rows.head(15)), query_of(model, rows.tail(25)[["third", "income", "age"]])])
    assert [value for outputs in alone for value in outputs.arrays[0].tolist()] == expected
    assert [value for outputs in joined for value in outputs.arrays[0].tolist()] == expected
    assert {kind for kind, _, _ in seen} == {given}
    assert model.may_run_on_loop is on_loop


def test_a_model_fitted_on_other_columns_gets_its_names(load):
    """By position the values would be taken for each other, and scikit-learn would not notice."""
    model = load("scaled", fitted_on=FEATURES[["third", "age", "income"]], example=False)
    seen = inputs_of(model)
    with pytest.raises(ValueError, match="feature names"):
        model.predict(query_of(model, FEATURES.head(1)))
    assert seen[0][0] is pd.DataFrame


def test_missing_numbers_reach_the_model_and_wrong_ones_are_named(load):
    model = load("imputed")
    rows = FEATURES.head(3).copy()
    rows.loc[1, "age"] = np.nan
    assert model.predict(query_of(model, rows)).arrays[0].tolist() == model._model.predict(rows).tolist()
    with pytest.raises(Exception, match="column \"income\", row 0: expected a number, true, false or null, got 'x'"):
        model.parse_invocations({"dataframe_records": [{"age": 1, "income": "x", "third": 2}]})
    with pytest.raises(Exception, match="missing columns: age, third"):
        model.parse_invocations({"dataframe_records": [{"income": 1}]})


def ask(model, workers, turns, each=5):
    """Asks `each` queries in every one of `turns` turns of a loop, and answers the loop's thread."""

    async def scenario():
        batcher = Batcher(model, workers, asyncio.get_running_loop())
        for _ in range(turns):
            answers = await asyncio.gather(*[batcher.predict(query_of(model, FEATURES.iloc[[i]])) for i in range(each)])
            assert [answer.arrays[0][0] for answer in answers] == model._model.predict(FEATURES.head(each)).tolist()
        return threading.current_thread()

    return asyncio.run(scenario())


@pytest.fixture
def workers():
    workers = Workers(2)
    yield workers
    workers.stop()


def test_short_predictions_are_made_on_the_loop_jointly(load, workers, monkeypatch):
    monkeypatch.setattr(batching, "SHORT_SECONDS", 60)
    model = load("scaled")
    seen = inputs_of(model)
    loop_thread = ask(model, workers, 3)
    assert seen[0][1:] != (5, loop_thread)  # how long it takes is not known yet
    assert [(rows, thread) for _, rows, thread in seen[-2:]] == [(5, loop_thread)] * 2


def test_long_predictions_and_those_of_unknown_code_leave_the_loop_alone(load, workers, monkeypatch):
    monkeypatch.setattr(batching, "SHORT_SECONDS", 0)
    model = load("scaled")
    seen = inputs_of(model)
    loop_thread = ask(model, workers, 3)
    monkeypatch.setattr(batching, "SHORT_SECONDS", 60)
    monkeypatch.setattr(model, "may_run_on_loop", False)
    assert ask(model, workers, 3) is loop_thread
    assert sum(rows for _, rows, _ in seen) == 30
    assert loop_thread not in {thread for _, _, thread in seen}


def test_many_rows_leave_the_loop_alone(load, workers, monkeypatch):
    monkeypatch.setattr(batching, "SHORT_SECONDS", 60)
    monkeypatch.setattr(batching, "SHORT_ROWS", 3)
    model = load("scaled")
    seen = inputs_of(model)
    loop_thread = ask(model, workers, 3)
    assert loop_thread not in {thread for _, _, thread in seen}


def test_a_failing_query_fails_alone_on_the_loop_too(load, workers, monkeypatch):
    monkeypatch.setattr(batching, "SHORT_SECONDS", 60)
    model = load("scaled")
    bad = FEATURES.head(1).assign(age=np.nan)  # logistic regression takes no missing values

    async def scenario():
        batcher = Batcher(model, workers, asyncio.get_running_loop())
        await batcher.predict(query_of(model, FEATURES.head(1)))
        frames = [FEATURES.head(1), bad, FEATURES.head(2)]
        return await asyncio.gather(*[batcher.predict(query_of(model, frame)) for frame in frames], return_exceptions=True)

    first, failed, last = asyncio.run(scenario())
    assert isinstance(failed, ValueError)
    assert (first.rows, last.rows) == (1, 2)
