"""What starts a training run, whatever the orchestrator; `launcher_of` knows which one a model document names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cyclops_runtime.document import ModelDocument, StepFunctionsOrchestration

# Names of workflows become labels of their pods.
MOST_CHARACTERS = 63
_DIGEST_CHARACTERS = 10


@dataclass(frozen=True)
class TrainingRun:
    """A run of the training pipeline. `trigger` and `report` (the monitor's run) are None where no trigger has started it."""

    name: str
    started: datetime
    active: bool
    trigger: str | None = None
    report: str | None = None


@dataclass(frozen=True)
class Request:
    """The run to start, and what is written on it: trigger, reason, KPI with its value, the monitor's run and the champion."""

    name: str
    trigger: str
    reason: str
    report: str
    kpi: str | None = None
    value: float | None = None
    champion: str | None = None


class Launcher(Protocol):
    """An orchestrator of one model's training.

    `start` must be atomic by name: of several calls with the same name, from several processes, one starts a run and the others
    answer that run, also after it ended, for as long as the orchestrator remembers it. Failures are RuntimeFailure.
    """

    template: str

    def runs(self) -> Sequence[TrainingRun]:
        """All active runs of the training, and those with a trigger that the orchestrator still remembers."""

    def start(self, request: Request) -> TrainingRun:
        """The run of the request's name: started now, or by an earlier call, which its `report` tells."""


def run_name(template: str, previous: str | None, champion: str | None) -> str:
    """Name of the run that follows the triggered run `previous`, at most 63 characters for a template of at most 52.

    Two monitors that know of the same previous run get the same name, so that the orchestrator refuses the second one: whatever
    their triggers, and also at the ends of a cooldown, where names made of the time would differ. Where no run is known the
    champion's version stands in, so that a lost memory does not repeat an old name, which is also the name of its files.
    """
    after = ["run", previous] if previous is not None else ["champion", champion]
    digest = hashlib.sha256(json.dumps([template, *after]).encode()).hexdigest()[:_DIGEST_CHARACTERS]
    return f"{template[: MOST_CHARACTERS - _DIGEST_CHARACTERS - 1]}-{digest}"


def launcher_of(document: ModelDocument) -> Launcher | None:
    """The launcher of the document's `orchestration`, or None where it names none."""
    if document.orchestration is None:
        return None
    if isinstance(document.orchestration, StepFunctionsOrchestration):
        from cyclops_runtime.retraining.step_functions import StepFunctionsLauncher

        return StepFunctionsLauncher(document.orchestration)
    from cyclops_runtime.retraining.argo import ArgoLauncher

    return ArgoLauncher(document.orchestration, document.model)
