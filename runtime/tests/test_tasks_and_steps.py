"""The other tasks, tuning, caching, custom entrypoints and the gate, on scikit-learn's bundled data."""

import sys
from pathlib import Path

import pandas
import pytest
from sklearn import datasets

from cyclops_runtime.document import GateSpec
from cyclops_runtime.errors import GateRefused, InputError
from cyclops_runtime.metrics import classification_metrics, regression_metrics
from cyclops_runtime.prediction import predict
from cyclops_runtime.runner import run_step
from cyclops_runtime.steps import batch, curate, evaluate, gate, ingest, preprocess, register, train, tune
from cyclops_runtime.steps.evaluate import judge
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import Registry, load_model

DATA_STEPS = (ingest, curate, preprocess)


def write_bundled(folder: Path, bunch, target="y", names=None):
    frame = bunch.frame.rename(columns={bunch.frame.columns[-1]: target})
    if names is not None:
        frame[target] = [names[value] for value in frame[target]]
    path = folder / "raw/t/rows.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False)
    return frame


@pytest.fixture
def regression(make_document, tmp_path):
    write_bundled(tmp_path, datasets.load_diabetes(as_frame=True))

    def make(**training):
        return make_document(
            spec={
                "task": "regression",
                "data": {"path": "raw/t/", "target": "y"},
                "training": {"algorithm": "linear", "gate": {"metric": "rmse", "max": 70}, **training},
            }
        )

    return make


@pytest.fixture
def iris(make_document, tmp_path):
    bunch = datasets.load_iris(as_frame=True)
    write_bundled(tmp_path, bunch, names=[str(name) for name in bunch.target_names])

    def make(**training):
        return make_document(
            spec={
                "task": "multiclass-classification",
                "data": {"path": "raw/t/", "target": "y"},
                "training": {
                    "algorithm": "gradient-boosting",
                    "gate": {"metric": "f1", "min": 0.8},
                    "hyperparameters": {"max_iter": 20},
                    **training,
                },
            }
        )

    return make


def run_all(document, run, steps):
    return [step.run(document, run) for step in steps][-1]


def test_regression_from_end_to_end(regression):
    document = regression()
    run_all(document, "r", (*DATA_STEPS, train, evaluate, gate, register))
    store = ZoneStore(document)
    metrics = store.read_json("models/churn/runs/r/evaluate.json")["metrics"]
    assert set(metrics) == {"rmse", "mae", "mape", "r2"}
    assert metrics["r2"] > 0.3
    assert metrics["mae"] < metrics["rmse"] < 70
    Registry(document).set_alias("champion", "1")
    batch.run(document, "b")
    rows = store.read_parquet("predictions/churn/batch/b/part-00000.parquet")
    assert list(rows.columns) == ["source_file", "source_row", "label", "probability", "model_version", "timestamp"]
    assert rows["source_row"].tolist() == list(range(442))
    assert rows["label"].dtype == "float64"
    assert rows["probability"].isna().all()
    assert 100 < rows["label"].mean() < 200


def test_multiclass_from_end_to_end(iris):
    document = iris()
    run_all(document, "m", (*DATA_STEPS, train, evaluate, gate))
    store = ZoneStore(document)
    metrics = store.read_json("models/churn/runs/m/evaluate.json")["metrics"]
    assert metrics["accuracy"] > 0.85
    assert metrics["roc_auc"] > 0.9
    assert metrics["log_loss"] is not None
    model = load_model(store.read_json("models/churn/runs/m/train.json")["modelUri"])
    rows = store.read_parquet("features/churn/runs/m/test.parquet")
    answer = predict(model, rows)
    assert set(answer["label"]) == {"setosa", "versicolor", "virginica"}
    assert (answer["probability"] > 1 / 3).all()


@pytest.mark.parametrize("algorithm", ["random-forest", "gradient-boosting"])
def test_every_algorithm_takes_gaps_and_unknown_categories(make_document, tmp_path, algorithm):
    rows = ["n,c,y"] + [f"{i if i % 7 else ''},{'abc'[i % 3] if i % 5 else ''},{'u' if i % 2 else 'v'}" for i in range(60)]
    path = tmp_path / "raw/t/a.csv"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(rows))
    document = make_document(
        spec={
            "task": "binary-classification",
            "data": {"path": "raw/t/", "target": "y", "positive": "u"},
            "training": {"algorithm": algorithm, "gate": {"metric": "accuracy", "min": 0}},
        }
    )
    result = run_all(document, "r", (*DATA_STEPS, train))
    odd = pandas.DataFrame({"n": [1, None], "c": ["never seen", None]})
    assert predict(load_model(result["modelUri"]), odd)["probability"].between(0, 1).all()


