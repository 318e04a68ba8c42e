"""Runs of pipelines on Argo Workflows: which have failed and why, when schedules last ran, and what nobody has taken up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cyclops_runtime.platform.kubernetes import WorkflowClient

MODEL, PIPELINE = "cyclops.dev/model", "cyclops.dev/pipeline"
# Seconds; the spec's schedule is Argo's business, and how long it may be silent that of whoever wrote the spec.
INTERVAL = "cyclops.dev/longest-interval"
PHASE, COMPLETED = "workflows.argoproj.io/phase", "workflows.argoproj.io/completed"
_FAILED = ("Failed", "Error")
# A controller takes a workflow up within a second or two.
_PATIENCE_SECONDS = 120.0
_REASON_LENGTH = 300

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Failure:
    """The newest run of a pipeline that has ended, where it has failed."""

    model: str
    pipeline: str
    step: str
    """Empty where no step has failed, but the run as a whole."""
    exit_code: str
    """Empty where the step's program has not ended by itself."""
    run: str
    reason: str

    def labels(self) -> list[str]:
        """Values in the order of the metric's labels."""
        return [self.model, self.pipeline, self.step, self.exit_code, self.run, self.reason]


@dataclass(frozen=True)
class Schedule:
    """A schedule that is not suspended."""

    model: str
    pipeline: str
    interval: float
    last: float
    """When it last started a run or, if later, was made, changed or taken up again: it owes nothing for the time before."""


class RunWatcher:
    """Runs and schedules of one namespace: those with the labels that the library gives them."""

    def __init__(self, client: WorkflowClient):
        self._client = client
        self._explained: dict[str, Failure | None] = {}
        self._known: dict[tuple[str, str], Schedule] | None = None

    def failures(self) -> tuple[Failure, ...]:
        """Of each pipeline whose newest run that has ended has failed; a run that a person has stopped has not."""
        newest: dict[tuple[str, str], Document] = {}
        for metadata in self._client.metadata(f"{PIPELINE},{MODEL},{COMPLETED}=true"):
            key = (metadata["labels"][MODEL], metadata["labels"][PIPELINE])
            if key not in newest or _age(metadata) > _age(newest[key]):
                newest[key] = metadata
        failed = {run["uid"]: run for run in newest.values() if run["labels"].get(PHASE) in _FAILED}
        # A run that has ended changes no more: it is read once.
        self._explained = {
            uid: self._explained[uid] if uid in self._explained else self._explain(run) for uid, run in failed.items()
        }
        return tuple(failure for failure in self._explained.values() if failure is not None)

    def _explain(self, metadata: Document) -> Failure | None:
        document = self._client.get(metadata["name"])
        # Gone between the two looks, or stopped by a person: `argo stop`, `argo terminate`.
        if document is None or (document.get("spec") or {}).get("shutdown"):
            return None
        return failure_of(document)

    def schedules(self, now: float) -> tuple[Schedule, ...]:
        """Those that are not suspended and say how long they may be silent."""
        found: dict[tuple[str, str], Schedule] = {}
        for document in self._client.schedules(f"{PIPELINE},{MODEL}"):
            metadata, spec = document["metadata"], document.get("spec") or {}
            interval = (metadata.get("annotations") or {}).get(INTERVAL)
            if interval is None or spec.get("suspend"):
                continue
            key = (metadata["labels"][MODEL], metadata["labels"][PIPELINE])
            last = (document.get("status") or {}).get("lastScheduledTime") or metadata["creationTimestamp"]
            found[key] = self._owed(Schedule(*key, float(interval), _seconds(last)), now)
        self._known = found
        return tuple(found.values())

    def _owed(self, schedule: Schedule, now: float) -> Schedule:
        if self._known is None:
            return schedule
        before = self._known.get((schedule.model, schedule.pipeline))
        since = now if before is None or before.interval != schedule.interval else before.last
        return Schedule(schedule.model, schedule.pipeline, schedule.interval, max(schedule.last, since))

    def waiting(self, now: float) -> int:
        """Number of workflows, whoever made them, that have no phase although a controller had the time to give them one."""
        return sum(1 for metadata in self._client.metadata(f"!{PHASE}") if now - _age(metadata)[0] > _PATIENCE_SECONDS)


def failure_of(workflow: Document) -> Failure:
    """What a failed workflow says of its failure."""
    metadata, status = workflow["metadata"], workflow.get("status") or {}
    pods = [
        node
        for node in (status.get("nodes") or {}).values()
        if node.get("type") == "Pod" and node.get("phase") in _FAILED and node.get("finishedAt")
    ]
    # Of several attempts, or instances, the last one has decided.
    node = max(pods, key=lambda each: _seconds(each["finishedAt"]), default={})
    message = node.get("message") or status.get("message") or ""
    return Failure(
        metadata["labels"][MODEL],
        metadata["labels"][PIPELINE],
        node.get("templateName") or "",
        str((node.get("outputs") or {}).get("exitCode") or ""),
        metadata["name"],
        reason_in(message),
    )


def reason_in(message: str) -> str:
    """The sentence among a pod's last lines: the runtime's own, or else the first line, which is Argo's."""
    lines = [" ".join(line.split()) for line in message.splitlines() if line.strip()]
    own = [line.partition("error: ")[2] for line in lines if re.match(r"^(main: .*: )?error: ", line)]
    return (own[-1] if own else lines[0] if lines else "")[:_REASON_LENGTH]


def _age(metadata: Document) -> tuple[float, str]:
    return _seconds(metadata["creationTimestamp"]), metadata["name"]


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
