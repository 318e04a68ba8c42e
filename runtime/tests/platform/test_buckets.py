"""buckets against recorded answers of botocore's own stubber: requests are checked against the S3 model."""

import boto3
import msgspec
import pytest
from botocore.stub import Stubber

from cyclops_runtime.errors import RuntimeFailure
from cyclops_runtime.platform.buckets import BucketsFile, make_buckets
from cyclops_runtime.platform.waiting import wait_for

RULE = {
    "ID": "cyclops-expiry",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "Expiration": {"Days": 30},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
}


@pytest.fixture
def s3():
    return boto3.client(
        "s3", endpoint_url="http://s3.test", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y"
    )


def buckets(**fields):
    return msgspec.convert({"buckets": [{"name": "raw", **fields}]}, BucketsFile)


def test_a_new_bucket_with_versioning_and_expiry(s3):
    with Stubber(s3) as stub:
        stub.add_client_error("head_bucket", "404", http_status_code=404)
        stub.add_response("create_bucket", {}, {"Bucket": "raw"})
        stub.add_response("get_bucket_versioning", {}, {"Bucket": "raw"})
        stub.add_response("put_bucket_versioning", {}, {"Bucket": "raw", "VersioningConfiguration": {"Status": "Enabled"}})
        stub.add_client_error("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration", http_status_code=404)
        stub.add_response(
            "put_bucket_lifecycle_configuration", {}, {"Bucket": "raw", "LifecycleConfiguration": {"Rules": [RULE]}}
        )
        assert make_buckets(buckets(versioning=True, expireDays=30), s3) == {"made": ["raw"], "buckets": ["raw"]}
        stub.assert_no_pending_responses()


def test_a_bucket_as_wanted_is_only_read(s3):
    with Stubber(s3) as stub:
        stub.add_response("head_bucket", {})
        stub.add_response("get_bucket_versioning", {"Status": "Enabled"})
        stub.add_response("get_bucket_lifecycle_configuration", {"Rules": [RULE]})
        assert make_buckets(buckets(versioning=True, expireDays=30), s3)["made"] == []


def test_rules_of_others_stay_and_ours_goes(s3):
    other = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 1}}
    with Stubber(s3) as stub:
        stub.add_response("head_bucket", {})
        stub.add_response("get_bucket_versioning", {})
        stub.add_response("get_bucket_lifecycle_configuration", {"Rules": [other, RULE]})
        stub.add_response(
            "put_bucket_lifecycle_configuration", {}, {"Bucket": "raw", "LifecycleConfiguration": {"Rules": [other]}}
        )
        make_buckets(buckets(), s3)
        stub.assert_no_pending_responses()


def test_somebody_elses_bucket(s3):
    with Stubber(s3) as stub:
        stub.add_client_error("head_bucket", "403", http_status_code=403)
        with pytest.raises(RuntimeFailure, match="bucket raw: these credentials may not use it"):
            make_buckets(buckets(), s3)


def test_waiting_ends_with_success_or_with_the_last_reason():
    now = [0.0]
    answers = iter([OSError("refused"), OSError("refused"), "fine"])

    def attempt():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def sleep(seconds):
        now[0] += seconds

    assert wait_for("S3", attempt, (OSError,), sleep=sleep, clock=lambda: now[0]) == "fine"
    assert now[0] == 6.0

    def never():
        raise OSError("refused for ever")

    with pytest.raises(RuntimeFailure, match=r"S3 does not answer after 1\d\d seconds: refused for ever"):
        wait_for("S3", never, (OSError,), sleep=sleep, clock=lambda: now[0])
    assert 120 < now[0] <= 126
