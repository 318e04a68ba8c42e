"""What the environment says: every variable of the runtime contract is read here."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

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


def rank_of_environment() -> Rank:
    """Number of this instance and how many there are: CYCLOPS_RANK, CYCLOPS_WORLD_SIZE; alone when unset."""
    index = _whole_number("CYCLOPS_RANK", 0)
    world_size = _whole_number("CYCLOPS_WORLD_SIZE", 1)
    if index >= max(world_size, 1):
        raise InputError(f"CYCLOPS_RANK is {index}, but CYCLOPS_WORLD_SIZE is {world_size}: ranks count from 0 on")
    return Rank(index, world_size, os.environ.get("CYCLOPS_RENDEZVOUS") or None)


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
    path = Path(os.environ.get("CYCLOPS_SECRETS_DIR") or DEFAULT_SECRETS_DIR) / name / key
    try:
        value = path.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    hide(value)
    return value
