"""Gateway mode: traffic is split by the weights of an HTTPRoute, and the canary's replicas exist only during a rollout.

The pod's ServiceAccount needs `get` and `patch` on that HTTPRoute and `patch` on the canary's `deployments/scale`, nothing else.
"""

from __future__ import annotations

import copy
import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from cyclops_runtime.document import Gateway
from cyclops_runtime.errors import InputError, RuntimeFailure

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
MERGE_PATCH = {"content-type": "application/merge-patch+json"}
CONFLICT_ATTEMPTS = 5


class KubernetesApi:
    """The few calls that a rollout makes. `token` is read anew for each call, because the kubelet rotates it."""

    def __init__(self, url: str, token_file: Path, verify: ssl.SSLContext | bool = True) -> None:
        self._token_file = token_file
        self._client = httpx.Client(base_url=url, verify=verify, timeout=30.0)

    @classmethod
    def of_this_pod(cls, environment: Mapping[str, str] = os.environ, folder: Path = SERVICE_ACCOUNT) -> KubernetesApi:
        """The API server of the cluster that this process runs in."""
        host, port = environment.get("KUBERNETES_SERVICE_HOST"), environment.get("KUBERNETES_SERVICE_PORT", "443")
        if not host or not (folder / "token").exists():
            raise InputError("serving.gateway: a rollout by gateway runs in a pod with a ServiceAccount token; this is none")
        address = f"[{host}]" if ":" in host else host
        return cls(f"https://{address}:{port}", folder / "token", ssl.create_default_context(cafile=str(folder / "ca.crt")))

    def get(self, path: str) -> dict[str, Any]:
        """One object."""
        return self._call("GET", path).json()

    def merge_patch(self, path: str, patch: dict[str, Any]) -> bool:
        """Changes one object; False when somebody else changed it since it was read."""
        return self._call("PATCH", path, patch).status_code != 409

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {self._token_file.read_text().strip()}", **(MERGE_PATCH if body else {})}
        try:
            response = self._client.request(method, path, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise RuntimeFailure(f"Kubernetes API: {method} {path} failed: {error}") from error
        if response.is_success or response.status_code == 409:
            return response
        message = (
            response.json().get("message", "") if "json" in response.headers.get("content-type", "") else response.text[:200]
        )
        hint = ": the step's ServiceAccount needs that permission" if response.status_code == 403 else ""
        raise RuntimeFailure(f"Kubernetes API: {method} {path} answered {response.status_code} {message}{hint}")


class Traffic:
    """Weights and copies of one route, and the number of canary replicas."""

    def __init__(self, gateway: Gateway, api: KubernetesApi) -> None:
        self._gateway, self._api = gateway, api

    def split(self, canary_percent: float) -> None:
        """Sends this share of requests to the canary, and copies to nobody."""
        self._change(canary_percent, None)

    def mirror(self, percent: float) -> None:
        """Sends every request to stable, and copies of this share to the canary."""
        self._change(0, percent)

    def scale_canary(self, replicas: int) -> None:
        """Sets the number of canary replicas through the Deployment's scale."""
        path = f"/apis/apps/v1/namespaces/{self._gateway.namespace}/deployments/{self._gateway.canary_deployment}/scale"
        if not self._api.merge_patch(path, {"spec": {"replicas": replicas}}):
            raise RuntimeFailure(f"Kubernetes API: {path} was changed by somebody else at the same time")

    def _change(self, canary_percent: float, mirror_percent: float | None) -> None:
        gateway = self._gateway
        path = f"/apis/gateway.networking.k8s.io/v1/namespaces/{gateway.namespace}/httproutes/{gateway.route}"
        for _ in range(CONFLICT_ATTEMPTS):
            route = self._api.get(path)
            rules = route["spec"].get("rules", [])
            changed = routed(rules, gateway, canary_percent, mirror_percent)
            if changed == rules:
                return
            # A merge patch replaces lists whole; the resource version makes sure that nobody's change is overwritten.
            patch = {"metadata": {"resourceVersion": route["metadata"]["resourceVersion"]}, "spec": {"rules": changed}}
            if self._api.merge_patch(path, patch):
                return
        raise RuntimeFailure(f"HTTPRoute {gateway.namespace}/{gateway.route} is changed all the time by somebody else")


def routed(
    rules: list[dict[str, Any]], gateway: Gateway, canary_percent: float, mirror_percent: float | None
) -> list[dict[str, Any]]:
    """The rules with these shares: only rules that send to the stable service change, and of them only weights and mirror."""
    changed = copy.deepcopy(rules)
    ours = [rule for rule in changed if _backend(rule, gateway.stable_service) is not None]
    if not ours:
        raise InputError(f"HTTPRoute {gateway.namespace}/{gateway.route} has no rule that sends to {gateway.stable_service}")
    canary_weight, total = _weights(canary_percent)
    for rule in ours:
        _backend(rule, gateway.stable_service)["weight"] = total - canary_weight
        canary = _backend(rule, gateway.canary_service)
        if canary is None and canary_weight > 0:
            canary = {"name": gateway.canary_service, "port": gateway.port}
            rule["backendRefs"].append(canary)
        if canary is not None:
            canary["weight"] = canary_weight
        filters = [f for f in rule.get("filters", []) if not _mirrors_to(f, gateway.canary_service)]
        if mirror_percent is not None:
            filters.append(_mirror(gateway, mirror_percent))
        if filters or "filters" in rule:
            rule["filters"] = filters
    return changed


def _weights(percent: float) -> tuple[int, int]:
    """Weight of the canary and sum of the weights: out of 100 for whole percents, else out of 1000."""
    return (int(percent), 100) if float(percent).is_integer() else (round(percent * 10), 1000)


def _mirror(gateway: Gateway, percent: float) -> dict[str, Any]:
    mirror: dict[str, Any] = {"backendRef": {"name": gateway.canary_service, "port": gateway.port}}
    if percent < 100:
        share, total = _weights(percent)
        mirror |= {"percent": share} if total == 100 else {"fraction": {"numerator": share, "denominator": total}}
    return {"type": "RequestMirror", "requestMirror": mirror}


def _backend(rule: dict[str, Any], service: str) -> dict[str, Any] | None:
    return next(
        (ref for ref in rule.get("backendRefs", []) if ref.get("name") == service and ref.get("kind", "Service") == "Service"),
        None,
    )


def _mirrors_to(rule_filter: dict[str, Any], service: str) -> bool:
    return rule_filter.get("type") == "RequestMirror" and rule_filter["requestMirror"]["backendRef"].get("name") == service
