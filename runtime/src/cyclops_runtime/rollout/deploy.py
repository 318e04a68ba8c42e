"""The `deploy` step: the registry protocol of the runtime contract, repeatable after it was killed anywhere."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from typing import Any

import httpx

from cyclops_runtime.config import rollout_outcome
from cyclops_runtime.document import ModelDocument, RolloutSpec, parse_duration
from cyclops_runtime.errors import RolledBack, RuntimeFailure
from cyclops_runtime.logging import get_logger
from cyclops_runtime.rollout.check import Sample, check_replicas, make_sample
from cyclops_runtime.rollout.gateway import KubernetesApi, Traffic
from cyclops_runtime.rollout.replicas import ChallengerCounts, Replicas, served_version
from cyclops_runtime.rollout.timing import Failed, NotNow, Timing
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import CHALLENGER, CHAMPION, OUTCOME_TAG, ROLLOUT_TAG, Registry

log = get_logger(__name__)

PROMOTED, ROLLED_BACK, ABANDONED, INTERRUPTED = "promoted", "rolled-back", "abandoned", "interrupted"
REASON_TAG = "cyclops.outcome-reason"
# States of the tag `cyclops.rollout`; scorers split traffic in `baking` only.
LOADING, BAKING, PROMOTING, ROLLING_BACK = "loading", "baking", "promoting", "rolling-back"
IN_PROGRESS = frozenset({LOADING, BAKING, PROMOTING, ROLLING_BACK})


def run(document: ModelDocument, run_id: str) -> dict[str, Any]:
    """Rolls the run's version out and returns `deploy.json`.

    Raises RolledBack when the version failed (the champion is what it was), RuntimeFailure when another rollout is in progress
    or the registry or the cluster does not answer; the same run may then be repeated.
    """
    outcome = rollout_outcome()
    if outcome is not None:
        with httpx.Client() as client:
            return Deployment(document, run_id, client).record(outcome)
    traffic = None
    if document.serving is not None and document.serving.gateway is not None:
        traffic = Traffic(document.serving.gateway, KubernetesApi.of_this_pod())
    with httpx.Client(timeout=15.0) as client:
        return Deployment(document, run_id, client, traffic).run()


class Deployment:
    """One rollout. `traffic` is the gateway, or None where the scorers split traffic themselves."""

    def __init__(
        self,
        document: ModelDocument,
        run_id: str,
        client: httpx.Client,
        traffic: Traffic | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._document, self._run_id, self._client, self._traffic = document, run_id, client, traffic
        self._timing = timing or Timing()
        self._registry, self._store = Registry(document), ZoneStore(document)
        self._spec = document.spec.endpoint.rollout if document.spec.endpoint is not None else RolloutSpec()
        self._bake_seconds = parse_duration(self._spec.bake)
        self._version = str(self._store.read_json(document.run_path("models", run_id, "register.json"))["version"])
        self._previous: str | None = None
        self._started_at = time.time()
        self._counts = ChallengerCounts(self._version)
        self._checked_replicas = 0

    def run(self) -> dict[str, Any]:
        """See the function of the same name."""
        tags = self._registry.version_tags(self._version)
        if tags.get(OUTCOME_TAG) == ROLLED_BACK:
            reason = tags.get(REASON_TAG, "it failed earlier")
            tag = self._read_tag()
            if str(tag.get("version")) == self._version and tag.get("state") in IN_PROGRESS:  # killed while it rolled back
                self._take_away()
                self._finish(ROLLED_BACK, reason)
            raise RolledBack(self._rolled_back_text(reason))
        self._take_over_or_refuse()
        try:
            self._roll_out()
        except Failed as failure:
            self._roll_back(str(failure))
            raise RolledBack(self._rolled_back_text(str(failure))) from failure
        except Exception as error:
            # The registry or the cluster failed, not the version: it may be deployed again, but gets no requests until then.
            self._retreat(error)
            raise
        return self._finish(PROMOTED, None)

    def record(self, outcome: str) -> dict[str, Any]:
        """Writes down what the platform itself has done with the version. Raises RolledBack where it has taken it back."""
        champion = self._registry.champion()
        self._previous = champion if champion != self._version else None
        if outcome == ROLLED_BACK:
            # The aliases are what they were: the platform serves what it served before.
            reason = "the platform has taken it back"
            self._registry.tag_version(self._version, REASON_TAG, reason)
            self._finish(ROLLED_BACK, reason)
            raise RolledBack(self._rolled_back_text(reason))
        self._registry.set_alias(CHAMPION, self._version)
        return self._finish(PROMOTED, None)

    def _roll_out(self) -> None:
        champion = self._registry.champion()
        if self._document.serving is None:
            self._registry.set_alias(CHAMPION, self._version)
            return
        sample = make_sample(self._document, self._registry, self._store, self._run_id, self._version)
        if champion is None or champion == self._version or self._spec.strategy == "all-at-once":
            self._promote(sample)
            return
        self._load_challenger()
        self._check(sample, self._challenger_replicas(), CHALLENGER)
        self._bake()
        self._promote(sample)

    # Beginning ---------------------------------------------------------------------------------------------------------------

    def _take_over_or_refuse(self) -> None:
        """Refuses while another run's rollout is in progress; takes over what such a run has left behind when it is overdue."""
        tag = self._read_tag()
        if tag.get("state") in IN_PROGRESS and str(tag.get("version")) != self._version:
            left = float(tag.get("expiresAt", 0)) - time.time()
            if left > 0:
                raise RuntimeFailure(
                    f"version {tag.get('version')} of run {tag.get('run')} is being rolled out ({tag.get('state')}): "
                    f"repeat this deployment when it is done, or in {math.ceil(left)} s at the latest"
                )
            log.warning("abandoned-rollout", version=tag.get("version"), run=tag.get("run"), state=tag.get("state"))
            self._registry.tag_version(str(tag["version"]), OUTCOME_TAG, ABANDONED)
            self._clear_traffic()
        if tag.get("run") == self._run_id and tag.get("previous"):
            self._previous = str(tag["previous"])  # a repetition: the champion may be this version already
        elif (champion := self._registry.champion()) != self._version:
            self._previous = champion
        self._write_tag(LOADING)
        if self._read_tag().get("run") != self._run_id:
            raise RuntimeFailure("another run began a rollout at the same moment: repeat this deployment")

    def _load_challenger(self) -> None:
        self._clear_traffic()
        self._registry.set_alias(CHALLENGER, self._version)
        if self._traffic is None:
            self._wait_for("the replicas to load the challenger", self._replicas(), CHALLENGER)
            return
        stable = max(len(self._replicas().addresses()), 1)
        canaries = max(1, math.ceil(stable * self._spec.percent / 100))
        self._traffic.scale_canary(canaries)
        self._wait_for("the canary replicas to load the challenger", self._challenger_replicas(), CHALLENGER, canaries)

    # Checking and watching ---------------------------------------------------------------------------------------------------

    def _check(self, sample: Sample, replicas: Replicas, role: str) -> None:
        """Has every replica predict the sample.

        One that has just reported the version can still be about to let go of it: its poll began before the alias was set. It is
        asked again, for as long as a replica may take to load a version.
        """

        def done() -> tuple[bool, str]:
            try:
                self._checked_replicas = check_replicas(self._client, replicas.addresses(), sample, self._version, role)
            except NotNow as reason:
                return False, str(reason)
            return self._checked_replicas > 0, "no replica is left"

        self._wait(f"the replicas to predict with version {self._version}", done)
        log.info("checked", version=self._version, role=role, rows=len(sample.expected), replicas=self._checked_replicas)

    def _bake(self) -> None:
        """Gives the version its share of requests and watches it. Raises Failed as soon as it fails too often."""
        replicas, counts, timing = self._challenger_replicas(), self._counts, self._timing
        counts.begin(replicas.metrics())
        self._write_tag(BAKING)
        if self._traffic is not None and self._spec.strategy == "shadow":
            self._traffic.mirror(self._spec.percent)
        elif self._traffic is not None:
            self._traffic.split(self._spec.percent)
        log.info(
            "baking",
            version=self._version,
            strategy=self._spec.strategy,
            percent=self._spec.percent,
            seconds=self._bake_seconds,
        )
        opened = last_answer = last_progress = time.monotonic()
        begun: float | None = None  # the bake time counts from when every replica splits
        pauses = timing.pauses()
        failing_since: dict[str, float] = {}
        while True:
            texts, statuses, now = replicas.metrics(), replicas.statuses(), time.monotonic()
            counts.add(texts)
            if texts:
                last_answer = now
            elif now - last_answer > timing.silence:
                raise Failed(f"no replica has answered for {timing.silence:g} s while version {self._version} was watched")
            if counts.failed >= 1 and counts.error_rate > self._spec.max_error_rate:
                raise Failed(
                    f"{counts.failed:g} of {counts.requests:g} requests failed ({counts.error_rate:.2%}), "
                    f"more than {self._spec.max_error_rate:.2%}"
                )
            self._raise_when_unloadable(statuses, failing_since)
            if begun is None and (self._traffic is not None or self._all_baking(statuses)):
                begun = now
            if begun is None and now - opened > timing.load:
                raise Failed(f"waited {timing.load:g} s for the replicas to begin the split")
            if begun is not None and now - begun >= self._bake_seconds:
                log.info("baked", version=self._version, requests=counts.requests, failed=counts.failed)
                return
            if now - last_progress >= timing.progress:
                last_progress = now
                baked = 0 if begun is None else round(now - begun)
                log.info("progress", baking=f"{baked}/{self._bake_seconds}s", requests=counts.requests, failed=counts.failed)
            # Until every replica splits, the bake time does not count.
            time.sleep(next(pauses) if begun is None else min(timing.watch, begun + self._bake_seconds - now))

    def _all_baking(self, statuses: dict[str, dict[str, Any] | None]) -> bool:
        return bool(statuses) and all(self._is_baking(status or {}) for status in statuses.values())

    def _is_baking(self, status: dict[str, Any]) -> bool:
        rollout = status.get("rollout") or {}
        splits = rollout.get("state") == BAKING and rollout.get("version") == self._version
        return splits and served_version(status, CHALLENGER) == self._version

    # Ends --------------------------------------------------------------------------------------------------------------------

    def _promote(self, sample: Sample) -> None:
        """Makes the version the champion everywhere before anything of the rollout is taken away: no request finds a gap."""
        self._write_tag(PROMOTING)
        self._registry.set_alias(CHAMPION, self._version)
        self._wait_for("the replicas to serve the new champion", self._replicas(), CHAMPION)
        if self._checked_replicas == 0:
            self._check(sample, self._replicas(), CHAMPION)
        self._take_challenger_away()

    def _roll_back(self, reason: str) -> None:
        log.error("rolling-back", version=self._version, reason=reason)
        self._registry.tag_version(self._version, REASON_TAG, reason[:4000])
        # Tagged first: when this is killed half-way, its repetition goes on taking the version away.
        self._registry.tag_version(self._version, OUTCOME_TAG, ROLLED_BACK)
        self._write_tag(ROLLING_BACK)
        self._take_away()
        self._finish(ROLLED_BACK, reason)

    def _retreat(self, error: Exception) -> None:
        log.error("interrupted", version=self._version, kind=type(error).__name__, reason=str(error)[:500])
        try:
            self._take_away()
            self._write_tag(INTERRUPTED)
        except Exception as second:  # what failed first is what the user must hear of
            log.error("not-taken-away", version=self._version, kind=type(second).__name__, reason=str(second)[:500])

    def _take_away(self) -> None:
        """Leaves nothing of the version to the scorers. Can be repeated."""
        tag = self._read_tag()
        if self._previous is None and str(tag.get("version")) == self._version and tag.get("previous"):
            self._previous = str(tag["previous"])
        if self._registry.champion() == self._version:
            if self._previous is not None:
                self._registry.set_alias(CHAMPION, self._previous)
            else:
                self._registry.delete_alias(CHAMPION)
        self._take_challenger_away()

    def _take_challenger_away(self) -> None:
        """Weights first, replicas last: the gateway must not send to replicas that are going."""
        if self._traffic is not None:
            self._traffic.split(0)
            time.sleep(self._timing.settle)
        if self._registry.challenger() == self._version:
            self._registry.delete_alias(CHALLENGER)
        if self._traffic is not None:
            self._traffic.scale_canary(0)

    def _clear_traffic(self) -> None:
        """No share for anybody before another version becomes challenger."""
        if self._traffic is not None:
            self._traffic.split(0)

    def _finish(self, outcome: str, reason: str | None) -> dict[str, Any]:
        self._registry.tag_version(self._version, OUTCOME_TAG, outcome)
        document = {
            "version": self._version,
            "outcome": outcome,
            "reason": reason,
            "strategy": self._spec.strategy,
            "percent": self._spec.percent,
            "bake": self._spec.bake,
            "previous": self._previous,
            "requests": int(self._counts.requests),
            "failed": int(self._counts.failed),
            "rejected": int(self._counts.rejected),
            "checkedReplicas": self._checked_replicas,
            "startedAt": self._started_at,
            "finishedAt": time.time(),
        }
        self._store.write_json(self._document.run_path("models", self._run_id, "deploy.json"), document)
        self._write_tag(outcome)  # last: until then a repetition finds the rollout in progress and writes the file again
        log.info("deployed", version=self._version, outcome=outcome, requests=document["requests"], failed=document["failed"])
        return document

    # Replicas ----------------------------------------------------------------------------------------------------------------

    def _replicas(self) -> Replicas:
        return Replicas(self._document.serving.pods, self._client)

    def _challenger_replicas(self) -> Replicas:
        gateway = self._document.serving.gateway
        if self._traffic is None or gateway is None:
            return self._replicas()
        pods = gateway.canary_pods
        return Replicas(pods if ":" in pods else f"{pods}:{gateway.port}", self._client)

    def _wait_for(self, what: str, replicas: Replicas, role: str, at_least: int = 1) -> None:
        """Waits until every replica (and so many) has the version in this role."""
        failing_since: dict[str, float] = {}

        def done() -> tuple[bool, str]:
            statuses = replicas.statuses()
            self._raise_when_unloadable(statuses, failing_since)
            have = sum(served_version(status, role) == self._version for status in statuses.values())
            return have == len(statuses) and have >= at_least, f"{have} of {max(len(statuses), at_least)} replicas"

        self._wait(what, done)

    def _raise_when_unloadable(self, statuses: dict[str, dict[str, Any] | None], failing_since: dict[str, float]) -> None:
        for address, status in statuses.items():
            message = ((status or {}).get("failures") or {}).get(self._version)
            if message is None:
                failing_since.pop(address, None)
            elif time.monotonic() - failing_since.setdefault(address, time.monotonic()) >= self._timing.load_failure:
                raise Failed(f"{address} cannot load version {self._version}: {message}")

    def _wait(self, what: str, done: Callable[[], tuple[bool, str]]) -> None:
        begun = last_progress = time.monotonic()
        for pause in self._timing.pauses():
            finished, progress = done()
            if finished:
                return
            now = time.monotonic()
            if now - begun > self._timing.load:
                raise Failed(f"waited {self._timing.load:g} s for {what}: {progress}")
            if now - last_progress >= self._timing.progress:
                last_progress = now
                log.info("progress", waiting_for=what, so_far=progress, seconds=round(now - begun))
            time.sleep(pause)

    # Tag ---------------------------------------------------------------------------------------------------------------------

    def _read_tag(self) -> dict[str, Any]:
        try:
            tag = json.loads(self._registry.model_tags().get(ROLLOUT_TAG) or "{}")
        except ValueError:
            return {}
        return tag if isinstance(tag, dict) else {}

    def _write_tag(self, state: str) -> None:
        self._registry.tag_model(
            ROLLOUT_TAG,
            json.dumps(
                {
                    "version": self._version,
                    "strategy": self._spec.strategy,
                    "percent": self._spec.percent,
                    "state": state,
                    "run": self._run_id,
                    "previous": self._previous,
                    "expiresAt": round(self._started_at + self._bake_seconds + 2 * self._timing.load),
                }
            ),
        )

    def _rolled_back_text(self, reason: str) -> str:
        return f"version {self._version} was rolled back: {reason}"
