"""A whole run over real data, and what holds after it."""

import json

import mlflow
import pandas
import pytest
from samples import TELCO, telco_lines

from cyclops_runtime.errors import InputError
from cyclops_runtime.prediction import contract_of_model, predict
from cyclops_runtime.steps import batch, evaluate, register, train
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import Registry
from cyclops_runtime.values.contract import WORDS


@pytest.fixture(scope="module")
def model(trained):
    return Registry(trained).load("1")


def test_blank_numbers_are_missing_and_keep_their_rows(trained):
    """The telco data has 11 blank TotalCharges; those among the first 1600 rows must be missing numbers."""
    rows = ZoneStore(trained).read_parquet("curated/churn/runs/first/data.parquet")
    blank = sum(not line[19].strip() for line in telco_lines(1600)[1:])
    assert blank > 0
    assert rows["TotalCharges"].isna().sum() == blank
    assert rows["TotalCharges"].dtype == "float64"
    assert len(rows) == 1600


def test_features_leave_the_id_out_and_keep_it_in_the_file(trained):
    store = ZoneStore(trained)
    description = store.read_json("features/churn/runs/first/preprocess.json")
    names = [column["name"] for column in description["columns"]]
    rows = store.read_parquet("features/churn/runs/first/train.parquet")
    assert "customerID" not in names
    assert "Churn" not in names
    assert set(rows.columns) == {*names, "customerID", "Churn"}
    assert {column["name"]: column["type"] for column in description["columns"]}["tenure"] == "number"
    assert (description["classes"], description["positive"]) == (["No", "Yes"], "Yes")
    assert description["rows"] == {"train": 1280, "test": 320}


def test_the_version_carries_its_origin(trained):
    tags = Registry(trained).version_tags("1")
    assert tags["cyclops.run-id"] == "first"
    assert tags["cyclops.stack"] == "test"
    assert len(tags["cyclops.data-checksum"]) == 64
    metrics = ZoneStore(trained).read_json("models/churn/runs/first/evaluate.json")["metrics"]
    assert float(tags["cyclops.metric.roc_auc"]) == pytest.approx(metrics["roc_auc"], rel=1e-5)
    assert len(pandas.read_parquet(tags["cyclops.train-data"])) == 1280


def test_all_metrics_are_measured_and_sensible(trained):
    metrics = ZoneStore(trained).read_json("models/churn/runs/first/evaluate.json")["metrics"]
    assert set(metrics) == {"roc_auc", "average_precision", "f1", "accuracy", "precision", "recall", "log_loss"}
    assert metrics["roc_auc"] > 0.75
    assert metrics["log_loss"] < 0.6


def test_the_model_predicts_probabilities_with_mlflow_alone(trained, model):
    rows = ZoneStore(trained).read_parquet("features/churn/runs/first/test.parquet")
    output = mlflow.pyfunc.load_model(Registry(trained).uri("1")).predict(rows)
    assert output.shape == (len(rows), 2)
    assert model.metadata.metadata["cyclops"]["classes"] == ["No", "Yes"]
    assert {column.type.name for column in model.metadata.get_input_schema()} == {"double", "string"}
    assert len(model.input_example) == 5


def test_the_model_says_how_its_values_are_read(trained, model):
    contract = contract_of_model(model)
    assert contract == contract_of_model(mlflow.pyfunc.load_model(Registry(trained).uri("1")))
    assert contract.declared
    assert model.metadata.metadata["cyclops"]["values"]["id"] == "customerID"
    charges = contract.columns["TotalCharges"]
    assert (charges.type, charges.form) == ("number", "number")
    assert charges.words == WORDS


def test_labels_and_probabilities_agree(trained, model):
    rows = ZoneStore(trained).read_parquet("features/churn/runs/first/test.parquet")
    answer = predict(model, rows)
    assert list(answer.columns) == ["label", "probability"]
    assert ((answer["probability"] >= 0.5) == (answer["label"] == "Yes")).all()
    quality = (answer["label"] == rows["Churn"]).mean()
    metrics = ZoneStore(trained).read_json("models/churn/runs/first/evaluate.json")["metrics"]
    assert quality == pytest.approx(metrics["accuracy"])


def test_unknown_categories_gaps_and_integers_are_predicted(model):
    rows = pandas.read_csv(TELCO, nrows=4).drop(columns=["Churn", "customerID"])
    plain = predict(model, rows)
    assert rows["tenure"].dtype == "int64"  # whole numbers from a file without gaps must pass the signature of doubles
    odd = rows.copy()
    odd["Contract"] = ["Ten years", None, float("nan"), "One year"]
    odd["MonthlyCharges"] = [None, 20.0, "not a number", 30]
    odd["TotalCharges"] = [" ", "12.5", None, "1"]
    answer = predict(model, odd)
    assert answer["probability"].between(0, 1).all()
    assert answer["probability"].iloc[3] != plain["probability"].iloc[3]