def test_a_wrong_hyperparameter_is_named_with_the_right_ones(regression):
    run_all(regression(), "r", DATA_STEPS)
    with pytest.raises(InputError, match=r"linear has no 'depth'; it has alpha, "):
        train.run(regression(hyperparameters={"depth": 3}), "r")
    with pytest.raises(InputError, match="alpha"):
        train.run(regression(hyperparameters={"alpha": "much"}), "r")


def test_training_anew_replaces_the_run_of_the_same_id(regression):
    run_all(regression(), "r", (*DATA_STEPS, train))
    before = ZoneStore(regression()).read_json("models/churn/runs/r/train.json")
    after = train.run(regression(hyperparameters={"alpha": 10.0}), "r")
    registry = Registry(regression())
    runs = registry.client.search_runs([registry.experiment_id()])
    assert after["mlflowRunId"] != before["mlflowRunId"]
    assert [run.info.run_id for run in runs] == [after["mlflowRunId"]]
    assert runs[0].data.params["hyperparameter.alpha"] == "10.0"
    assert runs[0].data.tags["cyclops.train-data"].endswith("features/churn/runs/r/train.parquet")


def test_tuning_searches_in_child_runs_and_keeps_what_is_fixed(iris):
    document = iris(
        tune={"trials": 3, "parallelism": 2}, hyperparameters={"max_iter": 5, "max_leaf_nodes": 7, "learning_rate": 0.3}
    )
    result = run_all(document, "t", (*DATA_STEPS, tune))
    assert result["parameters"]["max_iter"] == 5
    assert set(result["parameters"]) == {"max_iter", "max_leaf_nodes", "learning_rate", "min_samples_leaf", "l2_regularization"}
    registry = Registry(document)
    children = registry.client.search_runs([registry.experiment_id()], f"tags.`mlflow.parentRunId` = '{result['mlflowRunId']}'")
    scores = [run.data.metrics["cv_f1"] for run in children]
    assert sorted(run.info.run_name for run in children) == ["trial-0", "trial-1", "trial-2"]
    parent = registry.client.get_run(result["mlflowRunId"])
    assert parent.data.metrics["cv_f1"] == pytest.approx(max(scores))
    assert evaluate.run(document, "t")["passed"] is True


def test_a_refused_version_is_not_registered(regression):
    document = regression(gate={"metric": "rmse", "max": 1})
    result = run_all(document, "r", (*DATA_STEPS, train, evaluate))
    assert result["passed"] is False
    assert "above 1" in result["reason"]
    for step in (gate, register):
        with pytest.raises(GateRefused, match="above 1"):
            step.run(document, "r")
    assert Registry(document).client.search_model_versions(f"name = '{document.registry.model}'") == []


def champion(value):
    return {"version": "3", "metrics": {"roc_auc": value, "rmse": value}}


@pytest.mark.parametrize(
    ("gate_spec", "value", "other", "passed", "reason"),
    [
        (GateSpec(metric="roc_auc", min=0.8), 0.8, None, True, "roc_auc is 0.8, at least 0.8"),
        (GateSpec(metric="roc_auc", min=0.8), 0.79, None, False, "roc_auc is 0.79, below 0.8"),
        (GateSpec(metric="rmse", max=5), 5.1, None, False, "rmse is 5.1, above 5"),
        (GateSpec(metric="roc_auc", beat_champion=True), 0.8, None, True, "no champion to beat"),
        (
            GateSpec(metric="roc_auc", beat_champion=True),
            0.8,
            champion(0.8),
            True,
            "as good as the champion (version 3) with 0.8",
        ),
        (GateSpec(metric="roc_auc", beat_champion=True), 0.8, champion(0.81), False, "worse than the champion"),
        (GateSpec(metric="roc_auc", beat_champion=True, tolerance=0.02), 0.8, champion(0.81), True, "within 0.02"),
        (GateSpec(metric="rmse", beat_champion=True), 4.9, champion(5), True, "as good as"),
        (GateSpec(metric="rmse", beat_champion=True, tolerance=0.5), 5.6, champion(5), False, "worse than"),
        (GateSpec(metric="roc_auc", min=0.9, beat_champion=True), 0.85, champion(0.8), False, "below 0.9"),
        (GateSpec(metric="roc_auc", beat_champion=True), 0.8, {"version": "3", "error": "x"}, False, "may not be judged"),
        (
            GateSpec(metric="roc_auc", min=0.7, beat_champion=True),
            0.8,
            {"version": "3", "error": "x"},
            True,
            "only the bound counts",
        ),
        (GateSpec(metric="roc_auc", min=0.7), None, None, False, "not defined on the held-out rows"),
    ],
)
def test_the_verdict_and_its_reason(gate_spec, value, other, passed, reason):
    verdict, text = judge(gate_spec, {gate_spec.metric: value}, other)
    assert verdict is passed
    assert reason in text


