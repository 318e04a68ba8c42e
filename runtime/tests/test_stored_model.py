"""Models that are opened without MLflow answer what MLflow's own loader answers, and whatever is unusual is left to it."""

import subprocess
import sys

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow.models import ModelSignature
from mlflow.types.schema import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from cyclops_runtime.stored_model import StoredModel, open_model
from cyclops_runtime.tracking import load_model

TYPES = {"age": "double", "plan": "string", "active": "boolean", "visits": "long"}
TRUSTED = [
    "numpy.dtype",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
    "functools.partial",
]


def frame(rows: int = 200) -> pd.DataFrame:
    random = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "age": random.normal(40, 12, rows),
            "plan": random.choice(["basic", "plus", None], rows).astype(object),
            "active": random.random(rows) < 0.5,
            "visits": random.integers(0, 9, rows),
        }
    )


def save(folder, estimator, *, predict_fn="predict", signature=None, example=True, **options):
    rows = frame()
    target = np.where(rows["age"] + rows["visits"] > 44, "Yes", "No") if predict_fn == "predict_proba" else rows["age"] * 2
    encoder = make_column_transformer((OneHotEncoder(), ["plan"]), remainder="passthrough")
    model = make_pipeline(encoder, estimator).fit(rows, target)
    signature = signature or ModelSignature(
        Schema([ColSpec(kind, name) for name, kind in TYPES.items()]), Schema([TensorSpec(np.dtype("float64"), (-1, 2))])
    )
    settings = {"serialization_format": "skops", "skops_trusted_types": TRUSTED, "pip_requirements": ["mlflow"], **options}
    if example:
        settings["input_example"] = rows.dropna().head(3).reset_index(drop=True)
    mlflow.sklearn.save_model(model, str(folder), signature=signature, pyfunc_predict_fn=predict_fn, **settings)
    return str(folder)


@pytest.fixture(scope="module")
def classifier(tmp_path_factory) -> str:
    metadata = {"cyclops": {"classes": ["No", "Yes"], "positive": "Yes"}}
    folder = tmp_path_factory.mktemp("stored") / "model"
    return save(folder, HistGradientBoostingClassifier(max_iter=20), predict_fn="predict_proba", metadata=metadata)


def test_answers_to_the_last_digit_what_mlflow_answers(classifier):
    own, theirs = open_model(classifier), mlflow.pyfunc.load_model(classifier)
    assert isinstance(own, StoredModel)
    np.testing.assert_array_equal(own.predict(frame()), theirs.predict(frame()))
    assert own.metadata.metadata == theirs.metadata.metadata
    for schema in ("get_input_schema", "get_output_schema"):
        mine, its = getattr(own.metadata, schema)(), getattr(theirs.metadata, schema)()
        assert mine.is_tensor_spec() == its.is_tensor_spec()
        assert mine.has_input_names() == its.has_input_names()
        assert [column.name for column in mine] == [column.name for column in its.inputs]
        assert [getattr(c.type, "name", c.type) for c in mine] == [getattr(c.type, "name", c.type) for c in its.inputs]
    assert own.metadata.get_input_schema().input_names() == theirs.metadata.get_input_schema().input_names()
    assert own.metadata.get_output_schema().inputs[0].shape == theirs.metadata.get_output_schema().inputs[0].shape
    assert own.metadata.get_params_schema() is theirs.metadata.get_params_schema() is None
    pd.testing.assert_frame_equal(own.input_example, theirs.input_example)


def test_a_regressor_without_example_or_outputs(tmp_path):
    signature = ModelSignature(Schema([ColSpec(kind, name) for name, kind in TYPES.items()]))
    folder = save(tmp_path / "model", RandomForestRegressor(5, random_state=0), signature=signature, example=False)
    own = open_model(folder)
    assert isinstance(own, StoredModel)
    np.testing.assert_array_equal(own.predict(frame()), mlflow.pyfunc.load_model(folder).predict(frame()))
    assert own.input_example is None
    assert own.metadata.get_output_schema() is None


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows[["visits", "active", "plan", "age"]],
        lambda rows: rows.assign(more=1),
        lambda rows: rows.astype({"visits": "int32"}),
        lambda rows: rows.astype({"active": object}),
    ],
    ids=["other order", "more columns", "smaller type", "objects"],
)
def test_other_frames_are_converted_as_mlflow_does(classifier, change):
    rows = change(frame())
    np.testing.assert_array_equal(open_model(classifier).predict(rows), mlflow.pyfunc.load_model(classifier).predict(frame()))


@pytest.mark.parametrize("change", [lambda rows: rows.drop(columns=["age"]), lambda rows: rows.assign(age="old")])
def test_frames_that_mlflow_refuses_are_refused(classifier, change):
    with pytest.raises(mlflow.exceptions.MlflowException):
        open_model(classifier).predict(change(frame()))


def test_what_is_not_read_here_is_asked_of_mlflow(classifier):
    assert open_model(classifier).loader_module == "mlflow.sklearn"
    with pytest.raises(AttributeError):
        _ = open_model(classifier).no_such_attribute


def test_unusual_models_are_left_to_mlflow(tmp_path):
    columns = Schema([ColSpec(kind, name) for name, kind in TYPES.items()])
    with_params = ModelSignature(columns, None, ParamSchema([ParamSpec("n", "long", 1)]))
    estimator = RandomForestRegressor(3, random_state=0)
    folders = [
        save(tmp_path / "pickle", estimator, serialization_format="cloudpickle", skops_trusted_types=None),
        save(tmp_path / "params", estimator, signature=with_params, example=False),
        save(tmp_path / "date", estimator, signature=ModelSignature(Schema([ColSpec("datetime", "t")])), example=False),
    ]
    rows = pd.DataFrame({"a": [0.0, 1.0], "b": [1.0, 0.0]})
    mlflow.sklearn.save_model(
        LogisticRegression().fit(rows, [0, 1]),
        str(tmp_path / "unsigned"),
        pip_requirements=["mlflow"],
        serialization_format="skops",
    )
    for folder in [*folders, str(tmp_path / "unsigned")]:
        assert isinstance(open_model(folder), mlflow.pyfunc.PyFuncModel), folder


def test_a_folder_without_a_model_is_mlflows_error(tmp_path):
    with pytest.raises(mlflow.exceptions.MlflowException):
        load_model(str(tmp_path))


def test_opening_and_predicting_import_no_mlflow(classifier, tmp_path):
    frame().to_parquet(tmp_path / "rows.parquet")
    program = (
        "import sys, pandas; from cyclops_runtime.stored_model import open_model;"
        "print(len(open_model(sys.argv[1]).predict(pandas.read_parquet(sys.argv[2]))), 'mlflow' in sys.modules)"
    )
    command = [sys.executable, "-c", program, classifier, str(tmp_path / "rows.parquet")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == ["200", "False"]