def test_none_and_nan_are_the_same_gap(model):
    rows = pandas.read_csv(TELCO, nrows=2).drop(columns=["Churn", "customerID"])
    rows["Contract"] = pandas.Series([None, float("nan")], dtype=object)
    rows.iloc[1, :] = rows.iloc[0, :]
    rows.at[1, "Contract"] = float("nan")
    answer = predict(model, rows)["probability"]
    assert answer[0] == answer[1]


def test_a_vanished_column_is_named(model):
    rows = pandas.read_csv(TELCO, nrows=2).drop(columns=["tenure", "Contract"])
    with pytest.raises(InputError, match=r"no column 'tenure', 'Contract'|no column 'Contract', 'tenure'"):
        predict(model, rows)


def test_repeating_train_and_register_changes_nothing(trained):
    store = ZoneStore(trained)
    before = store.read_json("models/churn/runs/first/train.json")
    assert train.run(trained, "first") == before
    assert register.run(trained, "first")["version"] == "1"
    registry = Registry(trained)
    assert len(registry.client.search_model_versions(f"name = '{registry.model_name}'")) == 1
    assert len(registry.client.search_runs([registry.experiment_id()])) == 1


def test_other_ranks_leave_training_to_rank_0(trained, monkeypatch):
    monkeypatch.setenv("CYCLOPS_RANK", "1")
    monkeypatch.setenv("CYCLOPS_WORLD_SIZE", "2")
    assert train.run(trained, "other-rank") == {"rank": 1, "skipped": True}
    assert not ZoneStore(trained).exists("models/churn/runs/other-rank/train.json")


def test_batch_scores_every_row_once_and_repeats_itself(trained):
    store = ZoneStore(trained)
    result = batch.run(trained, "b1")
    first = store.read_bytes("predictions/churn/batch/b1/part-00000.parquet")
    parts = [file.name for file in store.list_files("predictions/churn/batch/b1/") if file.name.startswith("part-")]
    rows = pandas.concat([store.read_parquet(f"predictions/churn/batch/b1/{part}") for part in parts])
    assert parts == ["part-00000.parquet", "part-00001.parquet"]
    assert list(rows.columns) == ["customerID", "label", "probability", "model_version", "timestamp"]
    assert rows["customerID"].tolist() == [line[0] for line in telco_lines(1600)[1:]]
    assert set(rows["label"]) == {"Yes", "No"}
    assert set(rows["model_version"]) == {"1"}
    assert (result["rows"], result["files"], result["version"]) == (1600, 2, "1")
    batch.run(trained, "b1")
    assert store.read_bytes("predictions/churn/batch/b1/part-00000.parquet") == first


def test_batch_shards_share_the_files_and_the_last_one_sums_up(trained, monkeypatch):
    store = ZoneStore(trained)
    monkeypatch.setenv("CYCLOPS_SHARD", "1/3")
    assert batch.run(trained, "b2")["rows"] == 700
    assert not store.exists("predictions/churn/batch/b2/batch.json")
    monkeypatch.setenv("CYCLOPS_SHARD", "2/3")
    assert batch.run(trained, "b2")["rows"] == 0
    monkeypatch.setenv("CYCLOPS_SHARD", "0/3")
    batch.run(trained, "b2")
    assert store.read_json("predictions/churn/batch/b2/batch.json")["rows"] == 1600
    monkeypatch.setenv("CYCLOPS_SHARD", "3/3")
    with pytest.raises(InputError, match="CYCLOPS_SHARD"):
        batch.run(trained, "b2")


def test_small_chunks_give_the_same_predictions(trained, monkeypatch):
    from cyclops_runtime import frames

    whole = batch.run(trained, "b3")
    original = frames.read_chunks
    monkeypatch.setattr(batch, "read_chunks", lambda *arguments: original(*arguments, rows=64))
    batch.run(trained, "b4")
    store = ZoneStore(trained)
    columns = ["customerID", "label", "probability"]
    parts = [store.read_parquet(f"predictions/churn/batch/{run}/part-00000.parquet")[columns] for run in ("b3", "b4")]
    pandas.testing.assert_frame_equal(*parts)
    assert whole["rows"] == 1600


def test_a_champion_that_cannot_be_measured_does_not_stop_its_successor(trained, monkeypatch):
    monkeypatch.setattr(Registry, "load", lambda self, version: (_ for _ in ()).throw(OSError("files are gone")))
    result = evaluate.run(trained, "first")
    assert result["champion"] == {"version": "1", "error": "OSError: files are gone"}
    assert result["passed"] is True


def test_evaluating_again_compares_with_the_champion(trained):
    result = evaluate.run(trained, "first")
    assert result["champion"]["metrics"] == result["metrics"]
    assert json.dumps(result)  # no NaN, no numpy
