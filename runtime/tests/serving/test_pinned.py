"""Replicas of one version, as SageMaker starts them: without a registry."""

import pytest
import serving_support as support

from cyclops_runtime.errors import InputError
from cyclops_runtime.serving.pinned import PinnedVersion


def test_the_environment_names_version_and_files(monkeypatch):
    assert PinnedVersion.from_environment() == PinnedVersion(None, None)
    monkeypatch.setenv("CYCLOPS_MODEL_VERSION", "7")
    with pytest.raises(InputError, match="belong together"):
        PinnedVersion.from_environment()
    monkeypatch.setenv("CYCLOPS_MODEL_URI", "s3://bucket/model/")
    version = PinnedVersion.from_environment()
    assert (version.champion(), version.challenger(), version.model_tags()) == ("7", None, {})


def test_files_are_copied_from_their_place(tmp_path):
    (tmp_path / "model" / "data").mkdir(parents=True)
    (tmp_path / "model" / "MLmodel").write_text("flavors: {}")
    (tmp_path / "model" / "data" / "model.pkl").write_bytes(b"1")
    target = tmp_path / "copy"
    target.mkdir()
    found = PinnedVersion("7", f"file://{tmp_path}/model/").download("7", str(target))
    assert found == str(target)
    assert (target / "MLmodel").read_text() == "flavors: {}"
    assert (target / "data" / "model.pkl").read_bytes() == b"1"


def test_a_version_without_files_says_where_they_should_be(tmp_path):
    with pytest.raises(InputError, match=r"version 7: no files at file://.*/nowhere/"):
        PinnedVersion("7", f"file://{tmp_path}/nowhere/").download("7", str(tmp_path))


def test_a_replica_is_healthy_once_its_version_is_loaded(tmp_path, name, saved):
    version = PinnedVersion("7", f"file://{saved['v1']}")
    with support.RunningScorer(support.make_document(tmp_path, name), version) as scorer:
        scorer.wait_for(champion="7")
        assert scorer.client.get("/ping").status_code == 200
        answer = scorer.invoke(support.people(3)[list(support.TYPES)])
        assert answer.status_code == 200
        assert answer.headers["x-cyclops-model-version"] == "7"


def test_a_replica_that_cannot_load_its_version_is_not_healthy(tmp_path, name):
    with support.RunningScorer(
        support.make_document(tmp_path, name), PinnedVersion("7", f"file://{tmp_path}/nowhere/")
    ) as scorer:
        support.wait_until(lambda: scorer.status()["failures"])
        assert scorer.client.get("/ping").status_code == 503


def test_without_a_version_a_replica_is_healthy_and_has_no_answers(tmp_path, name):
    with support.RunningScorer(support.make_document(tmp_path, name), PinnedVersion()) as scorer:
        scorer.wait_for()
        assert scorer.client.get("/ping").status_code == 200
        answer = scorer.invoke(support.people(3)[list(support.TYPES)])
        assert answer.status_code == 503
        assert answer.json()["error"].startswith("no model yet")
