import json
from pathlib import Path

import pytest
from samples import raw_document

from cyclops_runtime.document import load_document, parse_document, parse_duration
from cyclops_runtime.errors import InputError


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("10m", 600), ("24h", 86400), ("7d", 604800), ("0s", 0)])
def test_durations_are_seconds(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["10", "m", "1.5h", "10 m", "-1s", "10w", "", None, 10])
def test_a_wrong_duration_names_itself(text):
    with pytest.raises(InputError, match="is not a duration"):
        parse_duration(text)


def test_defaults_are_those_of_the_spec(make_document):
    document = make_document(spec__endpoint={"rollout": {"bake": "5m"}}, spec__monitoring={})
    training, endpoint = document.spec.training, document.spec.endpoint
    assert (training.test_share, training.seed, document.spec.data.max_violation_share) == (0.2, 42, 0.05)
    assert (endpoint.rollout.strategy, endpoint.rollout.percent, endpoint.rollout.bake) == ("canary", 10, "5m")
    assert (endpoint.rollout.max_error_rate, document.spec.monitoring.window, document.serving) == (0.01, "24h", None)
    assert document.step("train").cache is False


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"formatVersion": 2}, "formatVersion is 2"),
        ({"spec__task": "clustering"}, r"spec.task: Invalid enum value 'clustering'"),
        ({"spec__data__positive": None}, "spec.data.positive: binary classification needs"),
        ({"spec__data__maxViolationShare": 5}, "spec.data.maxViolationShare: Expected .* <= 1"),
        ({"spec__data__path": "telco/"}, "spec.data.path"),
        ({"spec__data__drop": ["Churn"]}, "spec.data.drop: 'Churn' is the target"),
        ({"spec__training__gate": {"metric": "rmse", "max": 1}}, "rmse is no metric of binary-classification"),
        ({"spec__training__gate": {"metric": "f1"}}, "give min, max or beatChampion"),
        ({"spec__data__source": {"kind": "ftp"}}, "spec.data.source"),
        ({"spec__training__steps": {"train": {"entrypoint": "a:b", "command": ["x"]}}}, "exclude each other"),
        ({"spec__training__steps": {"train": {"entrypoint": "no-colon"}}}, "spec.training.steps"),
    ],
)
def test_a_wrong_document_is_one_clear_sentence(make_document, changes, sentence):
    with pytest.raises(InputError, match=sentence):
        make_document(**changes)


def test_several_mistakes_are_told_together(make_document):
    with pytest.raises(InputError, match=r"spec.data.positive.*; spec.training.gate.metric"):
        make_document(spec__data__positive=None, spec__training__gate={"metric": "mae", "max": 1})


def test_fields_of_a_newer_package_are_ignored_and_logged(tmp_path, caplog):
    raw = raw_document(tmp_path)
    raw["spec"]["training"]["tyop"] = 1
    with caplog.at_level("WARNING"):
        parse_document(json.dumps(raw).encode(), "x.json")
    assert "field=spec.training.tyop" in caplog.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "is not JSON"), (b"{", "is not JSON"), (b"[]", "Expected `object`"), (b"{}", "missing required field")],
)
def test_damaged_files(tmp_path, content, sentence):
    path = tmp_path / "model.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        load_document(str(path))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        load_document(str(tmp_path / "none.json"))


def test_file_addresses_are_read_too(tmp_path: Path):
    path = tmp_path / "model.json"
    path.write_text(json.dumps(raw_document(tmp_path)))
    assert load_document(path.as_uri()).model == "churn"
