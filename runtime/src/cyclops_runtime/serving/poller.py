"""Follows the registry: loads what its aliases name, then puts it in place while requests go on."""

from __future__ import annotations

import gc
import json
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

from cyclops_runtime.logging import get_logger
from cyclops_runtime.serving.batching import Batcher
from cyclops_runtime.serving.loaded_model import LoadedModel
from cyclops_runtime.serving.routing import Rollout, Routing
from cyclops_runtime.serving.scorer import Scorer
from cyclops_runtime.tracking import ROLLOUT_TAG, load_model

log = get_logger(__name__)

FIRST_RETRY_SECONDS = 5.0
LAST_RETRY_SECONDS = 120.0
# What a version of the built-in templates needs; one with other libraries imports them when it is loaded.
_LIBRARIES = ("sklearn.compose", "sklearn.ensemble", "sklearn.linear_model", "skops.io")


class Aliases(Protocol):
    """The part of the registry that is polled."""

    def champion(self) -> str | None:
        """The version that is served."""

    def challenger(self) -> str | None:
        """The version that is being rolled out."""

    def model_tags(self) -> dict[str, str]:
        """Tags of the registered model."""

    def download(self, version: str, directory: str) -> str:
        """Path of a version's files below a directory."""


class Poller(threading.Thread):
    """Asks `registry` every `refresh_seconds`; `make_batcher` wraps a loaded version for prediction."""

    def __init__(
        self,
        scorer: Scorer,
        registry: Aliases,
        make_batcher: Callable[[LoadedModel], Batcher],
        refresh_seconds: float = 5.0,
        extras: tuple[str, ...] = (),
        cache_folder: str | None = None,
    ) -> None:
        super().__init__(name="registry-poller", daemon=True)
        self._scorer, self._registry, self._make_batcher = scorer, registry, make_batcher
        self._refresh_seconds, self._extras, self._cache_folder = refresh_seconds, extras, cache_folder
        self._stopped = threading.Event()
        self._failures: dict[str, str] = {}
        self._retry: dict[str, tuple[float, float]] = {}
        self._registry_error: str | None = None
        self._answered_at: float | None = None
        self._ready = False

    def run(self) -> None:
        """Polls until `stop`."""
        while not self._stopped.is_set():
            self.poll()
            self._stopped.wait(self._refresh_seconds)

    def stop(self) -> None:
        """Ends the thread after the poll under way."""
        self._stopped.set()

    @property
    def ready(self) -> bool:
        """Whether the registry has answered once, and what it named then was loaded. Stays true: old versions go on serving."""
        return self._ready

    def status(self) -> dict[str, Any]:
        """The document of `GET /status`. Times are seconds since 1970."""
        routing = self._scorer.routing
        rollout = routing.rollout
        return {
            "model": self._scorer.model,
            "role": self._scorer.role,
            "ready": self._ready and not self._scorer.draining,
            "draining": self._scorer.draining,
            "bootstrap": routing.champion is None and routing.challenger is None,
            "champion": _described(routing.champion),
            "challenger": _described(routing.challenger),
            "rollout": None
            if rollout is None
            else {
                "version": rollout.version,
                "strategy": rollout.strategy,
                "percent": rollout.percent,
                "state": rollout.state,
            },
            "failures": dict(self._failures),
            "registry": {"error": self._registry_error, "answeredAt": self._answered_at},
        }

    def poll(self) -> None:
        """Asks once, loads what is new and swaps. Never raises: whatever happens, the old versions go on."""
        try:
            # The challenger first: a version that is promoted meanwhile is then seen in one role or both, never in none.
            challenger = self._registry.challenger()
            champion = self._registry.champion()
            rollout = parse_rollout(self._registry.model_tags().get(ROLLOUT_TAG))
        except Exception as error:
            self._registry_lost(error)
            return
        self._registry_found()
        # Before anything is served: whoever sees the new champion in the status must not see an old one's failure beside it.
        self._forget_failures({champion, challenger})
        try:
            self._follow(champion, challenger, rollout)
        except Exception as error:
            log.error("poll-failed", kind=type(error).__name__, reason=str(error)[:500])

    def _follow(self, champion: str | None, challenger: str | None, rollout: Rollout | None) -> None:
        """Brings the routing to what the registry names. A version that cannot be loaded leaves its predecessor in place."""
        if self._scorer.role == "canary":
            self._follow_as_canary(challenger or champion, challenger is not None, rollout)
            named = challenger or champion
        else:
            self._follow_as_stable(champion, challenger if self._scorer.role == "all" else None, rollout)
            named = champion
        if not self._ready and (named is None or self._scorer.routing.of_version(named) is not None):
            self._ready = True
            log.info("ready", model=self._scorer.model, bootstrap=named is None)
            if named is None:
                _import_ahead()

    def _follow_as_stable(self, champion: str | None, challenger: str | None, rollout: Rollout | None) -> None:
        old = self._scorer.routing
        new_champion = None if champion is None else self._get(champion) or old.champion
        kept = old.challenger if old.challenger is not None and old.challenger.model.version == challenger else None
        self._swap(Routing(new_champion, kept, rollout))  # before the challenger is loaded: a champion does not wait for it
        if challenger is not None and kept is None:
            self._swap(Routing(new_champion, self._get(challenger), rollout))

    def _follow_as_canary(self, version: str | None, is_challenger: bool, rollout: Rollout | None) -> None:
        """Serves one version: the challenger, else (so that a request that still arrives is answered) the champion."""
        old = self._scorer.routing
        if version is None:
            self._swap(Routing(rollout=rollout, canary_only=True))
            return
        batcher = self._get(version)
        if batcher is None:
            self._swap(Routing(old.champion, old.challenger, rollout, canary_only=True))
        elif is_challenger:
            self._swap(Routing(None, batcher, rollout, canary_only=True))
        else:
            self._swap(Routing(batcher, None, rollout, canary_only=True))

    def _get(self, version: str) -> Batcher | None:
        """The version, from memory or loaded now; None when it cannot be loaded."""
        present = self._scorer.routing.of_version(version)
        if present is not None:
            return present
        delay, next_try = self._retry.get(version, (0.0, 0.0))
        if time.monotonic() < next_try:
            return None
        try:
            batcher = self._make_batcher(self._load(version))
        except Exception as error:
            delay = min(max(delay * 2, FIRST_RETRY_SECONDS), LAST_RETRY_SECONDS)
            self._retry[version] = (delay, time.monotonic() + delay)
            self._failures[version] = f"{type(error).__name__}: {str(error)[:500]}"
            self._scorer.metrics.load_failures.inc()
            log.error(
                "version-not-loaded",
                model=self._scorer.model,
                version=version,
                kind=type(error).__name__,
                reason=str(error)[:500],
            )
            return None
        self._failures.pop(version, None)
        self._retry.pop(version, None)
        return batcher

    def _load(self, version: str) -> LoadedModel:
        started = time.monotonic()
        folder = tempfile.mkdtemp(prefix=f"{self._scorer.model}-{version}-", dir=self._cache_folder)
        try:
            loaded = LoadedModel(version, load_model(self._registry.download(version, folder)), self._extras, folder)
            loaded.warm_up()
            _freeze_libraries()
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        log.info("version-loaded", model=self._scorer.model, version=version, seconds=round(time.monotonic() - started, 3))
        return loaded

    def _swap(self, routing: Routing) -> None:
        if routing == self._scorer.routing:
            return
        for batcher in (routing.champion, routing.challenger):
            if batcher is not None:
                self._scorer.metrics.announce(batcher.model.version)
        if routing.challenger is not None:
            self._scorer.metrics.announce_challenger(routing.challenger.model.version)
        before = self._scorer.served()
        self._scorer.routing = routing
        if self._scorer.served() != before:
            log.info(
                "serving",
                model=self._scorer.model,
                champion=_version(routing.champion),
                challenger=_version(routing.challenger),
            )

    def _forget_failures(self, wanted: set[str | None]) -> None:
        for version in set(self._failures) - wanted:
            del self._failures[version]
            self._retry.pop(version, None)

    def _registry_lost(self, error: Exception) -> None:
        text = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        if self._registry_error is None:
            log.warning("registry-lost", reason=text)
        self._registry_error = text
        self._scorer.metrics.registry_up.set(0)

    def _registry_found(self) -> None:
        if self._registry_error is not None:
            log.info("registry-found-again")
        self._registry_error = None
        self._answered_at = time.time()
        self._scorer.metrics.registry_up.set(1)


