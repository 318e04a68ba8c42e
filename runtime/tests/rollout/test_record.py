"""What `deploy` writes down where the platform itself has rolled the version out."""

import json

import mlflow
import pytest
import serving_support as support

from cyclops_runtime.errors import InputError, RolledBack
from cyclops_runtime.rollout import deploy


@pytest.fixture
def document(tmp_path, name, saved):
    support.register(name, saved["v1"], saved["v2"])
    mlflow.MlflowClient().set_registered_model_alias(name, "champion", "1")
    folder = tmp_path / "models" / "churn" / "runs" / "run-2"
    folder.mkdir(parents=True)
    (folder / "register.json").write_text(json.dumps({"version": "2"}))
    return support.make_document(tmp_path, name, serving=False)


def champion(name):
    return str(mlflow.MlflowClient().get_model_version_by_alias(name, "champion").version)


def outcome(name):
    return mlflow.MlflowClient().get_model_version(name, "2").tags["cyclops.outcome"]


def test_a_promoted_version_becomes_champion(document, name, monkeypatch):
    monkeypatch.setenv("CYCLOPS_ROLLOUT_OUTCOME", "promoted")
    result = deploy.run(document, "run-2")
    assert (result["version"], result["outcome"], result["previous"]) == ("2", "promoted", "1")
    assert (champion(name), outcome(name)) == ("2", "promoted")
    assert deploy.run(document, "run-2")["outcome"] == "promoted"  # repeated by a retry


def test_a_version_that_was_taken_back_is_tagged_and_changes_nothing(document, name, monkeypatch, tmp_path):
    monkeypatch.setenv("CYCLOPS_ROLLOUT_OUTCOME", "rolled-back")
    with pytest.raises(RolledBack, match="version 2 was rolled back: the platform has taken it back"):
        deploy.run(document, "run-2")
    assert (champion(name), outcome(name)) == ("1", "rolled-back")
    written = json.loads((tmp_path / "models" / "churn" / "runs" / "run-2" / "deploy.json").read_text())
    assert (written["outcome"], written["previous"]) == ("rolled-back", "1")


def test_a_version_that_was_taken_back_may_be_deployed_again(document, name, monkeypatch):
    monkeypatch.setenv("CYCLOPS_ROLLOUT_OUTCOME", "rolled-back")
    with pytest.raises(RolledBack):
        deploy.run(document, "run-2")
    monkeypatch.setenv("CYCLOPS_ROLLOUT_OUTCOME", "promoted")
    assert deploy.run(document, "run-2")["outcome"] == "promoted"
    assert champion(name) == "2"


def test_another_outcome_is_refused(document, monkeypatch):
    monkeypatch.setenv("CYCLOPS_ROLLOUT_OUTCOME", "done")
    with pytest.raises(InputError, match="use promoted or rolled-back"):
        deploy.run(document, "run-2")
