"""Starts a training on Argo Workflows: a Workflow that refers to the training's WorkflowTemplate.

The pod's ServiceAccount needs `create`, `get` and `list` on `workflows` of its namespace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import httpx

from cyclops_runtime.document import ArgoOrchestration
from cyclops_runtime.errors import RuntimeFailure
from cyclops_runtime.platform.kubernetes import client_of_pod
from cyclops_runtime.platform.waiting import wait_for
from cyclops_runtime.retraining.launcher import Request, TrainingRun

COMPLETED = "workflows.argoproj.io/completed"
TEMPLATE = "workflows.argoproj.io/workflow-template"
RETRAINS, TRIGGER, MODEL = "cyclops.dev/retrains", "cyclops.dev/trigger", "cyclops.dev/model"
REASON, REPORT, CHAMPION = "cyclops.dev/reason", "cyclops.dev/report", "cyclops.dev/champion"
KPI, VALUE = "cyclops.dev/kpi", "cyclops.dev/kpi-value"
# Workflows carry all their templates and the state of every step: tens of kilobytes each, of which the metadata are enough.
_METADATA_ONLY = {"accept": "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json"}
_PAGE = 200
_LIMIT_SECONDS = 60.0


class ArgoLauncher:
    """Workflows of one WorkflowTemplate; `http` stands in for the API client of the pod."""

    def __init__(self, orchestration: ArgoOrchestration, model: str, http: httpx.Client | None = None) -> None:
        self.template = orchestration.template
        self._namespace, self._model = orchestration.namespace, model
        self._path = f"/apis/argoproj.io/v1alpha1/namespaces/{orchestration.namespace}/workflows"
        self._http = http or client_of_pod()

    def runs(self) -> list[TrainingRun]:
        """Active workflows of the template, whoever started them, and workflows that a trigger has started."""
        active = [
            _run_of(workflow["metadata"])
            for workflow in self._list(f"{COMPLETED}!=true", {})
            if ((workflow.get("spec") or {}).get("workflowTemplateRef") or {}).get("name") == self.template
        ]
        triggered = [_run_of(workflow["metadata"]) for workflow in self._list(f"{RETRAINS}={self.template}", _METADATA_ONLY)]
        return list({run.name: run for run in [*active, *triggered]}.values())

    def start(self, request: Request) -> TrainingRun:
        """Creates the workflow; where there is one of that name (409), answers that."""
        # A lost answer is no danger: the second attempt finds the workflow of the first one.
        answer = self._call(lambda: self._http.post(self._path, json=manifest(request, self.template, self._model)))
        if answer.status_code == 409:
            answer = self._call(lambda: self._http.get(f"{self._path}/{request.name}"))
            return _run_of(self._checked(answer, f"read Workflow {request.name}", "get")["metadata"])
        return _run_of(self._checked(answer, f"start Workflow {request.name}", "create")["metadata"])

    def _list(self, selector: str, headers: dict[str, str]) -> Iterator[dict[str, Any]]:
        position = None
        while True:
            parameters = {"labelSelector": selector, "limit": str(_PAGE), **({"continue": position} if position else {})}
            answer = self._call(lambda parameters=parameters: self._http.get(self._path, params=parameters, headers=headers))
            page = self._checked(answer, "list Workflows", "list")
            yield from page.get("items") or []
            position = (page.get("metadata") or {}).get("continue")
            if not position:
                return

    def _call(self, request: Callable[[], httpx.Response]) -> httpx.Response:
        def attempt() -> httpx.Response:
            answer = request()
            if answer.status_code >= 500 or answer.status_code == 429:
                raise httpx.TransportError(f"it answered {answer.status_code}")
            return answer

        return wait_for("the Kubernetes API", attempt, (httpx.TransportError,), limit_seconds=_LIMIT_SECONDS)

    def _checked(self, answer: httpx.Response, action: str, verb: str) -> dict[str, Any]:
        place = f"{action} in namespace {self._namespace}"
        if answer.status_code in (401, 403):
            raise RuntimeFailure(f"may not {place}: give the monitor's ServiceAccount `{verb}` on workflows.argoproj.io")
        if answer.status_code >= 400:
            raise RuntimeFailure(f"cannot {place}: the Kubernetes API answered {answer.status_code} {_message(answer)}")
        return answer.json()


def manifest(request: Request, template: str, model: str) -> dict[str, Any]:
    """The Workflow of a request. Labels are for finding it, annotations for reading why it runs."""
    annotations = {
        REASON: request.reason,
        REPORT: request.report,
        CHAMPION: request.champion,
        KPI: request.kpi,
        VALUE: None if request.value is None else f"{request.value:.6g}",
    }
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {
            "name": request.name,
            # TEMPLATE is what Argo's own tools set, and look for, on a workflow that they make of a template.
            "labels": {TEMPLATE: template, RETRAINS: template, TRIGGER: request.trigger, MODEL: model},
            "annotations": {name: value for name, value in annotations.items() if value is not None},
        },
        "spec": {"workflowTemplateRef": {"name": template}},
    }


def _run_of(metadata: dict[str, Any]) -> TrainingRun:
    labels, annotations = metadata.get("labels") or {}, metadata.get("annotations") or {}
    return TrainingRun(
        metadata["name"],
        datetime.fromisoformat(metadata["creationTimestamp"].replace("Z", "+00:00")),
        labels.get(COMPLETED) != "true",
        labels.get(TRIGGER),
        annotations.get(REPORT),
    )


def _message(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("message", ""))[:300]
    except ValueError:
        return answer.text[:200]