def test_metrics_that_are_not_defined_are_none():
    single = classification_metrics(["a", "a"], ["a", "b"], None, ["a", "b"], "b")
    assert (single["accuracy"], single["roc_auc"], single["log_loss"]) == (0.5, None, None)
    assert regression_metrics([0.0, 1.0], [0.5, 1.0])["mape"] is None
    assert regression_metrics([2.0, 4.0], [1.0, 4.0]) == {
        "rmse": pytest.approx(0.5**0.5),
        "mae": 0.5,
        "mape": 0.25,
        "r2": pytest.approx(0.5),
    }


def test_a_cache_hit_takes_the_files_over_and_says_so(regression, caplog):
    document = regression(steps={name: {"cache": True} for name in ("curate", "preprocess", "train")})
    modules = {name: f"cyclops_runtime.steps.{name}" for name in ("ingest", "curate", "preprocess", "train")}
    first = {name: run_step(name, module, document, "one") for name, module in modules.items()}
    with caplog.at_level("INFO"):
        second = {name: run_step(name, module, document, "two") for name, module in modules.items()}
    assert "cachedFrom" not in first["train"]
    assert [second[name].get("cachedFrom") for name in modules] == [None, "one", "one", "one"]
    assert "cache-hit step=train taken_from_run=one" in caplog.text
    store = ZoneStore(document)
    assert store.checksum("features/churn/runs/two/train.parquet") == store.checksum("features/churn/runs/one/train.parquet")
    # A step may write its own zone alone: its cache must be there.
    assert [len(store.list_files(f"{zone}/churn/cache/")) for zone in ("curated", "features", "models")] == [1, 1, 1]
    assert second["train"]["mlflowRunId"] == first["train"]["mlflowRunId"]
    changed = regression(steps={"train": {"cache": True}}, hyperparameters={"alpha": 2.0})
    assert "cachedFrom" not in run_step("train", modules["train"], changed, "two")


def test_a_cache_whose_files_are_gone_is_no_hit(regression):
    document = regression(steps={"curate": {"cache": True}})
    ingest.run(document, "one")
    ingest.run(document, "two")
    run_step("curate", "cyclops_runtime.steps.curate", document, "one")
    ZoneStore(document).delete("curated/churn/runs/one/data.parquet")
    assert "cachedFrom" not in run_step("curate", "cyclops_runtime.steps.curate", document, "two")
    assert ZoneStore(document).exists("curated/churn/runs/two/data.parquet")


CUSTOM = """
from sklearn.dummy import DummyRegressor

def train(context):
    assert (context.rank, context.world_size, context.rendezvous) == (0, 2, "head:29500")
    rows = context.read_frame("train.parquet")
    model = DummyRegressor(strategy="constant", constant=7.0).fit(rows[context.feature_names], rows[context.target])
    context.finish_training(model, {"constant": 7})

def forgets(context):
    return None

def wrong(context):
    return 3
"""


def test_custom_entrypoints_get_their_context(regression, tmp_path, monkeypatch):
    name = f"custom_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(CUSTOM)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("CYCLOPS_WORLD_SIZE", "2")
    monkeypatch.setenv("CYCLOPS_RENDEZVOUS", "head:29500")
    run_all(regression(), "r", DATA_STEPS)

    def run(function, module=name):
        document = regression(steps={"train": {"entrypoint": f"{module}:{function}"}})
        return run_step("train", "cyclops_runtime.steps.train", document, "r")

    with pytest.raises(InputError, match=r"no model: call context\.finish_training"):
        run("forgets")
    with pytest.raises(InputError, match="returned int"):
        run("wrong")
    with pytest.raises(InputError, match="has no function 'missing'"):
        run("missing")
    with pytest.raises(InputError, match="no module 'no_such_module'"):
        run("train", module="no_such_module")
    result = run("train")
    assert result["parameters"] == {"constant": 7}
    model = load_model(result["modelUri"])
    rows = ZoneStore(regression()).read_parquet("features/churn/runs/r/test.parquet")
    assert set(predict(model, rows)["label"]) == {7.0}
    assert name in sys.modules


def test_batch_without_a_champion_says_what_to_do(regression):
    with pytest.raises(InputError, match="has no champion: run the training pipeline first"):
        batch.run(regression(), "b")
