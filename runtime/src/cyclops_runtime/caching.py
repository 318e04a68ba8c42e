"""Takes the files of an earlier run over when a step's inputs, configuration and code are the same.

An entry is `<zone>/<model>/cache/<step>/<key>.json`: the run that did the work, and its result document. The zone is that
of the step's own files, as a step may write no other.
"""

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import msgspec

from cyclops_runtime import __version__
from cyclops_runtime.document import ModelDocument
from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger
from cyclops_runtime.storage import ZoneStore

log = get_logger(__name__)


@dataclass(frozen=True)
class StepPlan:
    """What a step's outputs depend on, and where they are.

    `inputs` and `outputs` are zone paths of this run; `configuration` is any JSON value. `extras` are outputs that a step of the
    user's need not write.
    """

    inputs: list[str]
    outputs: list[str]
    configuration: dict[str, Any] = field(default_factory=dict)
    extras: list[str] = field(default_factory=list)


class StepCache:
    """The cache entry that belongs to one step with its present inputs."""

    def __init__(self, document: ModelDocument, step: str, plan: StepPlan):
        self._document = document
        self._step = step
        self._plan = plan
        self._store = ZoneStore(document)
        self._key = self._make_key()
        zone = plan.outputs[0].partition("/")[0]
        self._entry = f"{zone}/{document.model}/cache/{step}/{self._key}.json"

    def take_over(self, run_id: str) -> dict[str, Any] | None:
        """Copies the earlier run's files into this run and returns its result document; None without a hit."""
        if not self._store.exists(self._entry):
            return None
        entry = self._store.read_json(self._entry)
        sources = [path.replace(f"/runs/{run_id}/", f"/runs/{entry['runId']}/") for path in self._plan.outputs]
        try:
            checksums = [self._store.checksum(source) for source in sources]
        except InputError:
            return self._miss("files-gone", entry["runId"])
        if checksums != entry["checksums"]:
            # A run id was used again with other inputs: its files are no longer those of this entry.
            return self._miss("files-changed", entry["runId"])
        for source, target in zip(sources, self._plan.outputs, strict=True):
            if source != target:
                self._store.copy(source, target)
        for target in self._plan.extras:
            source = target.replace(f"/runs/{run_id}/", f"/runs/{entry['runId']}/")
            if source != target and self._store.exists(source):
                self._store.copy(source, target)
        log.info("cache-hit", step=self._step, taken_from_run=entry["runId"], key=self._key[:12])
        return {**entry["result"], "cachedFrom": entry["runId"]}

    def remember(self, run_id: str, result: dict[str, Any]) -> None:
        """Notes this run as the one to take files from."""
        checksums = [self._store.checksum(path) for path in self._plan.outputs]
        self._store.write_json(self._entry, {"runId": run_id, "checksums": checksums, "result": result})

    def _miss(self, reason: str, run_id: str) -> None:
        log.info("cache-miss", step=self._step, reason=reason, run=run_id)

    def _make_key(self) -> str:
        step = msgspec.to_builtins(self._document.step(self._step))
        parts = {
            "step": self._step,
            "runtime": __version__,
            # Two images may hold different code under one version number of this package.
            "image": [step["image"], os.environ.get("CYCLOPS_IMAGE")],
            "code": [step["entrypoint"], step["environment"]],
            "inputs": [self._store.checksum(path) for path in self._plan.inputs],
            "configuration": self._plan.configuration,
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