def _import_ahead() -> None:
    """Uses the time until there is a first version, which waits for its own files alone then: imports are most of a loading."""
    for name in _LIBRARIES:
        try:
            import_module(name)
        except Exception as error:
            log.info("not-imported-ahead", module=name, reason=str(error)[:200])


def _freeze_libraries() -> None:
    """Has Python's garbage collector pass over what lives on anyway, once a first version and its libraries are loaded.

    They are hundreds of thousands of objects. Looking through them whenever many requests were kept for a while, as captured ones
    are, stops all threads for a fifth of a second. Later versions are collected as ever; the first one's reference cycles never.
    """
    if gc.get_freeze_count() == 0:
        gc.collect()
        gc.freeze()


def parse_rollout(text: str | None) -> Rollout | None:
    """The rollout in the tag's JSON; None where there is none, or nothing readable."""
    if not text:
        return None
    try:
        tag = json.loads(text)
        return Rollout(str(tag["version"]), str(tag["strategy"]), float(tag["percent"]), str(tag["state"]))
    except (ValueError, KeyError, TypeError):
        log.warning("rollout-tag-unreadable", text=text[:200])
        return None


def _version(batcher: Batcher | None) -> str | None:
    return None if batcher is None else batcher.model.version


def _described(batcher: Batcher | None) -> dict[str, Any] | None:
    return None if batcher is None else {"version": batcher.model.version, "loadedAt": batcher.model.loaded_at}
