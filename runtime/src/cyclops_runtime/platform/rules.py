"""rules: keeps a folder of a server beside it equal to labelled ConfigMaps: rules of Prometheus, dashboards of Grafana.

Prometheus refuses all of its configuration for one broken rule file, and does not even start with one. So a new file is on
trial until the server has loaded it: what the server refuses is taken out again, alone, and an earlier version of it stays.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx
from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server

from cyclops_runtime.config import read_secret
from cyclops_runtime.errors import InputError, RuntimeFailure
from cyclops_runtime.logging import get_logger
from cyclops_runtime.platform.kubernetes import ConfigMapClient
from cyclops_runtime.platform.waiting import until_signal

log = get_logger(__name__)

# What is written under this ending is not read by anybody: neither `*.yaml` nor `*.json` finds it.
_PART = ".part"
# Seconds between two looks until the first good pass.
_FIRST_INTERVAL = 1.0
_VERSION_OF = "cyclops.dev/version-of"
_NAME = re.compile(r"^[a-z0-9][a-z0-9.-]*$")
_KEY = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9._-]*$")

Files = Mapping[str, str]


class Unreachable(Exception):
    """The server does not answer: nothing is known about the files."""


class Folder:
    """A folder that this process alone writes; a file is there whole or not at all."""

    def __init__(self, directory: Path):
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)

    def replace(self, files: Files) -> None:
        """Makes the folder hold these files and no others."""
        for path in self._directory.iterdir():
            if path.is_file() and path.name not in files:
                path.unlink()
        for name, text in files.items():
            path = self._directory / name
            if path.exists() and path.read_text() == text:
                continue
            part = path.with_name(name + _PART)
            part.write_text(text)
            os.replace(part, path)


class Keeper:
    """Decides which of the wanted files the folder holds. `reload` answers whether the server took the folder as it is."""

    def __init__(self, folder: Folder, reload: Callable[[], bool], registry: CollectorRegistry | None = None):
        self._folder, self._reload = folder, reload
        self._accepted: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._started = False
        self.registry = registry or CollectorRegistry()
        self._files = Gauge("cyclops_rules_files", "Files that the server has loaded.", registry=self.registry)
        self._broken = Gauge(
            "cyclops_rules_refused", "1 for each file that the server refused.", ["configmap", "file"], registry=self.registry
        )
        self._failures = Counter("cyclops_rules_failures", "Passes that could not be made.", ["reason"], registry=self.registry)
        for reason in ("kubernetes", "reload"):
            self._failures.labels(reason)

    def keep(self, wanted: Files) -> None:
        """One pass. Raises Unreachable, with the folder as the server last took it, where the server does not answer."""
        refused = {name: text for name, text in self._refused.items() if wanted.get(name) == text}
        changed = {name: text for name, text in wanted.items() if self._accepted.get(name) != text and refused.get(name) != text}
        gone = self._accepted.keys() - wanted.keys()
        if self._started and not changed and not gone and len(refused) == len(self._refused):
            return
        base = {name: text for name, text in self._accepted.items() if name in wanted}
        try:
            taken, broken = self._add(base, changed)
            # Where the server refuses the good ones too, the fault is elsewhere, e.g. in its own configuration.
            if broken and not self._try(taken):
                raise Unreachable("the server refuses its configuration, and the files are not the reason: see its log")
        except Unreachable:
            self._folder.replace(self._accepted)
            raise
        for name in broken:
            log.error("rules-refused", file=name, mend="correct this ConfigMap; its last good version stays in force")
        log.info("rules-loaded", files=len(taken), changed=len(changed) - len(broken), gone=len(gone))
        self._accepted, self._refused, self._started = taken, {**refused, **broken}, True
        self._show()

    def _add(self, base: dict[str, str], files: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """What the server takes of `files` on top of `base`, and what it refuses: found by halves, since most are good."""
        together = {**base, **files}
        if self._try(together):
            return together, {}
        if len(files) <= 1:
            return base, files
        names = list(files)
        middle = len(names) // 2
        taken, broken = self._add(base, {name: files[name] for name in names[:middle]})
        taken, others = self._add(taken, {name: files[name] for name in names[middle:]})
        return taken, {**broken, **others}

    def _try(self, files: Files) -> bool:
        self._folder.replace(files)
        return self._reload()

    def _show(self) -> None:
        self._files.set(len(self._accepted))
        self._broken.clear()
        for name in self._refused:
            configmap, _, file = name.partition("_")
            self._broken.labels(configmap, file).set(1)

    def count_failure(self, reason: str) -> None:
        """Counts a pass that was not made: `kubernetes` or `reload` did not answer."""
        self._failures.labels(reason).inc()


def files_of(configmaps: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """File names and texts: `<ConfigMap>_<key>`, so that no ConfigMap can replace another's file.

    An underscore is allowed in keys, and in no name of a ConfigMap. Of a ConfigMap that is named by a hash of what it holds
    the newest version counts, and its file keeps its name: Prometheus then goes on counting how long an alert has been pending.
    """
    files = {}
    versions = {_name_without_hash(configmap): configmap for configmap in sorted(configmaps, key=_age)}
    for name, configmap in versions.items():
        for key, text in (configmap.get("data") or {}).items():
            if _NAME.match(name) and _KEY.match(key):
                files[f"{name}_{key}"] = text
            else:
                log.warning("rules-ignored", configmap=name, key=key, reason="its name is no name of a file")
    return files


def _age(configmap: Mapping[str, Any]) -> tuple[str, str]:
    metadata = configmap["metadata"]
    return metadata.get("creationTimestamp") or "", metadata["name"]


def _name_without_hash(configmap: Mapping[str, Any]) -> str:
    metadata = configmap["metadata"]
    name, base = metadata["name"], (metadata.get("annotations") or {}).get(_VERSION_OF)
    return base if base and re.fullmatch(re.escape(base) + "-[0-9a-f]{8}", name) else name


def reload_by(address: str | None, http: httpx.Client, secret: str | None = None) -> Callable[[], bool]:
    """Asks a server to load its files anew; without an address, a server that looks for itself takes everything.

    The named secret has `username` and `password`, which may change while this runs.
    """

    def ask() -> bool:
        if address is None:
            return True
        try:
            login = (read_secret(secret, "username"), read_secret(secret, "password")) if secret else None
            answer = http.post(address, auth=login)
        except httpx.HTTPError as error:
            raise Unreachable(f"{address}: {error}") from error
        if answer.status_code == 200:
            return True
        log.warning("reload-refused", status=answer.status_code, answer=answer.text[:500].strip())
        # 503 while it still starts, 403 without --web.enable-lifecycle, 401 with a wrong password: nothing about the files.
        if answer.status_code != 500:
            raise Unreachable(f"{address} answered {answer.status_code}")
        return False

    return ask


def run(
    *,
    namespace: str,
    label: str,
    directory: str,
    reload: str | None,
    reload_secret: str | None = None,
    port: int,
    interval: float,
    client: ConfigMapClient | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Keeps the folder until it is told to stop. Serves its metrics at `port` from the first good pass on.

    Errors: InputError for a label without a value, or outside of a pod.
    """
    if not re.match(r"^[^=\s]+=[^=\s]+$", label):
        raise InputError(f"--label is {label!r}: give a key and a value, e.g. cyclops.dev/prometheus-rules=true")
    stop = stop or until_signal()
    client = client or ConfigMapClient(namespace)
    with httpx.Client(timeout=30, trust_env=False) as http:
        keeper = Keeper(Folder(Path(directory)), reload_by(reload, http, reload_secret))
        serving = False
        while not stop.is_set():
            if _one_pass(keeper, client, label) and not serving:
                start_http_server(port, registry=keeper.registry)
                serving = True
            # The server beside it is starting, too: whoever waits for both shall not wait for a whole interval besides.
            stop.wait(interval if serving else min(interval, _FIRST_INTERVAL))


def _one_pass(keeper: Keeper, client: ConfigMapClient, label: str) -> bool:
    """Whether the pass was made; what does not answer now may answer at the next one."""
    try:
        keeper.keep(files_of(client.list(label)))
        return True
    except Unreachable as error:
        keeper.count_failure("reload")
        log.warning("server-unreachable", reason=" ".join(str(error).split())[:300])
    except (httpx.HTTPError, RuntimeFailure) as error:
        keeper.count_failure("kubernetes")
        log.warning("configmaps-unreadable", reason=" ".join(str(error).split())[:300])
    return False
