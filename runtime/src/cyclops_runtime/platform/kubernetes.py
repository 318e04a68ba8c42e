"""The little of the Kubernetes API that platform commands need: fill a Secret if nobody else has, list ConfigMaps and runs."""

import os
import ssl
from base64 import b64decode, b64encode
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import httpx

from cyclops_runtime.errors import InputError, RuntimeFailure

_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


class SecretChanged(Exception):
    """Somebody else has written the Secret since it was read."""


class SecretClient:
    """Secrets of one namespace, read and written with the pod's ServiceAccount."""

    def __init__(self, namespace: str, http: httpx.Client | None = None):
        self._path = f"/api/v1/namespaces/{namespace}/secrets"
        self._namespace = namespace
        self._http = http or client_of_pod()

    def read(self, name: str, mend: str = "deploy the stack first, which makes it empty") -> tuple[dict[str, str], str]:
        """Values by key, and the resourceVersion; InputError with the mend where there is no such Secret."""
        answer = self._http.get(f"{self._path}/{name}")
        if answer.status_code == 404:
            raise InputError(f"Secret {self._namespace}/{name} does not exist: {mend}")
        document = _checked(answer, f"read Secret {self._namespace}/{name}")
        # A Secret of somebody else's may hold a binary file beside what is looked for.
        values = {key: b64decode(value).decode(errors="replace") for key, value in (document.get("data") or {}).items()}
        return values, document["metadata"]["resourceVersion"]

    def write(self, name: str, values: dict[str, str], resource_version: str) -> None:
        """Sets values, if the Secret is still the one of `resource_version`; else SecretChanged."""
        patch = {
            "metadata": {"resourceVersion": resource_version},
            "data": {key: b64encode(value.encode()).decode() for key, value in values.items()},
        }
        answer = self._http.patch(f"{self._path}/{name}", json=patch, headers={"Content-Type": "application/merge-patch+json"})
        if answer.status_code == 409:
            raise SecretChanged(name)
        _checked(answer, f"fill Secret {self._namespace}/{name}")


class ConfigMapClient:
    """ConfigMaps of one namespace, read with the pod's ServiceAccount."""

    def __init__(self, namespace: str, http: httpx.Client | None = None):
        self._path = f"/api/v1/namespaces/{namespace}/configmaps"
        self._namespace = namespace
        self._http = http or client_of_pod()

    def list(self, label: str) -> list[dict[str, Any]]:
        """Those with the label `key=value`."""
        answer = self._http.get(self._path, params={"labelSelector": label})
        document = _checked(answer, f"list ConfigMaps of {self._namespace}", rights="`list` on configmaps")
        return document.get("items") or []


# Workflows carry all their templates and the state of every step: tens of kilobytes each, of which the metadata are enough.
_METADATA_ONLY = {"accept": "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json"}
_PAGE = "200"


class WorkflowClient:
    """Workflows and CronWorkflows of one namespace, read with the pod's ServiceAccount."""

    def __init__(self, namespace: str, http: httpx.Client | None = None):
        self._path = f"/apis/argoproj.io/v1alpha1/namespaces/{namespace}"
        self._namespace = namespace
        self._http = http or client_of_pod()

    def metadata(self, selector: str) -> Iterator[dict[str, Any]]:
        """Metadata of the workflows that a label selector finds."""
        for document in self._list("workflows", selector, _METADATA_ONLY):
            yield document["metadata"]

    def get(self, name: str) -> dict[str, Any] | None:
        """One workflow; None where it is gone."""
        answer = self._http.get(f"{self._path}/workflows/{name}")
        if answer.status_code == 404:
            return None
        return _checked(answer, f"read Workflow {self._namespace}/{name}", rights="`get` on workflows")

    def schedules(self, selector: str) -> Iterator[dict[str, Any]]:
        """The CronWorkflows that a label selector finds."""
        return self._list("cronworkflows", selector, {})

    def _list(self, kind: str, selector: str, headers: dict[str, str]) -> Iterator[dict[str, Any]]:
        position = None
        while True:
            parameters = {"labelSelector": selector, "limit": _PAGE, **({"continue": position} if position else {})}
            answer = self._http.get(f"{self._path}/{kind}", params=parameters, headers=headers)
            page = _checked(answer, f"list {kind} of {self._namespace}", rights=f"`list` on {kind}.argoproj.io")
            yield from page.get("items") or []
            position = (page.get("metadata") or {}).get("continue")
            if not position:
                return


def _checked(answer: httpx.Response, action: str, rights: str = "`get` and `patch` on it") -> dict[str, Any]:
    """The answer's document. The text of a failure never holds the request, whose body are the values."""
    if answer.status_code in (401, 403):
        raise RuntimeFailure(f"may not {action}: give this pod's ServiceAccount {rights}")
    if answer.status_code >= 400:
        raise RuntimeFailure(f"cannot {action}: the Kubernetes API answered {answer.status_code}")
    return answer.json()


class _AccountToken(httpx.Auth):
    """The token as it is at each request: the kubelet writes a new one before the old one ends, after an hour by default."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {(_ACCOUNT / 'token').read_text().strip()}"
        yield request


def client_of_pod() -> httpx.Client:
    """A client with address, certificate and token that Kubernetes gives every pod; InputError outside of a pod."""
    host, port = os.environ.get("KUBERNETES_SERVICE_HOST"), os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    token = _ACCOUNT / "token"
    if not host or not token.exists():
        raise InputError("this command runs inside of a Kubernetes pod with a ServiceAccount token: there is none here")
    address = f"[{host}]" if ":" in host else host
    return httpx.Client(
        base_url=f"https://{address}:{port}",
        verify=ssl.create_default_context(cafile=_ACCOUNT / "ca.crt"),
        auth=_AccountToken(),
        timeout=30,
        transport=None,
        trust_env=False,
    )
