"""What the environment of AWS says: instances of a training job, secrets of Secrets Manager."""

import boto3
import pytest
from botocore.stub import Stubber

from cyclops_runtime import config
from cyclops_runtime.errors import InputError


def test_the_first_host_of_a_training_job_is_the_rendezvous():
    rank = config.rank_of_hosts({"current_host": "algo-2", "hosts": ["algo-2", "algo-1"]})
    assert (rank.index, rank.world_size, rank.rendezvous) == (1, 2, "algo-1:29500")


def test_one_host_is_alone():
    rank = config.rank_of_hosts({"current_host": "algo-1", "hosts": ["algo-1"]})
    assert (rank.index, rank.world_size, rank.rendezvous) == (0, 1, None)


@pytest.fixture
def vault(monkeypatch):
    client = boto3.client("secretsmanager", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    monkeypatch.setattr(boto3, "client", lambda service: client)
    monkeypatch.setenv("CYCLOPS_SECRETS", "secretsmanager:churn-dev/")
    with Stubber(client) as stub:
        yield stub


def test_a_secret_is_a_json_object(vault):
    vault.add_response("get_secret_value", {"SecretString": '{"token": "s3cr3t"}'}, {"SecretId": "churn-dev/source"})
    assert config.read_secret("source", "token") == "s3cr3t"


def test_a_key_or_secret_that_is_missing_is_none(vault):
    vault.add_response("get_secret_value", {"SecretString": '{"token": "s3cr3t"}'}, {"SecretId": "churn-dev/source"})
    vault.add_client_error("get_secret_value", "ResourceNotFoundException")
    assert config.find_secret("source", "url") is None
    assert config.find_secret("other", "url") is None


def test_a_secret_that_cannot_be_read_says_so_without_its_value(vault):
    vault.add_response("get_secret_value", {"SecretString": "s3cr3t"}, {"SecretId": "churn-dev/source"})
    with pytest.raises(InputError, match="'churn-dev/source' cannot be read as a JSON object") as refused:
        config.read_secret("source", "token")
    assert "s3cr3t" not in str(refused.value)
