"""buckets: makes buckets with versioning and lifecycle rules on an S3 endpoint. Repeating it changes nothing."""

import os
from typing import Annotated, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from msgspec import Meta, Struct

from cyclops_runtime.errors import RuntimeFailure
from cyclops_runtime.logging import get_logger
from cyclops_runtime.platform.configuration import read_configuration
from cyclops_runtime.platform.waiting import wait_for

log = get_logger(__name__)

_RULE = "cyclops-expiry"
# Not every S3 endpoint knows every call: what it does not offer is reported, and is not a failure of the others.
_NOT_OFFERED = {"NotImplemented", "MethodNotAllowed", "UnsupportedOperation", "XNotImplemented"}


class Bucket(Struct, frozen=True, kw_only=True, rename="camel"):
    """One bucket; `expire_days` None keeps files for ever; `block_public` also sets Amazon's public access block."""

    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    versioning: bool = False
    expire_days: Annotated[int, Meta(ge=1)] | None = None
    block_public: bool = False


class BucketsFile(Struct, frozen=True, kw_only=True, rename="camel"):
    """The configuration of this command."""

    buckets: list[Bucket]


class _NotYet(Exception):
    """The endpoint answers, and cannot serve yet."""


def run(config: str) -> dict[str, Any]:
    """Makes the listed buckets; the result names those that are new. Waits up to two minutes for the endpoint."""
    return make_buckets(read_configuration(config, BucketsFile), _client())


def _client() -> Any:
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    config = Config(
        s3={"addressing_style": "path"} if endpoint else {},
        connect_timeout=5,
        read_timeout=30,
        retries={"max_attempts": 1},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.client("s3", endpoint_url=endpoint, region_name=region, config=config)


def make_buckets(file: BucketsFile, s3: Any) -> dict[str, Any]:
    """Does the work of `run` with a given boto3 client."""
    made = []
    for bucket in file.buckets:
        # The first call of all is the one that meets an endpoint that still starts.
        if wait_for(
            f"S3 endpoint {s3.meta.endpoint_url}",
            lambda name=bucket.name: _make(s3, name),
            (ConnectionError, HTTPClientError, _NotYet),
        ):
            made.append(bucket.name)
        _set_versioning(s3, bucket)
        _set_expiry(s3, bucket)
        if bucket.block_public:
            _offered(
                bucket.name,
                "public-access-block",
                lambda name=bucket.name: s3.put_public_access_block(
                    Bucket=name,
                    PublicAccessBlockConfiguration=dict.fromkeys(
                        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
                    ),
                ),
            )
        log.info("bucket-ready", name=bucket.name, new=bucket.name in made)
    return {"made": made, "buckets": [bucket.name for bucket in file.buckets]}


def _make(s3: Any, name: str) -> bool:
    """Whether the bucket is new."""
    try:
        s3.head_bucket(Bucket=name)
        return False
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status >= 500:
            raise _NotYet(str(error)) from error
        if status == 403:
            raise RuntimeFailure(f"bucket {name}: these credentials may not use it, or it is somebody else's") from None
        if status != 404:
            raise RuntimeFailure(f"bucket {name}: {error}") from None
    region = s3.meta.region_name
    # us-east-1 is the one region that must not be named; other endpoints than Amazon's do not know regions.
    place = (
        {}
        if region == "us-east-1" or "amazonaws.com" not in s3.meta.endpoint_url
        else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    )
    try:
        s3.create_bucket(Bucket=name, **place)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "BucketAlreadyOwnedByYou":  # another instance was faster
            return False
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise _NotYet(str(error)) from error
        raise RuntimeFailure(f"bucket {name}: cannot be made: {code}") from None
    return True


def _set_versioning(s3: Any, bucket: Bucket) -> None:
    present = s3.get_bucket_versioning(Bucket=bucket.name).get("Status")
    # A bucket never goes back to "no versioning"; suspended is the closest there is.
    wanted = "Enabled" if bucket.versioning else ("Suspended" if present else None)
    if wanted != present:
        _offered(
            bucket.name,
            "versioning",
            lambda: s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": wanted}),
        )


def _set_expiry(s3: Any, bucket: Bucket) -> None:
    """Keeps rules of other makers, and the one of this command as the file says."""
    try:
        present = s3.get_bucket_lifecycle_configuration(Bucket=bucket.name).get("Rules", [])
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchLifecycleConfiguration", *_NOT_OFFERED}:
            raise RuntimeFailure(f"bucket {bucket.name}: lifecycle rules cannot be read: {error}") from None
        present = []
    rules = [rule for rule in present if rule.get("ID") != _RULE]
    if bucket.expire_days is not None:
        rule: dict[str, Any] = {
            "ID": _RULE,
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "Expiration": {"Days": bucket.expire_days},
        }
        if bucket.versioning:
            rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": bucket.expire_days}
        rules.append(rule)
    if _essence(rules) == _essence(present):
        return
    if rules:
        _offered(
            bucket.name,
            "lifecycle",
            lambda: s3.put_bucket_lifecycle_configuration(Bucket=bucket.name, LifecycleConfiguration={"Rules": rules}),
        )
    else:
        s3.delete_bucket_lifecycle(Bucket=bucket.name)


def _essence(rules: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What tells rules apart; endpoints add fields of their own to what they were given."""
    return sorted(
        (
            str(rule.get("ID")),
            str(rule.get("Status")),
            str(rule.get("Expiration", {}).get("Days")),
            str(rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays")),
        )
        for rule in rules
    )


def _offered(bucket: str, feature: str, call: Any) -> None:
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] not in _NOT_OFFERED:
            raise RuntimeFailure(f"bucket {bucket}: {feature} cannot be set: {error}") from None
        log.warning("not-offered-by-endpoint", bucket=bucket, feature=feature)
