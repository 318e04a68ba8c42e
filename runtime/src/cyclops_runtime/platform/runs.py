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
# https://github.com/argoproj/argo-workflows/blob/v3.7.3/workflow/controller/operator.go (inferFailedReason)
_ENDING = re.compile(r"main: [^(\n]*\(exit code \d+\): (.*)", re.DOTALL)
# What the runtime puts before its sentence: in its log, and in its termination message.
_MARK = re.compile(r"^(error: |\[final\] |\[may pass\] )")

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
        """Of each pipeline whose newest run that has ended has failed; runs that a person has stopped do not count."""
        ended: dict[tuple[str, str], list[Document]] = {}
        for metadata in self._client.metadata(f"{PIPELINE},{MODEL},{COMPLETED}=true"):
            ended.setdefault((metadata["labels"][MODEL], metadata["labels"][PIPELINE]), []).append(metadata)
        # A run that has ended changes no more: it is read once.
        explained: dict[str, Failure | None] = {}
        for runs in ended.values():
            for run in sorted(runs, key=_age, reverse=True):
                if run["labels"].get(PHASE) not in _FAILED:
                    break
                uid = run["uid"]
                explained[uid] = self._explained[uid] if uid in self._explained else self._explain(run)
                if explained[uid] is not None:
                    break
        self._explained = explained
        return tuple(failure for failure in explained.values() if failure is not None)

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
    """The sentence in a step's message.

    Argo puts how the container ended before the container's own words: what it left as its termination message, or the last
    lines of its log, of which the last one tells most.
    """
    ending = _ENDING.match(message)
    words = ending[1] if ending else message
    lines = [" ".join(line.split()) for line in words.splitlines() if line.strip()]
    return _MARK.sub("", lines[-1])[:_REASON_LENGTH] if lines else ""


def _age(metadata: Document) -> tuple[float, str]:
    return _seconds(metadata["creationTimestamp"]), metadata["name"]


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
