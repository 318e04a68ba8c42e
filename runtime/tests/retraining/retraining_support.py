"""A stand-in of the Kubernetes API that keeps Workflows and refuses what the real one would, and reports to decide on."""

import json
import re
import threading
from datetime import datetime, timedelta, timezone

import httpx

from cyclops_runtime.document import ArgoOrchestration
from cyclops_runtime.monitoring.kpis import THRESHOLDS
from cyclops_runtime.retraining.argo import ArgoLauncher

NOW = datetime(2026, 5, 6, 12, 30, tzinfo=timezone.utc)
TEMPLATE = "churn-model-churn-training-template"
PATH = "/apis/argoproj.io/v1alpha1/namespaces/churn-dev/workflows"
_NAME = re.compile(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
_LABEL = re.compile(r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$")


class FakeApi:
    """Workflows by name. `before(method)` is called ahead of every request; `fails` are statuses that the next requests get."""

    def __init__(self):
        self.workflows, self.requests, self.fails = {}, [], []
        self.now, self.forbidden = NOW, set()
        self.before = lambda method: None
        self._lock = threading.Lock()

    def __call__(self, request):
        self.before(request.method)
        with self._lock:
            self.requests.append((request.method, request.url.path))
            assert request.url.path.startswith(PATH)
            if request.method in self.forbidden:
                return httpx.Response(403, json={"message": "forbidden"})
            if self.fails:
                status = self.fails.pop(0)
                if status == "lost":  # it arrives, and the answer does not
                    self._create(json.loads(request.content))
                    raise httpx.ReadTimeout("timed out")
                return httpx.Response(status, json={"message": "not now"})
            if request.method == "POST":
                return self._create(json.loads(request.content))
            if request.url.path == PATH:
                return self._list(request)
            found = self.workflows.get(request.url.path.rpartition("/")[2])
            return httpx.Response(200, json=found) if found else httpx.Response(404, json={"message": "not found"})

    def _create(self, workflow):
        metadata = workflow["metadata"]
        problems = [
            *([] if workflow.get("kind") == "Workflow" and workflow.get("apiVersion") == "argoproj.io/v1alpha1" else ["kind"]),
            *([] if _NAME.match(metadata["name"]) and len(metadata["name"]) <= 63 else ["name"]),
            *(key for key, value in metadata["labels"].items() if not _LABEL.match(value) or len(value) > 63),
            *(key for key, value in metadata["annotations"].items() if not isinstance(value, str)),
        ]
        if problems:
            return httpx.Response(422, json={"message": f"invalid: {problems}"})
        if metadata["name"] in self.workflows:
            return httpx.Response(409, json={"reason": "AlreadyExists", "message": "already exists"})
        return httpx.Response(201, json=self.add(workflow))

    def add(self, workflow):
        workflow["metadata"]["creationTimestamp"] = self.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.workflows[workflow["metadata"]["name"]] = workflow
        return workflow

    def scheduled(self, name, template=TEMPLATE, completed=False):
        """A workflow as a CronWorkflow makes it: without our labels."""
        labels = {"workflows.argoproj.io/completed": "true"} if completed else {}
        spec = {"workflowTemplateRef": {"name": template}}
        self.add({"metadata": {"name": name, "labels": labels}, "spec": spec})

    def complete(self, name):
        self.workflows[name]["metadata"]["labels"]["workflows.argoproj.io/completed"] = "true"

    def _list(self, request):
        key, sign, value = re.match(r"^([^!=]+)(!?=)(.*)$", request.url.params["labelSelector"]).groups()
        has = [w for w in self.workflows.values() if (w["metadata"].get("labels", {}).get(key) == value) == (sign == "=")]
        start, size = int(request.url.params.get("continue", "0")), int(request.url.params["limit"])
        page = has[start : start + size]
        if "PartialObjectMetadataList" in request.headers["accept"]:
            page = [{"metadata": workflow["metadata"]} for workflow in page]
        position = {"continue": str(start + size)} if start + size < len(has) else {}
        return httpx.Response(200, json={"metadata": position, "items": page})

    def launcher(self):
        http = httpx.Client(transport=httpx.MockTransport(self), base_url="https://kubernetes")
        return ArgoLauncher(ArgoOrchestration(namespace="churn-dev", template=TEMPLATE), "churn", http)

    def triggered(self):
        return [w for w in self.workflows.values() if "cyclops.dev/trigger" in w["metadata"].get("labels", {})]


class FakeRegistry:
    """Tags of the versions, which all come from run `first`."""

    def __init__(self, tags=None):
        self.tags = {"cyclops.run-id": "first"} if tags is None else tags

    def version_tags(self, version):
        return self.tags


def entry(kpi, value=None, n=500, status=None):
    status = status or ("no-data" if value is None else "ok")
    bounds = {"warn": 0.1, "critical": 0.25}
    return {"id": kpi, "value": value, "judged": value, "n": n, "status": status, "reason": None, "unit": "", **bounds}


def make_report(run="m1", version="3", **changes):
    """A report of all KPIs without data, but for those of `changes`: id -> (value, n, status)."""
    kpis = [entry(kpi, *changes.get(kpi, ())) for kpi in THRESHOLDS]
    return {"run": run, "version": version, "kpis": kpis, "model": "churn", "stack": "churn", "environment": "dev"}


DRIFTED = {"feature_psi_max": (0.31, 500, "critical")}


def later(**time):
    return NOW + timedelta(**time)
