"""What the environment says: every variable of the runtime contract is read here."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import hide

DEFAULT_SECRETS_DIR = "/etc/cyclops/secrets"
_RUN_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")


@dataclass(frozen=True)
class Share:
    """The `index`-th (from 0 on) of `count` instances that share a work."""

    index: int
    count: int


def check_run_id(run_id: str | None) -> str:
    """The run id, which becomes part of file names; InputError where it is missing or could leave its folder."""
    if not run_id:
        raise InputError("no run id: give --run-id or set CYCLOPS_RUN_ID")
    if not _RUN_ID.match(run_id):
        raise InputError(
            f"run id {run_id!r}: use 1 to 128 letters, digits, dots, dashes and underscores, starting with a letter or digit"
        )
    return run_id


def shard_of_environment() -> Share:
    """Which input files this instance handles: CYCLOPS_SHARD `i/n`, with i from 0 to n-1; `0/1` when unset."""
    text = os.environ.get("CYCLOPS_SHARD") or "0/1"
    match = re.match(r"^([0-9]+)/([0-9]+)$", text)
    if not match or not int(match[1]) < int(match[2]):
        raise InputError(f"CYCLOPS_SHARD is {text!r}: write i/n with i from 0 to n-1, such as 0/2")
    return Share(int(match[1]), int(match[2]))


@dataclass(frozen=True)
class Rank:
    """Place of this instance in distributed training; `rendezvous` is `host:port` of instance 0, or None."""

    index: int
    world_size: int
    rendezvous: str | None


def monitor_stage() -> str | None:
    """Which part of a shared monitor run this instance does: CYCLOPS_MONITOR_STAGE `plan`, `profile` or `merge`; None: all."""
    stage = os.environ.get("CYCLOPS_MONITOR_STAGE") or None
    if stage not in (None, "plan", "profile", "merge"):
        raise InputError(f"CYCLOPS_MONITOR_STAGE is {stage!r}: use plan, profile or merge, or leave it out")
    return stage


def rollout_outcome() -> str | None:
    """What the platform has done with the version: CYCLOPS_ROLLOUT_OUTCOME `promoted` or `rolled-back`; None: deploy does it."""
    outcome = os.environ.get("CYCLOPS_ROLLOUT_OUTCOME") or None
    if outcome not in (None, "promoted", "rolled-back"):
        raise InputError(f"CYCLOPS_ROLLOUT_OUTCOME is {outcome!r}: use promoted or rolled-back, or leave it out")
    return outcome


# Which instance of a training job this is: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
_SAGEMAKER_HOSTS = Path("/opt/ml/input/config/resourceconfig.json")
_RENDEZVOUS_PORT = 29_500  # the default of torchrun


def rank_of_environment() -> Rank:
    """Number of this instance and how many there are: CYCLOPS_RANK, CYCLOPS_WORLD_SIZE; else what SageMaker says; else alone."""
    if not os.environ.get("CYCLOPS_WORLD_SIZE") and _SAGEMAKER_HOSTS.exists():
        return rank_of_hosts(json.loads(_SAGEMAKER_HOSTS.read_text(encoding="utf-8")))
    index = _whole_number("CYCLOPS_RANK", 0)
    world_size = _whole_number("CYCLOPS_WORLD_SIZE", 1)
    if index >= max(world_size, 1):
        raise InputError(f"CYCLOPS_RANK is {index}, but CYCLOPS_WORLD_SIZE is {world_size}: ranks count from 0 on")
    return Rank(index, world_size, os.environ.get("CYCLOPS_RENDEZVOUS") or None)


def rank_of_hosts(resources: dict[str, Any]) -> Rank:
    """Place of this instance among the `hosts` of SageMaker's `resourceconfig.json`; the first one is the rendezvous."""
    hosts = sorted(resources["hosts"])
    return Rank(hosts.index(resources["current_host"]), len(hosts), f"{hosts[0]}:{_RENDEZVOUS_PORT}" if len(hosts) > 1 else None)


def _whole_number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdigit():
        raise InputError(f"{name} is {text!r}: write a whole number")
    return int(text)


def read_secret(name: str, key: str) -> str:
    """One value of a named secret, from CYCLOPS_SECRETS_DIR/<name>/<key>; logs never show it from now on."""
    value = find_secret(name, key)
    if value is None:
        folder = os.environ.get("CYCLOPS_SECRETS_DIR") or DEFAULT_SECRETS_DIR
        raise InputError(f"secret {name!r} has no key {key!r}: {folder}/{name}/{key} cannot be read")
    return value


def find_secret(name: str, key: str) -> str | None:
    """Like `read_secret`, or None where there is no such value."""
    if "/" in name or name in ("", ".", ".."):
        raise InputError(f"secret name {name!r}: a name has no slashes and is no path")
    store = os.environ.get("CYCLOPS_SECRETS") or ""
    if store.startswith("secretsmanager:"):
        return _find_in_secrets_manager(store.removeprefix("secretsmanager:") + name, key)
    path = Path(os.environ.get("CYCLOPS_SECRETS_DIR") or DEFAULT_SECRETS_DIR) / name / key
    try:
        value = path.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    hide(value)
    return value


def _find_in_secrets_manager(secret: str, key: str) -> str | None:
    """A key of a secret of AWS Secrets Manager, whose value is a JSON object of texts; None where there is none."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    client = boto3.client("secretsmanager")
    try:
        values = json.loads(client.get_secret_value(SecretId=secret)["SecretString"])
    except client.exceptions.ResourceNotFoundException:
        return None
    except (BotoCoreError, ClientError, KeyError, ValueError) as error:
        raise InputError(f"secret {secret!r} cannot be read as a JSON object: {type(error).__name__}") from error
    value = values.get(key) if isinstance(values, dict) else None
    if value is None:
        return None
    hide(str(value))
    return str(value)
